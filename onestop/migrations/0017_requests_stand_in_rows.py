"""The texts of requests stand in their rows now."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("onestop", "0016_requests_item_by_item")]
    operations = [migrations.RemoveField("supplement", "items")]
