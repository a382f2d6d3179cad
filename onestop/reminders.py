"""Reminders of the counter, written by `manage.py tick`: to applicants whose time runs out or whose result waits, and
to the board of what is unanswered, near its date or late. The key of each letter is made of the fact that it tells,
so that running again writes nothing new; how many days ahead is told by rules, and a missing rule tells nobody."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import languages, wordings
from izportal.models import CalendarDay, Notice, Rule, User
from izportal.wordings import Fact, Letter
from izportal.workdays import Calendar
from onestop import clock, letters, notices
from onestop.models import Absence, Dossier, Event, Supplement

Status = Dossier.Status
RULES = (
    "supplement_reminder_days", "uncollected_days", "fee_reminder_days", "draft_reminder_days", "due_soon_days",
    "first_answer_hours", "first_answer_alert_hours",
)  # fmt: skip
# What waits longer was written about when its day came; it stands on the desk.
LOOKED_BACK = timedelta(days=60)
MOST_LINES = 30

DAY = Fact(gettext_lazy("Từ ngày"), "03/03/2026")
SUPPLEMENT_DUE = letters.about_dossier(
    "supplement-due", name=gettext_lazy("Nhắc sắp hết hạn nộp bổ sung"),
    subject=gettext_lazy("Sắp hết hạn nộp bổ sung"),
    sentence=gettext_lazy(
        "Ban chưa nhận được hồ sơ bổ sung. Hãy nộp trước {han_nop}; các mục cần bổ sung ghi trên trang hồ sơ."
    ),
    facts={"han_nop": Fact(gettext_lazy("Phải nộp bổ sung trước"), "17:00 24/03/2026", is_needed=True)},
)  # fmt: skip
RESULT_WAITS = letters.about_dossier(
    "result-waits", name=gettext_lazy("Nhắc nhận kết quả"), subject=gettext_lazy("Kết quả chờ bạn nhận"),
    may_wait=True, sentence=gettext_lazy(
        "Kết quả giải quyết hồ sơ đã có từ ngày {tu_ngay} và chưa được nhận. Bạn có thể tải bản điện tử trên cổng "
        "hoặc nhận tại Bộ phận Một cửa."
    ),
    facts={"tu_ngay": DAY},
)  # fmt: skip
FEE_WAITS = letters.about_dossier(
    "fee-waits", name=gettext_lazy("Nhắc nộp phí, lệ phí"), subject=gettext_lazy("Chờ nộp phí, lệ phí"),
    sentence=gettext_lazy(
        "Hồ sơ chờ nộp phí, lệ phí từ ngày {tu_ngay}; Ban giải quyết tiếp sau khi ghi nhận khoản nộp. Khoản phải nộp "
        "ghi trên trang hồ sơ."
    ),
    facts={"tu_ngay": DAY},
)  # fmt: skip
DRAFT_ENDS = letters.about_dossier(
    "draft-ends", name=gettext_lazy("Nhắc bản nháp sắp bị xóa"), subject=gettext_lazy("Bản nháp sắp bị xóa"),
    is_draft=True,
    sentence=gettext_lazy(
        "Bản nháp lưu lần cuối ngày {luu_ngay} và chỉ được giữ đến hết ngày {giu_den}. Muốn giữ tiếp, hãy mở bản nháp "
        "và lưu lại một phần bất kỳ; không cần nữa thì không phải làm gì."
    ),
    facts={
        "luu_ngay": Fact(gettext_lazy("Ngày lưu lần cuối"), "03/03/2026"),
        "giu_den": Fact(gettext_lazy("Ngày cuối cùng còn giữ"), "02/04/2026", is_needed=True),
    },
)  # fmt: skip
ANSWER_BY = {"han_tra_loi": Fact(gettext_lazy("Phải trả lời trước"), "17:00 04/03/2026", is_needed=True)}
UNANSWERED = letters.about_dossier(
    "unanswered", name=gettext_lazy("Nhắc trả lời hồ sơ mới nộp"), subject=gettext_lazy("Hồ sơ mới chờ trả lời"),
    reader=letters.OFFICER, is_to_staff=True, facts=ANSWER_BY,
    sentence=gettext_lazy("Hồ sơ mới nộp chưa được trả lời. Hạn trả lời là {han_tra_loi}."),
)  # fmt: skip
UNANSWERED_LATE = letters.about_dossier(
    "unanswered-late", name=gettext_lazy("Báo quá giờ trả lời hồ sơ mới nộp"), subject=gettext_lazy("Quá giờ trả lời"),
    reader=letters.OFFICER, is_to_staff=True, facts=ANSWER_BY,
    sentence=gettext_lazy(
        "Hồ sơ đã quá hạn trả lời {han_tra_loi} mà chưa được tiếp nhận, yêu cầu bổ sung hoặc từ chối tiếp nhận."
    ),
)  # fmt: skip
DUE_LIST = wordings.register(
    Letter(
        kind="due-list", group=letters.DOSSIER_GROUP, name=gettext_lazy("Hồ sơ sắp đến hạn, quá hạn mỗi ngày"),
        reader=letters.OFFICER, subject=gettext_lazy("{so_muon} hồ sơ quá hạn, {so_gan} hồ sơ sắp đến hạn"),
        body=lambda: "\n".join(
            [_("Hồ sơ bạn thụ lý, phụ trách, ngày {ngay}:"), "", "{danh_sach}", "", _("Xem tất cả") + ": {lien_ket}"]
        ),
        facts={
            "ngay": Fact(gettext_lazy("Ngày của thư"), "03/03/2026"),
            "so_muon": Fact(gettext_lazy("Số hồ sơ quá hạn"), "2"),
            "so_gan": Fact(gettext_lazy("Số hồ sơ sắp đến hạn"), "5"),
            "danh_sach": Fact(
                gettext_lazy("Các hồ sơ, mỗi hồ sơ một dòng"), "H55-260303-0001 · 17:00 24/03/2026", is_needed=True
            ),
            "lien_ket": Fact(gettext_lazy("Trang danh sách hồ sơ"), f"{letters.SITE}/admin/…", is_needed=True),
        },
    )
)  # fmt: skip


@dataclass(frozen=True)
class Today:
    """One reading of the calendar, the rules and the people of the counter, for one run."""

    at: datetime
    calendar: Calendar
    numbers: dict[str, int]

    @classmethod
    def read(cls, at: datetime) -> "Today":
        texts = Rule.objects.texts(RULES, on=timezone.localdate(at))
        return cls(at, CalendarDay.calendar(), {code: int(value) for code, value in texts.items()})

    @property
    def on(self) -> date:
        return timezone.localdate(self.at)

    def after(self, days: int) -> datetime:
        """The midnight that ends the last of so many working days from today."""
        return self.calendar.at(self.calendar.add_working_days(self.on, days) + timedelta(days=1), time.min)

    def before(self, days: int) -> datetime:
        """What lies before this moment is so many working days old."""
        calendar = self.calendar
        today = self.on if calendar.is_working(self.on) else calendar.previous_working_day(self.on)
        return calendar.at(calendar.add_working_days(today, -days) + timedelta(days=1), time.min)


def remind(*, at: datetime) -> int:
    """Write what is due at this moment; how many letters, or dossiers whose people were written to, are new."""
    today = Today.read(at)
    return sum(part(today) for part in (_supplements, _results, _fees, _drafts, _unanswered, _due_lists))


def _new(found: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Those of (key, matter) that no letter was written about; one query."""
    known = dict(found)
    written = set(Notice.objects.filter(key__in=list(known)).values_list("key", flat=True))
    return [(key, matter) for key, matter in known.items() if key not in written]


