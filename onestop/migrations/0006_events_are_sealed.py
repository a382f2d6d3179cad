"""Each event bears a seal over its facts and the event before it of the same dossier."""

from django.db import migrations, models
from django.db.models import Q

from izportal.appendonly import guard
from onestop import seals
from onestop.version import counted

GUARD = guard("onestop_event")
CHUNK = 500


def seal(apps, schema_editor):
    """What stands is sealed as it stands: nobody can tell any more whether it is what was written."""
    rows = apps.get_model("onestop", "Event").objects.order_by("dossier_id", "pk").values("pk", *seals.COLUMNS)
    dossier, before, after = None, "", Q()
    while chunk := list(rows.filter(after)[:CHUNK]):
        sealed = []
        for row in chunk:
            before = seals.of(row, before if row["dossier_id"] == dossier else "")
            dossier = row["dossier_id"]
            sealed += [row["pk"], before]
        after = Q(dossier_id__gt=dossier) | Q(dossier_id=dossier, pk__gt=chunk[-1]["pk"])
        values = ", ".join(["(%s, %s)"] * len(chunk))
        # Both databases call the columns of a list of values so; one statement for each row would take for ever.
        schema_editor.execute(
            f"UPDATE onestop_event SET seal = v.column2 FROM (VALUES {values}) AS v WHERE onestop_event.id = v.column1",
            sealed,
        )
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("onestop", "0005_grants_extend_and_suspend")]
    operations = [
        migrations.RunPython(GUARD.reverse_code, GUARD.code),
        migrations.AddField(
            "event", "seal",
            models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="dấu của dòng"),
            preserve_default=False,
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        GUARD,
        counted("onestop_event"),
    ]  # fmt: skip
