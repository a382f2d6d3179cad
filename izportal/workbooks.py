"""Tables written to files: Excel with typed cells, lists to choose from and a page that explains the columns, and CSV.
Row by row, so that memory does not grow with the rows; no cell, heading or name of a sheet is ever a formula."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, partial
from hashlib import blake2b
from io import TextIOWrapper
from itertools import zip_longest
from operator import itemgetter
from typing import Any, BinaryIO, TextIO

import xlsxwriter
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from izportal.cells import DATE, MOMENT, NUMBER, TEXT, Cell, neutral

KEY_HEADING = "Khóa của cổng"
# What Excel holds: rows under the heading, signs in a cell, digits of a number, and the first day it reckons rightly.
MOST_ROWS, MOST_TEXT, MOST_DIGITS, FIRST_DAY = 1_048_575, 32_767, 15, date(1900, 3, 1)
CUT = "… [Ô Excel không chứa hết; xem tiếp trên cổng]"
CHUNK, TOLD_EVERY, MEASURED = 2_000, 1_000, 200
FORMS = {TEXT: "@", NUMBER: "0", DATE: "dd/mm/yyyy", MOMENT: "dd/mm/yyyy hh:mm"}
GREY, PALE = "#D9D9D9", "#F2F2F2"


@dataclass(frozen=True)
class Column:
    """`path` is the way of a query from the record; a column that is not `is_read` never comes in. `note` says who may
    change it, for the page that explains the columns."""

    heading: str
    path: str
    cell: Cell
    is_read: bool = True
    note: str = ""

    @property
    def form(self) -> str:
        return f"#,##0.{'0' * self.cell.places}" if self.cell.places else FORMS[self.cell.kind]


@dataclass(frozen=True)
class Table:
    """`rows` are written in their own order; an empty table is a form to be filled in."""

    title: str
    columns: tuple[Column, ...]
    rows: QuerySet | None = None

    def lines(self) -> Iterator[tuple[Any, ...]]:
        """The values of each row as the database has them, and its key at the end. One query."""
        if self.rows is None:
            return
        key = _keyed(self.columns)
        for row in _plain(self.rows, self.columns).iterator(chunk_size=CHUNK):
            yield *row[1:], key(row)


@override("vi")
def table_of(resource: Any, rows: QuerySet | None) -> Table:
    """What a resource shows of some rows; without rows the form to be filled in, of the columns that come in. A file
    is Vietnamese, whoever sends for it."""
    found = columns_of(resource)
    columns = found if rows is not None else tuple(column for column in found if column.is_read)
    shown = _annotated(resource, rows) if rows is not None else None
    return Table(str(resource._meta.model._meta.verbose_name_plural).capitalize(), columns, shown)


def columns_of(resource: Any) -> tuple[Column, ...]:
    return tuple(
        Column(
            field.column_name, field.widget.path(field.attribute), field.widget, not field.readonly,
            _who(resource, name, field),
        )
        for name, field in ((name, resource.fields[name]) for name in resource._meta.fields)
    )  # fmt: skip


def _annotated(resource: Any, rows: QuerySet) -> QuerySet:
    """A resource that shows more than columns of the database has `annotated`."""
    annotate: Callable[[QuerySet], QuerySet] | None = getattr(resource, "annotated", None)
    return annotate(rows) if annotate else rows


def _who(resource: Any, name: str, field: Any) -> str:
    if field.readonly:
        return _("Chỉ để xem")
    if name in resource.identity:
        return _("Để nhận ra bản ghi; bản ghi đã có thì không đổi được")
    return (
        _("Sửa được; cần người thứ hai duyệt")
        if field.attribute in getattr(resource, "guarded", ())
        else _("Sửa được")
    )


# Keys ---------------------------------------------------------------------------------------------
def tokens(resource: Any, pks: Iterable[Any]) -> dict[Any, str]:
    """What would stand behind the colon of the keys of some records now; it differs once a column that comes in was
    changed."""
    columns = columns_of(resource)
    rows = _annotated(resource, resource.get_queryset()).filter(pk__in=pks).order_by()
    key = _keyed(columns)
    return {row[0]: key(row).partition(":")[2] for row in _plain(rows, columns)}


def _plain(rows: QuerySet, columns: Sequence[Column]) -> QuerySet:
    return plain(rows).values_list("pk", *(column.path for column in columns))


def plain(rows: QuerySet) -> QuerySet:
    """Of which each column is named with its language."""
    return rows.rewrite(False) if hasattr(rows, "rewrite") else rows


def _keyed(columns: Sequence[Column]) -> Callable[[tuple[Any, ...]], str]:
    read = itemgetter(*(place for place, column in enumerate(columns, start=1) if column.is_read), 0)

    def key(row: tuple[Any, ...]) -> str:
        return f"{row[0]}:{blake2b(repr(read(row)).encode(), digest_size=6).hexdigest()}"

    return key


# Excel --------------------------------------------------------------------------------------------
Told = Callable[[int], None]
# Signs that XML or Excel writes otherwise, and blanks that would be lost.
_AWKWARD = re.compile(r"[&<>\x00-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|^\s|\s$")


class QuickPage(Worksheet):
    """Writes what most cells are, a plain text or a number, in a third of the library's time."""

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        kind = cell.__class__.__name__
        is_text = kind == "String"
        if cell.format is None or not (is_text or kind in ("Number", "Datetime")):
            super()._write_cell(row, col, cell)
        elif not is_text:
            self.fh.write(
                f'<c r="{_letter(col)}{row + 1}" s="{cell.format._get_xf_index()}"><v>{cell.number:.16G}</v></c>'
            )
        elif _AWKWARD.search(cell.string):
            super()._write_cell(row, col, cell)
        else:
            at, style = f"{_letter(col)}{row + 1}", cell.format._get_xf_index()
            self.fh.write(f'<c r="{at}" s="{style}" t="inlineStr"><is><t>{cell.string}</t></is></c>')