# To applicants ----------------------------------------------------------------------------------------------------
def _reachable(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """With what a letter names, and without those whom no letter reaches."""
    rows = rows.exclude(channel__in=Dossier.BY_HAND, contact_email="")
    return rows.select_related("procedure", "enterprise", "created_by")


def _tell(found: Iterable[tuple[str, Dossier]], letter: Letter, facts: Callable[[Dossier], dict[str, str]]) -> int:
    new = _new(found)
    for key, dossier in new:
        with languages.speaking(dossier.language):
            said = facts(dossier)
        notices.tell(dossier, letter, key=key, facts=said)
    return len(new)


def _supplements(today: Today) -> int:
    if (days := today.numbers.get("supplement_reminder_days")) is None:
        return 0
    asked = Supplement.objects.filter(accepted_at__isnull=True, answered_at__isnull=True)
    asked = asked.filter(reply_by__gte=today.at, reply_by__lt=today.after(days)).order_by()
    rows = Dossier.objects.filter(status__in=Dossier.WAITING_FOR_APPLICANT, supplements__in=asked)
    reply_by = asked.filter(dossier=OuterRef("pk")).values("reply_by")[:1]
    found = [
        (f"supplement-due:{row.pk}:{row.reply_by:%Y%m%d}", row)
        for row in _reachable(rows).annotate(reply_by=Subquery(reply_by))
    ]
    return _tell(found, SUPPLEMENT_DUE, lambda row: {"han_nop": _moment(row.reply_by)})


def _results(today: Today) -> int:
    if (days := today.numbers.get("uncollected_days")) is None:
        return 0
    since = {"completed_at__gte": today.at - LOOKED_BACK, "completed_at__lt": today.before(days)}
    rows = _reachable(Dossier.objects.filter(status=Status.RESULT_READY, **since))
    found = [(f"result-waits:{row.pk}:{row.completed_at:%Y%m%d}", row) for row in rows]
    return _tell(found, RESULT_WAITS, lambda row: {"tu_ngay": _day(row.completed_at)})


def _fees(today: Today) -> int:
    if (days := today.numbers.get("fee_reminder_days")) is None:
        return 0
    asked = Event.objects.filter(dossier=OuterRef("pk"), to_status=Status.FEE_DUE).order_by("-at").values("at")[:1]
    rows = _reachable(Dossier.objects.filter(status=Status.FEE_DUE)).annotate(since=Subquery(asked))
    rows = rows.filter(since__gte=today.at - LOOKED_BACK, since__lt=today.before(days))
    found = [(f"fee-waits:{row.pk}:{row.since:%Y%m%d}", row) for row in rows]
    return _tell(found, FEE_WAITS, lambda row: {"tu_ngay": _day(row.since)})


def _drafts(today: Today) -> int:
    """As `drafts.kept_until` reckons: by the rule that was valid on the day of the last save."""
    if (days := today.numbers.get("draft_reminder_days")) is None:
        return 0
    found = []
    for rule in Rule.objects.filter(code="draft_kept_days"):
        kept = timedelta(days=int(rule.value))
        first, last = today.on - kept, today.on - kept + timedelta(days=days)
        first, last = max(first, rule.valid_from), min(last, rule.valid_to or last)
        saved = {"saved_at__gte": _midnight(first), "saved_at__lt": _midnight(last + timedelta(days=1))}
        rows = Dossier.objects.filter(status=Status.DRAFT, **saved).exclude(channel__in=Dossier.BY_HAND)
        for row in _reachable(rows):
            row.kept_until = timezone.localdate(row.saved_at) + kept
            found.append((f"draft-ends:{row.pk}:{row.kept_until:%Y%m%d}", row))
    told = lambda row: {"luu_ngay": _day(row.saved_at), "giu_den": f"{row.kept_until:%d/%m/%Y}"}  # noqa: E731
    return _tell(found, DRAFT_ENDS, told)


# To the board -----------------------------------------------------------------------------------------------------
def _staff(*roles: str) -> list[User]:
    held = User.objects.filter(is_active=True, is_staff=True, groups__name__in=roles)
    return list(held.distinct().order_by("pk").prefetch_related("groups"))


def _heads(staff: Iterable[User], division: int | None) -> list[User]:
    """The heads of a division, and those who answer for all of them."""
    return [one for one in staff if one.has_role("head") and one.division_id in (None, division)]


def _unanswered(today: Today) -> int:
    """Reception is told some hours after the filing, and, with the heads, once the time to answer has passed."""
    whole, alert = (today.numbers.get(code) for code in ("first_answer_hours", "first_answer_alert_hours"))
    if whole is None or alert is None:
        return 0
    near = today.calendar.add_working_hours(today.at, max(0, whole - alert))
    rows = Dossier.objects.filter(
        status=Status.SUBMITTED, answer_by__gte=today.at - LOOKED_BACK, answer_by__lte=near
    ).select_related("procedure__field", "enterprise")
    staff, found = _staff("reception", "head"), []
    for row in rows:
        is_late = row.answer_by is not None and row.answer_by < today.at
        readers = [one for one in staff if one.has_role("reception")]
        readers += _heads(staff, row.procedure.field.division_id) if is_late else []
        letter = UNANSWERED_LATE if is_late else UNANSWERED
        key = f"{letter.kind}:{row.pk}:{row.answer_by:%Y%m%d%H%M}"
        found += [(f"{key}:{one.pk}", (letter, row, one)) for one in readers]
    new = _new(found)
    for key, (letter, row, reader) in new:
        _tell_officer(key, letter, row, reader)
    return len(new)


def _tell_officer(key: str, letter: Letter, dossier: Dossier, reader: User) -> None:
    with languages.speaking(reader.language):
        address = settings.SITE_URL + reverse("admin:onestop_dossier_change", args=[dossier.pk])
        facts = {**letters.facts_of(dossier, address=address), "han_tra_loi": _moment(dossier.answer_by)}
        about = letters.matter_of(dossier)
    wordings.write(
        letter, key=key, email=reader.email, user=reader, facts=facts, language=reader.language,
        is_sample=dossier.is_sample, about=about, address=address, until=dossier.answer_by,
    )  # fmt: skip


def _due_lists(today: Today) -> int:
    """On working days one letter to each officer and head who has something near its date or late."""
    soon = today.numbers.get("due_soon_days")
    if soon is None or not today.calendar.is_working(today.on):
        return 0
    rows = Dossier.objects.running().filter(due_at__lt=today.after(soon)).order_by("due_at", "pk")
    heads, cover = _staff("head"), _cover(on=today.on)
    piles: dict[User, list[Dossier]] = {}
    for row in rows.select_related("procedure", "enterprise", "assigned_to"):
        officer = cover.get(row.assigned_to_id, row.assigned_to)
        readers = {*_heads(heads, row.division_id), *([officer] if officer and officer.is_active else [])}
        for reader in readers:
            piles.setdefault(reader, []).append(row)
    new = _new((f"due-list:{today.on:%Y%m%d}:{reader.pk}", (reader, pile)) for reader, pile in piles.items())
    for key, (reader, pile) in new:
        _tell_list(key, reader, pile, today)
    return len(new)


def _cover(*, on: date) -> dict[int | None, User]:
    standing = Absence.objects.in_force(on=on).filter(substitute__is_active=True).select_related("substitute")
    return {absence.person_id: absence.substitute for absence in standing}


def _tell_list(key: str, reader: User, pile: list[Dossier], today: Today) -> None:
    late = sum(row.due_at is not None and row.due_at < today.at for row in pile)
    with languages.speaking(reader.language):
        address = settings.SITE_URL + reverse("admin:onestop_dossier_changelist")
        lines = [_line(row, today) for row in pile[:MOST_LINES]]
        if left := len(pile) - len(lines):
            lines.append(_("… và %(count)s hồ sơ khác.") % {"count": left})
        facts = {
            "ngay": f"{today.on:%d/%m/%Y}", "so_muon": str(late), "so_gan": str(len(pile) - late),
            "danh_sach": "\n".join(lines), "lien_ket": address,
        }  # fmt: skip
    wordings.write(
        DUE_LIST, key=key, email=reader.email, user=reader, facts=facts, language=reader.language,
        is_sample=all(row.is_sample for row in pile),
    )  # fmt: skip


def _line(dossier: Dossier, today: Today) -> str:
    soon, due_at = today.numbers["due_soon_days"], cast(datetime, dossier.due_at)  # a running dossier has one
    standing = clock.standing(due_at=due_at, at=today.at, calendar=today.calendar, soon=soon)
    told = {
        "dossier": letters.name_of(dossier), "enterprise": dossier.enterprise.name, "standing": standing.text,
        "due": _moment(due_at), "procedure": dossier.procedure.name,
    }  # fmt: skip
    return _("%(dossier)s · %(standing)s (%(due)s) · %(enterprise)s · %(procedure)s") % told


# Words ------------------------------------------------------------------------------------------------------------
def _day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y}" if moment else ""


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}" if moment else ""


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
