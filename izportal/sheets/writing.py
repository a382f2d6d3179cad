"""Small tables written to Excel and CSV; no cell is ever written as a formula."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import timezone
from import_export.formats import base_formats

from izportal import workbooks
from izportal.cells import DATE, MOMENT, TEXT, Broken, neutral
from izportal.sheets.reading import Sheet, read
from izportal.workbooks import FIRST_DAY, FORMS, MOST_DIGITS


class Cells:
    """Writes values of any kind into the pages of a book: numbers and days as such, every text as text."""

    def __init__(self, book: Any, **look: Any) -> None:
        forms = {"": "General", TEXT: FORMS[TEXT], DATE: FORMS[DATE], MOMENT: FORMS[MOMENT]}
        self.forms = {kind: book.add_format({"num_format": form, **look}) for kind, form in forms.items()}

    def write(self, page: Any, row: int, place: int, value: Any) -> None:
        if isinstance(value, datetime) and timezone.is_aware(value):
            value = timezone.localtime(value).replace(tzinfo=None)
        kind = _kind(value)
        form = self.forms[kind]
        if value in (None, "") or isinstance(value, Broken):
            page.write_blank(row, place, None, form)
        elif kind == TEXT:
            page.write_string(row, place, workbooks.cell_text(_said(value)), form)
        elif kind:
            page.write_datetime(row, place, value, form)
        elif isinstance(value, bool):
            page.write_boolean(row, place, value, form)
        else:
            page.write_number(row, place, value, form)


def _kind(value: Any) -> str:
    """Days before the calendar of Excel and numbers with more digits than it keeps are texts."""
    if value is None or isinstance(value, bool | float):
        return ""
    if isinstance(value, int):
        return "" if abs(value) < 10**MOST_DIGITS else TEXT
    if isinstance(value, Decimal):
        return "" if len(value.normalize().as_tuple().digits) <= MOST_DIGITS else TEXT
    if isinstance(value, datetime):
        return MOMENT if value.date() >= FIRST_DAY else TEXT
    return DATE if isinstance(value, date) and value >= FIRST_DAY else TEXT


def _said(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


class Excel(base_formats.XLSX):
    """Typed cells: numbers and dates as such, every text as text."""

    def get_title(self) -> str:
        return "Excel (.xlsx)"

    def create_dataset(self, in_stream: bytes) -> Sheet:
        return read(in_stream)

    def export_data(self, dataset: Any, **kwargs: Any) -> bytes:
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, {"in_memory": True})
        page, cells = book.add_worksheet(workbooks.sheet_name(dataset.title or "")), Cells(book)
        head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "num_format": FORMS[TEXT]})
        for place, heading in enumerate(dataset.headers):
            page.write_string(0, place, workbooks.cell_text(heading), head)
            widest = max([len(str(heading)) // 2, *(len(str(row[place] or "")) for row in dataset[:200])])
            page.set_column(place, place, min(max(widest + 2, 10), 60))
        for number, row in enumerate(dataset, start=1):
            for place, value in enumerate(row):
                cells.write(page, number, place, value)
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(dataset), 1), max(len(dataset.headers) - 1, 0))
        book.close()
        return out.getvalue()


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
