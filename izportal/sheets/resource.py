"""A table of one kind of record: which columns it has, how its rows are known, checked, written and taken back, always
many at once. The mapper of columns is django-import-export's; each app's `resources` name the columns."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.functions import Upper
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field

from izportal import workbooks
from izportal.cells import Cell
from izportal.folding import fold
from izportal.sheets import checks, keeping
from izportal.sheets.marks import differ, mark_of
from izportal.sheets.rows import WHOLE, Row
from izportal.templatetags.area import grouped

KEY = "khoa_cua_cong"
KEY_HEADING = workbooks.KEY_HEADING
MOST_REMEMBERED = 5_000
IMPORTED: dict[str, type["SheetResource"]] = {}


def column(heading: str, attribute: str, cell: Cell | None = None, **options: Any) -> Field:
    """A column of a sheet: its heading in the file and the attribute behind it, plain text unless a cell says else."""
    return Field(attribute=attribute, column_name=heading, widget=cell or Cell(), **options)


def imported(name: str) -> Callable[[type["SheetResource"]], type["SheetResource"]]:
    """Marks a table that comes in, under a name that stands in change sets for good."""

    def mark(resource: type["SheetResource"]) -> type["SheetResource"]:
        resource.name = name
        IMPORTED[name] = resource
        return resource

    return mark


class SheetResource(resources.ModelResource):
    """Headings are part of a file's form and are therefore not translated. What a subclass declares and may do
    otherwise stands first."""

    name = ""
    synonyms: dict[str, Sequence[str]] = {}
    identity: tuple[str, ...] = ()
    # By these people tell rows apart; the first that a row fills is where a repeated row is pointed at.
    told_by: tuple[str, ...] = ("code",)
    # Money and status: who approves them is not who sent them.
    guarded: tuple[str, ...] = ()
    deed = ""
    second_deed = "approve_sheet"
    refusals: tuple[type[Exception], ...] = ()
    # The values were found sound before, and only what stands around them may have changed.
    is_again = False
    # Rows are about records by their key, so that what these are known by may change as well.
    is_by_key = False

    class Meta:
        use_transactions = True

    def __init__(self, user: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.user = user
        self.repeats, self.looks = checks.Repeats(self._meta.model), checks.Looks()
        # Keys of the rows of this run, and where each stood first.
        self.seen: dict[int, tuple[str, int]] = {}
        self._memory: dict[str, dict[str, Any]] = {}

    # What a table says of itself

    def key_of(self, row: Row) -> str:
        """What must not stand twice in one file; "" where the row does not say."""
        raise NotImplementedError

    def find(self, rows: list[Row]) -> None:
        """Give the known rows their `record`, in a query or two; refuse what is wrong with the keys."""
        raise NotImplementedError

    def relate(self, rows: list[Row]) -> None:
        """What rests on several cells of a row."""

    def annotated(self, rows: Any) -> Any:
        """A query with what the columns read besides the stored ones."""
        return rows

    def tokens(self, pks: Iterable[Any]) -> dict[Any, str]:
        """By which a row that was exported tells whether it has changed since."""
        return workbooks.tokens(self, pks)

    def write(self, rows: list[Row], *, by: Any, at: datetime, reason: str) -> None:
        """Put the rows, filled in and checked, into the database, with a row of history each that names the reason."""
        new, edited = [row for row in rows if row.is_new], [row for row in rows if not row.is_new]
        keeping.add([row.record for row in new], by=by, at=at, reason=reason)
        columns = {self.fields[name].attribute for row in edited for name in row.edited}
        keeping.change([row.record for row in edited], columns, by=by, at=at, reason=reason)

    def take_back(self, rows: list[Row], *, by: Any, at: datetime, reason: str) -> None:
        """Undo rows of which `values` are what stood before; `edited` are their columns. New ones are deleted."""
        if gone := [row for row in rows if not row.edited]:
            self._take_away(gone, by=by, at=at, reason=reason)
        back = [row for row in rows if row.edited]
        for row in back:
            for name in row.edited:
                setattr(row.record, self.fields[name].attribute, row.values[name])
        self.check(back)
        sound = [row for row in back if not row.faults]
        columns = {self.fields[name].attribute for row in sound for name in row.edited}
        keeping.change([row.record for row in sound], columns, by=by, at=at, reason=reason)

    def _take_away(self, rows: list[Row], **told: Any) -> None:
        """All at once; where some stand in the way each half by itself, down to the row that it is."""
        if len(rows) == 1:
            with self.each(rows[0]):
                keeping.remove([rows[0].record], **told)
            return
        try:
            with transaction.atomic():
                keeping.remove([row.record for row in rows], **told)
        except (IntegrityError, models.ProtectedError):
            self._take_away(rows[: len(rows) // 2], **told)
            self._take_away(rows[len(rows) // 2 :], **told)

    @contextmanager
    def each(self, row: Row) -> Iterator[None]:
        """One row by itself: where a room refuses it, or the database, it is a fault of that row alone."""
        try:
            with transaction.atomic():
                yield
        except self.refusals as refusal:
            row.refuse(WHOLE, str(getattr(refusal, "sentence", refusal)))
        except (IntegrityError, models.ProtectedError):
            row.refuse(WHOLE, _("Bản ghi khác đang dựa vào dòng này, hoặc cơ sở dữ liệu không nhận."))

    # Columns

    def columns(self) -> list[tuple[str, bool]]:
        """Heading of each column and whether it is read at all."""
        return [(field.column_name, not field.readonly) for field in self.get_import_fields()]

    @property
    def headings(self) -> dict[str, str]:
        return {name: field.column_name for name, field in self.fields.items()}

    def known_headings(self) -> dict[str, str]:
        known = {fold(KEY_HEADING): KEY}
        for name, field in self.fields.items():
            for heading in (field.column_name, name, *self.synonyms.get(name, ())):
                known.setdefault(fold(heading), name)
        return known

    def read_only(self) -> set[str]:
        return {name for name, field in self.fields.items() if field.readonly}

    def _model_field(self, name: str) -> Any:
        try:
            return self._meta.model._meta.get_field(self.fields[name].attribute)
        except FieldDoesNotExist:
            return None

    # Cells → values

    def clean(self, rows: list[Row]) -> None:
        """Read the cells of rows that have the same columns."""
        for name in rows[0].cells if rows else ():
            if name == KEY:
                for row in rows:
                    row.told_key = str(row.cells[name] or "").strip()
                continue
            cell, memory = self.fields[name].widget, self._memory.setdefault(name, {})
            cell.learn({row.cells[name] for row in rows if isinstance(row.cells[name], str)})
            for row in rows:
                self._clean_cell(row, name, cell, memory)
        self.relate(rows)
        for row in rows:
            row.key = self.key_of(row)

    def _clean_cell(self, row: Row, name: str, cell: Any, memory: dict[str, Any]) -> None:
        raw = row.cells[name]
        found = memory.get(raw) if isinstance(raw, str) else None
        if found is None:
            try:
                found = (cell.clean(raw), "")
            except ValueError as error:
                found = (None, str(error))
            if isinstance(raw, str) and len(memory) < MOST_REMEMBERED:
                memory[raw] = found
        value, sentence = found
        if sentence:
            row.refuse(name, sentence)
        else:
            row.values[name] = value.replace("\r\n", "\n") if isinstance(value, str) else value

    # Known records

    def records_by(self, attribute: str, texts: Iterable[str]) -> dict[str, Any]:
        """Records by a text in capitals: as it is written, else without regard to capitals."""
        asked = {text for text in texts if text}
        rows = self.get_queryset()
        found = {str(getattr(row, attribute)).upper(): row for row in rows.filter(**{f"{attribute}__in": asked})}
        if left := {text.upper() for text in asked} - set(found):
            others = rows.annotate(in_capitals=Upper(attribute)).filter(in_capitals__in=left)
            found |= {str(getattr(row, attribute)).upper(): row for row in others}
        return found

    def recognise(self, rows: list[Row]) -> None:
        """By the key that the portal wrote into the file, as far as the row still speaks of the same record; else by
        what the row says."""
        told = {row: pk for row in rows if (pk := row.told_key.partition(":")[0]).isdecimal() and len(pk) < 19}
        by_key = {row.pk: row for row in self.get_queryset().filter(pk__in=map(int, told.values()))} if told else {}
        for row, pk in told.items():
            record = by_key.get(int(pk))
            if record is None:
                continue
            if any(not self._same(row, name, record) for name in self.identity):
                row.refuse(KEY, _("Khóa ẩn của dòng này là của “%(record)s”.") % {"record": record})
            row.record = record
        self.find(rows)

    def _same(self, row: Row, name: str, record: Any) -> bool:
        value, stands = row.values.get(name), getattr(record, self.fields[name].attribute)
        if value in (None, ""):
            return True
        return (
            value.upper() == stands.upper() if isinstance(value, str) and isinstance(stands, str) else value == stands
        )

    # Values → record

    def fill_in(self, rows: list[Row]) -> None:
        """Put the values onto the records, in memory, and note which columns change."""
        for row in rows:
            if row.record is None:
                row.record = self._new()
            names = [name for name in row.values if name in self.fields and not self.fields[name].readonly]
            row.original = self.values_of(row.record, names)
            self.fill(row.record, row)
            after = self.values_of(row.record, names)
            row.edited = [name for name in names if differ(after[name], row.original[name])]

    def _new(self) -> Any:
        """A record with its defaults, which the library would ask for again with each, language by language."""
        return self._meta.model(*[value() if callable(value) else value for value in self._defaults])

    @cached_property
    def _defaults(self) -> list[Any]:
        return [
            field.get_default if field.has_default() and callable(field.default) else field.get_default()
            for field in self._meta.model._meta.concrete_fields
        ]  # fmt: skip

    def fill(self, record: Any, row: Row) -> None:
        """What a record is known by stays; an empty cell takes nothing away that a record must have."""
        is_known = not record._state.adding
        for name, value in row.values.items():
            field = self.fields.get(name)
            if field is None or field.readonly or (is_known and name in self.identity):
                continue
            if value is None or value == "":
                self._empty(record, field)
            elif not is_known or not self._reads(record, row, name, value):
                setattr(record, field.attribute, value)

    def _empty(self, record: Any, field: Any) -> None:
        behind = record._meta.get_field(field.attribute)
        if getattr(record, field.attribute, None) in (None, ""):
            return
        if behind.null or behind.blank:
            setattr(record, field.attribute, None if behind.null else "")

    def _reads(self, record: Any, row: Row, name: str, value: Any) -> bool:
        """Does the cell say what stands already? A file holds no longer texts than Excel does."""
        stands = getattr(record, self.fields[name].attribute)
        if stands == value or not isinstance(value, str) or not isinstance(stands, str):
            return bool(stands == value)
        read = self.fields[name].widget.clean(stands).replace("\r\n", "\n")
        if value.endswith(workbooks.CUT):
            if not read.startswith(value.removesuffix(workbooks.CUT)):
                row.refuse(name, _("Nội dung dài hơn một ô Excel chứa được; hãy sửa trên cổng."))
            return True
        return bool(read == value)

    def values_of(self, record: Any, names: Iterable[str]) -> dict[str, Any]:
        return {name: getattr(record, self.fields[name].attribute, None) for name in names}

    def marks(self, pks: Iterable[Any], names: Sequence[str]) -> dict[Any, str]:
        """By which some records are known again, as the database holds them now."""
        rows = self.get_queryset().filter(pk__in=pks)
        if type(self).values_of is not SheetResource.values_of:
            return {row.pk: mark_of(self.values_of(row, names)) for row in rows}
        found = workbooks.plain(rows).values_list("pk", *(self.fields[name].attribute for name in names))
        return {pk: mark_of(dict(zip(names, values, strict=True))) for pk, *values in found}

    # Rules

    def check(self, rows: list[Row]) -> None:
        """Fields, checks, uniqueness and the model's own `clean`; faults are told at a column of the sheet."""
        for row in rows:
            if row.record is None or (not row.is_new and not row.edited):
                continue
            for name, sentences in self._errors(row).items():
                for sentence in sentences:
                    row.refuse(name, sentence)
        filled = [row for row in rows if row.record is not None and not row.is_repeat]
        for row, fields, sentence in self.repeats.find(filled):
            column = next((name for name in reversed(fields) if self._column_of(name) in row.cells), fields[-1])
            row.refuse(self._column_of(column), sentence)

    def _errors(self, row: Row) -> dict[str, list[str]]:
        record, faulty = row.record, {self._attribute(name) for name in row.faults}
        errors: dict[str, list[Any]] = {}
        try:
            if not self.is_again:
                given = tuple(self.fields[name].attribute for name in row.edited)
                self.looks.look(record, given, faulty)
            if self._meta.model.clean is not models.Model.clean and not faulty:
                record.clean()
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        rules = list(checks.broken(record, faulty | set(errors)))
        if rules:
            errors.setdefault(NON_FIELD_ERRORS, []).extend(rules)
        if not errors:
            return {}
        placed = checks.at_fields(errors, self._meta.model, [field.attribute for field in self.fields.values()])
        return {self._column_of(name): _sentences(found) for name, found in placed.items()}

    def _attribute(self, name: str) -> str:
        return self.fields[name].attribute if name in self.fields else name

    def _column_of(self, attribute: str) -> str:
        """A rule of the untranslated field ("name") speaks of its Vietnamese column."""
        if attribute == NON_FIELD_ERRORS:
            return WHOLE
        for name, field in self.fields.items():
            if field.attribute in (attribute, f"{attribute}_vi"):
                return name
        return attribute

    # Kept values

    def revive(self, kept: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Values as they were kept in rows of a change set, made what they were."""
        behind = {name: self._model_field(name) for name in {name for values in kept for name in values}}
        records = {
            name: field.remote_field.model._base_manager.in_bulk({v[name] for v in kept if v.get(name) is not None})
            for name, field in behind.items() if field is not None and field.is_relation
        }  # fmt: skip
        return [
            {name: self._revived(value, name, behind[name], records) for name, value in values.items()}
            for values in kept
        ]

    def _revived(self, value: Any, name: str, field: Any, records: dict[str, Any]) -> Any:
        if value is None or value == "":
            return value
        if name in records:
            return records[name].get(value)
        return field.to_python(value) if field is not None else self.fields[name].widget.clean(value)

    def reading(self, name: str, value: Any) -> str:
        """A value as the reader sees it on a page of the back office."""
        if name not in self.fields:
            return str(value)
        value = self.fields[name].widget.render(value)
        if isinstance(value, Decimal):
            return grouped(value, at_most=6)
        return f"{value:%d/%m/%Y}" if isinstance(value, date) else str("" if value is None else value)

    def export(self, queryset: Any = None, **kwargs: Any) -> Any:
        dataset = super().export(queryset, **kwargs)
        dataset.title = str(self._meta.model._meta.verbose_name_plural).capitalize()
        return dataset


def _sentences(found: Iterable[Any]) -> list[str]:
    return [
        text for error in found for text in (error.messages if isinstance(error, ValidationError) else [str(error)])
    ]
