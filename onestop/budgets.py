"""How long each station inside the board may take, and has taken: budgets of the office, no limits of law.

A station's budget is a row of its version (`StageBudget`) or its share of the statutory limit by the rules
`stage_share_*`. What it has spent is read from the events: working hours, pauses left out, returns added up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, CharField, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.models import Rule
from izportal.templatetags.badge import SHAPES
from izportal.workdays import Calendar, time_to_hours
from onestop import clock
from onestop.models import Dossier, Event, ProcedureCase, ProcedureVersion, Stage, StageBudget

Status = Dossier.Status
# Where a dossier of each status lies; one that waits for the applicant lies with nobody of the board.
STATIONS: dict[str, Stage] = {
    Status.SUBMITTED: Stage.RECEPTION, Status.RECEIVED: Stage.ASSIGN, Status.ASSIGNED: Stage.REVIEW,
    Status.IN_REVIEW: Stage.REVIEW, Status.CONSULTING: Stage.REVIEW, Status.HEAD_CHECK: Stage.HEAD,
    Status.LEADER_SIGN: Stage.LEADER, Status.NUMBERING: Stage.CLERK, Status.RESULT_READY: Stage.RETURN,
}  # fmt: skip
# What came back is on the officer's desk, though nobody has found it complete yet.
ANSWERS = ("answer_supplement", "record_answer")
SHARES = {stage: f"stage_share_{stage.value}" for stage in Stage}
NEAR = "stage_near_share"
RULES = (*SHARES.values(), NEAR)
NO_TIME = timedelta()
# Calendar days of a limit, of which so many in seven are worked.
WORKED_IN_SEVEN = Decimal(5) / 7
TENTH = Decimal("0.1")
WITHIN, NEARLY, OVER = "within", "near", "over"
LOOKS = {
    WITHIN: (*SHAPES["running"], gettext_lazy("Trong mức")),
    NEARLY: (*SHAPES["soon"], gettext_lazy("Gần hết mức")),
    OVER: (*SHAPES["late"], gettext_lazy("Vượt mức")),
}


# What a station may take ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Shares:
    """The rules of one day: each station's part of the limit, and from which part of its budget on it is near it."""

    of_stage: Mapping[Stage, Decimal]
    near: Decimal

    @classmethod
    def told(cls, texts: Mapping[str, str]) -> "Shares":
        """From the rules `RULES` as text; a station without a rule has no share."""
        shares = {stage: Decimal(texts.get(code, 0)) / 100 for stage, code in SHARES.items()}
        return cls(shares, Decimal(texts.get(NEAR, 100)) / 100)

    @classmethod
    def read(cls, *, on: date) -> "Shares":
        return cls.told(Rule.objects.texts(RULES, on=on))


def limit_hours(case: ProcedureCase, calendar: Calendar) -> Decimal:
    """The statutory limit of a case in working hours, both phases; calendar days are taken as five worked in seven."""
    value = case.value + (case.second_value or 0)
    if case.unit == clock.WORKING_HOUR:
        return value
    days = value * WORKED_IN_SEVEN if case.unit == clock.DAY else value
    return days * time_to_hours(calendar.day_length())


def plan(case: ProcedureCase, rows: Mapping[str, Decimal], shares: Shares, calendar: Calendar) -> dict[Stage, Decimal]:
    """Budget of every station in working hours; `rows` are those that the board has set."""
    limit = limit_hours(case, calendar)
    return {stage: rows.get(stage.value, (limit * shares.of_stage[stage]).quantize(TENTH)) for stage in Stage}


def excess(
    version: ProcedureVersion, rows: Mapping[str, Decimal], *, on: date, calendar: Calendar
) -> tuple[ProcedureCase, Decimal, Decimal] | None:
    """The case whose limit the budgets together would exceed, their sum and the limit in hours; None where all fit."""
    shares = Shares.read(on=on)
    for case in version.cases.all():
        total, limit = sum(plan(case, rows, shares, calendar).values(), Decimal()), limit_hours(case, calendar)
        # The shares of stations without a row are rounded to a tenth of an hour each.
        if total > limit + TENTH * (len(Stage) - len(rows)):
            return case, total, limit
    return None


# What it has taken ------------------------------------------------------------------------------------------------
class Move(NamedTuple):
    """What of an event is needed to tell where a dossier lay."""

    step: str
    before: str
    after: str
    at: datetime


COLUMNS = ("step", "from_status", "to_status", "at")


def stretches(moves: Iterable[Move]) -> Iterator[tuple[Stage, datetime, datetime | None]]:
    """Each stay at a station, in order; the last has no end where the dossier is still there."""
    stay: tuple[Stage, datetime] | None = None
    for move in moves:
        if move.before == move.after and move.step not in ANSWERS:
            continue
        there = Stage.REVIEW if _is_back(move) else STATIONS.get(move.after)
        if stay and stay[0] == there:
            continue
        if stay:
            yield *stay, move.at
        stay = (there, move.at) if there else None
    if stay:
        yield *stay, None


