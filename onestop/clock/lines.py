"""The reckoning day by day: which dates count, with which number, and why the others do not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext_lazy

from izportal.workdays import MAKE_UP, ONE_DAY, WEEKEND, WORKING, Calendar, time_to_hours
from onestop.clock.facts import DAY, Facts, Run

REASONS = {
    "received": gettext_lazy("Ngày tiếp nhận, không tính"),
    "working": gettext_lazy("Ngày làm việc"),
    "make_up": gettext_lazy("Ngày làm việc: %(name)s"),
    "calendar": gettext_lazy("Ngày theo lịch"),
    "calendar_off": gettext_lazy("Ngày theo lịch, tính cả ngày nghỉ: %(name)s"),
    "hours": gettext_lazy("Tính %(hours)s giờ %(minutes)s phút làm việc"),
    "weekend": gettext_lazy("Ngày nghỉ hằng tuần: %(name)s"),
    "holiday": gettext_lazy("Ngày nghỉ: %(name)s"),
    "outside": gettext_lazy("Ngoài giờ làm việc, tính từ giờ làm việc kế tiếp"),
    "paused": gettext_lazy("Tạm dừng, chờ bổ sung hồ sơ"),
    "resumed": gettext_lazy("Ngày nhận đủ hồ sơ bổ sung, không tính"),
    "void": gettext_lazy("Không tính: thời hạn tính lại từ khi nhận đủ hồ sơ"),
    "rolled": gettext_lazy("Đã đủ số ngày; hạn chuyển sang ngày làm việc kế tiếp"),
    "overrun": gettext_lazy("Đã quá hạn, không tính"),
}


@dataclass(frozen=True)
class Day:
    """One line of the reckoning. `number` is the running count of days, `hours` what a limit in hours took."""

    date: date
    kind: str
    counted: bool = False
    number: int | None = None
    hours: Decimal | None = None
    name: str = ""
    phase: int = 1
    is_due: bool = False

    @property
    def reason(self) -> str:
        hours, minutes = divmod(round((self.hours or 0) * 60), 60)
        return str(REASONS[self.kind]) % {"name": self.name, "hours": hours, "minutes": f"{minutes:02d}"}


def days_of(facts: Facts, runs: Sequence[Run], due_at: datetime | None) -> Iterator[Day]:
    lines: dict[date, Day] = {}
    for line in _lines(facts, runs):
        lines[line.date] = _merged(lines[line.date], line) if line.date in lines else line
    for line in lines.values():
        yield replace(line, is_due=due_at is not None and line.date == due_at.date())


def _lines(facts: Facts, runs: Sequence[Run]) -> Iterator[Day]:
    if not runs[0].limit.in_hours:
        yield Day(facts.received_at.date(), "received")
    yield from _run_lines(runs[0], facts.calendar)
    for before, run in pairwise(runs):
        yield from _pause_lines(before, run)
        yield from _run_lines(run, facts.calendar)
    if _is_open(facts, runs[-1]):
        yield Day(runs[-1].end.date() + ONE_DAY, "paused", phase=runs[-1].phase)


def _is_open(facts: Facts, last: Run) -> bool:
    return bool(facts.pauses) and facts.pauses[-1].until is None and last.end == facts.pauses[-1].since


def _merged(first: Day, second: Day) -> Day:
    """One date, two lines: a limit in hours may stop and go on within a day."""
    if first.hours and second.hours:
        return replace(first, hours=first.hours + second.hours)
    return second if second.counted or first.kind == "outside" else first


def _run_lines(run: Run, calendar: Calendar) -> Iterator[Day]:
    if isinstance(run.balance, timedelta):
        return _hour_lines(run, calendar)
    return _day_lines(run, calendar)


def _day_lines(run: Run, calendar: Calendar) -> Iterator[Day]:
    assert isinstance(run.balance, int)
    total = int(run.limit.value)
    number = total - run.balance
    for day in each_date(run.start.date() + ONE_DAY, run.end.date()):
        kind, name = _day_kind(day, run, calendar)
        counts = kind in ("working", "make_up", "calendar", "calendar_off")
        if counts and run.void:
            yield Day(day, "void", phase=run.phase)
        elif counts and number >= total:
            yield Day(day, "rolled" if day <= run.due.date() else "overrun", phase=run.phase)
        else:
            number += counts
            yield Day(day, kind, counts, number if counts else None, name=name, phase=run.phase)


def _day_kind(day: date, run: Run, calendar: Calendar) -> tuple[str, str]:
    kind, name = calendar.kind(day), calendar.reason(day)
    if run.limit.unit == DAY:
        return ("calendar", "") if kind in (WORKING, MAKE_UP) else ("calendar_off", name)
    return {WORKING: "working", MAKE_UP: "make_up", WEEKEND: "weekend"}.get(kind, "holiday"), name


def _hour_lines(run: Run, calendar: Calendar) -> Iterator[Day]:
    end = min(run.end, run.due)
    for day in each_date(run.start.date(), run.end.date()):
        opening = calendar.at(day, time.min)
        taken = calendar.working_time_between(max(run.start, opening), min(end, opening + ONE_DAY))
        if taken and not run.void:
            yield Day(day, "hours", True, hours=time_to_hours(taken).normalize(), phase=run.phase)
        elif calendar.is_working(day):
            kind = "void" if run.void else "outside" if day <= end.date() else "overrun"
            yield Day(day, kind, phase=run.phase)
        else:
            kind = "weekend" if calendar.kind(day) == WEEKEND else "holiday"
            yield Day(day, kind, name=calendar.reason(day), phase=run.phase)


def _pause_lines(before: Run, after: Run) -> Iterator[Day]:
    """From the day after the notice to the return of the dossier; a limit in hours counts both ends for itself."""
    back = after.start.date()
    for day in each_date(before.end.date() + ONE_DAY, back - ONE_DAY):
        yield Day(day, "paused", phase=before.phase)
    if back > before.end.date() and not after.limit.in_hours:
        yield Day(back, "resumed", phase=after.phase)


def each_date(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(n) for n in range((last - first).days + 1))
