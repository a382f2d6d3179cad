"""The forms that applicants fill in: conditions, checks, what stands in the register, and answers told in words.

A shape (`shapes`) becomes one Django form per section; answers lie in `Dossier.answers` as JSON-safe values and are
written out again for the reader of a review, an officer's page or a paper. How one is typed stands in `entries`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onestop import entries
from onestop.models import Dossier
from onestop.plausibility import Doubt, Matter, check
from onestop.shapes import Question, Section, Shape, of_dossier, say
from projects import ledger
from projects.models import Enterprise, Project

# These answers are columns of the dossier; all others are kept in `answers`.
COLUMNS = ("enterprise", "case", "plot", "project", "contact_name", "contact_email", "contact_phone")
MOST_ROWS = 30
# Reserved key of `answers`: papers that the applicant declares not to be due.
NOT_DUE = "papers_not_due"
REQUIRED = gettext_lazy("Mục này cần được điền.")


@dataclass(frozen=True)
class Fault:
    """Something to mend before filing: in which section, at which field, in a sentence."""

    section: str
    anchor: str
    label: str
    sentence: str
    blocks: bool = True


def definition(dossier: Dossier) -> Shape | None:
    """The form that a dossier is filled in on, or None where none is filed here."""
    return of_dossier(dossier)


# From question to form field ----------------------------------------------------------------------
@dataclass(frozen=True)
class Setting:
    """What a field needs to know of its surroundings; `offered` are the enterprises of whoever begins a dossier."""

    dossier: Dossier
    on: date
    closed_cases: tuple[str, ...] = ()
    offered: Any = None

    @property
    def enterprises(self) -> Any:
        if self.dossier._state.adding:
            return Enterprise.objects.none() if self.offered is None else self.offered
        return Enterprise.objects.filter(pk=self.dossier.enterprise_id)


def _choices(question: Question) -> list[tuple[str, str]]:
    return [(choice["value"], say(choice["label"])) for choice in question.choices]


def _given(question: Question, *names: str) -> dict[str, Any]:
    found = {name: getattr(question, name) for name in names if getattr(question, name) not in (None, "")}
    return {name: value if isinstance(value, str | int | float) else say(value) for name, value in found.items()}


def _number(places: int, unit: str = "", most: str = "9999999999999") -> Callable:
    def build(question: Question, setting: Setting, common: dict) -> forms.Field:
        bounds = {"places": places, "unit": unit, "most": most, **_given(question, "places", "least", "most", "unit")}
        return entries.NumberEntry(**bounds, **common)

    return build


def _text(rows: int = 0) -> Callable:
    def build(question: Question, setting: Setting, common: dict) -> forms.Field:
        limit = {"max_length": question.most} if question.most else {}
        return entries.TextEntry(rows=question.rows or rows, **limit, **common)

    return build


def _table(question: Question, setting: Setting, common: dict) -> forms.Field:
    columns = {column.key: build(column, setting) for column in question.columns}
    bounds = {"least": question.least or 0, "most": question.most or MOST_ROWS}
    return entries.TableEntry(columns=columns, row_name=say(question.row_name), **bounds, **common)


TYPES: dict[str, Callable[[Question, Setting, dict], forms.Field]] = {
    "text": _text(),
    "textarea": _text(rows=4),
    "integer": lambda q, s, common: entries.IntegerEntry(**_given(q, "least", "most", "unit"), **common),
    "decimal": _number(places=2),
    "percent": _number(places=2, unit="%", most="100"),
    "money_usd": _number(places=2, unit="USD"),
    "money_vnd": _number(places=0, unit="VND", most="99999999999999999"),
    "area": _number(places=2, unit="m²", most="99999999"),
    "date": lambda q, s, common: entries.DateEntry(is_past=q.is_past, **common),
    "choice": lambda q, s, common: entries.ChoiceEntry(choices=_choices(q), **common),
    "yes_no": lambda q, s, common: entries.YesNoEntry(**common),
    "email": lambda q, s, common: entries.EmailEntry(**common),
    "phone": lambda q, s, common: entries.PhoneEntry(**common),
    "tax_code": lambda q, s, common: entries.TaxCodeEntry(**common),
    "passport": lambda q, s, common: entries.PassportEntry(**common),
    "personal_id": lambda q, s, common: entries.PersonalIdEntry(**common),
    "month": lambda q, s, common: entries.MonthEntry(**common),
    "table": _table,
    "country": lambda q, s, common: entries.CountryEntry(**common),
    "vsic": lambda q, s, common: entries.SectorEntry(**common),
    "enterprise": lambda q, s, common: entries.EnterpriseEntry(enterprises=s.enterprises, **common),
    "case": lambda q, s, common: entries.CaseEntry(version=s.dossier.version, closed=s.closed_cases, **common),
    "plot": lambda q, s, common: entries.PlotEntry(on=s.on, **common),
    "project": lambda q, s, common: entries.ProjectEntry(enterprises=s.enterprises, on=s.on, **common),
}


def build(question: Question, setting: Setting) -> forms.Field:
    """The form field of one question, in the reader's language; requiredness is decided by the form."""
    common = {
        "label": say(question.label), "help_text": say(question.hint), "required": question.required is True,
        "error_messages": {"required": REQUIRED},
    }  # fmt: skip
    made = TYPES[question.type](question, setting, common)
    made.width, made.is_unconfirmed = question.width, question.is_unconfirmed
    if question.when:
        made.widget.attrs["data-when"] = json.dumps(question.when)
    return made


