"""Each section of a draft knows who saved it last, so that only those who touch the same section meet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("onestop", "0006_papers_searched")]
    operations = [
        migrations.AddField(
            model_name="dossier",
            name="saves",
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name="lần lưu của từng phần"),
        ),
    ]
