"""The database counts what is written of words on listings and of networks as well: pages of the land rest on them."""

from django.db import migrations

from zones.version import counted


class Migration(migrations.Migration):
    dependencies = [("zones", "0002_guards_and_indexes")]
    operations = [counted("zones_confirmation", "zones_utilitycapacity", "zones_utilitycommitment")]
