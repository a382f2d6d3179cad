"""Following a dossier: the list, the page of one, answering a request, withdrawing, and the papers handed out."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from onestop import papers, progress, workflow
from onestop.models import Dossier
from projects.models import MandateRequest
from tests import factories, uploads

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def dossier(make_dossier, enterprise_user):
    return make_dossier(by=enterprise_user)


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def applicant(client, enterprise_user, catalogue):
    client.force_login(enterprise_user)
    return client


def address(page, dossier, *rest):
    return reverse(f"onestop:{page}", args=[dossier.pk, *rest])


def ask(dossier, people, at=None):
    """A request made now, after the papers of the draft were given, unless a test says when."""
    reviewed = factories.advance(dossier, "in_review", people=people)
    items = ["Giấy tờ tai-chinh: thiếu trang 4", "Xác nhận thuế"]
    details = {"items": items, "reason": "Chưa rõ năng lực tài chính"}
    return workflow.take(reviewed, "ask_supplement", by=people["specialist"], at=at or timezone.now(), **details)


# The list -----------------------------------------------------------------------------------------
LIST = "/ho-so/"


def test_the_list_shows_only_ones_own(applicant, dossier, make_dossier):
    make_dossier()
    response = applicant.get(LIST)
    assert [row["dossier"] for row in response.context["rows"]] == [dossier]
    assert 'id="results" data-total="1"' in response.content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"group": "draft"}, 1),
        ({"group": "board"}, 0),
        ({"group": "lạ"}, 1),
        ({"q": "giay chung nhan"}, 1),
        ({"q": "\x00"}, 0),
        ({"page": "99"}, 1),
        ({"page": "x"}, 1),
    ],
)
def test_the_list_is_filtered(applicant, dossier, query, found):
    response = applicant.get(LIST, query)
    assert (response.status_code, response.context["total"]) == (200, found)


def test_what_was_touched_last_comes_first(applicant, dossier, make_dossier, enterprise_user, moment):
    """On both databases: a draft saved after a dossier was filed stands above it, an older one below."""
    Dossier.objects.filter(pk=dossier.pk).update(status="submitted", submitted_at=moment, reference="MAU-XN26-1")
    old, new = (make_dossier(by=enterprise_user) for _number in range(2))
    Dossier.objects.filter(pk=old.pk).update(saved_at=moment - timedelta(days=1))
    Dossier.objects.filter(pk=new.pk).update(saved_at=moment + timedelta(days=1))
    rows = applicant.get(reverse("onestop:dossier_list")).context["rows"]
    assert [row["dossier"].pk for row in rows] == [new.pk, dossier.pk, old.pk]


def test_the_list_asks_the_database_the_same_whatever_its_length(
    applicant, dossier, people, make_dossier, enterprise_user, django_assert_num_queries
):
    factories.advance(dossier, "in_review", people=people)
    applicant.get(LIST)
    with django_assert_num_queries(10):
        applicant.get(LIST)
    for _more in range(2):
        factories.advance(make_dossier(by=enterprise_user), "received", people=people)
    with django_assert_num_queries(10):
        applicant.get(LIST)


def test_who_waits_for_a_mandate_finds_the_request_on_the_list(client, db, moment):
    user = factories.make_user()
    MandateRequest.objects.create(user=user, tax_code="4600999999", asked_at=moment)
    client.force_login(user)
    response = client.get(reverse("onestop:dossier_list"))
    assert [row.tax_code for row in response.context["asked"]] == ["4600999999"]
    assert "Đề nghị ủy quyền đang chờ Ban duyệt" in response.content.decode()


def test_staff_are_led_to_the_back_office(client, staff):
    client.force_login(staff("reception"))
    assert client.get(LIST)["Location"] == reverse("admin:index")


# One dossier --------------------------------------------------------------------------------------
def test_a_draft_opens_where_it_is_filed(applicant, dossier):
    assert applicant.get(dossier.get_absolute_url())["Location"] == address("dossier_review", dossier)


def test_who_may_only_view_reads_a_draft_as_the_officer_would(client, dossier, enterprise):
    client.force_login(factories.make_user(mandate_of=enterprise, capacity="view"))
    page = client.get(dossier.get_absolute_url(), follow=True)
    assert page.redirect_chain == [(reverse("onestop:dossier_as_officer", args=[dossier.pk]), 302)]
    assert page.context["back"] == (reverse("onestop:dossier_list"), "Hồ sơ của tôi")


def test_after_filing_the_page_says_what_comes_next(applicant, dossier):
    filed = factories.advance(dossier, "submitted")
    response = applicant.get(filed.get_absolute_url())
    text = response.content.decode()
    assert (filed.reference in text, filed.lookup in text) == (True, True)
    assert response.context["move"] == progress.Move(
        "Bộ phận Một cửa kiểm tra và trả lời việc tiếp nhận.", filed.answer_by
    )


@pytest.mark.parametrize(
    "status",
    ["received", "assigned", "in_review", "head_check", "leader_sign", "numbering", "result_ready", "delivered"],
)
def test_every_stage_has_a_page(applicant, dossier, people, status):
    done = factories.advance(dossier, status, people=people)
    response = applicant.get(done.get_absolute_url())
    assert (response.status_code, response.context["badge"].text) == (200, Dossier.Status(status).label)


def test_the_timeline_keeps_the_offices_steps_to_itself(applicant, dossier, people):
    signed = factories.advance(dossier, "leader_sign", people=people)
    titles = [line.title for line in applicant.get(signed.get_absolute_url()).context["lines"]]
    assert titles == ["Hẹn trả kết quả", "Bắt đầu thẩm định", "Tiếp nhận, hẹn trả kết quả", "Nộp hồ sơ"]


def test_the_first_promise_stays_beside_the_later(applicant, dossier, people, moment):
    asked = ask(dossier, people, at=moment)
    workflow.take(asked, "answer_supplement", by=dossier.created_by, at=factories.at("2026-03-10 09:00"), answer="Gửi")
    workflow.take(asked, "accept_supplement", by=people["reception"], at=factories.at("2026-03-10 10:00"))
    promises = applicant.get(dossier.get_absolute_url()).context["promises"]
    assert [(p.number, p.promised_at.date().isoformat()) for p in promises] == [(1, "2026-03-17"), (2, "2026-03-24")]


def test_a_granted_dossier_leads_to_its_project(applicant, dossier, people):
    done = factories.advance(dossier, "result_ready", people=people)
    assert done.outcome.project.get_absolute_url() in applicant.get(done.get_absolute_url()).content.decode()


# Answering a request ------------------------------------------------------------------------------
def test_a_request_shows_its_items(applicant, dossier, people):
    asked = ask(dossier, people)
    rows = [place.what for place in applicant.get(address("dossier_supplement", asked)).context["places"]]
    assert [(str(item.line), item.component and item.component.key) for item in rows] == [
        ("Giấy tờ tai-chinh: thiếu trang 4", "tai-chinh"),
        ("Xác nhận thuế", None),
    ]


def send(client, dossier, go="send", answer="Đã bổ sung", **files):
    return client.post(address("dossier_supplement", dossier), {"go": go, "answer": answer, **files})


def pdf(name="bo-sung.pdf"):
    return SimpleUploadedFile(name, uploads.pdf_of(name))


def test_an_answer_brings_its_papers_and_words(applicant, dossier, people):
    asked = ask(dossier, people)
    response = send(applicant, asked, **{"item-1": pdf(), "item-2": pdf("thue.pdf")})
    supplement = asked.supplements.get()
    assert (response["Location"], supplement.answer) == (asked.get_absolute_url(), "Đã bổ sung")
    assert [(p.component and p.component.key, p.title) for p in papers.current(asked)] == [
        ("de-nghi", ""),
        ("tai-chinh", ""),
        (None, "Xác nhận thuế"),
    ]


def test_a_refused_file_keeps_the_answer_from_going(applicant, dossier, people):
    asked = ask(dossier, people)
    response = send(applicant, asked, **{"item-1": pdf(), "item-2": SimpleUploadedFile("x.pdf", b"MZ")})
    assert (list(response.context["refused"]), asked.supplements.get().answered_at) == (["item-2"], None)
    assert response.context["form"]["answer"].value() == "Đã bổ sung"
    assert response.context["places"][0].what.paper is not None


def test_an_empty_answer_is_not_sent(applicant, dossier, people):
    asked = ask(dossier, people)
    response = send(applicant, asked)
    assert response.context["form"].errors == {
        "reply-1": ["Tải lên giấy tờ này, hoặc ghi vì sao chưa nộp được."],
        "reply-2": ["Ghi giải trình, hoặc tải lên tệp."],
    }


def test_a_second_click_sends_nothing_again(applicant, dossier, people):
    asked = ask(dossier, people)
    said = {"reply-1": "Chưa có", "reply-2": "Nộp sau"}
    send(applicant, asked, answer="Lần đầu", **said)
    response = send(applicant, asked, answer="Lần hai", **said)
    assert (response["Location"], asked.supplements.get().answer) == (asked.get_absolute_url(), "Lần đầu")


def test_nothing_is_added_while_nothing_is_asked(applicant, dossier):
    filed = factories.advance(dossier, "submitted")
    response = send(applicant, filed, **{"item-1": pdf()})
    assert (response["Location"], filed.papers.count()) == (filed.get_absolute_url(), 2)


def test_the_page_of_an_asked_dossier_shows_the_date_that_would_hold(applicant, dossier, people, moment):
    asked = ask(dossier, people, at=moment)
    context = applicant.get(asked.get_absolute_url()).context
    assert (context["may_answer"], context["ruler"].is_projected, context["standing"].state) == (True, True, "paused")


# Withdrawing --------------------------------------------------------------------------------------
def test_withdrawing_asks_first_and_needs_a_reason(applicant, dossier):
    filed = factories.advance(dossier, "submitted")
    response = applicant.post(address("dossier_withdraw", filed), {"note": " "})
    filed.refresh_from_db()
    assert (filed.status, response.context["form"].errors["note"]) == ("submitted", ["Ghi lý do rút hồ sơ."])


def test_a_withdrawn_dossier_says_so(applicant, dossier):
    filed = factories.advance(dossier, "submitted")
    applicant.post(address("dossier_withdraw", filed), {"note": "Đổi kế hoạch"})
    filed.refresh_from_db()
    assert (filed.status, filed.events.last().note) == ("withdrawn", "Đổi kế hoạch")


def test_a_signed_dossier_is_not_withdrawn(applicant, dossier, people):
    signed = factories.advance(dossier, "numbering", people=people)
    response = applicant.post(address("dossier_withdraw", signed), {"note": "Muộn"})
    signed.refresh_from_db()
    assert (response["Location"], signed.status) == (signed.get_absolute_url(), "numbering")


# Papers handed out --------------------------------------------------------------------------------
def test_a_paper_is_handed_to_its_owner(applicant, dossier):
    paper = dossier.papers.first()
    response = applicant.get(address("paper_download", dossier, paper.pk))
    assert b"".join(response.streaming_content) == paper.stored.file.open().read()


def test_a_paper_is_handed_to_staff_who_may_read(client, staff, dossier):
    filed = factories.advance(dossier, "submitted")
    client.force_login(staff("reception"))
    assert client.get(address("paper_download", filed, filed.papers.first().pk)).status_code == 200


def test_a_paper_of_another_dossier_is_not_found(applicant, dossier, make_dossier):
    other = make_dossier().papers.first()
    assert applicant.get(address("paper_download", dossier, other.pk)).status_code == 404


@pytest.mark.parametrize("page", ["paper_download", "slip_detail", "slip_download"])
def test_a_stranger_finds_no_paper(client, stranger, dossier, page):
    filed = factories.advance(dossier, "submitted")
    client.force_login(stranger)
    number = filed.papers.first().pk if page == "paper_download" else filed.slips.first().pk
    assert client.get(address(page, filed, number)).status_code == 404


def test_a_slip_is_shown_and_handed_out(applicant, dossier):
    filed = factories.advance(dossier, "submitted")
    slip = filed.slips.get()
    assert filed.reference in applicant.get(address("slip_detail", filed, slip.pk)).content.decode()
    assert applicant.get(address("slip_download", filed, slip.pk))["Content-Type"] == "application/pdf"


def test_a_result_not_yet_there_is_not_found(applicant, dossier):
    filed = factories.advance(dossier, "submitted")
    assert applicant.get(address("result_download", filed)).status_code == 404


@pytest.mark.parametrize("page", ["dossier_detail", "dossier_supplement", "dossier_withdraw"])
def test_staff_reach_the_same_dossier_in_the_back_office(client, staff, dossier, page):
    filed = factories.advance(dossier, "submitted")
    client.force_login(staff("reception"))
    assert client.get(address(page, filed))["Location"] == reverse("admin:onestop_dossier_change", args=[filed.pk])


@pytest.mark.parametrize("page", ["dossier_detail", "dossier_supplement", "dossier_withdraw", "result_download"])
def test_a_stranger_does_not_find_the_dossier(client, stranger, dossier, page):
    filed = factories.advance(dossier, "submitted")
    client.force_login(stranger)
    assert client.get(address(page, filed)).status_code == 404


def test_who_may_only_view_reads_but_does_nothing(client, enterprise, dossier):
    filed = factories.advance(dossier, "submitted")
    client.force_login(factories.make_user(mandate_of=enterprise, capacity="view"))
    pages = ["dossier_detail", "dossier_supplement", "dossier_withdraw"]
    assert [client.get(address(page, filed)).status_code for page in pages] == [200, 403, 403]


# A plot wanted twice ------------------------------------------------------------------------------
def test_who_comes_second_for_a_plot_is_told(applicant, make_dossier, make_plot, people, enterprise_user):
    plot = make_plot("CN-77")
    factories.advance(make_dossier(plot=plot), "received", people=people)
    second = factories.advance(make_dossier(by=enterprise_user, plot=plot), "received", people=people)
    notes = [line.note for line in applicant.get(second.get_absolute_url()).context["lines"]]
    assert any(f"Lô {plot.code} đang được giữ chỗ cho hồ sơ khác." in note for note in notes)


def test_slip_reads_in_its_own_language_whatever_the_page(client, people, make_dossier, enterprise_user):
    dossier = factories.advance(make_dossier(by=enterprise_user, language="en"), "received", people=people)
    slip = dossier.slips.get(form="01")
    client.force_login(enterprise_user)
    paper = client.get(f"/ho-so/{dossier.pk}/phieu/{slip.pk}/").content.decode().split("<article")[1]
    assert "RECEIPT OF THE DOSSIER" in paper and "Look-up code" in paper and "Mã tra cứu" not in paper


def test_an_archived_dossier_reads_as_delivered(applicant, dossier, people):
    archived = factories.advance(dossier, "archived", people=people)
    page = applicant.get(archived.get_absolute_url())
    assert page.context["badge"] == progress.Badge("Đã trả kết quả", "ok", "s-done")
    assert "Lưu hồ sơ" not in page.content.decode()


def test_an_archived_withdrawal_does_not_read_as_a_result(applicant, dossier, people, enterprise_user):
    workflow.take(dossier, "submit", by=enterprise_user, at=factories.at("2026-03-03 09:15"))
    workflow.take(dossier, "withdraw", by=enterprise_user, at=factories.at("2026-03-04 09:15"))
    gone = workflow.take(dossier, "archive", by=people["clerk"], at=factories.at("2026-03-05 09:15"))
    context = applicant.get(gone.get_absolute_url()).context
    assert (context["badge"].text, context["stages"], context["national"]) == (
        "Đã kết thúc, không có kết quả", [], (7, "Công dân yêu cầu rút hồ sơ"),
    )  # fmt: skip


def test_after_an_extension_the_ruler_ends_on_the_new_date(applicant, dossier, people):
    moment = timezone.now()
    running = factories.advance(dossier, "in_review", people=people, start=moment)
    new = running.due_at + timedelta(days=7)
    workflow.take(running, "extend", by=people["leader"], at=moment, reason="Chờ ý kiến", new_due_at=new)
    page = applicant.get(running.get_absolute_url())
    ruler = page.context["ruler"]
    assert (ruler.due_at, ruler.first_due_at) == (new, running.due_at)
    assert "Hạn theo quy định là <time" in page.content.decode()
