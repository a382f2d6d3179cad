"""Keeps the sums that figures are read from level with the register, as a ledger keeps its balance.

Whatever a project adds to the figures is posted as differences: on which day, by which class, since when it is known.
The postings of a project follow from its rows alone, so they are simply made anew when it was written to: the database
notes that in the transaction of the write (`projects/version.py`), and whoever reads figures next posts what is noted.
`Tally` holds the postings summed by month and by year; what changes of a project's postings is added to it as further
parts, so that two who post never wait for one row.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Count, DateField, QuerySet, Sum
from django.db.models.functions import Cast, TruncMonth, TruncYear

from projects.models import Change, Classification, Contribution, Posting, Project, Tally, Unposted
from projects.models.tallies import CLASS, MEASURES, PLACE

Kind = Change.Kind
Sums = dict[tuple[Any, ...], list[Any]]
# Projects that are posted in one transaction.
MOST = 500
# Parts that are inserted by one statement.
BATCH = 2000
# So many parts in one go are summed at once; fewer wait for the night.
MANY = 20_000
ZERO, CENT = Decimal(0), Decimal("0.01")
KEY = (*CLASS, "day")
OF_TALLY = (*CLASS, "month", "is_year")
LIFE, UNOWNED = MEASURES.index("life"), MEASURES.index("unowned")
NOTHING = [0] * len(MEASURES)
OF_CHANGE = (
    "pk", "project_id", "recorded_at", "supersedes_id", "effective_on", "stands_as", "capital_usd", "capital_vnd",
    "exchange_rate", "area_m2",
)  # fmt: skip
OF_SPAN = ("pk", "project_id", "recorded_at", "supersedes_id", "starts_on", "ended_on")
OF_CLASS = (*OF_SPAN, "origin", "zone_id", "sector_id", "enterprise_id")
OF_SHARE = (*OF_SPAN, "investor__country_id")


class Spell(NamedTuple):
    """A time, from a day up to another, in which a project was under one class and of one country; `country` is empty
    for the class alone."""

    row: Any
    country: str
    since: date
    until: date | None


class Book(NamedTuple):
    """All rows of one project, and when each of them was superseded."""

    is_sample: bool
    changes: list[Any]
    classes: list[Any]
    shares: list[Any]
    ends: dict[tuple[str, int], datetime]


def level() -> None:
    """Post whatever was written since; one query where nothing was."""
    parts, are_more = 0, True
    while are_more:
        noted = list(Unposted.objects.order_by("pk").values_list("project_id", flat=True)[:MOST])
        parts += _post(set(noted)) if noted else 0
        are_more = len(noted) == MOST
    if parts > MANY:
        tidy()


@transaction.atomic
def _post(projects: set[int]) -> int:
    """Take the notes away first: what is written while the rows are read is noted anew. Whoever comes second waits
    here for the first, and finds nothing left to do."""
    notes = Unposted.objects.filter(project_id__in=projects).select_for_update().order_by("pk")
    taken = {row.pk: row.project_id for row in notes}
    if not taken:
        return 0
    Unposted.objects.filter(pk__in=taken).delete()
    rows = Posting.objects.filter(project__in=set(taken.values()))
    parts: Sums = defaultdict(lambda: NOTHING)
    for row in rows:
        _add(parts, row, -1)
    found = list(of(set(taken.values())))
    for row in found:
        _add(parts, row, 1)
    rows.delete()
    Posting.objects.bulk_create(found, BATCH)
    return len(Tally.objects.bulk_create(_tallies(parts), BATCH))


def _add(parts: Sums, row: Posting, sign: int) -> None:
    for key in _sums_of(row):
        parts[key] = [held + sign * getattr(row, name) for held, name in zip(parts[key], MEASURES, strict=True)]


def _sums_of(row: Posting) -> Iterator[tuple[Any, ...]]:
    """The keys of the four sums that a posting is part of."""
    told = {name: getattr(row, name) for name in CLASS}
    for common in (told, {**told, **dict.fromkeys(PLACE)}):
        yield (*common.values(), row.day.replace(day=1), False)
        yield (*common.values(), row.day.replace(month=1, day=1), True)


def _tallies(parts: Sums) -> Iterator[Tally]:
    names = (*OF_TALLY, *MEASURES)
    return (Tally(**dict(zip(names, (*key, *sums), strict=True))) for key, sums in parts.items() if any(sums))


@transaction.atomic
def renew() -> None:
    """Everything once more from the rows."""
    Posting.objects.all().delete()
    Tally.objects.all().delete()
    Unposted.objects.bulk_create(Unposted(project_id=pk) for pk in Project.objects.values_list("pk", flat=True))
    level()


def tidy() -> None:
    """The parts of each sum as one row; each month for itself, so that nobody waits long."""
    parts = Tally.objects.order_by().values(*OF_TALLY).annotate(parts=Count("pk")).filter(parts__gt=1)
    for month, is_year in sorted(set(parts.values_list("month", "is_year"))):
        _tidy(month, is_year)


@transaction.atomic
def _tidy(month: date, is_year: bool) -> None:
    """Further parts may come meanwhile; they are left for the next time."""
    found: dict[tuple[Any, ...], list[Tally]] = defaultdict(list)
    for row in Tally.objects.filter(month=month, is_year=is_year).select_for_update().order_by("pk"):
        found[tuple(getattr(row, name) for name in OF_TALLY)].append(row)
    several = {key: rows for key, rows in found.items() if len(rows) > 1}
    sums = {key: [sum(getattr(row, name) for row in rows) for name in MEASURES] for key, rows in several.items()}
    Tally.objects.filter(pk__in=[row.pk for rows in several.values() for row in rows]).delete()
    Tally.objects.bulk_create(_tallies(sums), BATCH)


def summed(*, is_year: bool, is_placed: bool) -> tuple[Sums, Sums]:
    """Class and month (or year) → every measure, as the tallies have it and as the postings add up to it."""
    begun = Cast((TruncYear if is_year else TruncMonth)("day"), DateField())
    by = (*(name for name in CLASS if is_placed or name not in PLACE), "month")
    tallies = Tally.objects.filter(is_year=is_year, zone__isnull=not is_placed)
    return _grouped(tallies, by), _grouped(Posting.objects.annotate(month=begun), by)


def _grouped(rows: QuerySet, by: tuple[str, ...]) -> Sums:
    told = {f"sum_{name}": Sum(name) for name in MEASURES}
    found = rows.order_by().values(*by).annotate(**told)
    sums = {tuple(row[name] for name in by): [row[name] for name in told] for row in found}
    return {key: held for key, held in sums.items() if any(held)}


def of(projects: Iterable[int]) -> Iterator[Posting]:
    """The postings of some projects as their rows say now; four queries."""
    for project, book in _books(projects).items():
        before: Sums = {}
        for moment in sorted({row.recorded_at for row in (*book.changes, *book.classes, *book.shares)}):
            now = _state(book, moment)
            for key in {**before, **now}:
                sums = [new - old for new, old in zip(now.get(key, NOTHING), before.get(key, NOTHING), strict=True)]
                if any(sums):
                    said = zip((*KEY, *MEASURES), (book.is_sample, *key, *sums), strict=True)
                    yield Posting(project_id=project, known_at=moment, **dict(said))
            before = now


def _books(projects: Iterable[int]) -> dict[int, Book]:
    told = Project.objects.filter(pk__in=projects).order_by().values_list("pk", "is_sample")
    books = {pk: Book(is_sample, [], [], [], {}) for pk, is_sample in told}
    for model, place, names in (
        (Change, "changes", OF_CHANGE), (Classification, "classes", OF_CLASS), (Contribution, "shares", OF_SHARE),
    ):  # fmt: skip
        rows = model.objects.filter(project__in=list(books)).order_by("pk")
        for row in rows.values_list(*names, named=True):
            getattr(books[row.project_id], place).append(row)
            if row.supersedes_id:
                books[row.project_id].ends[place, row.supersedes_id] = row.recorded_at
    return books


def _state(book: Book, moment: datetime) -> Sums:
    """All that a project adds, by what was known at a moment."""
    changes, classes, shares = (
        [row for row in getattr(book, place) if _is_known(row, book.ends.get((place, row.pk)), moment)]
        for place in ("changes", "classes", "shares")
    )
    changes.sort(key=lambda row: (row.effective_on, row.pk))
    effects = {row.origin: list(_effects(changes, row.origin)) for row in classes}
    found: Sums = {}
    for spell in _spells(classes, shares):
        for change, side, sums in effects[spell.row.origin]:
            _count(found, spell, change, side, sums)
    return found


def _is_known(row: Any, end: datetime | None, moment: datetime) -> bool:
    return row.recorded_at <= moment and not (end and end <= moment)


def _count(found: Sums, spell: Spell, change: Any, side: int, effect: list[Any]) -> None:
    """A change comes on its own day, or with the spell where that begins later, and goes with it."""
    begun = max(change.effective_on, spell.since)
    if spell.until and spell.until <= begun:
        return
    row = spell.row
    if not row.enterprise_id:
        effect = [*effect[:UNOWNED], effect[LIFE], *effect[UNOWNED + 1 :]]
    common = (row.zone_id, row.sector_id, row.origin, spell.country, change.stands_as, side)
    turns = [((*common, begun == change.effective_on, begun), 1)]
    if spell.until:
        turns.append(((*common, False, spell.until), -1))
    for key, sign in turns:
        held = found.get(key, NOTHING)
        found[key] = [old + sign * new for old, new in zip(held, effect, strict=True)]


def _spells(classes: list[Any], shares: list[Any]) -> Iterator[Spell]:
    countries: dict[str, list[Any]] = defaultdict(list)
    for row in sorted(shares, key=lambda row: row.starts_on):
        countries[row.investor__country_id].append((row.starts_on, row.ended_on))
    for row in classes:
        yield Spell(row, "", row.starts_on, row.ended_on)
        for country, spans in countries.items():
            for since, until in _joined(spans):
                ends = [day for day in (row.ended_on, until) if day]
                yield Spell(row, country, max(row.starts_on, since), min(ends, default=None))


def _joined(spans: list[tuple[date, date | None]]) -> Iterator[tuple[date, date | None]]:
    """Spans in the order of their first days, those that touch made one."""
    since, until = spans[0]
    for start, end in spans[1:]:
        if until and start > until:
            yield since, until
            since, until = start, end
        elif until:
            until = max(until, end) if end else None
    yield since, until


def _effects(changes: list[Any], origin: str) -> Iterator[tuple[Any, int, list[Any]]]:
    """Each change, which way it goes, and what it adds to every measure; what holds only while the project is in force
    goes with its end, whatever the end itself says."""
    certificate, paused, dollars, unrated, has_ended = None, 0, ZERO, 0, False
    before: tuple[Any, ...] = (0, 0, 0, ZERO)
    for row in changes:
        own = row.capital_usd if origin == Project.Origin.FDI else row.capital_vnd
        worth = _in_dollars(row, origin)
        dollars, unrated = dollars + (worth or 0), unrated + (worth is None)
        certificate = row.effective_on if row.stands_as == Kind.ISSUED else certificate
        has_ended = has_ended or row.stands_as in Change.ENDING
        if row.stands_as in (Kind.SUSPENDED, Kind.RESUMED):
            paused = int(row.stands_as == Kind.SUSPENDED)
        is_alive = certificate is not None and not has_ended
        now = (certificate.toordinal(), paused, unrated, dollars) if is_alive and certificate else (0, 0, 0, ZERO)
        born, resting, lacking, standing = (new - old for new, old in zip(now, before, strict=True))
        life = (row.stands_as == Kind.ISSUED) - (row.stands_as in Change.ENDING)
        side = (own > 0) - (own < 0)
        yield row, side, [
            1, life, born, resting, 0, lacking, row.capital_usd, row.capital_vnd, row.area_m2, standing
        ]  # fmt: skip
        before = now


def _in_dollars(row: Any, origin: str) -> Decimal | None:
    """As `course.InDollars` counts it: to the cent; None where a decision in đồng states no rate."""
    if origin == Project.Origin.FDI or not row.capital_vnd:
        return row.capital_usd if origin == Project.Origin.FDI else ZERO
    if row.exchange_rate is None:
        return None
    return (row.capital_vnd / row.exchange_rate).quantize(CENT, ROUND_HALF_UP)
