"""Long lists of states and of words on listings are narrowed by day through an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("zones", "0006_keep_the_past_of_what_staff_edit")]
    operations = [
        migrations.AddIndex(
            model_name="availability", index=models.Index(fields=["effective_on"], name="availability_by_day")
        ),
        migrations.AddIndex(
            model_name="confirmation", index=models.Index(fields=["said_on"], name="confirmation_by_day")
        ),
    ]
