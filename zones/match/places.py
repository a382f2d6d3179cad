"""What a need sees of the land: what each zone says and has left on the day, and each plot as an offer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from zones import utilities
from zones.criteria import M2_PER_HA, MEASURES
from zones.match import Need, Offer, scores
from zones.match.scores import Ranking
from zones.models import Plot, Utility
from zones.reach import TARGETS, Reach
from zones.utilities import Remaining

CHUNK = 2000
# Facts of a plot by the code of what may be asked of them; the networks are asked of its zone.
OF_PLOT = {code: MEASURES[code].field for code in ("height", "load", "coverage")}
COLUMNS = (
    "pk", "code", "zone_id", "zone__code", "is_usable", "kind", "area_m2", "price", "price_currency", "price_basis",
    "term", *OF_PLOT.values(),
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """A zone on the needed day: its published facts, what its networks have left, and both as values of a need."""

    reach: Reach
    left: dict[str, Remaining] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)


def places(reaches: Iterable[Reach], *, on: date) -> dict[int, Place]:
    """Zone id → its place; two queries."""
    reaches = list(reaches)
    rest = utilities.by_zone([reach.zone for reach in reaches], on=on)
    return {
        reach.zone.pk: _place(reach, {kind.value: rest[reach.zone.pk, kind] for kind in Utility}) for reach in reaches
    }


def _place(reach: Reach, left: dict[str, Remaining]) -> Place:
    values: dict[str, Any] = {kind: found.amount for kind, found in left.items()}
    values |= {target: reach.km(target) for target in TARGETS}
    values["sector"] = frozenset(reach.sectors) or None
    return Place(reach, left, values)


def prepared(rows: QuerySet[Plot], need: Need, *, on: date) -> QuerySet[Plot]:
    """The rows with `is_usable` on the needed day, as foreseen on a date, and the last year of the land's `term`."""
    term = Coalesce("term_until", "phase__term_until", "zone__term_until")
    return rows.with_use(need.by, on=on).annotate(term=term)


def offers(rows: QuerySet[Plot], need: Need, around: dict[int, Place]) -> Iterator[Offer]:
    """Those of the prepared rows that can be had by the day as offers, read in chunks by one query."""
    # No column of them is translated: a plain queryset spares a look for that at each row.
    plain: QuerySet[Plot] = QuerySet(Plot, query=rows.filter(is_usable=True).order_by("pk").query)
    for row in plain.values_list(*COLUMNS).iterator(chunk_size=CHUNK):
        yield _offer(dict(zip(COLUMNS, row, strict=True)), need, around)


def ranking(rows: QuerySet[Plot], need: Need, around: dict[int, Place], *, most: int) -> Ranking:
    """The prepared rows in their order, of which the best `most` are told; two queries."""
    unusable = rows.filter(is_usable=False).count()
    return scores.rank(offers(rows, need, around), need, most=most, unusable=unusable)


def offer_of(plot: Plot, need: Need, place: Place) -> Offer:
    """One of the prepared rows as an offer."""
    row = {column: getattr(plot, column) for column in COLUMNS if "__" not in column}
    return _offer({**row, "zone__code": place.reach.zone.code}, need, {plot.zone_id: place})


def _offer(row: dict[str, Any], need: Need, around: dict[int, Place]) -> Offer:
    return Offer(row["zone__code"], row["code"], row["is_usable"], _values(row, need, around), (row["pk"],))


def _values(row: dict[str, Any], need: Need, around: dict[int, Place]) -> dict[str, Any]:
    """What is asked, and no more."""
    of_zone = around[row["zone_id"]].values
    return {
        demand.code: of_zone[demand.code] if demand.code in of_zone else _own(demand.code, row, need)
        for demand in need.demands
    }


def _own(code: str, row: dict[str, Any], need: Need) -> Any:
    if code == "area":
        return row["area_m2"] / M2_PER_HA
    if code == "price":
        return row["price"] if (row["price_currency"], row["price_basis"]) == need.price_in else None
    if code == "term":
        return None if row["term"] is None else max(row["term"] - need.by.year, 0)
    return row[OF_PLOT.get(code, code)]
