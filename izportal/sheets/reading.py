"""Excel and CSV files as rows: told apart by content, read without being trusted, each row with its place as the
reader's own program counts it."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import tablib
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from izportal.cells import Broken, unguarded
from izportal.uploads import Inspection, UploadRefused, clean_name, inspect

MAX_BYTES = 20 * 1024 * 1024
MAX_ROWS = 100_000
MAX_COLUMNS = 100
CSV_MIME = "text/csv"
SPOOL = Path(__file__).with_name("spool.py")
HEADINGS_WITHIN = 20
# How a workbook of the old kind begins, and one of the new kind under a password.
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


class SheetRefused(ValueError):
    """The file as a whole cannot be read; the text says why."""


@dataclass(frozen=True)
class Line:
    """A row that is not empty: its number, its cells up to the last filled one, and which of them formulas fill."""

    number: int
    cells: list[Any]
    formulas: tuple[int, ...] = ()


@dataclass(frozen=True)
class Page:
    name: str
    lines: Iterator[Line] = field(compare=False)


def look(upload: Any) -> Inspection:
    """What an uploaded file is; raises `SheetRefused` before anything of it is read that could do harm."""
    upload.seek(0)
    beginning = upload.read(8)
    upload.seek(0)
    if beginning == OLE:
        raise SheetRefused(_("Tệp là Excel đời cũ (.xls) hoặc có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu nếu có, rồi "
                             "lưu lại thành .xlsx."))  # fmt: skip
    is_book = beginning[:2] == b"PK"
    try:
        if is_book:
            found = inspect(upload, max_bytes=MAX_BYTES)
            if found.kind != "xlsx":
                raise SheetRefused(_("Tệp không phải Excel (.xlsx), cũng không phải CSV theo mã UTF-8."))
            return found
    except UploadRefused as refusal:
        raise SheetRefused(refusal.sentence) from refusal
    data = upload.read(MAX_BYTES + 1)
    upload.seek(0)
    if len(data) > MAX_BYTES:
        raise SheetRefused(_("Tệp lớn hơn %(limit)s.") % {"limit": filesizeformat(MAX_BYTES)})
    text_of(data)
    name = clean_name(getattr(upload, "name", "") or "bang.csv")
    name = name if name.lower().endswith(".csv") else f"{name}.csv"
    return Inspection("csv", CSV_MIME, ".csv", None, len(data), hashlib.sha256(data).hexdigest(), name)


@contextmanager
def opened(path: str, *, is_csv: bool) -> Iterator[Iterator[Page]]:
    """The visible pages of a file one after the other; their lines are read as they are asked for."""
    if is_csv:
        yield iter([Page("", _csv_lines(Path(path).read_bytes()))])
        return
    with tempfile.TemporaryFile() as complaints:
        child = subprocess.Popen(
            [sys.executable, "-I", str(SPOOL), path], stdout=subprocess.PIPE, stderr=complaints, text=True,
            encoding="ascii",
        )  # fmt: skip
        try:
            yield _pages(child)
        finally:
            child.kill()
            child.communicate()


def _pages(child: Any) -> Iterator[Page]:
    """A page that was left before its end is read to its end first."""
    told = _told(child)
    kept: list[Any] = []

    def lines() -> Iterator[Line]:
        for item in told:
            if isinstance(item, dict):
                kept.append(item["page"])
                return
            number, cells, formulas = item
            yield Line(number, [_value(cell) if isinstance(cell, dict) else cell for cell in cells], tuple(formulas))

    first = next(told, None)
    kept += [first["page"]] if first else []
    while kept:
        rest = lines()
        yield Page(kept.pop(), rest)
        for _line in rest:
            pass


def _told(child: Any) -> Iterator[Any]:
    for text in child.stdout:
        yield json.loads(text)
    if child.wait():
        raise SheetRefused(_("Không đọc được tệp Excel. Hãy mở bằng Excel và lưu lại thành .xlsx."))


def _value(cell: dict[str, str]) -> Any:
    if "d" in cell:
        return date.fromisoformat(cell["d"])
    if "t" in cell:
        return datetime.fromisoformat(cell["t"])
    if cell["e"]:
        return Broken(_("Công thức bị lỗi %(error)s.") % {"error": cell["e"]})
    return Broken(_("Ô là công thức chưa có kết quả. Hãy dán giá trị thay cho công thức."))


# CSV ----------------------------------------------------------------------------------------------
def _csv_lines(data: bytes) -> Iterator[Line]:
    text = text_of(data)
    first = text.split("\n", 1)[0]
    if match := re.fullmatch(r"sep=(.)\r?", first):  # Excel's own note of its separator, not a row
        separator, text = match[1], text.partition("\n")[2]
    else:
        separator = _separator(text)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1):
            if trimmed := _trimmed(cells):
                yield Line(number, trimmed)
    except csv.Error as error:
        raise SheetRefused(_("Tệp CSV hỏng: một ô mở ngoặc kép mà không đóng, hoặc quá dài.")) from error


def _separator(text: str) -> str:
    """A title above the headings has none, and a comma stands in numbers and sentences too: another sign that is in
    every other line, outside quotes, parts the cells."""
    bare = re.sub(r'"[^"]*"', "", text[:20_000])
    lines = [line for line in bare.splitlines() if line.strip()][:HEADINGS_WITHIN]
    among = {sign: sum(sign in line for line in lines) for sign in ";\t"}
    best = max(among, key=lambda sign: among[sign])
    return best if among[best] * 2 >= max(len(lines), 1) else ","


def text_of(data: bytes) -> str:
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetRefused(_("Tệp không phải Excel (.xlsx), cũng không phải CSV theo mã UTF-8. Trong Excel, hãy chọn "
                             "“Lưu thành” rồi “CSV UTF-8”.")) from error  # fmt: skip


def _trimmed(row: list[str]) -> list[Any]:
    """A row without the empty cells at its end; [] for an empty row."""
    cells: list[Any] = list(row)
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


# Whole, for small files ---------------------------------------------------------------------------
class Sheet(tablib.Dataset):
    """The first page of a file under its first row; `numbers` are the rows' places in the file."""

    numbers: list[int]


def read(data: bytes) -> Sheet:
    """A small file as a table. Raises `SheetRefused`."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
        kept.write(data)
        kept.flush()
        kept.seek(0)
        found = look(kept.file)
        with opened(kept.name, is_csv=found.mime == CSV_MIME) as pages:
            page = next(pages, None)
            lines = list(page.lines) if page else []
    if not lines:
        raise SheetRefused(_("Bảng không có dòng nào."))
    width = max(len(line.cells) for line in lines)
    head, *rows = [[*line.cells, *[None] * (width - len(line.cells))] for line in lines]
    sheet = Sheet(*rows, headers=["" if value is None else unguarded(str(value)) for value in head])
    sheet.numbers = [line.number for line in lines[1:]]
    return sheet


def letter(index: int) -> str:
    """The letter of a column that is counted from 0."""
    return get_column_letter(index + 1)
