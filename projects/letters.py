"""What people are told about mandates, each in their own language; sent by the worker after the commit."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal import languages, wordings
from izportal.models import User
from izportal.wordings import Fact, Letter
from projects.models import Mandate, MandateRequest

PERSON = _("Người được, hoặc đề nghị, ủy quyền")
SIGNERS = _("Những người đang ký thay tổ chức kinh tế")
COMMON = {
    "lien_ket": Fact(_("Địa chỉ trang ủy quyền của người nhận"), f"{settings.SITE_URL}/uy-quyen/", is_needed=True),
    "nguoi_nhan": Fact(_("Họ và tên người nhận"), _("Nguyễn Văn Minh Họa")),
}
FACTS = {
    "enterprise": ("to_chuc", Fact(_("Tên tổ chức kinh tế"), _("Công ty TNHH Minh Họa"), is_needed=True)),
    "person": ("nguoi", Fact(_("Họ và tên người được ủy quyền"), _("Trần Thị Minh Họa"), is_needed=True)),
    "capacity": ("quyen", Fact(_("Quyền được duyệt"), _("Ký và nộp hồ sơ"))),
    "until": ("thoi_han", Fact(_("Thời hạn của ủy quyền"), _("không định ngày kết thúc"))),
    "day": ("ngay_het_han", Fact(_("Ngày ủy quyền hết hạn"), "31/12/2026", is_needed=True)),
    "days": ("con_lai", Fact(_("Ủy quyền còn bao lâu"), _("còn 14 ngày"))),
    "tax_code": ("ma_so_thue", Fact(_("Mã số thuế trong đề nghị"), "4600000017", is_needed=True)),
    "reason": ("ly_do", Fact(_("Lý do không duyệt"), _("Giấy ủy quyền chưa ký."), is_needed=True)),
}  # fmt: skip


def _letter(kind: str, name: Promise, subject: Promise, sentence: Promise, **told: Any) -> Letter:
    """A kind of letter about a mandate: one sentence, in which %(…)s are the facts of this room."""
    said = wordings.named_in(FACTS, subject, sentence)

    def body() -> str:
        greeting, pages = gettext("Kính gửi %(name)s,"), gettext("Xem các ủy quyền và đề nghị của bạn")
        parts = (greeting % {"name": "{nguoi_nhan}"}, str(wordings.placed(sentence, said)), f"{pages}: {{lien_ket}}")
        return "\n\n".join(parts)

    return wordings.register(
        Letter(
            kind=kind, group=_("Ủy quyền"), name=name, subject=wordings.placed(subject, said), body=body,
            facts={**dict(said.values()), **COMMON}, **{"reader": PERSON, **told},
        )
    )  # fmt: skip


GRANTED = _letter(
    "mandate-granted", _("Duyệt ủy quyền"), _("Đã duyệt ủy quyền"),
    _("Ban đã duyệt: bạn được thay mặt %(enterprise)s, quyền “%(capacity)s”, %(until)s."),
)  # fmt: skip
TOLD_GRANTED = _letter(
    "mandate-told", _("Duyệt ủy quyền: báo người đang ký"), _("Có người mới được thay mặt doanh nghiệp"),
    _(
        "Ông/bà %(person)s vừa được thay mặt %(enterprise)s trên cổng này, quyền “%(capacity)s”, %(until)s. Nếu việc "
        "này không đúng ý của doanh nghiệp, hãy chấm dứt ủy quyền đó trong trang “Người làm việc cho doanh nghiệp”."
    ),
    reader=SIGNERS,
)  # fmt: skip
REFUSED = _letter(
    "mandate-refused", _("Không duyệt ủy quyền"), _("Không duyệt đề nghị ủy quyền"),
    _("Ban không duyệt đề nghị thay mặt tổ chức kinh tế có mã số thuế %(tax_code)s. Lý do: %(reason)s"),
)  # fmt: skip
ENDED = _letter(
    "mandate-ended", _("Chấm dứt ủy quyền"), _("Ủy quyền đã chấm dứt"),
    _(
        "Từ lúc này bạn không còn thay mặt %(enterprise)s trên cổng này. Hồ sơ của doanh nghiệp vẫn được giải quyết "
        "và do những người còn được ủy quyền theo dõi."
    ),
)  # fmt: skip
TOLD_ENDED = _letter(
    "mandate-left", _("Chấm dứt ủy quyền: báo người đang ký"), _("Ủy quyền đã chấm dứt"),
    _("Ông/bà %(person)s đã tự chấm dứt việc thay mặt %(enterprise)s trên cổng này."),
    reader=SIGNERS, may_wait=True,
)  # fmt: skip
REMINDER = _letter(
    "mandate-reminder", _("Nhắc ủy quyền sắp hết hạn"), _("Ủy quyền %(days)s"),
    _("Ủy quyền của bạn cho %(enterprise)s hết hạn ngày %(day)s. Nếu cần làm tiếp, hãy gửi đề nghị gia hạn."),
    may_wait=True,
)  # fmt: skip


def granted(mandate: Mandate, signers: Iterable[Mandate], *, key: str) -> None:
    """To the person, and as a safeguard to those who already sign for the enterprise."""
    _write(mandate.user, f"{key}:granted", GRANTED, mandate)
    for signer in signers:
        _write(signer.user, f"{key}:told:{signer.user_id}", TOLD_GRANTED, mandate)


def refused(request: MandateRequest) -> None:
    facts = {"tax_code": request.tax_code, "reason": request.reason}
    _send(request.user, f"request:{request.pk}:refused", REFUSED, facts, is_sample=request.is_sample)


def ended(mandate: Mandate, signers: Iterable[Mandate]) -> None:
    """To the person; to those who sign as well where the person left of their own accord."""
    key = f"mandate:{mandate.pk}:{mandate.ended_at:%Y%m%d%H%M%S}"
    _write(mandate.user, f"{key}:ended", ENDED, mandate)
    for signer in signers:
        _write(signer.user, f"{key}:{signer.user_id}", TOLD_ENDED, mandate)


def reminder(mandate: Mandate, *, days: int, key: str) -> bool:
    """Was it written now, and not before?"""
    with languages.speaking(mandate.user.language):
        left = gettext("còn %(days)s ngày") % {"days": days} if days else gettext("hết hạn hôm nay")
    return _write(mandate.user, key, REMINDER, mandate, days=left)


def _write(user: User, key: str, letter: Letter, mandate: Mandate, **more: str) -> bool:
    with languages.speaking(user.language):
        day = f"{mandate.until:%d/%m/%Y}" if mandate.until else ""
        until = gettext("đến hết ngày %(day)s") % {"day": day} if day else gettext("không định ngày kết thúc")
        facts = {
            "person": mandate.user.full_name, "enterprise": mandate.enterprise.name, "day": day,
            "capacity": mandate.get_capacity_display(), "until": until, **more,
        }  # fmt: skip
    return _send(user, key, letter, facts, is_sample=mandate.is_sample, about=mandate.enterprise.name)


def _send(user: User, key: str, letter: Letter, facts: dict[str, str], *, is_sample: bool, about: str = "") -> bool:
    with languages.speaking(user.language):
        address = settings.SITE_URL + reverse("projects:mandate_list")
    said = {FACTS[known][0]: value for known, value in facts.items()}
    notice = wordings.write(
        letter, key=key, email=user.email, user=user, language=user.language, is_sample=is_sample, about=about,
        address=address, facts={**said, "lien_ket": address, "nguoi_nhan": user.full_name},
    )  # fmt: skip
    return notice is not None
