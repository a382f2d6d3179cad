"""The list of plots as it stood: area and announcement by the history, and the same answer when asked again."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from izportal.indicators import Asked
from izportal.statistics import registry
from tests import factories
from zones import balance, landlist
from zones.models import Plot

pytestmark = pytest.mark.django_db
ENTERED, CHANGED = factories.at("2026-02-02 09:00"), factories.at("2026-05-05 09:00")
BEFORE, BETWEEN, AFTER = date(2025, 1, 1), date(2026, 3, 3), date(2026, 6, 6)


def change(plot, at, **fields):
    """The last line of the list is of that moment."""
    Plot.objects.filter(pk=plot.pk).update(**fields)
    plot.refresh_from_db()
    plot.save()
    Plot.history.filter(history_id=plot.history.latest("history_id").history_id).update(history_date=at)


@pytest.fixture
def plot(make_plot):
    plot = make_plot("CN-01", area_m2=10_000)
    Plot.history.update(history_date=ENTERED)
    return plot


def area(on, known=None):
    return {row.code: int(row.area_m2) for row in landlist.listed(on=on, known=known, sample=False)}


def test_area_is_that_of_the_day(plot):
    change(plot, CHANGED, area_m2=12_000)
    assert [area(day) for day in (BEFORE, BETWEEN, AFTER)] == [{plot.code: n} for n in (10_000, 10_000, 12_000)]


def test_plot_taken_from_the_list_counts_until_then(plot):
    change(plot, CHANGED, is_published=False)
    assert [area(day) for day in (BETWEEN, AFTER)] == [{plot.code: 10_000}, {}]


def test_plot_that_nobody_had_entered_was_not_known(plot):
    known = ENTERED - timedelta(days=1)
    assert (area(BETWEEN, known), area(BETWEEN, ENTERED)) == ({}, {plot.code: 10_000})


@pytest.mark.parametrize("fault", [{"price": 0}, {"price": 5, "price_on": None}, {"description_vi": "Có đường"}])
def test_line_that_the_public_never_saw_does_not_count(plot, fault):
    unit = {"price_currency": "VND", "price_basis": "m2_year"}
    change(plot, CHANGED, **unit, **fault)
    assert (area(AFTER), Plot.objects.published().count()) == ({}, 0)


def test_list_of_now_is_the_same_by_its_history_and_as_it_stands(plot, make_plot):
    make_plot("CN-02", area_m2=5_000, status="leased", held_for="x")
    today = timezone.localdate()
    assert balance.by_zone(on=today, known=timezone.now(), sample=False) == balance.by_zone(on=today, sample=False)


def test_figure_of_the_land_asked_again_stands_when_the_list_changes(plot):
    asked, total = Asked(BETWEEN, known=CHANGED - timedelta(days=1)), registry.of("land_total_m2")
    before = total.ask(asked).value
    change(plot, CHANGED, area_m2=12_000)
    now = total.ask(Asked(timezone.localdate())).value
    assert (before, total.ask(asked).value, now) == (10_000, 10_000, 12_000)


def test_page_says_from_when_the_list_is(client, plot):
    page = client.get("/thong-ke/?on=2025-01-01").content.decode()
    assert 'Danh mục lô của cổng có từ <time datetime="2026-02-02">' in page
    assert "Danh mục lô của cổng có từ" not in client.get("/thong-ke/?on=2026-06-06").content.decode()
