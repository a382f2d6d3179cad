"""The states of a plot in the order of days: what was, what is, what is announced, and when it can be had."""

from dataclasses import dataclass
from datetime import date, timedelta

from zones.models import Availability, Plot

Status = Availability.Status


@dataclass(frozen=True)
class Timeline:
    """`past` and `coming` are rows of availability, the newest and the next first; `usable_from` is the first day on
    which the plot can be had as far as the books foresee it, None where they do not."""

    past: list[Availability]
    coming: list[Availability]
    ends_on: date | None
    usable_from: date | None


def of(plot: Plot, *, on: date) -> Timeline:
    rows = list(plot.availabilities.as_known().order_by("effective_on", "id"))
    past, coming = [r for r in rows if r.effective_on <= on], [r for r in rows if r.effective_on > on]
    now = past[-1] if past else None
    ends_on = now.ends_on if now and now.status == Status.LEASED else None
    return Timeline(past[::-1], coming, ends_on, _usable_from(now, coming, ends_on, on))


def _usable_from(now: Availability | None, coming: list[Availability], ends_on: date | None, on: date) -> date | None:
    if now and now.status in Availability.FREE:
        return on
    announced = next((row.effective_on for row in coming if row.status in Availability.FREE), None)
    let_until = max(ends_on + timedelta(days=1), on) if ends_on else None
    return min((day for day in (announced, let_until) if day), default=None)
