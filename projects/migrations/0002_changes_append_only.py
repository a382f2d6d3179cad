"""The register's changes are neither edited nor deleted."""

from django.db import migrations

from izportal.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]
    operations = [guard("projects_change")]