class SectionForm(forms.Form):
    """One section of one dossier. `apply` puts sound answers on the dossier; nothing is written to the database.

    In place of what is sent, `is_kept` checks what was typed last, sound or not, as if it were sent again.
    """

    use_required_attribute = False

    def __init__(
        self, data=None, *, dossier: Dossier, section: Section, enterprises=None, user=None, on: date | None = None,
        is_kept: bool = False,
    ):  # fmt: skip
        super().__init__(data, auto_id="f-%s")
        self.dossier, self.section, self.user = dossier, section, user
        self.on = on or timezone.localdate()
        self.doubts: list[Doubt] = []
        shape = definition(dossier)
        setting = Setting(dossier, self.on, shape.closed_cases if shape else (), enterprises)
        known = facts_of(dossier)
        self.questions = tuple(q for q in section.questions if self._is_put(q, known))
        self.fields = {question.key: build(question, setting) for question in self.questions}
        if is_kept:
            self.data, self.is_bound = self._typed(), True
        else:
            self._recall()
        known = self._known()
        for question in self.questions:
            self._demand(question, known)

    def _typed(self) -> dict[str, Any]:
        unfinished = self.dossier.typed.get(self.section.key)
        if unfinished:
            return dict(unfinished["data"])
        kept = [question for question in self.questions if _has(self.dossier, question)]
        return {question.key: _as_typed(self._initial(question)) for question in kept}

    def _recall(self) -> None:
        """What the fields start with, and what stands in the register."""
        for question in self.questions:
            self.initial[question.key] = self._initial(question)
            now = _reach(question.now, {"dossier": self.dossier}) if question.now else None
            if now:
                field = self.fields[question.key]
                told = _("Hiện đang ghi: %(value)s.") % {"value": field.words(str(now))}
                field.help_text = f"{field.help_text} {told}".strip()

    def _known(self) -> dict[str, Any]:
        """What was just typed beside what was kept: conditions inside a section hang on the former."""
        own = self.section.keys.difference(COLUMNS)
        return {**facts_of(self.dossier), **{key: self.data.get(key) for key in own if key in self.data}}

    def _is_put(self, question: Question, known: dict) -> bool:
        """Whose dossier it is cannot change any more; a question whose condition lies elsewhere is asked or not."""
        if question.key == "enterprise":
            return self.dossier._state.adding and self.dossier.enterprise_id is None
        elsewhere = {key: wanted for key, wanted in question.when.items() if key not in self.section.keys}
        return meets(elsewhere, known)

    def _demand(self, question: Question, known: dict) -> None:
        is_asked = meets(question.when, known)
        wanted = question.required if isinstance(question.required, bool) else meets(question.required, known)
        self.fields[question.key].required = wanted and is_asked

    def _initial(self, question: Question) -> Any:
        kept = kept_of(self.dossier, question)
        if kept in (None, "") and question.prefill:
            kept = _reach(question.prefill, {"user": self.user, "dossier": self.dossier})
            kept = str(kept) if isinstance(kept, Decimal) else kept
        return kept if question.key in COLUMNS or kept is None else self.fields[question.key].recall(kept)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        known = self._known()
        whole = {**self.dossier.answers, **{q.key: self._kept(q, cleaned, known) for q in self.questions}}
        for name in self.section.checks:
            self.doubts += check(name)(whole, Matter(self.dossier, cleaned, self.on))
        for doubt in self.doubts:
            if doubt.blocks:
                self.add_error(doubt.key if doubt.key in self.fields else None, doubt.sentence)
        return cleaned

    def _kept(self, question: Question, cleaned: dict, known: dict) -> Any:
        """The value to keep; an answer to a question that is not asked any more is let go."""
        if not meets(question.when, known):
            return None
        return self.fields[question.key].keep(cleaned.get(question.key))

    def apply(self) -> Dossier:
        """Put the cleaned answers on the dossier and hand it back, unsaved."""
        answers, known = dict(self.dossier.answers), self._known()
        for question in self.section.questions:
            if question.key in COLUMNS:
                if question.key in self.cleaned_data:
                    setattr(self.dossier, question.key, self.cleaned_data[question.key])
                    known = self._known()
                continue
            value = self._kept(question, self.cleaned_data, known) if question.key in self.fields else None
            answers.pop(question.key, None)
            if value not in (None, ""):
                answers[question.key] = value
        self.dossier.answers = answers
        return self.dossier

    def raw(self) -> dict[str, Any]:
        """What was typed, letter by letter, without the fields left empty; a repeated group as a list of rows."""
        found = {key: field.widget.value_from_datadict(self.data, {}, key) for key, field in self.fields.items()}
        return {key: value for key, value in found.items() if value not in (None, "", [])}

    def show(self, raw: Mapping[str, Any]) -> None:
        """Fill the fields with what was typed before, unsound or not, without a word about its faults."""
        self.initial.update({key: raw.get(key, "") for key in self.fields})


