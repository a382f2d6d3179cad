"""Every public page in both languages and at two widths: no serious fault for axe, no sideways scroll, no broken part;
and the pages that matter most without any JavaScript."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import translation

from onestop.models import Dossier
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC = (
    ("home",),
    ("search",),
    ("statistics",),
    ("account_login",),
    ("zones:zone_list",),
    ("zones:zone_detail", "song-cong-1"),
    ("zones:plot_list",),
    ("zones:plot_detail", "SC2-CN-05"),
    ("projects:project_list",),
    ("projects:project_detail", "9811111111"),
    ("onestop:procedure_list",),
    ("onestop:procedure_detail", "1.009664"),
    ("onestop:procedure_detail", "1.014197"),
    ("onestop:track",),
)


@pytest.fixture
def furnished(portal, people, applicant):
    """A project, a dossier at work and a draft, so that no page is empty."""
    enterprise = applicant.mandates.get().enterprise
    factories.make_project("9811111111", enterprise=enterprise, plot=factories.make_plot("CN-06"))
    dossier = factories.make_dossier(
        by=applicant, plot=factories.make_plot("CN-07"), answers=factories.answers_for("1.009664")
    )
    draft = factories.make_dossier(by=applicant, plot=factories.make_plot("CN-08"))
    return factories.advance(dossier, "in_review", people=people), draft


def addresses(language, pages):
    with translation.override(language):
        return [reverse(name, args=args) for name, *args in pages]


def check(visitor, address):
    visitor.open(address)
    check_here(visitor)


def check_here(visitor):
    address = visitor.path
    # Preloading would copy imported style sheets into the page, which its policy forbids.
    found = Axe().run(visitor.page, options={"preload": False}).response["violations"]
    worst = [v for v in found if v["impact"] in ("serious", "critical")]
    told = [(v["id"], [node["html"][:160] for node in v["nodes"][:3]]) for v in worst]
    assert told == [], address
    width = visitor.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert width[0] <= width[1], f"{address} scrolls sideways: {width}"


@pytest.mark.parametrize(("language", "width"), [("vi", 1440), ("en", 390)])
def test_public_pages_are_accessible_and_fit(visit, furnished, language, width):
    with visit(width) as visitor:
        for address in addresses(language, PUBLIC):
            check(visitor, address)


@pytest.mark.parametrize(("language", "width"), [("vi", 1440), ("en", 390)])
def test_pages_of_the_applicant_are_accessible_and_fit(visit, furnished, applicant, language, width):
    dossier, draft = furnished
    pages = [
        ("onestop:dossier_list",),
        ("onestop:dossier_detail", dossier.pk),
        ("onestop:dossier_withdraw", dossier.pk),
        ("onestop:slip_detail", dossier.pk, dossier.slips.get(form="01").pk),
        ("onestop:dossier_new", "1.009647"),
        ("onestop:dossier_edit", draft.pk, "capital"),
        ("onestop:dossier_papers", draft.pk),
        ("onestop:dossier_review", draft.pk),
    ]
    with visit(width) as visitor:
        visitor.admit(applicant)
        for address in addresses(language, pages):
            check(visitor, address)


@pytest.mark.parametrize("width", [1440, 390])
def test_staff_pages_are_accessible_and_fit(visit, furnished, people, width):
    dossier, _draft = furnished
    pages = ["/admin/", "/admin/onestop/dossier/", f"/admin/onestop/dossier/{dossier.pk}/change/"]
    pages += [f"/admin/onestop/dossier/{dossier.pk}/step/{step}/" for step in ("ask_supplement", "propose")]
    with visit(width) as visitor:
        visitor.admit(people["specialist"])
        for address in pages:
            check(visitor, address)


def test_tracking_without_javascript_tells_a_hit_and_hides_a_miss(visit, furnished):
    dossier = Dossier.objects.get(status="in_review")
    with visit(390, java_script_enabled=False) as visitor:
        visitor.open("/tra-cuu/").fill(code=dossier.code, lookup=dossier.lookup).press("form[method=post] button")
        assert dossier.get_status_display() in visitor.text
        misses = []
        for code, lookup in ((dossier.code, "22222222"), ("H55-260303-9999", dossier.lookup)):
            visitor.open("/tra-cuu/").fill(code=code, lookup=lookup).press("form[method=post] button")
            misses.append(visitor.page.locator("main").inner_text().replace(code, "").replace(lookup, ""))
        assert misses[0] == misses[1]


def test_land_is_found_without_javascript(visit, furnished):
    with visit(390, java_script_enabled=False) as visitor:
        totals = []
        for query in ("q=song+cong+2", "q=song+cong+2&status=free"):
            visitor.open(f"/quy-dat/?{query}")
            totals.append(visitor.page.locator("#results").get_attribute("data-total"))
        assert totals == ["4", "2"]
        assert "SC2-CN-05" in visitor.page.content()
