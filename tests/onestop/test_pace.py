"""The pace of the stations, measured at night, and what will be late this week at that pace."""

from datetime import timedelta
from decimal import Decimal

import pytest

from izportal.workdays import Calendar
from onestop import pace, workflow
from onestop.budgets import Shares
from onestop.models import Dossier, Pace, Procedure, Stage
from tests import factories
from tests.factories import advance, at, path

CALENDAR = Calendar.from_file()
# Tuesday; a dossier received on Monday the 9th at nine is due on Monday the 23rd.
NOW = at("2026-03-17 09:00")
pytestmark = pytest.mark.django_db


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def walk(people):
    """`walk("2026-01-05 09:00", 2, to="result_ready")`: every step so many days after the one before."""

    def walked(start, days, to="result_ready", **fields):
        dossier, moment = factories.make_dossier(**fields), at(start)
        for step, role, details in path(people, f"97{dossier.pk.int % 10**8:08d}"):
            if dossier.status == to:
                return dossier
            by = people[role] if role else dossier.created_by
            dossier = workflow.take(dossier, step, by=by, at=moment, **details)
            moment += timedelta(days)
        return dossier

    return walked


def paces(**wanted):
    return {row.stage: (row.hours, row.count) for row in Pace.objects.filter(**wanted)}


def set_pace(hours, *, count=7, code="1.009664"):
    for stage in Stage:
        Pace.objects.create(
            procedure=Procedure.objects.get(code=code), stage=stage, hours=hours, count=count, measured_at=NOW
        )


def due_on(dossier, moment):
    Dossier.objects.filter(pk=dossier.pk).update(due_at=at(moment))
    return dossier


def forecast(moment=NOW, few=5):
    return pace.forecast(
        Dossier.objects.all(), at=moment, calendar=CALENDAR, shares=Shares.read(on=moment.date()), few=few
    )


# Measuring --------------------------------------------------------------------------------------------------------
def test_pace_is_the_median_of_the_settled(walk):
    for start, days in (("2026-01-05 09:00", 0), ("2026-01-05 09:00", 1), ("2026-01-12 09:00", 0)):
        walk(start, days)
    walk("2026-03-16 09:00", 0, to="in_review")
    assert pace.measure(at=NOW) == 6
    assert paces()["leader"] == (Decimal("0.0"), 3)
    for _n in range(2):
        walk("2026-01-06 09:00", 1)
    pace.measure(at=NOW)
    assert paces() == {
        "reception": (8, 5), "assign": (8, 5), "review": (15, 5), "head": (0, 5), "leader": (0, 5), "clerk": (1, 5),
    }  # fmt: skip


def test_old_results_are_forgotten_with_their_pace(walk):
    walk("2026-01-05 09:00", 0)
    assert pace.measure(at=NOW) == 6
    assert pace.measure(at=at("2027-02-01 09:00")) == 0
    assert paces() == {}


def test_pace_is_measured_once_a_day(walk):
    walk("2026-01-05 09:00", 0)
    counts = [pace.measure_daily(at=NOW + timedelta(hours=hours)) for hours in (0, 5, 24)]
    assert counts == [6, 0, 6]


@pytest.mark.parametrize("rows", [1, 3])
def test_dossiers_are_read_some_at_a_time(walk, monkeypatch, django_assert_num_queries, rows):
    """Two for the calendar, two for what counts; one for the keys and one for each chunk; four to write."""
    for _n in range(rows):
        walk("2026-01-05 09:00", 0)
    pace.measure(at=NOW)
    with django_assert_num_queries(4 + 2 + 4):
        pace.measure(at=NOW)
    monkeypatch.setattr(pace, "CHUNK", 1)
    pace.measure(at=NOW)
    assert paces()["review"] == (0, rows)


def test_the_newest_of_a_procedure_tell_its_pace(walk, monkeypatch):
    for start, days in (("2026-01-05 09:00", 3), ("2026-02-02 09:00", 0), ("2026-02-03 09:00", 0)):
        walk(start, days)
    monkeypatch.setattr(pace, "NEWEST", 2)
    pace.measure(at=NOW)
    assert paces()["review"] == (0, 2)