def facts_of(dossier: Dossier) -> dict[str, Any]:
    """What conditions may hang on: the answers, the channel, the case and the origin of the project adjusted."""
    facts = {**dossier.answers, "channel": dossier.channel}
    if dossier.case_id:
        facts["case"] = dossier.case.key
    if dossier.project_id:
        facts["project_origin"] = dossier.project.origin
    return facts


def kept_of(dossier: Dossier, question: Question) -> Any:
    """The answer on the dossier, None where there is none; a draft not yet saved may lack its case or enterprise."""
    return getattr(dossier, question.key, None) if question.key in COLUMNS else dossier.answers.get(question.key)


def meets(condition: Mapping[str, list], facts: Mapping[str, Any]) -> bool:
    """A yes or no is kept as true or false but typed as a word."""
    spoken = {True: "yes", False: "no"}
    return all(spoken.get(facts.get(key), facts.get(key)) in wanted for key, wanted in condition.items())


def _reach(path: str, roots: dict[str, Any]) -> Any:
    """Follow a dotted path of a definition ("dossier.plot.area_m2"); None where something on the way is missing."""
    name, *rest = path.split(".")
    value = roots.get(name)
    for step in rest:
        value = _AMOUNTS[step](value) if step in _AMOUNTS and value is not None else getattr(value, step, None)
    return value


