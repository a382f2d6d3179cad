"""The pages on which an enterprise reports, and those on which the board follows it."""

from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from izportal.models import Notice
from projects.models import Report, ReportDraft
from projects.reports import filing
from tests import factories
from tests.projects import reporting

pytestmark = pytest.mark.django_db


@pytest.fixture
def period():
    """The last quarter, whatever the day of the test."""
    today = timezone.localdate()
    return reporting.make_period(
        "KY-NAY", starts_on=today - timedelta(days=90), cut_off_on=today - timedelta(days=1), opens_on=today
    )


@pytest.fixture
def subject():
    return reporting.make_subject()


@pytest.fixture
def signer(subject):
    return factories.make_user(mandate_of=subject.project.enterprise)


@pytest.fixture
def reader(client, signer):
    client.force_login(signer)
    return client


@pytest.fixture
def keeper(client):
    officer = factories.make_staff("register")
    client.force_login(officer)
    return officer


def page(name, period, subject, *more):
    return reverse(f"projects:{name}", args=[period.code, subject.code, *more])


def window(client, address):
    """The hidden fields of the sheet, as the browser sends them back."""
    context = client.get(address).context
    return {"version_no": context["version_no"], "window": context["window"], "turn": 0}


# The enterprise -----------------------------------------------------------------------------------
def test_list_tells_what_is_owed_and_what_was_filed(reader, period, subject, signer):
    answer = reader.get(reverse("projects:report_list"))
    assert [duty.address for duty in answer.context["owed"]] == [[period.code, subject.code]]
    report = reporting.make_report(subject, period=period, by=signer, moment=timezone.now())
    answer = reader.get(reverse("projects:report_list"))
    assert (answer.context["owed"], list(answer.context["page_obj"])) == ([], [report])


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_however_many_reports(reader, period, subject, count, django_assert_num_queries):
    for _number in range(count - 1):
        reporting.make_subject(subject.project.enterprise)
    reporting.file_directly(subject, reporting.make_period("2026-HT1", kind="developer_half"))
    with django_assert_num_queries(12):
        assert len(reader.get(reverse("projects:report_list")).context["owed"]) == count


def test_sheet_is_kept_reviewed_and_filed(reader, period, subject):
    address = page("report_edit", period, subject)
    sent = {**reporting.sheet(), **window(reader, address)}
    assert reader.post(address, sent).url == page("report_review", period, subject)
    review = reader.get(page("report_review", period, subject))
    assert (review.status_code, review.context["is_sound"], review.context["may_sign"]) == (200, True, True)
    answer = reader.post(page("report_review", period, subject), {"version_no": 1})
    report = Report.objects.get()
    assert answer.url == report.get_absolute_url()
    assert report.reference in reader.get(answer.url).content.decode()


def test_sheet_with_faults_is_kept_and_told(reader, period, subject):
    address = page("report_edit", period, subject)
    answer = reader.post(address, {**reporting.sheet(imports__period="x"), **window(reader, address)})
    assert answer.status_code == 422
    assert "“x” không phải là số" in answer.content.decode()
    assert ReportDraft.objects.get().typed["imports--period"] == "x"
    assert 'value="x"' in reader.get(address).content.decode()


def test_saving_and_leaving_asks_for_nothing(reader, period, subject):
    address = page("report_edit", period, subject)
    answer = reader.post(address, {"imports--period": "x", "go": "exit", **window(reader, address)})
    assert answer.url == reverse("projects:report_list")
    assert ReportDraft.objects.get().typed == {"imports--period": "x"}


def test_second_window_is_told_and_chooses(reader, period, subject):
    address = page("report_edit", period, subject)
    first, second = window(reader, address), window(reader, address)
    reader.post(address, {**reporting.sheet(), **first})
    answer = reader.post(address, {**reporting.sheet(imports__period="7"), **second})
    assert (answer.status_code, answer.context["differences"]) == (
        409, [("Nhập khẩu, trong quý", "100.000", "7")],
    )  # fmt: skip
    assert 'value="7"' in answer.content.decode()
    mine = {**reporting.sheet(imports__period="7"), **second, "version_no": answer.context["version_no"]}
    assert reader.post(address, mine).status_code == 302
    assert ReportDraft.objects.get().typed["imports--period"] == "7"


