"""The last exchange rate that a decision states for a day is found by an index."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("projects", "0008_keep_the_past_of_what_staff_edit")]

    operations = [
        migrations.AddIndex(
            "change",
            models.Index(fields=["rate_on", "id"], name="change_by_rate", condition=Q(rate_on__isnull=False)),
        ),
    ]