# The paths that a definition may follow, as `prefill` or as `now`.
PATHS = frozenset(
    {
        *(f"user.{name}" for name in ("full_name", "email", "phone")),
        *(f"dossier.enterprise.{name}" for name in ("name", "tax_code", "address", "representative")),
        *(f"dossier.project.{name}" for name in ("code", "name", "objective", "origin", "term_until", "sector.code")),
        *(f"dossier.project.{name}" for name in ("certificate_number", "certificate_on")),
        *(f"dossier.project.{name}" for name in ("registered_usd", "registered_vnd")),
        *(f"dossier.project.zone.{name}" for name in ("name", "established_by")),
        *("dossier.plot.area_m2", "dossier.plot.code"),
    }
)
_AMOUNTS: dict[str, Callable[[Project], Decimal | None]] = {
    "registered_usd": lambda project: ledger.position(project).usd or None,
    "registered_vnd": lambda project: ledger.position(project).vnd or None,
}


def address(dossier: Dossier, section: str) -> str:
    """Where a step of filing is: a section of the form, the papers, or the review."""
    if section in ("papers", "review"):
        return reverse(f"onestop:dossier_{section}", args=[dossier.pk])
    return reverse("onestop:dossier_edit", args=[dossier.pk, section])


# Reading a dossier back ---------------------------------------------------------------------------
def typed(dossier: Dossier, section: Section) -> dict[str, Any]:
    """What was typed last in a section, sound or not, as a form takes it."""
    return dict(SectionForm(dossier=dossier, section=section, is_kept=True).data)


def _has(dossier: Dossier, question: Question) -> bool:
    """A prefilled answer counts only once it was saved."""
    return kept_of(dossier, question) not in (None, "")


def _as_typed(value: Any) -> Any:
    return getattr(value, "pk", value)


def faults(dossier: Dossier, *, on: date | None = None) -> list[Fault]:
    """What keeps the answers from being filed, and what is only worth a second look; [] when all is sound."""
    shape = definition(dossier)
    found: list[Fault] = []
    for section in shape.sections if shape else ():
        form = SectionForm(dossier=dossier, section=section, on=on, is_kept=True)
        for key, sentences in form.errors.items():
            found += [Fault(section.key, f"f-{key}", _label(form, key, section), str(said)) for said in sentences]
        if section.key in dossier.typed and not form.errors:
            found.append(Fault(section.key, "unfinished", say(section.title), _("Còn khai dở, chưa lưu vào tờ khai.")))
        mild = [doubt for doubt in form.doubts if not doubt.blocks]
        found += [
            Fault(section.key, f"f-{d.key}", _label(form, d.key, section), d.sentence, blocks=False) for d in mild
        ]
    return found


def _label(form: SectionForm, key: str, section: Section) -> str:
    return str(form.fields[key].label) if key in form.fields else say(section.title)


def render(dossier: Dossier, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The filled form as text: sections of (label, value), unanswered questions left out."""
    shape = definition(dossier)
    with translation.override(language):
        return [(say(section.title), list(_lines(dossier, section))) for section in (shape.sections if shape else ())]


def _lines(dossier: Dossier, section: Section) -> Iterator[tuple[str, str]]:
    setting = Setting(dossier, timezone.localdate())
    known = facts_of(dossier)
    for question in section.questions:
        if not _has(dossier, question) or not meets(question.when, known):
            continue
        made = build(question, setting)
        yield say(question.label), _in_words(made, question, kept_of(dossier, question))


def words_of(dossier: Dossier, section_key: str, key: str) -> str:
    """One answer in words, in the active language; "" where it was not asked or not given."""
    shape = definition(dossier)
    section = shape.section(section_key) if shape else None
    question = next((q for q in section.questions if q.key == key), None) if section else None
    if question is None or not _has(dossier, question) or not meets(question.when, facts_of(dossier)):
        return ""
    return _in_words(build(question, Setting(dossier, timezone.localdate())), question, kept_of(dossier, question))


def _in_words(entry: Any, question: Question, kept: Any) -> str:
    if kept in (None, ""):
        return ""
    if question.key not in COLUMNS:
        return entry.words(kept)
    return entry.label_from_instance(kept) if isinstance(entry, entries.RowEntry) else str(kept)
