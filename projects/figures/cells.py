"""All figures of the register at once, from one pass of the database over the changes: counted by month, zone, sector
or whatever is asked for, the rows of a group come as a few cells, and each indicator is a sum over some of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth

from izportal.indicators import Asked
from projects.figures.facts import DIRECTIONS, LIFE, Flow, Stock, facts
from projects.figures.register import INDICATORS
from projects.models import Change, Contribution

Values = dict[str, Decimal | int]
SIDE = Case(*[When(rows, then=Value(side)) for side, rows in DIRECTIONS.items()], default=Value(0))
SUMS = {
    "one": Count("pk"), "life": Sum(LIFE), "usd": Sum("capital_usd"), "vnd": Sum("capital_vnd"),
    "area": Sum("area_m2"),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """Changes of one kind, origin and direction that are alike in `key` too. `is_within` tells those of the period."""

    key: tuple[Any, ...]
    origin: str
    kind: str
    side: int
    is_within: bool
    sums: dict[str, Any]

    def under(self, key: tuple[Any, ...]) -> "Cell":
        return replace(self, key=key)


def by_zone_and_sector(asked: Asked) -> list[Cell]:
    """Keys: zone, division of VSIC, section of VSIC; one query."""
    names = ("project__zone__slug", "project__sector_id", "project__sector__parent_id")
    return [cell.under(_at_level_2(*cell.key)) for cell in _read(facts(asked), asked, *names)]


def _at_level_2(zone: str, sector: str, parent: str | None) -> tuple[str, str, str]:
    """Section and division of a sector of any level."""
    return zone, "" if sector.isalpha() else sector[:2], sector if sector.isalpha() else parent or ""


def by_month(asked: Asked) -> dict[date, list[Cell]]:
    return by_key(_read(facts(asked), asked, month=TruncMonth("effective_on")))


def by_country(asked: Asked) -> list[Cell]:
    """A project counts once in each country of its investors, however many come from there."""
    earlier = Contribution.objects.filter(
        project=OuterRef("project"), investor__country=OuterRef("investor__country"), pk__lt=OuterRef("pk")
    )
    held = {"share": F("project__contributions"), "country": F("project__contributions__investor__country")}
    rows = facts(asked).annotate(**held).filter(country__isnull=False)
    rows = rows.exclude(share__in=Contribution.objects.filter(Exists(earlier)).values("pk"))
    return _read(rows, asked, "country")


def _read(rows: QuerySet[Change], asked: Asked, *by: str, **named: Any) -> list[Cell]:
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


def by_key(cells: Iterable[Cell], place: int = 0) -> dict[Any, list[Cell]]:
    """The cells by one of their keys."""
    found: dict[Any, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[cell.key[place]].append(cell)
    return found


def effects(row: Mapping[str, Any], *, is_within: bool) -> Values:
    """What one change adds to each indicator; `row` has its origin, kind, direction and sums."""
    cell = Cell((), row["project__origin"], row["stands_as"], row["side"], is_within, dict(row))
    return values([cell])


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