# Forecast ---------------------------------------------------------------------------------------------------------
def test_dossier_is_late_where_the_stations_to_come_take_longer_than_is_left(walk):
    set_pace(4)
    dossier = due_on(walk("2026-03-16 09:00", 0, to="in_review"), "2026-03-18 17:00")
    told = forecast()
    # A day has gone in review; head, leader and clerk still take four hours each.
    assert [(row.pk, row.left, row.room, row.cases) for row in told.expected] == [
        (dossier.pk, timedelta(hours=12), timedelta(hours=15), 7)
    ]
    assert (told.late, told.finish(told.expected[0])) == ([], at("2026-03-18 14:00"))
    due_on(dossier, "2026-03-18 11:00")
    assert [row.pk for row in forecast().late] == [dossier.pk]


def test_station_seldom_passed_takes_its_budget(walk):
    set_pace(4)
    Pace.objects.filter(stage=Stage.LEADER).update(count=2)
    due_on(walk("2026-03-17 09:00", 0, to="head_check"), "2026-03-18 17:00")
    assert forecast().expected[0].left == timedelta(hours=4 + 8 + 4)


def test_nothing_is_said_from_few_cases(walk):
    set_pace(4, count=4)
    due_on(walk("2026-03-16 09:00", 0, to="in_review"), "2026-03-17 10:00")
    told = forecast()
    assert (told.due, told.unknown, told.is_silent, told.late) == (1, 1, True, [])


def test_only_this_week_and_what_is_late_already_count(walk):
    set_pace(4)
    week = due_on(walk("2026-03-16 09:00", 0, to="in_review"), "2026-03-20 17:00")
    due_on(walk("2026-03-16 09:00", 0, to="in_review"), "2026-03-23 17:00")
    due_on(walk("2026-03-16 09:00", 0, to="in_review"), "2026-03-16 17:00")
    told = forecast()
    assert ([row.pk for row in told.expected], told.overdue, f"{told.last_day:%d/%m}") == ([week.pk], 1, "22/03")


def test_longest_delay_stands_first(walk):
    set_pace(40)
    later = due_on(walk("2026-03-17 09:00", 0, to="in_review"), "2026-03-18 17:00")
    sooner = due_on(walk("2026-03-17 09:00", 0, to="leader_sign"), "2026-03-17 17:00")
    assert [row.pk for row in forecast().late] == [later.pk, sooner.pk]


def test_week_is_cut_at_the_nearest(walk, monkeypatch):
    monkeypatch.setattr(pace, "MOST", 1)
    for day in ("19", "18"):
        due_on(walk("2026-03-16 09:00", 0, to="in_review"), f"2026-03-{day} 17:00")
    told = forecast()
    assert (told.is_cut, told.due, told.expected[0].due_at) == (True, 1, at("2026-03-18 17:00"))


@pytest.mark.parametrize("rows", [1, 3])
def test_forecast_asks_as_often_for_many(walk, django_assert_num_queries, rows):
    set_pace(4)
    for _n in range(rows):
        due_on(walk("2026-03-16 09:00", 0, to="in_review"), "2026-03-18 17:00")
    advance(factories.make_dossier(), "in_review", start=at("2026-03-17 09:00"))
    with django_assert_num_queries(7):
        assert forecast().due == rows


def test_reader_is_told_of_their_own(walk, people):
    dossier = walk("2026-03-16 09:00", 0, to="in_review")
    other = factories.make_staff("head", division=factories.make_division("khac"))
    clerk, rows = people["clerk"], Dossier.objects.all()
    told = {role: pace.scope(rows, people[role]) for role in ("leader", "head", "specialist")}
    assert {role: list(found) for role, found in told.items()} == dict.fromkeys(told, [dossier])
    assert (list(pace.scope(rows, other)), pace.scope(rows, clerk)) == ([], None)
