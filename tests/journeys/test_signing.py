"""A leader reads two briefs and signs both, by keyboard alone."""

import pytest
from django.utils import timezone

from onestop.models import Dossier
from tests import factories
from tests.journeys.test_pages import check_here

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def reach(page, selector):
    """Press Tab until what is wanted has the focus."""
    for _n in range(160):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab on {page.url}")


def follow(page, selector, key="Enter"):
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press(key)


def test_leader_reads_two_briefs_and_signs_both_by_keyboard(visit, people, applicant):
    for place in ("CN-06", "CN-07"):
        plot = factories.make_plot(place)
        dossier = factories.make_dossier(by=applicant, plot=plot)
        factories.advance(dossier, "leader_sign", people=people, start=timezone.now())
    with visit(1440) as leader:
        leader.admit(people["leader"]).open("/admin/onestop/dossier/queue/sign/")
        page = leader.page
        check_here(leader)
        follow(page, "td a[href$='/brief/']")
        check_here(leader)
        follow(page, "a[rel=next]")
        follow(page, "nav a[href$='/queue/sign/']")
        for _n in range(2):
            reach(page, "input[name=chosen]:not(:checked)")
            page.keyboard.press("Space")
        follow(page, "button[name=deed]")
        check_here(leader)
        follow(page, "button[value=take]")
        assert leader.text.count("Đã ký") == 2
    assert set(Dossier.objects.values_list("status", flat=True)) == {"numbering"}
