"""Figures in use: an enterprise reports a quarter and corrects it; what was published moves when the register does,
and the public page names the decision that moved it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from izportal.models import Release
from projects.models import Change, Report
from tests import factories, page_numbers
from tests.journeys.test_pages import check, check_here
from tests.projects import reporting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILE = "form[method=post] button.btn:not([name])"
DEED = "form[method=post] input[type=submit].default"


def test_enterprise_files_a_quarter_and_corrects_it(visit, portal):
    subject, today = reporting.make_subject(), timezone.localdate()
    days = {"starts_on": today - timedelta(90), "cut_off_on": today - timedelta(1), "opens_on": today}
    period = reporting.make_period("KY-NAY", **days)
    signer = factories.make_user(mandate_of=subject.project.enterprise)
    address = reverse("projects:report_edit", args=[period.code, subject.code])
    with visit(width=390, java_script_enabled=False) as applicant:
        applicant.admit(signer).open(address)
        applicant.fill(**{**reporting.sheet(), "imports--period": "trăm"}).press_button(value="next")
        assert "không phải là số" in applicant.text
        applicant.fill(**{"imports--period": "100.000"}).press_button(value="next").press(FILE)
        assert "Số biên nhận" in applicant.text
        applicant.press(f"a.btn[href='{address}']")
        applicant.fill(**{"imports--period": "120.000", "cause": "Thiếu một tờ khai"}).press_button(value="next")
        applicant.press(FILE)
    with visit(width=390) as reader:
        reader.admit(signer)
        for page in (address, Report.objects.latest("pk").get_absolute_url()):
            check(reader, page)
    told = [(row.number, str(row.values["imports"]["period"]), row.cause) for row in Report.objects.order_by("number")]
    assert told == [(1, "100000", ""), (2, "120000", "Thiếu một tờ khai")]


def test_sheet_that_is_sent_while_it_is_being_saved_meets_no_other_window(visit, portal):
    """The portal has kept what was typed first, the page does not know it yet, and what was typed since is sent."""
    subject, held = reporting.make_subject(), []
    period = reporting.make_period("KY-NAY")
    with visit() as applicant:
        applicant.admit(factories.make_user(mandate_of=subject.project.enterprise))
        applicant.open(reverse("projects:report_edit", args=[period.code, subject.code]))
        page, keep = applicant.page, reverse("projects:report_keep", args=[period.code, subject.code])
        page.route(f"**{keep}", lambda route: held.append((route, route.fetch())))
        applicant.fill(**reporting.sheet())
        page.locator("h1").click()
        page.wait_for_timeout(300)
        page.locator("[name='imports--period']").fill("120.000")
        page.locator("button[value=next]").click(no_wait_after=True)
        [(route, response)] = held
        with page.expect_navigation():
            route.fulfill(response=response)
        assert page.url.endswith(reverse("projects:report_review", args=[period.code, subject.code]))
        assert "120.000" in applicant.text


@pytest.fixture
def release(portal):
    factories.make_project("9811112222", on=date(2025, 3, 3), usd="5000000")
    day = timezone.localdate() - timedelta(1)
    return Release.objects.create(planned_on=day, title_vi="Số liệu thử", as_of=day, since=date(2025, 1, 1))


def test_published_figure_is_explained_when_the_register_moves(visit, release):
    leader, keeper = factories.make_staff("leader"), factories.make_staff("register")
    with visit() as person:
        person.admit(leader).open(reverse("admin:izportal_release_publish", args=[release.pk]))
        person.press(DEED, inside="#content")
    assert release.publications.count() == 1
    change = Change.objects.get()
    with visit() as person:
        person.admit(keeper).open(reverse("admin:projects_project_capital", args=[change.project_id]))
        person.fill(decision_number="77/QĐ-BQL", decision_on="20/11/2025", note="Theo đề nghị", usd="6000000")
        person.press(DEED, inside="#content")
        assert "6.000.000" in person.text and Change.objects.count() == 1
        person.press(DEED, inside="#content")
    assert Change.objects.count() == 2
    with visit(width=390) as reader:
        reader.open("/thong-ke/thay-doi/")
        assert "77/QĐ-BQL" in reader.text and "Ghi sổ sau, hiệu lực từ ngày đã tính" in reader.text
        check_here(reader)
        reader.open("/thong-ke/")
        check_here(reader)
        loose = [row for row in page_numbers.shown_on(reader.page.content()) if not row.href]
        assert {row.section for row in loose} <= {"doi-chieu"}
        reader.press("#can-doi a[href*='new_fdi_capital_usd'], #can-doi a[href*='capital_increase_usd']")
        check_here(reader)
