"""How long a procedure has really taken at this counter, from the dossiers settled in the last months.

Two times of each dossier, both in the unit of its limit: `whole` from filing to result, as the applicant lived it, and
`board` from reception to result without the waits for a supplement, as the limit counts. Nothing is computed from
fewer dossiers than the rule `few_dossiers` says.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import accumulate

from django.core.cache import cache
from django.db.models import Exists, OuterRef
from django.utils import timezone

from izportal.models import Rule
from izportal.workdays import Calendar, months_later
from onestop.clock import DAY, WORKING_DAY, WORKING_HOUR
from onestop.models import Dossier, Event, ProcedureCase, ProcedureVersion, Supplement

# Where no rule says otherwise.
FEW, MONTHS = 5, 12
HOUR = 3600


@dataclass(frozen=True)
class Spread:
    """Half of the dossiers took no longer than `median`, nine in ten no longer than `ninetieth`."""

    median: Decimal
    ninetieth: Decimal


@dataclass(frozen=True)
class Record:
    """Settled dossiers of one case, or of all (`case` is None). The spreads are None where there are too few."""

    case: ProcedureCase | None
    unit: str
    count: int = 0
    in_time: int = 0
    extended: int = 0
    whole: Spread | None = None
    board: Spread | None = None

    @property
    def is_enough(self) -> bool:
        return self.board is not None

    @property
    def percent_in_time(self) -> Decimal:
        return Decimal(100 * self.in_time) / self.count


@dataclass(frozen=True)
class Durations:
    """What the settled dossiers of a period show; `is_sample` while the portal holds invented dossiers only."""

    since: date
    until: date
    few: int
    is_sample: bool
    total: Record
    cases: tuple[Record, ...]


@dataclass(frozen=True)
class _Settled:
    case: str
    submitted_at: datetime
    received_at: datetime
    completed_at: datetime
    is_in_time: bool
    is_extended: bool
    is_sample: bool
    waits: tuple[tuple[datetime, datetime], ...] = ()


def of(version: ProcedureVersion, *, at: datetime, calendar: Calendar) -> Durations:
    """Dossiers of the procedure, of whichever version, with a result in the months up to `at`.

    Four questions to the database however many they are. A case that only another version knows is told in the total.
    """
    until = timezone.localdate(at)
    rules = Rule.objects.texts(("few_dossiers", "durations_months"), on=until)
    few, months = int(rules.get("few_dossiers", FEW)), int(rules.get("durations_months", MONTHS))
    since = months_later(until, -months)
    settled = _settled(version, since, at, calendar)
    measure = Measure(calendar, since, until)
    default = version.default_case()
    cases = list(version.cases.all())
    of_case = [
        _record(measure, [row for row in settled if row.case == case.key], case.unit, few, case) for case in cases
    ]
    return Durations(
        since, until, few, any(row.is_sample for row in settled),
        _record(measure, settled, default.unit if default else WORKING_DAY, few),
        tuple(record for record in of_case if record.is_enough) if len(cases) > 1 else (),
    )  # fmt: skip


def told(version: ProcedureVersion, *, at: datetime, calendar: Calendar) -> Durations:
    """The same, counted anew once an hour: ten thousand dossiers take a fifth of a second."""
    return told_all([version], at=at, calendar=calendar)[version.pk]


def told_all(versions: Iterable[ProcedureVersion], *, at: datetime, calendar: Calendar) -> dict[int, Durations]:
    """The same for several versions, by key: one question where all have been counted in this hour."""
    keys = {_key(version, at): version for version in versions}
    known = cache.get_many(keys) if keys else {}
    missing = {key: of(version, at=at, calendar=calendar) for key, version in keys.items() if key not in known}
    if missing:
        cache.set_many(missing, HOUR)
    return {version.pk: (known | missing)[key] for key, version in keys.items()}


def _key(version: ProcedureVersion, at: datetime) -> str:
    return f"durations:{version.pk}:{timezone.localtime(at):%Y%m%d%H}"


def _settled(version: ProcedureVersion, since: date, at: datetime, calendar: Calendar) -> list[_Settled]:
    start = calendar.open_of(since)
    rows = Dossier.objects.countable().filter(
        procedure=version.procedure_id, status__in=Dossier.SETTLED, received_at__isnull=False,
        completed_at__gte=start, completed_at__lte=at,
    )  # fmt: skip
    promised_anew = Exists(Event.objects.filter(dossier=OuterRef("pk"), step="extend"))
    waits: dict[object, list[tuple[datetime, datetime]]] = {}
    asked = Supplement.objects.filter(dossier__in=rows, stage=Supplement.Stage.REVIEW)
    for pk, left, back in asked.order_by("asked_at").values_list("dossier_id", "asked_at", "answered_at"):
        if back is not None:
            waits.setdefault(pk, []).append((left, back))
    told = rows.annotate(anew=promised_anew).values_list(
        "pk", "case__key", "submitted_at", "received_at", "completed_at", "due_at", "anew", "is_sample"
    )
    return [
        _Settled(case, submitted, received, done, done <= due, anew, is_sample, tuple(waits.get(pk, ())))
        for pk, case, submitted, received, done, due, anew, is_sample in told
    ]


def _record(
    measure: "Measure", rows: Sequence[_Settled], unit: str, few: int, case: ProcedureCase | None = None
) -> Record:
    record = Record(
        case, unit, len(rows), sum(row.is_in_time for row in rows), sum(row.is_extended for row in rows)
    )  # fmt: skip
    if len(rows) < max(few, 1):
        return record
    between = measure.of(unit)
    whole = [between(row.submitted_at, row.completed_at) for row in rows]
    board = (held(row.received_at, row.completed_at, row.waits, between) for row in rows)
    return replace(record, whole=spread(Counter(whole)), board=spread(Counter(board)))


def held(
    received_at: datetime,
    completed_at: datetime,
    waits: Iterable[tuple[datetime, datetime]],
    between: Callable[[datetime, datetime], Decimal],
) -> Decimal:
    """Reception to result, without the waits; one that was answered after the result has cost the applicant none."""
    waited = sum((between(since, min(back, completed_at)) for since, back in waits), Decimal())
    return between(received_at, completed_at) - waited


def spread(lengths: Mapping[Decimal, int]) -> Spread:
    """Of how many dossiers took each length. The ninetieth percentile by the nearest rank: a length that a dossier
    really took."""
    ordered = sorted(lengths)
    ends = list(accumulate(lengths[length] for length in ordered))
    count = ends[-1]

    def at_rank(rank: int) -> Decimal:
        return ordered[bisect_left(ends, rank)]

    middle = (at_rank((count + 1) // 2) + at_rank(count // 2 + 1)) / 2
    return Spread(middle, at_rank(-(-count * 9 // 10)))


class Measure:
    """Lengths of time as the clock counts them: the day of an event is not counted. The working days of the period
    are listed once, so that each of many dossiers costs two look-ups and no walk through the calendar."""

    def __init__(self, calendar: Calendar, since: date, until: date):
        self.calendar = calendar
        # A dossier settled in the period may have been filed long before.
        self.first, self.last = since - timedelta(days=800), until
        self.days: list[date] = []

    def of(self, unit: str) -> Callable[[datetime, datetime], Decimal]:
        return {WORKING_DAY: self._working_days, DAY: self._days, WORKING_HOUR: self._hours}[unit]

    def _working_days(self, start: datetime, end: datetime) -> Decimal:
        first, last = self.calendar.local(start).date(), self.calendar.local(end).date()
        if first < self.first:
            return Decimal(self.calendar.working_days_between(first, last))
        if not self.days:
            span = (self.first + timedelta(n) for n in range((self.last - self.first).days + 1))
            self.days = [day for day in span if self.calendar.is_working(day)]
        return Decimal(bisect_right(self.days, last) - bisect_right(self.days, first))

    def _days(self, start: datetime, end: datetime) -> Decimal:
        return Decimal((self.calendar.local(end).date() - self.calendar.local(start).date()).days)

    def _hours(self, start: datetime, end: datetime) -> Decimal:
        return self.calendar.working_hours_between(start, end)
