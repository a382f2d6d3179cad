"""The heads of the chain, day by day; rows are neither changed nor deleted."""

import django.utils.timezone
from django.db import migrations, models

from izportal.appendonly import ALWAYS, guard


class Migration(migrations.Migration):
    dependencies = [("izportal", "0004_plan_targets")]
    operations = [
        migrations.CreateModel(
            name="SealedDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="ngày")),
                ("events", models.PositiveIntegerField(verbose_name="số diễn biến hồ sơ")),
                ("first_event", models.BigIntegerField(null=True, verbose_name="diễn biến đầu")),
                ("last_event", models.BigIntegerField(default=0, verbose_name="đến diễn biến")),
                ("changes", models.PositiveIntegerField(verbose_name="số thay đổi dự án")),
                ("first_change", models.BigIntegerField(null=True, verbose_name="thay đổi đầu")),
                ("last_change", models.BigIntegerField(default=0, verbose_name="đến thay đổi")),
                ("head", models.CharField(max_length=64, verbose_name="đầu chuỗi")),
                ("sealed_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="chốt lúc")),
            ],
            options={
                "verbose_name": "ngày đã chốt",
                "verbose_name_plural": "sổ chốt hằng ngày",
                "ordering": ["-day"],
            },
        ),
        guard("izportal_sealedday", deleted=ALWAYS),
    ]
