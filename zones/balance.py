"""The balance of industrial land: how much is let, held and free, by zone, on a date and as known at a moment."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Sum

from zones import landlist
from zones.models import Availability, Plot

ZERO = Decimal(0)
PART_OF = {
    Availability.Status.LEASED: "leased_m2",
    Availability.Status.RESERVED: "reserved_m2",
    **dict.fromkeys(Availability.FREE, "free_m2"),
}


@dataclass(frozen=True)
class Balance:
    """Square metres of published plots of industrial land; `coming_m2` cannot be let yet or has no record, and
    `unconfirmed_m2` stands in the books as free, but nobody has confirmed it for too long to offer it."""

    leased_m2: Decimal = ZERO
    reserved_m2: Decimal = ZERO
    free_m2: Decimal = ZERO
    coming_m2: Decimal = ZERO
    unconfirmed_m2: Decimal = ZERO
    plots: int = 0
    free_plots: int = 0

    @property
    def total_m2(self) -> Decimal:
        return self.leased_m2 + self.reserved_m2 + self.free_m2 + self.coming_m2 + self.unconfirmed_m2

    @property
    def occupancy(self) -> Decimal | None:
        """Let land in percent of all plots; land that is only held is not let."""
        return self.leased_m2 * 100 / self.total_m2 if self.total_m2 else None

    def __add__(self, other: "Balance") -> "Balance":
        return Balance(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def leased_ha(self) -> Decimal:
        return self.leased_m2 / 10000

    @property
    def reserved_ha(self) -> Decimal:
        return self.reserved_m2 / 10000

    @property
    def free_ha(self) -> Decimal:
        return self.free_m2 / 10000

    @property
    def coming_ha(self) -> Decimal:
        return self.coming_m2 / 10000

    @property
    def unconfirmed_ha(self) -> Decimal:
        return self.unconfirmed_m2 / 10000

    @property
    def total_ha(self) -> Decimal:
        return self.total_m2 / 10000


def counts_sample() -> bool:
    """Sample plots are counted only while there is no real one: a figure never mixes both."""
    return not Plot.objects.filter(is_sample=False).exists()


def counted(*, sample: bool):
    """The plots behind every land figure: published industrial land, either real or sample."""
    return Plot.objects.published().filter(kind=Plot.Kind.LAND, is_sample=sample)


def by_zone(
    *, on: datetime.date, known: datetime.datetime | None = None, sample: bool | None = None
) -> dict[int, Balance]:
    """Zone id → its balance; a zone without plots is not in it."""
    sample = counts_sample() if sample is None else sample
    if landlist.is_past(on, known):
        return _by_zone_then(landlist.listed(on=on, known=known, sample=sample))
    plots = counted(sample=sample)
    rows = plots.with_offer(on=on, known=known).order_by().values("zone_id", "status", "is_offered")
    found: dict[int, Balance] = defaultdict(Balance)
    for row in rows.annotate(area=Sum("area_m2"), plots=Count("pk")):
        part = part_of(row["status"], row["is_offered"])
        free = row["plots"] if part == "free_m2" else 0
        found[row["zone_id"]] += Balance(**{part: row["area"]}, plots=row["plots"], free_plots=free)
    return dict(found)


def _by_zone_then(plots: Iterable[landlist.Listed]) -> dict[int, Balance]:
    """The same from the list as it stood."""
    found: dict[int, Balance] = defaultdict(Balance)
    for plot in plots:
        part = part_of(plot.status, plot.is_offered)
        found[plot.zone] += Balance(**{part: plot.area_m2}, plots=1, free_plots=int(part == "free_m2"))
    return dict(found)


def part_of(status: str | None, is_offered: bool) -> str:
    part = PART_OF.get(status, "coming_m2") if status else "coming_m2"  # type: ignore[call-overload]
    return "unconfirmed_m2" if part == "free_m2" and not is_offered else part


def total(balances) -> Balance:
    return sum(balances, Balance())
