"""Plots side by side that together are large enough where no single one is: the fewest that do, then the smallest."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from zones import neighbours
from zones.criteria import M2_PER_HA
from zones.match import AT_MOST, Demand, Need, Offer, first_failed, places, scores, verdicts
from zones.match.places import Place
from zones.models import Plot

# No set has more plots than this; beyond so many plots of one zone, or of all, only the largest are tried.
MOST_PLOTS, MOST_OF_ZONE, MOST_OF_ALL = 4, 200, 1000
AREA = "area"


def are_wanted(ranking: scores.Ranking, need: Need) -> bool:
    """Nothing that the need does not exclude is large enough by itself."""
    area = need.of(AREA)
    return area is not None and area.low is not None and not ranking.met[AREA]


def touching(rows: QuerySet[Plot], need: Need, around: dict[int, Place]) -> list[scores.Ranked]:
    """The best set of each zone, ranked as plots are, where the need names a least area. One query; `rows` are the
    prepared ones."""
    area = need.of(AREA)
    if area is None or area.low is None:
        return []
    fit = rows.filter(is_usable=True, area_m2__lt=area.low * M2_PER_HA).exclude(outline=[])
    if kind := need.of("kind"):
        fit = fit.filter(kind__in=kind.options)
    found: list[scores.Ranked] = []
    for plots in _by_zone_and_kind(fit).values():
        found += _best(plots, need, around[plots[0].zone_id], area)
    return sorted(found, key=lambda ranked: ranked[:4])


def _by_zone_and_kind(rows: QuerySet[Plot]) -> dict[tuple[int, str], list[Plot]]:
    groups: dict[tuple[int, str], list[Plot]] = defaultdict(list)
    for plot in rows.select_related("zone").order_by("-area_m2", "code")[:MOST_OF_ALL]:
        group = groups[plot.zone_id, plot.kind]
        if len(group) < MOST_OF_ZONE:
            group.append(plot)
    return groups


def _best(plots: list[Plot], need: Need, place: Place, area: Demand) -> Iterator[scores.Ranked]:
    """Each of a set must hold to every binding criterion but the area."""
    offers = {plot.pk: places.offer_of(plot, need, place) for plot in plots}
    rest = need.without(AREA)
    fit = [plot for plot in plots if not first_failed(rest, verdicts(rest, offers[plot.pk]), is_usable=True)]
    group = smallest(
        {plot.pk: offers[plot.pk] for plot in fit},
        neighbours.touching(fit),
        low=area.low or Decimal(0),
        high=area.high,
    )
    if group:
        whole = together(group)
        told = verdicts(need, whole)
        if not first_failed(need, told, is_usable=True):
            yield scores.scored(need, whole, told)


def smallest(
    offers: dict[int, Offer], beside: dict[int, set[int]], *, low: Decimal, high: Decimal | None = None
) -> list[Offer]:
    """The fewest plots that hang together and reach `low` within `high`; among those the least area, then by codes."""
    groups = {frozenset([pk]) for pk in offers}
    for _size in range(2, MOST_PLOTS + 1):
        groups = {group | {pk} for group in groups for pk in _around(group, beside) if pk in offers}
        fit = [(area, group) for group in groups if low <= (area := _area(group, offers)) and _within(area, high)]
        if fit:
            _area_of, group = min(fit, key=lambda found: (found[0], sorted(offers[pk].code for pk in found[1])))
            return sorted((offers[pk] for pk in group), key=lambda offer: offer.code)
    return []


def _around(group: frozenset[int], beside: dict[int, set[int]]) -> set[int]:
    return {other for pk in group for other in beside.get(pk, ())} - group


def _area(group: Iterable[int], offers: dict[int, Offer]) -> Decimal:
    return sum((offers[pk].values[AREA] for pk in group), Decimal(0))


def _within(area: Decimal, high: Decimal | None) -> bool:
    return high is None or area <= high


def together(offers: list[Offer]) -> Offer:
    """Plots of one zone and kind as one: areas add up, of each other number the worst counts, and what one of them
    does not state is unknown of all. What a zone has left is had once."""
    values = {code: _worst(code, [offer.values.get(code) for offer in offers]) for code in offers[0].values}
    values[AREA] = sum((offer.values[AREA] for offer in offers), Decimal(0))
    return Offer(
        offers[0].zone,
        " + ".join(offer.code for offer in offers),
        all(offer.is_usable for offer in offers),
        values,
        tuple(pk for offer in offers for pk in offer.pks),
    )


def _worst(code: str, said: list[Any]) -> Any:
    if any(value is None for value in said):
        return None
    if not isinstance(said[0], Decimal | int):
        return said[0]
    return max(said) if code in AT_MOST else min(said)
