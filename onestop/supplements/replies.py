"""How the lines of a request are answered: a field for each answer asked about, checked as at the filing, words for
every line, and what is kept of them until the answer is sent. Nothing else of the dossier can be changed here."""

import json
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.models import User
from onestop import drafts, papers, questions
from onestop.entries import TextEntry
from onestop.models import Dossier, Supplement, SupplementItem
from onestop.supplements import Answered, places
from onestop.supplements.places import Place

Kind = SupplementItem.Kind
MOST_REPLY = 2000


class AnswerOvertaken(Exception):
    """Somebody kept another answer since the page was opened; `kept` is what they left."""

    def __init__(self, kept: dict[str, Any]) -> None:
        super().__init__()
        self.kept = kept


@dataclass(frozen=True)
class Row:
    """One line with the names of its fields; `place` where an answer of the form is asked about."""

    line: SupplementItem
    place: Place | None

    @property
    def answer(self) -> str:
        return f"answer-{self.line.position}"

    @property
    def reply(self) -> str:
        return f"reply-{self.line.position}"


def rows_of(dossier: Dossier, supplement: Supplement | None) -> list[Row]:
    lines = supplement.lines.select_related("component", "paper_before__stored") if supplement else ()
    return [Row(line, places.of_line(dossier, line)) for line in lines]


def _asked_about(rows: list[Row]) -> list[tuple[Row, Place]]:
    return [(row, row.place) for row in rows if row.place]


def put_fields(form: forms.Form, rows: list[Row]) -> None:
    """The field of each answer asked about, beginning with what is kept; one left as it is changes nothing."""
    for row, place in _asked_about(rows):
        entry = place.entry
        entry.label = _("Mục %(number)s: %(label)s") % {"number": row.line.position, "label": row.line.label}
        form.fields[row.answer], form.initial[row.answer] = entry, place.initial


def read_changes(form: forms.Form, rows: list[Row], *, on: date) -> dict[int, Any]:
    """Of a form whose fields were looked at: the answers that say otherwise now, by the number of their line. What
    they lack, beside the other answers of their section, becomes an error of the form."""
    changed = {}
    for row, place in _asked_about(rows):
        if row.answer in form.errors and not _is_touched(form, row, place):
            del form.errors[row.answer]  # as unsound as it was; nothing new was said
        elif row.answer not in form.errors:
            value = place.keep(form.cleaned_data.get(row.answer))
            if place.says_otherwise(value):
                changed[row.line.position] = value
    for row, sentence in _faults(rows, changed, on=on):
        form.add_error(row.answer, sentence)
    return changed


def _is_touched(form: forms.Form, row: Row, place: Place) -> bool:
    field = form.fields[row.answer]
    typed = field.widget.value_from_datadict(form.data, {}, row.answer)
    return str(typed or "") != str(field.prepare_value(place.initial) or "")


def _faults(rows: list[Row], changed: dict[int, Any], *, on: date) -> list[tuple[Row, str]]:
    """What the sections would say of the new answers, at their own places only."""
    touched = [(row, place) for row, place in _asked_about(rows) if row.line.position in changed]
    if not touched:
        return []
    as_if = copy(touched[0][1].dossier)
    for row, place in touched:
        Place(as_if, place.section, place.question).put(changed[row.line.position])
    found = []
    for section in {place.section.key: place.section for _row, place in touched}.values():
        errors = questions.SectionForm(dossier=as_if, section=section, on=on, is_kept=True).errors
        own = [(row, place.question.key) for row, place in touched if place.section.key == section.key]
        found += [(row, str(said)) for row, key in own for said in errors.get(key, ())]
    return found


