"""A question to the board from the form to the answer, two people between, without JavaScript and on a phone; then the
pages of questions and of planning drafts for axe, in both languages."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from izportal import outbox
from izportal.correspondence import token_of
from izportal.press.models import Answer, Item, Question
from tests import factories
from tests.journeys.test_pages import check
from tests.press import asking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_question_is_answered_by_two_people_and_seen(visit, portal, mailoutbox):
    with visit(390, java_script_enabled=False) as asker:
        asker.open("/hoi-dap/").press("a.btn")
        asker.fill(topic="labour", title="Giấy phép lao động", text="Nộp ở đâu?", name="Kim Thử")
        asker.fill(email="kim@thu.example")
        asker.page.wait_for_timeout(3000)  # people read before they send
        asker.press("form button.btn")
        assert "Ban chỉ nhận khi bạn đồng ý." in asker.text
        asker.fill(consent=True).press("form button.btn")
        reference = re.search(r"HD-\d{4}-\d{4}", asker.text).group()
        outbox.drain()
        page = re.search(r"https?://\S+/hoi-dap/theo-doi/\S+/", mailoutbox[-1].body).group()
    for role, deed, said in (("specialist", "draft", {"text": "Nộp tại Ban."}), ("head", "approve", {})):
        with visit() as officer:
            officer.admit(factories.make_staff(role)).open("/admin/press/question/")
            officer.press(f"a:has-text('{reference}')", inside="#result_list")
            officer.press(f"a[href$='/{deed}/']", inside="#content")
            officer.fill(**said).press("input.default", inside="#content")
    with visit(390, java_script_enabled=False) as asker:
        assert "Nộp tại Ban." in asker.open(page).text
    assert Question.objects.get().status == Question.Status.ANSWERED


@pytest.mark.parametrize(("language", "width"), [("vi", 1440), ("en", 320)])
def test_pages_of_questions_and_drafts_are_clean(visit, portal, language, width):
    now, today = timezone.now(), timezone.localdate()
    question, draft = asking.ask(at=now), asking.make_draft(opens=today, closes=today)
    comment, item = asking.comment(draft, at=now), Item.objects.create(kind=Item.Kind.ANSWER, slug="tra-loi")
    asking.publish(item, title="Thuê đất ra sao?")
    Answer.objects.create(item=item, is_pinned=True)
    with translation.override(language):
        pages = [reverse(f"press:{name}") for name in ("answer_list", "question_new", "question_lookup",
                                                       "consultation_list")]  # fmt: skip
        pages += [reverse(f"press:question_{name}", args=[token_of(question)]) for name in ("detail", "erase")]
        pages += [reverse(f"press:comment_{name}", args=[token_of(comment)]) for name in ("detail", "erase")]
        pages += [item.get_absolute_url(), draft.get_absolute_url(), reverse("press:comment_new", args=["do-an-thu"])]
        pages += [f"{reverse('search')}?q=thue+dat", f"{reverse('search')}?q=xyz+abc"]
    with visit(width) as visitor:
        for address in pages:
            check(visitor, address)
