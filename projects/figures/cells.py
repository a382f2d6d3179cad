"""All figures of the register at once, from one pass of the database over the changes: counted by month, zone, sector
or whatever is asked for, the rows of a group come as a few cells, and each indicator is a sum over some of them."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Case, Count, QuerySet, Sum, Value, When

from izportal.indicators import Asked
from projects.figures.facts import DIRECTIONS, LIFE, Flow, Stock, facts
from projects.figures.register import INDICATORS
from projects.models import Change

Values = dict[str, Decimal | int]
SIDE = Case(*[When(rows, then=Value(side)) for side, rows in DIRECTIONS.items()], default=Value(0))
SUMS = {
    "one": Count("pk"), "life": Sum(LIFE), "usd": Sum("capital_usd"), "vnd": Sum("capital_vnd"),
    "area": Sum("area_m2"),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """Changes of one kind, origin and direction that are alike in `key` too. `is_within` tells those of the period."""

    key: Hashable
    origin: str
    kind: str
    side: int
    is_within: bool
    sums: dict[str, Any]


def read(asked: Asked, *by: str, **named: Any) -> list[Cell]:
    """The cells of a question by columns of the change (`by`) and named expressions; one query."""
    return _cells(facts(asked), asked, by, named)


def _cells(rows: QuerySet[Change], asked: Asked, by: tuple[str, ...], named: dict[str, Any]) -> list[Cell]:
    within = Case(When(effective_on__gte=asked.start, then=Value(True)), default=Value(False))
    told = rows.annotate(side=SIDE, within=within, **named)
    keys = (*by, *named)
    grouped = told.values("project__origin", "stands_as", "side", "within", *keys).annotate(**SUMS).order_by()
    return [
        Cell(
            tuple(row[key] for key in keys), row["project__origin"], row["stands_as"], row["side"],
            bool(row["within"]), {name: row[name] or 0 for name in SUMS},
        )
        for row in grouped
    ]  # fmt: skip


def values(cells: Iterable[Cell], *, flows_of_all: bool = False) -> Values:
    """Indicator → its value over the cells; figures of a period count the cells within it, or all of them."""
    found: Values = defaultdict(int)
    for cell in cells:
        for code, measure, sign, is_flow in _counted(cell.origin, cell.kind, cell.side):
            if cell.is_within or flows_of_all or not is_flow:
                found[code] += cell.sums[measure] * sign
    return found


def by_key(cells: Iterable[Cell]) -> dict[Any, list[Cell]]:
    found: dict[Any, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[cell.key].append(cell)
    return found


@cache
def _counted(origin: str, kind: str, side: int) -> list[tuple[str, str, int, bool]]:
    """In which indicators a cell counts, with which measure and sign."""
    found = []
    for row in INDICATORS:
        source = row.source
        if source.origin not in ("", origin):
            continue
        if isinstance(source, Flow) and kind in source.kinds and source.direction in (0, side):
            found.append((row.code, source.measure, source.sign, True))
        elif isinstance(source, Stock):
            found.append((row.code, source.measure, 1, False))
    return found
