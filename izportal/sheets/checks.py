"""The rules of a table over many rows at once: checks of the database reckoned here, repeats looked up in bulk. A
query for each row would be a hundred thousand."""

import operator
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import F, Q

from izportal.sheets.marks import PLAIN
from izportal.sheets.rows import Row, repeats

Rule = Callable[[Any], bool | None]
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "exact": operator.eq, "gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le,
    "in": lambda value, among: value in among, "range": lambda value, ends: ends[0] <= value <= ends[1],
}  # fmt: skip


class Unknown(Exception):
    """A condition that only the database can reckon."""


@cache
def rules_of(model: type[models.Model]) -> tuple[tuple[Any, Rule | None], ...]:
    """The check constraints of a model with what reckons each; None where the database must be asked."""
    found = [rule for rule in model._meta.constraints if isinstance(rule, models.CheckConstraint)]
    return tuple((rule, _rule(model, rule.condition)) for rule in found)


def _rule(model: type[models.Model], condition: Any) -> Rule | None:
    try:
        return _reckoned(model, condition)
    except Unknown:
        return None


def _reckoned(model: type[models.Model], condition: Any) -> Rule:
    """As SQL does it: what is compared with nothing is neither true nor false, and a check that is not false holds."""
    if isinstance(condition, Q):
        parts = [_reckoned(model, child) for child in condition.children]
        join = {Q.AND: _all, Q.OR: _any}.get(condition.connector)
        if join is None:
            raise Unknown
        return _not(join(parts)) if condition.negated else join(parts)
    if not isinstance(condition, tuple):
        raise Unknown
    name, _sep, lookup = condition[0].partition("__")
    return _compared(_field(model, name), lookup or "exact", condition[1])


