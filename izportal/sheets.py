"""Excel and CSV, in and out: a sheet is read without being trusted, each fault is told by row and column, and no cell
is ever written as a formula. Which columns a sheet has stands in each app's `resources`."""

import csv
import hashlib
import io
import re
import uuid
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import tablib
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from import_export import resources, results
from import_export.fields import Field
from import_export.formats import base_formats
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from izportal.cells import SPACES, Broken, Cell, did_you_mean, neutral, unguarded
from izportal.folding import fold
from izportal.templatetags.area import grouped
from izportal.uploads import UploadRefused, inspect
from izportal.workbooks import KEY_HEADING

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS = 2_000  # each row is several statements in one transaction that others wait for
MAX_COLUMNS = 100
MAX_SCANNED = 50_000  # rows looked at, the empty ones between included
KEPT_FOR = timedelta(days=1)


class SheetRefused(ValueError):
    """The file as a whole cannot be read; the text says why."""


# Reading ------------------------------------------------------------------------------------------
class Sheet(tablib.Dataset):
    """A table whose first row are headings; `numbers` are the rows' places in the file as the reader counts them."""

    numbers: list[int]

    def place(self, heading: str) -> str:
        """The letter of a column, "" where the sheet has no such column."""
        headers = list(self.headers or [])
        return get_column_letter(headers.index(heading) + 1) if heading in headers else ""


def read(data: bytes) -> Sheet:
    """An `.xlsx` or CSV file as a table, told apart by content. Raises `SheetRefused`."""
    if len(data) > MAX_BYTES:
        raise SheetRefused(_("Tệp lớn hơn %(limit)s.") % {"limit": filesizeformat(MAX_BYTES)})
    rows = _excel_rows(data) if data.startswith(b"PK") else _csv_rows(data)
    return _table(rows)


def _table(rows: Iterator[list[Any]]) -> Sheet:
    headings = [_heading(value) for value in _trimmed(next(rows, []))]
    if not any(headings):
        raise SheetRefused(_("Dòng 1 phải là tiêu đề các cột."))
    if len(headings) > MAX_COLUMNS:
        raise SheetRefused(_("Bảng có quá %(count)s cột.") % {"count": MAX_COLUMNS})
    sheet = Sheet(headers=headings)
    sheet.numbers = []
    for number, row in enumerate(rows, start=2):
        if number > MAX_SCANNED:
            raise SheetRefused(_("Bảng kéo dài quá dòng %(count)s.") % {"count": MAX_SCANNED})
        cells = _trimmed(row)
        if len(cells) > len(headings):
            where = {"row": number, "column": get_column_letter(len(cells))}
            raise SheetRefused(_("Ô %(column)s%(row)s có dữ liệu nhưng cột không có tiêu đề.") % where)
        if cells:
            sheet.append([*cells, *[None] * (len(headings) - len(cells))])
            sheet.numbers.append(number)
        if len(sheet.numbers) > MAX_ROWS:
            raise SheetRefused(_("Bảng có quá %(count)s dòng dữ liệu.") % {"count": MAX_ROWS})
    return sheet


def _heading(value: Any) -> str:
    return SPACES.sub(" ", unguarded("" if value is None or isinstance(value, Broken) else str(value))).strip()


def _trimmed(row: Sequence[Any]) -> list[Any]:
    """A row without the empty cells at its end; [] for an empty row."""
    cells = list(row)
    while cells and (cells[-1] is None or (isinstance(cells[-1], str) and not cells[-1].strip())):
        cells.pop()
    return cells


def _csv_rows(data: bytes) -> Iterator[list[Any]]:
    text = _decoded(data)
    first = text.split("\n", 1)[0]
    if match := re.fullmatch(r"sep=(.)\r?", first):  # Excel's own note of its separator, not a row
        separator, text = match[1], text.partition("\n")[2]
    else:
        separator = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    except csv.Error as error:
        raise SheetRefused(_("Tệp CSV hỏng: một ô mở ngoặc kép mà không đóng, hoặc quá dài.")) from error


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetRefused(_("Tệp không phải Excel (.xlsx), cũng không phải CSV theo mã UTF-8. Trong Excel, hãy chọn "
                             "“Lưu thành” rồi “CSV UTF-8”.")) from error  # fmt: skip


