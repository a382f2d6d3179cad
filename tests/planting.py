"""Rows and papers that many tests begin with: made once in a process, then set down again as they were, by the
database itself and in a fraction of the time. What is made must rest on nothing but an empty place to put it."""

import copy
import re
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from tests.emptying import full_tables

INSERTED = re.compile(r'INSERT (?:OR IGNORE )?INTO "(\w+)"')


class Seed:
    """What a builder left behind: an INSERT for each table, the papers by their path, and what it gave back."""

    def __init__(self, tables, result):
        self.statements = [_as_statement(table) for table in sorted(tables & full_tables())]
        self.papers = {path: path_of(path).read_bytes() for path in _papers()}
        self.result = copy.deepcopy(result)

    def sow(self):
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in self.statements:
                cursor.execute(statement)
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
    written, before = set(), (full_tables(), _papers())

    def note(execute, sql, params, many, context):
        written.update(INSERTED.findall(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        result = make(*args)
    if not written & before[0] and not before[1]:
        seeds[args] = Seed(written, result)
    return result


def path_of(name):
    return Path(settings.PRIVATE_ROOT) / name


def _papers():
    root = Path(settings.PRIVATE_ROOT)
    return [path.relative_to(root) for path in root.rglob("*") if path.is_file()]


def _as_statement(table):
    """Every row of a table in one statement, each value written as the database itself writes it."""
    with connection.cursor() as cursor:
        columns = [f'"{column.name}"' for column in connection.introspection.get_table_description(cursor, table)]
        quoted = "quote({})" if connection.vendor == "sqlite" else "quote_nullable({}::text)"
        cursor.execute(f'SELECT {", ".join(map(quoted.format, columns))} FROM "{table}" ORDER BY 1')
        rows = ", ".join(f"({', '.join(row)})" for row in cursor.fetchall())
    return f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES {rows}'
