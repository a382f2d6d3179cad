"""The back office of questions and planning drafts: heaps, deeds on their pages, who may what, sheets to take away."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from izportal.press import consultations, lifecycle, questions
from izportal.press.models import Answer, Comment, CommentGroup, Edition, Item, PlanningDraft, Question
from izportal.press.templatetags.voices import voices_desk
from tests import factories, uploads
from tests.press import asking, writing

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules():
    factories.make_rules()


@pytest.fixture
def specialist(staff):
    return staff("specialist")


@pytest.fixture
def head(staff):
    return staff("head")


def page_of(model, page="changelist", *args):
    return reverse(f"admin:press_{model}_{page}", args=args)


def do(client, person, row, deed, **said):
    client.force_login(person)
    return client.post(page_of(row._meta.model_name, deed, row.pk), said)


# Questions ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("model", "cost"), [("question", 8), ("comment", 8), ("planningdraft", 8), ("answer", 5)])
def test_list_costs_the_same_however_long(client, specialist, django_assert_num_queries, model, cost, rows):
    for n in range(rows):
        question, draft = asking.answered(at=timezone.now()), asking.make_draft(f"do-an-{n}", closes=date(2099, 1, 1))
        asking.comment(draft, at=timezone.now())
        item = Item.objects.create(kind="answer", slug=f"dap-{n}")
        Answer.objects.create(item=item, question=question)
    client.force_login(specialist)
    with django_assert_num_queries(cost):
        client.get(page_of(model))


def test_heaps_hold_what_they_say(client, specialist, moment):
    late, drafted = asking.ask(at=moment), asking.ask(at=timezone.now())
    questions.draft(drafted, text="x", by=specialist, at=moment)
    done = asking.answered(at=timezone.now())
    client.force_login(specialist)
    heaps = {
        heap: set(client.get(page_of("question"), {"heap": heap}).context["cl"].result_list)
        for heap in ("new", "mine", "drafted", "late", "answered")
    }
    assert heaps == {"new": {late}, "mine": {drafted}, "drafted": {drafted}, "late": {late}, "answered": {done}}


def test_question_is_answered_by_two_people_on_their_pages(client, specialist, head):
    question = asking.ask(at=timezone.now())
    do(client, specialist, question, "draft", text="Nộp tại Ban.")
    assert do(client, specialist, question, "approve").status_code == 403
    assert do(client, head, question, "approve").status_code == 302
    question.refresh_from_db()
    assert (question.status, question.drafted_by, question.approved_by) == ("answered", specialist, head)


def test_refused_deed_keeps_the_words(client, head):
    question = asking.ask(at=timezone.now())
    response = do(client, head, question, "postpone", to="01/01/2020", reason="Chờ ý kiến")
    assert ("Ngày hẹn lại phải sau" in response.content.decode(), "Chờ ý kiến" in response.content.decode()) == (
        True, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("deed", "said", "status"),
    [("take-over", {}, "asked"), ("drop", {"reason": "Trùng"}, "dropped"), ("send-back", {"note": "Sửa"}, "asked")],
)
def test_deeds_do_what_they_say(client, head, specialist, deed, said, status):
    question = questions.draft(asking.ask(at=timezone.now()), text="x", by=specialist, at=timezone.now())
    assert do(client, head, question, deed, **said).status_code == 302
    question.refresh_from_db()
    assert question.status == (status if deed != "take-over" else "drafted")


def test_answer_is_prepared_for_everyone_without_names(client, specialist, staff):
    question = asking.answered(at=timezone.now(), text="Anh An hỏi điều chỉnh")
    said = {
        "title_vi": "Điều chỉnh", "question_vi": "Hỏi", "answer_vi": "Đáp một.\n\nĐáp hai.",
        "title_en": "Adjusting", "question_en": "", "answer_en": "Answer.", "is_pinned": "on",
    }  # fmt: skip
    client.force_login(staff("editor"))
    assert "Anh An hỏi" in client.get(page_of("question", "publish", question.pk)).content.decode()
    do(client, staff("editor"), question, "publish", **said)
    answer = Answer.objects.get(question=question)
    bodies = dict(Edition.objects.filter(item=answer.item).values_list("language", "body"))
    assert bodies["vi"] == "<blockquote>Hỏi</blockquote><p>Đáp một.</p><p>Đáp hai.</p>"
    assert (bodies["en"], answer.is_pinned, answer.item.slug) == ("<p>Answer.</p>", True, "dieu-chinh")
    assert set(Edition.objects.values_list("status", flat=True)) == {"draft"}


def test_often_asked_answer_needs_no_question(client, staff):
    client.force_login(staff("editor"))
    said = {"topic": "land", "title_vi": "Thuê đất ra sao?", "answer_vi": "Xem <danh sách>.", "is_pinned": "on"}
    assert client.post(page_of("answer", "add"), said).status_code == 302
    answer = Answer.objects.get()
    assert (answer.question, answer.is_pinned, answer.item.editions.get().body) == (
        None, True, "<p>Xem &lt;danh sách&gt;.</p>",
    )  # fmt: skip


def test_file_is_read_by_those_who_read_the_question(client, specialist, staff):
    question = asking.ask(at=timezone.now(), upload=uploads.sent("a.pdf", uploads.pdf()))
    client.force_login(specialist)
    assert client.get(page_of("question", "file", question.pk)).status_code == 200
    client.force_login(staff("clerk"))
    assert client.get(page_of("question", "file", question.pk)).status_code in (403, 404)


@pytest.mark.parametrize("model", ["question", "comment"])
def test_sheet_holds_what_the_list_shows(client, specialist, model):
    asking.ask(at=timezone.now())
    asking.comment(asking.make_draft(closes=date(2099, 1, 1)), at=timezone.now())
    client.force_login(specialist)
    rows = {"question": Question, "comment": Comment}[model].objects.all()
    (resource,) = client.get(page_of(model)).context["cl"].model_admin.resource_classes
    row = resource().export(rows).dict[0]
    assert (row["Họ và tên"], row["Thư điện tử"]) == ("Trần Thị Thử", "thu@hoi.example")


def test_desk_counts_what_waits(client, head, specialist, moment):
    questions.draft(asking.ask(at=moment), text="x", by=specialist, at=moment)
    asking.comment(asking.make_draft(), at=moment)
    client.force_login(head)
    voices = client.get("/admin/").context["voices"]
    assert voices == {
        "new": 0, "mine": 0, "drafted": 1, "late": 1, "comments": 1, "unanswered": 1, "broken": 1,
        "submitted": 0, "reviewed": 0,
    }  # fmt: skip


def test_desk_asks_once_whatever_waits(moment, head, rf, django_assert_num_queries):
    asking.comment(asking.make_draft(), at=moment)
    request = rf.get("/admin/")
    request.user = head
    assert head.has_perms(["press.view_question", "press.view_comment"])
    with django_assert_num_queries(1):
        voices = voices_desk({"request": request})["voices"]
    assert (voices["comments"], voices["broken"], voices["late"]) == (1, 1, 0)


def test_desk_keeps_to_the_zones_of_its_reader(moment, staff, rf):
    near, far = factories.make_zone(), factories.make_zone("xa", "XA")
    for zone in (near, far):
        asking.comment(asking.make_draft(zone.slug, zone=zone), at=moment)
    request = rf.get("/admin/")
    request.user = staff("head", zones=[near.code])
    assert voices_desk({"request": request})["voices"]["comments"] == 1


def test_desk_says_nothing_to_those_who_answer_nothing(client, staff):
    asking.ask(at=timezone.now())
    client.force_login(staff("clerk"))
    assert client.get("/admin/").context["voices"] == {}


def test_desk_tells_the_reviewer_and_the_writer_what_waits(moment, staff, rf):
    submitted = writing.submitted(at=moment)
    returned = lifecycle.take(submitted, "send_back", by=staff("head"), at=moment, note="Thiếu nguồn.")
    writing.submitted(writing.make_item("hai"), at=moment)
    writing.reviewed(writing.make_item("ba"), at=moment)
    told = {}
    for person in (staff("leader"), returned.written_by, staff("auditor")):
        request = rf.get("/admin/")
        request.user = person
        told |= {min(person.role_codes): voices_desk({"request": request})["voices"]}
    waiting = ("submitted", "reviewed", "returned")
    found = {role: [voices.get(key) for key in waiting] for role, voices in told.items()}
    assert found == {"leader": [1, 1, None], "editor": [None, None, 1], "auditor": [None, None, None]}


# Planning drafts ----------------------------------------------------------------------------------
def said_of(item, **changed):
    groups = {"groups-TOTAL_FORMS": "0", "groups-INITIAL_FORMS": "0"}
    return {
        "item": item.pk, "opens_on": "02/03/2026", "closes_on": "10/04/2026", "basis_vi": "", "basis_en": "",
        "basis_confidence": "unverified", "zone": "", "owner": "", **groups, **changed,
    }  # fmt: skip


def test_draft_is_opened_with_a_promise(client, staff):
    asking.make_draft("da-co", title="Đã có đồ án")
    item = Item.objects.create(kind="consultation", slug="do-an")
    asking.publish(item, title="Phân khu phía bắc")
    client.force_login(staff("editor"))
    page = client.get(page_of("planningdraft", "add")).content.decode()
    assert ("Phân khu phía bắc" in page, "Đã có đồ án" in page) == (True, False)
    response = client.post(page_of("planningdraft", "add"), said_of(item, closes_on="20/03/2026"))
    assert "ít hơn 30 ngày" in response.content.decode()
    assert client.post(page_of("planningdraft", "add"), said_of(item)).status_code == 302
    assert PlanningDraft.objects.get(item=item).promised_on == date(2026, 5, 6)


def test_comments_are_gathered_and_answered_on_their_pages(client, specialist, head, moment):
    draft = asking.make_draft()
    row = asking.comment(draft, at=moment)
    assert do(client, specialist, row, "count", summary="Thêm cây xanh").status_code == 302
    group = CommentGroup.objects.get()
    assert (group.written_by, group.comments.get()) == (specialist, row)
    assert "chưa có giải trình" in do(client, head, draft, "answer").content.decode()
    CommentGroup.objects.update(answer_vi="Tiếp thu")
    assert do(client, head, draft, "answer").status_code == 302
    draft.refresh_from_db()
    assert draft.answered_by == head


def test_comment_is_set_aside_with_a_reason(client, specialist, moment):
    row = asking.comment(asking.make_draft(), at=moment)
    assert do(client, specialist, row, "set-aside", reason="").status_code == 200
    do(client, specialist, row, "set-aside", reason="Quảng cáo")
    row.refresh_from_db()
    assert (row.status, row.reason) == ("aside", "Quảng cáo")


def test_comment_is_not_put_into_a_group_and_a_new_one(client, specialist, moment):
    draft = asking.make_draft()
    group = CommentGroup.objects.create(draft=draft, summary_vi="a")
    response = do(client, specialist, asking.comment(draft, at=moment), "count", group=group.pk, summary="b")
    assert "không cả hai" in response.content.decode()


def test_whoever_edits_a_group_has_written_it(client, staff, head):
    draft = asking.make_draft()
    client.force_login(editor := staff("editor"))
    groups = {
        "groups-TOTAL_FORMS": "1", "groups-0-summary_vi": "Thêm cây", "groups-0-answer_vi": "Tiếp thu",
        "groups-0-position": "0",
    }  # fmt: skip
    page = client.get(page_of("planningdraft", "change", draft.pk))
    token = page.context["adminform"].form["seen"].value() if "seen" in page.context["adminform"].form.fields else ""
    client.post(page_of("planningdraft", "change", draft.pk), said_of(draft.item, **groups, seen=token))
    assert CommentGroup.objects.get().written_by == editor


def test_keeper_of_one_zone_sees_no_draft_of_another(client, staff, moment):
    row = asking.comment(asking.make_draft(zone=factories.make_zone()), at=moment)
    client.force_login(staff("land", zones=["YB"]))
    pages = (page_of("comment", "change", row.pk), page_of("planningdraft", "change", row.draft_id))
    assert [client.get(page).status_code for page in pages] == [404, 404]
    with pytest.raises(Comment.DoesNotExist):
        consultations.count(Comment(pk=0), group=None, by=staff("land"), at=moment)


def test_published_answers_stand_as_they_were_let_out(client, staff, moment):
    draft = asking.make_draft()
    group = CommentGroup.objects.create(draft=draft, summary_vi="Thêm cây", answer_vi="Tiếp thu")
    PlanningDraft.objects.update(answered_at=moment)
    client.force_login(staff("editor"))
    groups = {
        "groups-TOTAL_FORMS": "1", "groups-INITIAL_FORMS": "1", "groups-0-id": group.pk, "groups-0-draft": draft.pk,
        "groups-0-summary_vi": "Khác", "groups-0-answer_vi": "Khác", "groups-0-position": "0",
    }  # fmt: skip
    assert client.post(page_of("planningdraft", "change", draft.pk), said_of(draft.item, **groups)).status_code == 403
    group.refresh_from_db()
    assert (group.summary, group.answer) == ("Thêm cây", "Tiếp thu")


def test_what_waits_comes_first(client, specialist, moment):
    done, waiting = asking.answered(at=moment), asking.ask(at=timezone.now())
    client.force_login(specialist)
    assert list(client.get(page_of("question")).context["cl"].result_list) == [waiting, done]
