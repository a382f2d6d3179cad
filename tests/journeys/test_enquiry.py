"""An enquiry from the page of a plot to the answer, without JavaScript, at a desk and on a phone; then the pages of
enquiries for axe, in both languages."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from izportal import outbox
from izportal.correspondence import token_of
from tests import factories
from tests.journeys.test_pages import check
from tests.zones.enquiring import ask
from zones.models import Enquiry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def plot(portal):
    zone = factories.Zone.objects.get(slug="song-cong-2")
    return factories.make_plot("CN-77", zone=zone, phase=zone.phases.first())


@pytest.mark.parametrize("width", [390])
def test_plot_is_asked_about_and_answered_without_javascript(visit, plot, mailoutbox, width):
    keeper = factories.make_staff("land")
    with visit(width, java_script_enabled=False) as asker:
        asker.open(plot.get_absolute_url()).press("a[href*='from=plot']")
        asker.fill(note="Lô này còn trống không?", name="Kim Thử", country="Hàn Quốc", email="kim@thu.example")
        asker.page.wait_for_timeout(3000)  # people read before they send
        asker.press("form button.btn")
        assert "Ban chỉ nhận yêu cầu khi bạn đồng ý" in asker.text
        asker.fill(consent=True).press("form button.btn")
        reference = re.search(r"YC-\d{4}-\d{4}", asker.text).group()
        outbox.drain()
        page = re.search(r"https?://\S+/hoi-dat/\S+/", mailoutbox[0].body).group()
    with visit() as officer:
        officer.admit(keeper).open("/admin/zones/enquiry/")
        officer.open("/admin/zones/enquiry/").press(f"a:has-text('{reference}')", inside="#result_list")
        officer.press("a[href$='/reply/']", inside="#content")
        officer.fill(text="Lô còn trống đến hết năm.").press("input.default", inside="#content")
    with visit(width, java_script_enabled=False) as asker:
        assert "Lô còn trống đến hết năm." in asker.open(page).text
    assert Enquiry.objects.get().status == Enquiry.Status.ANSWERED


@pytest.mark.parametrize(("language", "width"), [("vi", 1440), ("en", 390), ("vi", 320)])
def test_pages_of_enquiries_are_clean(visit, plot, language, width):
    token = token_of(ask(at=timezone.now(), plot=plot))
    with translation.override(language):
        new, page = reverse("zones:enquiry_new"), reverse("zones:enquiry_detail", args=[token])
        erasing = reverse("zones:enquiry_erase", args=[token])
    with visit(width) as visitor:
        for address in (f"{new}?from=plot&plot={plot.code}", page, erasing):
            check(visitor, address)
