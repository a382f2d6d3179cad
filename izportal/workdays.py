"""Working-time arithmetic: weekends, holidays, make-up days, office hours. Pure functions of a calendar and a moment;
which limit applies to which dossier is the business of the counter's clock."""

from __future__ import annotations

import calendar as almanac
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

OFF, MAKE_UP, WEEKEND, WORKING = "off", "make_up", "weekend", "working"

CALENDAR_FILE = Path(__file__).resolve().parent / "data" / "calendar.json"
# What holds until rules of the office's own are entered.
OFFICE_HOURS = ((time(8), time(12)), (time(13), time(17)))
# Codes of the rules that set the hours: both shifts, and the hour at which a last day ends.
HOUR_RULES = (
    "office_morning_from", "office_morning_to", "office_afternoon_from", "office_afternoon_to", "due_closing_time",
)  # fmt: skip
LOCAL_TIME = ZoneInfo("Asia/Ho_Chi_Minh")
ONE_DAY = timedelta(days=1)
ONE_HOUR = timedelta(hours=1)
NO_TIME = timedelta()

WEEKEND_NAMES = {5: _("Thứ Bảy"), 6: _("Chủ nhật")}
# What only the yearly announcement can settle: the Tết days, swapped days, the neighbour of 2 September.
ANNOUNCED_NAMES = ("Nguyên Đán", "29 Tết", "Mùng", "thay cho")


@lru_cache(maxsize=512)
def fixed_days_off(year: int, language: str = "vi") -> dict[date, str]:
    """Days off of a year by the Labour Code and the lunar calendar; empty where the lunar tables end (after 2100)."""
    return dict(holidays.country_holidays("VN", years=year, language=language, expand=False))


@lru_cache(maxsize=512)
def fixed_make_up_days(year: int) -> frozenset[date]:
    # A swap may be made up in the following January, so the neighbouring year is asked too.
    known = holidays.country_holidays("VN", years=(year - 1, year), language="vi", expand=False)
    return frozenset(day for day in known.weekend_workdays if day.year == year)


@lru_cache(maxsize=512)
def statutory_days_off(year: int) -> frozenset[date]:
    """The part of the fixed holidays that no announcement moves, though it was left out of the announced rows."""
    return frozenset(
        day
        for day, name in fixed_days_off(year).items()
        if not any(word in name for word in ANNOUNCED_NAMES) and (day.month, day.day) not in {(9, 1), (9, 3)}
    )


