"""Columns in which PostgreSQL finds pieces of words by an index, where the server has trigrams to offer."""

from django.db import migrations, transaction
from django.db.utils import DatabaseError


def found_by_pieces(table: str, column: str, *, name: str) -> migrations.RunPython:
    """A migration step. Without the extension, or the right to create it, the search reads the column itself: slower,
    alike."""

    def install(apps, schema_editor):
        connection = schema_editor.connection
        if connection.vendor != "postgresql":
            return
        try:
            with transaction.atomic(using=connection.alias):
                schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                schema_editor.execute(f"CREATE INDEX {name} ON {table} USING gin ({column} gin_trgm_ops)")
        except DatabaseError:
            return

    def remove(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")

    return migrations.RunPython(install, remove)
