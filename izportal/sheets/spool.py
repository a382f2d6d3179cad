"""Reads a workbook in a process of its own, bounded in memory and time, and writes its rows as lines of JSON: whatever
a file does to the reader, whoever asked for it lives on. Run as a script; it knows nothing of the portal."""

import datetime
import json
import re
import resource
import sys
import zipfile
from xml.etree import ElementTree

import python_calamine

MEMORY, SECONDS, PIECE = 1024 * 1024 * 1024, 60, 1024 * 1024
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# A cell that a formula fills, one that holds an error, one in a style that is looked for.
CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*)>(<(?:\w+:)?f[\s/>])?")
REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
STYLE = re.compile(rb'\bs="(\d+)"')
ERROR = re.compile(rb"<(?:\w+:)?v>([^<]{1,20})<")
FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


def main(path: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    book = python_calamine.load_workbook(path)
    with zipfile.ZipFile(path) as package:
        parts, zeros = _parts(package), _zero_styles(package)
        for about in book.sheets_metadata:
            if about.visible == python_calamine.SheetVisibleEnum.Visible and "WorkSheet" in str(about.typ):
                marks = _marks(package, parts.get(about.name, ""), zeros)
                _write(book.get_sheet_by_name(about.name), marks)


def _write(sheet, marks) -> None:
    out = sys.stdout
    out.write(json.dumps({"page": sheet.name}) + "\n")
    if sheet.start is None:
        return
    first, left = sheet.start
    # The reader's rows begin where the page does; whether columns are left out it tells by their number.
    skipped = left if sheet.width == sheet.end[1] - left + 1 else 0
    for number, row in enumerate(sheet.iter_rows(), start=first + 1):
        cells = [_plain(value) for value in row]
        told = marks.get(number, ())
        for column, kind, detail in told:
            place = column - skipped
            if 0 <= place < len(cells):
                cells[place] = _marked(cells[place], kind, detail)
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            cells = [None] * skipped + cells
            out.write(json.dumps([number, cells, [column for column, kind, _d in told if kind == "f"]]) + "\n")


def _plain(value):
    if value == "":
        return None
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    if isinstance(value, datetime.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"d": value.isoformat()}
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _marked(value, kind, detail):
    if kind == "e":
        return {"e": detail}
    if kind == "z" and isinstance(value, int):
        return str(value).zfill(detail)
    return {"e": ""} if kind == "f" and value is None else value


def _parts(package) -> dict:
    """The part of each page, by the page's name."""
    try:
        targets = {
            relation.get("Id"): relation.get("Target", "")
            for relation in ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
        }
        pages = ElementTree.fromstring(package.read("xl/workbook.xml")).iter(f"{MAIN}sheet")
        found = {page.get("name"): targets.get(page.get(REL), "") for page in pages}
    except (KeyError, ElementTree.ParseError):
        return {}
    return {name: to.lstrip("/") if to.startswith("/") else f"xl/{to}" for name, to in found.items()}


def _zero_styles(package) -> dict:
    """Styles that show a number with its leading zeros, and how many digits."""
    try:
        root = ElementTree.fromstring(package.read("xl/styles.xml"))
    except (KeyError, ElementTree.ParseError):
        return {}
    forms = {form.get("numFmtId"): form.get("formatCode") or "" for form in root.iter(f"{MAIN}numFmt")}
    styles = root.find(f"{MAIN}cellXfs")
    codes = {
        str(at): forms.get(style.get("numFmtId"), "") for at, style in enumerate(styles if styles is not None else ())
    }
    return {at.encode(): len(code) for at, code in codes.items() if re.fullmatch("0{2,}", code)}


def _marks(package, part, zeros) -> dict:
    """What the reader does not tell of the cells of a page, by row: (column, kind, detail)."""
    marks: dict = {}
    if part not in package.namelist():
        return marks
    with package.open(part) as stream:
        kept = b""
        while piece := stream.read(PIECE):
            piece = kept + piece
            end = piece.rfind(b"row>")
            kept = piece[end:] if end >= 0 else piece
            _look(piece[:end] if end >= 0 else b"", zeros, marks)
        _look(kept, zeros, marks)
    return marks


def _look(piece, zeros, marks) -> None:
    has_style = any(b's="' + at + b'"' in piece for at in zeros)
    if not (has_style or b't="e"' in piece or FORMULA.search(piece)):
        return
    for match in CELL.finditer(piece):
        attributes, formula = match.groups()
        style = STYLE.search(attributes) if has_style else None
        if b't="e"' in attributes:
            text = ERROR.search(piece, match.end(), match.end() + 4000)
            kind, detail = "e", text[1].decode("ascii", "replace") if text else "#?"
        elif formula:
            kind, detail = "f", None
        elif style and style[1] in zeros:
            kind, detail = "z", zeros[style[1]]
        else:
            continue
        if place := REFERENCE.search(attributes):
            marks.setdefault(int(place[2]), []).append((_column(place[1]), kind, detail))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


if __name__ == "__main__":
    main(sys.argv[1])
