"""Excel and CSV, in and out: a sheet is read without being trusted, each fault is told by sheet, row and column, and
no cell is ever written as a formula. Which columns a sheet has stands in each app's `resources`."""

from izportal.cells import Broken
from izportal.sheets.checks import at_fields
from izportal.sheets.reading import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Sheet, SheetRefused, read
from izportal.sheets.resource import IMPORTED, KEY_HEADING, SheetResource, column, imported
from izportal.sheets.rows import WHOLE, Row
from izportal.sheets.writing import Csv, Excel

FORMATS = [Excel, Csv]

__all__ = [
    "FORMATS", "IMPORTED", "KEY_HEADING", "MAX_BYTES", "MAX_COLUMNS", "MAX_ROWS", "WHOLE", "Broken", "Csv", "Excel",
    "Row", "Sheet", "SheetRefused", "SheetResource", "at_fields", "column", "imported", "read",
]  # fmt: skip
