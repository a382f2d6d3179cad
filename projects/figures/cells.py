"""All figures of the register at once, from one pass of the database over the changes: counted by month, zone, sector
or whatever is asked for, the rows of a group come as a few cells, and each indicator is a sum over some of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Greatest, TruncMonth

from izportal.indicators import Asked
from izportal.lists import FIRST_DAY
from projects.figures.facts import CLASS, DIRECTIONS, LIFE, Flow, Stock, changes, covers, facts, happened, stands
from projects.figures.register import INDICATORS
from projects.models import Change, Contribution

Values = dict[str, Decimal | int]
SIDE = Case(*[When(rows, then=Value(side)) for side, rows in DIRECTIONS.items()], default=Value(0))
SUMS = {
    "one": Count("pk"), "life": Sum(LIFE), "usd": Sum("capital_usd"), "vnd": Sum("capital_vnd"),
    "area": Sum("area_m2"),
}  # fmt: skip
PLACE = (f"{CLASS}zone__slug", "sector_id", f"{CLASS}sector__parent_id")
SHARE = "project__contributions__"
# Before the code of a stock: what it took over from another class, less what it gave away.
MOVED = "moved_"


@dataclass(frozen=True)
class Cell:
    """Changes of one kind, origin and direction that are alike in `key` too. `is_within` tells those of the period,
    `is_own` those that happened under this class: the others are what a class took over from another, or gave to it.
    `is_held` is false for those that are told only as what happened."""

    key: tuple[Any, ...]
    origin: str
    kind: str
    side: int
    is_within: bool
    sums: dict[str, Any]
    is_own: bool = True
    is_held: bool = True

    def reversed(self) -> "Cell":
        return replace(self, sums={name: -value for name, value in self.sums.items()})


def by_zone_and_sector(asked: Asked) -> list[Cell]:
    """Keys: zone, division of VSIC, section of VSIC; two queries."""
    return [_at_level_2(cell) for cell in _moved(asked, *PLACE)]


def by_month(asked: Asked) -> list[Cell]:
    """What came and went in each month; two queries."""
    return _moved(asked, month=TruncMonth("day"))


def by_all(asked: Asked) -> list[Cell]:
    """Keys: zone, division, section, month; two queries."""
    return [_at_level_2(cell) for cell in _moved(asked, *PLACE, month=TruncMonth("day"))]


def _at_level_2(cell: Cell) -> Cell:
    """The sector, of any level, as its division and its section."""
    zone, sector, section, *rest = cell.key
    place = ("", sector) if sector.isalpha() else (sector[:2], section or "")
    return replace(cell, key=(zone, *place, *rest))


def _moved(asked: Asked, *by: str, **named: Any) -> list[Cell]:
    """Each change comes under a class on its own day, or on the day from which its project has that class, and leaves
    it on the day on which the project goes to another."""
    begun = Greatest("effective_on", "class_from")
    rows = changes(asked).filter(Q(class_until__isnull=True) | Q(class_until__gt=begun))
    comes = rows.filter(class_from__lte=asked.on).annotate(day=begun)
    own = Case(When(effective_on__gte=F("class_from"), then=Value(True)), default=Value(False))
    goes = rows.filter(class_until__lte=asked.on).annotate(day=F("class_until"))
    came = _read(comes, asked, *by, **named, own=own)
    told = [replace(cell, key=cell.key[:-1], is_own=bool(cell.key[-1])) for cell in came]
    return told + [replace(cell.reversed(), is_own=False) for cell in _read(goes, asked, *by, **named)]


def of_country(asked: Asked) -> list[Cell]:
    """The question narrowed to a country, by zone and sector: what stands on its day, and what happened; two queries.
    An investor comes and goes without any change of capital, so that the one does not follow from the other."""
    standing = _read(facts(asked).annotate(day=F("effective_on")), asked, *PLACE)
    within = _read(happened(asked).annotate(day=F("effective_on")), asked, *PLACE)
    return [_at_level_2(cell) for cell in (*_only_held(standing), *_only_told(within))]


def told_by_month(asked: Asked) -> list[Cell]:
    """What happened in each month, without what was moved; one query."""
    whole = asked.of(since=FIRST_DAY)
    rows = happened(whole).annotate(day=F("effective_on"))
    return list(_only_told(_read(rows, whole, month=TruncMonth("effective_on"))))


def by_country(asked: Asked) -> list[Cell]:
    """A project counts once in each country of its investors, however many come from there; two queries."""
    share, day = (f"{SHARE}starts_on", f"{SHARE}ended_on"), F("effective_on")
    standing = facts(asked).filter(stands(SHARE, asked.known), covers(asked.on, *share))
    within = happened(asked).filter(stands(SHARE, asked.known), covers(day, *share))
    held = _once(standing, Contribution.objects.standing(on=asked.on, known=asked.known))
    told = _once(within, Contribution.objects.standing(on=OuterRef("effective_on"), known=asked.known))
    return [*_only_held(_read(held, asked, "country")), *_only_told(_read(told, asked, "country"))]


def _once(rows: QuerySet[Change], shares: QuerySet[Contribution]) -> QuerySet[Change]:
    """A second investor from a country adds nothing to it."""
    rows = rows.annotate(day=F("effective_on"), country=F(f"{SHARE}investor__country"), share=F(f"{SHARE}pk"))
    earlier = shares.filter(
        project=OuterRef("project"), investor__country=OuterRef("country"), pk__lt=OuterRef("share")
    )
    return rows.filter(~Exists(earlier))


def _only_held(cells: Iterable[Cell]) -> Iterator[Cell]:
    return (replace(cell, is_own=False, is_within=False) for cell in cells)


def _only_told(cells: Iterable[Cell]) -> Iterator[Cell]:
    return (replace(cell, is_held=False) for cell in cells)


def _read(rows: QuerySet[Change], asked: Asked, *by: str, **named: Any) -> list[Cell]:
    """One query; `rows` say in `day` when they count."""
    within = Case(When(day__gte=asked.start, then=Value(True)), default=Value(False))
    told = rows.annotate(side=SIDE, within=within, **named)
    keys = (*by, *named)
    grouped = told.values("origin", "stands_as", "side", "within", *keys).annotate(**SUMS).order_by()
    return [
        Cell(
            tuple(row[key] for key in keys), row["origin"], row["stands_as"], row["side"], bool(row["within"]),
            {name: row[name] or 0 for name in SUMS},
        )
        for row in grouped
    ]  # fmt: skip


def values(cells: Iterable[Cell], *, flows_of_all: bool = False) -> Values:
    """Indicator → its value over the cells; figures of a period count the cells within it, or all of them. Under
    `MOVED` and the code of a stock, what it took over in the period from other classes."""
    found: Values = defaultdict(int)
    for cell in cells:
        counts = cell.is_within or flows_of_all
        for code, measure, sign, is_flow in _counted(cell.origin, cell.kind, cell.side):
            amount = cell.sums[measure] * sign
            if is_flow and counts and cell.is_own:
                found[code] += amount
            elif not is_flow and cell.is_held:
                found[code] += amount
                if counts and not cell.is_own:
                    found[f"{MOVED}{code}"] += amount
    return found


def by_key(cells: Iterable[Cell], place: int = 0) -> dict[Any, list[Cell]]:
    """The cells by one of their keys."""
    found: dict[Any, list[Cell]] = defaultdict(list)
    for cell in cells:
        found[cell.key[place]].append(cell)
    return found


def effects(row: Mapping[str, Any], *, is_within: bool) -> Values:
    """What one change adds to each indicator; `row` has its origin, kind, direction and sums."""
    return values([Cell((), row["origin"], row["stands_as"], row["side"], is_within, dict(row))])


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
