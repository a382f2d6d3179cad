"""How the board keeps its word to those who write: how many it answered, how fast, and how many in time."""

import statistics
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import models
from django.utils import timezone

from izportal.models import CalendarDay
from izportal.workdays import months_later

MONTHS = 12


@dataclass(frozen=True)
class Pace:
    """The median of working days from asking to the answer, over `count` of them answered since a day, and how many of
    them by the day first promised."""

    count: int
    in_time: int
    days: Decimal | None
    since: date
    until: date
    is_sample: bool


def pace(rows: models.QuerySet, *, answered: str, promised: str, at: datetime) -> Pace:
    """`answered` and `promised` name the columns of the moments."""
    until = timezone.localdate(at)
    since = months_later(until, -MONTHS)
    start = timezone.make_aware(datetime.combine(since, datetime.min.time()))
    rows = rows.filter(**{f"{answered}__gte": start, f"{answered}__lte": at})
    told = list(rows.values_list("asked_at", answered, promised, "is_sample"))
    # Real ones, or the sample where there are no real ones yet.
    real = [row for row in told if not row[-1]] or told
    in_time = sum(due is None or ended <= due for _asked, ended, due, _sample in real)
    days = _median([(asked, ended) for asked, ended, _due, _sample in real])
    return Pace(len(real), in_time, days, since, until, is_sample=bool(real) and real[0][-1])


def _median(spans: list[tuple[datetime, datetime]]) -> Decimal | None:
    if not spans:
        return None
    calendar = CalendarDay.calendar()
    days = [
        calendar.working_days_between(timezone.localdate(asked), timezone.localdate(ended)) for asked, ended in spans
    ]
    return Decimal(str(statistics.median(days)))