def test_sheet_sent_after_the_session_had_ended_comes_back(client, period, subject, signer):
    client.force_login(signer)
    address = page("report_edit", period, subject)
    sent = {**reporting.sheet(imports__period="77"), **window(client, address)}
    client.cookies.pop("sessionid")
    assert client.post(address, sent).status_code == 302
    session = client.session
    client.force_login(signer)
    kept = client.session
    kept.update(dict(session.items()) | dict(kept.items()))
    kept.save()
    answer = client.get(address)
    assert (answer.context["is_unsent"], 'value="77"' in answer.content.decode()) == (True, True)


def test_sheet_is_kept_by_one_script(reader, period, subject):
    """Two of them would be two windows to each other."""
    assert reader.get(page("report_edit", period, subject)).content.decode().count("js/keep.js") == 1


def test_sheet_is_kept_while_it_is_typed(reader, period, subject):
    address = page("report_keep", period, subject)
    said = window(reader, page("report_edit", period, subject))
    first = reader.post(address, {"imports--period": "1", **said})
    assert (first.status_code, first.json()["state"], first.json()["version_no"]) == (200, "saved", 1)
    other = reader.post(address, {"imports--period": "2", **said})
    assert (other.status_code, other.json()["state"], other.json()["version_no"]) == (409, "conflict", 1)
    reader.logout()
    assert reader.post(address, {"imports--period": "3", **said}).json()["state"] == "signed_out"


def test_draft_can_be_dropped(reader, period, subject):
    address = page("report_edit", period, subject)
    reader.post(address, {**reporting.sheet(), **window(reader, address)})
    assert reader.post(address, {"go": "discard"}).status_code == 302
    assert not ReportDraft.objects.exists()


def test_who_only_prepares_is_not_offered_to_file(client, period, subject):
    client.force_login(factories.make_user(mandate_of=subject.project.enterprise, capacity="prepare"))
    address = page("report_edit", period, subject)
    client.post(address, {**reporting.sheet(), **window(client, address)})
    review = page("report_review", period, subject)
    assert client.get(review).context["may_sign"] is False
    assert client.post(review, {"version_no": 1}).status_code == 403


def test_who_only_views_reads_what_was_filed(client, period, subject):
    client.force_login(factories.make_user(mandate_of=subject.project.enterprise, capacity="view"))
    address = page("report_edit", period, subject)
    assert client.get(address).status_code == 404
    report = reporting.file_directly(subject, period)
    assert client.get(address).url == report.get_absolute_url()
    assert client.get(report.get_absolute_url()).status_code == 200


def test_correction_shows_what_it_changes(reader, period, subject, signer):
    first = reporting.make_report(subject, period=period, by=signer, moment=timezone.now())
    second = reporting.make_report(subject, period=period, by=signer, moment=timezone.now(), imports__period="1")
    answer = reader.get(second.get_absolute_url())
    assert answer.context["changes"] == [("Nhập khẩu", "Trong quý", "100.000", "1")]
    older = reader.get(first.get_absolute_url())
    assert (older.context["stands"], "Đã có bản mới thay bản này." in older.content.decode()) == (False, True)


def test_version_is_had_as_pdf(reader, period, subject, signer):
    report = reporting.make_report(subject, period=period, by=signer, moment=timezone.now())
    answer = reader.get(page("report_pdf", period, subject, 1))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert report.reference in answer["Content-Disposition"]


def test_addresses_that_name_nothing_are_not_there(reader, period, subject):
    for place in ("khong-co/x", f"{period.code}/x", f"{period.code}/{subject.code}:x", f"x%00/{subject.code}"):
        assert reader.get(f"/bao-cao/{place}/").status_code == 404
    period.opens_on = timezone.localdate() + timedelta(days=1)
    period.save()
    assert reader.get(page("report_edit", period, subject)).status_code == 404


# The board ----------------------------------------------------------------------------------------
def standing(period, **query):
    return reverse("admin:report_standing", args=[period.pk], query=query)


