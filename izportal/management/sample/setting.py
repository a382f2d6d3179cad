"""What every room of the sample data shares: chance that repeats, today, the calendar, the people, the words."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.utils import timezone

from izportal.models import User
from izportal.workdays import LOCAL_TIME, Calendar

WORDS = Path(__file__).resolve().parents[2] / "data" / "sample"


@dataclass
class Setting:
    """`now` is the moment after which nothing has happened yet."""

    now: datetime
    calendar: Calendar
    rng: Random
    people: dict[str, User] = field(default_factory=dict)
    applicants: list[User] = field(default_factory=list)

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    def weekday(self, day: date) -> date:
        """The day itself or the next one on which decisions are signed."""
        return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)

    def pick(self, weights: dict[str, int]) -> str:
        return self.rng.choices(list(weights), list(weights.values()))[0]


def words(name: str) -> Any:
    return json.loads((WORDS / f"{name}.json").read_text(encoding="utf-8"))


def morning(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=LOCAL_TIME)
