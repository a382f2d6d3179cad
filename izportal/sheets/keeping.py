"""Many records written at once, each with its row of history: what saving them one by one would leave, in a fraction
of the time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, connections, models

from izportal.folding import FoldedField

BATCH = 500
# SQLite takes no more values in one statement.
MOST_VALUES = 32_000
LONGEST_REASON = 100
FLAGS = {"+": ADDITION, "~": CHANGE, "-": DELETION}


def add(records: Sequence[Any], *, by: Any, at: datetime, reason: str) -> None:
    if records:
        insert(records)
        _note(records, "+", by=by, at=at, reason=reason)


def change(records: Sequence[Any], columns: Iterable[str], *, by: Any, at: datetime, reason: str) -> None:
    """Write some columns of known records, with what follows from them."""
    if not records:
        return
    fields = _written(type(records[0]), set(columns))
    for record in records:
        for field in fields:
            if isinstance(field, FoldedField) or getattr(field, "auto_now", False):
                field.pre_save(record, False)
    put(records, fields)
    _note(records, "~", by=by, at=at, reason=reason)


def _written(model: type[models.Model], names: set[str]) -> list[Any]:
    """With the untranslated column behind a Vietnamese one and the columns that follow others."""
    plain = {name.removesuffix("_vi") for name in names if name.endswith("_vi")}
    return [
        field for field in model._meta.concrete_fields
        if field.name in names | plain or isinstance(field, FoldedField) or getattr(field, "auto_now", False)
    ]  # fmt: skip


def remove(records: Sequence[Any], *, by: Any, at: datetime, reason: str) -> None:
    """Raises `ProtectedError` where others rest on one of them."""
    found = models.deletion.Collector(using=connection.alias)
    found.collect(records)
    if found.field_updates or set(found.data) != {type(records[0])}:  # the library sees to what goes with them
        for record in records:
            record._change_reason, record._history_user, record._history_date = reason[:LONGEST_REASON], by, at
        if not hasattr(records[0], "history"):
            _log(records, DELETION, by, reason)
        found.delete()
        return
    _note(records, "-", by=by, at=at, reason=reason)
    for rows in found.fast_deletes:
        rows._raw_delete(connection.alias)
    gone = type(records[0])._base_manager.filter(pk__in=[record.pk for record in records])
    gone._raw_delete(connection.alias)


# Statements ---------------------------------------------------------------------------------------
def insert(records: Sequence[Any]) -> None:
    """New records, hundreds by one statement, each given its key: the library's own way reckons with every cell as an
    expression and takes four times as long."""
    fields = [field for field in records[0]._meta.local_concrete_fields if not field.primary_key]
    key, size = records[0]._meta.pk, min(BATCH, MOST_VALUES // len(fields))
    head = f"INSERT INTO {_quoted(records[0]._meta.db_table)} ({', '.join(_quoted(f.column) for f in fields)}) VALUES "
    line, tail = f"({', '.join(['%s'] * len(fields))})", f" RETURNING {_quoted(key.column)}"
    with connection.cursor() as cursor:
        for some in _batches(records, size):
            columns = [_saved(field, some) for field in fields]
            values = [value for row in zip(*columns, strict=True) for value in row]
            cursor.execute(head + ", ".join([line] * len(some)) + tail, values)
            for record, (pk,) in zip(some, cursor.fetchall(), strict=True):
                record.pk, record._state.adding, record._state.db = pk, False, connection.alias


def _saved(field: Any, records: Sequence[Any]) -> Iterator[Any]:
    """What a column is given."""
    database = connections[connection.alias]
    given = (field.pre_save(record, True) for record in records)
    return (None if value is None else field.get_db_prep_save(value, database) for value in given)


def put(records: Sequence[Any], fields: Sequence[Any]) -> None:
    """Write some columns of records and nothing else, hundreds by one statement: the library's own way makes a case of
    every cell and takes ten times as long."""
    for some in _batches(records, BATCH):
        _update(some, fields)


def _batches(records: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (records[start : start + size] for start in range(0, len(records), size))


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


def _update(records: Sequence[Any], fields: Sequence[Any]) -> None:
    model, key = type(records[0]), records[0]._meta.pk
    columns = [key, *fields]
    line = f"({', '.join(['%s'] * len(columns))})"
    sets = ", ".join(f"{_quoted(f.column)} = {_cast(f, f'given.column{at}')}" for at, f in enumerate(fields, start=2))
    table = _quoted(model._meta.db_table)
    statement = (
        f"UPDATE {table} SET {sets} FROM (VALUES {', '.join([line] * len(records))}) AS given "
        f"WHERE {table}.{_quoted(key.column)} = given.column1"
    )
    database = connections[connection.alias]
    values = [
        field.get_db_prep_save(getattr(record, field.attname), database) for record in records for field in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _cast(field: Any, value: str) -> str:
    return f"{value}::{field.db_type(connection)}" if connection.vendor == "postgresql" else value


# What is left of a deed ---------------------------------------------------------------------------
def _note(records: Sequence[Any], kind: str, *, by: Any, at: datetime, reason: str) -> None:
    if not hasattr(type(records[0]), "history"):
        _log(records, FLAGS[kind], by, reason)
        return
    told = {
        "history_user": by.pk, "history_date": at, "history_change_reason": reason[:LONGEST_REASON],
        "history_type": kind,
    }  # fmt: skip
    for some in _batches(records, BATCH):
        _copy([record.pk for record in some], type(records[0]), told)


def _copy(pks: list[Any], model: Any, told: dict[str, Any]) -> None:
    """The database makes the lines of the history from the rows as it holds them."""
    past = model.history.model
    fields = [past._meta.get_field(name) for name in told]
    kept = ", ".join(_quoted(field.column) for field in past.tracked_fields)
    ours = ", ".join(_quoted(field.column) for field in fields)
    given = ", ".join(_cast(field, "%s") for field in fields)
    key, among = _quoted(model._meta.pk.column), ", ".join(["%s"] * len(pks))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_quoted(past._meta.db_table)} ({kept}, {ours}) "
            f"SELECT {kept}, {given} FROM {_quoted(model._meta.db_table)} WHERE {key} IN ({among}) ORDER BY {key}",
            [*(field.get_db_prep_save(told[field.name], connection) for field in fields), *pks],
        )


def _log(records: Sequence[Any], flag: int, by: Any, reason: str) -> None:
    kind = ContentType.objects.get_for_model(records[0])
    insert([
        LogEntry(
            user_id=by.pk, content_type=kind, object_id=str(row.pk), object_repr=str(row)[:200], action_flag=flag,
            change_message=reason,
        )
        for row in records
    ])  # fmt: skip
