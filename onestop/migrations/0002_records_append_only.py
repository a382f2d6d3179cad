"""What happened to a dossier, and what was promised, is neither edited nor deleted."""

from django.db import migrations

from izportal.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [("onestop", "0001_initial")]
    operations = [guard("onestop_event"), guard("onestop_promise")]
