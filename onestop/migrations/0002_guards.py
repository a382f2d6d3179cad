"""What happened to a dossier, and what was promised, is neither edited nor deleted; a published form or wording keeps
everything but the people who made it: those of the sample data may be taken away."""

from django.db import migrations

from izportal.appendonly import guard

PUBLISHED = "OLD.published_at IS NOT NULL"
FORM = (
    *("id", "procedure_id", "number", "body", "note", "note_vi", "note_en", "valid_from", "created_at"),
    *("saved_at", "version_no", "published_at"),
)
WORDING = (
    *("id", "procedure_id", "decision", "version_no", "heading_vi", "heading_en", "body_vi", "body_en"),
    *("valid_from", "made_at", "published_at"),
)


def changed(names):
    return f"{PUBLISHED} AND ({' OR '.join(f'NEW.{name} IS DISTINCT FROM OLD.{name}' for name in names)})"


class Migration(migrations.Migration):
    replaces = [("onestop", "0002_records_append_only"), ("onestop", "0005_published_forms_stand")]
    dependencies = [("onestop", "0001_tables")]
    operations = [
        guard("onestop_event"),
        guard("onestop_promise"),
        guard("onestop_definition", changed=changed(FORM), deleted=PUBLISHED),
        guard("onestop_decisiontemplate", changed=changed(WORDING), deleted=PUBLISHED),
    ]
