"""Where a running dossier stands: in words, and as a ruler with a square for each working day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from izportal.workdays import ONE_DAY, Calendar
from onestop.clock.dates import LATE
from onestop.clock.facts import DAY, ClockRefused, Facts, Run
from onestop.clock.lines import Day, each_date
from onestop.clock.reckoning import Deadline

TODAY, SOON, RUNNING = "today", "soon", "running"


@dataclass(frozen=True)
class Standing:
    """LATE, TODAY, SOON or RUNNING, with the working days left (or, when late, over)."""

    state: str
    days: int

    @property
    def text(self) -> str:
        if self.state == TODAY:
            return _("Hạn hôm nay")
        if self.state == LATE:
            if not self.days:
                return _("Quá hạn")
            over = ngettext("Quá hạn %(days)s ngày làm việc", "Quá hạn %(days)s ngày làm việc", self.days)
            return over % {"days": self.days}
        left = ngettext("Còn %(days)s ngày làm việc", "Còn %(days)s ngày làm việc", self.days)
        return left % {"days": self.days}


def standing(*, due_at: datetime, at: datetime, calendar: Calendar, soon: int) -> Standing:
    """`soon` is the number of working days from which a due date is called near."""
    due_at, at = calendar.local(due_at), calendar.local(at)
    days = calendar.working_days_between(at.date(), due_at.date())
    if at > due_at:
        return Standing(LATE, -days)
    if at.date() == due_at.date():
        return Standing(TODAY, 0)
    return Standing(SOON if days <= soon else RUNNING, days)


@dataclass(frozen=True)
class Cell:
    """A square of the ruler; without states it is an empty place that keeps the week in line."""

    day: date
    states: tuple[str, ...] = ()

    @property
    def css(self) -> str:
        return " ".join(f"is-{state}" for state in self.states or ("out",))


@dataclass(frozen=True)
class Week:
    monday: date
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Ruler:
    """One square per working day, one group per week, and the sums under it: `done` + `left` make the limit (in its
    own unit of days), `held` are the working days spent waiting for the applicant up to now. `due_at` is the date
    that counts; `first_due_at` the one by law where a later one has been promised."""

    weeks: tuple[Week, ...]
    done: int
    held: int
    left: int
    due_at: datetime
    is_projected: bool
    first_due_at: datetime | None = None


def ruler(deadline: Deadline, at: datetime, *, soon: int, promised: datetime | None = None) -> Ruler:
    """The working-day ruler as seen at `at`. While the dossier is out it shows the date that would hold if it came
    back at that moment. A date `promised` beyond the limit counts in its place, and the limit stays marked."""
    calendar = deadline.facts.calendar
    at = calendar.local(at)
    shown = deadline.if_completed(at)
    due_at = shown.due_at
    if due_at is None:
        raise ClockRefused(_("Hồ sơ chưa có hạn trả kết quả."))
    last = calendar.local(promised) if promised and promised.date() > due_at.date() else due_at
    first = shown.clock_start.date()
    lines = {line.date: line for line in shown.days if line.date >= first}
    lines |= {line.date: line for line in _extension(shown.facts, due_at.date(), last.date())}
    cells = {day: _cell(line, shown, at, soon, last) for day, line in lines.items() if calendar.is_working(day)}
    counted = [day for day, line in lines.items() if line.counted]
    return Ruler(
        weeks=tuple(_weeks(first, last.date(), cells)),
        done=sum(day <= at.date() for day in counted),
        left=sum(day > at.date() for day in counted),
        held=sum("hold" in cell.states and cell.day <= at.date() for cell in cells.values()),
        due_at=last,
        is_projected=deadline.is_paused,
        first_due_at=due_at if last > due_at else None,
    )


def days_used(deadline: Deadline, at: datetime) -> int:
    """`done` of the ruler as seen at `at`, without drawing it; raises ClockRefused where there is no date."""
    at = deadline.facts.calendar.local(at)
    shown = deadline.if_completed(at)
    if shown.due_at is None:
        raise ClockRefused(_("Hồ sơ chưa có hạn trả kết quả."))
    first, today = shown.clock_start.date(), at.date()
    if any(run.limit.in_hours for run in shown.runs):
        return sum(line.counted and first <= line.date <= today for line in shown.days)
    runs, calendar = [run for run in shown.runs if not run.void], shown.facts.calendar
    # The clock may start on the very day on which an earlier phase ended: that day counts for it.
    return sum(_counted(run, max(today, first - ONE_DAY), calendar) - _counted(run, first - ONE_DAY, calendar)
               for run in runs)  # fmt: skip


def _counted(run: Run, until: date, calendar: Calendar) -> int:
    """How many days of a limit in days a run has taken up to and with a day."""
    assert isinstance(run.balance, int)
    start, last = run.start.date(), min(run.end.date(), until)
    days = (last - start).days if run.limit.unit == DAY else calendar.working_days_between(start, last)
    return min(max(days, 0), run.balance)


def _extension(facts: Facts, after: date, last: date) -> Iterator[Day]:
    """The days between the end of the limit and a later date promised, in the unit of the limit."""
    for day in each_date(after + ONE_DAY, last):
        counts = facts.limit.unit == DAY or facts.calendar.is_working(day)
        yield Day(day, "extended", counted=counts)


def _cell(line: Day, shown: Deadline, at: datetime, soon: int, last: datetime) -> Cell:
    states = [_cell_state(line, shown.clock_start.date(), at.date())]
    if line.date == last.date():
        state = standing(due_at=last, at=at, calendar=shown.facts.calendar, soon=soon).state
        states = ["due", *{LATE: ["late"], TODAY: ["soon"], SOON: ["soon"]}.get(state, [])]
    elif line.is_due:
        states.append("law")
    if line.date == at.date():
        states.append("today")
    return Cell(line.date, tuple(states))


def _cell_state(line: Day, first: date, today: date) -> str:
    if line.date == first:
        return "start"
    if line.kind in ("paused", "resumed"):
        return "hold"
    return "done" if line.date <= today else "left"


def _weeks(first: date, last: date, cells: dict[date, Cell]) -> Iterator[Week]:
    monday = first - timedelta(first.weekday())
    while monday <= last:
        days = [monday + timedelta(n) for n in range(7)]
        yield Week(monday, tuple(cells.get(day, Cell(day)) for day in days if day.weekday() < 5 or day in cells))
        monday += timedelta(7)
