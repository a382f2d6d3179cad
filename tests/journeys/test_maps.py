"""The plan of a zone and the map of the zones: made larger and moved by keys, whole and linked without JavaScript."""

import pytest

from tests import factories
from tests.journeys.test_pages import check
from zones.models import Zone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/khu-cong-nghiep/song-cong-2/"
OUTLINE = [[0, 0], [300, 0], [300, 200], [0, 200]]


@pytest.fixture
def drawn(portal):
    zone = Zone.objects.get(slug="song-cong-2")
    return [
        factories.make_plot(f"CN-6{n}", zone=zone, outline=[[x + n * 310, y] for x, y in OUTLINE]) for n in range(4)
    ]


def view_of(reader):
    return [float(number) for number in reader.page.get_attribute("[data-zoom] svg", "viewBox").split()]


def test_plan_is_made_larger_and_moved_by_keys(visit, drawn):
    with visit(1440) as reader:
        reader.open(PAGE)
        whole = view_of(reader)
        reader.page.focus(".zoom [role=region]")
        for key in ("+", "+", "ArrowRight"):
            reader.page.keyboard.press(key)
        near = view_of(reader)
        assert near[2] == pytest.approx(whole[2] / 2.25, abs=0.2)
        assert near[0] > whole[2] * 0.3
        reader.page.focus(f"a.plan__p[href='{drawn[0].get_absolute_url()}']")
        assert view_of(reader)[0] == 0
        reader.page.focus(".zoom [role=region]")
        reader.page.keyboard.press("0")
        assert view_of(reader) == whole


def test_plan_is_made_larger_by_buttons_and_a_drag_opens_no_page(visit, drawn):
    with visit(390) as reader:
        reader.open(PAGE)
        reader.page.click("[data-by=in]")
        before = view_of(reader)
        box = reader.page.locator("[data-zoom] svg").bounding_box()
        reader.page.mouse.move(box["x"] + 150, box["y"] + box["height"] / 2)
        reader.page.mouse.down()
        reader.page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2, steps=4)
        reader.page.mouse.up()
        assert view_of(reader)[0] > before[0]
        assert reader.path == PAGE


def test_plan_and_map_are_whole_and_linked_without_javascript(visit, drawn):
    with visit(390, java_script_enabled=False) as reader:
        reader.open("/khu-cong-nghiep/")
        assert reader.page.locator(".zoom__bar:visible").count() == 0
        reader.press(f"a.zmap__z[href='{PAGE}']")
        assert reader.path == PAGE
        reader.press(f"a.plan__p[href='{drawn[2].get_absolute_url()}']")
        assert reader.path == drawn[2].get_absolute_url()


@pytest.mark.parametrize("width", [1440, 320])
def test_pages_of_zones_are_clean(visit, drawn, width):
    with visit(width) as visitor:
        for address in (PAGE, "/en/zones/song-cong-2/", "/khu-cong-nghiep/"):
            check(visitor, address)
