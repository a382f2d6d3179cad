"""Listings are confirmed again and again: each word on one is kept, and letters ask for it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from izportal.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [
        ("zones", "0002_enquiries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="availability",
            name="ends_on",
            field=models.DateField(
                blank=True,
                help_text="Ngày cuối của thời hạn thuê, theo sổ dự án.",
                null=True,
                verbose_name="thời hạn đến ngày",
            ),
        ),
        migrations.CreateModel(
            name="ConfirmationLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                ("sent_at", models.DateTimeField(verbose_name="gửi lúc")),
                (
                    "link_hash",
                    models.CharField(blank=True, db_index=True, max_length=64, verbose_name="băm của liên kết"),
                ),
                ("link_until", models.DateTimeField(verbose_name="liên kết dùng đến")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="trả lời lúc")),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="đơn vị vận hành",
                    ),
                ),
                ("plots", models.ManyToManyField(related_name="letters", to="zones.plot", verbose_name="lô")),
            ],
            options={
                "verbose_name": "thư xin xác nhận",
                "verbose_name_plural": "thư xin xác nhận",
                "ordering": ["-sent_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                (
                    "word",
                    models.CharField(
                        choices=[("right", "Vẫn đúng"), ("changed", "Đã thay đổi")],
                        max_length=10,
                        verbose_name="trả lời",
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="thay đổi gì")),
                ("said_on", models.DateField(verbose_name="ngày")),
                ("said_at", models.DateTimeField(verbose_name="ghi lúc")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người xác nhận",
                    ),
                ),
                (
                    "plot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="zones.plot",
                        verbose_name="lô",
                    ),
                ),
                (
                    "letter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="zones.confirmationletter",
                        verbose_name="theo thư",
                    ),
                ),
            ],
            options={
                "verbose_name": "xác nhận thông tin lô",
                "verbose_name_plural": "xác nhận thông tin lô",
                "ordering": ["-said_at", "-id"],
                "indexes": [models.Index(fields=["plot", "-said_on"], name="confirmation_latest")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("word", "right"), models.Q(("note", ""), _negated=True), _connector="OR"),
                        name="change_says_what",
                        violation_error_message="Hãy ghi điều đã thay đổi.",
                    )
                ],
            },
        ),
        guard("zones_confirmation"),
    ]
