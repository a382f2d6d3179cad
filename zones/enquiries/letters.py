"""What is told about enquiries: to the asker in the language chosen when asking, to the owner in theirs."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal import languages, wordings
from izportal.models import User
from izportal.wordings import Fact, Letter
from zones.models import Enquiry, EnquiryReply

GROUP = _("Hỏi về đất, nhà xưởng")
ASKER, OWNER = _("Người gửi câu hỏi về đất"), _("Cán bộ phụ trách câu hỏi")
# A letter with the secret address: nobody keeps its text once it has been sent (`izportal/outbox.py`).
WITH_LINK = "enquiry-link"
REFERENCE = Fact(_("Mã yêu cầu"), "YC-2026-0001", is_needed=True)
TERM = Fact(_("Hạn trả lời của Ban"), "17:00, 10/12/2026")
TO_ASKER = {
    "ma": REFERENCE,
    "lien_ket": Fact(_("Địa chỉ riêng của trang theo dõi"), f"{settings.SITE_URL}/hoi-dat/…/", is_needed=True),
}
TO_OWNER = {
    "ma": REFERENCE,
    "khu": Fact(_("Khu công nghiệp được hỏi"), _("Khu công nghiệp Minh Họa")),
    "lien_ket": Fact(_("Địa chỉ yêu cầu ở trang nội bộ"), f"{settings.SITE_URL}/admin/…", is_needed=True),
}
WARNING = _("Địa chỉ trên mở được trang theo dõi mà không cần mật khẩu; đừng chuyển thư này cho người khác.")


def _to_asker(kind: str, name: Promise, subject: Promise, sentence: Promise, **facts: Fact) -> Letter:
    def body() -> str:
        page = gettext("Xem và viết thêm tại")
        return "\n\n".join((gettext("Kính gửi Quý nhà đầu tư,"), str(sentence), f"{page}: {{lien_ket}}"))

    return wordings.register(
        Letter(
            kind=kind, group=GROUP, name=name, reader=ASKER, subject=subject, body=body, fixed=WARNING,
            facts={**TO_ASKER, **facts}, is_listed=False,
        )
    )  # fmt: skip


def _to_owner(kind: str, name: Promise, subject: Promise, sentence: Promise) -> Letter:
    def body() -> str:
        zone, term, page = gettext("Khu công nghiệp"), gettext("Hạn trả lời"), gettext("Mở yêu cầu")
        return f"{sentence}\n\n{zone}: {{khu}}\n{term}: {{han}}\n{page}: {{lien_ket}}"

    return wordings.register(
        Letter(
            kind=kind, group=GROUP, name=name, reader=OWNER, subject=subject, body=body,
            facts={**TO_OWNER, "han": TERM}, is_to_staff=True, may_wait=True,
        )
    )  # fmt: skip


RECEIVED = _to_asker(
    "enquiry-received", _("Đã nhận câu hỏi về đất"), _("Đã nhận yêu cầu {ma}"),
    _("Ban đã nhận yêu cầu của bạn, mã {ma}. Ban trả lời chậm nhất {han}."), han=TERM,
)  # fmt: skip
REPLIED = _to_asker(
    "enquiry-replied", _("Ban trả lời câu hỏi về đất"), _("Ban đã trả lời yêu cầu {ma}"),
    _("Về yêu cầu {ma}, Ban trả lời:\n\n{noi_dung}"),
    noi_dung=Fact(_("Nội dung trả lời"), _("Lô này còn trống."), is_needed=True),
)  # fmt: skip
CLOSED = _to_asker(
    "enquiry-closed", _("Đóng câu hỏi về đất"), _("Yêu cầu {ma} đã đóng"),
    _("Ban đã đóng yêu cầu {ma}. Kết quả: {ket_qua}.\n{ly_do}\n\nNếu còn nhu cầu, hãy gửi yêu cầu mới trên cổng."),
    ket_qua=Fact(_("Kết quả"), _("Chưa có quỹ đất đáp ứng"), is_needed=True),
    ly_do=Fact(_("Lý do, do cán bộ ghi"), _("Chưa có lô nào trên 20 ha.")),
)  # fmt: skip
ASKED = _to_owner(
    "enquiry-asked", _("Câu hỏi về đất mới"), _("Yêu cầu mới {ma}"),
    _("Có yêu cầu mới về đất, nhà xưởng do bạn phụ trách: {ma}."),
)  # fmt: skip
SAID = _to_owner(
    "enquiry-said", _("Người hỏi viết thêm"), _("Người hỏi viết thêm ở yêu cầu {ma}"),
    _("Người gửi yêu cầu {ma} vừa viết thêm và chờ Ban trả lời."),
)  # fmt: skip
ASSIGNED = _to_owner(
    "enquiry-assigned", _("Giao câu hỏi về đất"), _("Yêu cầu {ma} được giao cho bạn"),
    _("Yêu cầu {ma} vừa được giao cho bạn phụ trách."),
)  # fmt: skip
LATE = _to_owner(
    "enquiry-late", _("Nhắc hạn trả lời câu hỏi về đất"), _("Đến hạn trả lời yêu cầu {ma}"),
    _("Yêu cầu {ma} đã đến hạn trả lời mà Ban chưa trả lời."),
)  # fmt: skip


# To the asker -------------------------------------------------------------------------------------
def to_asker(enquiry: Enquiry) -> str:
    """How the keys of all letters to the asker begin."""
    return f"enquiry:{enquiry.pk}:asker:"


def received(enquiry: Enquiry, token: str) -> None:
    _write_asker(RECEIVED, enquiry, token, "received", han=_moment(enquiry.due_at))


def replied(enquiry: Enquiry, reply: EnquiryReply, token: str) -> None:
    _write_asker(REPLIED, enquiry, token, f"reply:{reply.pk}", noi_dung=reply.text)


def closed(enquiry: Enquiry, token: str) -> None:
    with translation.override(languages.spoken(enquiry.language)):
        outcome = str(enquiry.get_outcome_display())
    key = f"closed:{enquiry.closed_at:%Y%m%d%H%M%S}"
    _write_asker(CLOSED, enquiry, token, key, ket_qua=outcome, ly_do=enquiry.closing_note)


def _write_asker(letter: Letter, enquiry: Enquiry, token: str, key: str, **facts: str) -> None:
    with translation.override(languages.spoken(enquiry.language)):
        page = settings.SITE_URL + reverse("zones:enquiry_detail", args=[token])
    wordings.write(
        letter, key=f"{to_asker(enquiry)}{key}", email=enquiry.email, language=enquiry.language,
        facts={"ma": enquiry.reference, "lien_ket": page, **facts}, is_sample=enquiry.is_sample, kind=WITH_LINK,
    )  # fmt: skip


# To the owner -------------------------------------------------------------------------------------
def asked(enquiry: Enquiry) -> bool:
    return _write_owner(ASKED, enquiry, "asked")


def said(enquiry: Enquiry, reply: EnquiryReply) -> bool:
    return _write_owner(SAID, enquiry, f"said:{reply.pk}")


def assigned(enquiry: Enquiry, *, at: datetime) -> bool:
    return _write_owner(ASSIGNED, enquiry, f"assigned:{enquiry.owner_id}:{at:%Y%m%d%H%M%S}")


def reminder(enquiry: Enquiry, *, at: datetime) -> bool:
    """Was it written now, and not before?"""
    return _write_owner(LATE, enquiry, f"late:{timezone.localtime(enquiry.due_at):%Y%m%d}")


def _write_owner(letter: Letter, enquiry: Enquiry, key: str) -> bool:
    reader: User | None = enquiry.owner
    if reader is None or not reader.is_active:
        return False
    page = settings.SITE_URL + reverse("admin:zones_enquiry_change", args=[enquiry.pk])
    with translation.override(languages.spoken(reader.language)):
        zone = enquiry.zone.name if enquiry.zone else ""
    facts: dict[str, Any] = {"ma": enquiry.reference, "khu": zone, "han": _moment(enquiry.due_at), "lien_ket": page}
    written = wordings.write(
        letter, key=f"enquiry:{enquiry.pk}:owner:{key}", email=reader.email, user=reader, language=reader.language,
        facts=facts, is_sample=enquiry.is_sample, about=enquiry.reference, address=page, until=enquiry.due_at,
    )  # fmt: skip
    return written is not None


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%H:%M, %d/%m/%Y}" if at else ""
