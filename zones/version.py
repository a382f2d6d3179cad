"""The version of the land: it changes with every write to what searches read; until then answers and pages are kept.

The database counts by itself, in the transaction of the write, whoever writes and by whatever way. On PostgreSQL each
statement adds a row, so that no two writers wait for each other; whoever reads the version first and the land second
never keeps an older answer under a newer version.
"""

from django.db import connection, migrations, transaction

from izportal.models import User
from zones.models import LandChange

TABLES = (
    "zones_zone", "zones_phase", "zones_plot", "zones_availability", "zones_confirmation", "zones_utilitycapacity",
    "zones_utilitycommitment", "izportal_rule",
)  # fmt: skip
DEEDS = ("insert", "update", "delete")
# By hand: it is asked for with each page, and putting it together would cost more than answering it.
VERSION = (
    f"SELECT MIN(id), MAX(id), COUNT(*), EXISTS (SELECT 1 FROM {User._meta.db_table} WHERE is_sample) "
    f"FROM {LandChange._meta.db_table}"
)


def now() -> str:
    """Rows may be committed in another order than they were numbered, and old ones are swept: first, last and number
    together never come twice. Whether there is sample data, which every page says, is part of it."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        first, last, rows, is_sample = cursor.fetchone()
    return f"{first or 0}.{last or 0}.{rows}.{int(is_sample)}"


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
