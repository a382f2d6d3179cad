"""The shape of a form, read from the body of a definition: sections, questions, and what each may say.

A body stands for itself: what families of procedures share was put into it when it was written. Which version of a
form a dossier is filled in on stands here; how versions come and go is the business of `definitions`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import timezone

from izportal import languages
from onestop.models import Definition, Dossier, Procedure, ProcedureCase, ProcedureVersion

Text = Mapping[str, str]
LANGUAGES = ("vi", "en")


@dataclass(frozen=True)
class Question:
    """One question. `required` is true, false, or the condition under which it is; `when` says whether it is asked.

    A condition maps keys to the answers that meet it: {"origin": ["fdi"]}. Besides answers it may name `case` and
    `project_origin`. `prefill` and `now` are paths ("dossier.plot.area_m2"): what the field starts with, and what
    stands in the register today, told in the hint.
    """

    key: str
    type: str
    label: Text
    hint: Text = field(default_factory=dict)
    required: bool | Mapping[str, list] = False
    when: Mapping[str, list] = field(default_factory=dict)
    choices: tuple[Mapping[str, Any], ...] = ()
    unit: str | Text = ""
    least: Any = None
    most: Any = None
    places: int | None = None
    rows: int = 0
    is_past: bool = False
    width: str = ""
    prefill: str = ""
    now: str = ""
    # A repeated group: what is asked of each row, and what a row is called.
    columns: tuple["Question", ...] = ()
    row_name: Text = field(default_factory=dict)
    is_unconfirmed: bool = False


@dataclass(frozen=True)
class Section:
    """A page of the form. Sections of the same `step` are one step of the strip that shows how far a draft is.

    `shared` is the name under which procedures of one family were given the section.
    """

    key: str
    title: Text
    step: Text
    questions: tuple[Question, ...]
    hint: Text = field(default_factory=dict)
    checks: tuple[str, ...] = ()
    shared: str = ""

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(question.key for question in self.questions)


@dataclass(frozen=True)
class Shape:
    """`closed_cases` are filed elsewhere: their grant has no effect that this portal can carry out."""

    sections: tuple[Section, ...]
    closed_cases: tuple[str, ...] = ()
    note: Text = field(default_factory=dict)

    def section(self, key: str) -> Section | None:
        return next((section for section in self.sections if section.key == key), None)

    def steps(self) -> list[tuple[str, list[Section]]]:
        """The steps in the reader's language, each with its sections."""
        groups: dict[str, list[Section]] = {}
        for section in self.sections:
            groups.setdefault(say(section.step), []).append(section)
        return list(groups.items())

    def after(self, key: str) -> Section | None:
        keys = [section.key for section in self.sections]
        place = keys.index(key) + 1
        return self.sections[place] if place < len(keys) else None

    def before(self, key: str) -> Section | None:
        place = [section.key for section in self.sections].index(key)
        return self.sections[place - 1] if place else None

    def questions(self) -> dict[str, Question]:
        return {question.key: question for section in self.sections for question in section.questions}


def say(text: Text) -> str:
    """A text of a definition in the reader's language, or in the one that stands in for it."""
    return next((said for code in languages.chain(languages.here()) if (said := text.get(code))), "")


# From body to shape -------------------------------------------------------------------------------
def read(body: Mapping[str, Any]) -> Shape:
    """The shape that a body describes; TypeError or KeyError where it says what no form knows."""
    sections = tuple(_section(raw) for raw in body["sections"])
    return Shape(sections, tuple(body.get("closed_cases", ())), body.get("note", {}))


def _section(raw: Mapping[str, Any]) -> Section:
    questions = tuple(question(asked) for asked in raw["questions"])
    return Section(**{**raw, "questions": questions, "checks": tuple(raw.get("checks", ()))})


def question(raw: Mapping[str, Any]) -> Question:
    columns = tuple(question(column) for column in raw.get("columns", ()))
    return Question(**{**raw, "choices": tuple(raw.get("choices", ())), "columns": columns})


# Which shape --------------------------------------------------------------------------------------
# By the version's number in the table. A published version never changes, so it is read from the database once.
_PUBLISHED: dict[int, Shape] = {}


def forget() -> None:
    """Read every version anew; for a database that was turned back."""
    _PUBLISHED.clear()


def of(definition: Definition) -> Shape:
    if not definition.is_published:
        return read(definition.body)
    if definition.pk not in _PUBLISHED:
        _PUBLISHED[definition.pk] = read(definition.body)
    return _PUBLISHED[definition.pk]


def of_dossier(dossier: Dossier) -> Shape | None:
    """The form that a dossier is filled in on; for one that is pinned to none, the form in force today."""
    if dossier.definition_id is None:
        found = in_force(dossier.procedure, on=timezone.localdate())
        return of(found) if found else None
    known = _PUBLISHED.get(dossier.definition_id)
    if known is None and dossier.definition is not None:
        known = of(dossier.definition)
    return known


def first_case(version: ProcedureVersion, shape: Shape) -> ProcedureCase | None:
    """The case that a form starts with: the usual one, or the first that may be filed here."""
    open_cases = [case for case in version.cases.all() if case.key not in shape.closed_cases]
    return next((case for case in open_cases if case.is_default), open_cases[0] if open_cases else None)


def in_force(procedure: Procedure, *, on: date) -> Definition | None:
    """The version of a procedure's form that applies on a day; its body is left to be read when it is wanted."""
    return Definition.objects.in_force(on).filter(procedure=procedure).order_by("-valid_from").defer("body").first()
