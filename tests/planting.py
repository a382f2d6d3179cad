"""Rows and papers that many tests begin with: made once in a process, then set down again as they were, by the
database itself and in a fraction of the time. What is `planted` rests on nothing but an empty place to put it; what
is `grown`, on what is planted."""

import copy
import re
from contextlib import contextmanager
from functools import cache, wraps
from pathlib import Path

import time_machine
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from izportal.press.models import PressChange
from onestop.models import CounterChange
from projects.models import RegisterChange
from tests.emptying import as_migrated, full_tables
from zones.models import LandChange

INSERTED = re.compile(r'INSERT (?:OR IGNORE )?INTO "(\w+)"')
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH", "TRUNCATE", "CREATE", "ALTER", "DROP")
UPDATED = re.compile(r'UPDATE "(\w+)"')
# The database counts in these by itself, by statement: as many as were needed.
COUNTERS = {model._meta.db_table for model in (CounterChange, LandChange, PressChange, RegisterChange)}


class Soil:
    """What stands in the database in this test: the seeds sown, one after the other; None once anything else has been
    written. What is taken back to a savepoint is taken back here."""

    def __init__(self):
        self.seeds, self.marks, self.is_sowing = (), {}, False

    def watch(self, execute, sql, params, many, context):
        if sql.startswith("SAVEPOINT"):
            self.marks[sql.partition(" ")[2]] = self.seeds
        elif sql.startswith("ROLLBACK TO SAVEPOINT"):
            self.seeds = self.marks.get(sql.removeprefix("ROLLBACK TO SAVEPOINT "))
        elif not self.is_sowing and sql.lstrip().startswith(WRITES):
            self.seeds = None
        return execute(sql, params, many, context)

    def takes(self, seed, before):
        self.seeds = None if before is None else (*before, id(seed))

    @contextmanager
    def sowing(self):
        self.is_sowing = True
        try:
            yield
        finally:
            self.is_sowing = False


soil = Soil()


@contextmanager
def fresh_soil():
    soil.__init__()
    with connection.execute_wrapper(soil.watch):
        yield


class Seed:
    """What a builder left behind: statements that write the rows, the papers by their path, and what it gave back."""

    def __init__(self, statements, papers, result):
        self.statements = statements
        self.papers = {path: path_of(path).read_bytes() for path in papers}
        self.result = copy.deepcopy(result)

    def sow(self):
        before = soil.seeds
        with soil.sowing(), transaction.atomic(), connection.cursor() as cursor:
            for statement in self.statements:
                cursor.execute(statement)
        soil.takes(self, before)
        for path, content in self.papers.items():
            path_of(path).parent.mkdir(parents=True, exist_ok=True)
            path_of(path).write_bytes(content)
        return copy.deepcopy(self.result)


def planted(make):
    """A builder whose rows are copied once it has been called with the same arguments on empty tables. Where something
    stands in the way of the copy, it builds anew."""
    seeds = {}

    @wraps(make)
    def plant(*args):
        if args not in seeds:
            return _build(make, args, seeds)
        try:
            return seeds[args].sow()
        except IntegrityError:
            return make(*args)

    return plant


def _build(make, args, seeds):
    ground, before = soil.seeds, (full_tables(), _papers())
    with _noting() as (inserted, _updated):
        result = make(*args)
    if not inserted & before[0] and not before[1]:
        statements = [_insertion(table, _rows(table)) for table in sorted(inserted & full_tables())]
        seeds[args] = Seed(statements, _papers(), result)
        soil.takes(seeds[args], ground)
    return result


@contextmanager
def _noting():
    """The tables that are inserted into and updated meanwhile."""
    inserted, updated = set(), set()

    def note(execute, sql, params, many, context):
        inserted.update(INSERTED.findall(sql))
        updated.update(UPDATED.findall(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield inserted, updated


def grown(make):
    """A builder that rests on what is planted: its rows, and what it changed in others, are copied where the same
    seeds lie in the soil and nothing else, for the same arguments at the same moment. Elsewhere it builds anew."""
    seeds = {}

    @wraps(make)
    def grow(*args, **kwargs):
        if not soil.seeds:
            return make(*args, **kwargs)
        key = (soil.seeds, _standing(), _moment(), _key(args), _key(kwargs))
        if key in seeds:
            return seeds[key].sow()
        return _raise(make, args, kwargs, key, seeds)

    return grow


def _raise(make, args, kwargs, key, seeds):
    ground, papers, before = soil.seeds, _papers(), {table: _rows(table) for table in _tables_of_the_test()}
    with _noting() as (inserted, updated):
        result = make(*args, **kwargs)
    written = inserted | updated
    after = {table: _rows(table) for table in before.keys() | written & full_tables()}
    is_taken_away = any(before[table].keys() - after[table].keys() for table in before)
    if not (is_taken_away or written & as_migrated().keys()):
        statements = [line for table in sorted(written & after.keys()) for line in _changes(before, after, table)]
        seeds[key] = Seed(statements, [path for path in _papers() if path not in papers], result)
        soil.takes(seeds[key], ground)
    return result


def _changes(before, after, table):
    old, rows = before.get(table, {}), after[table]
    if new := {key: row for key, row in rows.items() if key not in old}:
        yield _insertion(table, new)
    yield from (_change(table, key, old[key], row) for key, row in rows.items() if old.get(key, row) != row)


def _tables_of_the_test():
    return full_tables() - as_migrated().keys() - COUNTERS


def _standing():
    """How many rows stand where, in short."""
    asked = (f'SELECT COUNT(*) FROM "{table}"' for table in sorted(_tables_of_the_test()))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return tuple(cursor.fetchall())


def _moment():
    """To the instant where a test holds the clock."""
    return timezone.now() if time_machine.escape_hatch.is_travelling() else timezone.localdate()


def _key(value):
    if isinstance(value, models.Model):
        return value._meta.label, value.pk
    if isinstance(value, dict):
        return tuple((name, _key(one)) for name, one in sorted(value.items()))
    if isinstance(value, list | tuple):
        return tuple(map(_key, value))
    return value


def path_of(name):
    return Path(settings.PRIVATE_ROOT) / name


def _papers():
    root = Path(settings.PRIVATE_ROOT)
    return [path.relative_to(root) for path in root.rglob("*") if path.is_file()]


@cache
def _shape(table):
    """The key of a table, and all its columns."""
    with connection.cursor() as cursor:
        key = connection.introspection.get_primary_key_column(cursor, table)
        return key, [column.name for column in connection.introspection.get_table_description(cursor, table)]


def _rows(table):
    """{key: {column: value}}, each as the database itself writes it."""
    key, columns = _shape(table)
    quoted = "quote({})" if connection.vendor == "sqlite" else "quote_nullable({}::text)"
    values = ", ".join(quoted.format(f'"{column}"') for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {values} FROM "{table}" ORDER BY 1')
        rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return {row[key]: row for row in rows}


def _insertion(table, rows):
    columns = ", ".join(f'"{column}"' for column in _shape(table)[1])
    values = ", ".join(f"({', '.join(row.values())})" for row in rows.values())
    return f'INSERT INTO "{table}" ({columns}) VALUES {values}'


def _change(table, key, old, new):
    changed = ", ".join(f'"{column}" = {value}' for column, value in new.items() if old[column] != value)
    return f'UPDATE "{table}" SET {changed} WHERE "{_shape(table)[0]}" = {key}'
