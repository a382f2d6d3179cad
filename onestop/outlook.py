"""What date would follow if the applicant answered on a given day: reckoned once, told alike to officer and applicant.

Nothing is written here. What is asked of the applicant and what came in reply is the business of `papers`.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.cells import to_date
from onestop import clock, deeds
from onestop.models import Dossier, Supplement

# How many working days are told of at once, and how far ahead a day may be asked about.
ROWS = 5
FARTHEST = timedelta(days=731)

RULES = {
    clock.SUSPEND: gettext_lazy("Ngày chờ bổ sung không tính; nhận đủ hồ sơ thì thời hạn chạy tiếp phần còn lại."),
    clock.RESTART: gettext_lazy("Nhận đủ hồ sơ thì thời hạn tính lại từ đầu: %(limit)s kể từ ngày đó."),
    clock.SECTOR_APPRAISAL: gettext_lazy(
        "Nhận đủ hồ sơ thì thời hạn thẩm định tính lại từ đầu: %(limit)s kể từ ngày đó; chỉ tạm dừng một lần."
    ),
    clock.TWO_PHASE_SUSPEND: gettext_lazy(
        "Nhận đủ hồ sơ thì bắt đầu giai đoạn hai: %(second)s kể từ ngày đó; ngày chờ bổ sung không tính."
    ),
}


@dataclass(frozen=True)
class Answer:
    """An answer that comes on `day`, and the date that would be promised then."""

    day: date
    due_at: datetime
    deadline: clock.Deadline
    # The last day on which it is expected, and the days after it.
    is_last: bool = False
    is_after: bool = False

    @property
    def is_kept(self) -> bool:
        """A date promised before, later than the limit asks for."""
        return self.deadline.due_at is not None and self.due_at > self.deadline.due_at


@dataclass(frozen=True)
class Outlook:
    """`rows` are the next working days and the last day to answer; `chosen` the day that the reader asked about, or
    `fault` why it cannot be told. `is_asked` is False where the request itself is only supposed, as made now."""

    rule: str
    rows: tuple[Answer, ...]
    is_asked: bool
    by_the_hour: bool
    typed: str = ""
    fault: str = ""
    chosen: Answer | None = None


def shown(deadline: clock.Deadline, supplement: Supplement | None) -> clock.Deadline:
    """An answer that is being checked ends the pause on the day it came, once it is found to be whole."""
    answered_at = supplement.answered_at if supplement else None
    return deadline.if_completed(answered_at) if answered_at else deadline


def of(
    dossier: Dossier, deadline: clock.Deadline | None, supplement: Supplement | None, *, at: datetime, typed: str = ""
) -> Outlook | None:
    """While the dossier waits for the applicant; None where no answer is awaited or none would move the date."""
    if deadline is None or not deadline.is_paused or supplement is None or supplement.answered_at:
        return None
    return _outlook(dossier, deadline, at, typed, reply_by=supplement.reply_by)


def if_asked(dossier: Dossier, deadline: clock.Deadline | None, *, at: datetime, typed: str = "") -> Outlook | None:
    """The same before a request, as if it were made now; None where it would stop nothing or may not be made."""
    try:
        supposed = deadline.if_asked(at) if deadline and not deadline.is_paused else None
    except clock.ClockRefused:
        return None
    return _outlook(dossier, supposed, at, typed) if supposed and supposed.is_paused else None


def _outlook(
    dossier: Dossier, deadline: clock.Deadline, at: datetime, typed: str, reply_by: datetime | None = None
) -> Outlook:
    facts = deadline.facts
    last = timezone.localdate(reply_by) if reply_by else None
    day, fault = _day(typed, at) if typed else (None, "")
    days = _next_days(deadline, at)
    if last and last > days[-1]:
        days.append(last)
    return Outlook(
        rule=str(RULES.get(facts.mode, "")) % {"limit": facts.limit, "second": facts.second_limit or ""},
        rows=tuple(_answer(dossier, deadline, each, at, last) for each in days),
        is_asked=reply_by is not None,
        by_the_hour=facts.limit.in_hours,
        typed=typed, fault=fault,
        chosen=_answer(dossier, deadline, day, at, last) if day else None,
    )  # fmt: skip


def _next_days(deadline: clock.Deadline, at: datetime) -> list[date]:
    calendar = deadline.facts.calendar
    days = [calendar.working_day_from(calendar.local(at).date())]
    while len(days) < ROWS:
        days.append(calendar.next_working_day(days[-1]))
    return days


def _answer(dossier: Dossier, deadline: clock.Deadline, day: date, at: datetime, last: date | None) -> Answer:
    """Only a limit in hours asks for the hour: there the end of the office's day is taken."""
    calendar = deadline.facts.calendar
    completed = deadline.if_completed(at if calendar.local(at).date() == day else calendar.close_of(day))
    due_at = deeds.promised(dossier, completed)
    return Answer(day, due_at, completed, is_last=day == last, is_after=bool(last and day > last))


def _day(typed: str, at: datetime) -> tuple[date | None, str]:
    """The day that was asked about, or the sentence that says what is wrong with it."""
    today = timezone.localdate(at)
    try:
        day = to_date(typed)
    except ValueError:
        day = None
    if day is None:
        return None, _("“%(typed)s” không phải là ngày; hãy nhập ngày/tháng/năm, như %(example)s.") % {
            "typed": typed[:20], "example": f"{today:%d/%m/%Y}",
        }  # fmt: skip
    if day < today:
        return None, _("Ngày %(day)s đã qua; hãy chọn hôm nay hoặc một ngày sau.") % {"day": f"{day:%d/%m/%Y}"}
    if day - today > FARTHEST:
        return None, _("Ngày %(day)s quá xa; hãy chọn trong vòng hai năm.") % {"day": f"{day:%d/%m/%Y}"}
    return day, ""
