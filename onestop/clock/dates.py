"""Dates derived from one fact and one rule, and how an end compares with its date."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from izportal.workdays import Calendar, months_later
from onestop.clock.facts import WORKING_HOUR, ClockRefused, Limit, moment_of
from onestop.clock.reckoning import end_of

EARLY, ON_TIME, LATE = "early", "on_time", "late"

OUTCOMES = {
    EARLY: gettext_lazy("trước hạn"),
    ON_TIME: gettext_lazy("đúng hạn"),
    LATE: gettext_lazy("quá hạn"),
}


def reply_by(submitted_at: datetime, hours: Decimal | int, calendar: Calendar) -> datetime:
    """Until when reception must answer an online submission."""
    return end_of(submitted_at, Limit(Decimal(hours), WORKING_HOUR), calendar)


def transfer_by(received_at: datetime, cutoff: time, calendar: Calendar) -> datetime:
    """Hand over the same day; what came after the cutoff, or on a day off, at the next opening."""
    received_at = moment_of(received_at, calendar)
    day = received_at.date()
    if not calendar.is_working(day) or received_at.time() > cutoff:
        return calendar.open_of(calendar.next_working_day(day))
    return calendar.close_of(day)


def supplement_notice_by(received_at: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """Until when a supplement may still be asked for; the same reckoning serves the check for completeness."""
    return end_of(received_at, limit, calendar)


def stop_if_no_answer_after(asked_at: datetime, limit: Limit, calendar: Calendar) -> datetime:
    """When the agency may stop a dossier whose applicant has not answered."""
    return end_of(asked_at, limit, calendar)


def applicant_deadline(asked_at: datetime, months: int, calendar: Calendar) -> date:
    """The last day for the applicant where the law gives months; a day off moves to the next working day."""
    return calendar.working_day_from(months_later(moment_of(asked_at, calendar).date(), months))


def apology_by(due_at: datetime, calendar: Calendar, days: int = 1) -> datetime:
    """The last moment for the letter of apology: closing time `days` before expiry, earlier if that is a day off."""
    day = moment_of(due_at, calendar).date() - timedelta(days)
    return calendar.close_of(day if calendar.is_working(day) else calendar.previous_working_day(day))


def extended_due(
    *, due_at: datetime, to: date, at: datetime, calendar: Calendar, extensions: int = 0, most: int = 1
) -> datetime:
    """The due moment after an extension to the day `to`, decided at `at`; `extensions` is how many there were."""
    due_at, at = moment_of(due_at, calendar), moment_of(at, calendar)
    if extensions >= most:
        raise ClockRefused(
            ngettext(
                "Hồ sơ chỉ được gia hạn %(most)s lần và đã gia hạn đủ.",
                "Hồ sơ chỉ được gia hạn %(most)s lần và đã gia hạn đủ.",
                most,
            )
            % {"most": most}
        )
    if at > due_at:
        raise ClockRefused(_("Hồ sơ đã quá hạn; chỉ được gia hạn trước khi hết thời hạn."))
    if to <= due_at.date():
        raise ClockRefused(_("Ngày hẹn mới phải sau ngày hẹn cũ %(day)s.") % {"day": f"{due_at:%d/%m/%Y}"})
    return calendar.close_of(calendar.working_day_from(to))


@dataclass(frozen=True)
class Window:
    opens: date
    closes: date

    def includes(self, day: date) -> bool:
        return self.opens <= day <= self.closes


def filing_window(event_date: date, earliest: int, latest: int) -> Window:
    """Both in calendar days before the event: not sooner than `earliest`, not later than `latest`."""
    if not earliest >= latest >= 0:
        raise ClockRefused(_("Khoảng nộp hồ sơ không hợp lệ: mốc sớm nhất phải trước mốc muộn nhất."))
    return Window(event_date - timedelta(earliest), event_date - timedelta(latest))


def outcome(due_at: datetime, finished_at: datetime, calendar: Calendar | None = None) -> str:
    """EARLY a day or more before, ON_TIME on the day up to the due moment, else LATE; words in OUTCOMES."""
    calendar = calendar or Calendar()
    due_at, finished_at = calendar.local(due_at), calendar.local(finished_at)
    if finished_at > due_at:
        return LATE
    return EARLY if finished_at.date() < due_at.date() else ON_TIME
