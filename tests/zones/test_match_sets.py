"""Plots side by side that are large enough together: which set, and how its facts are put together."""

from decimal import Decimal

import pytest

from tests.zones.matching import need
from zones import neighbours
from zones.match import Offer, State, verdicts
from zones.match.sets import smallest, together

pytestmark = pytest.mark.any_database


def offers(**areas):
    """`offers(a=2, b=3)`: ids 1, 2 … in the order given."""
    return {
        n: Offer("A", code, values={"area": Decimal(ha)}, pks=(n,)) for n, (code, ha) in enumerate(areas.items(), 1)
    }


def row(*pairs):
    beside = {}
    for one, two in pairs:
        beside.setdefault(one, set()).add(two)
        beside.setdefault(two, set()).add(one)
    return beside


def codes(found):
    return [offer.code for offer in found]


def test_fewest_plots_that_reach_the_area_are_chosen():
    found = smallest(offers(a="2", b="2", c="2", d="3"), row((1, 2), (2, 3), (3, 4)), low=Decimal(5))
    assert codes(found) == ["c", "d"]


def test_least_area_decides_between_sets_of_one_size():
    found = smallest(offers(a="3", b="4", c="2"), row((1, 2), (1, 3)), low=Decimal(5))
    assert codes(found) == ["a", "c"]


def test_codes_decide_between_sets_of_one_area():
    found = smallest(offers(b="3", a="3", c="3", d="3"), row((1, 3), (2, 4)), low=Decimal(5))
    assert codes(found) == ["a", "d"]


def test_set_hangs_together():
    assert smallest(offers(a="3", b="3"), row(), low=Decimal(5)) == []
    assert codes(smallest(offers(a="2", b="1", c="2"), row((1, 2), (2, 3)), low=Decimal(5))) == ["a", "b", "c"]


def test_set_keeps_within_the_most_and_to_four_plots():
    assert smallest(offers(a="4", b="4"), row((1, 2)), low=Decimal(5), high=Decimal(7)) == []
    five = offers(a="1", b="1", c="1", d="1", e="1")
    assert smallest(five, row((1, 2), (2, 3), (3, 4), (4, 5)), low=Decimal(5)) == []


def test_facts_of_a_set_are_the_worst_of_its_plots():
    first = {"kind": "land", "area": Decimal(3), "height": Decimal(20), "price": Decimal(60), "term": 40, "water": 900}
    second = {**first, "area": Decimal(2), "height": Decimal(12), "price": Decimal(75), "term": 30}
    whole = together([Offer("A", "A-1", values=first, pks=(1,)), Offer("A", "A-2", values=second, pks=(2,))])
    assert whole.values == {
        "kind": "land", "area": 5, "height": 12, "price": 75, "term": 30, "water": 900,
    }  # fmt: skip
    assert (whole.code, whole.pks, whole.is_usable) == ("A-1 + A-2", (1, 2), True)


def test_what_one_plot_does_not_state_is_unknown_of_the_set():
    parts = [Offer("A", f"A-{n}", values={"area": Decimal(3), "height": height}) for n, height in ((1, None), (2, 30))]
    found = verdicts(need(area=5, height=10), together(parts))
    assert (found["area"].state, found["height"].state) == (State.MET, State.UNKNOWN)


class Plot:
    def __init__(self, pk, x, y, width=100, depth=100):
        self.pk, self.outline = pk, [[x, y], [x + width, y], [x + width, y + depth], [x, y + depth]]


def test_plots_touch_up_to_six_metres_apart():
    plots = [Plot(1, 0, 0), Plot(2, 106, 0), Plot(3, 213, 0), Plot(4, 0, 104), Plot(5, 110, 110)]
    assert neighbours.touching(plots) == {1: {2, 4}, 2: {1}, 3: set(), 4: {1}, 5: set()}


def test_plot_without_outline_touches_nothing():
    bare = Plot(1, 0, 0)
    bare.outline = []
    assert neighbours.touching([bare, Plot(2, 0, 0)]) == {2: set()}
