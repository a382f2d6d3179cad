"""How a plot answers a need, in which order, and what excludes it: the rules alone, without a database."""

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.zones import matching
from tests.zones.matching import need
from zones.match import CODES, Demand, Offer, State, Verdict, first_failed, judge, verdicts
from zones.match.scores import most_points, rank

pytestmark = pytest.mark.any_database


def told(asked, value):
    return judge(asked, None if value is None else Decimal(value))


def ranked(rows, asked=None):
    return rank(map(matching.offer, rows), asked or matching.of_the_table(), most=100)


# The table reckoned by hand ----------------------------------------------------------------------
@pytest.mark.parametrize("row", matching.table(), ids=lambda row: row["code"])
def test_states_of_thirty_plots_are_as_reckoned_by_hand(row):
    found = verdicts(matching.of_the_table(), matching.offer(row))
    names = {"kind": "s_kind", "area": "s_area", "water": "s_water", "wastewater": "s_discharge", "height": "s_height"}
    assert {code: found[code].state for code in names} == {
        code: matching.STATES[row[name]] for code, name in names.items()
    }


def test_order_of_thirty_plots_is_as_reckoned_by_hand():
    rows = matching.table()
    by_hand = sorted((row for row in rows if row["place"].isdigit()), key=lambda row: int(row["place"]))
    found = ranked(rows)
    assert [(best.code, best.points) for best in found.best] == [(row["code"], int(row["points"])) for row in by_hand]
    assert [best.code for best in found.best] == [
        "A-01", "A-10", "A-02", "A-05", "A-03", "A-06", "D-01", "A-09", "D-03", "D-04", "D-02", "A-04", "D-05",
        "C-01", "C-06", "C-03", "C-02", "C-04",
    ]  # fmt: skip


def test_exclusions_of_thirty_plots_sum_to_the_whole():
    found = ranked(matching.table())
    assert found.excluded == {"by": 3, "kind": 5, "water": 4}
    assert (found.ranked, found.total, found.nearly["water"]) == (18, 30, 4)


def test_order_stands_however_the_rows_come():
    rows, first = matching.table(), ranked(matching.table())
    for seed in range(20):
        random.Random(seed).shuffle(rows)
        again = ranked(rows)
        assert [best.code for best in again.best] == [best.code for best in first.best]
        assert again.excluded == first.excluded


def test_best_few_are_the_first_of_all():
    few = rank(map(matching.offer, matching.table()), matching.of_the_table(), most=3)
    assert ([best.code for best in few.best], few.ranked, few.total) == (["A-01", "A-10", "A-02"], 18, 30)


def test_most_points_are_those_of_a_plot_that_meets_all():
    assert most_points(matching.of_the_table()) == 33 == ranked(matching.table()).best[0].points


# One criterion -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "state", "margin"),
    [
        ("12000", "met", "2000"), ("10000", "met", "0"), ("9000", "near", "-1000"), ("8999.9", "not_met", "-1000.1"),
        ("-200", "not_met", "-10200"), (None, "unknown", None),
    ],
)  # fmt: skip
def test_least_is_met_near_or_missed_by_a_margin(value, state, margin):
    demand = Demand("water", low=Decimal(10000))
    assert told(demand, value) == Verdict(State(state), None if margin is None else Decimal(margin))


@pytest.mark.parametrize(
    ("value", "state", "margin"),
    [("40", "met", "10"), ("50", "met", "0"), ("55", "near", "-5"), ("56", "not_met", "-6")],
)
def test_most_is_met_near_or_missed_by_a_margin(value, state, margin):
    assert told(Demand("port", high=Decimal(50)), value) == Verdict(State(state), Decimal(margin))


@pytest.mark.parametrize(
    ("value", "state", "margin"),
    [
        ("4.4", "not_met", "-0.6"),
        ("4.6", "near", "-0.4"),
        ("6", "met", "1"),
        ("8.8", "near", "-0.8"),
        ("9", "not_met", "-1"),
    ],
)
def test_area_lies_between_two_bounds(value, state, margin):
    demand = Demand("area", low=Decimal(5), high=Decimal(8))
    assert told(demand, value) == Verdict(State(state), Decimal(margin))


