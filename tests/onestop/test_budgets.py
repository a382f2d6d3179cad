"""What each station may take, what it has taken, and how the two compare."""

from datetime import timedelta
from decimal import Decimal

import pytest

from izportal.workdays import Calendar
from onestop import budgets, workflow
from onestop.budgets import Move, Shares
from onestop.models import Dossier, ProcedureCase, Stage, StageBudget
from tests import factories
from tests.factories import advance, at

CALENDAR = Calendar.from_file()
SHARES = Shares.told(dict(zip(budgets.RULES, ("5", "5", "60", "10", "10", "5", "5", "80"), strict=True)))
TUESDAY, WEDNESDAY, THURSDAY = at("2026-03-03 09:00"), at("2026-03-04 09:00"), at("2026-03-05 09:00")
FRIDAY = at("2026-03-06 09:00")


def hours(stations):
    return {stage: float(length / timedelta(hours=1)) for stage, length in stations.items()}


def spent(*moves, until=FRIDAY):
    here, taken = budgets.spent([Move(*move) for move in moves], CALENDAR, until=until)
    return here, hours(taken)


def case(value, unit="working_day", second=None):
    return ProcedureCase(value=Decimal(value), unit=unit, second_value=second)


# Reckoning --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "unit", "second", "limit"),
    [
        (10, "working_day", None, 80), (4, "working_hour", None, 4), (14, "day", None, 80),
        (20, "working_day", Decimal(15), 280),
    ],
)  # fmt: skip
def test_limit_is_told_in_working_hours(value, unit, second, limit):
    assert budgets.limit_hours(case(value, unit, second), CALENDAR) == limit


def test_stations_without_a_row_take_their_share():
    planned = budgets.plan(case(10), {"review": Decimal(40)}, SHARES, CALENDAR)
    assert list(planned.values()) == [4, 4, 40, 8, 8, 4, 4]


def test_returns_add_up_and_steps_in_place_change_nothing():
    assert spent(
        ("open_review", "assigned", "in_review", TUESDAY),
        ("propose", "in_review", "head_check", WEDNESDAY),
        ("extend", "head_check", "head_check", at("2026-03-04 10:00")),
        ("return_to_specialist", "head_check", "in_review", THURSDAY),
    ) == (Stage.REVIEW, {Stage.REVIEW: 16, Stage.HEAD: 8})


def test_wait_for_the_applicant_is_left_out_until_they_answer():
    asked = ("ask_supplement", "in_review", "review_supplement", WEDNESDAY)
    opened = ("open_review", "assigned", "in_review", TUESDAY)
    assert spent(opened, asked) == (None, {Stage.REVIEW: 8})
    answered = ("answer_supplement", "review_supplement", "review_supplement", THURSDAY)
    accepted = ("accept_supplement", "review_supplement", "in_review", THURSDAY + timedelta(hours=1))
    assert spent(opened, asked, answered) == (Stage.REVIEW, {Stage.REVIEW: 16})
    assert spent(opened, asked, answered, accepted) == (Stage.REVIEW, {Stage.REVIEW: 16})


def test_stay_without_an_end_is_no_length_where_none_is_given():
    moves = (("seal", "numbering", "result_ready", TUESDAY),)
    assert spent(*moves, until=None) == (Stage.RETURN, {})


# Of a dossier -----------------------------------------------------------------------------------------------------
@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def dossier(people):
    return advance(factories.make_dossier(), "in_review", people=people, start=TUESDAY)


def states(dossier, moment):
    stations = budgets.of(dossier, at=moment, calendar=CALENDAR)
    return {station.stage.value: station.state for station in stations if station.state}


@pytest.mark.parametrize(
    ("moment", "state"), [("2026-03-04 09:00", "within"), ("2026-03-10 09:00", "near"), ("2026-03-12 09:00", "over")]
)
def test_station_is_within_near_or_over(dossier, moment, state):
    assert states(dossier, at(moment)) == {"review": state}


def test_station_tells_hours_and_word(dossier):
    StageBudget.objects.create(version=dossier.version, stage=Stage.REVIEW, hours=Decimal("7.5"))
    station = next(row for row in budgets.of(dossier, at=WEDNESDAY, calendar=CALENDAR) if row.is_here)
    assert (station.hours, station.spent, station.word, station.shape) == (
        Decimal("7.5"), Decimal(8), "Vượt mức", "s-late",
    )  # fmt: skip


def test_budgets_that_exceed_the_limit_are_found(catalogue):
    version = catalogue["1.009664"].versions.get()
    rows = {"review": Decimal(48)}
    case, total, limit = budgets.excess(version, rows, on=TUESDAY.date(), calendar=CALENDAR)
    assert (case.key, total, limit) == ("th2", Decimal(64), Decimal(40))
    assert budgets.excess(version, {"review": Decimal(24)}, on=TUESDAY.date(), calendar=CALENDAR) is None


@pytest.mark.parametrize("rows", [1, 3])
def test_page_of_dossiers_is_compared_in_one_question(people, django_assert_num_queries, rows):
    kept = [advance(factories.make_dossier(), "in_review", people=people, start=TUESDAY).pk for _n in range(rows)]
    shares = Shares.read(on=TUESDAY.date())
    with django_assert_num_queries(2):
        page = list(budgets.with_planned(Dossier.objects.filter(pk__in=kept).select_related("case")))
        over = budgets.overrun(page, shares, at=at("2026-03-12 09:00"), calendar=CALENDAR)
    assert {pk: station.spent for pk, station in over.items()} == dict.fromkeys(kept, Decimal(56))


def test_paused_dossier_is_at_no_station(people, dossier):
    workflow.take(dossier, "ask_supplement", by=people["specialist"], at=WEDNESDAY, items=["Báo cáo"], reason="Thiếu")
    page = list(budgets.with_planned(Dossier.objects.select_related("case")))
    assert budgets.overrun(page, SHARES, at=at("2026-06-01 09:00"), calendar=CALENDAR) == {}
