"""Every version of the rows that staff edit is kept: who wrote it, when and why."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from izportal.reasons import begin


class Migration(migrations.Migration):
    dependencies = [
        ("izportal", "0008_keep_the_past_of_what_staff_edit"),
        ("zones", "0005_find_documents_by_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalDocument",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("title", models.CharField(max_length=300, verbose_name="tên văn bản")),
                ("title_vi", models.CharField(max_length=300, null=True, verbose_name="tên văn bản")),
                ("title_en", models.CharField(max_length=300, null=True, verbose_name="tên văn bản")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("decision", "Quyết định"),
                            ("plan", "Quy hoạch, bản vẽ"),
                            ("price", "Thông báo giá"),
                            ("other", "Văn bản khác"),
                        ],
                        default="other",
                        max_length=10,
                        verbose_name="loại văn bản",
                    ),
                ),
                ("number", models.CharField(blank=True, max_length=100, verbose_name="số, ký hiệu")),
                ("issuer", models.CharField(blank=True, max_length=200, verbose_name="cơ quan ban hành")),
                (
                    "issuer_vi",
                    models.CharField(blank=True, max_length=200, null=True, verbose_name="cơ quan ban hành"),
                ),
                (
                    "issuer_en",
                    models.CharField(blank=True, max_length=200, null=True, verbose_name="cơ quan ban hành"),
                ),
                ("issued_on", models.DateField(blank=True, null=True, verbose_name="ngày ban hành")),
                ("source", models.CharField(blank=True, max_length=500, verbose_name="nguồn")),
                ("is_public", models.BooleanField(default=True, verbose_name="công khai")),
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
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="zones.document",
                        verbose_name="được thay bằng",
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
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="zones.zone",
                        verbose_name="khu công nghiệp",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical văn bản của khu",
                "verbose_name_plural": "historical văn bản của khu",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalUtilityCapacity",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("power", "Cấp điện"), ("water", "Cấp nước"), ("wastewater", "Tiếp nhận nước thải")],
                        max_length=20,
                        verbose_name="loại hạ tầng",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=1,
                        help_text="Điện: kVA; nước cấp, nước thải: m³/ngày.",
                        max_digits=12,
                        verbose_name="số lượng",
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="từ ngày")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                (
                    "source",
                    models.CharField(
                        help_text="Văn bản, hợp đồng hoặc biên bản làm căn cứ.", max_length=500, verbose_name="nguồn"
                    ),
                ),
                ("stated_on", models.DateField(verbose_name="số liệu ngày")),
                ("note", models.TextField(blank=True, verbose_name="ghi chú nội bộ")),
                (
                    "confidence",
                    models.CharField(
                        choices=[
                            ("law", "Theo văn bản pháp luật"),
                            ("high", "Đã đối chiếu văn bản"),
                            ("two_sources", "Hai nguồn trùng khớp"),
                            ("one_source", "Một nguồn"),
                            ("secondary", "Nguồn thứ cấp"),
                            ("medium", "Đối chiếu một phần"),
                            ("disagree", "Các nguồn khác nhau"),
                            ("derived", "Tính từ số liệu khác"),
                            ("inferred", "Suy luận, chờ xác nhận"),
                            ("weak", "Nguồn không chính thức"),
                            ("low", "Chưa đối chiếu"),
                            ("assumption", "Quy ước của cổng, chờ Ban xác nhận"),
                            ("unverified", "Chờ Ban xác nhận"),
                            ("confirmed", "Ban đã xác nhận"),
                        ],
                        default="unverified",
                        max_length=20,
                        verbose_name="độ tin cậy",
                    ),
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
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="zones.zone",
                        verbose_name="khu công nghiệp",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical công suất hạ tầng",
                "verbose_name_plural": "historical công suất hạ tầng",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalUtilityCommitment",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("power", "Cấp điện"), ("water", "Cấp nước"), ("wastewater", "Tiếp nhận nước thải")],
                        max_length=20,
                        verbose_name="loại hạ tầng",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=1,
                        help_text="Điện: kVA; nước cấp, nước thải: m³/ngày.",
                        max_digits=12,
                        verbose_name="số lượng",
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="từ ngày")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="đến hết ngày")),
                (
                    "source",
                    models.CharField(
                        help_text="Văn bản, hợp đồng hoặc biên bản làm căn cứ.", max_length=500, verbose_name="nguồn"
                    ),
                ),
                ("stated_on", models.DateField(verbose_name="số liệu ngày")),
                ("note", models.TextField(blank=True, verbose_name="ghi chú nội bộ")),
                (
                    "is_total",
                    models.BooleanField(
                        default=False,
                        help_text="Tổng của mọi cam kết còn hiệu lực vào ngày đầu; ghi 0 nếu chưa cam kết cho ai.",
                        verbose_name="là tổng đã cam kết",
                    ),
                ),
                (
                    "held_for",
                    models.CharField(
                        blank=True,
                        help_text="Mã dự án hoặc mã hồ sơ; không hiện ra ngoài.",
                        max_length=60,
                        verbose_name="cam kết cho",
                    ),
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
                    "plot",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="zones.plot",
                        verbose_name="cho lô",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="zones.zone",
                        verbose_name="khu công nghiệp",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical cam kết hạ tầng",
                "verbose_name_plural": "historical cam kết hạ tầng",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        begin("zones", "Document", "UtilityCapacity", "UtilityCommitment"),
    ]
