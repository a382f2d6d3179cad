"""Reminders of reports not yet filed: by the night run before and after a known day, or by an officer at will.

Only a period with a known last day reminds by itself; once for each of the days before and after it.
"""

from datetime import date, datetime, timedelta

from django.db.models.functions import Coalesce
from django.utils import timezone

from izportal.models import Rule
from projects.models import Project, ReportPeriod
from projects.reports import duties, letters

# Days before the last day (positive) and after it (negative), as rules; without a rule nobody is written.
RULES = ("report_reminder_days", "report_last_reminder_days", "report_overdue_reminder_days")

# How long a night run may have stood still without a reminder being left out.
LOST = timedelta(days=14)


def spans(*, on: date) -> list[int]:
    """Days left at which people are written to, by the rules in force; what comes after the day counts below zero."""
    rows = Rule.objects.texts(RULES, on=on)
    return sorted(-int(value) if code.startswith("report_overdue") else int(value) for code, value in rows.items())


def remind(*, at: datetime) -> int:
    """Write to those who owe a report whose day is near or has passed; how many letters are new. Safe to run again."""
    today = timezone.localdate(at)
    known = spans(on=today)
    if not known:
        return 0
    first, last = today + timedelta(days=min(known)) - LOST, today + timedelta(days=max(known))
    rows = ReportPeriod.objects.annotate(last=Coalesce("extended_to", "due_on")).filter(last__range=(first, last))
    return sum(_remind(period, today, known) for period in rows.filter(opens_on__lte=today))


def _remind(period: ReportPeriod, today: date, known: list[int]) -> int:
    left = (period.last_on - today).days
    due = [span for span in known if left <= span]
    if not due:
        return 0
    return sum(
        letters.remind(duty, key=f"report:{duty.period.pk}:{duty.subject.code}:{period.last_on}:{min(due)}")
        for duty in _owed(period)
    )


def remind_now(period: ReportPeriod, *, at: datetime, codes: set[str] | None = None) -> int:
    """By an officer: to those chosen, or to all who owe; each at most once a day."""
    day = timezone.localdate(at)
    chosen = [duty for duty in _owed(period) if codes is None or duty.subject.code in codes]
    return sum(letters.remind(duty, key=f"report:{period.pk}:{duty.subject.code}:asked:{day}") for duty in chosen)


def _owed(period: ReportPeriod) -> list[duties.Duty]:
    return [duty for duty in duties.of_period(period, Project.objects.all()) if duty.is_owed]
