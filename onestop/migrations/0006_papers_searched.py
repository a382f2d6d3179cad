"""The wallet of papers is searched like everything else: without marks, by the name of the paper or of its file."""

from django.db import migrations

import izportal.folding


def fold_what_is_there(apps, schema_editor):
    izportal.folding.refold(apps.get_model("onestop", "Paper"))


class Migration(migrations.Migration):
    dependencies = [("onestop", "0005_published_forms_stand")]
    operations = [
        migrations.AddField(
            model_name="paper",
            name="folded",
            field=izportal.folding.FoldedField(
                sources=("title", "component.name_vi", "component.name_en", "stored.name")
            ),
        ),
        migrations.RunPython(fold_what_is_there, migrations.RunPython.noop, elidable=True),
    ]
