"""Many records written at once, each with its row of history: what saving them one by one would leave, in a fraction
of the time."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from izportal.folding import FoldedField

BATCH = 500
LONGEST_REASON = 100


def add(records: Sequence[Any], *, by: Any, at: datetime, reason: str) -> None:
    if records:
        type(records[0])._base_manager.bulk_create(records, batch_size=BATCH)
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


def put(records: Sequence[Any], fields: Sequence[Any]) -> None:
    """Write some columns of records and nothing else, hundreds by one statement: the library's own way makes a case of
    every cell and takes ten times as long."""
    for start in range(0, len(records), BATCH):
        _update(records[start : start + BATCH], fields)


def _update(records: Sequence[Any], fields: Sequence[Any]) -> None:
    model, quote = type(records[0]), connection.ops.quote_name
    key = model._meta.pk
    columns = [key, *fields]
    line = f"({', '.join(['%s'] * len(columns))})"
    sets = ", ".join(f"{quote(f.column)} = {_cast(f, place)}" for place, f in enumerate(fields, start=2))
    statement = (
        f"UPDATE {quote(model._meta.db_table)} SET {sets} FROM (VALUES {', '.join([line] * len(records))}) AS given "
        f"WHERE {quote(model._meta.db_table)}.{quote(key.column)} = given.column1"
    )
    values = [
        field.get_db_prep_save(getattr(record, field.attname), connection) for record in records for field in columns
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _cast(field: Any, place: int) -> str:
    return (
        f"given.column{place}::{field.db_type(connection)}"
        if connection.vendor == "postgresql"
        else f"given.column{place}"
    )


def remove(record: Any, *, by: Any, at: datetime, reason: str) -> None:
    """Raises `ProtectedError` where others rest on it."""
    record._change_reason, record._history_user, record._history_date = reason[:LONGEST_REASON], by, at
    if not hasattr(record, "history"):
        _log([record], DELETION, by, reason)
    record.delete()


def _note(records: Sequence[Any], kind: str, *, by: Any, at: datetime, reason: str) -> None:
    if not hasattr(type(records[0]), "history"):
        _log(records, ADDITION if kind == "+" else CHANGE, by, reason)
        return
    type(records[0]).history.bulk_history_create(
        records, batch_size=BATCH, update=kind == "~", default_user=by, default_change_reason=reason[:LONGEST_REASON],
        default_date=at,
    )  # fmt: skip


def _log(records: Sequence[Any], flag: int, by: Any, reason: str) -> None:
    kind = ContentType.objects.get_for_model(records[0])
    entries = [
        LogEntry(
            user_id=by.pk, content_type=kind, object_id=str(row.pk), object_repr=str(row)[:200], action_flag=flag,
            change_message=reason,
        )
        for row in records
    ]  # fmt: skip
    LogEntry.objects.bulk_create(entries, batch_size=BATCH)
