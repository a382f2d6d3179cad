"""All figures of the register at once: what projects have added (`posting`) comes as a few cells, by month, zone,
sector or country, and each indicator is a sum over some of them. However many changes there are, what is read are the
sums of whole years, the months of the years that the question cuts, and the days of the months that it cuts."""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Case, DateField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, TruncMonth

from izportal.indicators import Asked, Indicator
from izportal.workdays import months_later
from projects.figures import posting
from projects.figures.facts import DIRECTIONS, Flow, Stock
from projects.figures.register import INDICATORS
from projects.models import Posting, Tally
from projects.models.tallies import MEASURES

Values = dict[str, Decimal | int]
SIDE = Case(*[When(rows, then=Value(side)) for side, rows in DIRECTIONS.items()], default=Value(0))
PLACE = ("zone__slug", "sector_id", "sector__parent_id")
# So many months up to the question are told one by one; what came before, by years.
MONTHS = 36
# Before the code of a stock: what it took over from another class, less what it gave away.
MOVED = "moved_"


@dataclass(frozen=True)
class Cell:
    """Changes of one kind, origin and direction that are alike in `key` too. `is_within` tells those of the period,
    `is_own` those that happened under this class: the others are what it took over from another, or gave away."""

    key: tuple[Any, ...]
    origin: str
    kind: str
    side: int
    is_within: bool
    sums: dict[str, Any]
    is_own: bool = True
    is_held: bool = True


def whole(asked: Asked) -> list[Cell]:
    """All taken together."""
    return _read(asked)


def value_and_records(indicator: Indicator, asked: Asked) -> tuple[Any, int]:
    """A figure of the register (`facts.Sums`), and how many records it has."""
    origin = indicator.source.origin
    found = whole(asked.of(origin=origin or asked.origin))
    value = values(found).get(indicator.code, 0)
    if isinstance(indicator.source, Stock):
        return value, total(found)["life"]
    told = [
        cell for cell in found if cell.is_own and cell.is_within and _tells(indicator.source, cell.kind, cell.side)
    ]
    return value, total(told)["one"]


def alive_among(asked: Asked, projects: Iterable[int]) -> int:
    """How many of some projects are in force."""
    rows = Posting.objects.filter(*narrowing(asked, is_each=False), project__in=projects, day__lte=asked.on)
    rows = rows.filter(known_at__lte=asked.known) if asked.known else rows
    return rows.aggregate(sum=Sum("life"))["sum"] or 0


def by_zone_and_sector(asked: Asked) -> list[Cell]:
    """Keys: zone, division of VSIC, section of VSIC."""
    return [_at_level_2(cell) for cell in _read(asked, *PLACE)]


def by_month(asked: Asked) -> list[Cell]:
    """What came and went in each of the last `MONTHS` and in each year before, under its first month."""
    return _read(asked, "month", fine=months_later(asked.on.replace(day=1), 1 - MONTHS))


def by_all(asked: Asked) -> list[Cell]:
    """Keys: zone, division, section, month; every month that there is."""
    return [_at_level_2(cell) for cell in _read(asked, *PLACE, "month", fine=date.min)]


def by_country(asked: Asked) -> list[Cell]:
    """A project counts once in each country of its investors, however many come from there."""
    return _read(asked, "country")


def _at_level_2(cell: Cell) -> Cell:
    """The sector, of any level, as its division and its section."""
    zone, sector, section, *rest = cell.key
    place = ("", sector) if sector.isalpha() else (sector[:2], section or "")
    return replace(cell, key=(zone, *place, *rest))


def _read(asked: Asked, *by: str, fine: date = date.max) -> list[Cell]:
    """One statement, so that all its parts are of one moment: the years that lie whole before, or in, the period; the
    months of the others; the days of the months that the question cuts; and, taken off again, what was not known yet.
    Years that reach the day `fine` are told by months."""
    posting.level()
    days = Posting.objects.annotate(month=Cast(TruncMonth("day"), DateField()))
    parts = [_grouped(rows, "month", 1, asked, by) for rows in _tallies(asked, by, fine)]
    for span in _cut_months(asked).items():
        parts.append(_grouped(days.filter(day__range=span), "day", 1, asked, by))
    if asked.known:
        late = days.filter(day__lte=asked.on, known_at__gt=asked.known)
        parts.append(_grouped(late, "day", -1, asked, by))
    return [_cell(row, by) for row in parts[0].union(*parts[1:], all=True)]


