"""Words on a listing stand, the database counts what changes the land, and words in the folded text of plots are found
by trigrams on PostgreSQL, where the server has them."""

from django.db import migrations, transaction
from django.db.utils import DatabaseError

from izportal.appendonly import guard
from zones.version import TABLES, counted

INDEX = "CREATE INDEX plot_folded_words ON zones_plot USING gin (folded gin_trgm_ops)"


def index_words(apps, schema_editor):
    """Without the extension, or the right to create it, the search reads the column itself: slower, alike."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            schema_editor.execute(INDEX)
    except DatabaseError:
        return


def leave_words(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS plot_folded_words")


class Migration(migrations.Migration):
    replaces = [("zones", "0009_find_words_and_areas_by_index")]
    dependencies = [("zones", "0001_tables")]
    operations = [
        guard("zones_confirmation"),
        counted(*TABLES),
        migrations.RunPython(index_words, leave_words),
    ]
