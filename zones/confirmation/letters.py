"""What an operator is asked about listings, and what land keepers are told of a change; sent after the commit."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal import wordings
from izportal.models import User
from izportal.wordings import Fact, Letter
from zones.models import Confirmation, ConfirmationLetter, Plot

# With a link the letter is a key: its text is not kept once it has been sent (`izportal/outbox.py`).
WITH_LINK = "listing-link"
MOST_NAMED = 20
PLOTS = Fact(_("Các lô, mỗi lô một dòng"), "SC2-CN-05 · Sông Công II", is_needed=True)


def _letter(kind: str, name: Promise, subject: Promise, sentence: Promise, page: Promise, **told) -> Letter:
    def body() -> str:
        return f"{sentence}\n\n{{cac_lo}}\n\n{page}: {{lien_ket}}"

    return wordings.register(
        Letter(
            kind=kind,
            group=_("Xác nhận thông tin lô"),
            name=name,
            subject=subject,
            body=body,
            is_to_staff=True,
            **told,
        )
    )


ASKED = _letter(
    "listing-asked", _("Xin xác nhận thông tin lô"), _("Xin xác nhận {so_lo} lô đang chào thuê"),
    _("Đã lâu chưa ai xác nhận thông tin của {so_lo} lô dưới đây. Xin cho biết mỗi lô vẫn đúng hay đã thay đổi; quá "
      "hạn mà không ai xác nhận, lô rời danh sách còn trống."),
    _("Xem thông tin đang công bố và trả lời"),
    reader=_("Đơn vị vận hành khu"),
    facts={
        "so_lo": Fact(_("Số lô cần xác nhận"), "3", is_needed=True), "cac_lo": PLOTS,
        "lien_ket": Fact(_("Địa chỉ trang trả lời"), f"{settings.SITE_URL}/xac-nhan-lo/…/", is_needed=True),
        "han_lien_ket": Fact(_("Liên kết dùng được đến lúc nào"), "17:00 12/04/2026"),
    },
    fixed=_("Ai có liên kết này đều trả lời được thay đơn vị; xin đừng chuyển tiếp ra ngoài. Liên kết dùng được một "
            "lần, đến {han_lien_ket}."),
)  # fmt: skip
CHANGED = _letter(
    "listing-changed", _("Đơn vị vận hành báo lô đã thay đổi"), _("{don_vi} báo thông tin lô đã thay đổi"),
    _("{don_vi} trả lời thư xin xác nhận và báo thay đổi ở các lô dưới đây. Thông tin công bố chưa đổi; hãy đối "
      "chiếu, sửa rồi xác nhận."),
    _("Mở danh sách lô có thay đổi được báo"),
    reader=_("Cán bộ quỹ đất"), may_wait=True,
    facts={
        "don_vi": Fact(_("Người trả lời"), _("Nguyễn Văn Minh Họa"), is_needed=True), "cac_lo": PLOTS,
        "lien_ket": Fact(_("Địa chỉ danh sách ở trang nội bộ"), f"{settings.SITE_URL}/admin/…", is_needed=True),
    },
)  # fmt: skip


def asked(letter: ConfirmationLetter, plots: Sequence[Plot], token: str) -> None:
    """To the operator, with the link."""
    operator = letter.operator
    with translation.override(operator.language):
        lines = [f"{plot.code} · {plot.zone.short_name}" for plot in plots[:MOST_NAMED]]
        if len(plots) > MOST_NAMED:
            lines.append(gettext("… và %(count)s lô khác") % {"count": len(plots) - MOST_NAMED})
        facts = {
            "so_lo": len(plots), "cac_lo": "\n".join(lines),
            "lien_ket": settings.SITE_URL + reverse("zones:listing_confirm", args=[token]),
            "han_lien_ket": f"{timezone.localtime(letter.link_until):%H:%M %d/%m/%Y}",
        }  # fmt: skip
    wordings.write(
        ASKED, key=f"listing:{letter.pk}:asked", kind=WITH_LINK, email=operator.email, user=operator, facts=facts,
        language=operator.language, is_sample=letter.is_sample,
    )  # fmt: skip


def changed(letter: ConfirmationLetter, words: Sequence[Confirmation]) -> None:
    """To every land keeper whose zones hold one of the plots."""
    if not words:
        return
    keepers = User.objects.filter(Q(groups__name="land"), is_active=True, is_staff=True).order_by("pk").distinct()
    for keeper in keepers:
        theirs = [word for word in words if not keeper.zones or word.plot.zone.code in keeper.zones]
        if theirs:
            _tell(letter, keeper, theirs)


def _tell(letter: ConfirmationLetter, keeper: User, words: Sequence[Confirmation]) -> None:
    page = settings.SITE_URL + reverse("admin:zones_plot_changelist") + "?word=changed"
    lines = [f"{word.plot.code}: {' '.join(word.note.split())}" for word in words]
    facts = {"don_vi": str(letter.operator), "cac_lo": "\n".join(lines), "lien_ket": page}
    wordings.write(
        CHANGED, key=f"listing:{letter.pk}:changed:{keeper.pk}", email=keeper.email, user=keeper, facts=facts,
        language=keeper.language, is_sample=letter.is_sample, about=", ".join(word.plot.code for word in words),
        address=page,
    )  # fmt: skip
