"""Tables that only grow: the database itself refuses to change or delete their rows, on SQLite and on PostgreSQL."""

from django.db import migrations

MESSAGE = "append-only: rows of this table are neither changed nor deleted"


def guard(table: str) -> migrations.RunPython:
    """A migration step that guards `table`; only deletes of rows marked `is_sample` pass."""

    def install(apps, schema_editor):
        for statement in statements(table, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def remove(apps, schema_editor):
        for statement in removal(table, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    return migrations.RunPython(install, remove)


def statements(table: str, vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} WHEN NOT OLD.is_sample "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse()",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW WHEN (NOT OLD.is_sample) "
        f"EXECUTE FUNCTION {table}_refuse()",
    ]


def removal(table: str, vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_update", f"DROP TRIGGER IF EXISTS {table}_no_delete"]
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_update ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_no_delete ON {table}",
        f"DROP FUNCTION IF EXISTS {table}_refuse()",
    ]
