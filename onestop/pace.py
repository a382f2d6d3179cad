"""At what pace each station has worked of late, measured at night, and what will be late at that pace.

A forecast is no promise: it takes what the present station usually still needs and what those to come usually take, in
working time from now. Nothing is said of a procedure of which too few dossiers were settled (rule `few_dossiers`).
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from statistics import median
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from izportal.models import CalendarDay, Rule, User
from izportal.workdays import Calendar, hours_to_time, months_later
from onestop import budgets, durations
from onestop.models import Dossier, Pace, ProcedureCase, Stage

# So many dossiers are read at a time.
CHUNK = 500
# Of a procedure the newest are measured, up to this number: the pace of late, at the same cost in any year.
NEWEST = 300
# The week's dossiers are reckoned up to this number, the nearest due first; the page says so.
MOST = 400
# The clock of the law stops when the result is sealed: what comes after makes nothing late.
TO_COME = (Stage.RECEPTION, Stage.ASSIGN, Stage.REVIEW, Stage.HEAD, Stage.LEADER, Stage.CLERK)
HOUR = timedelta(hours=1)


# Measuring --------------------------------------------------------------------------------------------------------
def measure(*, at: datetime) -> int:
    """The median working hours of each station of each procedure, from the `NEWEST` dossiers settled in the last
    months; how many rows there are now. Reads `CHUNK` of them at a time and keeps one number of each stay."""
    calendar = CalendarDay.calendar()
    lengths: dict[tuple[int, Stage], array] = {}
    procedures = dict(_newest(_settled(at)).values_list("pk", "procedure_id"))
    keys = list(procedures)
    for first in range(0, len(keys), CHUNK):
        for pk, moves in budgets.moves_of(keys[first : first + CHUNK]).items():
            _here, taken = budgets.spent(moves, calendar, until=None)
            for stage, length in taken.items():
                lengths.setdefault((procedures[pk], stage), array("d")).append(length / HOUR)
    return _keep(lengths, at)


def measure_daily(*, at: datetime) -> int:
    """The same, once a day however often it is asked for."""
    today = timezone.make_aware(datetime.combine(timezone.localdate(at), time.min))
    return 0 if Pace.objects.filter(measured_at__gte=today).exists() else measure(at=at)


def _settled(at: datetime) -> QuerySet[Dossier]:
    today = timezone.localdate(at)
    told = Rule.objects.texts(("durations_months",), on=today)
    since = months_later(today, -int(told.get("durations_months", durations.MONTHS)))
    start = timezone.make_aware(datetime.combine(since, time.min))
    rows = Dossier.objects.countable().filter(status__in=Dossier.SETTLED, received_at__isnull=False)
    return rows.filter(completed_at__gte=start, completed_at__lte=at)


def _newest(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Those settled last of each procedure."""
    place = Window(RowNumber(), partition_by="procedure_id", order_by=("-completed_at", "pk"))
    return rows.order_by().alias(place=place).filter(place__lte=NEWEST)


@transaction.atomic
def _keep(lengths: dict[tuple[int, Stage], array], at: datetime) -> int:
    rows = [
        Pace(
            procedure_id=procedure, stage=stage, hours=round(Decimal(median(hours)), 1), count=len(hours),
            measured_at=at,
        )
        for (procedure, stage), hours in lengths.items()
    ]  # fmt: skip
    measured = ("hours", "count", "measured_at")
    Pace.objects.bulk_create(rows, update_conflicts=True, unique_fields=("procedure", "stage"), update_fields=measured)
    Pace.objects.exclude(measured_at=at).delete()
    return len(lengths)


# Forecast ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Expected:
    """What a running dossier still needs (`left`) and has (`room`) up to its due moment, in working time; `left` is
    None where too few dossiers of its procedure were settled."""

    pk: UUID
    due_at: datetime
    left: timedelta | None
    room: timedelta
    cases: int = 0

    @property
    def is_late(self) -> bool:
        return self.left is not None and self.left > self.room


@dataclass(frozen=True)
class Forecast:
    """The running dossiers due by the end of a week: those that will be late at the present pace, the longest delay
    first, beside those of which nothing can be said. `overdue` are late already."""

    at: datetime
    until: datetime
    calendar: Calendar
    few: int
    expected: tuple[Expected, ...]
    overdue: int
    is_cut: bool

    @cached_property
    def late(self) -> list[Expected]:
        late = [row for row in self.expected if row.is_late]
        return sorted(late, key=lambda row: (row.room - (row.left or HOUR), row.due_at))

    @property
    def due(self) -> int:
        return len(self.expected)

    @property
    def unknown(self) -> int:
        return sum(row.left is None for row in self.expected)

    @property
    def is_silent(self) -> bool:
        """Nothing can be said of any of them."""
        return self.unknown == self.due

    @property
    def cases(self) -> int:
        """The fewest cases on which one of the forecasts rests."""
        return min((row.cases for row in self.expected if row.left is not None), default=0)

    @property
    def last_day(self) -> date:
        return self.calendar.local(self.until).date() - timedelta(1)

    def finish(self, row: Expected) -> datetime:
        """When the result is expected."""
        return self.calendar.add_working_time(self.at, row.left or timedelta())


