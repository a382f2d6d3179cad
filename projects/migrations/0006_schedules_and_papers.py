"""The schedule of a project, promised and reached, and the papers kept on it."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from izportal.appendonly import guard


class Migration(migrations.Migration):
    dependencies = [
        ("izportal", "0001_tables"),
        ("projects", "0005_classed_in_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ProjectDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("certificate", "Giấy chứng nhận"),
                            ("decision", "Quyết định"),
                            ("lease", "Hợp đồng thuê đất"),
                            ("other", "Giấy tờ khác"),
                        ],
                        default="other",
                        max_length=20,
                        verbose_name="loại giấy tờ",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="tên giấy tờ")),
                ("number", models.CharField(blank=True, max_length=100, verbose_name="số")),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="ngày")),
                (
                    "added_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="đưa vào lúc"
                    ),
                ),
                ("removed_at", models.DateTimeField(blank=True, editable=False, null=True, verbose_name="gỡ lúc")),
                ("reason", models.TextField(blank=True, editable=False, verbose_name="lý do gỡ")),
                (
                    "added_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người đưa vào",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="projects.project",
                        verbose_name="dự án",
                    ),
                ),
                (
                    "removed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người gỡ",
                    ),
                ),
                (
                    "stored",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="project_documents",
                        to="izportal.storedfile",
                        verbose_name="tệp",
                    ),
                ),
            ],
            options={
                "verbose_name": "giấy tờ của dự án",
                "verbose_name_plural": "giấy tờ của dự án",
                "ordering": ["project", "-added_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_index=True, default=django.utils.timezone.now, editable=False, verbose_name="ghi nhận lúc"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("capital", "Góp đủ vốn"),
                            ("construction", "Khởi công xây dựng"),
                            ("operation", "Đi vào hoạt động"),
                        ],
                        max_length=20,
                        verbose_name="mốc tiến độ",
                    ),
                ),
                ("planned_on", models.DateField(blank=True, null=True, verbose_name="phải xong ngày")),
                ("actual_on", models.DateField(blank=True, null=True, verbose_name="thực tế ngày")),
                ("basis", models.CharField(max_length=200, verbose_name="căn cứ")),
                ("note", models.TextField(blank=True, verbose_name="ghi chú")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="projects.project",
                        verbose_name="dự án",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ghi nhận",
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="projects.milestone",
                        verbose_name="thay cho dòng",
                    ),
                ),
            ],
            options={
                "verbose_name": "mốc tiến độ",
                "verbose_name_plural": "mốc tiến độ",
                "ordering": ["project", "planned_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("planned_on__isnull", False), ("actual_on__isnull", False), _connector="OR"
                        ),
                        name="milestone_has_a_day",
                        violation_error_message="Mốc tiến độ phải có ngày theo giấy hoặc ngày thực tế.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes__isnull", True)),
                        fields=("project", "kind"),
                        name="one_line_of_each_milestone",
                    ),
                ],
            },
        ),
        guard("projects_milestone"),
    ]
