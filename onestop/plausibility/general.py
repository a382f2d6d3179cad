"""Checks that any form may ask for by what they compare: `in_order:first_on,second_on`, `within:part,whole` and so on.

A missing answer, or a kept one that cannot be read, raises no doubt here: that an answer is due and sound is the
business of its own question.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from izportal.models import CalendarDay
from izportal.templatetags.area import grouped
from izportal.workdays import months_later
from onestop import clock
from onestop.plausibility.matter import Answers, Check, Doubt, Matter, amount, day, is_yes

# What a date of a form may be (onestop/entries.py).
FIRST_YEAR, LAST_YEAR = 1900, 2199


# Readings -----------------------------------------------------------------------------------------
def _read(reading: Callable, answers: Answers, key: str) -> Any:
    try:
        return reading(answers, key)
    except (ValueError, TypeError, ArithmeticError):
        return None


def known_day(answers: Answers, key: str) -> date | None:
    """A day that can be reckoned with; None where none is kept, or something else."""
    found = _read(day, answers, key)
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None


def known_amount(answers: Answers, key: str) -> Decimal | None:
    found = _read(amount, answers, key)
    return found if found is not None and found.is_finite() else None


def known_text(answers: Answers, key: str) -> str:
    """In small letters and with single spaces, to compare names."""
    return " ".join(str(answers.get(key) or "").casefold().split())


def later(start: date, *, years: Decimal | int = 0, months: int = 0) -> date:
    """The last day there is, where the term reaches beyond it."""
    try:
        return months_later(start, int(12 * years) + months)
    except (ValueError, OverflowError):
        return date.max


def written(moment: date) -> str:
    return f"{moment:%d/%m/%Y}"


# Checks by what they compare ----------------------------------------------------------------------
def in_order(*keys: str) -> Check:
    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        given = [(key, found) for key in keys if (found := known_day(answers, key))]
        wrong = [key for (_before, earlier), (key, found) in pairwise(given) if found < earlier]
        return [Doubt(key, _("Mốc này phải sau mốc liền trước nó.")) for key in wrong]

    return check


def in_force(key: str) -> Check:
    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        until = known_day(answers, key)
        if until is None or until >= matter.on:
            return []
        return [Doubt(key, _("Giấy tờ này đã hết hạn ngày %(day)s.") % {"day": written(until)})]

    return check


def within(part: str, whole: str) -> Check:
    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        inner, outer = known_amount(answers, part), known_amount(answers, whole)
        if inner is None or outer is None or inner <= outer:
            return []
        return [Doubt(part, _("Số này không được lớn hơn tổng số."))]

    return check


def rows_add_up(column: str, total: str) -> Check:
    """`column` is named with its table: `jobs.count`."""
    table, _dot, name = column.partition(".")

    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        kept = answers.get(table)
        parts = [known_amount(row, name) for row in kept if isinstance(row, Mapping)] if isinstance(kept, list) else []
        told = known_amount(answers, total)
        known = [part for part in parts if part is not None]
        if told is None or not known or len(known) < len(parts) or sum(known) == told:
            return []
        return [Doubt(total, _("Tổng các dòng là %(sum)s, khác số đã khai.") % {"sum": grouped(sum(known))})]

    return check


def any_yes(*keys: str) -> Check:
    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        if any(answers.get(key) is not False for key in keys):
            return []
        return [Doubt(keys[0], _("Chọn ít nhất một nội dung điều chỉnh."))]

    return check


def told_when_yes(key: str, sentence: Promise) -> Check:
    """A yes is worth a second look, and filed all the same."""

    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        return [Doubt(key, str(sentence), blocks=False)] if is_yes(answers, key) else []

    return check


# The filing window --------------------------------------------------------------------------------
def window(key: str) -> Check:
    """`key` is the day of the event from which the procedure's own row counts (`ProcedureVersion.filing_window`)."""

    def check(answers: Answers, matter: Matter) -> list[Doubt]:
        event, rule = known_day(answers, key), matter.dossier.version.filing_window
        if event is None or not rule or (rule.get("cases") and matter.case not in rule["cases"]):
            return []
        span = _span(event, rule)
        return [] if span.includes(matter.on) else [Doubt(key, _outside(span), blocks=False)]

    return check


def _span(event: date, rule: Mapping[str, Any]) -> clock.Window:
    """A row without `max` leaves the far end open."""
    least, most, unit = rule.get("min") or 0, rule.get("max"), rule.get("unit")
    is_before = rule.get("relation") == "before"
    if is_before and unit != "working_day":
        return clock.filing_window(event, (event - date.min).days if most is None else most, least)
    sign = -1 if is_before else 1
    near = _moved(event, sign * least, unit)
    far = (date.min if is_before else date.max) if most is None else _moved(event, sign * most, unit)
    return clock.Window(min(near, far), max(near, far))


def _moved(event: date, days: int, unit: str | None) -> date:
    # The working day from the event on would come too late where the window opens with the event itself.
    if unit != "working_day" or not days:
        return event + timedelta(days)
    return CalendarDay.calendar().add_working_days(event, days)


def _outside(span: clock.Window) -> str:
    ends = {"opens": written(span.opens), "closes": written(span.closes)}
    if span.opens == date.min:
        return _("Ngày nộp nằm ngoài khoảng nộp hồ sơ: chậm nhất ngày %(closes)s.") % ends
    if span.closes == date.max:
        return _("Ngày nộp nằm ngoài khoảng nộp hồ sơ: sớm nhất ngày %(opens)s.") % ends
    return _("Ngày nộp nằm ngoài khoảng nộp hồ sơ: từ %(opens)s đến %(closes)s.") % ends


# Each maker gets the keys after the colon and gives the check.
MAKERS: dict[str, Callable[..., Check]] = {
    "in_order": in_order,
    "in_force": in_force,
    "within": within,
    "rows_add_up": rows_add_up,
    "any_yes": any_yes,
    "window": window,
}
