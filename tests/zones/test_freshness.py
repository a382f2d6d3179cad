"""A word on a listing ages: what it means on each day, and that a stale plot leaves every count at once."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from izportal.models import Rule
from tests import factories
from zones import balance, freshness, search
from zones.models import Availability, Confirmation, Plot

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 27)
State = freshness.State


@pytest.fixture
def rules():
    for code, days in ((freshness.AGEING, 90), (freshness.STALE, 180)):
        Rule.objects.create(code=code, name_vi=code, value=days, valid_from=date(2020, 1, 1))


def said(days):
    return TODAY - timedelta(days=days)


def test_days_of_the_rules_still_stand():
    by = freshness.Terms(90, 180)
    states = [freshness.of(Plot(confirmed_on=said(days)), on=TODAY, by=by).state for days in (0, 90, 91, 180, 181)]
    assert states == [State.FRESH, State.FRESH, State.AGEING, State.AGEING, State.STALE]


def test_what_nobody_has_confirmed_is_stale():
    by = freshness.Terms(90, 180)
    assert freshness.of(Plot(), on=TODAY, by=by) == freshness.Freshness(State.STALE, None, None)


def test_stale_day_is_the_first_without_an_offer():
    found = freshness.of(Plot(confirmed_on=said(91)), on=TODAY, by=freshness.Terms(90, 180))
    assert (found.stale_from, found.is_stale) == (TODAY + timedelta(days=90), False)


def test_without_a_rule_nothing_ages(make_plot):
    plot = make_plot("CN-01", confirmed_on=None)
    assert freshness.of(plot, on=TODAY, by=freshness.terms(on=TODAY)).state == State.FRESH
    assert Plot.objects.offered(on=TODAY).count() == 1


@pytest.mark.parametrize(("days", "offered"), [(0, 1), (180, 1), (181, 0)])
def test_stale_plot_leaves_every_count(rules, zone, make_plot, days, offered):
    make_plot("CN-01", confirmed_on=said(days))
    land = balance.by_zone(on=TODAY)[zone.pk]
    rows, wish = Plot.objects.all(), search.Wish()
    counts = search.tally(rows, wish, on=TODAY)
    assert Plot.objects.offered(on=TODAY).count() == offered
    assert (land.free_plots, land.plots, land.total_ha) == (offered, 1, land.free_ha + land.unconfirmed_ha)
    assert search.plots(rows, wish, on=TODAY).count() == counts.total == counts.zones[zone.pk] == offered


@pytest.mark.parametrize(("days", "shown"), [(180, True), (181, False)])
def test_stale_plot_leaves_every_page(rules, client, make_plot, days, shown):
    make_plot("CN-01", confirmed_on=timezone.localdate() - timedelta(days=days))
    zone_page = client.get("/khu-cong-nghiep/song-cong-2/")
    assert len(zone_page.context["free"]) == shown
    assert len(zone_page.context["plan"].free if zone_page.context["plan"] else []) == 0
    assert client.get("/quy-dat/").context["page_obj"].paginator.count == shown
    assert client.get("/").context["report"].land_total.free_plots == shown
    assert client.get("/thong-ke/").context["report"].land_total.free_plots == shown


def test_stale_plot_is_still_found_by_its_name_and_drawn_as_not_free(rules, client, make_plot):
    outline = [[0, 0], [100, 0], [100, 100]]
    make_plot("CN-01", confirmed_on=None, outline=outline)
    assert client.get("/quy-dat/?q=CN-01").context["page_obj"].paginator.count == 1
    assert [shape.look for shape in client.get("/khu-cong-nghiep/song-cong-2/").context["plan"].shapes] == ["other"]


def test_past_day_asks_the_words_of_then(rules, make_plot):
    plot = make_plot("CN-01", confirmed_on=TODAY)
    assert not Plot.objects.offered(on=said(10)).exists()
    moment = factories.at("2026-11-10 08:00")
    Confirmation.objects.create(plot=plot, word="right", said_on=said(17), said_at=moment)
    assert Plot.objects.offered(on=said(10)).exists()
    assert Plot.objects.offered(on=said(10), known=moment).exists()
    assert not Plot.objects.offered(on=said(10), known=moment - timedelta(seconds=1)).exists()


def test_lists_ask_for_a_state(rules, make_plot):
    for number, days in (("CN-01", 90), ("CN-02", 91), ("CN-03", 181)):
        make_plot(number, confirmed_on=said(days))
    found = {state: [p.number for p in freshness.in_state(Plot.objects.all(), state, on=TODAY)] for state in State}
    assert found == {State.FRESH: ["CN-01"], State.AGEING: ["CN-02"], State.STALE: ["CN-03"]}


# Usable by a day ----------------------------------------------------------------------------------
def test_leased_plot_is_usable_after_its_term(rules, make_plot):
    plot = make_plot("CN-01", status=Availability.Status.LEASED, held_for="9800000001", confirmed_on=None)
    plot.availabilities.update(ends_on=date(2027, 3, 31))
    days = (date(2027, 1, 1), date(2027, 3, 31), date(2027, 4, 1))
    assert [Plot.objects.usable_by(day, on=TODAY).count() for day in days] == [0, 0, 1]


def test_plot_announced_for_later_is_usable_then(rules, make_plot):
    plot = make_plot("CN-01", status=Availability.Status.CLEARING)
    Availability.objects.create(plot=plot, status="ready", effective_on=date(2027, 2, 1))
    days = (date(2027, 1, 31), date(2027, 2, 1))
    assert [Plot.objects.usable_by(day, on=TODAY).count() for day in days] == [0, 1]


def test_usable_plot_needs_a_word_that_stands_today(rules, make_plot):
    plot = make_plot("CN-01", confirmed_on=said(181))
    assert not Plot.objects.usable_by(date(2027, 1, 1), on=TODAY).exists()
    Plot.objects.filter(pk=plot.pk).update(confirmed_on=said(180))
    assert Plot.objects.usable_by(date(2027, 6, 1), on=TODAY).exists()


def test_term_of_the_project_ends_the_lease(make_plot, make_project):
    plot = make_plot("CN-01")
    make_project(plot=plot, term_until=date(2027, 3, 31))
    assert plot.standing(on=TODAY).ends_on == date(2027, 3, 31)
    assert Plot.objects.usable_by(date(2027, 4, 1), on=TODAY).get() == plot
