"""How long projects lived that ended in a period, by the one in the middle."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from izportal.indicators import Amount, Asked, Column, Indicator, Move, by_record
from projects.figures.course import DAYS_OF_A_YEAR, ISSUED, YEARS, Ages
from projects.figures.facts import ABOUT_PROJECT


@dataclass(frozen=True)
class MiddleAge:
    """Every ended project with its days; `amount` and `base` mark the one in the middle, or the two where their
    number is even, so that they add up to the median as they add up to an average elsewhere."""

    columns = (
        *ABOUT_PROJECT, ISSUED, Column("days", _("Số ngày"), "number"),
        Column("amount", _("Số ngày của dự án ở giữa"), "number"), Column("base", _("Ở giữa"), "number"),
    )  # fmt: skip

    def rows(self, asked: Asked) -> list[dict[str, Any]]:
        found = sorted(Ages(ended=True).rows(asked), key=lambda row: (row["amount"], row["code"]))
        middle = {(len(found) - 1) // 2, len(found) // 2}
        return [
            {**row, "days": row["amount"], "amount": row["amount"] * (n in middle), "base": int(n in middle)}
            for n, row in enumerate(found)
        ]

    def value(self, asked: Asked) -> Amount:
        rows = [row for row in self.rows(asked) if row["base"]]
        return Decimal(sum(row["amount"] for row in rows)) / len(rows) / DAYS_OF_A_YEAR if rows else None

    def moves(self, before: Asked, after: Asked) -> list[Move]:
        return by_record(self, before, after, key="code")


def of_period(asked: Asked) -> dict[str, Amount]:
    """Indicator → its value, for the two that tell how long the projects lived that ended; one query."""
    days = sorted(length.days for length in Ages(ended=True).counted(asked).values_list("amount", flat=True))
    if not days:
        return {"ended_age_years": None, "ended_life_median_years": None}
    mean = Decimal(sum(days)) / len(days) / DAYS_OF_A_YEAR
    return {"ended_age_years": mean, "ended_life_median_years": _median(days)}


def _median(days: list[int]) -> Decimal:
    """In years, of days in their order."""
    middle = days[(len(days) - 1) // 2 : len(days) // 2 + 1]
    return Decimal(sum(middle)) / len(middle) / DAYS_OF_A_YEAR


def by_year(asked: Asked) -> dict[int, Decimal]:
    """Year in which projects ended → the median of their lives; years without an end are left out. One query."""
    found: dict[int, list[int]] = defaultdict(list)
    for day, length in Ages(ended=True).counted(asked).values_list("effective_on", "amount"):
        found[day.year].append(length.days)
    return {year: _median(sorted(found[year])) for year in sorted(found)}


def of_year(asked: Asked, year: int) -> Asked:
    """The question about the part of a year that lies within another question."""
    return asked.of(since=date(year, 1, 1), on=min(date(year, 12, 31), asked.on))


INDICATORS = (
    Indicator(
        "ended_life_median_years", _("Đời dự án đã kết thúc, trung vị"),
        _("Số năm từ ngày cấp giấy chứng nhận đến ngày kết thúc của dự án ở giữa, trong các dự án kết thúc trong kỳ."),
        YEARS, MiddleAge(), per=1 / DAYS_OF_A_YEAR, is_flow=True,
    ),
)  # fmt: skip
