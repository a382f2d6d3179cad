"""Reserve, occupy, release, record: who gets a plot, who is refused, and what the land remembers."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError

from tests import factories
from tests.factories import at
from zones import allocation
from zones.allocation import PlotTaken
from zones.models import Availability, Plot

MOMENT = at("2026-03-03 09:15")
TODAY = MOMENT.date()

pytestmark = pytest.mark.django_db


@pytest.fixture
def land():
    return {"by": factories.make_user(), "at": MOMENT, "basis": "thử"}


def status_of(plot, on=TODAY):
    row = plot.standing(on=on)
    return (row.status, row.held_for)


def test_reserve_holds_a_free_plot(land):
    plot = factories.make_plot()
    allocation.reserve(plot=plot, held_for="hs:1", **land)
    assert status_of(plot) == ("reserved", "hs:1")


def test_reserve_twice_for_the_same_is_harmless(land):
    plot = factories.make_plot()
    first = allocation.reserve(plot=plot, held_for="hs:1", **land)
    assert allocation.reserve(plot=plot, held_for="hs:1", **land) == first


def test_reserve_for_another_is_refused_without_naming_the_holder(land):
    plot = factories.make_plot()
    allocation.reserve(plot=plot, held_for="hs:1", **land)
    with pytest.raises(PlotTaken) as refused:
        allocation.reserve(plot=plot, held_for="hs:2", **land)
    assert str(refused.value) == "Lô SC2-CN-05 đang được giữ chỗ cho hồ sơ khác."


@pytest.mark.parametrize("status", ["planned", "clearing"])
def test_reserve_of_a_plot_not_ready_is_refused(land, status):
    plot = factories.make_plot(status=status)
    with pytest.raises(PlotTaken, match="chưa sẵn sàng"):
        allocation.reserve(plot=plot, held_for="hs:1", **land)


def test_occupy_takes_own_reservation_but_not_anothers(land):
    plot = factories.make_plot()
    allocation.reserve(plot=plot, held_for="hs:1", **land)
    with pytest.raises(PlotTaken):
        allocation.occupy(plot=plot, held_for="P2", reserved_for="hs:2", **land)
    allocation.occupy(plot=plot, held_for="P1", reserved_for="hs:1", **land)
    assert status_of(plot) == ("leased", "P1")


def test_occupy_of_a_reserved_plot_without_a_reservation_is_refused(land):
    plot = factories.make_plot()
    allocation.reserve(plot=plot, held_for="hs:1", **land)
    with pytest.raises(PlotTaken):
        allocation.occupy(plot=plot, held_for="P1", **land)


def test_release_gives_back_a_reservation_and_a_lease(land):
    plot = factories.make_plot()
    allocation.reserve(plot=plot, held_for="hs:1", **land)
    assert allocation.release(plot=plot, held_for="hs:1", **land).status == "available"
    allocation.occupy(plot=plot, held_for="P1", **land)
    assert allocation.release(plot=plot, held_for="P1", **land).status == "handed_back"


def test_release_by_a_rival_changes_nothing(land):
    plot = factories.make_plot()
    allocation.reserve(plot=plot, held_for="hs:1", **land)
    assert allocation.release(plot=plot, held_for="hs:2", **land) is None
    assert status_of(plot) == ("reserved", "hs:1")


def test_record_never_frees_a_plot_that_is_held(land):
    plot = factories.make_plot()
    allocation.reserve(plot=plot, held_for="hs:1", **land)
    with pytest.raises(PlotTaken):
        allocation.record(plot=plot, status="available", effective_on=TODAY, **land)


def test_record_of_a_taken_state_by_hand_is_refused(land):
    with pytest.raises(PlotTaken, match="không ghi tay"):
        allocation.record(plot=factories.make_plot(), status="leased", effective_on=TODAY, **land)


def test_state_announced_for_later_does_not_undo_a_lease(land):
    plot = factories.make_plot(status="clearing")
    later = TODAY + timedelta(days=30)
    allocation.record(plot=plot, status="ready", effective_on=TODAY, **land)
    allocation.record(plot=plot, status="available", effective_on=later, **land)
    allocation.occupy(plot=plot, held_for="P1", **land)
    assert status_of(plot, later) == ("leased", "P1")


def test_status_is_asked_as_true_on_a_date_and_as_known_at_a_moment(land):
    plot = factories.make_plot(on=date(2020, 1, 1))
    allocation.reserve(plot=plot, held_for="hs:1", **land)
    before = Plot.objects.with_status(on=TODAY, known=MOMENT - timedelta(seconds=1)).get()
    now = Plot.objects.with_status(on=TODAY, known=MOMENT).get()
    yesterday = Plot.objects.with_status(on=TODAY - timedelta(days=1)).get()
    assert [before.status, now.status, yesterday.status] == ["available", "reserved", "available"]


def test_database_refuses_a_taken_plot_without_holder(land):
    with pytest.raises(IntegrityError):
        Availability.objects.create(plot=factories.make_plot(), status="leased", effective_on=TODAY)
