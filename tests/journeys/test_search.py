"""Somebody looks for land: without JavaScript from a filter to a plot on the second page, with it there and back, with
the keyboard alone; then the pages for axe. Nothing is asked of another host."""

from urllib.parse import urlsplit

import pytest

from tests import factories
from tests.journeys.test_pages import check, check_here
from zones.models import Zone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def land(portal):
    """Beside the plot of the portal 24 plots in Điềm Thụy, so that the list goes on to a second page."""
    zone = Zone.objects.get(slug="diem-thuy")
    for n in range(10, 34):
        factories.make_plot(f"CN-{n}", zone=zone, clear_height_m=12, outline=[[n, 0], [n + 1, 0], [n + 1, 2]])


@pytest.fixture
def hosts():
    return set()


def heard(visitor, hosts):
    """The visitor, every host that the pages ask of noted down."""
    visitor.page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    return visitor


def total(visitor):
    return visitor.page.get_attribute("#results", "data-total")


def test_land_is_narrowed_counted_and_reached_without_javascript(visit, land, hosts):
    with visit(390, java_script_enabled=False) as visitor:
        heard(visitor, hosts).open("/quy-dat/")
        assert total(visitor) == "25"
        counted = visitor.page.inner_text("label:has([name=zone][value=diem-thuy]) small")
        visitor.page.click("button.filters-btn")
        visitor.fill(zone="diem-thuy", height="12 M").press("#filters button[type=submit]")
        assert (visitor.path, total(visitor), counted) == ("/quy-dat/?zone=diem-thuy&height=12", "24", "24")
        visitor.press("a[rel=next]")
        assert visitor.path == "/quy-dat/?zone=diem-thuy&height=12&page=2"
        visitor.press(".lot h2 a")
        assert visitor.path == "/quy-dat/DT-CN-30/"
        visitor.open("/quy-dat/?height=x&zone=diem-thuy")
        assert (total(visitor), visitor.page.input_value("#id_height")) == ("0", "x")
    assert hosts == {urlsplit(visitor.base).netloc}


def test_back_and_forward_show_whole_pages_and_keys_suffice(visit, land, hosts):
    """The filter is set and sent by keys; htmx puts the list in, Back and Forward come to whole pages."""
    with visit() as visitor:
        heard(visitor, hosts).open("/quy-dat/")
        page = visitor.page
        page.focus("[name=zone][value=song-cong-2]")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")
        page.wait_for_selector("#results[data-total='1']")
        assert visitor.path == "/quy-dat/?zone=song-cong-2"
        page.focus(".chips .chip")
        page.keyboard.press("Enter")
        page.wait_for_selector("#results[data-total='25']")
        for step, number in ((page.go_back, "1"), (page.go_back, "25"), (page.go_forward, "1")):
            step()
            page.wait_for_selector(f"#results[data-total='{number}']")
            assert (page.locator("h1").count(), page.locator("footer").count()) == (1, 1)
        page.reload()
        assert (visitor.path, total(visitor)) == ("/quy-dat/?zone=song-cong-2", "1")
    assert hosts == {urlsplit(visitor.base).netloc}


def test_pages_of_the_search_are_clean(visit, land):
    with visit() as visitor:
        for width in (1440, 320):
            visitor.page.set_viewport_size({"width": width, "height": 900})
            check(visitor, "/quy-dat/?zone=diem-thuy")
            check(visitor, "/quy-dat/?height=19&kind=land")
            visitor.press("a[href*='theo-doi-tim']")
            check_here(visitor)
