"""A form that has been published is neither changed nor deleted: dossiers are filled in and read on it."""

from django.db import migrations

from izportal.appendonly import guard

PUBLISHED = "OLD.published_at IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("onestop", "0004_intake_account")]
    operations = [guard("onestop_definition", changed=PUBLISHED, deleted=PUBLISHED)]
