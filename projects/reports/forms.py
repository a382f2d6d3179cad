"""The sheet of one report as a form: a field for each cell, numbers as people here type them, checks across lines.

What is kept of a draft is what was typed (`raw`); what is filed is what was read (`values`).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.cells import CONTROL, to_number
from izportal.templatetags.area import grouped
from projects.models import Report, ReportPeriod
from projects.reports import checks
from projects.reports.duties import Subject
from projects.reports.lines import PERIOD, TEXT, TOTAL, UNITS, Row, form_of, name_of, rows_of

LONGEST_TEXT, LONGEST_CAUSE, LONGEST_NUMBER = 4000, 500, 60
REASON = "reason--"


class NumberText(forms.CharField):
    """`1.234,5`, `1,234.5` or `1 234,5`; empty where nothing is said."""

    def __init__(self, *, line: Any, **options: Any) -> None:
        self.line = line
        attrs = {"inputmode": "decimal", "class": "num", "autocomplete": "off"}
        super().__init__(
            required=False, max_length=LONGEST_NUMBER, widget=forms.TextInput(attrs=attrs), **options
        )  # fmt: skip

    def to_python(self, value: Any) -> Decimal | None:
        try:
            number = to_number(super().to_python(value), places=self.line.places)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        if number is not None and number < 0 and not self.line.signed:
            raise forms.ValidationError(_("Dòng này không nhận số âm."))
        if number is not None and self.line.most and number > Decimal(self.line.most):
            raise forms.ValidationError(_("Không được lớn hơn %(most)s.") % {"most": self.line.most})
        return number

    def run_validators(self, value: Any) -> None:
        """The length of what was typed says nothing about the number."""


class Words(forms.CharField):
    def __init__(self, *, longest: int, rows: int = 2, **options: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=longest, widget=widget, **options)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if CONTROL.search(text):
            raise forms.ValidationError(_("Có ký tự điều khiển không đọc được."))
        return text


class ReportForm(forms.Form):
    """`before` is the version of the period before, `corrects` the one that this sheet would supersede."""

    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, period: ReportPeriod, subject: Subject, before: Report | None = None,
        corrects: Report | None = None, **options: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, label_suffix="", **options)
        self.period, self.subject, self.before, self.corrects = period, subject, before, corrects
        self.about = {"period": period, "subject": subject, "before": before, "corrects": corrects}
        self.sheet_form = form_of(period)
        self.investors = investors_of(period, subject)
        self.rows = self.sheet_form.rows(self.investors)
        for row in self.rows:
            self._add(row)
        if corrects is not None:
            label = gettext_lazy("Lý do sửa báo cáo đã nộp")
            self.fields["cause"] = Words(label=label, longest=LONGEST_CAUSE)
        for name in [name for name in (data or options.get("initial") or {}) if name.startswith(REASON)]:
            self._ask(name, "")

    def _add(self, row: Row) -> None:
        for column, name in row.names():
            label = f"{row.label}, {self.sheet_form.label_of(column).lower()}" if column != TEXT else row.label
            if column == TEXT:
                self.fields[name] = Words(
                    label=label, longest=LONGEST_TEXT, rows=row.line.rows or 2, required=row.line.required
                )
            else:
                self.fields[name] = NumberText(line=row.line, label=label)

    # Reading

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        sheet = self._sheet(cleaned)
        checks.fill(sheet)
        self.numbers = sheet.numbers
        self._demand(sheet)
        found = checks.find(sheet)
        for name, sentence in found.errors:
            if name not in self.errors:
                self.add_error(name, sentence)
        self._doubt(found.doubts)
        return cleaned

    def _sheet(self, cleaned: dict[str, Any]) -> checks.Sheet:
        names = [name for row in self.rows for column, name in row.names() if column != TEXT]
        return checks.Sheet(
            form=self.sheet_form, rows=self.rows, numbers={name: cleaned.get(name) for name in names},
            before=numbers_of(self.before), origin=self.subject.project.origin, rate=self.period.exchange_rate,
        )  # fmt: skip

    def _demand(self, sheet: checks.Sheet) -> None:
        for row in self.rows:
            for column, name in row.names():
                if row.line.required and column != TEXT and sheet.numbers[name] is None and name not in self.errors:
                    self.add_error(name, _("Chưa ghi; ghi 0 nếu không phát sinh."))

    def _doubt(self, doubts: dict[str, tuple[str, str]]) -> None:
        """What is unusual passes with a reason; the question stays on the page while it is in doubt."""
        self.reasons = {}
        for key, (_name, sentence) in doubts.items():
            self._ask(f"{REASON}{key}", sentence)
            text = str(self.data.get(f"{REASON}{key}", "")).strip()[:LONGEST_CAUSE]
            if CONTROL.search(text):
                self.add_error(f"{REASON}{key}", _("Có ký tự điều khiển không đọc được."))
            elif text:
                self.reasons[key] = {"sentence": sentence, "text": text}
            else:
                told = {"sentence": sentence}
                self.add_error(f"{REASON}{key}", _("%(sentence)s Nếu số đúng, hãy ghi lý do.") % told)

    def _ask(self, name: str, sentence: str) -> None:
        row, _dot, column = name.removeprefix(REASON).rpartition(".")
        whose = next((one.label for one in self.rows if one.key == row), None)
        if whose is None and not sentence:
            return  # no question of this sheet
        label = _("Giải trình: %(line)s") % {"line": whose or row}
        self.fields[name] = Words(label=label, longest=LONGEST_CAUSE, required=False, help_text=sentence)

    @property
    def raw(self) -> dict[str, str]:
        """What was typed, as a draft keeps it."""
        names = [*self.fields, *(name for name in self.data if name.startswith(REASON))]
        typed = {name: str(self.data.get(name, "")).replace("\0", "") for name in names}
        return {name: text[: LONGEST_TEXT * 2] for name, text in typed.items() if text.strip()}

    @property
    def values(self) -> dict[str, dict[str, str]]:
        """What is filed, once the sheet is sound."""
        found: dict[str, dict[str, str]] = {}
        for row in self.rows:
            for column, name in row.names():
                value = self.cleaned_data.get(name) if column == TEXT else self.numbers.get(name)
                if value not in (None, ""):
                    found.setdefault(row.key, {})[column] = value if column == TEXT else format(value, "f")
        return found

    # Showing

    @property
    def address(self) -> str:
        return reverse("projects:report_edit", args=[self.period.code, self.subject.code])

    def parts(self) -> Iterator[dict[str, Any]]:
        """The sections for the page: each row with its cells, its unit and what stood in the period before."""
        for section in self.sheet_form.sections:
            rows = [self._shown(row) for row in rows_of(section, self.investors)]
            yield {"title": section.title, "key": section.key, "rows": rows}

    def _shown(self, row: Row) -> dict[str, Any]:
        unit = UNITS[row.line.unit_for(self.subject.project.origin)]
        before = (self.before.values if self.before else {}).get(row.key, {})
        cells = {column: self[name] for column, name in row.names()}
        last = [(self.sheet_form.label_of(column), before[column]) for column in row.line.columns if column in before]
        return {
            "row": row, "unit": unit, "cells": cells, "period": cells.get(PERIOD), "total": cells.get(TOTAL),
            "text": cells.get(TEXT), "before": [] if TEXT in row.line.columns else last,
        }  # fmt: skip

    @property
    def asked(self) -> list[Any]:
        """The questions of doubt, and why a filed report is corrected."""
        return [self[name] for name in self.fields if name.startswith(REASON) or name == "cause"]


def investors_of(period: ReportPeriod, subject: Subject) -> list[dict[str, str]]:
    """Who stood behind the project on the last day of the period."""
    rows = subject.project.contributions.standing(on=period.cut_off_on).select_related("investor").order_by("pk")
    return [{"key": str(row.investor_id), "label": row.investor.name} for row in rows]


def numbers_of(report: Report | None) -> dict[str, Decimal]:
    """{name of a cell: number} of a version."""
    if report is None:
        return {}
    return {
        name_of(key, column): Decimal(value)
        for key, columns in report.values.items()
        for column, value in columns.items()
        if column != TEXT
    }


def typed_from(report: Report) -> dict[str, str]:
    """A version as it would have been typed, to be corrected."""
    form, found = form_of(report.period), {}
    for key, columns in report.values.items():
        line = form.lines.get(key.partition(":")[0])
        for column, value in columns.items() if line else ():
            found[name_of(key, column)] = value if column == TEXT else typed(Decimal(value), line.places)
    return {**found, **{f"{REASON}{key}": said["text"] for key, said in report.reasons.items()}}


def typed_before(report: Report | None) -> dict[str, str]:
    """What of the period before still holds until somebody says otherwise: what stands rather than adds up."""
    if report is None:
        return {}
    form = form_of(report.period)
    codes = {f"{code}--" for code, line in form.lines.items() if line.stock}
    return {name: text for name, text in typed_from(report).items() if name.startswith(tuple(codes))}


def typed(number: Decimal, places: int) -> str:
    """As people of this language type it; ungrouped where three decimals could be taken for thousands."""
    if places < 3:
        return grouped(number, at_most=places).replace("\N{MINUS SIGN}", "-")
    text = format(number.normalize(), "f")
    return text.replace(".", ",") if translation.get_language() != "en" else text
