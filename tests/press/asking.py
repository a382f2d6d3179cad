"""What tests of questions and comments share: a question that was asked, a draft that is open, a comment on it."""

import uuid
from datetime import date, timedelta

from django.utils import timezone

from izportal.correspondence import forms
from izportal.press import consultations, questions
from izportal.press.models import Edition, Item, PlanningDraft
from tests import factories

SAID = {
    "topic": "land", "title": "Mở rộng nhà xưởng", "text": "Cần làm thủ tục gì?", "name": "Trần Thị Thử",
    "organisation": "Công ty Thử", "email": "thu@hoi.example", "phone": "", "language": "vi", "may_publish": True,
}  # fmt: skip
COMMENT = {name: SAID[name] for name in ("text", "name", "organisation", "email", "phone", "language")}
OPENS, CLOSES = date(2026, 3, 2), date(2026, 4, 10)


def ask(*, at, form_key=None, **said):
    more = {name: said.pop(name) for name in ("by", "upload", "is_sample") if name in said}
    return questions.ask(form_key=form_key or uuid.uuid4(), said={**SAID, **said}, at=at, **more)


def answered(*, at, text="Nộp hồ sơ điều chỉnh.", **said):
    question = questions.draft(ask(at=at, **said), text=text, by=factories.make_staff("specialist"), at=at)
    return questions.approve(question, by=factories.make_staff("head"), at=at)


def publish(item, *, language="vi", title="Tiêu đề", body="<p>Nội dung</p>", at=None):
    """An edition that everyone reads, without its way through review."""
    return Edition.objects.create(
        item=item, language=language, title=title, body=body, status=Edition.Status.PUBLISHED,
        published_at=at or timezone.now(),
    )  # fmt: skip


def make_draft(slug="do-an-thu", *, opens=OPENS, closes=CLOSES, title="Đồ án thử", **fields):
    item = Item.objects.create(kind=Item.Kind.CONSULTATION, slug=slug)
    publish(item, title=title)
    draft = PlanningDraft(item=item, opens_on=opens, closes_on=closes, **fields)
    consultations.renew_promise(draft)
    draft.save()
    return draft


def comment(draft, *, at, form_key=None, **said):
    more = {name: said.pop(name) for name in ("by", "upload", "is_sample") if name in said}
    return consultations.comment(draft, form_key=form_key or uuid.uuid4(), said={**COMMENT, **said}, at=at, **more)


def typed(said, **changed):
    """What a browser sends."""
    sent = {name: "on" if value is True else value for name, value in said.items()}
    ticket = forms.seal(timezone.now() - timedelta(minutes=2))
    return {**sent, "consent": "on", "website": "", "ticket": ticket, **changed}
