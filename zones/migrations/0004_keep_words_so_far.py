"""What is known of the confirmations so far becomes the first words."""

import datetime
from zoneinfo import ZoneInfo

from django.db import migrations

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


def keep_words_so_far(apps, schema_editor):
    """Of each plot the last confirmation is known: its day and who gave it, not the hour."""
    Plot, Confirmation = apps.get_model("zones", "Plot"), apps.get_model("zones", "Confirmation")
    rows = Plot.objects.filter(confirmed_on__isnull=False).order_by("pk")
    for plot in rows.iterator():
        noon = datetime.datetime.combine(plot.confirmed_on, datetime.time(12), tzinfo=HANOI)
        Confirmation.objects.create(
            plot=plot, word="right", said_on=plot.confirmed_on, said_at=noon, by_id=plot.confirmed_by_id,
            is_sample=plot.is_sample,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("zones", "0003_words_on_listings")]
    operations = [migrations.RunPython(keep_words_so_far, migrations.RunPython.noop, elidable=True)]
