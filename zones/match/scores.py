"""The order of what answers a need, and what excluded the rest.

Met counts 3, near 2, unknown 1, not met 0; an important or a binding criterion counts three times. First come the
offers in which no binding criterion is unknown, then those with one, and so on; among them the most points, then the
code of the zone, then that of the plot. Nothing else decides, so the order of the rows that come in does not.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from zones.match import Need, Offer, State, Verdict, Weight, first_failed, verdicts

POINTS = {State.MET: 3, State.NEAR: 2, State.UNKNOWN: 1, State.NOT_MET: 0}
FACTORS: dict[str, int] = {Weight.NORMAL: 1, Weight.IMPORTANT: 3, Weight.MUST: 3}


class Ranked(NamedTuple):
    """Compares by its first four parts; two offers never share them all."""

    unknown_musts: int
    minus_points: int
    zone: str
    code: str
    offer: Offer
    verdicts: Mapping[str, Verdict]

    @property
    def points(self) -> int:
        return -self.minus_points


@dataclass
class Ranking:
    """`best` are the first of `ranked` offers; `excluded` counts the others by the first criterion that ruled them
    out, `nearly` those among them that it missed by little; `met` tells for how many of the ranked each is met."""

    best: list[Ranked] = field(default_factory=list)
    ranked: int = 0
    excluded: Counter = field(default_factory=Counter)
    nearly: Counter = field(default_factory=Counter)
    met: Counter = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.ranked + self.excluded.total()


def most_points(need: Need) -> int:
    return sum(POINTS[State.MET] * FACTORS[demand.weight] for demand in need.demands)


def rank(offers: Iterable[Offer], need: Need, *, most: int) -> Ranking:
    """Goes once through the offers and holds no more than the best `most`."""
    found = Ranking()
    found.best = heapq.nsmallest(most, _ranked(offers, need, found), key=_place)
    return found


def _ranked(offers: Iterable[Offer], need: Need, found: Ranking) -> Iterator[Ranked]:
    for offer in offers:
        told = verdicts(need, offer) if offer.is_usable else {}
        failed = first_failed(need, told, is_usable=offer.is_usable)
        if failed:
            found.excluded[failed] += 1
            found.nearly[failed] += failed in told and told[failed].state == State.NEAR
            continue
        found.ranked += 1
        for code, verdict in told.items():
            if verdict.state == State.MET:
                found.met[code] += 1
        yield scored(need, offer, told)


def scored(need: Need, offer: Offer, told: Mapping[str, Verdict]) -> Ranked:
    points = sum(POINTS[told[demand.code].state] * FACTORS[demand.weight] for demand in need.demands)
    unknown = sum(demand.is_must and told[demand.code].state == State.UNKNOWN for demand in need.demands)
    return Ranked(unknown, -points, offer.zone, offer.code, offer, told)


def _place(ranked: Ranked) -> tuple[int, int, str, str]:
    return ranked[:4]