def _excel_rows(data: bytes) -> Iterator[list[Any]]:
    _check_package(data)
    try:
        values = _first_sheet(data, data_only=True)
        formulas: Iterable[Any] = _first_sheet(data, data_only=False) if _has_formulas(data) else ()
        others = iter(formulas)
        for number, row in enumerate(values, start=1):
            written = next(others, ())
            yield [_excel_value(cell, written[i] if i < len(written) else None, number) for i, cell in enumerate(row)]
    except SheetRefused:
        raise
    except Exception as error:  # openpyxl stumbles over a damaged book in many ways
        raise SheetRefused(_("Không đọc được tệp Excel. Hãy mở bằng Excel và lưu lại thành .xlsx.")) from error


def _check_package(data: bytes) -> None:
    upload = io.BytesIO(data)
    upload.name = "bang.xlsx"
    try:
        inspect(upload, max_bytes=MAX_BYTES)
        with zipfile.ZipFile(upload) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
    except UploadRefused as refusal:
        raise SheetRefused(" ".join(refusal.messages)) from refusal
    if unpacked > MAX_UNPACKED:
        raise SheetRefused(_("Tệp bung ra lớn hơn %(limit)s.") % {"limit": filesizeformat(MAX_UNPACKED)})


def _has_formulas(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [name for name in package.namelist() if name.startswith("xl/worksheets/")]
        return any(re.search(rb"<(\w+:)?f[\s/>]", package.read(name)) for name in sheets)


def _first_sheet(data: bytes, *, data_only: bool) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=data_only, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # the size that a file claims may be too small
    return sheet.iter_rows(max_col=MAX_COLUMNS + 1)


def _excel_value(cell: Any, written: Any, number: int) -> Any:
    """What a cell shows. A formula counts as its last result; without one, or with an error, it is no value."""
    value = cell.value
    if cell.data_type == "e":
        return Broken(_("Công thức bị lỗi %(error)s.") % {"error": value})
    if value is None and written is not None and written.data_type == "f":
        return Broken(_("Ô là công thức chưa có kết quả. Hãy dán giá trị thay cho công thức."))
    if isinstance(value, int) and re.fullmatch("0{2,}", str(cell.number_format or "")):
        return str(value).zfill(len(cell.number_format))  # a code shown with its zeros
    return value


# Writing ------------------------------------------------------------------------------------------
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


# Keeping a file between the trial and the real run --------------------------------------------------
class Kept:
    """The place of uploaded sheets while somebody looks at the trial; each is taken once, old ones are swept away."""

    @staticmethod
    def folder() -> Path:
        place = Path(settings.VAR_DIR) / "sheets"
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return place

    @classmethod
    def put(cls, data: bytes, *, at: datetime) -> str:
        for old in cls.folder().iterdir():
            if old.stat().st_mtime < (at - KEPT_FOR).timestamp():
                old.unlink(missing_ok=True)
        name = uuid.uuid4().hex
        target = cls.folder() / name
        target.touch(mode=0o600)
        target.write_bytes(data)
        return name

    @classmethod
    def take(cls, name: str) -> bytes | None:
        """The file, which is no longer kept afterwards; None where it is gone. Of two who ask at once one gets it."""
        if not re.fullmatch("[0-9a-f]{32}", name):
            return None
        mine = cls.folder() / f"{name}.{uuid.uuid4().hex}"
        try:
            (cls.folder() / name).rename(mine)
        except FileNotFoundError:
            return None
        data = mine.read_bytes()
        mine.unlink()
        return data


# Importing ----------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Fault:
    """What is wrong and where: the row as the reader's program counts it, the letter and heading of the column."""

    sentence: str
    row: int | None = None
    column: str = ""
    heading: str = ""
    value: str = ""


@dataclass(frozen=True)
class Edit:
    """One cell that an import changes."""

    heading: str
    before: str
    after: str


class RowResult(results.RowResult):
    number: int = 0
    edits: Sequence[Edit] = ()


class Result(results.Result):
    """What a run did or would do, in words for the person who sent the sheet."""

    sheet: Sheet | None = None
    notes: Sequence[str] = ()
    columns: dict[str, str]

    @property
    def is_sound(self) -> bool:
        return not (self.has_errors() or self.has_validation_errors())

    @property
    def has_work(self) -> bool:
        return any(row.import_type != RowResult.IMPORT_TYPE_SKIP for row in self.rows)

    @property
    def changed_rows(self) -> list[RowResult]:
        return [row for row in self.rows if row.is_new() or row.is_update()]

    @property
    def faults(self) -> list[Fault]:
        found = [Fault(str(error.error)) for error in self.base_errors]
        for row in self.invalid_rows:
            found += self._of_row(row.number, row.error_dict, row.values)
        for row in self.error_rows:
            found += [Fault(_told(error.error), self._number(row.number)) for error in row.errors]
        return sorted(found, key=lambda fault: (fault.row or 0, len(fault.column), fault.column))

    def _of_row(self, number: int, errors: dict[str, list[str]], values: Sequence[Any]) -> Iterator[Fault]:
        shown = dict(zip(self.diff_headers, values, strict=True))
        for name, sentences in errors.items():
            heading = "" if name == NON_FIELD_ERRORS else self.columns.get(name, name)
            column = self.sheet.place(heading) if self.sheet is not None else ""
            value = _shown(shown.get(heading))
            yield from (Fault(text, self._number(number), column, heading, value) for text in sentences)

    def _number(self, index: int) -> int:
        return self.sheet.numbers[index - 1] if self.sheet is not None else index

    @property
    def digest(self) -> str:
        """Two runs with the same digest do the same to the same rows."""
        told = [(row.number, row.import_type, row.is_new() or row.object_id, row.edits) for row in self.rows]
        return hashlib.sha256(repr(told).encode()).hexdigest()


def _told(error: BaseException) -> str:
    if isinstance(error, SheetRefused):
        return str(error)
    return _("Không ghi được dòng này (%(kind)s).") % {"kind": type(error).__name__}


def _shown(value: Any) -> str:
    return "" if value is None or isinstance(value, Broken) else str(value)[:80]


def column(heading: str, attribute: str, cell: Cell | None = None, **options: Any) -> Field:
    """A column of a sheet: its heading in the file and the attribute behind it, plain text unless a cell says else."""
    return Field(attribute=attribute, column_name=heading, widget=cell or Cell(), **options)


class SheetResource(resources.ModelResource):
    """A table of one kind of record. Its subclass names the columns; their headings are part of the file's form and
    are therefore not translated. Rows are told apart by `find`; an import is done whole or not at all."""

    synonyms: dict[str, Sequence[str]] = {}
    identity: tuple[str, ...] = ()
    # By these people tell rows apart; the first that a row fills is where a repeated row is pointed at.
    told_by: tuple[str, ...] = ("code",)

    class Meta:
        skip_unchanged = True
        report_skipped = True
        skip_html_diff = True
        use_transactions = True
        clean_model_instances = True
        store_instance = True

    def __init__(self, user: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user = user
        self.sheet: Sheet | None = None
        self.notes: list[str] = []
        self.seen: dict[Any, int] = {}
        self.refused: dict[str, ValidationError] = {}

    @classmethod
    def get_result_class(cls) -> type[Result]:
        return Result

    @classmethod
    def get_row_result_class(cls) -> type[RowResult]:
        return RowResult

    def find(self, row: dict[str, Any]) -> Any:
        """The record that a row is about, or None for a new one; says through `refuse` what is wrong with the keys."""
        raise NotImplementedError

    def key_of(self, row: dict[str, Any]) -> Any:
        """What must not stand twice in one sheet; None where the row does not say."""
        raise NotImplementedError

    def refuse(self, attribute: str, sentence: str) -> None:
        """A fault of the row in hand; its other cells are still looked at."""
        self.refused[attribute] = ValidationError(sentence)

    def cell(self, row: dict[str, Any], name: str) -> Any:
        """What a cell says, read as its column reads; None where the sheet lacks it, it is empty or it is wrong."""
        field = self.fields[name]
        try:
            return field.widget.clean(row.get(field.column_name)) or None
        except ValueError as error:
            self.refuse(field.attribute, str(error))
            return None

    # One run

    def import_data(self, dataset: Any, *args: Any, expected: str = "", **kwargs: Any) -> Any:
        """Besides the library's arguments: `expected`, the digest of the trial that the reader has agreed to."""
        self.expected = expected
        return super().import_data(dataset, *args, **{"rollback_on_validation_errors": True, **kwargs})

    def import_data_inner(self, dataset: Any, *args: Any, **kwargs: Any) -> Any:
        self.sheet = dataset
        faults = self._check_headings(dataset)
        result = Result() if faults else super().import_data_inner(dataset, *args, **kwargs)
        result.sheet, result.notes = dataset, self.notes
        result.columns = {field.attribute: field.column_name for field in self.fields.values()}
        # A rule of the untranslated field ("name") speaks of its Vietnamese column.
        result.columns |= {name.removesuffix("_vi"): heading for name, heading in result.columns.items()}
        if not faults and result.is_sound and self.expected not in ("", result.digest):
            faults = [_("Dữ liệu trên cổng đã đổi từ lúc bạn xem thử. Chưa ghi gì; hãy tải tệp lên và xem lại.")]
        for sentence in faults:
            result.append_base_error(self.get_error_result_class()(SheetRefused(sentence)))
        return result

    def _check_headings(self, dataset: Any) -> list[str]:
        """Headings become the canonical ones; answers what is wrong with them. Columns only to be read are told."""
        known = self._known_headings()
        headings: list[str] = []
        faults = []
        for place, heading in enumerate(dataset.headers, start=1):
            canonical = known.get(fold(heading), heading)
            where = {"column": get_column_letter(place), "heading": heading}
            if canonical in headings:
                faults.append(_("Cột %(column)s “%(heading)s” bị lặp.") % where)
            elif heading != KEY_HEADING and fold(heading) not in known:
                sentence = _("Cột %(column)s “%(heading)s” không có trong mẫu.") % where
                faults.append(sentence + did_you_mean(heading, self._headings()))
            headings.append(canonical)
        dataset.headers = headings
        shown = [field.column_name for field in self.fields.values() if field.readonly]
        if ignored := [heading for heading in headings if heading in shown]:
            self.notes.append(_("Chỉ để xem, không nhập: %(columns)s.") % {"columns": ", ".join(ignored)})
        return faults

    def columns(self) -> list[tuple[str, bool]]:
        """Heading of each column and whether it is read at all."""
        return [(field.column_name, not field.readonly) for field in self.get_import_fields()]

    def _headings(self) -> list[str]:
        return [field.column_name for field in self.fields.values()]

    def _known_headings(self) -> dict[str, str]:
        known = {}
        for name, field in self.fields.items():
            for heading in (field.column_name, name, *self.synonyms.get(name, ())):
                known[fold(heading)] = field.column_name
        return known

    # One row

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        self.refused = {}
        number = self._number(kwargs)
        key = self.key_of(row)
        if key is not None and self.seen.setdefault(key, number) != number:
            column = next((name for name in self.told_by if self.cell(row, name)), NON_FIELD_ERRORS)
            self.refuse(column, _("Trùng với dòng %(row)s trong cùng tệp.") % {"row": self.seen[key]})

    def _number(self, kwargs: dict[str, Any]) -> int:
        return self.sheet.numbers[kwargs["row_number"] - 1] if self.sheet is not None else kwargs["row_number"]

    def get_instance(self, instance_loader: Any, row: dict[str, Any]) -> Any:
        return self.find(row)

    def import_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        errors: dict[str, Any] = dict(self.refused)
        try:
            super().import_instance(instance, row, **kwargs)
        except ValidationError as error:
            errors |= error.error_dict
        if errors:
            raise ValidationError(errors)

    def validate_instance(self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True):
        """A rule over the whole record is told at a column of the sheet, so that its reader finds the cell."""
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        except ValidationError as error:
            found = error.update_error_dict({})
            raise ValidationError(at_fields(found, self._meta.model, self.fields)) from error

    def import_field(self, field: Any, instance: Any, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """What a record is known by stays; an empty cell takes nothing away that a record must have."""
        if instance.pk and field.attribute in self.identity:
            return
        if field.readonly or not self._is_empty(field, row):
            super().import_field(field, instance, row, is_m2m, **kwargs)
        elif field.column_name in row:
            behind = self._meta.model._meta.get_field(field.attribute)
            if behind.null or behind.blank:
                setattr(instance, field.attribute, None if behind.null else "")

    def _is_empty(self, field: Any, row: Any) -> bool:
        value = row.get(field.column_name)
        return value is None or (isinstance(value, str) and not value.strip())

    def skip_row(self, instance: Any, original: Any, row: Any, import_validation_errors: Any = None) -> bool:
        """Nothing to write where the row leaves every cell as it reads."""
        fields = self._read_fields(row)
        return not import_validation_errors and all(_reads(f, instance) == _reads(f, original) for f in fields)

    def _read_fields(self, row: Any) -> list[Any]:
        return [f for f in self.get_import_fields() if not f.readonly and f.column_name in row]

    def after_import_row(self, row: Any, row_result: Any, **kwargs: Any) -> None:
        row_result.number = self._number(kwargs)
        row_result.edits = tuple(self._edits(row, row_result))

    def _edits(self, row: Any, row_result: Any) -> Iterator[Edit]:
        for field in self._read_fields(row):
            before = "" if row_result.is_new() else _reads(field, row_result.original)
            after = _reads(field, row_result.instance)
            if before != after:
                yield Edit(field.column_name, before, after)

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        name = kwargs.get("file_name") or ""
        instance._change_reason = (_("Nhập từ tệp %(name)s") % {"name": name})[:100]

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """No identifier is imported: the library need not reset the sequence, which would race with other writers."""

    def export(self, queryset: Any = None, **kwargs: Any) -> Any:
        dataset = super().export(queryset, **kwargs)
        dataset.title = str(self._meta.model._meta.verbose_name_plural).capitalize()
        return dataset


def at_fields(errors: dict[str, list[Any]], model: type[models.Model], shown: Iterable[str]) -> dict[str, list[Any]]:
    """What constraints say of a whole record is told at a field that is shown, so that its reader finds the place."""
    for error in errors.pop(NON_FIELD_ERRORS, []):
        errors.setdefault(_field_of(error, model, list(shown)), []).append(error)
    return errors


def _field_of(error: ValidationError, model: type[models.Model], shown: list[str]) -> str:
    """For a check the first of its fields, for a repeat the last."""
    for rule in model._meta.constraints:
        if rule.get_violation_error_message() in error.messages:
            check = getattr(rule, "condition", None)
            named = list(getattr(rule, "fields", ()))[-1:] or (check.referenced_base_fields if check else ())
            return next((name for name in shown if name in named), NON_FIELD_ERRORS)
    return NON_FIELD_ERRORS


def _reads(field: Any, record: Any) -> str:
    """A cell of a record as the reader sees it in the trial."""
    value = field.export(record)
    if isinstance(value, Decimal):
        return grouped(value, at_most=6)
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str("" if value is None else value)
