"""People who have an account already need not confirm their address; and the table in which wrong tries are counted."""

from django.core.management import call_command
from django.db import migrations


def vouch(apps, schema_editor):
    User, EmailAddress = apps.get_model("izportal", "User"), apps.get_model("account", "EmailAddress")
    for user in User.objects.exclude(email=""):
        EmailAddress.objects.filter(user_id=user.pk).exclude(email=user.email.lower()).delete()
        EmailAddress.objects.update_or_create(
            user_id=user.pk, email=user.email.lower(), defaults={"verified": True, "primary": True}
        )


def make_cache_table(apps, schema_editor):
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):

    dependencies = [
        ("izportal", "0002_accounts_and_pieces"),
        ("account", "0009_emailaddress_unique_primary_email"),
    ]

    operations = [
        migrations.RunPython(vouch, migrations.RunPython.noop),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
