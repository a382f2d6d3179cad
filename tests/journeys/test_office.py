"""One round through the back office, a page of each kind: no serious fault for axe, none scrolls sideways. And the
search of the office by keys alone."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from izportal import changesets, roles
from izportal.press.models import Edition
from onestop.models import Dossier, ProcedureVersion
from projects.models import Project, Report, ReportPeriod, Sector
from tests import factories
from tests.izportal.towns import town
from tests.journeys.test_pages import check, check_here
from zones.models import Enquiry, Plot, UtilityCapacity

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def portal(live_server, settings):
    """Two zones with a row of each kind."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    town()
    return live_server.url


@pytest.fixture
def everyone(portal):
    """All roles in one, so that one session sees every kind of page."""
    person = factories.make_staff("administrator", is_superuser=True)
    person.groups.set(Group.objects.filter(name__in=roles.BY_CODE))
    return person


def admin(model, page, *args):
    return reverse(f"admin:{model}_{page}", args=args)


def lists_and_forms(plot):
    versions = dict(zip(("older", "newer"), plot.history.values_list("pk", flat=True), strict=False))
    return [
        reverse("admin:index"),
        f"{admin('zones_plot', 'changelist')}?is_published__exact=1&q=CN",
        admin("zones_plot", "change", plot.pk),
        admin("zones_plot", "history", plot.pk),
        f"{admin('zones_plot', 'compare', plot.pk)}?{urlencode(versions)}",
        admin("zones_plot", "import"),
        admin("zones_plot", "export"),
        admin("zones_utilitycapacity", "change", UtilityCapacity.objects.first().pk),
        admin("projects_sector", "delete", Sector.objects.first().pk),
        admin("onestop_procedureversion", "change", ProcedureVersion.objects.first().pk),
        admin("izportal_user", "changelist"),
        reverse("office_search") + "?q=CN",
    ]  # fmt: skip


def deeds_and_reports(plot):
    project, enquiry, report = (model.objects.first() for model in (Project, Enquiry, Report))
    dossier = Dossier.objects.filter(status="received").first()
    return [
        admin("zones_plot", "availability", plot.pk),
        admin("zones_enquiry", "reply", enquiry.pk),
        admin("projects_project", "capital", project.pk),
        admin("projects_project", "change", project.pk),
        admin("onestop_dossier", "change", dossier.pk),
        admin("onestop_dossier", "step", dossier.pk, "assign"),
        admin("onestop_dossier", "forecast"),
        reverse("admin:report_standing", args=[ReportPeriod.objects.first().pk]),
        admin("projects_report", "change", report.pk),
        reverse("admin:ministry_draw"),
    ]


def words_and_traces(change_set):
    edition = Edition.objects.first()
    return [
        admin("press_item", "changelist"),
        admin("press_edition", "change", edition.pk),
        admin("press_edition", "submit", edition.pk),
        admin("izportal_wording", "changelist"),
        admin("izportal_changeset", "change", change_set.pk),
        admin("izportal_changeset", "decline", change_set.pk),
        reverse("timeline"),
        reverse("timeline_line", args=["zones.plot", Plot.history.first().pk]),
    ]


@pytest.fixture
def plot(portal):
    row = Plot.objects.first()
    row.save()
    return row


@pytest.fixture
def proposal(plot):
    """One row that can be taken, one with a fault."""
    rows = [{"code": plot.code, "area_m2": "70000"}, {"code": "", "number": "CN-99", "area_m2": "nhiều"}]
    sender = factories.make_staff("operator", zones=[plot.zone.code])
    return changesets.propose(kind="plots", rows=rows, by=sender, at=timezone.now())


def test_each_kind_of_page_is_accessible(visit, everyone, plot, proposal):
    with visit() as visitor:
        visitor.admit(everyone)
        for address in (*lists_and_forms(plot), *deeds_and_reports(plot), *words_and_traces(proposal)):
            check(visitor, address)
        quarrel(visitor, plot)
        check_here(visitor)


def quarrel(visitor, plot):
    """Somebody else saves the record while it stands open here."""
    visitor.open(admin("zones_plot", "change", plot.pk))
    Plot.objects.filter(pk=plot.pk).update(area_m2=1234)
    visitor.fill(area_m2="4321").press("input[name=_save]", inside="#content")
    assert "bản ghi này đã được" in visitor.text


def test_pages_before_and_outside_the_office_are_accessible(visit, plot):
    """What somebody meets who has not signed in, who may not, and who asks for what is not there."""
    with visit(390) as visitor:
        check(visitor, "/dang-nhap/")
        visitor.admit(factories.make_staff("editor"))
        check(visitor, admin("zones_plot", "history", plot.pk))
        check(visitor, admin("zones_plot", "availability", plot.pk))
        check(visitor, admin("zones_plot", "change", 10**6))
        assert [fault[:3] for fault in visitor.faults] == ["404"]
        visitor.faults.clear()


def test_a_record_is_found_by_keys_from_any_page(visit, everyone, plot):
    with visit() as visitor:
        visitor.admit(everyone).open(admin("projects_sector", "changelist"))
        keys = visitor.page.keyboard
        keys.press("/")
        keys.type(plot.code.lower())
        with visitor.page.expect_navigation():
            keys.press("Enter")
        link = visitor.page.locator(f"#content a[href='{admin('zones_plot', 'change', plot.pk)}']")
        while not link.evaluate("e => e === document.activeElement"):
            keys.press("Tab")
        with visitor.page.expect_navigation():
            keys.press("Enter")
        assert visitor.path == admin("zones_plot", "change", plot.pk)
