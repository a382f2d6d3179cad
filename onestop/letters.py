"""The kinds of letter about a dossier: their frame, their placeholders and the portal's own words. Who is written to,
and when, stands in `notices` and in the rooms that write."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import wordings
from izportal.wordings import Fact, Letter
from onestop.models import Dossier

Said = str | Promise

STEPS_GROUP = gettext_lazy("Các bước của hồ sơ")
DOSSIER_GROUP = gettext_lazy("Về hồ sơ")
APPLICANT = gettext_lazy("Người nộp, hoặc những người thay mặt tổ chức kinh tế")
OFFICER = gettext_lazy("Cán bộ của Ban")
SITE = settings.SITE_URL

# What every letter about a dossier may say; the name, the page and the number must stand in each.
DOSSIER_FACTS = {
    "ho_so": Fact(gettext_lazy("Mã hồ sơ, hoặc số biên nhận khi chưa có mã"), "H55-260303-0001", is_needed=True),
    "lien_ket": Fact(gettext_lazy("Địa chỉ trang hồ sơ trên cổng"), f"{SITE}/ho-so/…", is_needed=True),
    "to_chuc": Fact(gettext_lazy("Tên tổ chức kinh tế"), gettext_lazy("Công ty TNHH Minh Họa")),
    "thu_tuc": Fact(
        gettext_lazy("Tên thủ tục"), gettext_lazy("Thủ tục cấp giấy chứng nhận đăng ký đầu tư (minh họa)")
    ),
    "tinh_trang": Fact(gettext_lazy("Tình trạng của hồ sơ sau bước này"), gettext_lazy("Đã tiếp nhận")),
    "ma_ho_so": Fact(gettext_lazy("Mã hồ sơ; trống khi chưa tiếp nhận"), "H55-260303-0001"),
    "so_bien_nhan": Fact(gettext_lazy("Số biên nhận"), "BN-2026-000123"),
    "ma_tra_cuu": Fact(gettext_lazy("Mã tra cứu, dùng khi không đăng nhập"), "K7M2P9QX"),
    "trang_tra_cuu": Fact(gettext_lazy("Địa chỉ trang tra cứu"), f"{SITE}/tra-cuu/"),
}
NUMBERS = ("ma_ho_so", "so_bien_nhan", "ma_tra_cuu", "trang_tra_cuu", "tinh_trang")
# Placeholders of the sentences of the steps, under the names that the rooms give to the same facts.
SENTENCE_FACTS = {
    "code": ("ma_ho_so", DOSSIER_FACTS["ma_ho_so"]),
    "due_at": ("ngay_hen", Fact(gettext_lazy("Ngày giờ hẹn trả kết quả"), "17:00 24/03/2026", is_needed=True)),
    "answer_by": ("han_tra_loi", Fact(gettext_lazy("Cán bộ trả lời chậm nhất lúc"), "17:00 04/03/2026")),
    "reply_by": ("han_nop", Fact(gettext_lazy("Phải nộp bổ sung trước"), "17:00 24/03/2026", is_needed=True)),
    "decision": ("so_van_ban", Fact(gettext_lazy("Số quyết định, văn bản"), "12/QĐ-BQL", is_needed=True)),
}  # fmt: skip
MORE_FACTS = {
    "noi_dung": Fact(
        gettext_lazy("Lời của người làm bước này, ví dụ lý do"), gettext_lazy("Thiếu chữ ký của người đại diện.")
    ),
    "muc_bo_sung": Fact(
        gettext_lazy("Các mục phải bổ sung, mỗi mục một dòng"), gettext_lazy("1. Đơn: thiếu trang 2"), is_needed=True
    ),
    "khi_khong_nop": Fact(
        gettext_lazy("Hết hạn mà không nộp thì hồ sơ ra sao, và căn cứ"),
        gettext_lazy("Hết hạn mà chưa nộp bổ sung, Ban xem xét dừng giải quyết hồ sơ."),
        is_needed=True,
    ),
    "tranh_chap": Fact(
        gettext_lazy("Khi lô đất đang giữ cho hồ sơ khác: vì sao, và hồ sơ này ra sao"),
        gettext_lazy("Lô đất đang giữ chỗ cho một hồ sơ khác."),
    ),
    "danh_gia": Fact(gettext_lazy("Địa chỉ trang đánh giá"), f"{SITE}/danh-gia/?code=BN-2026-000123"),
}
# What the staff call the steps: the labels of the table in `workflow`, which stands above this room.
NAMES = {
    "submit": gettext_lazy("Nộp hồ sơ"),
    "enter": gettext_lazy("Nhập hồ sơ nộp tại quầy, qua bưu chính"),
    "receive": gettext_lazy("Tiếp nhận, hẹn trả kết quả"),
    "ask_intake_supplement": gettext_lazy("Yêu cầu bổ sung trước tiếp nhận"),
    "answer_supplement": gettext_lazy("Nộp bổ sung"),
    "record_answer": gettext_lazy("Nhận bổ sung tại quầy, qua bưu chính"),
    "refuse_intake": gettext_lazy("Từ chối tiếp nhận"),
    "demand_fee": gettext_lazy("Yêu cầu nộp phí, lệ phí"),
    "confirm_fee": gettext_lazy("Xác nhận đã nộp phí"),
    "open_review": gettext_lazy("Bắt đầu thẩm định"),
    "ask_opinion": gettext_lazy("Lấy ý kiến phối hợp"),
    "close_opinion": gettext_lazy("Kết thúc lấy ý kiến"),
    "ask_supplement": gettext_lazy("Yêu cầu bổ sung hồ sơ"),
    "accept_supplement": gettext_lazy("Xác nhận hồ sơ đã đủ"),
    "grant": gettext_lazy("Ký cấp"),
    "refuse": gettext_lazy("Ký từ chối"),
    "seal": gettext_lazy("Đóng dấu, lưu bản điện tử"),
    "deliver": gettext_lazy("Trả kết quả"),
    "extend": gettext_lazy("Xin lỗi và hẹn lại"),
    "withdraw": gettext_lazy("Rút hồ sơ"),
    "record_withdrawal": gettext_lazy("Ghi nhận đơn rút hồ sơ"),
    "stop": gettext_lazy("Dừng giải quyết"),
}
# Steps whose letter always goes at once, whatever its reader has chosen: something must be done, or has been decided.
URGENT = {
    *("receive", "ask_intake_supplement", "ask_supplement", "demand_fee", "refuse_intake", "refuse", "grant", "seal"),
    *("deliver", "extend", "stop", "correct_result", "revoke_result"),
}
ASKING = {"ask_intake_supplement", "ask_supplement"}


def of_step(step: str, *, name: Said, sentence: Said, subject: Said = "", is_told: bool = False) -> Letter:
    """The letter of one step; `is_told`: the words of whoever takes the step go with it."""
    named = wordings.named_in(SENTENCE_FACTS, sentence)
    facts = dict(named.values())
    more = {
        "noi_dung": is_told, "muc_bo_sung": step in ASKING, "khi_khong_nop": step in ASKING,
        "tranh_chap": step == "receive", "danh_gia": step == "deliver",
    }  # fmt: skip
    facts |= {place: MORE_FACTS[place] for place, is_there in more.items() if is_there}
    if is_told and step in URGENT:
        facts["noi_dung"] = Fact(MORE_FACTS["noi_dung"].meaning, MORE_FACTS["noi_dung"].sample, is_needed=True)
    return about_dossier(
        step.replace("_", "-"), group=STEPS_GROUP, name=name, subject=subject or "{tinh_trang}", facts=facts,
        sentence=wordings.placed(sentence, named), may_wait=step not in URGENT,
    )  # fmt: skip


def about_dossier(
    kind: str, *, name: Said, subject: Said, sentence: Said, group: Said = DOSSIER_GROUP, reader: Said = APPLICANT,
    facts: Mapping[str, Fact] | None = None, may_wait: bool = False, is_to_staff: bool = False, is_draft: bool = False,
) -> Letter:  # fmt: skip
    """Declare a kind of letter about a dossier: the sentence in the frame that all of them share, with placeholders
    of its own in `facts`. The staff are not told the numbers by which an applicant looks a dossier up; and by those
    no draft can be looked up."""
    own = dict(facts or {})
    common = {place: fact for place, fact in DOSSIER_FACTS.items() if not (is_to_staff and place in NUMBERS)}

    def body() -> str:
        return "\n".join(_frame(str(sentence), own, is_to_staff=is_to_staff, is_draft=is_draft))

    return wordings.register(
        Letter(
            kind=kind, group=group, name=name, reader=reader, subject=wordings.joined("[{ho_so}] ", subject),
            body=body, facts={**common, **own}, may_wait=may_wait, is_to_staff=is_to_staff,
        )
    )  # fmt: skip


def _frame(sentence: str, own: Mapping[str, Fact], *, is_to_staff: bool, is_draft: bool) -> list[str]:
    head = [] if is_to_staff else [_("Kính gửi %(name)s,") % {"name": "{to_chuc}"}, ""]
    said = [
        line
        for place in ("tranh_chap", "muc_bo_sung", "khi_khong_nop")
        if place in own
        for line in (f"{{{place}}}", "")
    ]
    if "thay_doi" in own:
        said += [_("Thay đổi") + ": {thay_doi}", ""]
    if "noi_dung" in own:
        said += [_("Nội dung") + ": {noi_dung}", ""]
    numbers = {_("Mã hồ sơ"): "ma_ho_so", _("Số biên nhận"): "so_bien_nhan", _("Mã tra cứu"): "ma_tra_cuu"}
    known = {_("Tổ chức kinh tế"): "to_chuc"} if is_to_staff else {} if is_draft else numbers
    about = {_("Thủ tục"): "thu_tuc", **known}
    pages = {_("Mở bản nháp") if is_draft else _("Xem hồ sơ"): "lien_ket"}
    if not (is_to_staff or is_draft):
        pages[_("Tra cứu không cần đăng nhập")] = "trang_tra_cuu"
    if "danh_gia" in own:
        pages[_("Đánh giá việc giải quyết (bốn câu hỏi, không cần đăng nhập)")] = "danh_gia"
    return [*head, sentence, "", *said, *labelled(about), "", *labelled(pages)]


def labelled(places: Mapping[str, str]) -> list[str]:
    return [f"{label}: {{{place}}}" for label, place in places.items()]


# Kinds that belong to no step ---------------------------------------------------------------------
OTHER = about_dossier(
    "step", group=STEPS_GROUP, name=gettext_lazy("Bước khác"), subject="{tinh_trang}",
    sentence=gettext_lazy("Tình trạng của hồ sơ: {tinh_trang}."), may_wait=True,
)  # fmt: skip
NEW_FORM = about_dossier(
    "new-form", name=gettext_lazy("Bản nháp được chuyển sang mẫu mới"), subject=gettext_lazy("Biểu mẫu mới"),
    sentence=gettext_lazy(
        "Biểu mẫu hoặc quy định của thủ tục “{thu_tuc}” đã thay đổi. Bản nháp của bạn đã được chuyển sang bản đang áp "
        "dụng; không câu trả lời nào bị mất. Câu trả lời mà mẫu mới không hỏi nữa được giữ lại trên trang hồ sơ cho "
        "đến khi bạn nộp."
    ),
    facts={
        "thay_doi": Fact(gettext_lazy("Ghi chú về thay đổi của mẫu"), gettext_lazy("Thêm câu hỏi về môi trường."))
    },
    may_wait=True, is_draft=True,
)  # fmt: skip
_PAPER = {
    "giay": Fact(gettext_lazy("Tên giấy"), gettext_lazy("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")),
    "so_giay": Fact(gettext_lazy("Số của giấy"), "BN-2026-000123", is_needed=True),
}  # fmt: skip
PAPER_REVOKED = about_dossier(
    "paper-revoked", name=gettext_lazy("Thu hồi giấy đã cấp"), subject=gettext_lazy("Giấy đã bị thu hồi"),
    sentence=gettext_lazy(
        "{giay} số {so_giay} đã bị thu hồi ngày {ngay_thu_hoi} và không còn giá trị.\nLý do: {ly_do}."
    ),
    facts={
        **_PAPER, "ngay_thu_hoi": Fact(gettext_lazy("Ngày thu hồi"), "03/03/2026", is_needed=True),
        "ly_do": Fact(gettext_lazy("Lý do thu hồi"), gettext_lazy("Có sai sót"), is_needed=True),
    },
)  # fmt: skip
PAPER_REPLACED = about_dossier(
    "paper-replaced", name=gettext_lazy("Cấp lại giấy"), subject=gettext_lazy("Giấy được cấp lại"),
    sentence=gettext_lazy("{giay} số {so_giay} đã được thay bằng giấy số {so_giay_moi}. Hãy dùng giấy mới."),
    facts={**_PAPER, "so_giay_moi": Fact(gettext_lazy("Số của giấy mới"), "BN-2026-000124", is_needed=True)},
    may_wait=True,
)  # fmt: skip


# Facts --------------------------------------------------------------------------------------------
def facts_of(dossier: Dossier, *, address: str = "") -> dict[str, Any]:
    """What every letter about a dossier may say, in the language now active; `address`: another page than its own."""
    return {
        "ho_so": name_of(dossier), "to_chuc": dossier.enterprise.name, "thu_tuc": dossier.procedure.name,
        "tinh_trang": dossier.get_status_display(), "ma_ho_so": dossier.code, "so_bien_nhan": dossier.reference,
        "ma_tra_cuu": dossier.lookup, "lien_ket": address or page_of(dossier),
        "trang_tra_cuu": settings.SITE_URL + reverse("onestop:track"),
    }  # fmt: skip


def name_of(dossier: Dossier) -> str:
    return str(dossier.code or dossier.reference or dossier)


def page_of(dossier: Dossier) -> str:
    return settings.SITE_URL + reverse("onestop:dossier_detail", args=[dossier.pk])


def matter_of(dossier: Dossier) -> str:
    """What the daily letter gathers the letters of one dossier under."""
    return f"{name_of(dossier)} · {dossier.procedure.name}"
