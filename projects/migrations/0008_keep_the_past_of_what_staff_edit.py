"""Every version of the rows that staff edit is kept: who wrote it, when and why."""

import django.core.validators
import django.db.models.deletion
import izportal.folding
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from izportal.reasons import begin


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0007_figures_are_posted"),
        ("zones", "0006_keep_the_past_of_what_staff_edit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalCountry",
            fields=[
                (
                    "code",
                    models.CharField(
                        db_index=True,
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{2}\\Z", "Mã nước là hai chữ cái in hoa (ISO 3166), ví dụ KR."
                            )
                        ],
                        verbose_name="mã",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="tên nước, vùng lãnh thổ")),
                ("name_vi", models.CharField(max_length=100, null=True, verbose_name="tên nước, vùng lãnh thổ")),
                ("name_en", models.CharField(max_length=100, null=True, verbose_name="tên nước, vùng lãnh thổ")),
                ("folded", izportal.folding.FoldedField(sources=("code", "name_vi", "name_en"))),
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
                "verbose_name": "historical nước, vùng lãnh thổ",
                "verbose_name_plural": "historical nước, vùng lãnh thổ",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalDeveloperPhase",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
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
                    "phase",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="zones.phase",
                        verbose_name="khu, giai đoạn",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        limit_choices_to={"kind": "infrastructure"},
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="projects.project",
                        verbose_name="dự án hạ tầng",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical khu, giai đoạn của chủ đầu tư hạ tầng",
                "verbose_name_plural": "historical khu, giai đoạn của chủ đầu tư hạ tầng",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSector",
            fields=[
                (
                    "code",
                    models.CharField(
                        db_index=True,
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^([A-Z]|[0-9]{2,5})\\Z", "Mã ngành VSIC là một chữ cái in hoa hoặc 2 đến 5 chữ số."
                            )
                        ],
                        verbose_name="mã ngành",
                    ),
                ),
                ("name", models.CharField(max_length=300, verbose_name="tên ngành")),
                ("name_vi", models.CharField(max_length=300, null=True, verbose_name="tên ngành")),
                ("name_en", models.CharField(max_length=300, null=True, verbose_name="tên ngành")),
                ("level", models.PositiveSmallIntegerField(default=2, verbose_name="cấp")),
                ("folded", izportal.folding.FoldedField(sources=("code", "name_vi", "name_en"))),
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
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="projects.sector",
                        verbose_name="ngành cấp trên",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical ngành kinh tế (VSIC)",
                "verbose_name_plural": "historical ngành kinh tế (VSIC)",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        begin("projects", "Country", "DeveloperPhase", "Sector"),
    ]
