"""What the clock is told of a dossier, limits, pauses and mode, and what it refuses to believe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from izportal.workdays import Calendar

WORKING_DAY, DAY, WORKING_HOUR = "working_day", "day", "working_hour"
UNITS = (WORKING_DAY, DAY, WORKING_HOUR)

NONE, RESTART, SUSPEND = "none", "restart", "suspend"
SECTOR_APPRAISAL, TWO_PHASE_SUSPEND = "sector_appraisal", "two_phase_suspend"
MODES = (NONE, RESTART, SUSPEND, SECTOR_APPRAISAL, TWO_PHASE_SUSPEND)

# A hundred years of days: beyond it a limit is a slip of the keyboard.
LONGEST = Decimal(36525)
FIRST_YEAR, LAST_YEAR = 1976, 2199


class ClockRefused(ValueError):
    """The facts cannot be true together; the text is a sentence for the reader."""


@dataclass(frozen=True)
class Limit:
    """A time limit. Halves are for internal steps: a fractional number of working days runs by the hour from the
    moment (half of an 8-hour day = 4 hours); statutory calendar days are whole."""

    value: Decimal
    unit: str = WORKING_DAY

    def __post_init__(self):
        object.__setattr__(self, "value", _decimal(self.value))
        if self.unit not in UNITS:
            raise ClockRefused(
                _("Đơn vị thời hạn “%(unit)s” không hợp lệ; chỉ nhận %(known)s.")
                % {"unit": self.unit, "known": ", ".join(UNITS)}
            )
        if not 0 < self.value <= LONGEST:
            raise ClockRefused(_("Thời hạn phải lớn hơn 0 và không quá %(most)s.") % {"most": LONGEST})
        if self.unit == DAY and self.value % 1:
            raise ClockRefused(_("Thời hạn tính theo ngày lịch phải là số nguyên."))

    def __str__(self):
        number = f"{self.value.normalize():f}".replace(".", ",")
        text = {
            WORKING_DAY: ngettext("%(number)s ngày làm việc", "%(number)s ngày làm việc", self._plural),
            DAY: ngettext("%(number)s ngày", "%(number)s ngày", self._plural),
            WORKING_HOUR: ngettext("%(number)s giờ làm việc", "%(number)s giờ làm việc", self._plural),
        }[self.unit]
        return text % {"number": number}

    @property
    def _plural(self) -> int:
        return 1 if self.value == 1 else 2

    @property
    def in_hours(self) -> bool:
        return self.unit == WORKING_HOUR or bool(self.value % 1)

    def balance(self, calendar: Calendar) -> int | timedelta:
        """What there is to spend: whole days, or office time."""
        if not self.in_hours:
            return int(self.value)
        hour = timedelta(hours=1) if self.unit == WORKING_HOUR else calendar.day_length()
        return timedelta(microseconds=int(self.value * (hour // timedelta.resolution)))


@dataclass(frozen=True)
class Pause:
    """From the notice that asks for a supplement to the return of the full dossier; `until` is None till then."""

    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class Run:
    """A stretch in which the clock runs: from `start`, with `balance` to spend, until `end`. Void when a later full
    dossier makes the limit start again."""

    start: datetime
    end: datetime
    balance: int | timedelta
    limit: Limit
    due: datetime
    phase: int = 1
    void: bool = False
    capped: bool = False


@dataclass(frozen=True)
class Facts:
    received_at: datetime
    limit: Limit
    mode: str
    pauses: tuple[Pause, ...]
    calendar: Calendar
    second_limit: Limit | None = None
    cap: Limit | None = None


def in_order(pauses: Iterable[Pause], received_at: datetime, calendar: Calendar) -> tuple[Pause, ...]:
    local = (
        Pause(moment_of(pause.since, calendar), pause.until and moment_of(pause.until, calendar)) for pause in pauses
    )
    ordered = tuple(sorted(local, key=lambda pause: pause.since))
    for pause in ordered:
        if pause.until is not None and pause.until < pause.since:
            raise ClockRefused(_("Thời điểm nộp bổ sung không được trước thời điểm yêu cầu bổ sung."))
    if ordered and ordered[0].since < received_at:
        raise ClockRefused(_("Yêu cầu bổ sung không được trước thời điểm tiếp nhận hồ sơ."))
    for earlier, later in pairwise(ordered):
        if earlier.until is None or earlier.until > later.since:
            raise ClockRefused(_("Các lần tạm dừng không được chồng lên nhau."))
    return ordered


def check_mode(facts: Facts) -> None:
    if facts.mode not in MODES:
        raise ClockRefused(
            _("Cơ chế tính thời hạn “%(mode)s” không hợp lệ; chỉ nhận %(known)s.")
            % {"mode": facts.mode, "known": ", ".join(MODES)}
        )
    if facts.mode == NONE and facts.pauses:
        raise ClockRefused(_("Cần nêu cơ chế tính thời hạn khi có tạm dừng."))
    if facts.mode == SECTOR_APPRAISAL and len(facts.pauses) > 1:
        raise ClockRefused(_("Thẩm định xây dựng chỉ được tạm dừng một lần."))
    if facts.second_limit and facts.mode != TWO_PHASE_SUSPEND:
        raise ClockRefused(_("Thời hạn giai đoạn hai chỉ dùng cho cơ chế hai giai đoạn."))


def moment_of(moment: datetime, calendar: Calendar) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ClockRefused(_("Năm phải trong khoảng %(first)s–%(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR})
    return calendar.local(moment)


def _decimal(value: Decimal | int | float | str) -> Decimal:
    try:
        number = Decimal(str(value).strip().replace(",", "."))
    except InvalidOperation:
        raise ClockRefused(_("“%(value)s” không phải là số.") % {"value": value}) from None
    if not number.is_finite():
        raise ClockRefused(_("“%(value)s” không phải là số.") % {"value": value})
    return number
