"""What is told about comments on planning drafts: to the sender in their language, to the owner in theirs."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal import languages, wordings
from izportal.correspondence import letters
from izportal.press.models import Comment, Edition, PlanningDraft
from izportal.wordings import Fact, Letter

GROUP = _("Góp ý quy hoạch")
SENDER, OWNER = _("Người góp ý"), _("Cán bộ phụ trách đồ án")
DRAFT = Fact(_("Tên đồ án"), _("Đồ án quy hoạch phân khu minh họa"))
_register = letters.to_writer(
    group=GROUP, reader=SENDER, reference=Fact(_("Mã góp ý"), "GY-2026-0001", is_needed=True), path="/gop-y/…/"
)


def _due_body() -> str:
    page = gettext("Mở đồ án")
    sentence = gettext(
        "Đến ngày hẹn công bố giải trình về “{do_an}” mà Ban chưa công bố. Nếu chưa xong, hãy xin lỗi và hẹn lại."
    )
    return f"{sentence}\n\n{page}: {{lien_ket}}"


RECEIVED = _register(
    "comment-received", _("Đã nhận góp ý quy hoạch"), _("Đã nhận góp ý {ma}"),
    _("Ban đã nhận góp ý {ma} của Quý vị về “{do_an}”.\n\nBan công bố giải trình chậm nhất ngày {han}."),
    do_an=DRAFT, han=Fact(_("Ngày hẹn công bố giải trình"), "10/12/2026"),
)  # fmt: skip
ANSWERED = _register(
    "comment-answered", _("Ban công bố giải trình góp ý"), _("Ban đã giải trình góp ý {ma}"),
    _("{xin_loi}\n\nBan đã công bố việc tiếp thu, giải trình các góp ý về “{do_an}”: {trang}"),
    do_an=DRAFT, trang=Fact(_("Địa chỉ trang đồ án"), f"{settings.SITE_URL}/lay-y-kien/…/", is_needed=True),
    xin_loi=Fact(_("Lời xin lỗi khi công bố muộn; trống khi đúng hẹn"), _("Ban xin lỗi vì công bố muộn.")),
)  # fmt: skip
DUE = wordings.register(
    Letter(
        kind="consultation-due", group=GROUP, name=_("Nhắc hẹn công bố giải trình"), reader=OWNER,
        subject=_("Đến hẹn công bố giải trình đồ án"), body=_due_body,
        facts={
            "do_an": DRAFT,
            "lien_ket": Fact(_("Địa chỉ đồ án ở trang nội bộ"), f"{settings.SITE_URL}/admin/…", is_needed=True),
        },
        is_to_staff=True, may_wait=True,
    )
)  # fmt: skip


def received(row: Comment) -> None:
    until = row.draft.promised_on
    _tell(RECEIVED, row, "received", han=f"{until:%d/%m/%Y}" if until else "")


def answered(row: Comment, *, is_late: bool) -> None:
    with translation.override(languages.spoken(row.language)):
        sorry = gettext("Ban xin lỗi vì công bố muộn hơn ngày đã hẹn.") if is_late else ""
        page = settings.SITE_URL + row.draft.get_absolute_url()
    _tell(ANSWERED, row, "answered", trang=page, xin_loi=sorry)


def _tell(letter: Letter, row: Comment, key: str, **facts: str) -> None:
    letters.tell_writer(letter, row, key, do_an=title_of(row.draft, languages.spoken(row.language)), **facts)


def title_of(draft: PlanningDraft, language: str) -> str:
    """As it is published in the reader's language, else in Vietnamese, else as it is written."""
    known = {row.language: row.title for row in Edition.objects.public(at=timezone.now()).filter(item=draft.item_id)}
    return known.get(language) or known.get(languages.SOURCE) or str(draft.item)


def due(draft: PlanningDraft) -> bool:
    """Was it written now, and not before?"""
    reader = draft.owner
    if reader is None:
        return False
    page = settings.SITE_URL + reverse("admin:press_planningdraft_change", args=[draft.pk])
    name = title_of(draft, reader.language)
    written = wordings.write(
        DUE, key=f"consultation:{draft.pk}:due:{draft.promised_on:%Y%m%d}", email=reader.email, user=reader,
        language=reader.language, facts={"do_an": name, "lien_ket": page}, is_sample=draft.item.is_sample,
        about=name, address=page,
    )  # fmt: skip
    return written is not None
