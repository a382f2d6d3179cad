"""What a body is told about an opinion asked of it, and the officer about its answer; sent after the commit."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from izportal import outbox
from onestop.models import Opinion

ASKED = _("Ban Quản lý các khu công nghiệp tỉnh Thái Nguyên đề nghị %(body)s cho ý kiến, chậm nhất %(until)s.")
REMINDER = _("Ban chưa nhận được ý kiến của %(body)s; hạn trả lời là %(until)s.")
WITHDRAWN = _("Ban không còn cần ý kiến của %(body)s về hồ sơ này. Liên kết gửi trước không dùng được nữa.")
ANSWERED = _("%(body)s đã trả lời về hồ sơ %(dossier)s: %(position)s.")


def asked(opinion: Opinion, token: str) -> bool:
    return _to_body(opinion, "asked", _("[%(dossier)s] Lấy ý kiến về hồ sơ"), ASKED, token)


def reminder(opinion: Opinion, token: str) -> bool:
    """Was it written now, and not before?"""
    return _to_body(opinion, "reminder", _("[%(dossier)s] Nhắc trả lời ý kiến"), REMINDER, token)


def withdrawn(opinion: Opinion) -> bool:
    return _to_body(opinion, "withdrawn", _("[%(dossier)s] Thôi lấy ý kiến"), WITHDRAWN, "")


def answered(opinion: Opinion) -> None:
    """To the officer who asked."""
    reader = opinion.asked_by
    with translation.override(reader.language):
        address = settings.SITE_URL + reverse("admin:onestop_dossier_change", args=[opinion.dossier_id])
        subject, body = _written(opinion, _("[%(dossier)s] Đã có ý kiến"), ANSWERED, address, is_asking=False)
    outbox.write(
        key=f"opinion:{opinion.pk}:answered", kind="opinion-answered", email=reader.email, user=reader,
        subject=subject, body=body, language=reader.language, is_sample=opinion.is_sample,
    )  # fmt: skip


def _to_body(opinion: Opinion, what: str, subject: Promise, sentence: Promise, token: str) -> bool:
    """By account where it has one, else with the link; nothing where the letter goes on paper."""
    account = opinion.account
    email = account.email if account else opinion.email
    if not email:
        return False
    # With a link the letter is a key: its text is not kept once it has been sent.
    kind = "opinion-link" if token and not account else f"opinion-{what}"
    with translation.override(account.language if account else "vi"):
        address = settings.SITE_URL + _page(opinion, token) if token else ""
        said, body = _written(opinion, subject, sentence, address, is_asking=bool(token))
    notice = outbox.write(
        key=f"opinion:{opinion.pk}:{what}", kind=kind, email=email, user=account, subject=said, body=body,
        language=account.language if account else "vi", is_sample=opinion.is_sample,
    )  # fmt: skip
    return notice is not None


def _page(opinion: Opinion, token: str) -> str:
    if opinion.account_id:
        return reverse("onestop:opinion_mine", args=[opinion.pk])
    return reverse("onestop:opinion", args=[token])


def _written(
    opinion: Opinion, subject: Promise, sentence: Promise, address: str, *, is_asking: bool
) -> tuple[str, str]:
    facts = {
        "body": opinion.body, "dossier": str(opinion.dossier), "position": opinion.get_position_display(),
        "until": _told(opinion.reply_by),
    }  # fmt: skip
    context = {
        "opinion": opinion, "sentence": str(sentence) % facts, "address": address, "is_asking": is_asking,
        "link_until": _told(opinion.link_until) if opinion.link_until else "",
    }  # fmt: skip
    return str(subject) % facts, render_to_string("onestop/mail/opinion.txt", context)


def _told(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}"