def _field(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist as error:
        raise Unknown from error


def _compared(field: Any, lookup: str, wanted: Any) -> Rule:
    name = field.attname
    if lookup == "isnull":
        return lambda record: (getattr(record, name) is None) == wanted
    compare = COMPARED.get(lookup)
    is_field = isinstance(wanted, F)
    if (
        compare is None
        or (is_field and "__" in wanted.name)
        or (hasattr(wanted, "resolve_expression") and not is_field)
    ):
        raise Unknown
    other = _field(field.model, wanted.name).attname if is_field else ""

    def rule(record: Any) -> bool | None:
        value, against = getattr(record, name), getattr(record, other) if is_field else wanted
        return None if value is None or against is None else compare(value, against)

    return rule


def _not(part: Rule) -> Rule:
    def rule(record: Any) -> bool | None:
        found = part(record)
        return None if found is None else not found

    return rule


def _all(parts: list[Rule]) -> Rule:
    def rule(record: Any) -> bool | None:
        found = [part(record) for part in parts]
        return False if False in found else None if None in found else True

    return rule


def _any(parts: list[Rule]) -> Rule:
    def rule(record: Any) -> bool | None:
        found = [part(record) for part in parts]
        return True if True in found else None if None in found else False

    return rule


def broken(record: models.Model, faulty: set[str]) -> Iterator[ValidationError]:
    """What the checks of the table say against a record; those of fields that are known to be faulty say nothing."""
    for rule, reckon in rules_of(type(record)):
        names = rule.condition.referenced_base_fields if isinstance(rule.condition, Q) else set()
        if names & faulty:
            continue
        try:
            if reckon is None:
                rule.validate(type(record), record)
            elif reckon(record) is False:
                raise ValidationError(rule.get_violation_error_message(), code=rule.violation_error_code)
        except (ValidationError, TypeError) as error:
            if isinstance(error, ValidationError):
                yield error


# Fields -------------------------------------------------------------------------------------------
MOST_REMEMBERED = 5_000
REMEMBERED = PLAIN | {Decimal, date}


class Looks:
    """Looks at the fields of records; what was sound in one is sound in the next."""

    def __init__(self) -> None:
        self.fields: dict[tuple[Any, ...], list[Any]] = {}
        self.sound: defaultdict[str, set[Any]] = defaultdict(set)

    def look(self, record: Any, given: tuple[str, ...], faulty: set[str]) -> None:
        """Raises `ValidationError` for what a record is given, and for what a new one may not lack. A record that a
        key points at was just looked up."""
        told = (*given, record._state.adding)
        if told not in self.fields:
            every = record._meta.concrete_fields
            self.fields[told] = [f for f in every if f.name in given or (record._state.adding and _is_needed(f))]
        new = {
            field.name: value for field in self.fields[told]
            if field.name not in faulty and not self._is_sound(field, value := getattr(record, field.attname))
        }  # fmt: skip
        record.clean_fields(exclude={field.name for field in record._meta.fields} - new.keys())
        for name, value in new.items():
            if type(value) in REMEMBERED and len(self.sound[name]) < MOST_REMEMBERED:
                self.sound[name].add(value)

    def _is_sound(self, field: Any, value: Any) -> bool:
        if field.is_relation and value is not None:
            return True
        return type(value) in REMEMBERED and value in self.sound[field.name]


def _is_needed(field: Any) -> bool:
    return field.editable and not (field.primary_key or field.blank or field.has_default())


# Repeats ------------------------------------------------------------------------------------------
@cache
def unique_sets(model: type[models.Model]) -> tuple[tuple[tuple[str, ...], Any], ...]:
    """Columns whose values stand together once, with the constraint (None: a unique field)."""
    single = [((field.name,), None) for field in model._meta.concrete_fields if field.unique and not field.primary_key]
    plain = [
        (rule.fields, rule) for rule in model._meta.constraints
        if isinstance(rule, models.UniqueConstraint) and rule.fields and rule.condition is None
    ]  # fmt: skip
    return tuple(single + [(tuple(fields), rule) for fields, rule in plain])


class Repeats:
    """Looks for rows that stand already, in the database or further up in the same file."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model = model
        self.seen: dict[tuple[int, int], tuple[str, int]] = {}

    def find(self, rows: list[Row]) -> Iterator[tuple[Row, list[str], str]]:
        """(row, its fields, sentence) of each that repeats another."""
        for number, (fields, rule) in enumerate(unique_sets(self.model)):
            asked = [(row, key) for row in rows if (key := self._key(row, fields)) is not None]
            standing = self._standing(fields, [key for _row, key in asked]) if asked else {}
            for row, key in asked:
                first = self.seen.setdefault((number, hash(key)), row.place)
                if standing.get(key, row.record.pk) != row.record.pk:
                    yield row, list(fields), self._said(row.record, fields, rule)
                elif first != row.place:
                    yield row, list(fields), repeats(first)

    def _key(self, row: Row, fields: tuple[str, ...]) -> tuple[Any, ...] | None:
        """None where nothing can repeat: a part is empty, or faulty, or the record has kept what it had."""
        if row.record is None or not (row.is_new or set(fields) & set(row.edited)) or set(fields) & set(row.faults):
            return None
        values = tuple(getattr(row.record, _field(self.model, name).attname) for name in fields)
        return None if any(value is None for value in values) else values

    def _standing(self, fields: tuple[str, ...], keys: list[tuple[Any, ...]]) -> dict[tuple[Any, ...], Any]:
        columns = [_field(self.model, name).attname for name in fields]
        among = {f"{name}__in": {key[place] for key in keys} for place, name in enumerate(columns)}
        found = self.model._base_manager.filter(**among).order_by().values_list(*columns, "pk")
        return {tuple(values): pk for *values, pk in found}

    def _said(self, record: Any, fields: tuple[str, ...], rule: Any) -> str:
        if rule is not None and rule.violation_error_message != rule.default_violation_error_message:
            return str(rule.get_violation_error_message())
        return " ".join(record.unique_error_message(self.model, fields).messages)


# Places -------------------------------------------------------------------------------------------
def at_fields(errors: dict[str, list[Any]], model: type[models.Model], shown: Any) -> dict[str, list[Any]]:
    """What constraints say of a whole record is told at a field that is shown, so that its reader finds the place."""
    for error in errors.pop(NON_FIELD_ERRORS, []):
        errors.setdefault(field_of(error, model, list(shown)), []).append(error)
    return errors


def field_of(error: ValidationError, model: type[models.Model], shown: list[str]) -> str:
    """For a check the first of its fields, for a repeat the last."""
    for rule in model._meta.constraints:
        if rule.get_violation_error_message() in error.messages:
            check = getattr(rule, "condition", None)
            named = list(getattr(rule, "fields", ()))[-1:] or (check.referenced_base_fields if check else ())
            return next((name for name in shown if name in named), NON_FIELD_ERRORS)
    return NON_FIELD_ERRORS
