"""One letter a day: what is held for a reader who wishes so is gathered into one letter, by matter, the newest first.

A held letter is a `Notice` that nobody has been asked to send. It leaves that state in one transaction, with the
person locked: gathered into the day's letter, or sent by itself because its reader has chosen so.
"""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from izportal import languages, outbox, wordings
from izportal.models import Notice, Rule, User
from izportal.wordings import Fact, Letter

USUAL_HOUR = time(17)

DIGEST = wordings.register(
    Letter(
        kind=outbox.DIGEST,
        group=gettext_lazy("Chung"),
        name=gettext_lazy("Thư gộp mỗi ngày"),
        is_listed=False,
        reader=gettext_lazy("Người đã chọn gộp thư trên trang tài khoản"),
        subject=gettext_lazy("{so_viec} trong ngày {ngay}"),
        body=lambda: "\n".join(
            (
                _("Kính gửi %(name)s,") % {"name": "{nguoi_nhan}"}, "",
                _("Từ thư trước đến nay có {so_viec}. Việc mới nhất đứng trước."), "", "{cac_viec}", "",
                _("Đổi cách nhận thư") + ": {trang_tai_khoan}",
            )
        ),
        facts={
            "cac_viec": Fact(
                gettext_lazy("Các việc, xếp theo hồ sơ, kèm địa chỉ và hạn"),
                gettext_lazy("H55-260303-0001 · Thủ tục minh họa\n- 09:15 03/03/2026: Đã nhận hồ sơ bổ sung"),
                is_needed=True,
            ),
            "trang_tai_khoan": Fact(
                gettext_lazy("Địa chỉ trang đổi cách nhận thư"), f"{settings.SITE_URL}/tai-khoan/", is_needed=True
            ),
            "so_viec": Fact(gettext_lazy("Số việc"), gettext_lazy("3 việc mới")),
            "ngay": Fact(gettext_lazy("Ngày"), "03/03/2026"),
            "nguoi_nhan": Fact(gettext_lazy("Họ và tên người nhận"), gettext_lazy("Nguyễn Văn Minh Họa")),
        },
    )
)  # fmt: skip


def gather(*, at: datetime) -> int:
    """Write the letter of the day to each reader for whom something was held by its hour; how many were written.
    Harmless when run again or twice at once. What is held for somebody who no longer wishes it goes out by itself."""
    until = hour_before(at)
    held = Notice.objects.filter(is_held=True)
    # One whose reader is gone belongs to nobody's day.
    release(held.filter(user__isnull=True))
    written = 0
    for key in held.order_by("user").values_list("user", flat=True).distinct():
        with transaction.atomic():
            reader = User.objects.select_for_update().filter(pk=key).first()
            if reader is not None:
                written += _gather_for(reader, until)
    return written


def _gather_for(reader: User, until: datetime) -> bool:
    """With the person locked: was a letter written?"""
    held = Notice.objects.filter(user=reader, is_held=True)
    if reader.letters != User.Letters.DAILY:
        release(held)
        return False
    letters = list(held.select_for_update().filter(created_at__lte=until).order_by("-created_at", "-pk"))
    if not letters:
        return False
    digest = wordings.write(
        DIGEST, key=f"digest:{reader.pk}:{timezone.localdate(until)}", email=reader.email, user=reader,
        facts=_facts(reader, letters, until), language=reader.language, is_sample=reader.is_sample,
        about=str(DIGEST.name),
    )  # fmt: skip
    if digest is None:  # what was written late waits for the next day
        return False
    Notice.objects.filter(pk__in=[letter.pk for letter in letters]).update(is_held=False, digest=digest)
    return True


@transaction.atomic
def choose(reader: User, way: str) -> int:
    """Keep somebody's choice; what was held for whoever chooses each letter apart goes out. How many went."""
    reader = User.objects.select_for_update().get(pk=reader.pk)
    reader.letters = way
    reader.save(update_fields=["letters"])
    return 0 if way == User.Letters.DAILY else release(Notice.objects.filter(user=reader, is_held=True))


@transaction.atomic
def release(held: QuerySet[Notice]) -> int:
    """Have held letters sent, each by itself; how many."""
    letters = list(held.select_for_update(of=("self",)).order_by("created_at", "pk"))
    for letter in letters:
        Notice.objects.filter(pk=letter.pk).update(is_held=False)
        outbox.post(letter)
    return len(letters)


def hour_before(at: datetime) -> datetime:
    """The last moment at which the letters of the day were due: today's hour, or yesterday's before it has come."""
    here = timezone.localtime(at)
    today = here.replace(hour=(hour := hour_of(at)).hour, minute=hour.minute, second=0, microsecond=0)
    return today if today <= here else today - timedelta(days=1)


def hour_of(at: datetime) -> time:
    """The rule `digest_hour` ("17:00"); where there is none, or none that can be read, the usual hour."""
    said = Rule.objects.texts(("digest_hour",), on=timezone.localdate(at)).get("digest_hour", "")
    try:
        return time.fromisoformat(said.strip())
    except ValueError:
        return USUAL_HOUR


# Words --------------------------------------------------------------------------------------------
def _facts(reader: User, letters: list[Notice], until: datetime) -> dict[str, str]:
    with translation.override(languages.spoken(reader.language)):
        many = ngettext("%(count)s việc mới", "%(count)s việc mới", len(letters)) % {"count": len(letters)}
        return {
            "nguoi_nhan": reader.full_name, "so_viec": many, "ngay": f"{timezone.localtime(until):%d/%m/%Y}",
            "cac_viec": "\n\n".join(_matter(about, rows) for about, rows in _by_matter(letters).items()),
            "trang_tai_khoan": settings.SITE_URL + reverse("my_letters"),
        }  # fmt: skip


def _by_matter(letters: list[Notice]) -> dict[str, list[Notice]]:
    """The letters under what they are about; the matter with the newest letter first."""
    found: dict[str, list[Notice]] = {}
    for letter in letters:
        found.setdefault(letter.about, []).append(letter)
    return found


def _matter(about: str, letters: list[Notice]) -> str:
    lines = [about or _("Việc khác")]
    for letter in letters:
        lines.append(f"- {_moment(letter.created_at)}: {letter.subject}")
        if letter.until:
            lines.append("  " + _("Hạn: %(moment)s") % {"moment": _moment(letter.until)})
    pages = dict.fromkeys(letter.address for letter in letters if letter.address)
    return "\n".join([*lines, *(f"  {page}" for page in pages)])


def _moment(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}"
