"""A version that changes with every write to some tables; until then an answer made of them may be kept.

The database counts by itself, in the transaction of the write, whoever writes and by whatever way. On PostgreSQL each
statement adds a row, so that no two writers wait for each other; whoever reads the version first and the rows second
never keeps an older answer under a newer version.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection, migrations, transaction

# Which rows a deed has to do with, by the names that a trigger gives them.
DEEDS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}


@dataclass(frozen=True)
class Version:
    """`model` is the label of the rows that are counted, `tables` are those whose writes count; of some of them only
    the rows (`{row}`) that meet a condition. What the SQL of `beside` says is part of the version too."""

    model: str
    tables: tuple[str, ...]
    only: Mapping[str, str] = field(default_factory=dict)
    beside: str = "0"

    @property
    def _counter(self) -> str:
        return self.model.lower().replace(".", "_")

    def now(self) -> str:
        """Rows may be committed in another order than they were numbered, and old ones are swept: first, last and
        number together never come twice. Where SQLite has lost a trigger, no version does."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT MIN(id), MAX(id), COUNT(*), {self.beside}, {self._triggers} FROM {self._counter}")
            first, last, rows, beside, triggers = cursor.fetchone()
        is_whole = triggers is None or triggers == len(self.tables) * len(DEEDS)
        return f"{first or 0}.{last or 0}.{rows}.{beside:d}" if is_whole else uuid.uuid4().hex

    @property
    def _triggers(self) -> str:
        if connection.vendor != "sqlite":
            return "NULL"
        return f"(SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE '{self._counter}_%')"

    def sweep(self) -> None:
        """Forget old rows; a new one goes in, so that no version comes twice."""
        rows = apps.get_model(self.model)._default_manager
        with transaction.atomic():
            newest = rows.create()
            rows.filter(pk__lt=newest.pk).delete()

    def counted(self, *tables: str) -> migrations.RunPython:
        """A migration step after which the database counts the writes to some tables. SQLite makes a table anew for
        some changes of its columns and drops what hung on it: such a migration ends with this step."""

        def install(apps, schema_editor):
            for statement in self.statements(tables or self.tables, schema_editor.connection.vendor):
                schema_editor.execute(statement, params=None)

        def remove(apps, schema_editor):
            for statement in self.removal(tables or self.tables, schema_editor.connection.vendor):
                schema_editor.execute(statement, params=None)

        return migrations.RunPython(install, remove)

    def statements(self, tables: tuple[str, ...], vendor: str) -> list[str]:
        counter, removal = self._counter, self.removal(tables, vendor)
        if vendor == "sqlite":
            # One writer at a time: one row is enough, and its number never comes again.
            body = f"BEGIN DELETE FROM {counter}; INSERT INTO {counter} (id) VALUES (NULL); END"
            return removal + [
                f"CREATE TRIGGER {counter}_{table}_{deed} AFTER {deed.upper()} ON {table} "
                f"{self._when(table, deed)}{body}"
                for table in tables
                for deed in DEEDS
            ]
        return [
            f"CREATE OR REPLACE FUNCTION {counter}_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"INSERT INTO {counter} DEFAULT VALUES; RETURN NULL; END $$",
            *removal,
            *(
                f"CREATE TRIGGER {counter}_{table}_{deed} AFTER {deed.upper()} ON {table} FOR EACH "
                f"{'ROW' if table in self.only else 'STATEMENT'} {self._when(table, deed)}"
                f"EXECUTE FUNCTION {counter}_count()"
                for table in tables
                for deed in DEEDS
            ),
        ]

    def _when(self, table: str, deed: str) -> str:
        if table not in self.only:
            return ""
        return f"WHEN ({' OR '.join(self.only[table].format(row=row) for row in DEEDS[deed])}) "

    def removal(self, tables: tuple[str, ...], vendor: str) -> list[str]:
        where = "" if vendor == "sqlite" else " ON {table}"
        return [
            f"DROP TRIGGER IF EXISTS {self._counter}_{table}_{deed}{where.format(table=table)}"
            for table in tables
            for deed in DEEDS
        ]
