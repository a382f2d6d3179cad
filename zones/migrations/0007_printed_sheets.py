"""Keep what a printed fact sheet of a plot said."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("zones", "0006_outlines_contacts_and_papers")]

    operations = [
        migrations.CreateModel(
            name="FactSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                ("code", models.CharField(max_length=16, unique=True, verbose_name="mã phiếu")),
                ("values", models.JSONField(verbose_name="giá trị đã in")),
                ("printed_at", models.DateTimeField(verbose_name="in lần đầu lúc")),
                (
                    "plot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sheets",
                        to="zones.plot",
                        verbose_name="lô",
                    ),
                ),
            ],
            options={
                "verbose_name": "phiếu thông tin lô đã in",
                "verbose_name_plural": "phiếu thông tin lô đã in",
                "ordering": ["-printed_at", "-id"],
            },
        ),
    ]
