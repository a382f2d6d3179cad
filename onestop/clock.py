"""The statutory clock of a dossier: when it is due and, day by day, why. Pure functions of dated facts; every number
of the law comes in as an argument, and nothing here reads the database or the wall clock.

The day of an event is not counted (Civil Code 2015, Article 147); a last day that is not worked moves to the next
working day (Article 148). A pause uses up the day of the notice; the day on which the full dossier comes back is not
counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import cached_property
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from izportal.workdays import MAKE_UP, ONE_DAY, WEEKEND, WORKING, Calendar, months_later, time_to_hours

WORKING_DAY, DAY, WORKING_HOUR = "working_day", "day", "working_hour"
UNITS = (WORKING_DAY, DAY, WORKING_HOUR)

NONE, RESTART, SUSPEND = "none", "restart", "suspend"
SECTOR_APPRAISAL, TWO_PHASE_SUSPEND = "sector_appraisal", "two_phase_suspend"
MODES = (NONE, RESTART, SUSPEND, SECTOR_APPRAISAL, TWO_PHASE_SUSPEND)

EARLY, ON_TIME, LATE = "early", "on_time", "late"
TODAY, SOON, RUNNING = "today", "soon", "running"

# A hundred years of days: beyond it a limit is a slip of the keyboard.
LONGEST = Decimal(36525)
FIRST_YEAR, LAST_YEAR = 1976, 2199

OUTCOMES = {
    EARLY: gettext_lazy("trước hạn"),
    ON_TIME: gettext_lazy("đúng hạn"),
    LATE: gettext_lazy("quá hạn"),
}

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


class ClockRefused(ValueError):
    """The facts cannot be true together; the text is a sentence for the reader."""


@dataclass(frozen=True)
class Limit:
    """A time limit. Halves are for internal steps: a fractional number of working days runs by the hour from the
    moment (half of an 8-hour day = 4 hours); statutory calendar days are whole."""

    value: Decimal
    unit: str = WORKING_DAY

    def __post_init__(self):
        object.__setattr__(self, "value", _decimal(self.value))
        if self.unit not in UNITS:
            raise ClockRefused(
                _("Đơn vị thời hạn “%(unit)s” không hợp lệ; chỉ nhận %(known)s.")
                % {"unit": self.unit, "known": ", ".join(UNITS)}
            )
        if not 0 < self.value <= LONGEST:
            raise ClockRefused(_("Thời hạn phải lớn hơn 0 và không quá %(most)s.") % {"most": LONGEST})
        if self.unit == DAY and self.value % 1:
            raise ClockRefused(_("Thời hạn tính theo ngày lịch phải là số nguyên."))

    def __str__(self):
        number = f"{self.value.normalize():f}".replace(".", ",")
        text = {
            WORKING_DAY: ngettext("%(number)s ngày làm việc", "%(number)s ngày làm việc", self._plural),
            DAY: ngettext("%(number)s ngày", "%(number)s ngày", self._plural),
            WORKING_HOUR: ngettext("%(number)s giờ làm việc", "%(number)s giờ làm việc", self._plural),
        }[self.unit]
        return text % {"number": number}

    @property
    def _plural(self) -> int:
        return 1 if self.value == 1 else 2

    @property
    def in_hours(self) -> bool:
        return self.unit == WORKING_HOUR or bool(self.value % 1)

    def balance(self, calendar: Calendar) -> int | timedelta:
        """What there is to spend: whole days, or office time."""
        if not self.in_hours:
            return int(self.value)
        hour = timedelta(hours=1) if self.unit == WORKING_HOUR else calendar.day_length()
        return timedelta(microseconds=int(self.value * (hour // timedelta.resolution)))


@dataclass(frozen=True)
class Pause:
    """From the notice that asks for a supplement to the return of the full dossier; `until` is None till then."""

    since: datetime
    until: datetime | None = None


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


@dataclass(frozen=True)
class Run:
    """A stretch in which the clock runs: from `start`, with `balance` to spend, until `end`. Void when a later full
    dossier makes the limit start again."""

    start: datetime
    end: datetime
    balance: int | timedelta
    limit: Limit
    due: datetime
    phase: int = 1
    void: bool = False
    capped: bool = False


@dataclass(frozen=True)
class Facts:
    received_at: datetime
    limit: Limit
    mode: str
    pauses: tuple[Pause, ...]
    calendar: Calendar
    second_limit: Limit | None = None
    cap: Limit | None = None


@dataclass(frozen=True)
class Deadline:
    """`due_at` is None while the applicant holds the dossier (`paused_since`). `announced` is False when the reckoning
    rests on a year whose days off are not announced; say "lịch chưa công bố" beside the date."""

    due_at: datetime | None
    clock_start: datetime
    paused_since: datetime | None
    is_capped: bool
    facts: Facts = field(repr=False)
    runs: tuple[Run, ...] = field(repr=False)

    @cached_property
    def days(self) -> tuple[Day, ...]:
        return tuple(_days(self.facts, self.runs, self.due_at))

    @cached_property
    def announced(self) -> bool:
        started = self.clock_start.date()
        return all(self.facts.calendar.is_announced(line.date) for line in self.days if line.date >= started)

    @property
    def is_paused(self) -> bool:
        return self.paused_since is not None

    @property
    def note(self) -> str:
        return "" if self.announced else _("lịch chưa công bố")

    def if_completed(self, at: datetime) -> Deadline:
        """The deadline that an open pause leaves if the full dossier comes in at `at`; itself when nothing is open."""
        if self.paused_since is None:
            return self
        pauses = [*self.facts.pauses[:-1], replace(self.facts.pauses[-1], until=max(at, self.paused_since))]
        return _reckon(replace(self.facts, pauses=tuple(pauses)))

    def if_asked(self, at: datetime) -> Deadline:
        """The deadline once a supplement is asked for at `at`; raises ClockRefused where the mode allows no pause."""
        facts = self.facts
        facts = replace(facts, pauses=_ordered([*facts.pauses, Pause(at)], facts.received_at, facts.calendar))
        _check_mode(facts)
        return _reckon(facts)

    def before_last_pause(self) -> datetime | None:
        """The date that held when the last pause began; of a dossier without a pause, its own."""
        return _reckon(replace(self.facts, pauses=self.facts.pauses[:-1])).due_at

    def under(self, calendar: Calendar) -> Deadline:
        """The same dossier under another calendar."""
        return _reckon(replace(self.facts, calendar=calendar))


def deadline(
    *,
    received_at: datetime,
    limit: Limit,
    calendar: Calendar,
    mode: str = NONE,
    pauses: Iterable[Pause] = (),
    second_limit: Limit | None = None,
    cap: Limit | None = None,
) -> Deadline:
    """When a dossier received at `received_at` is due.

    - `none`: the limit alone; a pause is refused.
    - `suspend`: the days of each pause are left out. A notice sent after the due moment changes nothing: late is late.
    - `restart`: the limit starts again at the last full dossier.
    - `sector_appraisal`: the same, but one pause at most.
    - `two_phase_suspend`: the last pause is the gap between appraisal and approval; earlier ones suspend the
      appraisal. Before the gap the date is that of the appraisal, in it there is none, and after it `second_limit`
      counts from the re-submission, even when the appraisal was late.

    `cap` is the most time after each full dossier; the earlier of the two dates holds.
    Raises ClockRefused when the facts contradict each other.
    """
    received_at = _moment(received_at, calendar)
    ordered = _ordered(pauses, received_at, calendar)
    facts = Facts(received_at, limit, mode, ordered, calendar, second_limit, cap)
    _check_mode(facts)
    return _reckon(facts)


def end_of(start: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """The end of a limit that nothing interrupts."""
    start = _moment(start, calendar)
    return _end(start, limit.balance(calendar), limit, calendar)


# Dates derived from one fact and one rule


def reply_by(submitted_at: datetime, hours: Decimal | int, calendar: Calendar) -> datetime:
    """Until when reception must answer an online submission."""
    return end_of(submitted_at, Limit(Decimal(hours), WORKING_HOUR), calendar)


def transfer_by(received_at: datetime, cutoff: time, calendar: Calendar) -> datetime:
    """Hand over the same day; what came after the cutoff, or on a day off, at the next opening."""
    received_at = _moment(received_at, calendar)
    day = received_at.date()
    if not calendar.is_working(day) or received_at.time() > cutoff:
        return calendar.open_of(calendar.next_working_day(day))
    return calendar.close_of(day)


def supplement_notice_by(received_at: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """Until when a supplement may still be asked for; the same reckoning serves the check for completeness."""
    return end_of(received_at, limit, calendar)


def stop_if_no_answer_after(asked_at: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """When the agency may stop a dossier whose applicant has not answered."""
    return end_of(asked_at, limit, calendar)


def applicant_deadline(asked_at: datetime, months: int, calendar: Calendar) -> date:
    """The last day for the applicant where the law gives months; a day off moves to the next working day."""
    return calendar.working_day_from(months_later(_moment(asked_at, calendar).date(), months))


def apology_by(due_at: datetime, calendar: Calendar, days: int = 1) -> datetime:
    """The last moment for the letter of apology: closing time `days` before expiry, earlier if that is a day off."""
    day = _moment(due_at, calendar).date() - timedelta(days)
    return calendar.close_of(day if calendar.is_working(day) else calendar.previous_working_day(day))


def extended_due(
    *, due_at: datetime, to: date, at: datetime, calendar: Calendar, extensions: int = 0, most: int = 1
) -> datetime:
    """The due moment after an extension to the day `to`, decided at `at`; `extensions` is how many there were."""
    due_at, at = _moment(due_at, calendar), _moment(at, calendar)
    if extensions >= most:
        raise ClockRefused(
            ngettext(
                "Hồ sơ chỉ được gia hạn %(most)s lần và đã gia hạn đủ.",
                "Hồ sơ chỉ được gia hạn %(most)s lần và đã gia hạn đủ.",
                most,
            )
            % {"most": most}
        )
    if at > due_at:
        raise ClockRefused(_("Hồ sơ đã quá hạn; chỉ được gia hạn trước khi hết thời hạn."))
    if to <= due_at.date():
        raise ClockRefused(_("Ngày hẹn mới phải sau ngày hẹn cũ %(day)s.") % {"day": f"{due_at:%d/%m/%Y}"})
    return calendar.close_of(calendar.working_day_from(to))


@dataclass(frozen=True)
class Window:
    opens: date
    closes: date

    def includes(self, day: date) -> bool:
        return self.opens <= day <= self.closes


def filing_window(event_date: date, earliest: int, latest: int) -> Window:
    """Both in calendar days before the event: not sooner than `earliest`, not later than `latest`."""
    if not earliest >= latest >= 0:
        raise ClockRefused(_("Khoảng nộp hồ sơ không hợp lệ: mốc sớm nhất phải trước mốc muộn nhất."))
    return Window(event_date - timedelta(earliest), event_date - timedelta(latest))


def outcome(due_at: datetime, finished_at: datetime, calendar: Calendar | None = None) -> str:
    """EARLY a day or more before, ON_TIME on the day up to the due moment, else LATE; words in OUTCOMES."""
    calendar = calendar or Calendar()
    due_at, finished_at = calendar.local(due_at), calendar.local(finished_at)
    if finished_at > due_at:
        return LATE
    return EARLY if finished_at.date() < due_at.date() else ON_TIME


# Where a running dossier stands


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
    for day in _dates(after + ONE_DAY, last):
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


# The arithmetic


def _reckon(facts: Facts) -> Deadline:
    runs, due_at = {
        NONE: _suspend,
        SUSPEND: _suspend,
        RESTART: _restart,
        SECTOR_APPRAISAL: _restart,
        TWO_PHASE_SUSPEND: _two_phases,
    }[facts.mode](facts)
    return Deadline(
        due_at=due_at,
        clock_start=next((run.start for run in runs if not run.void and run.phase == runs[-1].phase), runs[-1].start),
        paused_since=facts.pauses[-1].since if due_at is None else None,
        is_capped=due_at is not None and runs[-1].capped,
        facts=facts,
        runs=tuple(runs),
    )


def _suspend(facts: Facts) -> tuple[list[Run], datetime | None]:
    runs: list[Run] = []
    start, balance, cap = facts.received_at, facts.limit.balance(facts.calendar), None
    for pause in facts.pauses:
        run = _run(start, balance, facts.limit, facts.calendar, cap)
        if pause.since > run.due:
            return [*runs, run], run.due
        runs.append(replace(run, end=pause.since))
        if pause.until is None:
            return runs, None
        balance = _spend(balance, start, pause.since, facts.limit, facts.calendar)
        start, cap = pause.until, facts.cap
    runs.append(_run(start, balance, facts.limit, facts.calendar, cap))
    return runs, runs[-1].due


def _restart(facts: Facts) -> tuple[list[Run], datetime | None]:
    limit, calendar, balance = facts.limit, facts.calendar, facts.limit.balance(facts.calendar)
    starts = [facts.received_at, *(pause.until for pause in facts.pauses if pause.until)]
    runs = [
        replace(_run(start, balance, limit, calendar), end=pause.since, void=True)
        for start, pause in zip(starts, facts.pauses, strict=False)
    ]
    if len(starts) == len(facts.pauses):
        return runs, None
    runs.append(_run(starts[-1], balance, limit, calendar, facts.cap if facts.pauses else None))
    return runs, runs[-1].due


def _two_phases(facts: Facts) -> tuple[list[Run], datetime | None]:
    if not facts.pauses:
        return _suspend(facts)
    gap = facts.pauses[-1]
    runs, due_at = _suspend(replace(facts, pauses=facts.pauses[:-1]))
    # The appraisal may be late: its result still opens the gap, and the approval has its own time afterwards.
    runs[-1] = replace(runs[-1], end=gap.since)
    if gap.until is None:
        return runs, None
    if facts.second_limit is None:
        raise ClockRefused(_("Cơ chế hai giai đoạn cần thời hạn của giai đoạn hai."))
    balance = facts.second_limit.balance(facts.calendar)
    runs.append(replace(_run(gap.until, balance, facts.second_limit, facts.calendar, facts.cap), phase=2))
    return runs, runs[-1].due


def _run(start: datetime, balance: int | timedelta, limit: Limit, calendar: Calendar, cap: Limit | None = None) -> Run:
    uncapped = _end(start, balance, limit, calendar)
    due = min(uncapped, _end(start, cap.balance(calendar), cap, calendar)) if cap else uncapped
    return Run(start, due, balance, limit, due, capped=due < uncapped)


def _end(start: datetime, balance: int | timedelta, limit: Limit, calendar: Calendar) -> datetime:
    if isinstance(balance, timedelta):
        return calendar.add_working_time(start, balance)
    day = start.date()
    last = day + timedelta(balance) if limit.unit == DAY else calendar.add_working_days(day, balance)
    due = calendar.close_of(calendar.working_day_from(last))
    # Nothing left and back after closing time: the agency still gets the next working day.
    return due if due >= start else calendar.close_of(calendar.next_working_day(due.date()))


def _spend(
    balance: int | timedelta, start: datetime, end: datetime, limit: Limit, calendar: Calendar
) -> int | timedelta:
    if isinstance(balance, timedelta):
        return max(balance - calendar.working_time_between(start, end), timedelta())
    first, last = start.date(), end.date()
    used = (last - first).days if limit.unit == DAY else calendar.working_days_between(first, last)
    return max(balance - used, 0)


# The line per day


def _days(facts: Facts, runs: Sequence[Run], due_at: datetime | None) -> Iterator[Day]:
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
    for day in _dates(run.start.date() + ONE_DAY, run.end.date()):
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
    for day in _dates(run.start.date(), run.end.date()):
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
    for day in _dates(before.end.date() + ONE_DAY, back - ONE_DAY):
        yield Day(day, "paused", phase=before.phase)
    if back > before.end.date() and not after.limit.in_hours:
        yield Day(back, "resumed", phase=after.phase)


def _dates(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(n) for n in range((last - first).days + 1))


# Checks on the facts


def _ordered(pauses: Iterable[Pause], received_at: datetime, calendar: Calendar) -> tuple[Pause, ...]:
    local = (Pause(_moment(pause.since, calendar), pause.until and _moment(pause.until, calendar)) for pause in pauses)
    ordered = tuple(sorted(local, key=lambda pause: pause.since))
    for pause in ordered:
        if pause.until is not None and pause.until < pause.since:
            raise ClockRefused(_("Thời điểm nộp bổ sung không được trước thời điểm yêu cầu bổ sung."))
    if ordered and ordered[0].since < received_at:
        raise ClockRefused(_("Yêu cầu bổ sung không được trước thời điểm tiếp nhận hồ sơ."))
    for earlier, later in pairwise(ordered):
        if earlier.until is None or earlier.until > later.since:
            raise ClockRefused(_("Các lần tạm dừng không được chồng lên nhau."))
    return ordered


def _check_mode(facts: Facts) -> None:
    if facts.mode not in MODES:
        raise ClockRefused(
            _("Cơ chế tính thời hạn “%(mode)s” không hợp lệ; chỉ nhận %(known)s.")
            % {"mode": facts.mode, "known": ", ".join(MODES)}
        )
    if facts.mode == NONE and facts.pauses:
        raise ClockRefused(_("Cần nêu cơ chế tính thời hạn khi có tạm dừng."))
    if facts.mode == SECTOR_APPRAISAL and len(facts.pauses) > 1:
        raise ClockRefused(_("Thẩm định xây dựng chỉ được tạm dừng một lần."))
    if facts.second_limit and facts.mode != TWO_PHASE_SUSPEND:
        raise ClockRefused(_("Thời hạn giai đoạn hai chỉ dùng cho cơ chế hai giai đoạn."))


def _moment(moment: datetime, calendar: Calendar) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ClockRefused(_("Năm phải trong khoảng %(first)s–%(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR})
    return calendar.local(moment)


def _decimal(value: Decimal | int | float | str) -> Decimal:
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        raise ClockRefused(_("“%(value)s” không phải là số.") % {"value": value}) from None
    if not number.is_finite():
        raise ClockRefused(_("“%(value)s” không phải là số.") % {"value": value})
    return number