class ReplyForm(forms.Form):
    """The whole answer to a request; `is_sending` also wants something at every line."""

    answer = TextEntry(rows=3, label=gettext_lazy("Lời nhắn cho cán bộ"), required=False, max_length=4000)

    use_required_attribute = False

    def __init__(
        self, data=None, *, dossier: Dossier, supplement: Supplement, on: date | None = None, is_sending: bool = False
    ):
        super().__init__(data, auto_id="f-%s")
        self.dossier, self.supplement, self.is_sending = dossier, supplement, is_sending
        self.on = on or timezone.localdate()
        self.rows = rows_of(dossier, supplement)
        self.changes: dict[int, Any] = {}
        answer = self.fields.pop("answer")
        put_fields(self, self.rows)
        for row in self.rows:
            label = _("Mục %(number)s: giải trình") % {"number": row.line.position}
            self.fields[row.reply] = TextEntry(rows=2, label=label, required=False, max_length=MOST_REPLY)
        self.fields["answer"] = answer
        self.initial.update(supplement.typed.get("data", {}))

    def clean(self):
        cleaned = super().clean() or {}
        if self.is_sending:
            self.changes = read_changes(self, self.rows, on=self.on)
            self._check_each()
        return cleaned

    def _check_each(self) -> None:
        given = {item.number for item in papers.items(self.dossier, self.supplement) if item.paper}
        for row in self.rows:
            number = row.line.position
            is_said = self.cleaned_data.get(row.reply) or number in given or number in self.changes
            if not is_said and not {row.reply, row.answer} & self.errors.keys():
                self.add_error(row.reply, WANTED[Kind(row.line.kind)])

    def details(self) -> dict[str, Any]:
        """What the step is told."""
        said = self.cleaned_data
        replies = {row.line.position: said[row.reply] for row in self.rows if said.get(row.reply)}
        return {"answer": said["answer"], "answered": Answered(replies, self.changes)}

    def raw(self) -> dict[str, Any]:
        """What was typed, letter by letter, where it says otherwise than the page at first."""
        found = {name: field.widget.value_from_datadict(self.data, {}, name) for name, field in self.fields.items()}
        return {name: "" if value is None else value for name, value in found.items()}

    def show(self, raw: dict[str, Any]) -> None:
        self.initial.update(raw)


WANTED = {
    Kind.PAPER: gettext_lazy("Tải lên giấy tờ này, hoặc ghi vì sao chưa nộp được."),
    Kind.ANSWER: gettext_lazy("Sửa nội dung này, hoặc ghi vì sao giữ nguyên."),
    Kind.OTHER: gettext_lazy("Ghi giải trình, hoặc tải lên tệp."),
}


@transaction.atomic
def keep(form: ReplyForm, *, seen: int, by: User, at: datetime) -> None:
    """Keep what is typed, sound or not, apart from the dossier until it is sent.

    Raises `AnswerOvertaken` where somebody kept another text since, `drafts.TypedRefused` where it cannot be kept.
    """
    row = Supplement.objects.select_for_update().get(pk=form.supplement.pk)
    raw, last = form.raw(), row.typed
    if raw == last.get("data") or row.answered_at:
        return
    if last and last["no"] != seen:
        raise AnswerOvertaken(last)
    text = json.dumps(raw, ensure_ascii=False)
    if "\\u0000" in text or len(text) > drafts.MOST_TYPED:
        raise drafts.TypedRefused(_("Phần vừa gõ quá dài hoặc có ký tự không lưu được; hãy sửa rồi lưu lại."))
    row.typed = {"no": last.get("no", 0) + 1, "at": at.isoformat(), "by": by.pk, "data": raw}
    row.save(update_fields=["typed"])
    form.supplement.typed = row.typed


def differences(form: ReplyForm, kept: dict[str, Any]) -> list[tuple[str, str, str]]:
    """(label, theirs, mine) where the text kept last says otherwise than the page just sent."""
    mine, theirs = form.raw(), kept["data"]
    return [
        (str(field.label), _told(theirs.get(name)), _told(mine[name]))
        for name, field in form.fields.items()
        if mine[name] != theirs.get(name, "")
    ]


def _told(typed: Any) -> str:
    if isinstance(typed, list):
        return "\n".join("; ".join(str(cell) for cell in row.values() if cell) for row in typed)
    return str(typed or "") or _("để trống")
