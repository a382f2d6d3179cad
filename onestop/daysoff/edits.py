"""Days off and make-up days to be added, changed or removed together, and the calendar that would follow."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from izportal import languages
from izportal.models import CalendarDay
from izportal.workdays import MAKE_UP, OFF, ONE_DAY, Calendar

COLUMNS = ("kind", "name_vi", "name_en", "announcement")


@dataclass(frozen=True, order=True)
class Edit:
    """What a day is to be: off, made up, or (with no `kind`) as the week has it. Kept as JSON in `CalendarChange`."""

    day: date
    kind: str = ""
    name_vi: str = ""
    name_en: str = ""
    announcement: str = ""

    @classmethod
    def read(cls, row: dict[str, Any]) -> "Edit":
        return cls(**{**row, "day": date.fromisoformat(str(row["day"]))})

    def written(self) -> dict[str, str]:
        return {**asdict(self), "day": self.day.isoformat()}

    @property
    def label(self) -> str:
        return str(CalendarDay.Kind(self.kind).label) if self.kind else ""

    @property
    def name(self) -> str:
        return self.name_en if languages.here() != languages.SOURCE and self.name_en else self.name_vi

    def is_done(self, row: CalendarDay | None) -> bool:
        """Does the calendar say so already?"""
        if row is None or not self.kind:
            return row is None and not self.kind
        return all((getattr(row, name) or "") == getattr(self, name) for name in COLUMNS)


def outstanding(edits: Iterable[Edit]) -> list[Edit]:
    """Those that the calendar does not say yet, by day."""
    edits = sorted({edit.day: edit for edit in edits}.values())
    stored = {row.day: row for row in CalendarDay.objects.filter(day__in=[edit.day for edit in edits])}
    return [edit for edit in edits if not edit.is_done(stored.get(edit.day))]


def calendar_with(calendar: Calendar, edits: Iterable[Edit]) -> Calendar:
    """The calendar as it would be; a year counts as announced as long as one of its days stands in it."""
    off, made_up = dict(calendar.days_off), dict(calendar.make_up_days)
    for edit in edits:
        off.pop(edit.day, None)
        made_up.pop(edit.day, None)
        if edit.kind:
            {OFF: off, MAKE_UP: made_up}[edit.kind][edit.day] = edit.name
    years = frozenset(day.year for day in (*off, *made_up))
    return replace(calendar, days_off=off, make_up_days=made_up, announced_years=years)


def touched(old: Calendar, new: Calendar, edits: Iterable[Edit]) -> list[date]:
    """The days that are worked in one calendar and not in the other. The first day of a year that is written down, and
    the last that is taken away, change what is known of the whole year."""
    years = sorted({edit.day.year for edit in edits})
    days = (day for year in years for day in _days_of(year))
    return [day for day in days if old.is_working(day) != new.is_working(day)]


def newly_announced(old: Calendar, new: Calendar) -> list[int]:
    return sorted(new.announced_years - old.announced_years)


def spread(first: date, last: date, kind: str) -> list[date]:
    """The days of a range; of days off only those that would be worked, as an announcement counts them."""
    days = [first + timedelta(n) for n in range((last - first).days + 1)]
    return [day for day in days if kind == MAKE_UP or day.weekday() < 5 or first == last]


def _days_of(year: int) -> Iterable[date]:
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += ONE_DAY