def test_choice_is_met_by_any_of_the_options():
    sectors = Demand("sector", options=frozenset({"dien-tu", "co-khi"}))
    states = [judge(sectors, said).state for said in (frozenset({"co-khi", "det"}), frozenset({"det"}), None)]
    assert states == [State.MET, State.NOT_MET, State.UNKNOWN]
    assert judge(Demand("kind", options=frozenset({"land"})), "land").state == State.MET


# Unknown -----------------------------------------------------------------------------------------
def test_unknown_is_never_met_and_never_missed():
    chance = random.Random(7)
    for _time in range(300):
        code = chance.choice(CODES[1:])
        low, high = sorted((Decimal(chance.randrange(0, 100)), Decimal(chance.randrange(0, 100))))
        bounds = chance.choice([(low, None), (None, high), (low, high)])
        options = frozenset(chance.choice([(), ("land",)]))
        for weight in ("normal", "important", "must"):
            asked = Demand(code, weight, *bounds, options)
            assert judge(asked, None) == Verdict(State.UNKNOWN, None)


def test_what_is_not_stated_never_helps_a_plot():
    """Taking a value away from a plot leaves the criterion unknown, never met, and excludes it by nothing new."""
    asked = matching.of_the_table()
    for row in matching.table():
        full = matching.offer(row)
        for code in full.values:
            bare = replace(full, values={**full.values, code: None})
            found = verdicts(asked, bare)
            assert found[code].state == State.UNKNOWN
            assert first_failed(asked, found, is_usable=True) != code


def test_unknown_binding_criterion_stands_below_all_that_are_known():
    asked = need(water=(100, None, "must"), area=5)
    known = Offer("Z", "Z-9", values={"water": Decimal(100), "area": Decimal(1)})
    unknown = Offer("A", "A-1", values={"water": None, "area": Decimal(50)})
    assert [best.code for best in rank([unknown, known], asked, most=9).best] == ["Z-9", "A-1"]


def test_unknown_counts_between_near_and_not_met():
    values = {"A": None, "B": Decimal(1), "C": Decimal(95), "D": Decimal(100)}
    offers = [Offer(zone, f"{zone}-1", values={"height": value}) for zone, value in values.items()]
    assert [best.zone for best in rank(offers, need(height=100), most=9).best] == ["D", "C", "A", "B"]


# Musts and weights -------------------------------------------------------------------------------
def test_first_failed_criterion_in_the_order_of_the_page_is_named():
    asked = need(height=(20, None, "must"), area=(5, None, "must"))
    found = verdicts(asked, Offer("A", "A-1", values={"height": Decimal(1), "area": Decimal(1)}))
    assert first_failed(asked, found, is_usable=True) == "area"
    assert first_failed(asked, found, is_usable=False) == "by"


def test_weights_change_the_order():
    tall = Offer("A", "A-1", values={"height": Decimal(20), "load": Decimal(1)})
    strong = Offer("B", "B-1", values={"height": Decimal(1), "load": Decimal(5)})
    first = [rank([tall, strong], asked, most=1).best[0].code for asked in (
        need(height=20, load=5), need(height=20, load=(5, None, "important")), need(height=20, load=(5, None, "must")),
    )]  # fmt: skip
    assert first == ["A-1", "B-1", "B-1"]


def test_sums_hold_for_random_land():
    chance = random.Random(3)
    for _time in range(30):
        rows = chance.choices(matching.table(), k=40)
        offers = [replace(matching.offer(row), code=f"{row['code']}-{n}") for n, row in enumerate(rows)]
        found = rank(offers, matching.of_the_table(), most=5)
        assert found.total == 40 == found.ranked + sum(found.excluded.values())
        assert len(found.best) == min(5, found.ranked)
        assert found.nearly <= Counter(found.excluded)


def test_need_without_criteria_keeps_the_order_of_codes():
    rows = [Offer("B", "B-1"), Offer("A", "A-2"), Offer("A", "A-1", is_usable=False)]
    found = rank(rows, need(by=date(2027, 4, 1)), most=9)
    assert ([best.code for best in found.best], found.excluded) == (["A-2", "B-1"], {"by": 1})