def scope(rows: QuerySet[Dossier], user: User) -> QuerySet[Dossier] | None:
    """Whose dossiers the reader is told about: a leader all, a head those of the division, a specialist their own;
    None for those who settle nothing."""
    if user.is_superuser or user.has_role("leader", "administrator", "auditor"):
        return rows
    if user.has_role("head"):
        return rows.filter(division=user.division_id) if user.division_id else rows
    return rows.filter(assigned_to=user) if user.has_role("specialist") else None


def week_end(at: datetime, calendar: Calendar) -> datetime:
    """The midnight after the Sunday of the week."""
    today = calendar.local(at).date()
    return calendar.at(today + timedelta(7 - today.weekday()), time.min)


def forecast(
    rows: QuerySet[Dossier], *, at: datetime, calendar: Calendar, shares: budgets.Shares, few: int
) -> Forecast:
    """Of the given dossiers, those due by the end of this week, by the rules of the day (`budgets.Shares`, the fewest
    dossiers of which a pace is told). Six questions, however many there are."""
    until, running = week_end(at, calendar), rows.running()
    due = list(running.filter(due_at__gte=at, due_at__lt=until).order_by("due_at", "pk").select_related(None)
               .values_list("pk", "procedure_id", "version_id", "case_id", "due_at")[: MOST + 1])  # fmt: skip
    expected = _Reckoning(due[:MOST], few, shares, at, calendar).expected if due else ()
    return Forecast(
        at, until, calendar, few, tuple(expected), running.filter(due_at__lt=at).count(), is_cut=len(due) > MOST
    )


class _Reckoning:
    """What the forecasts of some dossiers rest on, read once."""

    def __init__(self, due: list[tuple], few: int, shares: budgets.Shares, at: datetime, calendar: Calendar):
        self.at, self.calendar, self.few = at, calendar, few
        self.due, self.moves = due, budgets.moves_of([row[0] for row in due])
        self.cases = ProcedureCase.objects.in_bulk({row[3] for row in due})
        self.shares = shares
        self.planned: dict[int, dict[str, Decimal]] = {}
        self.paces: dict[int, dict[str, tuple[Decimal, int]]] = {}
        self._read({row[1] for row in due}, {row[2] for row in due})

    def _read(self, procedures: set[int], versions: set[int]) -> None:
        for version, stage, hours in budgets.set_for(versions):
            self.planned.setdefault(version, {})[stage] = hours
        known = Pace.objects.filter(procedure__in=procedures, count__gte=max(self.few, 1))
        for procedure, stage, hours, count in known.values_list("procedure_id", "stage", "hours", "count"):
            self.paces.setdefault(procedure, {})[stage] = hours, count

    @property
    def expected(self) -> Iterator[Expected]:
        for pk, procedure, version, case, due_at in self.due:
            paces = self.paces.get(procedure)
            left = self._left(pk, paces, version, self.cases[case]) if paces else None
            cases = min(count for _hours, count in paces.values()) if paces else 0
            yield Expected(pk, due_at, left, self.calendar.working_time_between(self.at, due_at), cases)

    def _left(self, pk: UUID, paces: dict[str, Any], version: int, case: ProcedureCase) -> timedelta | None:
        """At its pace, or its budget where a station was seldom passed."""
        here, taken = budgets.spent(self.moves.get(pk, ()), self.calendar, until=self.at)
        if here is None or here not in TO_COME:
            return None
        planned = budgets.plan(case, self.planned.get(version, {}), self.shares, self.calendar)
        whole = {stage: hours_to_time(paces[stage][0] if stage in paces else planned[stage]) for stage in TO_COME}
        rest = max(whole[here] - taken[here], timedelta())
        return rest + sum((whole[stage] for stage in TO_COME[TO_COME.index(here) + 1 :]), timedelta())


def rows_of(expected: Iterable[Expected], rows: QuerySet[Dossier]) -> dict[UUID, Dossier]:
    """The dossiers of some forecasts, with what a line names, in one question."""
    named = rows.with_names().filter(Q(pk__in=[row.pk for row in expected]))
    return {dossier.pk: dossier for dossier in named}
