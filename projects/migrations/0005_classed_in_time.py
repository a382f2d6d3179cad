"""How a project is classed and who brings in what become dated rows; what stood so far is theirs from the first day."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from izportal.appendonly import guard
from projects.version import counted

KINDS = [
    ("issued", "Cấp mới"), ("capital", "Điều chỉnh vốn"), ("land", "Điều chỉnh diện tích đất"),
    ("term", "Điều chỉnh thời hạn"), ("transfer", "Chuyển nhượng"), ("suspended", "Tạm ngừng"),
    ("terminated", "Chấm dứt"), ("revoked", "Thu hồi"), ("resumed", "Hoạt động trở lại"),
    ("content", "Điều chỉnh nội dung"), ("correction", "Hiệu đính"),
]  # fmt: skip
FACTS = ("origin", "kind", "sector_id", "zone_id", "enterprise_id", "term_until")


def carry(apps, schema_editor):
    """As the certificate was known from the moment it was entered; nothing tells what it said before."""
    Change, Contribution = apps.get_model("projects", "Change"), apps.get_model("projects", "Contribution")
    Classification = apps.get_model("projects", "Classification")
    for issued in Change.objects.filter(kind="issued").select_related("project").iterator():
        project = issued.project
        common = {
            "change_id": issued.pk, "starts_on": project.certificate_on, "recorded_at": issued.recorded_at,
            "recorded_by_id": issued.recorded_by_id,
        }  # fmt: skip
        facts = {name: getattr(project, name) for name in FACTS}
        Classification.objects.create(project=project, is_sample=project.is_sample, **facts, **common)
        Contribution.objects.filter(project=project).update(**common)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def leave(apps, schema_editor):
    """Only what holds now can be kept without dates."""
    rows = apps.get_model("projects", "Contribution").objects
    now = set(rows.filter(superseded_by__isnull=True, ended_on__isnull=True).values_list("pk", flat=True))
    rows.update(supersedes=None)
    rows.exclude(pk__in=now).delete()


def person():
    return models.ForeignKey(
        blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
        to=settings.AUTH_USER_MODEL, verbose_name="người ghi nhận",
    )  # fmt: skip


def known():
    return models.DateTimeField(
        db_index=True, default=django.utils.timezone.now, editable=False, verbose_name="ghi nhận lúc"
    )


def instead_of(model):
    return models.OneToOneField(
        blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT,
        related_name="superseded_by", to=f"projects.{model}", verbose_name="thay cho dòng",
    )  # fmt: skip


def points(to, *, related_name, verbose_name, **options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT, related_name=related_name, to=to, verbose_name=verbose_name,
        **options,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0004_changes_are_sealed"),
        ("zones", "0002_guards_and_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AlterField("change", "kind", models.CharField(choices=KINDS, max_length=20, verbose_name="loại")),
        migrations.AlterField(
            "change", "stands_as",
            models.CharField(choices=KINDS, editable=False, max_length=20, verbose_name="được tính như"),
        ),
        migrations.RemoveField("project", "investors"),
        migrations.CreateModel(
            name="Classification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_sample", models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu")),
                ("recorded_at", known()),
                ("starts_on", models.DateField(verbose_name="từ ngày")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="đến ngày")),
                (
                    "origin",
                    models.CharField(
                        choices=[("fdi", "Vốn nước ngoài (FDI)"), ("ddi", "Vốn trong nước (DDI)")], max_length=3,
                        verbose_name="nguồn vốn",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("production", "Sản xuất, kinh doanh"), ("infrastructure", "Hạ tầng khu công nghiệp")
                        ],
                        max_length=20, verbose_name="loại dự án",
                    ),
                ),
                ("term_until", models.DateField(blank=True, null=True, verbose_name="thời hạn đến ngày")),
                ("change", points("projects.change", related_name="classifications", verbose_name="theo thay đổi")),
                (
                    "enterprise",
                    points(
                        "projects.enterprise", related_name="+", verbose_name="tổ chức kinh tế", blank=True, null=True
                    ),
                ),
                ("project", points("projects.project", related_name="classifications", verbose_name="dự án")),
                ("recorded_by", person()),
                ("sector", points("projects.sector", related_name="+", verbose_name="ngành (VSIC)")),
                ("supersedes", instead_of("classification")),
                ("zone", points("zones.zone", related_name="+", verbose_name="khu công nghiệp")),
            ],
            options={
                "verbose_name": "phân loại dự án",
                "verbose_name_plural": "phân loại dự án",
                "ordering": ["project", "starts_on", "id"],
            },
        ),
        migrations.RemoveConstraint("contribution", "investor_once_per_project"),
        migrations.AddField(
            "contribution", "change",
            points("projects.change", related_name="contributions", verbose_name="theo thay đổi", null=True),
        ),
        migrations.AddField(
            "contribution", "starts_on", models.DateField(null=True, verbose_name="từ ngày"),
        ),
        migrations.AddField(
            "contribution", "ended_on", models.DateField(blank=True, null=True, verbose_name="đến ngày")
        ),
        migrations.AddField("contribution", "recorded_at", known()),
        migrations.AddField("contribution", "recorded_by", person()),
        migrations.AddField("contribution", "supersedes", instead_of("contribution")),
        migrations.RunPython(carry, leave),
        migrations.AlterField(
            "contribution", "change", points("projects.change", related_name="contributions",
                                             verbose_name="theo thay đổi"),
        ),
        migrations.AlterField("contribution", "starts_on", models.DateField(verbose_name="từ ngày")),
        *(
            migrations.AddConstraint(
                model,
                models.CheckConstraint(
                    condition=models.Q(("ended_on__isnull", True), ("ended_on__gte", models.F("starts_on")),
                                       _connector="OR"),
                    name=f"{model}_dates_in_order",
                ),
            )
            for model in ("classification", "contribution")
        ),
        migrations.AddConstraint(
            "classification",
            models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", True)), fields=("change",),
                name="one_classification_by_a_change",
            ),
        ),
        migrations.AddConstraint(
            "contribution",
            models.UniqueConstraint(
                condition=models.Q(("supersedes__isnull", True)), fields=("change", "investor"),
                name="investor_once_in_a_change",
            ),
        ),
        guard("projects_classification"),
        guard("projects_contribution"),
        counted("projects_classification", "projects_contribution"),
    ]  # fmt: skip
