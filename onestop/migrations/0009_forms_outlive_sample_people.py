"""A published form keeps everything but the people who made it: those of the sample data may be taken away."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from izportal.appendonly import guard

PUBLISHED = "OLD.published_at IS NOT NULL"
KEPT = (
    *("id", "procedure_id", "number", "body", "note", "note_vi", "note_en", "valid_from", "created_at"),
    *("saved_at", "version_no", "published_at"),
)
CHANGED = f"{PUBLISHED} AND ({' OR '.join(f'NEW.{name} IS DISTINCT FROM OLD.{name}' for name in KEPT)})"


def person(name):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, django.db.models.deletion.SET_NULL, null=True, blank=True, related_name="+",
        editable=False, verbose_name=name,
    )  # fmt: skip


def lift(apps, schema_editor):
    guard("onestop_definition").reverse_code(apps, schema_editor)


def put_back(apps, schema_editor):
    guard("onestop_definition", changed=PUBLISHED, deleted=PUBLISHED).code(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("onestop", "0008_who_files_and_who_chooses")]
    operations = [
        migrations.RunPython(lift, put_back),
        migrations.AlterField("definition", "created_by", person("người lập")),
        migrations.AlterField("definition", "published_by", person("người ban hành")),
        guard("onestop_definition", changed=CHANGED, deleted=PUBLISHED),
    ]
