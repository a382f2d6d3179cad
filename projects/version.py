"""The version of the register: it changes with every write to what its figures are made of. Beside it the database
notes of which project it was, so that no figure is read before that project is posted anew
(`projects/figures/posting.py`)."""

from django.db import migrations

from izportal.versions import DEEDS, Version

TABLES = (
    "projects_change", "projects_project", "projects_contribution", "projects_investor", "projects_tenure",
    "projects_enterprise", "projects_sector", "projects_country", "projects_classification",
)  # fmt: skip
VERSION = Version("projects.RegisterChange", TABLES)
now = VERSION.now
sweep = VERSION.sweep

NOTES = "projects_unposted"
# Which projects a row is about.
CONCERNED = {
    "projects_change": "SELECT {row}.project_id",
    "projects_classification": "SELECT {row}.project_id",
    "projects_contribution": "SELECT {row}.project_id",
    "projects_project": "SELECT {row}.id",
    "projects_investor": "SELECT project_id FROM projects_contribution WHERE investor_id = {row}.id",
}


def counted(*tables: str) -> migrations.RunPython:
    """As `Version.counted`; and from the migration on that makes the table of notes, they are noted as well."""

    def install(apps, schema_editor):
        connection, names = schema_editor.connection, tables or TABLES
        told = VERSION.statements(names, connection.vendor)
        if NOTES in connection.introspection.table_names():
            told += noting(names, connection.vendor)
        for statement in told:
            schema_editor.execute(statement, params=None)

    def remove(apps, schema_editor):
        connection, names = schema_editor.connection, tables or TABLES
        for statement in (*VERSION.removal(names, connection.vendor), *unnoting(names, connection.vendor)):
            schema_editor.execute(statement, params=None)

    return migrations.RunPython(install, remove)


def noted() -> migrations.RunPython:
    """The step after which the database notes the projects that are written to; it begins with all of them."""

    def install(apps, schema_editor):
        for statement in noting(tuple(CONCERNED), schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)
        schema_editor.execute(f"INSERT INTO {NOTES} (project_id) SELECT id FROM projects_project", params=None)

    def remove(apps, schema_editor):
        for statement in unnoting(tuple(CONCERNED), schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    return migrations.RunPython(install, remove)


def noting(tables: tuple[str, ...], vendor: str) -> list[str]:
    told = unnoting(tables, vendor)
    for table in (table for table in tables if table in CONCERNED):
        notes = {
            row: f"INSERT INTO {NOTES} (project_id) {CONCERNED[table].format(row=row)};" for row in ("OLD", "NEW")
        }
        if vendor == "sqlite":
            told += [
                f"CREATE TRIGGER {NOTES}_{table}_{deed} AFTER {deed.upper()} ON {table} "
                f"BEGIN {' '.join(notes[row] for row in rows)} END"
                for deed, rows in DEEDS.items()
            ]
            continue
        told += [
            f"CREATE OR REPLACE FUNCTION {NOTES}_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF TG_OP <> 'INSERT' THEN {notes['OLD']} END IF; IF TG_OP <> 'DELETE' THEN {notes['NEW']} END IF; "
            "RETURN NULL; END $$",
            *(
                f"CREATE TRIGGER {NOTES}_{table}_{deed} AFTER {deed.upper()} ON {table} FOR EACH ROW "
                f"EXECUTE FUNCTION {NOTES}_{table}()"
                for deed in DEEDS
            ),
        ]
    return told


def unnoting(tables: tuple[str, ...], vendor: str) -> list[str]:
    where = "" if vendor == "sqlite" else " ON {table}"
    return [
        f"DROP TRIGGER IF EXISTS {NOTES}_{table}_{deed}{where.format(table=table)}"
        for table in tables
        if table in CONCERNED
        for deed in DEEDS
    ]
