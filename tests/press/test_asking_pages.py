"""The public pages of questions and planning drafts: what is sent counts, what is wrong is told, secrets stay so."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone, translation

from izportal import correspondence
from izportal.models import Notice, Rule
from izportal.press import questions
from izportal.press.models import Answer, Comment, Item, Question
from izportal.press.questions import publishing
from tests import factories, uploads
from tests.press import asking

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rules():
    factories.make_rules()


@pytest.fixture
def draft():
    today = timezone.localdate()
    return asking.make_draft(opens=today, closes=today)


def public_answer(slug="dieu-chinh", *, topic="land", pinned=False, title="Điều chỉnh giấy chứng nhận", **fields):
    item = Item.objects.create(kind=Item.Kind.ANSWER, slug=slug)
    asking.publish(item, title=title, body="<blockquote>Hỏi</blockquote><p>Nộp hồ sơ tại Ban.</p>")
    return Answer.objects.create(item=item, topic=topic, is_pinned=pinned, **fields)


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# Asking -------------------------------------------------------------------------------------------
def test_question_is_sent_without_an_account(client):
    response = client.post("/hoi-dap/gui/", asking.typed(asking.SAID, file=uploads.sent("a.pdf", uploads.pdf())))
    question = Question.objects.get()
    assert (response.status_code, response["Location"]) == (
        302, f"/hoi-dap/theo-doi/{correspondence.token_of(question)}/",
    )  # fmt: skip
    assert (question.title, question.stored.name, question.asked_by) == ("Mở rộng nhà xưởng", "a.pdf", None)
    page = client.get(response["Location"])
    assert ("Ban đã nhận, chưa trả lời" in text_of(page), page["X-Robots-Tag"][:7]) == (True, "noindex")


def test_question_sent_twice_leads_to_the_same_page(client):
    said = asking.typed(asking.SAID)
    first, again = client.post("/hoi-dap/gui/", said), client.post("/hoi-dap/gui/", said)
    assert (first["Location"], Question.objects.count()) == (again["Location"], 1)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"website": "x"}, "ô ẩn phải để trống"), ({"ticket": "x"}, "Trang này đã cũ"), ({"consent": ""}, "đồng ý"),
        ({"topic": ""}, "Lĩnh vực"), ({"email": "x"}, "Thư điện tử"), ({"text": "\x00"}, "Nội dung hỏi"),
    ],
)  # fmt: skip
def test_question_that_is_wrong_keeps_its_words(client, changed, sentence):
    response = client.post("/hoi-dap/gui/", asking.typed(asking.SAID, **changed))
    assert (response.status_code, Question.objects.count()) == (422, 0)
    assert (sentence in text_of(response), "Mở rộng nhà xưởng" in response.content.decode()) == (True, True)


def test_bad_file_is_told_at_its_field(client):
    response = client.post("/hoi-dap/gui/", asking.typed(asking.SAID, file=uploads.sent("a.pdf", b"MZ")))
    assert (response.status_code, Question.objects.count()) == (422, 0)
    assert "id_file" in response.content.decode()


def test_file_is_measured_while_it_comes_in(client):
    Rule.objects.filter(code="upload_max_mb").update(value="0")
    response = client.post("/hoi-dap/gui/", asking.typed(asking.SAID, file=uploads.sent("a.pdf", uploads.pdf())))
    assert (response.status_code, "Tệp vượt mức cho phép" in text_of(response)) == (422, True)


def test_form_with_a_file_wants_its_token():
    client = Client(enforce_csrf_checks=True)
    assert client.post("/hoi-dap/gui/", asking.typed(asking.SAID)).status_code == 403


def test_questions_of_one_address_are_limited(client):
    Rule.objects.filter(code="questions_per_hour").update(value="1")
    client.post("/hoi-dap/gui/", asking.typed(asking.SAID))
    response = client.post("/hoi-dap/gui/", asking.typed(asking.SAID))
    assert (response.status_code, Question.objects.count()) == (422, 1)
    assert "quá nhiều câu hỏi" in text_of(response)


def test_member_asks_for_their_enterprise_and_finds_it_again(client, enterprise, enterprise_user):
    client.force_login(enterprise_user)
    client.post("/hoi-dap/gui/", asking.typed(asking.SAID, enterprise=enterprise.pk))
    question = Question.objects.get()
    assert (question.enterprise, question.asked_by) == (enterprise, enterprise_user)
    assert correspondence.token_of(question) in client.get("/hoi-dap/cua-toi/").content.decode()


def test_nobody_asks_for_an_enterprise_of_others(client, enterprise, stranger):
    client.force_login(stranger)
    response = client.post("/hoi-dap/gui/", asking.typed(asking.SAID, enterprise=enterprise.pk))
    assert (response.status_code, Question.objects.count()) == (422, 0)


@pytest.mark.parametrize("rows", [1, 3])
def test_own_questions_take_the_same_queries(client, rows, enterprise_user, moment, django_assert_num_queries):
    for _n in range(rows):
        asking.ask(at=moment, by=enterprise_user)
    client.force_login(enterprise_user)
    with django_assert_num_queries(5):
        client.get("/hoi-dap/cua-toi/")


def test_look_up_tells_the_same_whether_there_is_such_a_question(client, moment):
    question = asking.ask(at=moment)
    for email, written in (("khac@hoi.example", 1), (question.email, 2)):
        said = {"reference": question.reference, "email": email}
        response = client.post("/hoi-dap/tra-cuu/", said, follow=True)
        assert "Nếu mã và thư điện tử khớp" in text_of(response)
        assert Notice.objects.filter(key__contains=":asker:").count() == written


def test_look_up_and_guessing_are_slowed(client):
    Rule.objects.filter(code="lookup_attempts_per_hour").update(value="1")
    said = {"reference": "HD-2026-0001", "email": "a@b.example"}
    assert [client.post("/hoi-dap/tra-cuu/", said).status_code for _time in range(2)] == [302, 429]
    cache.clear()
    assert [client.get("/hoi-dap/theo-doi/x/").status_code for _time in range(2)] == [404, 429]


def test_page_of_a_late_question_apologises(client, moment):
    question = asking.ask(at=moment)
    page = client.get(f"/hoi-dap/theo-doi/{correspondence.token_of(question)}/")
    assert "Ban xin lỗi vì sự chậm trễ này." in text_of(page)


def test_draft_answer_is_not_shown_before_it_is_approved(client, moment, staff):
    question = questions.draft(asking.ask(at=moment), text="Còn là nháp", by=staff("specialist"), at=moment)
    url = f"/hoi-dap/theo-doi/{correspondence.token_of(question)}/"
    assert ("Còn là nháp" in text_of(client.get(url)), "đang duyệt" in text_of(client.get(url))) == (False, True)
    questions.approve(question, by=staff("head"), at=moment)
    assert "Còn là nháp" in text_of(client.get(url))


def test_asker_erases_what_they_sent(client, moment):
    question = asking.ask(at=moment)
    url = f"/hoi-dap/theo-doi/{correspondence.token_of(question)}/"
    assert client.get(f"{url}xoa/").status_code == 200
    client.post(f"{url}xoa/")
    assert (Question.objects.get().text, client.get(url).status_code) == ("", 404)


# Answers for everyone ------------------------------------------------------------------------------
def test_answers_are_listed_pinned_first_and_found_by_words(client):
    public_answer("mot", title="Thuê đất")
    public_answer("hai", title="Giấy phép môi trường", topic="environment", pinned=True)

    def titles(**asked):
        page = client.get("/hoi-dap/", asked).content.decode()
        return [re.sub("<[^>]+>", "", title) for title in re.findall(r'rowlink"><div><a [^>]*>(.*?)</a>', page)]

    assert titles() == ["Giấy phép môi trường", "Thuê đất"]
    assert (titles(q="thue dat"), titles(topic="environment")) == (["Thuê đất"], ["Giấy phép môi trường"])
    assert (titles(q="xyz"), titles(topic="khac")) == ([], [])


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_answers_takes_the_same_queries(client, rows, django_assert_num_queries):
    for n in range(rows):
        public_answer(f"tra-loi-{n}")
    with django_assert_num_queries(3):
        client.get("/hoi-dap/")


def test_answer_falls_back_to_vietnamese_and_says_so(client):
    answer = public_answer()
    with translation.override("en"):
        url = answer.item.get_absolute_url()
    page = text_of(client.get(url))
    assert "Nộp hồ sơ tại Ban." in page
    asking.publish(answer.item, language="en", title="Adjusting a certificate", body="<p>File here.</p>")
    page = text_of(client.get(url))
    assert ("File here." in page, "Nộp hồ sơ" in page) == (True, False)


@pytest.mark.parametrize(("kind", "address"), [("answer", "/hoi-dap/"), ("consultation", "/lay-y-kien/")])
def test_text_without_its_facts_is_not_shown(client, kind, address):
    item = Item.objects.create(kind=kind, slug="thieu")
    asking.publish(item, title="Thiếu dữ kiện")
    assert (client.get(f"{address}thieu/").status_code, "Thiếu dữ kiện" in text_of(client.get(address))) == (
        404,
        False,
    )
    assert client.get("/tim-kiem/", {"q": "thieu du kien"}).context["total"] == 0


def test_former_address_leads_to_the_page(client):
    for item, root in ((public_answer("cu").item, "/hoi-dap/"), (asking.make_draft("cu-2").item, "/lay-y-kien/")):
        former, item.slug = item.slug, f"moi-{item.pk}"
        item.save()
        response = client.get(f"{root}{former}/")
        assert (response.status_code, response["Location"]) == (301, f"{root}moi-{item.pk}/")


def test_answer_that_is_not_public_is_not_there(client, moment, staff):
    texts = {"vi": {"title": "Mở rộng", "question": "Hỏi", "answer": "Đáp"}}
    answer = publishing.prepare(
        texts=texts, topic="land", by=staff("editor"), at=moment, question=asking.answered(at=moment)
    )
    assert client.get(f"/hoi-dap/{answer.item.slug}/").status_code == 404


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [("Chị Trần Thị Thử", "Trần Thị Thử"), ("gửi THU@hoi.example", "thu@hoi.example"), ("cong ty thu", "Công ty Thử")],
)
def test_published_answer_names_nobody(moment, staff, answer, sentence):
    texts = {"vi": {"title": "Mở rộng", "question": "", "answer": answer}}
    with pytest.raises(questions.QuestionRefused, match=sentence):
        publishing.prepare(
            texts=texts, topic="land", by=staff("editor"), at=moment, question=asking.answered(at=moment)
        )


def test_nothing_is_published_against_the_wish_of_the_asker(moment, staff):
    texts = {"vi": {"title": "Mở rộng", "question": "", "answer": "Đáp"}}
    question = asking.answered(at=moment, may_publish=False)
    with pytest.raises(questions.QuestionRefused, match="đồng ý cho công bố"):
        publishing.prepare(texts=texts, topic="land", by=staff("editor"), at=moment, question=question)


# Consultation --------------------------------------------------------------------------------------
def test_open_draft_takes_a_comment(client, draft):
    page = client.get("/lay-y-kien/do-an-thu/")
    assert ("Đang lấy ý kiến" in text_of(page), "/lay-y-kien/do-an-thu/gop-y/" in page.content.decode()) == (
        True,
        True,
    )
    response = client.post("/lay-y-kien/do-an-thu/gop-y/", asking.typed(asking.COMMENT))
    row = Comment.objects.get()
    assert response["Location"] == f"/gop-y/{correspondence.token_of(row)}/"
    assert "Ban đã nhận, chưa xem xét" in text_of(client.get(response["Location"]))
    assert "Đã nhận 1 góp ý" in text_of(client.get("/lay-y-kien/do-an-thu/"))


def test_closed_draft_takes_none_and_keeps_the_words(client):
    asking.make_draft()
    assert client.get("/lay-y-kien/do-an-thu/gop-y/")["Location"] == "/lay-y-kien/do-an-thu/"
    response = client.post("/lay-y-kien/do-an-thu/gop-y/", asking.typed(asking.COMMENT))
    assert (response.status_code, Comment.objects.count()) == (422, 0)
    assert ("không còn nhận góp ý" in text_of(response), "Cần làm thủ tục gì?" in text_of(response)) == (True, True)


def test_late_draft_apologises_on_its_page(client):
    asking.make_draft()
    page = text_of(client.get("/lay-y-kien/do-an-thu/"))
    assert ("Đã quá hẹn" in page, "Ban xin lỗi vì chưa công bố giải trình đúng hẹn." in page) == (True, True)


def test_answers_of_a_draft_are_shown_once_published(client, draft):
    draft.groups.create(summary_vi="Đề nghị thêm cây", answer_vi="Tiếp thu")
    assert "Đề nghị thêm cây" not in text_of(client.get("/lay-y-kien/do-an-thu/"))
    draft.answered_at = timezone.now()
    draft.save()
    page = text_of(client.get("/lay-y-kien/do-an-thu/"))
    assert ("Đề nghị thêm cây" in page, "Tiếp thu" in page, "Đã công bố giải trình" in page) == (True, True, True)


@pytest.mark.parametrize("rows", [1, 3])
def test_drafts_take_the_same_queries(client, rows, django_assert_num_queries):
    for n in range(rows):
        draft = asking.make_draft(f"do-an-{n}", zone=factories.make_zone())
        draft.groups.create(summary_vi="a")
    with django_assert_num_queries(3):
        client.get("/lay-y-kien/")
    with django_assert_num_queries(6):
        client.get("/lay-y-kien/do-an-0/")


def test_sender_erases_a_comment(client, draft):
    row = asking.comment(draft, at=timezone.now())
    url = f"/gop-y/{correspondence.token_of(row)}/"
    assert client.get(f"{url}xoa/").status_code == 200
    client.post(f"{url}xoa/")
    assert (Comment.objects.get().name, client.get(url).status_code) == ("", 404)