def test_board_sees_who_has_reported(client, keeper, period, subject):
    other = reporting.make_subject(origin="ddi")
    reporting.file_directly(subject, period)
    answer = client.get(standing(period))
    assert [(duty.subject, duty.state) for duty in answer.context["page_obj"]] == [
        (subject, "waiting"), (other, "missing"),
    ]  # fmt: skip
    assert [duty.subject for duty in client.get(standing(period, state="owed")).context["page_obj"]] == [other]
    assert [duty.subject for duty in client.get(standing(period, origin="fdi")).context["page_obj"]] == [subject]
    assert [duty.subject for duty in client.get(standing(period, q=other.code)).context["page_obj"]] == [other]


@pytest.mark.parametrize("count", [1, 3])
def test_standing_asks_the_same_however_many_projects(
    client, keeper, period, subject, count, django_assert_num_queries
):
    for _number in range(count - 1):
        reporting.make_subject()
    client.get(standing(period))
    with django_assert_num_queries(9):
        assert client.get(standing(period)).context["total"] == count


def test_officer_of_a_zone_sees_its_projects_alone(client, period, subject):
    officer = factories.make_staff("register", zones=["YB"])
    client.force_login(officer)
    other = reporting.make_subject(zone=factories.make_zone("yen-binh", "YB", "Yên Bình"))
    answer = client.get(standing(period))
    assert [duty.subject for duty in answer.context["page_obj"]] == [other]
    report = reporting.file_directly(subject, period)
    assert client.get(reverse("admin:projects_report_change", args=[report.pk])).status_code == 404


def test_list_goes_out_as_excel_with_the_numbers(client, keeper, period, subject):
    reporting.file_directly(subject, period, net_revenue=1250)
    answer = client.get(reverse("admin:report_standing_sheet", args=[period.pk], query={"lines": 1}))
    rows = list(openpyxl.load_workbook(BytesIO(answer.content)).active.values)
    found = dict(zip(rows[0], rows[1], strict=True))
    assert found["Mã dự án"] == subject.code
    assert found["Doanh thu thuần, trong quý (USD (FDI), VND (DDI))"] == 1250


def test_officer_reminds_those_who_owe(client, keeper, period, subject, signer):
    address = reverse("admin:report_remind", args=[period.pk])
    assert client.get(address).status_code == 405
    client.post(address)
    client.post(address)
    assert [(letter.kind, letter.user) for letter in Notice.objects.all()] == [("report-reminder", signer)]


def test_officer_enters_a_paper(client, keeper, period, subject):
    address = reverse("admin:report_enter", args=[period.pk, subject.code])
    bad = client.post(address, {**reporting.sheet(), "paper_on": ""})
    assert (bad.status_code, Report.objects.count()) == (422, 0)
    client.post(address, {**reporting.sheet(), "paper_on": f"{timezone.localdate():%d/%m/%Y}", "paper_number": "7"})
    report = Report.objects.get()
    assert (report.is_from_paper, report.paper_number, report.recorded_by) == (True, "7", keeper)


def test_officer_answers_on_the_page_of_the_version(client, keeper, period, subject):
    report = reporting.file_directly(subject, period, imports=5)
    shown = client.get(reverse("admin:projects_report_change", args=[report.pk]))
    assert report.reference in shown.content.decode()
    address = reverse("admin:projects_report_return", args=[report.pk])
    assert client.post(address, {"remarks": ""}).status_code == 200
    client.post(address, {"remarks": "Thiếu xuất khẩu"})
    assert filing.standing(period, subject).answer == "returned"
    client.post(reverse("admin:projects_report_accept", args=[report.pk]))
    assert report.answers.count() == 1


def test_period_says_its_day_or_that_nobody_has_said_one(client, keeper, period):
    address = reverse("admin:projects_reportperiod_changelist")
    assert "chờ Ban xác nhận" in client.get(address).content.decode()
    period.due_on = period.opens_on + timedelta(days=20)
    period.save()
    assert f"{period.due_on:%d/%m/%Y}" in client.get(address).content.decode()


def test_period_is_coming_open_and_past():
    period = reporting.make_period(opens_on=date(2026, 10, 1), due_on=date(2026, 10, 20))
    days = [date(2026, 9, 30), date(2026, 10, 1), date(2026, 10, 20), date(2026, 10, 21)]
    assert [period.state_on(day) for day in days] == ["coming", "open", "open", "past"]
    period.due_on = None
    assert period.state_on(date(2030, 1, 1)) == "open"
