"""Planning drafts, groups of comments and published answers that are invented say so."""

from django.db import migrations, models

MARKED = ("planningdraft", "historicalplanningdraft", "commentgroup", "historicalcommentgroup", "answer")


class Migration(migrations.Migration):
    dependencies = [("press", "0003_ask_and_consult")]
    operations = [
        migrations.AddField(
            model_name=name,
            name="is_sample",
            field=models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
        )
        for name in MARKED
    ]
