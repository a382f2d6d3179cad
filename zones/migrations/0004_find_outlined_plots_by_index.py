"""The outlined plots of a zone are found by an index: they may be few, or none, of very many."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("zones", "0003_count_words_and_networks")]
    operations = [
        migrations.AddIndex(
            model_name="plot",
            index=models.Index(fields=["zone", "number"], condition=~models.Q(outline=[]), name="plot_outlined"),
        ),
    ]
