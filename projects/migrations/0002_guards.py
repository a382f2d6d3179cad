"""The register's changes are neither edited nor deleted."""

from django.db import migrations

from izportal.appendonly import guard


class Migration(migrations.Migration):
    replaces = [("projects", "0002_changes_append_only")]
    dependencies = [("projects", "0001_tables")]
    operations = [guard("projects_change")]
