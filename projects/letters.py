"""What people are told about mandates, each in their own language; sent by the worker after the commit."""

from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from izportal import outbox
from izportal.models import User
from projects.models import Mandate, MandateRequest

GRANTED = _("Ban đã duyệt: bạn được thay mặt %(enterprise)s, quyền “%(capacity)s”, %(until)s.")
TOLD_GRANTED = _(
    "Ông/bà %(person)s vừa được thay mặt %(enterprise)s trên cổng này, quyền “%(capacity)s”, %(until)s. Nếu việc này "
    "không đúng ý của doanh nghiệp, hãy chấm dứt ủy quyền đó trong trang “Người làm việc cho doanh nghiệp”."
)
REFUSED = _("Ban không duyệt đề nghị thay mặt tổ chức kinh tế có mã số thuế %(tax_code)s. Lý do: %(reason)s")
ENDED = _(
    "Từ lúc này bạn không còn thay mặt %(enterprise)s trên cổng này. Hồ sơ của doanh nghiệp vẫn được giải quyết và do "
    "những người còn được ủy quyền theo dõi."
)
TOLD_ENDED = _("Ông/bà %(person)s đã tự chấm dứt việc thay mặt %(enterprise)s trên cổng này.")
REMINDER = _("Ủy quyền của bạn cho %(enterprise)s hết hạn ngày %(day)s. Nếu cần làm tiếp, hãy gửi đề nghị gia hạn.")


def granted(mandate: Mandate, signers: Iterable[Mandate], *, key: str) -> None:
    """To the person, and as a safeguard to those who already sign for the enterprise."""
    _write(mandate.user, f"{key}:granted", "mandate-granted", _("Đã duyệt ủy quyền"), GRANTED, mandate)
    for signer in signers:
        subject = _("Có người mới được thay mặt doanh nghiệp")
        _write(signer.user, f"{key}:told:{signer.user_id}", "mandate-told", subject, TOLD_GRANTED, mandate)


def refused(request: MandateRequest) -> None:
    facts = {"tax_code": request.tax_code, "reason": request.reason}
    subject = _("Không duyệt đề nghị ủy quyền")
    _send(request.user, f"request:{request.pk}:refused", "mandate-refused", subject, REFUSED, facts, request.is_sample)


def ended(mandate: Mandate, signers: Iterable[Mandate]) -> None:
    """To the person; to those who sign as well where the person left of their own accord."""
    key = f"mandate:{mandate.pk}:{mandate.ended_at:%Y%m%d%H%M%S}"
    _write(mandate.user, f"{key}:ended", "mandate-ended", _("Ủy quyền đã chấm dứt"), ENDED, mandate)
    for signer in signers:
        _write(signer.user, f"{key}:{signer.user_id}", "mandate-left", _("Ủy quyền đã chấm dứt"), TOLD_ENDED, mandate)


def reminder(mandate: Mandate, *, days: int, key: str) -> bool:
    """Was it written now, and not before?"""
    subject = _("Ủy quyền còn %(days)s ngày") if days else _("Ủy quyền hết hạn hôm nay")
    return _write(mandate.user, key, "mandate-reminder", subject, REMINDER, mandate, days=days)


def _write(
    user: User, key: str, kind: str, subject: str | Promise, sentence: str | Promise, mandate: Mandate, **more: object
) -> bool:
    with translation.override(user.language):
        day = f"{mandate.until:%d/%m/%Y}" if mandate.until else ""
        facts = {
            "person": mandate.user.full_name, "enterprise": mandate.enterprise.name, "day": day,
            "capacity": mandate.get_capacity_display(),
            "until": str(_("đến hết ngày %(day)s") % {"day": day} if day else _("không định ngày kết thúc")),
        }  # fmt: skip
    return _send(user, key, kind, subject, sentence, {**facts, **more}, mandate.is_sample)


def _send(
    user: User, key: str, kind: str, subject: str | Promise, sentence: str | Promise, facts: dict, is_sample: bool
) -> bool:
    with translation.override(user.language):
        address = settings.SITE_URL + reverse("projects:mandate_list")
        context = {"user": user, "sentence": str(sentence) % facts, "address": address, "is_sample": is_sample}
        body = render_to_string("projects/mail/mandate.txt", context)
        said = str(subject) % facts
    notice = outbox.write(
        key=key, kind=kind, email=user.email, subject=said, body=body, language=user.language, user=user,
        is_sample=is_sample,
    )  # fmt: skip
    return notice is not None