@dataclass(frozen=True)
class Calendar:
    """Which days and hours the office works.

    Rows override everything. A year in `announced_years` follows its rows (and the holidays that stand by law); any
    other year uses the fixed holidays computed for it, and whoever shows its dates must say so.
    """

    days_off: Mapping[date, str] = field(default_factory=dict)
    make_up_days: Mapping[date, str] = field(default_factory=dict)
    announced_years: frozenset[int] = frozenset()
    office_hours: tuple[tuple[time, time], ...] = OFFICE_HOURS
    # When a last day ends; None: with the office hours.
    closing: time | None = None
    timezone: ZoneInfo = LOCAL_TIME
    # What was asked of it before: whether a day is worked, and for each year how many days are by each of its days.
    _working: dict[date, bool] = field(default_factory=dict, init=False, repr=False, compare=False)
    _sums: dict[int, list[int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def from_rows(cls, rows: Iterable[Any], announced_years: Collection[int] | None = None, **settings) -> Calendar:
        """`rows` have day, kind ("off" or "make_up") and name, as attributes or keys; by default a year with rows
        is an announced one, so enter all of its days."""
        named: dict[str, dict[date, str]] = {OFF: {}, MAKE_UP: {}}
        for row in rows:
            day, kind, name = (_value(row, key) for key in ("day", "kind", "name"))
            named[kind][day] = name
        years = {day.year for days in named.values() for day in days} if announced_years is None else announced_years
        return cls(named[OFF], named[MAKE_UP], frozenset(years), **settings)

    @classmethod
    def from_file(cls, path: Path = CALENDAR_FILE, language: str = "vi", **settings) -> Calendar:
        """The announced calendar that comes with the portal."""
        data = json.loads(path.read_text(encoding="utf-8"))
        rows = [
            {"day": date.fromisoformat(row["day"]), "kind": row["kind"], "name": row[f"name_{language}"]}
            for row in data["days"]
        ]
        return cls.from_rows(rows, announced_years=data["announced_years"], **settings)

    # Days

    def is_announced(self, day: date) -> bool:
        return day.year in self.announced_years

    def kind(self, day: date) -> str:
        """One of WORKING, MAKE_UP, OFF and WEEKEND."""
        if day in self.make_up_days:
            return MAKE_UP
        if day in self.days_off:
            return OFF
        if self.is_announced(day):
            off: Collection[date] = statutory_days_off(day.year)
        elif day in fixed_make_up_days(day.year):
            return MAKE_UP
        else:
            off = fixed_days_off(day.year)
        if day in off:
            return OFF
        return WORKING if day.weekday() < 5 else WEEKEND

    def is_working(self, day: date) -> bool:
        """Asked of the same days again and again, so each is reckoned once."""
        known = self._working.get(day)
        if known is None:
            known = self._working[day] = self.kind(day) in (WORKING, MAKE_UP)
        return known

    def reason(self, day: date) -> str:
        """Why a day is not an ordinary one: the holiday, the swap it makes up for, Saturday or Sunday; else ""."""
        kind = self.kind(day)
        if kind == MAKE_UP:
            return self.make_up_days.get(day, "")
        if kind == OFF:
            return self.days_off.get(day) or fixed_days_off(day.year, _holiday_language())[day]
        return str(WEEKEND_NAMES[day.weekday()]) if kind == WEEKEND else ""

    def working_day_from(self, day: date) -> date:
        """The day itself if it is worked, else the next working day."""
        while not self.is_working(day):
            day += ONE_DAY
        return day

    def next_working_day(self, day: date) -> date:
        return self.working_day_from(day + ONE_DAY)

    def previous_working_day(self, day: date) -> date:
        day -= ONE_DAY
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def add_working_days(self, day: date, n: int) -> date:
        """The n-th working day after `day`, which is itself not counted; 0 gives the first working day from `day`."""
        if n == 0:
            return self.working_day_from(day)
        step = self.next_working_day if n > 0 else self.previous_working_day
        for _n in range(abs(n)):
            day = step(day)
        return day

    def working_days_between(self, after: date, until: date) -> int:
        """How many working days lie after `after` up to and with `until`; negative when `until` is the earlier."""
        if until < after:
            return -self.working_days_between(until, after)
        years = sum(self._worked(year)[-1] for year in range(after.year, until.year))
        return years + self._worked(until.year)[_day_of_year(until)] - self._worked(after.year)[_day_of_year(after)]

    def _worked(self, year: int) -> list[int]:
        """How many days are worked up to and with each day of a year, from none before the first of January."""
        if year not in self._sums:
            days = (
                date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
            )
            self._sums[year] = list(accumulate(map(self.is_working, days), initial=0))
        return self._sums[year]

    # Moments

    def local(self, moment: datetime) -> datetime:
        """The moment on the office's own clock; a naive one is taken to be on it already."""
        return moment.replace(tzinfo=self.timezone) if moment.tzinfo is None else moment.astimezone(self.timezone)

    def at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.timezone)

    def open_of(self, day: date) -> datetime:
        return self.at(day, self.office_hours[0][0])

    def close_of(self, day: date) -> datetime:
        return self.at(day, self.closing or self.office_hours[-1][1])

    def shifts(self, day: date) -> list[tuple[datetime, datetime]]:
        """The opening hours of one day, none on a day off."""
        if not self.is_working(day):
            return []
        return [(self.at(day, start), self.at(day, end)) for start, end in self.office_hours]

    @cached_property
    def _length(self) -> timedelta:
        day = date.min
        spans = (datetime.combine(day, end) - datetime.combine(day, start) for start, end in self.office_hours)
        return sum(spans, timedelta())

    def day_length(self) -> timedelta:
        return self._length

    def is_open(self, moment: datetime) -> bool:
        """Both ends of a shift belong to it: what is done at 17:00 sharp is done in time."""
        moment = self.local(moment)
        return any(start <= moment <= end for start, end in self.shifts(moment.date()))

    def add_working_time(self, moment: datetime, length: timedelta) -> datetime:
        """Only office hours pass; a moment outside them waits for the next opening."""
        moment = self.local(moment)
        day = moment.date()
        while True:
            for start, end in self.shifts(day):
                begin = max(start, moment)
                if begin < end and length <= end - begin:
                    return begin + length
                length -= max(end - begin, timedelta())
            day += ONE_DAY

    def add_working_hours(self, moment: datetime, hours: Decimal | int | float) -> datetime:
        return self.add_working_time(moment, hours_to_time(hours))

    def working_time_between(self, start: datetime, end: datetime) -> timedelta:
        """Office time from `start` to `end`; nothing when `end` is not later."""
        start, end = self.local(start), self.local(end)
        first, last = start.date(), end.date()
        if first >= last:
            return self._within(first, start, end)
        between = self.working_days_between(first, last - ONE_DAY) * self._length
        return self._within(first, start, end) + between + self._within(last, start, end)

    def _within(self, day: date, start: datetime, end: datetime) -> timedelta:
        """The part of one day's office time that lies between two moments."""
        parts = (min(closing, end) - max(opening, start) for opening, closing in self.shifts(day))
        return sum((part for part in parts if part > NO_TIME), NO_TIME)

    def working_hours_between(self, start: datetime, end: datetime) -> Decimal:
        return time_to_hours(self.working_time_between(start, end))


def hours_set(texts: Mapping[str, str]) -> dict[str, Any]:
    """Settings of a calendar from the rules `HOUR_RULES` as text ("08:00"); what is missing, unreadable or out of
    order leaves the hours that hold without rules."""
    *ends, closing = (_clock(texts.get(code, "")) for code in HOUR_RULES)
    known = [end for end in ends if end]
    is_day = len(known) == len(ends) and known == sorted(set(known))
    hours = ((known[0], known[1]), (known[2], known[3])) if is_day else OFFICE_HOURS
    return {"office_hours": hours, "closing": closing if closing and closing >= hours[-1][1] else None}


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        return None


def months_later(day: date, months: int) -> date:
    """The same day of a later month; a month without that day ends the period on its own last day (Civil Code 2015,
    Article 148(3))."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, almanac.monthrange(year, month)[1]))


def hours_to_time(hours: Decimal | int | float) -> timedelta:
    return timedelta(microseconds=int(Decimal(str(hours)) * (ONE_HOUR // timedelta.resolution)))


def time_to_hours(length: timedelta) -> Decimal:
    return Decimal(length // timedelta.resolution) / (ONE_HOUR // timedelta.resolution)


def _day_of_year(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal() + 1


def _value(row: Any, key: str) -> Any:
    return row[key] if isinstance(row, Mapping) else getattr(row, key)


def _holiday_language() -> str:
    # The package knows no plain "en", and falls back to the language of the process when it is given none.
    return "en_US" if (get_language() or "vi").startswith("en") else "vi"
