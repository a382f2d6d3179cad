"""An answer for everyone: the question and the answer without any name, as an item whose editions a second person
reviews like all content."""

import re
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.utils.html import format_html
from django.utils.text import slugify
from django.utils.translation import gettext as _

from izportal import languages, roles
from izportal.folding import fold
from izportal.models import User
from izportal.press import lifecycle
from izportal.press.models import Answer, Item, Question
from izportal.press.questions import QuestionRefused

LONGEST_SLUG = 80


@transaction.atomic
def prepare(
    *, texts: dict[str, dict[str, str]], topic: str, by: User, at: datetime, question: Question | None = None,
    is_pinned: bool = False, is_sample: bool = False,
) -> Answer:  # fmt: skip
    """Begin the editions of a published answer: `texts` holds title, question and answer by language; Vietnamese is
    needed. Raises `QuestionRefused` where the asker did not agree or is still named."""
    if not roles.may(by, "publish_answer"):
        raise QuestionRefused(_("Vai trò của bạn không soạn hỏi đáp để công bố."))
    if question is not None:
        _check(question, texts)
    title = texts[languages.SOURCE]["title"]
    item = Item.objects.create(kind=Item.Kind.ANSWER, slug=_slug(title), is_sample=is_sample)
    answer = Answer.objects.create(item=item, question=question, topic=topic, is_pinned=is_pinned, is_sample=is_sample)
    for language, said in texts.items():
        if said["title"]:
            lifecycle.write(
                item, language=language, by=by, at=at, title=said["title"], summary="", sources="",
                body=body_of(said["question"], said["answer"]),
            )  # fmt: skip
    return answer


def body_of(question: str, answer: str) -> str:
    """The question stands as a quotation before the answer."""
    asked = format_html("<blockquote>{}</blockquote>", question) if question else ""
    return f"{asked}{_paragraphs(answer)}"


def _paragraphs(text: str) -> str:
    return "".join(format_html("<p>{}</p>", part.strip()) for part in re.split(r"\n\s*\n", text) if part.strip())


def _check(question: Question, texts: dict[str, dict[str, str]]) -> None:
    if question.status != Question.Status.ANSWERED or not question.may_publish:
        raise QuestionRefused(_("Chỉ công bố câu hỏi đã trả lời mà người hỏi đồng ý cho công bố."))
    if Answer.objects.filter(question=question).exists():
        raise QuestionRefused(_("Câu hỏi này đã có bản công bố."))
    for said in texts.values():
        if named := named_in(question, " ".join(said.values())):
            raise QuestionRefused(
                _("Bản công bố còn nêu “%(name)s”. Hãy bỏ mọi tên, địa chỉ của người hỏi.") % {"name": named}
            )


def named_in(question: Question, text: str) -> str:
    """The first name, address or number of the asker that a text still holds; words are compared without marks."""
    enterprise = question.enterprise
    known = [question.name, question.organisation, question.email, question.phone, question.reference]
    known += [enterprise.name, enterprise.tax_code] if enterprise else []
    folded = f" {fold(text)} "
    return next((name for name in known if fold(name) and f" {fold(name)} " in folded), "")


def _slug(title: str) -> str:
    plain = slugify(fold(title))[:LONGEST_SLUG].strip("-") or "hoi-dap"
    return f"{plain}-{uuid4().hex[:6]}" if Item.objects.filter(slug=plain).exists() else plain
