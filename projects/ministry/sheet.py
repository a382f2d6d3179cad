"""A form of the ministry as Excel, cell by cell. The same form gives the same bytes for ever: the days within the file
are those of the form, and none is taken from the clock."""

import io
import re
import zipfile
from datetime import UTC
from decimal import Decimal
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from izportal.cells import neutral
from izportal.templatetags.date import local
from projects.models import MinistryReport

EPOCH = (1980, 1, 1, 0, 0, 0)
CREATED = re.compile(rb"(<dcterms:created[^>]*>)[^<]*(</dcterms:created>)")
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
LAYOUT = "Bố cục chưa đối chiếu với văn bản của Bộ. Ô ghi x: chưa có số liệu."
HEAD, LACKING = 6, "x"


def export(row: MinistryReport) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.title = f"{row.form}.H.QLKKT"
    _top(page, row)
    first = _headings(page, row.content)
    last = _rows(page, row.content, first)
    _foot(page, row, last)
    out = io.BytesIO()
    book.save(out)
    return _settled(out.getvalue(), row)


def _top(page: Any, row: MinistryReport) -> None:
    page["A1"] = "BAN QUẢN LÝ CÁC KHU CÔNG NGHIỆP TỈNH THÁI NGUYÊN"
    page["A2"] = f"Biểu {row.form}.H.QLKKT"
    page["A3"] = row.content["title"].upper()
    page["A4"] = f"{row.period_name}: {row.starts_on:%d/%m/%Y} – {row.cut_off_on:%d/%m/%Y}"
    page["A5"] = "DỮ LIỆU MẪU, MINH HỌA" if row.is_sample else None
    for place in ("A1", "A2", "A3"):
        page[place].font = Font(bold=True)


def _headings(page: Any, content: dict[str, Any]) -> int:
    """Two lines: groups over columns; each unit under its heading."""
    columns = _columns(content)
    line = Side(style="thin")
    for place, one in enumerate(columns, start=1):
        text = f"{one['label']} ({one['unit']})" if one["unit"] else one["label"]
        for at, value in ((HEAD, one["group"]), (HEAD + 1, text), (HEAD + 2, f"({place})")):
            cell = page.cell(at, place, value or None)
            cell.font, cell.border = Font(bold=True), Border(line, line, line, line)
            cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        page.column_dimensions[get_column_letter(place)].width = 30 if place == 1 else 16
    page.freeze_panes = page.cell(HEAD + 3, 2)
    return HEAD + 3


def _columns(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The labels of rows stand in a column of their own where the form has indicators."""
    first = {"code": "", "label": content["first"], "unit": "", "group": "", "lacking": "", "is_number": False}
    return [*([first] if content["first"] else []), *content["columns"]]


def _rows(page: Any, content: dict[str, Any], first: int) -> int:
    at, group, columns = first, "", _columns(content)
    for row in content["rows"]:
        if row["group"] != group:
            group = row["group"]
            page.cell(at, 1, group).font = Font(bold=True)
            at += 1
        for place, one in enumerate(columns, start=1):
            _put(page.cell(at, place), _value(row, one), is_number=one["is_number"])
        at += 1
    if content["sums"]:
        page.cell(at, 1, "Tổng cộng").font = Font(bold=True)
        for place, one in enumerate(columns, start=1):
            if one["code"] in content["sums"]:
                _put(page.cell(at, place), content["sums"][one["code"]], is_number=True)
        at += 1
    return at


def _value(row: dict[str, Any], column: dict[str, Any]) -> Any:
    if not column["code"]:
        return row["label"]
    value = row["cells"].get(column["code"], {}).get("value")
    return LACKING if value is None else value


def _put(cell: Any, value: Any, *, is_number: bool) -> None:
    """Numbers as numbers; codes, however many digits they have, as text."""
    if is_number and value != LACKING:
        number = Decimal(value)
        cell.value, cell.number_format = number, "#,##0.#####" if number % 1 else "#,##0"
        return
    cell.value = neutral(value)
    cell.data_type, cell.alignment = "s", Alignment(wrap_text=True, vertical="top")


def _foot(page: Any, row: MinistryReport, at: int) -> None:
    known = f"{local(row.as_known):%d/%m/%Y %H:%M}"
    said = [LAYOUT, row.content["note"], f"Theo sổ đã ghi đến {known}. SHA-256: {row.sha256}"]
    if row.content["coverage"]:
        said.append(
            "Số lấy từ báo cáo: {} dự án đã báo cáo trên {} dự án còn hiệu lực.".format(*row.content["coverage"])
        )
    said += [f"{one['label']}: {one['lacking']}" for one in row.content["columns"] if one["lacking"]]
    said.append(f"Người lập: {row.drafted_by}")
    said.append(_signature(row))
    for place, text in enumerate((text for text in said if text), start=at + 1):
        page.cell(place, 1, neutral(text)).data_type = "s"


def _signature(row: MinistryReport) -> str:
    if row.frozen_at is None:
        return "BẢN NHÁP, CHƯA DUYỆT"
    return f"Người duyệt: {row.signed_by}, {local(row.frozen_at):%d/%m/%Y %H:%M}"


def _settled(data: bytes, row: MinistryReport) -> bytes:
    """The package again, with the moment of the form in place of the clock's, and no day on its parts."""
    moment = (row.frozen_at or row.drafted_at).astimezone(UTC)
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name in sorted(read.namelist()):
            part = read.read(name)
            if name == "docProps/core.xml":
                part = CREATED.sub(rb"\g<1>" + stamp + rb"\g<2>", MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", part))
            entry = zipfile.ZipInfo(name, date_time=EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(entry, part)
    return out.getvalue()