def _is_back(move: Move) -> bool:
    return move.step in ANSWERS and move.after == Status.REVIEW_SUPPLEMENT


def spent(
    moves: Iterable[Move], calendar: Calendar, *, until: datetime | None
) -> tuple[Stage | None, dict[Stage, timedelta]]:
    """The station at which the dossier is, and the working time that each has taken; without `until` a stay that has
    not ended is no length."""
    here: Stage | None = None
    taken: dict[Stage, timedelta] = {}
    for stage, since, end in stretches(moves):
        here = stage if end is None else None
        if last := end or until:
            taken[stage] = taken.get(stage, NO_TIME) + calendar.working_time_between(since, last)
    return here, taken


def moves_of(dossiers: Iterable[Any]) -> dict[UUID, list[Move]]:
    """The moves of many dossiers (rows or keys) in one question, by dossier."""
    found: dict[UUID, list[Move]] = {}
    events = Event.objects.filter(dossier__in=dossiers).order_by("dossier_id", "at", "id")
    for pk, *told in events.values_list("dossier_id", *COLUMNS):
        found.setdefault(pk, []).append(Move(*told))
    return found


# How they compare -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Station:
    """`hours` are allowed, `spent` are taken; `state` is empty of a station that the dossier has not reached."""

    stage: Stage
    hours: Decimal
    spent: Decimal
    is_here: bool
    near: Decimal

    @property
    def state(self) -> str:
        if not self.spent and not self.is_here:
            return ""
        if self.spent > self.hours:
            return OVER
        return NEARLY if self.spent >= self.near * self.hours else WITHIN

    @property
    def shape(self) -> str:
        return LOOKS[self.state][0]

    @property
    def colour(self) -> str:
        return LOOKS[self.state][1]

    @property
    def word(self) -> str:
        return str(LOOKS[self.state][2])


def of(dossier: Dossier, *, at: datetime, calendar: Calendar) -> list[Station]:
    """Every station of a filed dossier, in order."""
    shares = Shares.read(on=timezone.localdate(at))
    rows = dict(StageBudget.objects.filter(version=dossier.version_id).values_list("stage", "hours"))
    until = min(at, dossier.ended_at or at)
    here, taken = spent(moves_of([dossier.pk]).get(dossier.pk, ()), calendar, until=until)
    planned = plan(dossier.case, rows, shares, calendar)
    return [
        Station(stage, planned[stage], in_hours(taken.get(stage, NO_TIME)), stage == here, shares.near)
        for stage in Stage
    ]


def in_hours(length: timedelta) -> Decimal:
    return time_to_hours(length).quantize(TENTH)


def set_for(versions: Iterable[int]) -> QuerySet:
    """(version, stage, hours) of every budget that the board has set."""
    return StageBudget.objects.filter(version__in=versions).values_list("version_id", "stage", "hours")


def with_planned(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Each dossier with the hours that the board has set for the station at which it lies: `planned_hours`."""
    whens = (When(status=status, then=Value(stage.value)) for status, stage in STATIONS.items())
    rows = rows.annotate(station=Case(*whens, default=Value(""), output_field=CharField()))
    named = StageBudget.objects.filter(version=OuterRef("version"), stage=OuterRef("station"))
    return rows.annotate(planned_hours=Subquery(named.values("hours")[:1]))


def overrun(
    dossiers: Iterable[Dossier], shares: Shares | None, *, at: datetime, calendar: Calendar
) -> dict[UUID, Station]:
    """Which of a page of dossiers (from `with_planned`) are over the budget of their station, in one question."""
    if shares is None:
        return {}
    rows = [row for row in dossiers if row.status in STATIONS]
    moves = moves_of([row.pk for row in rows]) if rows else {}
    stations = {row.pk: _station(row, moves.get(row.pk, ()), shares, calendar, at) for row in rows}
    return {pk: station for pk, station in stations.items() if station.state == OVER}


def _station(dossier: Any, moves: Iterable[Move], shares: Shares, calendar: Calendar, at: datetime) -> Station:
    stage = STATIONS[dossier.status]
    rows = {stage.value: dossier.planned_hours} if dossier.planned_hours is not None else {}
    _here, taken = spent(moves, calendar, until=at)
    hours = plan(dossier.case, rows, shares, calendar)[stage]
    return Station(stage, hours, in_hours(taken.get(stage, NO_TIME)), True, shares.near)


def sentence(case: ProcedureCase, total: Decimal, limit: Decimal) -> str:
    """Why budgets do not fit, for whoever sets them."""
    said = _("Tổng thời gian các khâu là %(total)s giờ, vượt thời hạn quy định (%(case)s: %(limit)s giờ làm việc).")
    told = said % {"total": _told(total), "case": case, "limit": _told(limit)}
    if case.unit != clock.DAY:
        return told
    return " ".join([told, _("Thời hạn theo ngày lịch quy đổi: mỗi 7 ngày có 5 ngày làm việc.")])


def _told(hours: Decimal) -> str:
    return f"{hours.quantize(TENTH).normalize():f}".replace(".", ",")
