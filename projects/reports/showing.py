"""A report as its pages, its paper and the back office show it."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from izportal.models import User
from izportal.templatetags.area import grouped
from projects.models import Project, Report, ReportDraft, ReportPeriod
from projects.reports import filing
from projects.reports.duties import Duty
from projects.reports.forms import ReportForm
from projects.reports.lines import PERIOD, TEXT, TOTAL, UNITS, Form, form_of, rows_of

# How far back a report that was never filed is still asked for, and how far ahead one is announced.
LOOK_BACK, LOOK_AHEAD = timedelta(days=500), timedelta(days=100)
PAPER = "projects/papers/report.html"


def periods_on(day: date) -> list[ReportPeriod]:
    """The periods that a reader is shown: open or past not long ago, or about to open."""
    rows = ReportPeriod.objects.filter(opens_on__lte=day + LOOK_AHEAD, cut_off_on__gte=day - LOOK_BACK)
    return list(rows.order_by("cut_off_on", "code"))


def owed(rows: Iterable[Duty], day: date) -> list[Duty]:
    """What can and should be filed now, what is longest overdue first, then what falls due next."""
    found = [duty for duty in rows if duty.is_owed and duty.period.state_on(day) != ReportPeriod.State.COMING]
    return sorted(found, key=lambda duty: (duty.period.last_on or date.max, duty.period.cut_off_on, duty.subject.code))


def about(form: ReportForm) -> dict[str, Any]:
    """What the page of a sheet says of its form and of the version that it would supersede."""
    return {
        "sheet": form.sheet_form, "filed": form.corrects, "before": form.before,
        "period_label": form.sheet_form.label_of(PERIOD), "total_label": form.sheet_form.label_of(TOTAL),
        "is_late": form.period.is_late_on(timezone.localdate()),
    }  # fmt: skip


def conflict(form: ReportForm, draft: ReportDraft, user: User) -> dict[str, Any]:
    """Who kept what meanwhile, and what differs from what this page holds."""
    mine, names = form.raw, {**draft.typed, **form.raw}
    labels = {name: field.label for name, field in form.fields.items()}
    return {
        "is_conflict": True, "saver": draft.changed_by, "changed_at": draft.changed_at,
        "is_own": draft.changed_by_id == user.pk,
        "differences": [
            (labels.get(name, name), draft.typed.get(name, ""), mine.get(name, ""))
            for name in names
            if draft.typed.get(name, "") != mine.get(name, "")
        ],
    }  # fmt: skip


def parts_of_form(form: ReportForm) -> list[dict[str, Any]]:
    """The sections as they will be filed."""
    return parts(form.sheet_form, form.values, form.investors, form.subject.project.origin)


def parts(form: Form, values: dict[str, dict[str, str]], investors: list[dict], origin: str) -> list[dict[str, Any]]:
    """Each section with its rows: label, unit and the cells as text; a row of words stands by itself."""
    return [
        {
            "title": section.title,
            "rows": [_row(row, values.get(row.key, {}), origin) for row in rows_of(section, investors)],
        }
        for section in form.sections
    ]


def _row(row: Any, said: dict[str, str], origin: str) -> dict[str, Any]:
    cells = {column: amount(said.get(column)) if column in row.line.columns else None for column in (PERIOD, TOTAL)}
    return {
        "label": row.line.label, "whose": row.whose, "unit": UNITS[row.line.unit_for(origin)], **cells,
        "is_text": TEXT in row.line.columns, "text": said.get(TEXT, ""),
    }  # fmt: skip


def amount(value: str | None) -> str:
    return "" if value is None else grouped(Decimal(value), at_most=4)


def of_version(report: Report) -> dict[str, Any]:
    """A filed version with its line of versions and what it changed."""
    line = Report.objects.filter(period=report.period, project=report.project, phase=report.phase)
    versions = list(line.with_answer().with_names().order_by("-number"))
    older = next((row for row in versions if row.pk == report.supersedes_id), None)
    form = form_of(report.period)
    return {
        "report": report, "sheet": form, "versions": versions, "stands": versions[0].pk == report.pk,
        "parts": parts(form, report.values, report.rows, report.project.origin),
        "changes": [
            (label, column, amount_or_text(old), amount_or_text(new))
            for label, column, old, new in (filing.differences(older, report) if older else [])
        ],
        "answers": list(report.answers.select_related("by")), "older": older,
        "period_label": form.label_of(PERIOD), "total_label": form.label_of(TOTAL),
        "is_fdi": report.project.origin == Project.Origin.FDI,
    }  # fmt: skip


def amount_or_text(value: str | None) -> str:
    try:
        return amount(value) if value else "—"
    except ArithmeticError:
        return str(value)
