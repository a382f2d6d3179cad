"""Who has reported in a period and who has not: the list of the board, narrowed by its filters, and its sheets."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from tablib import Dataset

from izportal import sheets
from izportal.folding import fold
from izportal.lists import SearchForm
from izportal.models import User
from izportal.templatetags.date import local
from projects.models import Project, ReportPeriod
from projects.reports import duties
from projects.reports.duties import Duty
from projects.reports.lines import TEXT, UNITS, form_of
from zones.models import Zone

OWED = "owed"
STATES = [
    ("", _("Mọi tình trạng")), (OWED, _("Chưa có báo cáo dùng được")), (duties.MISSING, _("Chưa nộp")),
    (duties.DRAFT, _("Lưu nháp")), (duties.WAITING, _("Chờ duyệt")), (duties.ACCEPTED, _("Đã tiếp nhận")),
    (duties.RETURNED, _("Yêu cầu chỉnh sửa")),
]  # fmt: skip
WORDS = dict(STATES)


class StandingForm(SearchForm):
    state = forms.ChoiceField(label=_("Tình trạng"), initial="", choices=STATES)
    zone = forms.ChoiceField(label=_("Khu công nghiệp"), initial="")
    origin = forms.ChoiceField(
        label=_("Nguồn vốn"), initial="", choices=[("", _("FDI và DDI")), *Project.Origin.choices]
    )

    def __init__(self, data: Any, *, user: User, **options: Any) -> None:
        super().__init__(data, **options)
        zones = [(zone.code, zone.short_name) for zone in Zone.objects.editable_by(user)]
        self.fields["zone"].choices = [("", _("Mọi khu")), *zones]

    def narrowed(self, rows: Iterable[Duty]) -> list[Duty]:
        asked = {name: self.chosen(name) for name in self.fields} if self.is_valid() else {}
        return [row for row in rows if self._fits(row, asked)]

    @staticmethod
    def _fits(row: Duty, asked: dict[str, str]) -> bool:
        project, state = row.subject.project, asked.get("state")
        words = fold(asked.get("q") or "").split()
        text = fold(f"{row.subject.code} {row.subject} {project.enterprise} {_tax_code(project)}")
        return (
            (not state or (row.is_owed if state == OWED else row.state == state))
            and (not asked.get("zone") or project.zone.code == asked["zone"])
            and (not asked.get("origin") or project.origin == asked["origin"])
            and all(word in text for word in words)
        )


def of(period: ReportPeriod, *, user: User) -> list[Duty]:
    """Everything owed in the period that this officer sees; real projects, or sample ones while there are none."""
    return duties.of_period(period, Project.objects.visible_to(user).countable())


def tally(rows: Iterable[Duty]) -> list[tuple[str, Any, int]]:
    """(state, its word, how many), in the order of the work."""
    counts = Counter(row.state for row in rows)
    return [(state, WORDS[state], counts[state]) for state, _word in STATES[2:]]


# Sheets -------------------------------------------------------------------------------------------
HEADINGS = ("Kỳ", "Mã dự án", "Dự án", "Tổ chức kinh tế", "Mã số thuế", "Khu", "Nguồn vốn", "Tình trạng",
            "Số biên nhận", "Nộp lúc", "Nộp sau hạn", "Nhập từ bản giấy")  # fmt: skip


def sheet(period: ReportPeriod, rows: Iterable[Duty], *, with_lines: bool = False) -> bytes:
    """The list as Excel; with the numbers of every line where asked for. Headings are part of the file's form."""
    cells = _cells(period) if with_lines else []
    data = Dataset(title=f"Kỳ {period.code}")
    data.headers = [*HEADINGS, *(heading for _key, _column, heading in cells)]
    for row in rows:
        data.append([*_plain(row), *(_value(row, key, column) for key, column, _heading in cells)])
    return sheets.Excel().export_data(data)


def _plain(row: Duty) -> list[Any]:
    project, report = row.subject.project, row.report
    filed = [report.reference, local(report.recorded_at).replace(tzinfo=None)] if report else ["", None]
    marks = [("Có" if mark else "") for mark in (report.is_late, report.is_from_paper)] if report else ["", ""]
    return [
        row.period.code, row.subject.code, str(row.subject), str(project.enterprise), _tax_code(project),
        project.zone.code, project.get_origin_display(), str(WORDS[row.state]), *filed, *marks,
    ]  # fmt: skip


def _tax_code(project: Project) -> str:
    return project.enterprise.tax_code if project.enterprise else ""


def _cells(period: ReportPeriod) -> list[tuple[str, str, str]]:
    """Lines that repeat for each investor differ between reports and stay out."""
    form = form_of(period)
    found = []
    for code, line in form.lines.items():
        unit = "USD (FDI), VND (DDI)" if line.unit == "own" else str(UNITS[line.unit])
        for column in () if line.per else line.columns:
            place = f", {form.label_of(column).lower()}" if column != TEXT else ""
            found.append((code, column, f"{line.label}{place}" + (f" ({unit})" if unit else "")))
    return found


def _value(row: Duty, key: str, column: str) -> Any:
    value = (row.report.values if row.report else {}).get(key, {}).get(column)
    return value if value is None or column == TEXT else Decimal(value)
