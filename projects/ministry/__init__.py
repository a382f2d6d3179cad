"""The board's own reports to the ministry: drawn up by one person from the register and the reports, signed off by a
second one, then frozen. Nothing moves a frozen report; what has changed since is listed beside it."""

import hashlib
import json
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import roles
from izportal.models import User
from projects.ministry import drawing
from projects.ministry.forms import forms
from projects.ministry.reading import Book
from projects.models import Change, MinistryReport, Report, ReportPeriod
from projects.reports.lines import forms as report_forms

__all__ = ["MinistryRefused", "changed_cells", "draw_up", "late_records", "redraw", "sign"]


class MinistryRefused(Exception):
    """What stands in the way, as a sentence for the reader."""


@transaction.atomic
def draw_up(
    *, form: str, period_name: str, starts_on: date, cut_off_on: date, report_period: ReportPeriod | None, by: User,
    at: datetime, as_known: date | None = None, note: str = "",
) -> MinistryReport:  # fmt: skip
    """Draw up a form as the books stood by the end of `as_known`, or stand now. Raises `MinistryRefused`."""
    _check(by, "draw_up_ministry")
    known = _end_of(as_known) if as_known else at
    if cut_off_on > timezone.localdate(at) or known > at:
        raise MinistryRefused(_("Ngày cuối kỳ và ngày ghi sổ không được ở tương lai."))
    row = MinistryReport(
        form=form, period_name=period_name, starts_on=starts_on, cut_off_on=cut_off_on, as_known=known,
        report_period=report_period, drafted_by=by, drafted_at=at, note=note,
    )  # fmt: skip
    _draw(row)
    row.full_clean(exclude=["content", "definitions", "sha256"])
    row.save()
    return row


@transaction.atomic
def redraw(report: MinistryReport, *, by: User, at: datetime) -> MinistryReport:
    """Draw a draft anew from the books as they stand now; whoever does it becomes its drafter."""
    _check(by, "draw_up_ministry")
    row = _draft(report)
    row.as_known, row.drafted_by, row.drafted_at = at, by, at
    _draw(row)
    row.save()
    return row


@transaction.atomic
def sign(report: MinistryReport, *, seen: str, by: User, at: datetime) -> MinistryReport:
    """Sign off the draft whose hash was `seen`, and freeze it. Raises `MinistryRefused` and `PermissionDenied`."""
    _check(by, "sign_ministry")
    row = _draft(report)
    if row.drafted_by_id == by.pk:
        raise MinistryRefused(_("Người duyệt phải là người khác với người lập."))
    if row.sha256 != seen or row.sha256 != digest(row):
        raise MinistryRefused(_("Bản nháp vừa được lập lại; hãy xem lại rồi duyệt."))
    row.signed_by, row.frozen_at = by, at
    row.save()
    return row


def _check(by: User, deed: str) -> None:
    if not roles.may(by, deed):
        raise PermissionDenied


def _draft(report: MinistryReport) -> MinistryReport:
    row = MinistryReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if row.is_frozen:
        raise MinistryRefused(_("Biểu này đã được duyệt và khóa."))
    return row


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


def _draw(row: MinistryReport) -> None:
    book = book_of(row)
    row.content = drawing.draw(forms()[row.form], book)
    row.definitions = {row.form: forms()[row.form].number, **_versions(row)}
    row.is_sample, row.sha256 = book.is_sample, digest(row)


def _versions(row: MinistryReport) -> dict[str, int]:
    """Of the enterprises' forms that the columns rest on."""
    kinds = {*ReportPeriod.OF_DEVELOPERS, *([row.report_period.kind] if row.report_period else [])}
    return {form.code: form.number for kind, form in report_forms().items() if kind in kinds}


def book_of(row: MinistryReport, *, known: Any = ...) -> Book:
    moment = row.as_known if known is ... else known
    return Book(row.starts_on, row.cut_off_on, moment, row.report_period)


def digest(row: MinistryReport) -> str:
    said = [row.form, row.starts_on.isoformat(), row.cut_off_on.isoformat(), row.content, row.definitions]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


# What has changed since ---------------------------------------------------------------------------
def changed_cells(row: MinistryReport) -> list[tuple[str, str, Any, Any]]:
    """(row, column, then, now) of every cell that the same question would answer otherwise today."""
    now = drawing.draw(forms()[row.form], book_of(row, known=None))
    labels = {one["code"]: one["label"] for one in (*now["columns"], *row.content["columns"])}
    before, after = _by_key(row.content), _by_key(now)
    return [
        (name_of(before.get(key) or after[key]), labels[code], *pair)
        for key in dict.fromkeys((*before, *after))
        for code in labels
        if (pair := (_value(before.get(key), code), _value(after.get(key), code)))[0] != pair[1]
    ]


def late_records(row: MinistryReport) -> list[Change | Report]:
    """What was entered after the form was drawn up but belongs to its days; listed, never slipped in."""
    changes = Change.objects.filter(recorded_at__gt=row.as_known, effective_on__lte=row.cut_off_on)
    found: list[Change | Report] = list(
        changes.filter(project__is_sample=row.is_sample).select_related("project", "recorded_by").order_by("pk")
    )
    if row.report_period_id:
        reports = Report.objects.filter(period=row.report_period_id, recorded_at__gt=row.as_known)
        found += reports.filter(is_sample=row.is_sample).with_names().order_by("pk")
    return found


def _by_key(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in content["rows"]}


def _value(row: dict[str, Any] | None, code: str) -> Any:
    return row["cells"].get(code, {}).get("value") if row else None


def name_of(row: dict[str, Any]) -> str:
    """What a row is called: its own label, or what stands in its first column."""
    return row["label"] or row["cells"].get("name", {}).get("value") or row["key"]
