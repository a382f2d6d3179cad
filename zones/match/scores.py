"""The order of what answers a need, and what excluded the rest.

Met counts 3, near 2, unknown 1, not met 0; an important or a binding criterion counts three times. First come the
offers in which no binding criterion is unknown, then those with one, and so on; among them the most points, then the
code of the zone, then that of the plot. Nothing else decides, so the order of the rows that come in does not.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from zones.match import Demand, Need, Offer, State, Verdict, Weight, first_failed, judge

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


def rank(offers: Iterable[Offer], need: Need, *, most: int, unusable: int = 0) -> Ranking:
    """Goes once through the offers and holds no more than the best `most`; `unusable` are those of which it is known
    that they cannot be had by the day, and nothing else."""
    found = Ranking()
    found.excluded["by"] += unusable
    found.best = heapq.nsmallest(most, _ranked(offers, need, found), key=_place)
    return found


@dataclass
class _Standing:
    """What offers with the same states share; `number` is how many they are."""

    failed: str
    unknown_musts: int
    minus_points: int
    states: Mapping[str, State]
    number: int = 0


def _ranked(offers: Iterable[Offer], need: Need, found: Ranking) -> Iterator[Ranked]:
    """Thousands of offers say the same few things: each value is judged once, each set of states weighed once."""
    known: dict[tuple[str, Any], tuple[Verdict, int]] = {}
    standings: dict[tuple[bool, int], _Standing] = {}
    for offer in offers:
        told, key = {}, 0
        for demand in need.demands:
            value = offer.values.get(demand.code)
            told[demand.code], place = known.get((demand.code, value)) or _judged(demand, value, known)
            key = key * len(State) + place
        standing = standings.get((offer.is_usable, key)) or _weighed(need, offer, told, key, standings)
        standing.number += 1
        if not standing.failed:
            yield Ranked(standing.unknown_musts, standing.minus_points, offer.zone, offer.code, offer, told)
    for standing in standings.values():
        _count(found, standing)


def _judged(demand: Demand, value: Any, known: dict[tuple[str, Any], tuple[Verdict, int]]) -> tuple[Verdict, int]:
    verdict = judge(demand, value)
    known[demand.code, value] = verdict, list(State).index(verdict.state)
    return known[demand.code, value]


def _weighed(
    need: Need, offer: Offer, told: Mapping[str, Verdict], key: int, standings: dict[tuple[bool, int], _Standing]
) -> _Standing:
    ranked, states = scored(need, offer, told), {code: verdict.state for code, verdict in told.items()}
    failed = first_failed(need, told, is_usable=offer.is_usable)
    standings[offer.is_usable, key] = _Standing(failed, ranked.unknown_musts, ranked.minus_points, states)
    return standings[offer.is_usable, key]


def _count(found: Ranking, standing: _Standing) -> None:
    if standing.failed:
        found.excluded[standing.failed] += standing.number
        is_near = standing.failed != "by" and standing.states[standing.failed] == State.NEAR
        found.nearly[standing.failed] += standing.number * is_near
        return
    found.ranked += standing.number
    for code, state in standing.states.items():
        if state == State.MET:
            found.met[code] += standing.number


def scored(need: Need, offer: Offer, told: Mapping[str, Verdict]) -> Ranked:
    points = sum(POINTS[told[demand.code].state] * FACTORS[demand.weight] for demand in need.demands)
    unknown = sum(demand.is_must and told[demand.code].state == State.UNKNOWN for demand in need.demands)
    return Ranked(unknown, -points, offer.zone, offer.code, offer, told)


def _place(ranked: Ranked) -> tuple[int, int, str, str]:
    return ranked[:4]
