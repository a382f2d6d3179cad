"""The figures of the page that stand one by one: the life of projects, what enterprises report, the counter and
enquiries, and what is missing in the register."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from izportal.indicators import Asked, Number
from izportal.statistics import registry
from izportal.statistics.overview import Overview
from onestop import figures as counter
from projects.figures import course, kept, land, lives, rates
from projects.figures.facts import Sums
from projects.reports import figures as reports
from zones import landlist
from zones.balance import Balance
from zones.factsheet import ZoneRow

LIFE = (
    "suspended_projects", "terminated_projects", "revoked_projects", "certificates_adjusted", "project_age_years",
    "ended_age_years", "ended_life_median_years", "project_land_m2", "total_capital_in_usd",
    rates.CODE,
)  # fmt: skip
QUALITY = (
    "projects_without_enterprise", "projects_without_plots", "plots_without_projects", "stale_listings",
    "facts_unverified",
)  # fmt: skip
LAND = (
    "land_leased_m2", "land_reserved_m2", "land_free_m2", "land_coming_m2", "land_unconfirmed_m2", "land_total_m2",
    "occupancy_percent",
)  # fmt: skip
# How many years of endings are drawn.
LIVES = 11
SELDOM = ("land_reserved_m2", "land_coming_m2", "land_unconfirmed_m2")


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    note: str
    numbers: list[Number]
    # The median life of the projects that ended in a year, by the year.
    lives: tuple[tuple[str, Number, None], ...] = ()


def of(told: Overview, *, is_narrowed: bool, rate_on: date | None = None) -> list[Section]:
    """All sections; those that no zone, sector or country narrows are left out where the question is narrowed."""
    asked = told.asked.of(rate_on=rate_on)
    known = kept.answer("course", told.asked, _of_register) | {rates.CODE: _at_one_rate(asked, told)}
    life = Section(
        "vong-doi", _("Vòng đời dự án"),
        _("Trong kỳ và đến hết ngày tính. Tổng quy ra USD ghi rõ dưới tên dùng tỷ giá nào."),
        _numbers(LIFE, asked, told, known), _lives(told.asked),
    )  # fmt: skip
    quality = Section(
        "chat-luong", _("Chất lượng số liệu"), _("Những chỗ sổ còn thiếu hoặc chờ xác nhận; mỗi số mở ra danh sách."),
        _numbers(QUALITY, asked, told, known),
    )  # fmt: skip
    return [life, quality] if is_narrowed else [life, _reported(told.asked), _counted(told.asked), quality]


def _of_register(asked: Asked) -> dict[str, Any]:
    return {**course.standing(asked), **lives.of_period(asked)}


def _lives(asked: Asked) -> tuple[tuple[str, Number, None], ...]:
    """Rows of a chart with one amount each."""
    whole = asked.of(since=date(asked.on.year - LIVES + 1, 1, 1))
    medians, indicator = kept.answer("lives", whole, lives.by_year), registry.of("ended_life_median_years")
    return tuple((str(year), indicator.number(lives.of_year(asked, year), n), None) for year, n in medians.items())


def _at_one_rate(asked: Asked, told: Overview) -> Any:
    return rates.worth(asked, told["fdi_capital_usd"].value, told["ddi_capital_vnd"].value)


def _numbers(codes: Iterable[str], asked: Asked, told: Overview, known: dict[str, Any]) -> list[Number]:
    return [_number(registry.of(code), asked, told, known) for code in codes]


def _number(indicator: Any, asked: Asked, told: Overview, known: dict[str, Any]) -> Number:
    if indicator.code in known:
        return indicator.number(asked, known[indicator.code])
    return told[indicator.code] if isinstance(indicator.source, Sums) else indicator.ask(told.asked)


def asker(told: Overview, land: Iterable[Number]) -> Callable[[str], Number]:
    """Gives any figure by its code; what the page knows already is not asked anew."""
    known = {number.indicator.code: number for number in land}
    return lambda code: known[code] if code in known else _number(registry.of(code), told.asked, told, {})


def balances(asked: Asked, rows: Iterable[ZoneRow], total: Balance) -> dict[str, Any]:
    """The land balance of each zone and of all, as numbers; `seldom` are those that a phone leaves out."""
    told = [(row.zone, _land(asked.of(zone=row.zone.slug), row.land)) for row in rows]
    begins_on = landlist.begins_on()
    is_before = begins_on is not None and asked.on < begins_on
    return {
        "rows": told, "total": _land(asked, total), "seldom": SELDOM, "list_of": begins_on if is_before else None,
    }  # fmt: skip


def _land(asked: Asked, row: Balance) -> list[Number]:
    values = land.of_balance(row)
    return [registry.of(code).number(asked, values[code]) for code in LAND]


def _reported(asked: Asked) -> Section:
    period = reports.period_of(asked)
    note = _("Chưa có kỳ nào đủ doanh nghiệp báo cáo để công bố số cộng.")
    if period is not None:
        note = _("Kỳ %(period)s; chỉ cộng số của doanh nghiệp đã báo cáo.") % {"period": period}
    numbers = [row.ask(asked) for row in reports.INDICATORS] if period else []
    return Section("bao-cao", _("Theo báo cáo của doanh nghiệp"), note, numbers)


def _counted(asked: Asked) -> Section:
    """The record of the counter is read once for all its figures."""
    found = counter.record_of(asked)
    numbers = [row.number(asked, row.source.of(found)) for row in counter.RECORD]
    others = [registry.of(code).ask(asked) for code in ("procedures", "enquiries_received", "enquiries_answered")]
    note = _("Hồ sơ thủ tục hành chính và yêu cầu về đất, nhà xưởng trong kỳ; không nêu ai đã nộp, ai đã hỏi.")
    return Section("ho-so", _("Hồ sơ và yêu cầu"), note, [*numbers, *others])
