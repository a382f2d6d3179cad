"""What enquiries show in numbers: how fast the board answers, and the needs that nothing met, by what was wanted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from izportal.correspondence import figures
from izportal.correspondence.figures import Pace
from zones.models import Enquiry, Plot, UnmetNeed


def pace(*, at: datetime) -> Pace:
    """Until the first answer; its term is not kept once it has been given."""
    return figures.pace(Enquiry.objects.countable(), answered="answered_at", promised="answered_at", at=at)


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
