"""Which projects are in which state is told by an index of the changes that set one."""

from django.db import migrations, models
from django.db.models import Q

STATES = ("issued", "suspended", "resumed", "terminated", "revoked")


class Migration(migrations.Migration):
    dependencies = [("projects", "0010_find_many_rows_by_index")]
    operations = [
        migrations.AddIndex(
            "change",
            models.Index(
                fields=["stands_as", "project", "effective_on", "id"], name="change_of_state",
                condition=Q(stands_as__in=STATES),
            ),
        ),
    ]
