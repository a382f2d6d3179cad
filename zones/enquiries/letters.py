"""What is told about enquiries: to the asker in the language chosen when asking, to the owner in theirs."""

from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from izportal import languages
from izportal.correspondence import letters
from izportal.correspondence.letters import TERM
from izportal.wordings import Fact, Letter
from zones.models import Enquiry, EnquiryReply

GROUP = _("Hỏi về đất, nhà xưởng")
ASKER, OWNER = _("Người gửi câu hỏi về đất"), _("Cán bộ phụ trách câu hỏi")
REFERENCE = Fact(_("Mã yêu cầu"), "YC-2026-0001", is_needed=True)
_to_asker = letters.to_writer(
    group=GROUP, reader=ASKER, reference=REFERENCE, path="/hoi-dat/…/", greeting=_("Kính gửi Quý nhà đầu tư,"),
    more=_("Xem và viết thêm tại"),
)  # fmt: skip
_to_owner = letters.to_staff(
    group=GROUP, reader=OWNER,
    common={
        "ma": REFERENCE, "khu": Fact(_("Khu công nghiệp được hỏi"), _("Khu công nghiệp Minh Họa")), "han": TERM,
        "lien_ket": letters.link(_("Địa chỉ yêu cầu ở trang nội bộ"), "/admin/…"),
    },
    lines={"khu": _("Khu công nghiệp"), "han": _("Hạn trả lời"), "lien_ket": _("Mở yêu cầu")},
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
def received(enquiry: Enquiry) -> None:
    letters.tell_writer(RECEIVED, enquiry, "received", han=letters.term_words(enquiry.due_at))


def replied(enquiry: Enquiry, reply: EnquiryReply) -> None:
    letters.tell_writer(REPLIED, enquiry, f"reply:{reply.pk}", noi_dung=reply.text)


def closed(enquiry: Enquiry) -> None:
    with translation.override(languages.spoken(enquiry.language)):
        outcome = str(enquiry.get_outcome_display())
    key = f"closed:{enquiry.closed_at:%Y%m%d%H%M%S}"
    letters.tell_writer(CLOSED, enquiry, key, ket_qua=outcome, ly_do=enquiry.closing_note)


# To the owner -------------------------------------------------------------------------------------
def asked(enquiry: Enquiry) -> bool:
    return _tell_owner(ASKED, enquiry, "asked")


def said(enquiry: Enquiry, reply: EnquiryReply) -> bool:
    return _tell_owner(SAID, enquiry, f"said:{reply.pk}")


def assigned(enquiry: Enquiry, *, at: datetime) -> bool:
    return _tell_owner(ASSIGNED, enquiry, f"assigned:{enquiry.owner_id}:{at:%Y%m%d%H%M%S}")


def reminder(enquiry: Enquiry) -> bool:
    """Was it written now, and not before?"""
    return _tell_owner(LATE, enquiry, f"late:{timezone.localtime(enquiry.due_at):%Y%m%d}")


def _tell_owner(letter: Letter, enquiry: Enquiry, key: str) -> bool:
    with translation.override(languages.spoken(enquiry.owner.language) if enquiry.owner else None):
        zone = enquiry.zone.name if enquiry.zone else ""
    return letters.tell_staff(letter, enquiry, enquiry.owner, f"owner:{key}", khu=zone)
