"""What enquiries show in numbers: how fast the board answers, and the needs that nothing met, by what was wanted."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.models import CalendarDay
from izportal.workdays import months_later
from zones.models import Enquiry, Plot, UnmetNeed

MONTHS = 12


@dataclass(frozen=True)
class Pace:
    """The median of working days from an enquiry to its first answer, over `count` of them answered since a day."""

    count: int
    days: Decimal | None
    since: date
    until: date
    is_sample: bool


def pace(*, at: datetime) -> Pace:
    until = timezone.localdate(at)
    since = months_later(until, -MONTHS)
    start = timezone.make_aware(datetime.combine(since, datetime.min.time()))
    rows = Enquiry.objects.countable().filter(answered_at__gte=start, answered_at__lte=at)
    told = list(rows.values_list("asked_at", "answered_at", "is_sample"))
    if not told:
        return Pace(0, None, since, until, is_sample=False)
    calendar = CalendarDay.calendar()
    days = [
        calendar.working_days_between(timezone.localdate(asked), timezone.localdate(answered))
        for asked, answered, _sample in told
    ]
    median = Decimal(str(statistics.median(days)))
    return Pace(len(days), median, since, until, any(sample for *_moments, sample in told))


@dataclass(frozen=True)
class Group:
    """Needs of one kind, size and zone that no land met."""

    kind: str
    band: str
    zone: str
    count: int
    least_m2: Decimal | None
    most_m2: Decimal | None


def needs(rows: Iterable[UnmetNeed]) -> list[Group]:
    """Unmet needs by what was wanted, the most frequent first; `rows` come with their zone."""
    found: dict[tuple[str, str, str], list[UnmetNeed]] = {}
    for row in rows:
        found.setdefault((row.kind, row.band, str(row.zone or "")), []).append(row)
    groups = [_group(key, members) for key, members in found.items()]
    return sorted(groups, key=lambda group: (-group.count, group.kind, group.band, group.zone))


def _group(key: tuple[str, str, str], rows: list[UnmetNeed]) -> Group:
    kind, band, zone = key
    areas = [area for row in rows for area in (row.area_from_m2, row.area_to_m2) if area is not None]
    word = str(Plot.Kind(kind).label) if kind in Plot.Kind.values else _("Chưa rõ loại")
    return Group(word, band, zone, len(rows), min(areas, default=None), max(areas, default=None))
