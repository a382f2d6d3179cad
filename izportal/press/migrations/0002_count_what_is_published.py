"""The database counts the writes to what public pages show of the content."""

from django.db import migrations

from izportal.press.version import TABLES, counted


class Migration(migrations.Migration):
    dependencies = [("press", "0001_tables")]

    operations = [counted(*TABLES)]
