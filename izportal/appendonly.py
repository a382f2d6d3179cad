"""Tables that only grow: the database itself refuses to change or delete their rows, on SQLite and on PostgreSQL."""

from django.db import migrations

MESSAGE = "append-only: rows of this table are neither changed nor deleted"


# Of most tables no row is ever changed, and only invented ones are deleted.
ALWAYS = ""
UNLESS_SAMPLE = "NOT OLD.is_sample"


def guard(table: str, *, changed: str = ALWAYS, deleted: str = UNLESS_SAMPLE) -> migrations.RunPython:
    """A migration step that guards `table`: rows (`OLD`) that meet `changed` are not changed, those that meet
    `deleted` not deleted."""

    def install(apps, schema_editor):
        for statement in statements(table, schema_editor.connection.vendor, changed=changed, deleted=deleted):
            schema_editor.execute(statement, params=None)

    def remove(apps, schema_editor):
        for statement in removal(table, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    return migrations.RunPython(install, remove)


def statements(table: str, vendor: str, *, changed: str = ALWAYS, deleted: str = UNLESS_SAMPLE) -> list[str]:
    guards = (("update", changed), ("delete", deleted))
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{deed} BEFORE {deed.upper()} ON {table} {f'WHEN {rows} ' if rows else ''}"
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            for deed, rows in guards
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        *(
            f"CREATE TRIGGER {table}_no_{deed} BEFORE {deed.upper()} ON {table} FOR EACH ROW "
            f"{f'WHEN ({rows}) ' if rows else ''}EXECUTE FUNCTION {table}_refuse()"
            for deed, rows in guards
        ),
    ]


def removal(table: str, vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_update", f"DROP TRIGGER IF EXISTS {table}_no_delete"]
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_update ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_no_delete ON {table}",
        f"DROP FUNCTION IF EXISTS {table}_refuse()",
    ]
