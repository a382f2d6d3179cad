"""Which lines a report has: read from `projects/data/report_lines.json`, never written as columns of a table.

A line that repeats for each investor becomes a row per investor. A cell is a row in one of its columns: `period` (of
this period alone), `total` (from the beginning up to the last day) or `text`.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from izportal.models import Confidence
from projects.models import Project
from projects.report_models import ReportPeriod

FILE = settings.BASE_DIR / "projects/data/report_lines.json"
PERIOD, TOTAL, TEXT = "period", "total", "text"
UNITS = {
    "usd": "USD", "vnd": _("đồng"), "person": _("người"), "vnd_month": _("đồng/tháng"), "kwh": "kWh",
    "tonne": _("tấn"), "litre": _("lít"), "m3": "m³", "m3_day": _("m³/ngày"), "m2": "m²", "ha": "ha", "percent": "%",
    "piece": _("doanh nghiệp"), "text": "",
}  # fmt: skip


def said(vi: str, en: str) -> str:
    """A text of the data file in the reader's language."""
    return vi if (get_language() or "vi").startswith("vi") else en


_said = lazy(said, str)


@dataclass(frozen=True)
class Line:
    code: str
    label: Any
    unit: str
    columns: tuple[str, ...]
    hint: Any = ""
    places: int = 2
    signed: bool = False
    required: bool = False
    public: bool = False
    # What stands at the end of the period rather than adding up.
    stock: bool = False
    per: str = ""
    most: str = ""
    rows: int = 0

    def unit_for(self, origin: str) -> str:
        """The code of the unit in which a project of this origin reports the line."""
        if self.unit != "own":
            return self.unit
        return "usd" if origin == Project.Origin.FDI else "vnd"


@dataclass(frozen=True)
class Row:
    """A line as one report has it: `key` is its code, and the investor's number behind a colon where it repeats."""

    line: Line
    key: str
    whose: str = ""

    @property
    def label(self) -> str:
        return f"{self.line.label} – {self.whose}" if self.whose else str(self.line.label)

    def names(self) -> Iterator[tuple[str, str]]:
        """(column, name of its field)."""
        return ((column, name_of(self.key, column)) for column in self.line.columns)


def name_of(key: str, column: str) -> str:
    return f"{key}--{column}"


@dataclass(frozen=True)
class Section:
    key: str
    title: Any
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Form:
    """A form in one version; `checks` as the data file has them."""

    code: str
    number: int
    kind: str
    title: Any
    period_label: Any
    note: Any
    confidence: str
    sections: tuple[Section, ...]
    checks: tuple[dict[str, Any], ...] = field(default=(), hash=False)

    @cached_property
    def lines(self) -> dict[str, Line]:
        return {line.code: line for section in self.sections for line in section.lines}

    @property
    def is_settled(self) -> bool:
        return self.confidence in Confidence.settled()

    def label_of(self, column: str) -> str:
        return {PERIOD: str(self.period_label), TOTAL: str(_("Lũy kế / cuối kỳ")), TEXT: ""}[column]

    def rows(self, investors: Iterable[dict[str, Any]]) -> list[Row]:
        return [row for section in self.sections for row in rows_of(section, investors)]


def rows_of(section: Section, investors: Iterable[dict[str, Any]]) -> list[Row]:
    found: list[Row] = []
    for line in section.lines:
        found += [Row(line, f"{line.code}:{one['key']}", one["label"]) for one in investors] if line.per else []
        found += [] if line.per else [Row(line, line.code)]
    return found


@cache
def forms() -> dict[str, Form]:
    """{kind of period: its form}."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    lines = {code: _line(code, row) for code, row in data["lines"].items()}
    return {row["kind"]: _form(code, row, lines) for code, row in data["forms"].items()}


def form_of(period: ReportPeriod) -> Form:
    return forms()[period.kind]


def _line(code: str, row: dict[str, Any]) -> Line:
    plain = {name: row[name] for name in row if name not in ("vi", "en", "hint_vi", "hint_en", "columns")}
    hint = _said(row["hint_vi"], row["hint_en"]) if "hint_vi" in row else ""
    return Line(code=code, label=_said(row["vi"], row["en"]), hint=hint, columns=tuple(row["columns"]), **plain)


def _form(code: str, row: dict[str, Any], lines: dict[str, Line]) -> Form:
    sections = [
        Section(part["key"], _said(part["vi"], part["en"]), tuple(lines[one] for one in part["lines"]))
        for part in row["sections"]
    ]
    return Form(
        code=code, number=row["number"], kind=row["kind"], title=_said(row["vi"], row["en"]),
        period_label=_said(row["period_vi"], row["period_en"]), note=_said(row["note_vi"], row["note_en"]),
        confidence=row["confidence"], sections=tuple(sections), checks=tuple(row["checks"]),
    )  # fmt: skip
