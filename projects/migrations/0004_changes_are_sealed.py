"""Each change bears a seal over its facts and the row before it, and the database counts what changes the register."""

from django.db import migrations, models

from izportal.appendonly import guard
from projects import seals
from projects.version import counted

TABLES = (
    "projects_change", "projects_project", "projects_contribution", "projects_investor", "projects_tenure",
    "projects_enterprise", "projects_sector", "projects_country",
)  # fmt: skip
GUARD = guard("projects_change")


def seal(apps, schema_editor):
    """What stands is sealed as it stands: nobody can tell any more whether it is what was written."""
    Change = apps.get_model("projects", "Change")
    project, before, rows = None, "", []
    for row in Change.objects.order_by("project_id", "pk").values("pk", *seals.COLUMNS):
        if row["project_id"] != project:
            project, before = row["project_id"], ""
        before = seals.of(row, before)
        rows.append(Change(pk=row["pk"], seal=before))
    Change.objects.bulk_update(rows, ["seal"], batch_size=500)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_reports_and_ministry_forms")]
    operations = [
        migrations.CreateModel(
            name="RegisterChange",
            fields=[("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))],
            options={
                "verbose_name": "lần thay đổi của sổ dự án",
                "verbose_name_plural": "lần thay đổi của sổ dự án",
                "default_permissions": (),
            },
        ),
        migrations.RunPython(GUARD.reverse_code, GUARD.code),
        migrations.AddField(
            "change", "seal",
            models.CharField(blank=True, default="", editable=False, max_length=64, verbose_name="dấu của dòng"),
            preserve_default=False,
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
        GUARD,
        counted(*TABLES),
    ]  # fmt: skip
