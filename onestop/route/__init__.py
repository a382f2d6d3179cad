"""What happens next with a piece of land: the legs of a project in order, and when each must be begun.

Every leg takes the whole of its legal time, and what follows is begun on the next working day; what is done elsewhere
and has no time in the catalogue counts for nothing, and the page says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from math import ceil

from izportal.workdays import ONE_DAY, Calendar, months_later
from onestop import durations
from onestop.clock import DAY, WORKING_DAY, WORKING_HOUR
from onestop.models import Leg, ProcedureCase, ProcedureVersion

MONTH = "month"


@dataclass(frozen=True)
class Span:
    """So many units from the day of filing, which is itself not counted (Civil Code 2015, Articles 147 and 148)."""

    value: int
    unit: str

    def due(self, start: date, calendar: Calendar) -> date:
        """The last day of the time that begins with what is filed on a day."""
        if self.unit == WORKING_DAY:
            return calendar.add_working_days(start, self.value) if self.value else start
        if self.unit == MONTH:
            return months_later(start, self.value)
        return calendar.working_day_from(start + timedelta(days=self.value))

    def latest(self, end: date, calendar: Calendar) -> date:
        """The last working day on which to file so that all is done by `end`."""
        day = months_later(end, -self.value) if self.unit == MONTH else end - timedelta(days=self.value)
        while not calendar.is_working(day) or self.due(day, calendar) > end:
            day -= ONE_DAY
        return day


@dataclass(frozen=True)
class Choice:
    """Who asks, for which ground: `also` are the keys of the conditional legs that apply to them."""

    origin: str = "fdi"
    kind: str = "land"
    sector: str = ""
    also: frozenset[str] = frozenset()
    months: int = 0


@dataclass(frozen=True)
class Stretch:
    """A leg with the time it takes by law, and the time it has really taken; None where nobody can say.

    `begin_by` and `done_by` are its dates on the way to the day that was asked about, or from today.
    """

    leg: Leg
    span: Span | None
    case: ProcedureCase | None = None
    record: durations.Record | None = None
    is_sample: bool = False
    begin_by: date | None = None
    done_by: date | None = None


@dataclass(frozen=True)
class Dates:
    """The dates of the legs by key: (begin, done). `earliest` is the first day by which all can be done."""

    of_leg: dict[str, tuple[date | None, date]]
    earliest: date
    is_too_soon: bool
    is_announced: bool


Timed = tuple[int, str, Span | None]


# Dates --------------------------------------------------------------------------------------------
def dates(legs: Sequence[Timed], *, today: date, calendar: Calendar, by: date | None = None) -> Dates:
    """Backwards from `by`, or forwards from today where no day is given or the day is too soon.

    `legs` are (position, key, span) in order.
    """
    stages = [list(stage) for _position, stage in groupby(legs, key=lambda leg: leg[0])]
    forwards, earliest = _forwards(stages, calendar.working_day_from(today), calendar)
    is_too_soon = by is not None and by < earliest
    found = forwards if by is None or is_too_soon else _backwards(stages, by, calendar)
    known = all(calendar.is_announced(done) for _begin, done in found.values())
    return Dates(found, earliest, is_too_soon, known)


def _forwards(stages: list[list[Timed]], begin: date, calendar: Calendar):
    found: dict[str, tuple[date | None, date]] = {}
    done = begin
    for stage in stages:
        timed = {key: span.due(begin, calendar) for _place, key, span in stage if span}
        found |= {key: (begin, timed.get(key, begin)) for _place, key, _span in stage}
        if timed:
            done = max(timed.values())
            begin = calendar.next_working_day(done)
    return found, done


def _backwards(stages: list[list[Timed]], end: date, calendar: Calendar):
    found: dict[str, tuple[date | None, date]] = {}
    for stage in reversed(stages):
        begins = {key: span.latest(end, calendar) for _place, key, span in stage if span}
        found |= {key: (begins.get(key), end) for _place, key, _span in stage}
        if begins:
            end = calendar.previous_working_day(min(begins.values()))
    return found


# Legs ---------------------------------------------------------------------------------------------
def legs_for(choice: Choice, legs: Iterable[Leg]) -> tuple[list[Leg], list[Leg]]:
    """The legs that this choice has to go, and those that it may have to, for the reader to tell."""
    ours = [leg for leg in legs if _is_for(leg, choice)]
    chosen = {leg.key for leg in ours if leg.condition and leg.key in choice.also}
    going = [leg for leg in ours if _is_gone(leg, chosen)]
    return going, [leg for leg in ours if leg.condition]


def _is_for(leg: Leg, choice: Choice) -> bool:
    sectors = leg.sectors
    return (
        leg.origin in ("", choice.origin)
        and (not leg.kinds or choice.kind in leg.kinds)
        and (not sectors or any(choice.sector.startswith(code) for code in sectors))
    )


def _is_gone(leg: Leg, chosen: set[str]) -> bool:
    if leg.condition and leg.key not in chosen:
        return False
    if leg.only_with and leg.only_with not in chosen:
        return False
    return not chosen & set(leg.unless)


def stretches(going: Sequence[Leg], *, months: int, at: datetime, on: date, calendar: Calendar) -> list[Stretch]:
    """Each leg with its case, its legal time and its record; the questions do not grow with the legs."""
    versions = _versions(going, on)
    told = durations.told_all(versions.values(), at=at, calendar=calendar)
    return [_stretch(leg, versions.get(leg.procedure_id or 0), told, months) for leg in going]


def _versions(going: Sequence[Leg], on: date) -> dict[int, ProcedureVersion]:
    ids = [leg.procedure_id for leg in going if leg.procedure_id]
    rows = ProcedureVersion.objects.filter(procedure__in=ids, valid_from__lte=on).order_by("valid_from")
    rows = rows.exclude(valid_to__lt=on).prefetch_related("cases")
    return {version.procedure_id: version for version in rows}


def _stretch(leg: Leg, version: ProcedureVersion | None, told: dict, months: int) -> Stretch:
    if leg.is_own_work:
        return Stretch(leg, Span(months, MONTH) if months else None)
    if version is None:
        return Stretch(leg, None)
    case = next((case for case in version.cases.all() if case.key == leg.case_key), None) or version.default_case()
    known = told[version.pk]
    record = next((record for record in known.cases if case and record.case.key == case.key), None)
    if record is None and len(version.cases.all()) == 1:
        record = known.total
    return Stretch(leg, span_of(case), case, record if record and record.is_enough else None, known.is_sample)


def span_of(case: ProcedureCase | None) -> Span | None:
    """Both phases of a limit; hours and half days fill the day that they begin."""
    if case is None:
        return None
    whole = case.value + (case.second_value or 0)
    if case.unit == WORKING_HOUR:
        return Span(ceil(whole / 8), WORKING_DAY)
    return Span(ceil(whole), DAY if case.unit == DAY else WORKING_DAY)
