"""The version of the land: it changes with every write to what a search reads; until then an answer may be kept.

The database counts by itself, in the transaction of the write, whoever writes and by whatever way. On PostgreSQL each
statement adds a row, so that no two writers wait for each other; whoever reads the version first and the land second
never keeps an older answer under a newer version.
"""

from django.db import migrations, transaction
from django.db.models import Count, Max

from zones.models import LandChange

TABLES = ("zones_zone", "zones_phase", "zones_plot", "zones_availability", "izportal_rule")
DEEDS = ("insert", "update", "delete")


def now() -> str:
    """Rows may be committed in another order than they were numbered: their number counts as well as the last one."""
    found = LandChange.objects.aggregate(last=Max("pk"), rows=Count("pk"))
    return f"{found['last'] or 0}.{found['rows']}"


@transaction.atomic
def sweep() -> None:
    """Forget old rows; a new one goes in, so that no version comes twice."""
    newest = LandChange.objects.create()
    LandChange.objects.filter(pk__lt=newest.pk).delete()


def counted(*tables: str) -> migrations.RunPython:
    """A migration step after which the database counts the writes to some tables. SQLite makes a table anew for some
    changes of its columns and drops what hung on it: such a migration ends with this step."""

    def install(apps, schema_editor):
        for statement in statements(tables, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def remove(apps, schema_editor):
        for statement in removal(tables, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    return migrations.RunPython(install, remove)


def statements(tables: tuple[str, ...], vendor: str) -> list[str]:
    if vendor == "sqlite":
        # One writer at a time: one row is enough, and its number never comes again.
        body = "BEGIN DELETE FROM zones_landchange; INSERT INTO zones_landchange (id) VALUES (NULL); END"
        return removal(tables, vendor) + [
            f"CREATE TRIGGER {table}_counts_{deed} AFTER {deed.upper()} ON {table} {body}"
            for table in tables
            for deed in DEEDS
        ]
    return [
        "CREATE OR REPLACE FUNCTION zones_count_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO zones_landchange DEFAULT VALUES; RETURN NULL; END $$",
        *removal(tables, vendor),
        *(
            f"CREATE TRIGGER {table}_counts AFTER INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION zones_count_change()"
            for table in tables
        ),
    ]


def removal(tables: tuple[str, ...], vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_counts_{deed}" for table in tables for deed in DEEDS]
    return [f"DROP TRIGGER IF EXISTS {table}_counts ON {table}" for table in tables]
