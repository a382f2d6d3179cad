"""The writes to the land are counted by triggers of the same names as those to the register and the counter."""

from django.db import migrations

from zones.version import TABLES, VERSION

DEEDS = ("insert", "update", "delete")


def rename(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    for statement in (*former(vendor), *VERSION.statements(TABLES, vendor)):
        schema_editor.execute(statement, params=None)


def former(vendor):
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_counts_{deed}" for table in TABLES for deed in DEEDS]
    dropped = [f"DROP TRIGGER IF EXISTS {table}_counts ON {table}" for table in TABLES]
    return [*dropped, "DROP FUNCTION IF EXISTS zones_count_change()"]


class Migration(migrations.Migration):
    dependencies = [("zones", "0007_find_states_and_words_by_day")]
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
