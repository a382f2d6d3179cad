"""A draft names the wording it was put forward in; a published wording keeps everything but the people who made it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from izportal.appendonly import guard

PUBLISHED = "OLD.published_at IS NOT NULL"
KEPT = (
    *("id", "procedure_id", "decision", "version_no", "heading_vi", "heading_en", "body_vi", "body_en"),
    *("valid_from", "made_at", "published_at"),
)
CHANGED = f"{PUBLISHED} AND ({' OR '.join(f'NEW.{name} IS DISTINCT FROM OLD.{name}' for name in KEPT)})"


def person(name):
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, django.db.models.deletion.SET_NULL, null=True, blank=True, related_name="+",
        editable=False, verbose_name=name,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("onestop", "0013_handling_of_dossiers")]
    operations = [
        migrations.AlterField("decisiontemplate", "made_by", person("người lập")),
        migrations.AlterField("decisiontemplate", "published_by", person("người ban hành")),
        migrations.AddField(
            "dossier", "proposal_text",
            models.TextField("đoạn riêng của quyết định", blank=True, default="", editable=False),
            preserve_default=False,
        ),
        migrations.AddField(
            "dossier", "decision_template",
            models.ForeignKey(
                "onestop.decisiontemplate", django.db.models.deletion.PROTECT, null=True, blank=True,
                related_name="+", editable=False, verbose_name="mẫu văn bản của dự thảo",
            ),
        ),
        guard("onestop_decisiontemplate", changed=CHANGED, deleted=PUBLISHED),
    ]  # fmt: skip
