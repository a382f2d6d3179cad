"""An investor says a need on a phone without JavaScript, is told how the land answers it, gives a weight away and
sends the need; with the keyboard alone; then the pages for axe."""

import pytest
from django.urls import reverse
from django.utils import translation

from tests import factories
from tests.journeys.test_pages import check
from tests.zones.test_match_pages import supply
from zones.models import Zone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEED = "?kind=land&min_area=7&water=10000&height=12&port=90&price=80&w_kind=must&w_water=important"


@pytest.fixture
def land(portal):
    """Beside the plot of the portal two that touch, in a zone that has 12.000 m³ of water a day left."""
    zone = Zone.objects.get(slug="song-cong-2")
    supply(zone, "water", 12000)
    for n in (71, 72):
        outline = [[x, y] for x, y in ((n * 204, 0), (n * 204 + 200, 0), (n * 204 + 200, 200), (n * 204, 200))]
        factories.make_plot(f"CN-{n}", zone=zone, area_m2=40000, clear_height_m=12, outline=outline)
    return zone


@pytest.mark.parametrize("width", [390])
def test_need_is_matched_softened_and_sent_without_javascript(visit, land, width):
    with visit(width, java_script_enabled=False) as investor:
        investor.open("/quy-dat/").press("a[href$='/tim-lo-phu-hop/']")
        investor.fill(kind="land", min_area="7", w_area="must", water="10.000").press("form.matchform button")
        assert "Chưa có lô nào đạt mọi tiêu chí bắt buộc" in investor.text
        assert "Lô CN-71 + Lô CN-72" in investor.text
        investor.press("a[href*='min_area=7']:not([href*='w_area']):has-text('Không bắt buộc')")
        assert investor.path == "/tim-lo-phu-hop/?kind=land&min_area=7&water=10000"
        assert "+2.000\N{NO-BREAK SPACE}m³/ngày" in investor.text
        investor.press("a[href*='hoi-dat'][href*='from=need']")
        assert investor.page.input_value("main [name=water_m3_day]") == "10.000"
        assert "Nước cấp khu còn lại: từ 10.000" in investor.page.input_value("main [name=note]")


def test_need_is_said_with_the_keyboard(visit, land):
    with visit() as investor:
        investor.open("/tim-lo-phu-hop/")
        investor.page.focus("#id_water")
        investor.page.keyboard.type("500")
        investor.page.keyboard.press("Tab")
        with investor.page.expect_navigation():
            investor.page.focus("#id_water")
            investor.page.keyboard.press("Enter")
        assert investor.path == "/tim-lo-phu-hop/?water=500"
        investor.page.focus("#sua > summary")
        investor.page.keyboard.press("Enter")
        assert investor.page.input_value("#id_water") == "500"


@pytest.mark.parametrize("width", [1440, 320])
def test_pages_of_the_match_are_clean(visit, land, width):
    with visit(width) as visitor:
        for language in ("vi", "en"):
            with translation.override(language):
                page = reverse("zones:match")
            for address in (page, f"{page}{NEED}", f"{page}{NEED}&w_area=must", f"{page}?min_area=x"):
                check(visitor, address)
