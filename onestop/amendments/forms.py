"""What the three steps ask: what is wrong and what is right, a signature on what was read, a reason to give up."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onestop import amendments, entries, questions, slips
from onestop.amendments import inverse, letter
from onestop.models import Amendment, Slip
from onestop.step_forms import StepForm, written
from projects.ledger import LedgerRefused
from zones.allocation import PlotTaken

GROUNDS = [choice for choice in Slip.Ground.choices if choice[0]]
# Pairs of wrong and right words that one amendment may carry.
MOST_LINES = 4
LONGEST_LINE = 600


class Sight:
    """What would change, line by line, and the letter that would say it, or why it cannot be."""

    def __init__(self, row: Amendment, *, on):
        self.row, self.lines, self.draft, self.refusal = row, [], None, ""
        try:
            self.lines, self.draft = inverse.preview(row, on=on), letter.draft(row, on=on)
        except (LedgerRefused, PlotTaken) as refused:
            self.refusal = str(refused)


class DraftForm(StepForm):
    """The answers that the register keeps, filled with what stands, and free lines for all else that is printed."""

    PARTS = "admin/onestop/amendment/_draft.html"
    PREVIEW = "preview"

    kind = forms.ChoiceField(
        label=gettext_lazy("Việc cần làm"), widget=forms.RadioSelect, choices=Amendment.Kind.choices,
        error_messages={"required": gettext_lazy("Chọn đính chính hoặc thu hồi.")},
    )  # fmt: skip
    ground = forms.ChoiceField(
        label=gettext_lazy("Loại lý do"), choices=[("", "\N{EM DASH}"), *GROUNDS],
        help_text=gettext_lazy("Ai xác thực giấy cũng đọc được loại lý do này."),
    )  # fmt: skip
    reason = written(
        gettext_lazy("Lý do, căn cứ"), help_text=gettext_lazy("Ghi trên giấy và trong thư gửi người nộp.")
    )

    def prepare(self):
        self.on = timezone.localdate(self.at)
        self.answers = inverse.standing_answers(self.dossier)
        self.put = {f"to-{key}": question for key, question in self._questions()}
        setting = questions.Setting(self.dossier, self.on)
        for name, question in self.put.items():
            field = questions.build(question, setting)
            field.required, field.help_text = False, ""
            self.fields[name] = field
            kept = self.answers.get(question.key)
            self.initial[name] = None if kept is None else field.recall(kept)
        self.ASKED = tuple(self.put)
        for number in range(1, MOST_LINES + 1):
            for part, label in (("wrong", _("Đã ghi")), ("right", _("Ghi đúng là"))):
                self.fields[f"{part}-{number}"] = entries.TextEntry(
                    label=label, required=False, max_length=LONGEST_LINE, rows=2
                )

    def _questions(self):
        shape, keys = questions.definition(self.dossier), inverse.correctable(self.dossier)
        asked = shape.questions() if shape else {}
        return [(key, asked[key]) for key in keys if key in asked]

    # Parts of the page
    @property
    def heads(self):
        return [self[name] for name in ("kind", "ground", "reason")]

    @property
    def answers_put(self):
        return [self[name] for name in self.put]

    @property
    def pairs(self):
        return [(self[f"wrong-{n}"], self[f"right-{n}"]) for n in range(1, MOST_LINES + 1)]

    @cached_property
    def paper(self):
        return slips.standing_result(self.dossier)

    # What was typed
    def clean(self):
        cleaned = super().clean()
        if self.errors or cleaned.get("kind") != Amendment.Kind.CORRECT:
            return cleaned
        for number in range(1, MOST_LINES + 1):
            wrong, right = cleaned.get(f"wrong-{number}"), cleaned.get(f"right-{number}")
            if bool(wrong) != bool(right):
                self.add_error(f"{'right' if wrong else 'wrong'}-{number}", _("Ghi cả dòng sai và dòng đúng."))
        for name, question in self.put.items():
            if question.required is True and cleaned.get(name) in (None, ""):
                self.add_error(name, questions.REQUIRED)
        if not self.errors and not self.values:
            raise forms.ValidationError(_("Chưa sửa nội dung nào."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What is to stand, by key; only what differs from what stands."""
        if self.cleaned_data.get("kind") != Amendment.Kind.CORRECT:
            return {}
        found: dict[str, Any] = {}
        for name, question in self.put.items():
            kept, before = self.fields[name].keep(self.cleaned_data.get(name)), self.answers.get(question.key)
            if (kept or None) != (before or None) and not _are_equal(kept, before):
                found[question.key] = kept
        lines = [[self.cleaned_data[f"{part}-{n}"] for part in ("wrong", "right")] for n in range(1, MOST_LINES + 1)]
        if told := [line for line in lines if all(line)]:
            found[inverse.LINES] = told
        return found

    def is_valid(self):
        """Sound; but what is only looked at is not taken yet."""
        return super().is_valid() and not self.is_only_shown

    @property
    def is_only_shown(self) -> bool:
        return self.data.get("go") == self.PREVIEW

    @cached_property
    def sight(self) -> Sight | None:
        """Once something sound is typed: what the signature would change."""
        if not self.is_bound or self.has_faults:
            return None
        row = Amendment(
            dossier=self.dossier, values=self.values, drafted_at=self.at, is_sample=self.dossier.is_sample,
            **{name: self.cleaned_data[name] for name in ("kind", "ground", "reason")},
        )  # fmt: skip
        return Sight(row, on=self.on)

    @property
    def has_faults(self) -> bool:
        return any(name != NON_FIELD_ERRORS for name in self.errors) or bool(self.errors) and not self.is_refused

    def details(self):
        return {**{name: self.cleaned_data[name] for name in ("kind", "ground", "reason")}, "values": self.values}


def _are_equal(kept: Any, before: Any) -> bool:
    """A number written in another way is the same number."""
    try:
        return Decimal(str(kept)) == Decimal(str(before))
    except ArithmeticError:
        return str(kept) == str(before)


class OpenForm(StepForm):
    """A step on the draft that waits."""

    PARTS = "admin/onestop/amendment/_open.html"

    @cached_property
    def row(self) -> Amendment | None:
        return amendments.open_of(self.dossier)

    @cached_property
    def sight(self) -> Sight | None:
        return Sight(self.row, on=timezone.localdate(self.at)) if self.row else None


class SignForm(OpenForm):
    """Remembers what its reader saw of the register."""

    mark = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def prepare(self):
        if self.row and self.sight and not self.sight.refusal:
            self.initial["mark"] = amendments.mark(self.row, on=timezone.localdate(self.at))

    @property
    def is_own(self) -> bool:
        return bool(self.row) and self.row.drafted_by_id == self.by.pk

    def details(self):
        return {"seen": self.cleaned_data["mark"]}

    def refuse(self, sentence):
        """What is shown now is what will have been seen when the button is pressed again."""
        super().refuse(sentence)
        self.data = self.data.copy()
        self.data["mark"] = self.initial.get("mark", "")


class DropForm(OpenForm):
    note = written(gettext_lazy("Lý do bỏ dự thảo"), rows=3)


FORMS: dict[str, type[StepForm]] = {
    amendments.DRAFT: DraftForm, amendments.SIGN: SignForm, amendments.DROP: DropForm,
}  # fmt: skip