_letter = cache(xl_col_to_name)


@override("vi")
def write_excel(table: Table, target: str | BinaryIO, *, told: Told = lambda done: None, folder: str = "") -> int:
    """How many rows. `told` hears every thousand rows how many are written, and may raise to end it; `folder` is where
    the pages grow."""
    options = {"constant_memory": True, "in_memory": False, **({"tmpdir": folder} if folder else {})}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet(sheet_name(table.title), worksheet_class=QuickPage)
    forms = [_formats(book, column) for column in table.columns]
    _write_head(book, sheet, table, forms)
    widths = [len(column.heading) // 2 for column in table.columns]
    key_form = book.add_format({"num_format": "@"})
    plan = [_writer(sheet, place, *pair) for place, pair in enumerate(zip(table.columns, forms, strict=True))]
    key_at, count = len(plan), 0
    for count, row in enumerate(table.lines(), start=1):
        for write, value in zip(plan, row, strict=False):
            if value is not None and value != "":
                write(count, value)
        sheet.write_string(count, key_at, row[key_at], key_form)
        if count <= MEASURED:
            widths = [max(pair) for pair in zip(widths, map(_width, row), strict=False)]
        if not count % TOLD_EVERY:
            told(count)
    _finish(book, sheet, table, count, list(zip(widths, forms, strict=True)))
    book.close()
    return count


def _write_head(book: Any, sheet: Any, table: Table, forms: Sequence[Any]) -> None:
    style = {"bold": True, "text_wrap": True, "valign": "top", "num_format": "@", "bottom": 1}
    head = {True: book.add_format(style), False: book.add_format({**style, "bg_color": GREY})}
    for place, (column, form) in enumerate(zip(table.columns, forms, strict=True)):
        sheet.set_column(place, place, None, form)
        sheet.write_string(0, place, neutral(column.heading), head[column.is_read])
    if table.rows is not None:
        sheet.write_string(0, len(table.columns), KEY_HEADING, head[False])
    sheet.freeze_panes(1, 0)


def _formats(book: Any, column: Column) -> Any:
    wrap = {"valign": "top"} if column.cell.kind == TEXT else {}
    return book.add_format({"num_format": column.form, **wrap, **({} if column.is_read else {"bg_color": PALE})})


def _writer(sheet: Any, place: int, column: Column, form: Any) -> Callable[[int, Any], None]:
    """What writes one value into a column."""
    written = column.cell.written
    text = {DATE: _write_day, MOMENT: _write_moment, NUMBER: _write_number}.get(column.cell.kind)
    if text is not None:
        return partial(text, sheet, place, form, written)

    def write(row: int, value: Any) -> None:
        sheet.write_string(row, place, cell_text(written(value)), form)

    return write


def _write_number(sheet: Any, place: int, form: Any, written: Any, row: int, value: Any) -> None:
    value = written(value)
    if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > MOST_DIGITS:
        sheet.write_string(row, place, format(value.normalize(), "f"), form)
    else:
        sheet.write_number(row, place, value, form)


def _write_day(sheet: Any, place: int, form: Any, written: Any, row: int, value: Any) -> None:
    value = written(value)
    if value < FIRST_DAY:
        sheet.write_string(row, place, f"{value:%d/%m/%Y}", form)
    else:
        sheet.write_datetime(row, place, value, form)


def _write_moment(sheet: Any, place: int, form: Any, written: Any, row: int, value: Any) -> None:
    sheet.write_datetime(row, place, timezone.localtime(written(value)).replace(tzinfo=None), form)


def cell_text(value: Any) -> str:
    """A text as Excel holds it, never a formula."""
    text = str(neutral(value))
    if len(text) > MOST_TEXT:
        text = text[: MOST_TEXT - len(CUT)] + CUT
    # The library would take this for markup of its own.
    return f"{text} " if text.startswith("<r>") and text.endswith("</r>") else text


def _width(value: Any) -> int:
    if isinstance(value, date):
        return 16 if isinstance(value, datetime) else 10
    return max(map(len, str(value).split("\n")))


def _finish(book: Any, sheet: Any, table: Table, count: int, looks: Sequence[tuple[int, Any]]) -> None:
    for place, (width, form) in enumerate(looks):
        sheet.set_column(place, place, min(max(width + 2, 10), 60), form)
    last = len(table.columns) - 1
    if table.rows is not None:
        last += 1
        sheet.set_column(last, last, None, None, {"hidden": True})
    sheet.autofilter(0, 0, max(count, 1), last)
    lists = {place: found for place, column in enumerate(table.columns) if (found := _offered(column))}
    _write_guide(book, table)
    _write_lists(book, sheet, table, lists)


def _offered(column: Column) -> list[str]:
    return column.cell.options() if column.is_read else []


LISTS, GUIDE = "Danh mục", "Hướng dẫn"


def _write_lists(book: Any, sheet: Any, table: Table, lists: dict[int, list[str]]) -> None:
    """What may be chosen stands on a hidden page: a list written into a cell may hold neither commas nor much."""
    if not lists:
        return
    page = book.add_worksheet(LISTS)
    page.hide()
    for number, row in enumerate(zip_longest(*lists.values(), fillvalue="")):
        for place, value in enumerate(row):
            page.write_string(number, place, str(neutral(value)))
    for at, (place, found) in enumerate(lists.items()):
        letter = _letter(at)
        offered = {
            "validate": "list", "source": f"='{LISTS}'!${letter}$1:${letter}${len(found)}", "error_type": "warning",
            "error_title": _("Không có trong danh sách"), "error_message": _("Hãy chọn một giá trị trong danh sách."),
        }  # fmt: skip
        sheet.data_validation(1, place, MOST_ROWS, place, offered)


def _write_guide(book: Any, table: Table) -> None:
    page = book.add_worksheet(GUIDE)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    rows: list[tuple[Sequence[str], Any]] = [((line,), None) for line in _advice(table)]
    rows += [((), None), ((_("Cột"), _("Cách ghi"), _("Ai sửa"), _("Giá trị được chọn")), bold)]
    rows += [(_explained(column), plain) for column in table.columns]
    for number, (cells, form) in enumerate(rows):
        for place, value in enumerate(cells):
            page.write_string(number, place, cell_text(value), form)
    for place, width in enumerate((30, 28, 40, 60)):
        page.set_column(place, place, width)


def _advice(table: Table) -> list[str]:
    return [
        _("Hướng dẫn điền bảng “%(title)s”.") % {"title": table.title},
        _("Dòng 1 của trang đầu là tiêu đề cột; mỗi dòng sau là một bản ghi. Có thể bỏ bớt cột không cần sửa."),
        _("Cột nền xám chỉ để xem: sửa ở đó không có tác dụng."),
        _("Xóa trắng một ô là xóa giá trị đang có, trừ khi bản ghi bắt buộc phải có giá trị đó."),
        _("Cột ẩn cuối trang đầu là khóa để cổng nhận ra dòng và biết dòng nào đã đổi; không sửa, không chép."),
    ]


def _explained(column: Column) -> tuple[str, ...]:
    offered = "; ".join(_offered(column)[:100])
    return column.heading, column.cell.hint, column.note or ("" if column.is_read else _("Chỉ để xem")), offered


def sheet_name(title: str) -> str:
    """A name that Excel takes: no sign that it forbids, none that would begin a formula, 31 signs at most."""
    return re.sub(r"[\\*?:/\[\]\x00-\x1f]", "-", title).lstrip("=+-@'\t ").rstrip("'")[:31] or "Bảng"


# CSV ----------------------------------------------------------------------------------------------
def write_csv(table: Table, target: BinaryIO, *, told: Told = lambda done: None) -> int:
    """For other programs: UTF-8 with its mark, a point before decimals, dates as yyyy-mm-dd; how many rows."""
    text = TextIOWrapper(target, encoding="utf-8-sig", newline="")
    try:
        return _write_csv(table, text, told)
    finally:
        text.detach()


def _write_csv(table: Table, target: TextIO, told: Told) -> int:
    writer = csv.writer(target, quoting=csv.QUOTE_ALL)
    writer.writerow([*(neutral(column.heading) for column in table.columns), KEY_HEADING])
    cells, count = [column.cell for column in table.columns], 0
    for count, row in enumerate(table.lines(), start=1):
        shown = (as_text(cell.written(value)) for cell, value in zip(cells, row, strict=False))
        writer.writerow([*shown, row[-1]])
        if not count % TOLD_EVERY:
            told(count)
    return count


def as_text(value: Any) -> str:
    """A value for other programs."""
    if isinstance(value, Decimal):
        return format(value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize(), "f")
    if isinstance(value, datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
        return value.isoformat(timespec="minutes")
    return "" if value is None else str(neutral(value))
