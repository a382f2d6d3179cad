"""The list of industrial plots as it stood on a day and was known at a moment: which were announced, with which area.

The history that each save of a plot writes tells it. Before its first line a plot is taken as that line has it, for
the list began after the land; by what was known before, there was no such plot.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Min
from django.utils import timezone

from zones.models import Availability, Phase, Plot

TOLD = (
    "id", "code", "zone_id", "area_m2", "kind", "is_published", "is_sample", "phase_id", "price", "price_on",
    "description_vi", "description_en", "history_date", "history_type",
)  # fmt: skip
GONE = "-"


@dataclass(frozen=True)
class Listed:
    """A plot as it stood in the list, with its state on the day."""

    code: str
    zone: int
    area_m2: Decimal
    status: str | None
    is_offered: bool


def is_past(on: datetime.date, known: datetime.datetime | None) -> bool:
    """Is the list another question than what stands in it now?"""
    return known is not None or on < timezone.localdate()


def begins_on() -> datetime.date | None:
    """The day of the first line of the list."""
    first = Plot.history.aggregate(first=Min("history_date"))["first"]
    return timezone.localdate(first) if first else None


def listed(*, on: datetime.date, known: datetime.datetime | None, sample: bool) -> Iterator[Listed]:
    """Announced industrial land; three queries and those of the states."""
    states = {
        pk: (status, is_offered)
        for pk, status, is_offered in Plot.objects.with_offer(on=on, known=known)
        .order_by()
        .values_list("pk", "status", "is_offered")
    }
    with_state = set(Availability.objects.as_known(known).order_by().values_list("plot", flat=True))
    phased = set(Phase.objects.order_by().values_list("zone", flat=True))
    for row in _standing(on, known):
        is_land = row["kind"] == Plot.Kind.LAND and row["is_sample"] == sample
        if is_land and row["id"] in with_state and _is_announced(row, phased):
            yield Listed(row["code"], row["zone_id"], row["area_m2"], *states.get(row["id"], (None, False)))


def _standing(on: datetime.date, known: datetime.datetime | None) -> Iterator[dict[str, Any]]:
    """The line of each plot that counts: its last by the end of the day, else its first."""
    end = timezone.make_aware(datetime.datetime.combine(on, datetime.time.max))
    rows = Plot.history.order_by("id", "history_date", "history_id")
    rows = rows if known is None else rows.filter(history_date__lte=known)
    found: dict[int, dict[str, Any]] = {}
    for row in rows.values(*TOLD).iterator(chunk_size=2000):
        if row["id"] not in found or row["history_date"] <= end:
            found[row["id"]] = row
    return (row for row in found.values() if row["history_type"] != GONE)


def _is_announced(row: dict[str, Any], phased: set[int]) -> bool:
    """As `Plot.faults` has it, by the columns of the line."""
    has_phase = row["phase_id"] is not None or row["zone_id"] not in phased
    has_price = row["price"] is None or (row["price"] > 0 and row["price_on"] is not None)
    return row["is_published"] and has_phase and has_price and bool(row["description_en"] or not row["description_vi"])
