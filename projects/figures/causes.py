"""Which changes made the published figures other than they were: each with what it added to every indicator."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F

from izportal.indicators import Asked, Move
from projects.figures import moves
from projects.figures.cells import SIDE, Values, effects
from projects.figures.facts import LIFE, facts

MEASURES = {"usd": F("capital_usd"), "vnd": F("capital_vnd"), "area": F("area_m2"), "side": SIDE, "life": LIFE}


@dataclass(frozen=True)
class Cause:
    """A record that came, went or was replaced, and the indicators that it moved."""

    move: Move
    effects: dict[str, Decimal | int]


def between(before: Asked, after: Asked) -> list[Cause]:
    """Every change that counts in one of the answers only; the effects of all add up to the differences."""
    found = moves.compared(_rows, before, after)
    causes = [Cause(move, _difference(old, new, after.start)) for move, old, new in found]
    return [cause for cause in causes if cause.effects or cause.move.cause == "reclassified"]


def _rows(asked: Asked):
    return facts(asked).annotate(amount=F("capital_usd"), **MEASURES)


def _difference(old: dict[str, Any] | None, new: dict[str, Any] | None, start: date) -> Values:
    added, taken = (_effects(row, start) if row else {} for row in (new, old))
    found = {code: added.get(code, 0) - taken.get(code, 0) for code in {**added, **taken}}
    return {code: value for code, value in found.items() if value}


def _effects(row: dict[str, Any], start: date) -> Values:
    return effects({**row, "one": 1}, is_within=row["effective_on"] >= start)
