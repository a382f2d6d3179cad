"""Words in the folded text of plots are found by trigrams on PostgreSQL, where the server has them; areas by an index."""

from django.db import migrations, models
from django.db.utils import DatabaseError
from django.db import transaction

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
    dependencies = [("zones", "0008_last_state_on_plots")]
    operations = [
        migrations.AddIndex(model_name="plot", index=models.Index(fields=["area_m2"], name="plot_area")),
        migrations.AddIndex(
            model_name="plot", index=models.Index(fields=["last_effective_on"], name="plot_last_state")
        ),
        migrations.RunPython(index_words, leave_words),
    ]
