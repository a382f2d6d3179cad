"""Places of the form that a request may open: one question of one section, what is kept there, and putting an answer.

How a question is asked and checked is told by `questions`."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from onestop import questions
from onestop.models import Dossier, SupplementItem
from onestop.questions import COLUMNS
from onestop.shapes import Question, Section, say

# Whose dossier it is, and which case it files, are settled when it is filed; its land and project when it is received.
FILED = frozenset({"enterprise", "case"})
RECEIVED = FILED | {"plot", "project"}


@dataclass
class Place:
    dossier: Dossier
    section: Section
    question: Question

    @property
    def label(self) -> str:
        return say(self.question.label)

    @cached_property
    def entry(self) -> Any:
        """The field in which it is typed; whether it must be said is decided beside the other answers."""
        made = questions.build(self.question, questions.Setting(self.dossier, timezone.localdate()))
        made.required = False
        made.widget.attrs.pop("data-when", None)
        return made

    @property
    def is_column(self) -> bool:
        return self.question.key in COLUMNS

    @property
    def kept(self) -> Any:
        """JSON-safe: the answer, a column in words, or what a clerk typed from paper that is not sound yet."""
        value = questions.kept_of(self.dossier, self.question)
        if value in (None, "") and (typed := self._typed) is not None:
            return typed
        return self._column_words(value) if self.is_column and value is not None else value

    @property
    def _typed(self) -> Any:
        return self.dossier.typed.get(self.section.key, {}).get("data", {}).get(self.question.key)

    def _column_words(self, value: Any) -> str:
        told = getattr(self.entry, "label_from_instance", str)
        return told(value)

    @property
    def initial(self) -> Any:
        """What its field starts with."""
        if self._typed is not None:
            return self._typed
        value = questions.kept_of(self.dossier, self.question)
        return value if self.is_column or value is None else self.entry.recall(value)

    def words(self, kept: Any) -> str:
        """A value of `kept`, then or now, as text."""
        if kept in (None, "", []):
            return _("để trống")
        if self.is_column:
            return str(kept)
        try:
            return self.entry.words(kept)
        except (ValueError, TypeError, AttributeError):  # typed, and never sound
            return str(kept)

    def keep(self, cleaned: Any) -> Any:
        """What `put` takes: a column's own value, else the JSON-safe form."""
        return cleaned if self.is_column else self.entry.keep(cleaned)

    def says_otherwise(self, value: Any) -> bool:
        return _blank(value) != _blank(questions.kept_of(self.dossier, self.question))

    def put(self, value: Any) -> None:
        """Set the answer on the dossier, unsaved."""
        dossier, key = self.dossier, self.question.key
        if self.is_column:
            setattr(dossier, key, value)
        else:
            rest = {name: said for name, said in dossier.answers.items() if name != key}
            dossier.answers = rest if _blank(value) is None else {**rest, key: value}
        if self.section.key in dossier.typed:
            part = dossier.typed[self.section.key]
            data = {**part["data"], key: getattr(value, "pk", value) if self.is_column else self._as_typed(value)}
            dossier.typed = {**dossier.typed, self.section.key: {**part, "data": data}}

    def _as_typed(self, value: Any) -> Any:
        return "" if _blank(value) is None else self.entry.recall(value)


def _blank(value: Any) -> Any:
    return None if value in (None, "", []) else value


def find(dossier: Dossier, section: str, question: str) -> Place | None:
    shape = questions.definition(dossier)
    part = shape.section(section) if shape else None
    asked = next((row for row in part.questions if row.key == question), None) if part else None
    return Place(dossier, part, asked) if part and asked else None


def of_line(dossier: Dossier, line: SupplementItem) -> Place | None:
    return find(dossier, line.section, line.question) if line.kind == SupplementItem.Kind.ANSWER else None


def askable(dossier: Dossier) -> list[tuple[Section, list[Place]]]:
    """Every question that a request may open now, by section: those whose condition holds."""
    shape, known = questions.definition(dossier), questions.facts_of(dossier)
    closed = RECEIVED if dossier.received_at else FILED
    found = [
        (section, [q for q in section.questions if q.key not in closed and questions.meets(q.when, known)])
        for section in (shape.sections if shape else ())
    ]
    return [(section, [Place(dossier, section, q) for q in asked]) for section, asked in found if asked]


def settle(dossier: Dossier, changed: Iterable[Place]) -> None:
    """Sections that a clerk typed in unsound, and that the new answers have made sound, become answers."""
    for section in {place.section.key: place.section for place in changed}.values():
        form = questions.SectionForm(dossier=dossier, section=section, is_kept=True)
        if section.key in dossier.typed and form.is_valid():
            form.apply()
            dossier.typed = {key: part for key, part in dossier.typed.items() if key != section.key}
