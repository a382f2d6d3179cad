"""Brings the rows of a table in line with a data file: adds what is missing, updates what the file says anew, and
leaves alone what somebody at the board has entered, changed or taken away. Nothing is deleted here."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from simple_history.utils import bulk_create_with_history

from izportal.reasons import LOADED

LONGEST_NAME_IN_LOG = 200


@dataclass
class Tally:
    """What a run did: counts by kind of row, and the rows that it left as they are, each with the reason."""

    created: Counter = field(default_factory=Counter)
    updated: Counter = field(default_factory=Counter)
    unchanged: Counter = field(default_factory=Counter)
    kept: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def keep(self, row: models.Model) -> None:
        self.kept.append(f"{row._meta.verbose_name}: {row}")


class Theirs:
    """Which rows of a table somebody has entered, changed or deleted since they were loaded."""

    def __init__(self, model: type[models.Model]):
        log = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
        self.changed = set(log.filter(action_flag__in=(ADDITION, CHANGE)).values_list("object_id", flat=True))
        self.deleted = set(log.filter(action_flag=DELETION).values_list("object_repr", flat=True))
        if hasattr(model, "history"):
            others = model.history.exclude(history_change_reason=LOADED)
            self.changed |= {str(pk) for pk in others.values_list(model._meta.pk.attname, flat=True)}

    def has_changed(self, row: models.Model) -> bool:
        return str(row.pk) in self.changed

    def has_deleted(self, row: models.Model) -> bool:
        return str(row)[:LONGEST_NAME_IN_LOG] in self.deleted


def settle(
    model: type[models.Model], rows: Iterable[dict[str, Any]], *, key: Collection[str], tally: Tally,
    among: Iterable | None = None, is_closed: Callable[[Any], bool] = lambda row: False,
) -> dict[tuple, Any]:  # fmt: skip
    """Settle `rows`, values by column; `key` names the columns that tell rows apart. Returns the rows by their key.

    A row for which `is_closed` holds is neither added nor changed; whoever asks for that reports it (`tally.refused`).
    """
    stored = {
        tuple(getattr(row, name) for name in key): row for row in (model.objects.all() if among is None else among)
    }
    theirs, new = Theirs(model), []
    for values in rows:
        values = typed(model, values)
        place = tuple(values[name] for name in key)
        if place not in stored:
            row = model(**values)
            if theirs.has_deleted(row):
                tally.keep(row)
            elif not is_closed(row):
                stored[place] = row
                new.append(row)
            continue
        _update(stored[place], values, theirs, tally, is_closed)
    _create(model, new, tally)
    return stored


def _update(row: models.Model, values: dict[str, Any], theirs: Theirs, tally: Tally, is_closed: Callable) -> None:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not changed:
        tally.unchanged[type(row)] += 1
    elif theirs.has_changed(row):
        tally.keep(row)
    elif not is_closed(row):
        for name, value in changed.items():
            setattr(row, name, value)
        save(row)
        tally.updated[type(row)] += 1


def _create(model: type[models.Model], rows: list, tally: Tally) -> None:
    tally.created[model] += len(rows)
    if hasattr(model, "history"):
        bulk_create_with_history(rows, model, default_change_reason=LOADED)
    else:
        model.objects.bulk_create(rows)


def save(row: models.Model) -> None:
    row._change_reason = LOADED
    row.save()


def typed(model: type[models.Model], values: dict[str, Any]) -> dict[str, Any]:
    """The values as the columns give them back, so that they can be compared."""
    return {name: _typed(model._meta.get_field(name), value) for name, value in values.items()}


def _typed(column: models.Field, value: Any) -> Any:
    if value is None:
        return None if column.null else column.get_default()
    if isinstance(column, models.DecimalField):
        return column.to_python(str(value))
    return value if isinstance(column, models.JSONField) else column.to_python(value)
