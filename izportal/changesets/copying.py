"""A file written anew with its faults told in it, row by row, so that memory does not grow with it: every value stays
in its cell, looks do not."""

from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

import xlsxwriter

from izportal import workbooks
from izportal.sheets.writing import Cells

# The page of faults; a file that comes back with it is read without it.
FAULTS = "Danh sách lỗi"
RED = "#F2B8B5"


class Copy:
    """The list of faults, then the pages of a file one after the other, each from its first row to its last."""

    def __init__(self, target: BinaryIO, head: Sequence[str], widths: Sequence[int]) -> None:
        self.book = xlsxwriter.Workbook(target, {"constant_memory": True, "in_memory": False})
        self.plain, self.faulty = Cells(self.book), Cells(self.book, bg_color=RED)
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
            self.plain.write(self.listed, self.faults, place, value)

    def write(self, row: int, cells: Sequence[Any], told: Mapping[int, Sequence[str]], *, is_commented: bool) -> None:
        """A row, counted from 0, with what is said of its cells by their place."""
        for place in range(max([len(cells), *(at + 1 for at in told)])):
            value = cells[place] if place < len(cells) else None
            if place in told:
                self.faulty.write(self.page, row, place, value)
            elif value not in (None, ""):
                self.plain.write(self.page, row, place, value)
        for place, sentences in told.items() if is_commented else ():
            self.page.write_comment(row, place, "\n".join(sentences)[:2000], {"author": "Cổng", "x_scale": 2})

    def close(self) -> None:
        self.book.close()
