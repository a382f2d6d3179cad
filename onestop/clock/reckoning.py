"""When a dossier is due, by the way in which its pauses count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from izportal.workdays import Calendar
from onestop.clock.facts import (
    DAY,
    NONE,
    RESTART,
    SECTOR_APPRAISAL,
    SUSPEND,
    TWO_PHASE_SUSPEND,
    ClockRefused,
    Facts,
    Limit,
    Pause,
    Run,
    check_mode,
    in_order,
    moment_of,
)
from onestop.clock.lines import Day, days_of


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
        return tuple(days_of(self.facts, self.runs, self.due_at))

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
        facts = replace(facts, pauses=in_order([*facts.pauses, Pause(at)], facts.received_at, facts.calendar))
        check_mode(facts)
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
    received_at = moment_of(received_at, calendar)
    ordered = in_order(pauses, received_at, calendar)
    facts = Facts(received_at, limit, mode, ordered, calendar, second_limit, cap)
    check_mode(facts)
    return _reckon(facts)


def end_of(start: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """The end of a limit that nothing interrupts."""
    start = moment_of(start, calendar)
    return _end(start, limit.balance(calendar), limit, calendar)


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
