"""Small tables written to Excel and CSV; no cell is ever written as a formula."""

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
from django.utils import timezone
from import_export.formats import base_formats
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from izportal.cells import neutral
from izportal.sheets.reading import Sheet, read


class Excel(base_formats.XLSX):
    """Typed cells: numbers and dates as such, every text as text."""

    def get_title(self) -> str:
        return "Excel (.xlsx)"

    def create_dataset(self, in_stream: bytes) -> Sheet:
        return read(in_stream)

    def export_data(self, dataset: Any, **kwargs: Any) -> bytes:
        book = openpyxl.Workbook()
        sheet = book.active
        sheet.title = re.sub(r"[\\*?:/\[\]]", "-", dataset.title or "Bảng")[:31]
        sheet.freeze_panes = "A2"
        for number, row in enumerate([dataset.headers, *dataset], start=1):
            for column, value in enumerate(row, start=1):
                _write(sheet.cell(number, column), value)
        for column, heading in enumerate(dataset.headers, start=1):
            head = sheet.cell(1, column)
            head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
            widest = max([len(str(heading)) // 2, *(len(str(row[column - 1] or "")) for row in dataset[:200])])
            sheet.column_dimensions[get_column_letter(column)].width = min(max(widest + 2, 10), 60)
        sheet.auto_filter.ref = sheet.dimensions
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


def _write(cell: Any, value: Any) -> None:
    value = neutral(value)
    if isinstance(value, datetime):
        value = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    cell.value = value
    if isinstance(value, str):
        cell.data_type, cell.number_format = "s", "@"
    elif isinstance(value, date):
        cell.number_format = "dd/mm/yyyy"


class Csv(base_formats.CSV):
    """For other programs: UTF-8 with its mark, a comma between cells, a point before decimals, dates as yyyy-mm-dd."""

    def get_title(self) -> str:
        return "CSV (UTF-8)"

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"

    def create_dataset(self, in_stream: bytes, **kwargs: Any) -> Sheet:
        return read(in_stream)

    def export_data(self, dataset: Any, **kwargs: Any) -> bytes:
        out = io.StringIO()
        writer = csv.writer(out, quoting=csv.QUOTE_ALL)
        for row in [dataset.headers, *dataset]:
            writer.writerow([_written(value) for value in row])
        return out.getvalue().encode("utf-8-sig")


def _written(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize(), "f")
    if isinstance(value, datetime):
        return (
            timezone.localtime(value).isoformat(timespec="minutes") if timezone.is_aware(value) else value.isoformat()
        )
    return "" if value is None else str(neutral(value) if isinstance(value, str) else value)


FORMATS = [Excel, Csv]
