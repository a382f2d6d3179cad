"""Each plot repeats the last of its states, and the database counts what changes the land."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery

import izportal.repeated
from zones.version import TABLES, counted

COLUMNS = ("status", "effective_on", "held_for", "ends_on")


def restate(apps, schema_editor):
    Plot, Availability = apps.get_model("zones", "Plot"), apps.get_model("zones", "Availability")
    last = Availability.objects.filter(plot=OuterRef("pk"), superseded_by__isnull=True)
    last = last.order_by("-effective_on", "-id")
    Plot.objects.update(**{f"last_{column}": Subquery(last.values(column)[:1]) for column in COLUMNS})


class Migration(migrations.Migration):

    dependencies = [
        ('zones', '0007_printed_sheets'),
    ]

    operations = [
        migrations.CreateModel(
            name='LandChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
            ],
            options={
                'verbose_name': 'lần thay đổi của quỹ đất',
                'verbose_name_plural': 'lần thay đổi của quỹ đất',
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='plot',
            name='last_effective_on',
            field=izportal.repeated.KeptDay(editable=False, null=True, verbose_name='tình trạng cuối từ ngày'),
        ),
        migrations.AddField(
            model_name='plot',
            name='last_ends_on',
            field=izportal.repeated.KeptDay(editable=False, null=True, verbose_name='tình trạng cuối đến ngày'),
        ),
        migrations.AddField(
            model_name='plot',
            name='last_held_for',
            field=izportal.repeated.KeptText(editable=False, max_length=60, null=True, verbose_name='tình trạng cuối giữ cho'),
        ),
        migrations.AddField(
            model_name='plot',
            name='last_status',
            field=izportal.repeated.KeptText(editable=False, max_length=20, null=True, verbose_name='tình trạng cuối'),
        ),
        counted(*TABLES),
        migrations.RunPython(restate, migrations.RunPython.noop, elidable=True),
    ]
