"""Takes away what a test has committed: from those tables alone that hold something, and without making the roles anew
each time. Append-only tables are emptied too, their guards lifted for that moment."""

from contextlib import contextmanager
from functools import cache

from django.core.management import call_command
from django.db import connection, transaction

from onestop.models import CounterChange
from zones.models import LandChange


def full_tables():
    """The names of the tables that hold at least one row."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM \"{table}\")" for table in tables)
        cursor.execute(" UNION ALL ".join(asked))
        return {table for (table,) in cursor.fetchall()}


@cache
def as_migrated():
    """{table: number of rows} of what migrations put there to stay; asked for the first time while nothing else is.
    The counts of changes are no such thing: the database writes them by itself."""
    return _counts(full_tables() - {model._meta.db_table for model in (LandChange, CounterChange)})


def empty(test=None):
    """Every table as the migrations left it; stands in for the end of Django's transactional tests."""
    with unguarded() as cursor:
        for table in full_tables() - as_migrated().keys():
            cursor.execute(f'DELETE FROM "{table}"')
    if _counts(as_migrated()) != as_migrated():
        call_command("flush", interactive=False, verbosity=0, reset_sequences=False)


def _counts(tables):
    with connection.cursor() as cursor:
        counted = (f"SELECT '{table}', COUNT(*) FROM \"{table}\"" for table in sorted(tables))
        cursor.execute(" UNION ALL ".join(counted))
        return dict(cursor.fetchall())


@contextmanager
def unguarded():
    """A transaction in which neither triggers nor foreign keys are heeded."""
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = cursor.fetchall()
            for name, _sql in guards:
                cursor.execute(f'DROP TRIGGER "{name}"')
            yield cursor
            for _name, sql in guards:
                cursor.execute(sql)
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
            yield cursor
