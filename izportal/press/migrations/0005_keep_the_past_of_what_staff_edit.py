"""What staff edit of the content leaves who, when, before, after and why."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from izportal.reasons import begin


class Migration(migrations.Migration):
    dependencies = [
        ("izportal", "0010_tell_of_which_zone_a_change_set_is"),
        ("press", "0004_mark_what_is_sample"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalAnswer",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("investment", "Đầu tư, doanh nghiệp"),
                            ("land", "Đất đai, quy hoạch, xây dựng"),
                            ("environment", "Môi trường"),
                            ("labour", "Lao động"),
                            ("utilities", "Hạ tầng, điện, nước trong khu"),
                            ("procedures", "Nộp hồ sơ, thủ tục hành chính"),
                            ("other", "Việc khác"),
                        ],
                        default="other",
                        max_length=15,
                        verbose_name="lĩnh vực",
                    ),
                ),
                ("is_pinned", models.BooleanField(default=False, verbose_name="thường được hỏi, đứng đầu")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="press.item",
                        verbose_name="nội dung",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="press.question",
                        verbose_name="câu hỏi",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical hỏi đáp công bố",
                "verbose_name_plural": "historical hỏi đáp công bố",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalAttachment",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="tên tệp hiện trên trang")),
                ("title_vi", models.CharField(max_length=200, null=True, verbose_name="tên tệp hiện trên trang")),
                ("title_en", models.CharField(max_length=200, null=True, verbose_name="tên tệp hiện trên trang")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="press.item",
                        verbose_name="nội dung",
                    ),
                ),
                (
                    "stored",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="izportal.storedfile",
                        verbose_name="tệp",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical tệp đính kèm",
                "verbose_name_plural": "historical tệp đính kèm",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCategory",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("slug", models.SlugField(max_length=60, verbose_name="đường dẫn")),
                ("name", models.CharField(max_length=100, verbose_name="tên chuyên mục")),
                ("name_vi", models.CharField(max_length=100, null=True, verbose_name="tên chuyên mục")),
                ("name_en", models.CharField(max_length=100, null=True, verbose_name="tên chuyên mục")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical chuyên mục",
                "verbose_name_plural": "historical chuyên mục",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        begin("press", "Category", "Attachment", "Answer"),
    ]
