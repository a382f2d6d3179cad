"""Who is told by letter that a message has come. A letter says that there is one and where, never what it says:
letters are not confidential. Only where nobody of the enterprise reads here does the text itself go by letter."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal import languages, wordings
from izportal.models import Notice, User
from izportal.wordings import Fact, Letter
from onestop import letters
from onestop.models import Absence, Dossier, Message
from onestop.readers import Reader, readers_of
from projects import mandates

# While a letter lies unread, no other is written for so long.
QUIET = timedelta(hours=1)
# What the letters name, fetched with the dossier.
NEEDED = ("procedure", "enterprise", "created_by", "assigned_to")

MESSAGE = letters.about_dossier(
    "message", name=_("Có tin nhắn của Ban"), subject=_("Tin nhắn mới từ Ban"), may_wait=True,
    sentence=_(
        "Cán bộ của Ban đã gửi bạn một tin nhắn về hồ sơ này. Nội dung chỉ đọc được trên cổng, sau khi đăng nhập."
    ),
)  # fmt: skip
IN_FULL = letters.about_dossier(
    "message-in-full", name=_("Tin nhắn của Ban, nguyên văn, khi doanh nghiệp chưa có tài khoản"),
    subject=_("Tin nhắn mới từ Ban"),
    sentence=_(
        "{nguoi_viet}, cán bộ của Ban, nhắn bạn về hồ sơ này như dưới đây. Không trả lời được bằng thư: hãy gọi điện "
        "hoặc đến Bộ phận Một cửa của Ban. Muốn trao đổi ngay trên cổng, hãy đăng ký tài khoản và đề nghị ủy quyền."
    ),
    facts={
        "nguoi_viet": Fact(_("Cán bộ viết tin"), _("Nguyễn Văn Mẫu")),
        "noi_dung": Fact(_("Nguyên văn tin nhắn"), _("Mời đại diện doanh nghiệp đến quầy."), is_needed=True),
    },
)  # fmt: skip
TO_OFFICER = letters.about_dossier(
    "message-to-officer", name=_("Có tin nhắn của người nộp"), subject=_("Tin nhắn mới từ người nộp"),
    reader=letters.OFFICER, is_to_staff=True, may_wait=True,
    sentence=_(
        "Người nộp đã gửi tin nhắn về hồ sơ này. Nội dung đọc trên cổng. Trong một giờ tới, nếu bạn chưa mở, cổng "
        "không gửi thêm thư về các tin tiếp theo của hồ sơ."
    ),
)  # fmt: skip


def reads_here(dossier: Dossier) -> bool:
    """Has anybody an account in which the messages of this dossier can be read?"""
    return mandates.people_of(dossier.enterprise).exists()


def tell(message: Message) -> None:
    """Tell the other side; the same message writes the same letters once."""
    dossier = message.dossier
    if message.is_from_board and not reads_here(dossier):
        said = {"noi_dung": message.text, "nguoi_viet": str(message.by)}
        # Each one goes: there is nothing else to read it by.
        _write(message, IN_FULL, readers_of(dossier), dossier.language, "onestop:track", said=said)
    elif _is_told(message):
        return
    elif message.is_from_board:
        page = ("onestop:dossier_messages", dossier.pk)
        _write(message, MESSAGE, _who_read_here(dossier), dossier.language, *page)
    else:
        for place, officer in enumerate(officers_of(dossier, on=timezone.localdate(message.at))):
            page = ("admin:onestop_dossier_message", dossier.pk)
            _write(message, TO_OFFICER, [Reader(officer.email, officer)], officer.language, *page, first=place)


def key_of(message: Message) -> str:
    return f"message:{message.pk}"


def _is_told(message: Message) -> bool:
    """Has the same side been written to within the hour, without having read here since?"""
    near = message.dossier.messages.shared().filter(is_from_board=message.is_from_board, read_at__isnull=True)
    near = near.filter(at__gt=message.at - QUIET).exclude(pk=message.pk)
    return Notice.objects.filter(key__in=[key_of(row) for row in near.only("pk")]).exists()


def _write(
    message: Message, letter: Letter, readers: list[Reader], language: str, page: str, *keys: Any, first: int = 0,
    said: dict[str, str] | None = None,
) -> None:  # fmt: skip
    dossier = message.dossier
    with languages.speaking(language):
        address = settings.SITE_URL + reverse(page, args=keys)
        facts = {**letters.facts_of(dossier, address=address), **(said or {})}
        about = letters.matter_of(dossier)
    for number, reader in enumerate(readers, start=first):
        wordings.write(
            letter, key=f"{key_of(message)}:{number}" if number else key_of(message), email=reader.email,
            user=reader.user, facts=facts, language=language, is_sample=dossier.is_sample, about=about,
            address=address,
        )  # fmt: skip


def _who_read_here(dossier: Dossier) -> list[Reader]:
    """Those who get the letters of the dossier; where none of them has an account, also those who can answer."""
    readers = readers_of(dossier)
    if any(reader.user for reader in readers):
        return readers
    found = {reader.email.lower(): reader for reader in readers}
    for mandate in mandates.people_of(dossier.enterprise, mandates.Capacity.PREPARE).order_by("pk"):
        found[mandate.user.email.lower()] = Reader(mandate.user.email, mandate.user)
    return list(found.values())


def officers_of(dossier: Dossier, *, on: date) -> list[User]:
    """Who handles the dossier, or takes their place that day; before it is assigned, and where that person has left,
    reception and the heads."""
    handler = dossier.assigned_to
    if handler is not None and handler.is_active:
        standing = Absence.objects.in_force(on=on).filter(person=handler)
        return list(User.objects.filter(substitutions__in=standing, is_active=True).distinct()) or [handler]
    roles = ("reception",) if dossier.received_at is None else ("reception", "head")
    staff = User.objects.filter(is_active=True, is_staff=True, groups__name__in=roles)
    return list(staff.distinct().order_by("pk"))
