"""A version that changes with every write to some tables; until then an answer made of them may be kept.

The database counts by itself, in the transaction of the write, whoever writes and by whatever way. On PostgreSQL each
statement adds a row, so that no two writers wait for each other; whoever reads the version first and the rows second
never keeps an older answer under a newer version.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import migrations, transaction
from django.db.models import Count, Max

DEEDS = ("insert", "update", "delete")


@dataclass(frozen=True)
class Version:
    """`model` is the label of the rows that are counted, `tables` are those whose writes count."""

    model: str
    tables: tuple[str, ...]

    @property
    def _counter(self) -> str:
        return self.model.lower().replace(".", "_")

    def now(self) -> str:
        """Rows may be committed in another order than they were numbered: their number counts as well as the last."""
        found = apps.get_model(self.model)._default_manager.aggregate(last=Max("pk"), rows=Count("pk"))
        return f"{found['last'] or 0}.{found['rows']}"

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
                f"CREATE TRIGGER {table}_counts_{deed} AFTER {deed.upper()} ON {table} {body}"
                for table in tables
                for deed in DEEDS
            ]
        return [
            f"CREATE OR REPLACE FUNCTION {counter}_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"INSERT INTO {counter} DEFAULT VALUES; RETURN NULL; END $$",
            *removal,
            *(
                f"CREATE TRIGGER {counter}_{table}_counts AFTER INSERT OR UPDATE OR DELETE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {counter}_count()"
                for table in tables
            ),
        ]

    def removal(self, tables: tuple[str, ...], vendor: str) -> list[str]:
        if vendor == "sqlite":
            return [f"DROP TRIGGER IF EXISTS {table}_counts_{deed}" for table in tables for deed in DEEDS]
        return [f"DROP TRIGGER IF EXISTS {self._counter}_{table}_counts ON {table}" for table in tables]
