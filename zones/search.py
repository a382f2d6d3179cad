"""Finding land: what a reader wishes for, the plots that answer it, and what would answer a smaller wish."""

import datetime
from collections import Counter
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Count, QuerySet

from izportal.folding import matches, rank
from zones.models import Availability, Plot

FREE, ANY = "free", "any"
ORDERS = {"zone": ("zone__position", "number"), "large": ("-area_m2",), "small": ("area_m2",)}
M2_PER_HA = 10000


@dataclass(frozen=True)
class Wish:
    """What is looked for; an empty part leaves the question open, `status` is free, any, or one status."""

    q: str = ""
    zones: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    status: str = FREE
    min_ha: Decimal | None = None
    max_ha: Decimal | None = None
    data: str = ""


def plots(rows: QuerySet[Plot], wish: Wish, *, on: datetime.date, sort: str = "zone") -> QuerySet[Plot]:
    """The plots among `rows` that answer the wish on a date, each with its status."""
    found = _of_status(_narrowed(rows, wish).with_status(on=on), wish.status, on)
    found = found.filter(**_places(wish))
    by_likeness = [rank(wish.q)] if wish.q and sort == "zone" else []
    return found.order_by(*by_likeness, *ORDERS[sort], "pk")


def counts(rows: QuerySet[Plot], wish: Wish, *, on: datetime.date) -> Counter:
    """How many plots each zone slug and each kind would give, the rest of the wish standing."""
    found = _of_status(_narrowed(rows, wish).with_status(on=on), wish.status, on).order_by()
    tally: Counter = Counter()
    for row in found.values("zone__slug", "kind").annotate(plots=Count("pk")):
        if not wish.kinds or row["kind"] in wish.kinds:
            tally[row["zone__slug"]] += row["plots"]
        if not wish.zones or row["zone__slug"] in wish.zones:
            tally[row["kind"]] += row["plots"]
    return tally


def near_misses(rows: QuerySet[Plot], wish: Wish, *, on: datetime.date) -> list[tuple[str, int]]:
    """For a wish nothing answers: each single part whose giving up would find something, and how many plots."""
    smaller = {
        "area": replace(wish, min_ha=None, max_ha=None),
        "zones": replace(wish, zones=()),
        "kinds": replace(wish, kinds=()),
        "q": replace(wish, q=""),
        "status": replace(wish, status=ANY),
    }
    found = [(part, plots(rows, less, on=on).count()) for part, less in smaller.items() if less != wish]
    return [(part, number) for part, number in found if number]


def _narrowed(rows: QuerySet[Plot], wish: Wish) -> QuerySet[Plot]:
    rows = matches(rows, wish.q)
    if wish.min_ha is not None:
        rows = rows.filter(area_m2__gte=wish.min_ha * M2_PER_HA)
    if wish.max_ha is not None:
        rows = rows.filter(area_m2__lte=wish.max_ha * M2_PER_HA)
    return rows.filter(is_sample=wish.data == "sample") if wish.data else rows


def _places(wish: Wish) -> dict:
    asked = {"zone__slug__in": wish.zones, "kind__in": wish.kinds}
    return {lookup: values for lookup, values in asked.items() if values}


def _of_status(rows: QuerySet[Plot], status: str, on: datetime.date) -> QuerySet[Plot]:
    """What nobody has confirmed for too long is not offered as free; who asks for its very state still finds it."""
    if status == FREE:
        return rows.filter(Plot.confirmed_for(on), status__in=Availability.FREE)
    return rows if status == ANY else rows.filter(status=status)
