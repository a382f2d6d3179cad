"""A file written anew with its faults told in it, row by row, so that memory does not grow with it: every value stays
in its cell, looks do not."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

import xlsxwriter

from izportal import workbooks
from izportal.cells import Broken
from izportal.workbooks import DATE, FIRST_DAY, FORMS, MOMENT, MOST_DIGITS, TEXT

# The page of faults; a file that comes back with it is read without it.
FAULTS = "Danh sách lỗi"
RED = "#F2B8B5"
LOOKS = {"": "General", TEXT: FORMS[TEXT], DATE: FORMS[DATE], MOMENT: FORMS[MOMENT]}


class Copy:
    """The list of faults, then the pages of a file one after the other, each from its first row to its last."""

    def __init__(self, target: BinaryIO, head: Sequence[str], widths: Sequence[int]) -> None:
        self.book = xlsxwriter.Workbook(target, {"constant_memory": True, "in_memory": False})
        self.forms = {
            (kind, is_faulty): self.book.add_format({"num_format": form, **({"bg_color": RED} if is_faulty else {})})
            for kind, form in LOOKS.items() for is_faulty in (False, True)
        }  # fmt: skip
        self.names = {FAULTS.casefold()}
        self.listed = self.book.add_worksheet(FAULTS)
        bold = self.book.add_format({"bold": True})
        for place, (text, width) in enumerate(zip(head, widths, strict=True)):
            self.listed.set_column(place, place, width)
            self.listed.write_string(0, place, text, bold)
        self.listed.freeze_panes(1, 0)
        self.faults, self.page = 0, self.listed

    def turn(self, name: str) -> None:
        """Begin a page. Names that Excel does not tell apart are numbered."""
        name = workbooks.sheet_name(name)
        if name.casefold() in self.names:
            name = f"{len(self.names)} {name}"[:31]
        self.names.add(name.casefold())
        self.page = self.book.add_worksheet(name, worksheet_class=workbooks.QuickPage)

    def list(self, line: Sequence[Any]) -> None:
        """One more fault; what is past the last row of a page is not told."""
        self.faults += 1
        for place, value in enumerate(line if self.faults <= workbooks.MOST_ROWS else ()):
            self._cell(self.listed, self.faults, place, value, is_faulty=False)

    def write(self, row: int, cells: Sequence[Any], told: Mapping[int, Sequence[str]], *, is_commented: bool) -> None:
        """A row, counted from 0, with what is said of its cells by their place."""
        for place in range(max([len(cells), *(at + 1 for at in told)])):
            value = cells[place] if place < len(cells) else None
            if value not in (None, "") or place in told:
                self._cell(self.page, row, place, value, is_faulty=place in told)
        for place, sentences in told.items() if is_commented else ():
            self.page.write_comment(row, place, "\n".join(sentences)[:2000], {"author": "Cổng", "x_scale": 2})

    def _cell(self, page: Any, row: int, place: int, value: Any, *, is_faulty: bool) -> None:
        kind = _kind(value)
        form = self.forms[kind, is_faulty]
        if value in (None, "") or isinstance(value, Broken):
            page.write_blank(row, place, None, form)
        elif kind == TEXT:
            text = f"{value:%d/%m/%Y}" if isinstance(value, date) else value
            page.write_string(row, place, workbooks.cell_text(text), form)
        elif kind:
            page.write_datetime(row, place, value, form)
        elif isinstance(value, bool):
            page.write_boolean(row, place, value, form)
        else:
            page.write_number(row, place, value, form)

    def close(self) -> None:
        self.book.close()


def _kind(value: Any) -> str:
    if isinstance(value, date):
        is_held = (value.date() if isinstance(value, datetime) else value) >= FIRST_DAY
        return (MOMENT if isinstance(value, datetime) else DATE) if is_held else TEXT
    is_long = isinstance(value, int) and len(str(abs(value))) > MOST_DIGITS
    return TEXT if isinstance(value, str) or is_long else ""
