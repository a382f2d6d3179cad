"""Every version of the rows that staff edit is kept: who wrote it, when and why."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from izportal.reasons import begin


class Migration(migrations.Migration):
    dependencies = [
        ("izportal", "0008_keep_the_past_of_what_staff_edit"),
        ("onestop", "0006_events_are_sealed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalDecisionTemplate",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("granted", "Đồng ý cấp"),
                            ("refused", "Từ chối"),
                            ("corrected", "Đính chính kết quả đã cấp"),
                            ("revoked", "Thu hồi kết quả đã cấp"),
                        ],
                        max_length=10,
                        verbose_name="quyết định",
                    ),
                ),
                ("version_no", models.PositiveIntegerField(default=1, editable=False, verbose_name="phiên bản")),
                ("heading_vi", models.CharField(max_length=300, verbose_name="tên văn bản")),
                ("heading_en", models.CharField(blank=True, max_length=300, verbose_name="tên văn bản (tiếng Anh)")),
                ("body_vi", models.TextField(verbose_name="nội dung")),
                ("body_en", models.TextField(blank=True, verbose_name="nội dung (tiếng Anh)")),
                ("valid_from", models.DateField(default=django.utils.timezone.localdate, verbose_name="áp dụng từ")),
                (
                    "made_at",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="lập lúc"),
                ),
                (
                    "published_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="ban hành lúc"),
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
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người lập",
                    ),
                ),
                (
                    "procedure",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="onestop.procedure",
                        verbose_name="thủ tục",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người ban hành",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical mẫu văn bản kết quả",
                "verbose_name_plural": "historical mẫu văn bản kết quả",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalField",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("code", models.SlugField(verbose_name="mã")),
                ("name", models.CharField(max_length=200, verbose_name="lĩnh vực")),
                ("name_vi", models.CharField(max_length=200, null=True, verbose_name="lĩnh vực")),
                ("name_en", models.CharField(max_length=200, null=True, verbose_name="lĩnh vực")),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "division",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="izportal.division",
                        verbose_name="phòng giải quyết",
                    ),
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
                "verbose_name": "historical lĩnh vực",
                "verbose_name_plural": "historical lĩnh vực",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalIntakeSystem",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                ("name", models.CharField(db_index=True, max_length=200, verbose_name="tên hệ thống")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("here", "Tại cổng này"),
                            ("national", "Cổng Dịch vụ công quốc gia"),
                            ("counter", "Tại quầy"),
                            ("post", "Qua bưu chính"),
                        ],
                        default="national",
                        max_length=10,
                        verbose_name="cách nộp",
                    ),
                ),
                (
                    "token_hint",
                    models.CharField(blank=True, editable=False, max_length=8, verbose_name="khóa bắt đầu bằng"),
                ),
                ("token_made_at", models.DateTimeField(editable=False, null=True, verbose_name="cấp khóa lúc")),
                ("contact", models.CharField(blank=True, max_length=300, verbose_name="đầu mối liên hệ")),
                ("is_active", models.BooleanField(default=True, verbose_name="đang hoạt động")),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.CharField(max_length=100, null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "account",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="tài khoản kỹ thuật",
                    ),
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
                "verbose_name": "historical hệ thống gửi hồ sơ",
                "verbose_name_plural": "historical hệ thống gửi hồ sơ",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalStageBudget",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("reception", "Tiếp nhận"),
                            ("assign", "Phân công"),
                            ("review", "Thẩm định"),
                            ("head", "Trưởng phòng duyệt"),
                            ("leader", "Lãnh đạo ký"),
                            ("clerk", "Vào số, đóng dấu"),
                            ("return", "Trả kết quả"),
                        ],
                        max_length=10,
                        verbose_name="khâu",
                    ),
                ),
                (
                    "hours",
                    models.DecimalField(
                        decimal_places=1,
                        max_digits=6,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="giờ làm việc",
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
                    "version",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="onestop.procedureversion",
                        verbose_name="phiên bản thủ tục",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical thời gian nội bộ của khâu",
                "verbose_name_plural": "historical thời gian nội bộ của các khâu",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        begin("onestop", "DecisionTemplate", "Field", "IntakeSystem", "StageBudget"),
    ]
