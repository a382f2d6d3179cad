"""What the steps of a request ask of the officer: the lines to ask for, and leave for one request more."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from izportal import languages
from onestop import gaps, papers
from onestop.models import Component, Dossier
from onestop.questions import Fault
from onestop.shapes import say
from onestop.step_forms import ReasonForm, StepForm, written
from onestop.supplements import Wanted, places
from onestop.supplements.places import Place

MOST_ITEMS = 40
LONGEST_ITEM = 600
LONGEST_GROUND = 300


@dataclass
class Choice:
    """A paper or an answer that may be asked for: what stands there now, and the two fields that choose it."""

    name: str
    label: str
    now: str
    component: Component | None = None
    place: Place | None = None

    @property
    def ground(self) -> str:
        return f"{self.name}-ground"


class AskForm(StepForm):
    """One choice for each component of the case and each question of the form: whoever says what is wrong chooses it.
    Everything else is written line by line."""

    PARTS = "admin/onestop/dossier/_ask_form.html"

    def prepare(self):
        dossier = self.dossier
        with languages.speaking(dossier.language):
            lacking = _Lacking(dossier, self.at)
        self.choices = {choice.name: choice for choice in self._papers()}
        self.groups = [(_("Giấy tờ"), list(self.choices.values()))]
        for section, asked in places.askable(dossier):
            choices = [self._answer(place) for place in asked]
            self.choices |= {choice.name: choice for choice in choices}
            self.groups.append((say(section.title), choices))
        for choice in self.choices.values():
            self._put(choice, lacking)
        self._put_others(lacking)

    def _papers(self) -> Iterator[Choice]:
        standing = {paper.component_id: paper for paper in papers.current(self.dossier)}
        for component in self.dossier.version.components.all():
            if component.applies_to(self.dossier.case.key):
                paper = standing.get(component.pk)
                now = paper.stored.name if paper else _("không có tệp")
                yield Choice(f"component-{component.pk}", component.name, now, component=component)

    def _answer(self, place: Place) -> Choice:
        return Choice(_name_of(place), place.label, place.words(place.kept), place=place)

    def _put(self, choice: Choice, lacking: "_Lacking") -> None:
        what = Truncator(choice.label).chars(90)
        self.fields[choice.name] = forms.CharField(
            label=_("%(what)s: cần bổ sung, sửa gì") % {"what": what}, required=False,
            initial=lacking.wrong.get(choice.name), max_length=LONGEST_ITEM, widget=forms.Textarea(attrs={"rows": 2}),
        )  # fmt: skip
        self.fields[choice.ground] = _ground(what)

    def _put_others(self, lacking: "_Lacking") -> None:
        self.fields["others"] = written(
            _("Nội dung khác"), rows=max(3, len(lacking.others)), required=False,
            help_text=_("Mỗi dòng là một mục trên phiếu."),
        )  # fmt: skip
        self.fields["others"].initial = "\n".join(lacking.others)
        self.fields["others_ground"] = _ground(_("Nội dung khác"))
        self.fields["reason"] = written(_("Lý do, căn cứ chung"), help_text=_("Ghi trên phiếu gửi người nộp."))
        self.ASKED = tuple(name for name in self.fields if name != "reason")

    @property
    def parts(self) -> list[tuple[str, str, list, int]]:
        """For the page: (anchor, title, its choices with their fields and whether each is open, how many are open)."""
        found = []
        for number, (title, choices) in enumerate(self.groups, 1):
            rows = [(choice, self[choice.name], self[choice.ground], self._is_open(choice)) for choice in choices]
            found.append((f"part-{number}", title, rows, sum(is_open for *_row, is_open in rows)))
        return found

    def _is_open(self, choice: Choice) -> bool:
        bound = (self[choice.name], self[choice.ground])
        return any(field.value() or field.errors for field in bound)

    def clean(self):
        cleaned = super().clean()
        for choice in self.choices.values():
            if cleaned.get(choice.ground) and not cleaned.get(choice.name) and choice.name not in self.errors:
                self.add_error(choice.name, _("Ghi cần bổ sung, sửa gì ở mục này."))
        items = self._items(cleaned)
        if not items and not self.errors:
            raise forms.ValidationError(_("Hãy ghi ít nhất một mục cần bổ sung."))
        if len(items) > MOST_ITEMS:
            raise forms.ValidationError(_("Phiếu có quá %(most)s mục; hãy gộp bớt.") % {"most": MOST_ITEMS})
        return cleaned

    def _items(self, cleaned) -> list[Wanted]:
        """In the language in which the applicant reads the slip."""
        with languages.speaking(self.dossier.language):
            named = [
                _wanted(choice, cleaned[choice.name], cleaned.get(choice.ground, ""))
                for choice in self.choices.values()
                if cleaned.get(choice.name)
            ]
        ground = cleaned.get("others_ground", "")
        lines = filter(None, (line.strip() for line in cleaned.get("others", "").splitlines()))
        return [*named, *(Wanted(line, ground=ground) if len(line) <= LONGEST_ITEM else _long(line) for line in lines)]

    def details(self):
        return {"items": self._items(self.cleaned_data), "reason": self.cleaned_data["reason"]}


def _ground(what: str) -> forms.CharField:
    placeholder = {"placeholder": _("Điều, khoản; để trống thì theo căn cứ chung")}
    widget = forms.TextInput(attrs=placeholder)
    return forms.CharField(
        label=_("%(what)s: căn cứ") % {"what": what}, required=False, max_length=LONGEST_GROUND, widget=widget
    )


def _wanted(choice: Choice, wrong: str, ground: str) -> Wanted:
    if choice.place:
        where = {"section": choice.place.section.key, "question": choice.place.question.key}
        return Wanted(choice.place.label[:LONGEST_ITEM], wrong, ground, **where)
    return Wanted(choice.component.name[:LONGEST_ITEM], wrong, ground, component=choice.component)


def _long(line: str) -> Wanted:
    return Wanted(line[: LONGEST_ITEM - 10] + "…", line)


class _Lacking:
    """What came in empty or unsound, as the first words of a request, in the language of the slip: by the name of a
    choice (`wrong`), or as a line of its own where no question is to blame (`others`)."""

    def __init__(self, dossier: Dossier, at):
        missing = [demand.component for demand in papers.demands(dossier) if _is_lacking(demand, dossier)]
        self.wrong = {f"component-{component.pk}": _("chưa nộp") for component in missing}
        faults = gaps.of(dossier, on=timezone.localdate(at)) if dossier.status in Dossier.INTAKE else []
        names = {_name_of(place): place for _section, asked in places.askable(dossier) for place in asked}
        for fault in faults:
            if _place_name(fault) in names:
                self.wrong.setdefault(_place_name(fault), fault.sentence)
        self.others = gaps.lines(dossier, [fault for fault in faults if _place_name(fault) not in names])


def _is_lacking(demand: papers.Demand, dossier: Dossier) -> bool:
    return demand.is_lacking or demand.is_missing and dossier.is_by_hand


def _name_of(place: Place) -> str:
    return f"question-{place.section.key}-{place.question.key}"


def _place_name(fault: Fault) -> str:
    return f"question-{fault.section}-{fault.anchor.removeprefix('f-')}"


class SeekForm(ReasonForm):
    def prepare(self):
        self.fields["reason"].label = _("Vì sao cần yêu cầu thêm một lần nữa")
        self.fields["reason"].help_text = _("Lãnh đạo đọc trước khi quyết định; người nộp không thấy.")


class PermitForm(ReasonForm):
    def prepare(self):
        self.fields["reason"].label = _("Lý do cho phép")
        self.fields["reason"].help_text = _("Ghi trên phiếu gửi người nộp và được đếm trong số liệu công khai.")


class DenialForm(ReasonForm):
    def prepare(self):
        self.fields["reason"].label = _("Lý do không cho phép")
        self.fields["reason"].help_text = _("Người đề nghị đọc được; người nộp không thấy.")


FORMS: dict[str, type[StepForm]] = {
    "ask_intake_supplement": AskForm,
    "ask_supplement": AskForm,
    "seek_permit": SeekForm,
    "permit_supplement": PermitForm,
    "deny_permit": DenialForm,
}
