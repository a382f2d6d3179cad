"""Papers about a zone are found by their number and title."""

from django.db import migrations

import izportal.folding


def fold_all(apps, schema_editor):
    izportal.folding.refold(apps.get_model("zones", "Document"))


class Migration(migrations.Migration):
    dependencies = [("zones", "0004_find_outlined_plots_by_index")]
    operations = [
        migrations.AddField(
            model_name="document",
            name="folded",
            field=izportal.folding.FoldedField(sources=("number", "title_vi", "title_en", "zone.name_vi")),
        ),
        migrations.RunPython(fold_all, migrations.RunPython.noop),
    ]
