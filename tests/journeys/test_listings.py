"""Plots set side by side, and an operator's answer through the link of a letter, without JavaScript, at a desk and on
a phone; then those pages for axe."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from izportal import outbox
from tests import factories
from tests.journeys.test_pages import check
from zones import confirmation
from zones.models import Confirmation, ConfirmationLetter, Zone

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plots(portal):
    """Two listings of Sông Công II whose word is old, beside the fresh one of the portal."""
    zone, said = Zone.objects.get(slug="song-cong-2"), timezone.localdate() - timedelta(days=100)
    return [factories.make_plot(number, zone=zone, confirmed_on=said) for number in ("CN-71", "CN-72")]


@pytest.mark.parametrize("width", [390])
def test_plots_are_compared_without_javascript(visit, plots, width):
    with visit(width, java_script_enabled=False) as reader:
        reader.open(plots[0].get_absolute_url()).press("a[href*='so-sanh']")
        assert "Thêm ít nhất một lô nữa" in reader.text
        reader.page.fill("#add-plot", "sc2-cn-72")
        reader.press("form button")
        assert "So sánh 2 lô" in reader.text
        reader.press("thead th:nth-child(3) a[href*='lo=']")
        assert reader.path == "/so-sanh/?lo=SC2-CN-71"
        reader.open("/quy-dat/?zone=song-cong-2").page.check("[name=lo][value=SC2-CN-71]")
        reader.page.check("[name=lo][value=SC2-CN-72]")
        reader.press("#so-sanh button")
        assert (reader.path, "So sánh 2 lô" in reader.text) == ("/so-sanh/?lo=SC2-CN-71&lo=SC2-CN-72", True)


@pytest.mark.parametrize("width", [390])
def test_operator_answers_through_the_link_without_javascript(visit, plots, mailoutbox, width):
    factories.make_staff("operator", zones=["SC2"])
    confirmation.ask(at=timezone.now())
    outbox.drain()
    page = re.search(r"https?://\S+/xac-nhan-lo/\S+/", mailoutbox[0].body).group()
    with visit(width, java_script_enabled=False) as operator:
        operator.open(page)
        operator.fill(**{f"word_{plots[0].pk}": "right", f"word_{plots[1].pk}": "changed"}).press("form button")
        assert "Hãy ghi điều đã thay đổi." in operator.text
        operator.fill(**{f"note_{plots[1].pk}": "Lô này đã có người thuê"}).press("form button")
        assert operator.path == "/xac-nhan-lo/da-nhan/"
    said = Confirmation.objects.order_by("plot").values_list("word", "note")
    assert list(said) == [("right", ""), ("changed", "Lô này đã có người thuê")]


@pytest.mark.parametrize("width", [1440, 320])
def test_pages_of_listings_are_clean(visit, plots, width):
    factories.make_staff("operator", zones=["SC2"])
    confirmation.ask(at=timezone.now())
    token = confirmation.link_of(ConfirmationLetter.objects.get())
    compared = "?lo=SC2-CN-71&lo=SC2-CN-72&lo=SC2-CN-05"
    with visit(width) as visitor:
        for language in ("vi", "en"):
            with translation.override(language):
                table, link = reverse("zones:compare"), reverse("zones:listing_confirm", args=[token])
                plot = plots[0].get_absolute_url()
            for address in (f"{table}{compared}", table, link, plot):
                check(visitor, address)
