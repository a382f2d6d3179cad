"""What a check of a form gets and gives, and the readings that checks share.

A check gets the kept answers of the whole form (JSON-safe values: decimals as text, ISO dates, true and false, lists
of rows) and the matter around them; it answers with doubts, each at the question to look at.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from onestop.models import Dossier


@dataclass(frozen=True)
class Doubt:
    """What a check found; one that does not block is told at the review and filed all the same."""

    key: str
    sentence: str
    blocks: bool = True


@dataclass(frozen=True)
class Matter:
    """What a check may look at besides the answers: the dossier as it was, the rows just chosen, the day of filing."""

    dossier: Dossier
    cleaned: Mapping[str, Any]
    on: datetime.date

    @property
    def plot(self):
        return self.cleaned.get("plot") or self.dossier.plot

    @property
    def project(self):
        return self.cleaned.get("project") or self.dossier.project

    @property
    def case(self) -> str:
        case = self.cleaned.get("case") or (self.dossier.case if self.dossier.case_id else None)
        return case.key if case else ""


Answers = Mapping[str, Any]
Check = Callable[[Answers, Matter], list[Doubt]]


def amount(answers: Answers, key: str) -> Decimal | None:
    """A number as kept; None where it was not given or cannot be read."""
    try:
        value = Decimal(str(answers.get(key)))
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def day(answers: Answers, key: str) -> datetime.date | None:
    """A day as kept; None where it was not given or cannot be read."""
    try:
        return datetime.date.fromisoformat(answers.get(key) or "")
    except (TypeError, ValueError):
        return None


def rows(answers: Answers, key: str) -> Iterator[tuple[int, Answers]]:
    """The rows of a repeated group with their number, from 1."""
    kept = answers.get(key)
    yield from (row for row in enumerate(kept if isinstance(kept, list) else [], 1) if isinstance(row[1], Mapping))


def row_doubt(table: str, number: int, sentence: str, *, blocks: bool = True) -> Doubt:
    """A doubt about one row of a repeated group: shown at the group, it names the row."""
    return Doubt(table, _("Dòng %(row)s: %(sentence)s") % {"row": number, "sentence": sentence}, blocks)


def is_yes(answers: Answers, key: str) -> bool:
    return answers.get(key) is True


def exceeds(answers: Answers, part: str, whole: str) -> bool:
    """Whether a number is larger than the one that should hold it; never where one of them is missing."""
    small, large = amount(answers, part), amount(answers, whole)
    return small is not None and large is not None and small > large


def sum_of(answers: Answers, table: str, column: str) -> Decimal | None:
    """What the rows of a group add up to; None unless each row tells its part."""
    parts = [amount(row, column) for _number, row in rows(answers, table)]
    given = [part for part in parts if part is not None]
    return sum(given, Decimal(0)) if given and len(given) == len(parts) else None
