"""Entering a dossier at the counter through the clerk's own pages: from the first note to reception, for whoever
stands there or wrote by post, by one clerk after another."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from izportal.models import Notice
from onestop import counter, papers, questions, workflow
from onestop.models import Dossier, Procedure, Slip
from projects.models import Enterprise
from tests import factories, uploads
from tests.counter import START, at_new, begin, enter, make_draft, page, receive, scan, text
from tests.factories import at
from tests.filling import Filler

NOW = at("2026-03-03 09:15")
TAX_CODE = "4600123456"

REGISTER = {"org_name": "Công ty TNHH Mới", "org_address": "Sông Công", "org_representative": "Trần Văn Mới"}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def clerk(client, catalogue):
    person = factories.make_staff("reception", full_name="Phạm Thị Tiếp Nhận")
    client.force_login(person)
    return person


def test_enterprise_finds_the_received_dossier_among_its_own_and_by_its_codes(client, clerk):
    dossier = make_draft(clerk)
    owner = factories.make_user(mandate_of=dossier.enterprise)
    client.force_login(owner)
    address = reverse("onestop:dossier_detail", args=[dossier.pk])
    assert client.get(address).status_code == 404
    workflow.take(dossier, "enter", by=clerk, at=NOW)
    dossier = workflow.take(dossier, "receive", by=clerk, at=NOW)
    shown = text(client.get(address))
    assert "Lê Thị Nộp (Tại quầy)" in shown and clerk.full_name not in shown
    client.logout()
    found = client.get(reverse("onestop:track"), {"code": dossier.code, "lookup": dossier.lookup}, follow=True)
    assert dossier.code in text(found)


def test_counter_dossier_is_answered_by_the_same_hour_and_counted_from_reception(client, clerk):
    dossier = make_draft(clerk, channel="post")
    entered = counter.enter(dossier, by=clerk, seen=dossier.version_no, at=NOW)
    received = workflow.take(entered, "receive", by=clerk, at=at("2026-03-05 14:00"))
    assert (entered.answer_by, received.received_at) == (at("2026-03-04 09:15"), at("2026-03-05 14:00"))
    assert received.due_at == at("2026-03-19 17:00")


# Procedure and enterprise -----------------------------------------------------------------------------------------
def test_procedures_are_found_without_diacritics(client, clerk):
    answer = client.get(reverse("admin:counter_procedures"), {"q": "dieu chinh giay"})
    assert [row.code for row in answer.context["procedures"]] == ["1.009647"]
    assert reverse("admin:counter_new", args=["1.009647"]) in text(answer)


def test_procedure_list_asks_as_often_for_one_as_for_many(client, clerk, django_assert_num_queries):
    for words in ("dieu chinh", ""):
        with django_assert_num_queries(4):
            client.get(reverse("admin:counter_procedures"), {"q": words})


def test_procedure_without_a_form_says_so(client, clerk):
    factories.make_procedure("9.000001", "Thủ tục chưa có tờ khai")
    answer = client.get(reverse("admin:counter_new", args=["9.000001"]))
    assert answer.context["form_of"] is None
    assert "chưa có tờ khai đang áp dụng" in text(answer)


def test_procedure_that_is_not_filed_online_is_entered_at_the_counter(client, clerk):
    Procedure.objects.filter(code="1.009664").update(is_filed_here=False)
    assert begin(client).is_by_hand


def test_known_enterprise_is_shown_before_anything_is_typed(client, clerk):
    enterprise = factories.make_enterprise(tax_code=TAX_CODE, address="Phổ Yên", representative="Trần Văn Thử")
    answer = client.get(at_new("1.009664", " 46 0012 3456 "))
    assert answer.context["enterprise"] == enterprise
    assert "Phổ Yên" in text(answer) and "org_name" not in answer.context["form"].fields


@pytest.mark.parametrize("code", ["", "123", "460012345a", "4600123456-1", "\x00", "9" * 30])
def test_wrong_tax_code_is_told(client, clerk, code):
    answer = client.get(reverse("admin:counter_new", args=["1.009664"]), {"tax_code": code})
    assert answer.status_code == 200
    assert list(answer.context["asked"].errors) == ["tax_code"] and "key" not in answer.context


def test_unknown_enterprise_is_written_into_the_register_and_its_history_says_so(client, clerk):
    answer = client.post(at_new("1.009664", TAX_CODE), {**START, **REGISTER})
    dossier = Dossier.objects.get()
    assert answer.url == page("section", dossier, "applicant")
    row = Enterprise.objects.get(tax_code=TAX_CODE)
    assert (dossier.enterprise, row.name_vi, row.representative) == (row, "Công ty TNHH Mới", "Trần Văn Mới")
    first = row.history.get()
    assert first.history_user == clerk and first.history_change_reason.startswith("Ghi tại quầy")


def test_register_asks_of_an_unknown_enterprise_what_it_asks_of_any(client, clerk):
    answer = client.post(at_new("1.009664", TAX_CODE), {**START, "org_name": " ", "org_email": "khong-phai-thu"})
    assert sorted(answer.context["form"].errors) == ["org_address", "org_email", "org_name", "org_representative"]
    assert (Enterprise.objects.count(), Dossier.objects.count()) == (0, 0)


# Who stands there -------------------------------------------------------------------------------------------------
def test_form_sent_twice_begins_one_draft(client, clerk):
    factories.make_enterprise(tax_code=TAX_CODE)
    sent = {**START, "key": str(client.get(at_new("1.009664", TAX_CODE)).context["key"])}
    first, second = client.post(at_new("1.009664", TAX_CODE), sent), client.post(at_new("1.009664", TAX_CODE), sent)
    dossier = Dossier.objects.get()
    assert (first.url, second.url) == (page("section", dossier, "applicant"), page("review", dossier))


def test_presenter_is_kept_and_the_clerk_is_nobodys_contact(client, clerk):
    dossier = begin(client, capacity="authorised", authority="Giấy ủy quyền 12/UQ ngày 01/3/2026")
    assert dossier.handed_in == {
        "name": "Lê Thị Nộp", "identity": "019090000001", "is_authorised": True,
        "authority": "Giấy ủy quyền 12/UQ ngày 01/3/2026",
    }  # fmt: skip
    assert (dossier.contact_name, dossier.contact_email) == ("Lê Thị Nộp", "lien-he@thep.example")
    shown = text(client.get(page("section", dossier, "applicant")))
    assert "lien-he@thep.example" in shown and clerk.email not in shown


@pytest.mark.parametrize(
    ("typed", "lacking"),
    [
        ({"identity": ""}, ["identity"]),
        ({"identity": "01 90"}, ["identity"]),
        ({"capacity": "authorised"}, ["authority"]),
        ({"name": ""}, ["name"]),
        ({"channel": "here"}, ["channel"]),
        ({"channel": "post", "posted_on": "31/12/2030"}, ["posted_on"]),
        ({"email": "khong"}, ["email"]),
        ({"name": "a\x00b"}, ["name"]),
    ],
)
def test_first_note_says_what_it_lacks(client, clerk, typed, lacking):
    factories.make_enterprise(tax_code=TAX_CODE)
    answer = client.post(at_new("1.009664", TAX_CODE), {**START, **typed})
    assert (answer.status_code, list(answer.context["form"].errors)) == (200, lacking)
    assert Dossier.objects.count() == 0


def test_postal_dossier_keeps_its_postmark_and_number_and_needs_no_identity(client, clerk):
    posted = {"channel": "post", "identity": "", "posted_on": "27/02/2026", "item_number": "EB123456789VN"}
    dossier = begin(client, **posted)
    assert (dossier.channel, dossier.handed_in["posted_on"], dossier.handed_in["item_number"]) == (
        "post", "2026-02-27", "EB123456789VN",
    )  # fmt: skip
    noted = client.get(page("entry", dossier)).context["form"]
    assert noted["posted_on"].value() == at("2026-02-27 00:00").date()


def test_first_note_is_amended_and_what_no_longer_belongs_is_let_go(client, clerk):
    dossier = begin(client, channel="post", identity="", item_number="EB123456789VN")
    sent = {**START, "name": "Đỗ Văn Khác", "language": "en", "version_no": dossier.version_no}
    assert client.post(page("entry", dossier), sent).url == page("section", dossier, "applicant")
    dossier.refresh_from_db()
    assert (dossier.channel, dossier.language, dossier.version_no) == ("counter", "en", 2)
    assert dossier.handed_in == {"name": "Đỗ Văn Khác", "identity": "019090000001"}


# Without e-mail ---------------------------------------------------------------------------------------------------
def test_nobody_is_written_to_where_no_address_was_given(client, clerk):
    dossier = make_draft(clerk)
    assert questions.faults(dossier) == []
    enter(client, dossier)
    receive(client, dossier)
    dossier.refresh_from_db()
    assert (dossier.status, Notice.objects.count()) == ("received", 0)


@pytest.mark.parametrize(("channel", "kinds"), [("counter", ["receive"]), ("post", ["enter", "receive"])])
def test_applicant_is_written_to_and_never_the_clerk(client, clerk, channel, kinds):
    dossier = make_draft(clerk, channel=channel, email="lien-he@thep.example")
    enter(client, dossier)
    receive(client, dossier)
    written = Notice.objects.order_by("pk")
    assert [(notice.kind, notice.email, notice.user) for notice in written] == [
        (kind, "lien-he@thep.example", None) for kind in kinds
    ]


# Papers -----------------------------------------------------------------------------------------------------------
def test_paper_is_scanned_in_or_held_on_paper_and_the_slip_says_which(client, clerk):
    dossier = make_draft(clerk, papers=False)
    sent = scan(dossier, tai_chinh="unscanned", cong_nghe="shown")
    assert client.post(page("papers", dossier), {**sent, "go": "next"}).url == page("review", dossier)
    dossier.refresh_from_db()
    assert dossier.answers[Dossier.ON_PAPER] == {"tai-chinh": "unscanned", "cong-nghe": "shown"}
    assert [(paper.component.key, paper.given_by) for paper in papers.current(dossier)] == [("de-nghi", clerk)]
    enter(client, dossier)
    receive(client, dossier)
    slip = Slip.objects.get()
    assert [part.get("on_paper", "") for part in slip.facts["parts"]] == ["", "unscanned", "shown"]
    printed = text(client.get(reverse("admin:onestop_dossier_slip", args=[dossier.pk, slip.pk])))
    assert "Bản giấy, chưa quét" in printed and "Chỉ xuất trình để đối chiếu" in printed


def test_scan_takes_the_place_of_the_paper_and_may_be_taken_back(client, clerk):
    dossier = make_draft(clerk, papers=False)
    client.post(page("papers", dossier), scan(dossier, de_nghi="unscanned"))
    demand = papers.demands(dossier)[0]
    upload = SimpleUploadedFile("Đơn đề nghị.pdf", uploads.pdf())
    dossier.refresh_from_db()
    client.post(page("papers", dossier), {demand.anchor: upload, "version_no": dossier.version_no})
    given = papers.demands(Dossier.objects.get(pk=dossier.pk))[0].paper
    assert given.stored.name == "Đơn đề nghị.pdf"
    assert client.get(reverse("admin:onestop_dossier_paper", args=[dossier.pk, given.pk])).status_code == 200
    client.post(page("papers", dossier), {"take_back": given.pk, "version_no": dossier.version_no})
    assert papers.demands(Dossier.objects.get(pk=dossier.pk))[0].paper is None


def test_bad_file_is_refused_and_the_good_one_kept(client, clerk):
    dossier = make_draft(clerk, papers=False)
    first, second, _third = papers.demands(dossier)
    files = {
        first.anchor: SimpleUploadedFile("don.pdf", uploads.pdf()),
        second.anchor: SimpleUploadedFile("bao-cao.pdf", b"MZ not a pdf"),
    }
    answer = client.post(page("papers", dossier), {**files, "version_no": dossier.version_no})
    assert answer.status_code == 200 and list(answer.context["refused"]) == [second.anchor]
    assert [paper.component for paper in papers.current(dossier)] == [first.component]


def test_paper_about_which_nothing_was_said_keeps_the_dossier_from_being_entered(client, clerk):
    dossier = make_draft(clerk, papers=False)
    answer = enter(client, dossier)
    assert [component.key for component in answer.context["missing"]] == ["de-nghi", "tai-chinh", "cong-nghe"]
    dossier.refresh_from_db()
    assert (dossier.status, dossier.events.count()) == ("draft", 0)


# One after another ------------------------------------------------------------------------------------------------
def test_colleague_goes_on_where_the_first_was_interrupted(client, clerk):
    dossier = make_draft(clerk)
    colleague = factories.make_staff("reception", full_name="Ngô Văn Nối Tiếp")
    client.force_login(colleague)
    listed = client.get(reverse("admin:counter_list"))
    assert [row for row, _saver in listed.context["lines"]] == [dossier]
    sent = Filler(dossier, user=None).posted(questions.definition(dossier).sections[0])
    sent |= {"contact_phone": "0208 999 999"}
    client.post(page("section", dossier, "applicant"), {**sent, "version_no": dossier.version_no, "go": "exit"})
    lines = client.get(reverse("admin:counter_list")).context["lines"]
    assert [(row.created_by, saver) for row, saver in lines] == [(clerk, colleague)]
    entered = enter(client, dossier)
    assert entered.status_code == 302 and dossier.events.get().by == colleague


def test_unsound_section_is_kept_as_it_was_typed(client, clerk):
    dossier = begin(client)
    sent = {"contact_name": "", "contact_phone": "không có số", "version_no": dossier.version_no}
    answer = client.post(page("section", dossier, "applicant"), sent)
    assert "contact_phone" in answer.context["form"].errors
    again = client.get(page("section", dossier, "applicant")).context["form"]
    assert again["contact_phone"].value() == "không có số"


def test_second_clerk_on_the_same_section_is_told_whose_text_stands(client, clerk):
    dossier = begin(client)
    part = questions.definition(dossier).sections[0]
    sent = {**Filler(dossier, user=None).posted(part), "version_no": dossier.version_no}
    client.post(page("section", dossier, part.key), sent)
    client.force_login(factories.make_staff("reception"))
    answer = client.post(page("section", dossier, part.key), {**sent, "contact_name": "Bùi Thị Hai"})
    assert answer.status_code == 409
    assert f"Chưa lưu: {clerk} vừa sửa hồ sơ này" in text(answer)
    assert answer.context["theirs"] == [("Người liên hệ", "Lê Thị Nộp", "Bùi Thị Hai")]
    assert Dossier.objects.get().contact_name == "Lê Thị Nộp"


def test_second_clerk_is_told_that_the_first_note_has_changed(client, clerk):
    dossier = begin(client)
    sent = {**START, "version_no": dossier.version_no}
    client.post(page("entry", dossier), {**sent, "name": "Đỗ Văn Khác"})
    answer = client.post(page("entry", dossier), {**sent, "name": "Bùi Thị Hai"})
    assert answer.context["changed"].handed_in["name"] == "Đỗ Văn Khác"
    assert answer.context["form"]["name"].value() == "Bùi Thị Hai"
    assert Dossier.objects.get().handed_in["name"] == "Đỗ Văn Khác"


def test_second_clerk_on_the_papers_keeps_the_file_and_is_told_of_the_rest(client, clerk):
    dossier = make_draft(clerk, papers=False)
    sent = scan(dossier, tai_chinh="unscanned")
    client.post(page("papers", dossier), sent)
    answer = client.post(page("papers", dossier), scan(dossier, tai_chinh="shown"))
    assert list(answer.context["refused"]) == [""]
    dossier.refresh_from_db()
    assert dossier.answers[Dossier.ON_PAPER] == {"tai-chinh": "unscanned"}


def test_draft_changed_since_the_review_is_looked_at_again(client, clerk):
    dossier = make_draft(clerk)
    sent = {"version_no": dossier.version_no}
    note = {**START, "version_no": dossier.version_no, "name": "Đỗ Văn Khác"}
    client.post(page("entry", dossier), note)
    answer = client.post(page("review", dossier), sent)
    assert "vừa sửa hồ sơ này" in answer.context["problem"]
    assert enter(client, dossier).status_code == 302


def test_second_press_of_the_button_leads_on_to_reception(client, clerk):
    dossier = make_draft(clerk)
    first, second = enter(client, dossier), client.post(page("review", dossier), {"version_no": 0})
    assert first.url == reverse("admin:onestop_dossier_step", args=[dossier.pk, "receive"])
    assert second.url == reverse("admin:onestop_dossier_change", args=[dossier.pk])
    assert [event.step for event in dossier.events.all()] == ["enter"]


def test_draft_is_thrown_away_only_after_a_question(client, clerk):
    dossier = make_draft(clerk)
    assert client.get(page("discard", dossier)).status_code == 200
    assert Dossier.objects.count() == 1
    assert client.post(page("discard", dossier)).url == reverse("admin:counter_list")
    assert Dossier.objects.count() == 0


def test_draft_is_carried_to_the_form_in_force_and_nobody_is_written_to(client, clerk):
    dossier = make_draft(clerk, email="lien-he@thep.example")
    newer = factories.make_definition(dossier.procedure, on=NOW.date())
    shown = client.get(page("review", dossier))
    dossier.refresh_from_db()
    assert dossier.definition == newer and dossier.handed_in["name"] == "Lê Thị Nộp"
    assert "Tờ khai của thủ tục đã có bản mới" in text(shown) and Notice.objects.count() == 0


# The list ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_as_often_for_one_as_for_many(client, clerk, django_assert_num_queries, count):
    for number in range(count):
        begin(client, enterprise=factories.make_enterprise(tax_code=f"460000000{number}"))
    with django_assert_num_queries(6):
        answer = client.get(reverse("admin:counter_list"))
    assert len(answer.context["lines"]) == count


def test_list_is_searched_and_narrowed(client, clerk):
    one = begin(client, enterprise=factories.make_enterprise("Công ty Gang Á", "4600000001"))
    client.force_login(factories.make_staff("reception"))
    two = begin(client, "1.009647", factories.make_enterprise("Công ty May B", "4600000002"), channel="post")
    found = {
        words: [row for row, _saver in client.get(reverse("admin:counter_list") + words).context["lines"]]
        for words in ("?q=gang+a", "?q=4600000002", "?q=dieu+chinh", "?channel=counter", "?mine=1", "?q=khong")
    }
    assert list(found.values()) == [[one], [two], [two], [one], [two], []]


@pytest.mark.parametrize("words", ["?channel=here", "?page=9", "?page=x", "?q=%00", "?mine=2"])
def test_list_bears_a_senseless_address(client, clerk, words):
    begin(client)
    assert client.get(reverse("admin:counter_list") + words).status_code == 200


def test_list_comes_in_pages(client, clerk):
    enterprise = factories.make_enterprise()
    for _number in range(26):
        make_draft(clerk, enterprise=enterprise, papers=False)
    second = client.get(reverse("admin:counter_list"), {"page": "2"})
    assert len(second.context["lines"]) == 1 and "26–26 trong 26 hồ sơ" in text(second)


def test_worklist_shows_and_narrows_by_the_way_of_filing(client, clerk):
    here = factories.advance(factories.make_dossier(), "submitted", people={})
    brought = workflow.take(make_draft(clerk), "enter", by=clerk, at=NOW)
    make_draft(clerk)
    worklist = reverse("admin:onestop_dossier_changelist")
    rows = {
        channel: [line.dossier for line in client.get(worklist, {"channel": channel}).context["worklist"].lines]
        for channel in ("", "here", "counter", "post")
    }
    assert (set(rows.pop("")), rows) == ({here, brought}, {"here": [here], "counter": [brought], "post": []})
    assert "Nhập hồ sơ tại quầy" in text(client.get(worklist))


# When papers lack -------------------------------------------------------------------------------------------------
def press(client, dossier, step, **typed):
    dossier.refresh_from_db()
    address = reverse("admin:onestop_dossier_step", args=[dossier.pk, step])
    return client.post(address, {"version_no": dossier.version_no, **typed}, follow=True)


@pytest.fixture
def entered(clerk):
    return workflow.take(make_draft(clerk), "enter", by=clerk, at=NOW)


def test_request_of_the_counter_is_answered_at_the_counter(client, entered):
    press(client, entered, "ask_intake_supplement", others="Bản sao hộ chiếu", reason="Thiếu")
    scanned = SimpleUploadedFile("ho-chieu.pdf", uploads.pdf())
    press(client, entered, "record_answer", **{"item-1": scanned}, answer="Đã nhận bản sao hộ chiếu")
    entered.refresh_from_db()
    answered = entered.supplements.get()
    assert (entered.status, answered.answer, answered.accepted_at) == ("submitted", "Đã nhận bản sao hộ chiếu", NOW)
    assert papers.current(entered)[-1].title == "Bản sao hộ chiếu"
    assert [slip.form for slip in entered.slips.all()] == [Slip.Form.SUPPLEMENT]


def test_bad_scan_of_an_answer_keeps_the_dossier_waiting(client, entered):
    press(client, entered, "ask_intake_supplement", others="Bản sao hộ chiếu", reason="Thiếu")
    bad = SimpleUploadedFile("ho-chieu.pdf", b"MZ")
    answer = press(client, entered, "record_answer", **{"item-1": bad}, answer="Đã nhận")
    entered.refresh_from_db()
    assert "item-1" in answer.context["form"].errors and entered.status == "intake_supplement"


def test_dossier_is_refused_at_the_counter_with_its_slip(client, entered):
    told = press(client, entered, "refuse_intake", reason="Không thuộc thẩm quyền")
    entered.refresh_from_db()
    assert (entered.status, entered.slips.get().form) == ("intake_refused", Slip.Form.REFUSAL)
    assert f"In {entered.slips.get()}" in text(told)


def test_paper_request_to_withdraw_is_noted_at_the_counter(client, entered):
    press(client, entered, "record_withdrawal", note="Đơn rút ngày 03/3/2026, Lê Thị Nộp ký")
    entered.refresh_from_db()
    assert (entered.status, entered.slips.get().form) == ("withdrawn", Slip.Form.STOP)
    assert entered.slips.get().facts["reason"] == "Đơn rút ngày 03/3/2026, Lê Thị Nộp ký"


def test_steps_of_the_counter_are_closed_to_a_dossier_filed_online(client, clerk):
    online = factories.advance(factories.make_dossier(), "submitted", people={})
    answer = press(client, online, "record_withdrawal", note="x")
    assert answer.status_code == 403 and "không dùng cho hồ sơ nộp theo cách này" in text(answer)


def test_slip_says_how_the_dossier_came_in_and_who_brought_it(client, entered):
    receive(client, entered)
    slip = entered.slips.get()
    printed = text(client.get(reverse("admin:onestop_dossier_slip", args=[entered.pk, slip.pk])))
    assert "Tại quầy" in printed and "Lê Thị Nộp, số định danh 019090000001" in printed


def test_paper_that_was_not_brought_is_asked_for_before_anything_is_received(client, clerk):
    dossier = make_draft(clerk, papers=False)
    client.post(page("papers", dossier), scan(dossier, tai_chinh="lacking"))
    assert enter(client, dossier).url.endswith("/step/ask_intake_supplement/")
    refused = press(client, dossier, "receive")
    assert refused.status_code == 409 and "Còn thiếu giấy tờ: Giấy tờ tai-chinh." in text(refused)
    component = dossier.version.components.get(key="tai-chinh")
    asked = client.get(reverse("admin:onestop_dossier_step", args=[dossier.pk, "ask_intake_supplement"]))
    assert asked.context["form"][f"component-{component.pk}"].value() == "chưa nộp"
    press(client, dossier, "ask_intake_supplement", **{f"component-{component.pk}": "nộp bản chính"}, reason="Thiếu")
    press(client, dossier, "record_answer", **{"held-item-1": "unscanned"}, answer="Đã nhận bản chính")
    receive(client, dossier)
    dossier.refresh_from_db()
    assert (dossier.status, dossier.answers[Dossier.ON_PAPER]["tai-chinh"]) == ("received", "unscanned")


def test_paper_not_brought_is_scanned_in_with_the_answer_to_a_request_in_other_words(client, clerk):
    dossier = make_draft(clerk, papers=False)
    client.post(page("papers", dossier), scan(dossier, tai_chinh="lacking"))
    enter(client, dossier)
    press(client, dossier, "ask_intake_supplement", others="Báo cáo hai năm", reason="Thiếu")
    anchor = f"paper-{dossier.version.components.get(key='tai-chinh').pk}"
    scanned = SimpleUploadedFile("tai-chinh.pdf", uploads.pdf_of("tai-chinh"))
    press(client, dossier, "record_answer", **{anchor: scanned}, answer="Đã nhận báo cáo")
    dossier.refresh_from_db()
    assert (dossier.status, papers.missing(dossier)) == ("submitted", [])


def test_scan_that_was_owed_is_put_in_place_later(client, clerk):
    dossier = make_draft(clerk, papers=False)
    client.post(page("papers", dossier), scan(dossier, tai_chinh="unscanned"))
    enter(client, dossier)
    receive(client, dossier)
    assert press(client, dossier, "scan").context["form"].errors != {}
    demand = papers.demands(dossier)[1]
    press(client, dossier, "scan", **{demand.anchor: SimpleUploadedFile("a.pdf", uploads.pdf_of("x"))})
    after = papers.demands(dossier)[1]
    assert (after.on_paper, after.paper.given_by) == ("", clerk)
    event = dossier.events.last()
    assert (event.step, event.note, event.is_public) == ("scan", "Đã quét: Giấy tờ tai-chinh.", False)
    assert "không còn giấy tờ nào chờ quét" in text(press(client, dossier, "scan"))


def test_desk_leads_the_clerk_to_what_is_being_entered(client, clerk):
    make_draft(clerk)
    shown = client.get(reverse("admin:index"))
    assert (shown.context["may_enter"], shown.context["being_entered"]) == (True, 1)
    client.force_login(factories.make_staff("specialist"))
    assert "Nhập hồ sơ tại quầy" not in text(client.get(reverse("admin:index")))


# Who may ----------------------------------------------------------------------------------------------------------
def test_administrator_types_in_but_reception_enters(client, clerk):
    dossier = make_draft(clerk)
    client.force_login(factories.make_staff("administrator"))
    shown = client.get(page("review", dossier))
    assert shown.context["may_enter"] is False
    assert "Bạn không có quyền" in enter(client, dossier).context["problem"]


def test_applicant_submits_no_draft_of_the_counter(clerk):
    dossier = make_draft(clerk)
    with pytest.raises(workflow.StepRefused):
        workflow.take(dossier, "submit", by=factories.make_user(mandate_of=dossier.enterprise), at=NOW)


def test_draft_of_an_applicant_is_not_there_for_a_clerk(client, clerk):
    theirs = factories.make_dossier()
    pages = [page(name, theirs) for name in ("entry", "papers", "review", "discard")]
    pages += [page("section", theirs, "capital"), reverse("admin:onestop_dossier_change", args=[theirs.pk])]
    assert [client.get(address).status_code for address in pages] == [404] * 6


def test_draft_of_the_counter_is_led_from_the_file_to_its_own_pages(client, clerk):
    dossier = make_draft(clerk)
    steps = [reverse("admin:onestop_dossier_change", args=[dossier.pk])]
    steps += [reverse("admin:onestop_dossier_step", args=[dossier.pk, "enter"])]
    assert [client.get(address).url for address in steps] == [page("review", dossier)] * 2


def test_section_that_no_form_has_is_not_there(client, clerk):
    assert client.get(page("section", make_draft(clerk), "khong-co")).status_code == 404
