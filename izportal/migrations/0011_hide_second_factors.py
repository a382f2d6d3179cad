"""The secrets of second factors lie in the database as cipher."""

from django.db import migrations

from izportal.ciphers import hide, reveal


def hide_all(apps, schema_editor):
    """What was set up by the new code before this ran is hidden already."""
    _change(apps, lambda text: text if reveal(text) else hide(text))


def show_all(apps, schema_editor):
    _change(apps, lambda text: reveal(text) or text)


def _change(apps, turn):
    Authenticator = apps.get_model("mfa", "Authenticator")
    for row in Authenticator.objects.filter(type__in=("totp", "recovery_codes")).iterator():
        row.data |= {key: turn(row.data[key]) for key in ("secret", "seed") if key in row.data}
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("izportal", "0010_tell_of_which_zone_a_change_set_is"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [migrations.RunPython(hide_all, show_all)]
