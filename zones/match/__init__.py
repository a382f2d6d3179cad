"""How a plot answers a need, criterion by criterion: met, near, not met or unknown, and by how much. Rules only, no
row and no page; the order of the plots stands in `zones/match/scores.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models
from django.utils.translation import gettext_lazy as _

# The order in which criteria are shown, and in which the first that excludes a plot is named.
CODES = (
    "by", "kind", "area", "sector", "power", "water", "wastewater", "height", "load", "coverage", "term", "price",
    "port", "airport", "junction",
)  # fmt: skip
# The numbers that are asked for as the most; all others are asked for as the least, and an area as both.
AT_MOST = frozenset({"price", "port", "airport", "junction"})
# What misses a number by no more than this share of it is near.
NEAR_SHARE = Decimal("0.1")


class State(models.TextChoices):
    MET = "met", _("Đạt")
    NEAR = "near", _("Gần đạt")
    UNKNOWN = "unknown", _("Chưa rõ")
    NOT_MET = "not_met", _("Không đạt")


class Weight(models.TextChoices):
    NORMAL = "normal", _("Mức thường")
    IMPORTANT = "important", _("Quan trọng")
    MUST = "must", _("Bắt buộc")


@dataclass(frozen=True)
class Demand:
    """One criterion: a number from `low` to `high`, or any of `options`; `by` is met by what can be had that day."""

    code: str
    weight: str = Weight.NORMAL
    low: Decimal | None = None
    high: Decimal | None = None
    options: frozenset[str] = frozenset()

    @property
    def is_must(self) -> bool:
        return self.weight == Weight.MUST


@dataclass(frozen=True)
class Need:
    """What is looked for, usable on a day; `demands` stand in the order of `CODES`. A price is in one currency and on
    one basis, and none is ever converted."""

    by: date
    demands: tuple[Demand, ...] = ()
    price_in: tuple[str, str] = ("USD", "m2_term")

    @property
    def asks(self) -> frozenset[str]:
        return frozenset(demand.code for demand in self.demands)

    def of(self, code: str) -> Demand | None:
        return next((demand for demand in self.demands if demand.code == code), None)

    def without(self, code: str) -> "Need":
        return Need(self.by, tuple(demand for demand in self.demands if demand.code != code), self.price_in)


@dataclass(frozen=True, slots=True)
class Offer:
    """A plot, or plots side by side, as a need sees it: `values` by code, a number, a word or a set of words; what is
    not there or None is unknown. Areas are in ha, the term in years left on the needed day."""

    zone: str
    code: str
    is_usable: bool = True
    values: Mapping[str, Any] = field(default_factory=dict)
    pks: tuple[int, ...] = ()


class Verdict(NamedTuple):
    """`margin` is what is left over, or below zero what is missing; None where nothing can be reckoned."""

    state: State
    margin: Decimal | None = None


def judge(demand: Demand, value: Any) -> Verdict:
    """Unknown is neither met nor missed."""
    if value is None:
        return Verdict(State.UNKNOWN)
    if demand.options:
        said = {value} if isinstance(value, str) else value
        return Verdict(State.NOT_MET if demand.options.isdisjoint(said) else State.MET)
    return _measured(demand, value)


def _measured(demand: Demand, value: Decimal) -> Verdict:
    low, high = demand.low, demand.high
    if high is not None and (low is None or value > high):
        margin, bound = high - value, high
    else:
        bound = low if low is not None else Decimal(0)
        margin = value - bound
    if margin >= 0:
        return Verdict(State.MET, margin)
    return Verdict(State.NEAR if -margin <= bound * NEAR_SHARE else State.NOT_MET, margin)


def verdicts(need: Need, offer: Offer) -> dict[str, Verdict]:
    """Code → verdict, for every demand of the need."""
    return {demand.code: judge(demand, offer.values.get(demand.code)) for demand in need.demands}


def first_failed(need: Need, found: Mapping[str, Verdict], *, is_usable: bool) -> str:
    """The first criterion that rules an offer out, "" where none does. What is not free by the day is out; a must is
    failed by what is near too, but not by what is unknown."""
    if not is_usable:
        return "by"
    failed = (State.NEAR, State.NOT_MET)
    return next((d.code for d in need.demands if d.is_must and found[d.code].state in failed), "")
