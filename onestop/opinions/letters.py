"""What a body is told about an opinion asked of it, and the officer about its answer; sent after the commit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal import languages, wordings
from izportal.wordings import Fact, Letter
from onestop import letters
from onestop.models import Opinion

COMMON = {
    "ho_so": Fact(_("Mã hồ sơ"), "H55-260303-0001", is_needed=True),
    "thu_tuc": letters.DOSSIER_FACTS["thu_tuc"],
    "to_chuc": letters.DOSSIER_FACTS["to_chuc"],
    "co_quan": Fact(_("Cơ quan được lấy ý kiến"), _("Sở Minh Họa"), is_needed=True),
}
UNTIL = {"han_tra_loi": Fact(_("Hạn trả lời"), "17:00 12/03/2026", is_needed=True)}
PAGE = {"lien_ket": Fact(_("Địa chỉ trang xem giấy tờ và trả lời"), f"{settings.SITE_URL}/y-kien/…", is_needed=True)}
ASKING = {
    **UNTIL, **PAGE,
    "noi_dung": Fact(_("Nội dung lấy ý kiến"), _("Sự phù hợp với quy hoạch (minh họa)"), is_needed=True),
    "can_cu": Fact(_("Căn cứ lấy ý kiến"), _("Điều khoản minh họa")),
    "khi_im_lang": Fact(
        _("Không trả lời thì hiểu thế nào, và căn cứ"), _("Không trả lời không có giá trị như đồng ý."), is_needed=True
    ),
    "can_bo": Fact(_("Cán bộ thụ lý và thư điện tử"), _("Nguyễn Văn Minh Họa, can-bo@mau.example")),
    "han_lien_ket": Fact(_("Liên kết dùng được đến lúc nào; trống khi cơ quan có tài khoản"), "17:00 12/04/2026"),
}  # fmt: skip
# Not to be taken out of a letter that opens a page by itself.
WARNING = _(
    "Ai có liên kết này đều trả lời được thay cơ quan; xin đừng chuyển tiếp ra ngoài. Liên kết dùng được đến "
    "{han_lien_ket}."
)


def _letter(kind: str, name: Promise, subject: Promise, sentence: Promise, **told: Any) -> Letter:
    facts = {**COMMON, **told.pop("facts")}

    def body() -> str:
        return "\n".join([str(sentence), "", *_lines(facts)])

    return wordings.register(
        Letter(
            kind=kind, group=_("Lấy ý kiến"), name=name, subject=wordings.joined("[{ho_so}] ", subject), body=body,
            facts=facts, **{"reader": COMMON["co_quan"].meaning, **told},
        )
    )  # fmt: skip


def _lines(facts: Mapping[str, Fact]) -> list[str]:
    is_asking = "noi_dung" in facts
    asked = {gettext("Nội dung lấy ý kiến"): "noi_dung", gettext("Căn cứ"): "can_cu"}
    about = {
        gettext("Thủ tục"): "thu_tuc", gettext("Tổ chức kinh tế"): "to_chuc", gettext("Mã hồ sơ"): "ho_so",
        **({gettext("Cán bộ thụ lý"): "can_bo"} if is_asking else {}),
    }  # fmt: skip
    page = gettext("Xem giấy tờ và trả lời") if is_asking else gettext("Xem hồ sơ")
    return [
        *([*letters.labelled(asked), "", "{khi_im_lang}", ""] if is_asking else []),
        *letters.labelled(about),
        *(["", f"{page}: {{lien_ket}}"] if "lien_ket" in facts else []),
    ]


ASKED = _letter(
    "opinion-asked", _("Lấy ý kiến một cơ quan"), _("Lấy ý kiến về hồ sơ"),
    _("Ban Quản lý các khu công nghiệp tỉnh Thái Nguyên đề nghị {co_quan} cho ý kiến, chậm nhất {han_tra_loi}."),
    facts=ASKING, fixed=WARNING, is_listed=False,
)  # fmt: skip
REMINDER = _letter(
    "opinion-reminder", _("Nhắc trả lời ý kiến"), _("Nhắc trả lời ý kiến"),
    _("Ban chưa nhận được ý kiến của {co_quan}; hạn trả lời là {han_tra_loi}."),
    facts=ASKING, fixed=WARNING, is_listed=False,
)  # fmt: skip
WITHDRAWN = _letter(
    "opinion-withdrawn", _("Thôi lấy ý kiến"), _("Thôi lấy ý kiến"),
    _("Ban không còn cần ý kiến của {co_quan} về hồ sơ này. Liên kết gửi trước không dùng được nữa."),
    facts={}, is_listed=False,
)  # fmt: skip
ANSWERED = _letter(
    "opinion-answered", _("Cơ quan đã trả lời ý kiến"), _("Đã có ý kiến"),
    _("{co_quan} đã trả lời về hồ sơ {ho_so}: {y_kien}."),
    facts={
        "lien_ket": Fact(_("Địa chỉ trang hồ sơ của cán bộ"), f"{settings.SITE_URL}/admin/…", is_needed=True),
        "y_kien": Fact(_("Ý kiến đã trả lời"), _("Đồng ý"), is_needed=True),
    },
    reader=letters.OFFICER, is_to_staff=True, may_wait=True,
)  # fmt: skip


def asked(opinion: Opinion, token: str) -> bool:
    return _to_body(opinion, ASKED, token)


def reminder(opinion: Opinion, token: str) -> bool:
    """Was it written now, and not before?"""
    return _to_body(opinion, REMINDER, token)


def withdrawn(opinion: Opinion) -> bool:
    return _to_body(opinion, WITHDRAWN, "")


def answered(opinion: Opinion) -> None:
    """To the officer who asked."""
    reader = opinion.asked_by
    page = settings.SITE_URL + reverse("admin:onestop_dossier_change", args=[opinion.dossier_id])
    with languages.speaking(reader.language):
        facts, about = _facts(opinion, page), letters.matter_of(opinion.dossier)
    wordings.write(
        ANSWERED, key=f"opinion:{opinion.pk}:answered", email=reader.email, user=reader, facts=facts,
        language=reader.language, is_sample=opinion.is_sample, about=about, address=page,
    )  # fmt: skip


def _to_body(opinion: Opinion, letter: Letter, token: str) -> bool:
    """By account where it has one, else with the link; nothing where the letter goes on paper."""
    account = opinion.account
    email = account.email if account else opinion.email
    if not email:
        return False
    # With a link the letter is a key: its text is not kept once it has been sent.
    kind = "opinion-link" if token and not account else letter.kind
    language = account.language if account else "vi"
    with languages.speaking(language):
        facts = _facts(opinion, settings.SITE_URL + _page(opinion, token) if token else "")
    notice = wordings.write(
        letter, key=f"opinion:{opinion.pk}:{letter.kind.removeprefix('opinion-')}", kind=kind, email=email,
        user=account, facts=facts, language=language, is_sample=opinion.is_sample,
    )  # fmt: skip
    return notice is not None


def _page(opinion: Opinion, token: str) -> str:
    if opinion.account_id:
        return reverse("onestop:opinion_mine", args=[opinion.pk])
    return reverse("onestop:opinion", args=[token])


def _facts(opinion: Opinion, address: str) -> dict[str, Any]:
    silence = f"{opinion.get_silence_display()}."
    if opinion.silence_ground:
        silence += f" {gettext('Căn cứ')}: {_proven(opinion, opinion.silence_ground)}"
    dossier = opinion.dossier
    return {
        "ho_so": str(dossier), "thu_tuc": dossier.procedure.name, "to_chuc": dossier.enterprise.name,
        "co_quan": opinion.body, "han_tra_loi": _told(opinion.reply_by), "y_kien": opinion.get_position_display(),
        "noi_dung": opinion.question, "can_cu": _proven(opinion, opinion.ground), "khi_im_lang": silence,
        "can_bo": f"{opinion.asked_by}, {opinion.asked_by.email}", "lien_ket": address,
        "han_lien_ket": _told(opinion.link_until) if opinion.link_until else "",
    }  # fmt: skip


def _proven(opinion: Opinion, ground: str) -> str:
    awaiting = gettext("chờ xác nhận")
    return f"{ground} ({awaiting})" if ground and not opinion.is_proven else ground


def _told(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}"