def _tallies(asked: Asked, by: tuple[str, ...], fine: date) -> tuple[QuerySet, QuerySet]:
    """The sums of the whole years, and of the whole months of all other years."""
    is_placed = bool(asked.zone or asked.sector or set(by) & set(PLACE))
    rows = Tally.objects.filter(month__lte=asked.on, zone__isnull=not is_placed)
    in_months = Q(month__gte=fine.replace(month=1, day=1))
    for year in _cut_years(asked):
        in_months |= Q(month__range=(year, year.replace(month=12)))
    months = rows.filter(in_months, is_year=False).exclude(month__in=list(_cut_months(asked)))
    return rows.filter(~in_months, is_year=True), months


def _cut_years(asked: Asked) -> set[date]:
    """The years that do not lie whole on one side of the first and of the last day of the question."""
    ends = ((asked.start, asked.start.replace(month=1, day=1)), (asked.on, asked.on.replace(month=12, day=31)))
    return {day.replace(month=1, day=1) for day, end in ends if day != end}


def _cut_months(asked: Asked) -> dict[date, date]:
    """The months that do not: the first day of each, and the last that counts."""
    ends = ((asked.start, asked.start.replace(day=1)), (asked.on, _end(asked.on)))
    return {day.replace(day=1): min(_end(day), asked.on) for day, end in ends if day != end}


def _end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _grouped(rows: QuerySet, when: str, sign: int, asked: Asked, by: tuple[str, ...]) -> QuerySet:
    within = Case(When(**{f"{when}__gte": asked.start}, then=Value(True)), default=Value(False))
    told = rows.filter(*narrowing(asked, is_each="country" in by)).annotate(within=within).order_by()
    grouped = told.values("origin", "stands_as", "side", "is_own", "within", *by)
    return grouped.annotate(**{f"sum_{name}": Sum(name) * sign for name in MEASURES})


def narrowing(asked: Asked, *, is_each: bool) -> Iterator[Q]:
    yield Q(is_sample=asked.is_sample)
    yield ~Q(country="") if is_each and not asked.country else Q(country=asked.country)
    if asked.zone:
        yield Q(zone__slug=asked.zone)
    if asked.origin:
        yield Q(origin=asked.origin)
    if asked.sector:
        inside = "sector__parent" if asked.sector.isalpha() else "sector__code__startswith"
        yield Q(sector=asked.sector) | Q(**{inside: asked.sector})


def _cell(row: Mapping[str, Any], by: tuple[str, ...]) -> Cell:
    return Cell(
        tuple(row[key] for key in by), row["origin"], row["stands_as"], row["side"], bool(row["within"]),
        {name: row[f"sum_{name}"] for name in MEASURES}, bool(row["is_own"]),
    )  # fmt: skip


def values(cells: Iterable[Cell], *, flows_of_all: bool = False) -> Values:
    """Indicator → its value over the cells, where it is not zero; figures of a period count the cells within it, or
    all of them. Under `MOVED` and the code of a stock, what it took over in the period from other classes."""
    found: Values = defaultdict(int)
    for cell in cells:
        counts = cell.is_within or flows_of_all
        for code, measure, sign, is_flow in _counted(cell.origin, cell.kind, cell.side):
            amount = cell.sums[measure] * sign
            if is_flow and counts and cell.is_own:
                found[code] += amount
            elif not is_flow:
                found[code] += amount
                if counts and not cell.is_own:
                    found[f"{MOVED}{code}"] += amount
    return {code: value for code, value in found.items() if value}


def total(cells: Iterable[Cell]) -> dict[str, Any]:
    """Every measure over all cells."""
    found = dict.fromkeys(MEASURES, 0)
    for cell in cells:
        for name in MEASURES:
            found[name] += cell.sums[name]
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
        if isinstance(source, Flow) and _tells(source, kind, side):
            found.append((row.code, source.measure, source.sign, True))
        elif isinstance(source, Stock):
            found.append((row.code, source.measure, 1, False))
    return found


def _tells(source: Any, kind: str, side: int) -> bool:
    """Whether a figure of a period counts changes of a kind and direction."""
    return kind in source.kinds and source.direction in (0, side)
