"""Periods of reporting, what is filed in them, what the board answers, and its own forms to the ministry. A filed
version and an answer stand; a form of the ministry stands from the moment it is frozen."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from izportal.appendonly import guard

FROZEN = "OLD.frozen_at IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0002_guards"),
        ("zones", "0002_guards_and_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeveloperPhase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                (
                    "phase",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="developed_by",
                        to="zones.phase",
                        verbose_name="khu, giai đoạn",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        limit_choices_to={"kind": "infrastructure"},
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="developed",
                        to="projects.project",
                        verbose_name="dự án hạ tầng",
                    ),
                ),
            ],
            options={
                "verbose_name": "khu, giai đoạn của chủ đầu tư hạ tầng",
                "verbose_name_plural": "khu, giai đoạn của chủ đầu tư hạ tầng",
                "ordering": ["project", "phase"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalReportPeriod",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        db_index=True,
                        help_text="Ví dụ 2026-Q3, 2026-Y.",
                        max_length=20,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*\\Z",
                                "Mã chỉ gồm chữ cái không dấu, chữ số, dấu chấm, gạch ngang và gạch dưới.",
                            )
                        ],
                        verbose_name="mã kỳ",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("quarter", "Báo cáo quý (A.III.1)"),
                            ("year", "Báo cáo năm (A.III.2)"),
                            ("developer_half", "Chủ đầu tư hạ tầng: 6 tháng"),
                            ("developer_year", "Chủ đầu tư hạ tầng: năm"),
                        ],
                        max_length=20,
                        verbose_name="loại báo cáo",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="số liệu từ ngày")),
                ("cut_off_on", models.DateField(verbose_name="số liệu đến hết ngày")),
                ("opens_on", models.DateField(verbose_name="nhận từ ngày")),
                (
                    "due_on",
                    models.DateField(
                        blank=True,
                        help_text="Để trống khi chưa có căn cứ: trang ghi “chờ Ban xác nhận”.",
                        null=True,
                        verbose_name="hạn nộp",
                    ),
                ),
                ("extended_to", models.DateField(blank=True, null=True, verbose_name="gia hạn đến")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="căn cứ của hạn nộp")),
                (
                    "basis_vi",
                    models.CharField(blank=True, max_length=300, null=True, verbose_name="căn cứ của hạn nộp"),
                ),
                (
                    "basis_en",
                    models.CharField(blank=True, max_length=300, null=True, verbose_name="căn cứ của hạn nộp"),
                ),
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
                (
                    "exchange_rate",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="tỷ giá của kỳ, VND/USD"
                    ),
                ),
                ("rate_on", models.DateField(blank=True, null=True, verbose_name="tỷ giá ngày")),
                ("rate_source", models.CharField(blank=True, max_length=200, verbose_name="nguồn tỷ giá")),
                ("note", models.TextField(blank=True, verbose_name="ghi chú")),
                ("note_vi", models.TextField(blank=True, null=True, verbose_name="ghi chú")),
                ("note_en", models.TextField(blank=True, null=True, verbose_name="ghi chú")),
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
                "verbose_name": "historical kỳ báo cáo",
                "verbose_name_plural": "historical kỳ báo cáo",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="ReportPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        help_text="Ví dụ 2026-Q3, 2026-Y.",
                        max_length=20,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._-]*\\Z",
                                "Mã chỉ gồm chữ cái không dấu, chữ số, dấu chấm, gạch ngang và gạch dưới.",
                            )
                        ],
                        verbose_name="mã kỳ",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("quarter", "Báo cáo quý (A.III.1)"),
                            ("year", "Báo cáo năm (A.III.2)"),
                            ("developer_half", "Chủ đầu tư hạ tầng: 6 tháng"),
                            ("developer_year", "Chủ đầu tư hạ tầng: năm"),
                        ],
                        max_length=20,
                        verbose_name="loại báo cáo",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="số liệu từ ngày")),
                ("cut_off_on", models.DateField(verbose_name="số liệu đến hết ngày")),
                ("opens_on", models.DateField(verbose_name="nhận từ ngày")),
                (
                    "due_on",
                    models.DateField(
                        blank=True,
                        help_text="Để trống khi chưa có căn cứ: trang ghi “chờ Ban xác nhận”.",
                        null=True,
                        verbose_name="hạn nộp",
                    ),
                ),
                ("extended_to", models.DateField(blank=True, null=True, verbose_name="gia hạn đến")),
                ("basis", models.CharField(blank=True, max_length=300, verbose_name="căn cứ của hạn nộp")),
                (
                    "basis_vi",
                    models.CharField(blank=True, max_length=300, null=True, verbose_name="căn cứ của hạn nộp"),
                ),
                (
                    "basis_en",
                    models.CharField(blank=True, max_length=300, null=True, verbose_name="căn cứ của hạn nộp"),
                ),
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
                (
                    "exchange_rate",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="tỷ giá của kỳ, VND/USD"
                    ),
                ),
                ("rate_on", models.DateField(blank=True, null=True, verbose_name="tỷ giá ngày")),
                ("rate_source", models.CharField(blank=True, max_length=200, verbose_name="nguồn tỷ giá")),
                ("note", models.TextField(blank=True, verbose_name="ghi chú")),
                ("note_vi", models.TextField(blank=True, null=True, verbose_name="ghi chú")),
                ("note_en", models.TextField(blank=True, null=True, verbose_name="ghi chú")),
            ],
            options={
                "verbose_name": "kỳ báo cáo",
                "verbose_name_plural": "kỳ báo cáo",
                "ordering": ["-cut_off_on", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("starts_on__lte", models.F("cut_off_on"))),
                        name="period_days_in_order",
                        violation_error_message="Ngày đầu kỳ phải trước ngày cuối kỳ.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on__isnull", True), ("due_on__gte", models.F("opens_on")), _connector="OR"
                        ),
                        name="period_due_after_opening",
                        violation_error_message="Hạn nộp phải từ ngày bắt đầu nhận trở đi.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("extended_to__isnull", True),
                            models.Q(("due_on__isnull", False), ("extended_to__gt", models.F("due_on"))),
                            _connector="OR",
                        ),
                        name="period_extended_beyond_due",
                        violation_error_message="Ngày gia hạn phải sau hạn nộp.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("exchange_rate__isnull", True),
                            models.Q(
                                ("exchange_rate__gt", 0),
                                ("rate_on__isnull", False),
                                models.Q(("rate_source", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="period_rate_has_date_and_source",
                        violation_error_message="Tỷ giá phải có ngày và nguồn.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Report",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="bản số")),
                ("reference", models.CharField(max_length=80, unique=True, verbose_name="số biên nhận")),
                ("form", models.CharField(max_length=20, verbose_name="mẫu")),
                ("form_number", models.PositiveSmallIntegerField(verbose_name="phiên bản mẫu")),
                ("values", models.JSONField(default=dict, verbose_name="số liệu")),
                ("rows", models.JSONField(default=list, verbose_name="nhà đầu tư")),
                ("reasons", models.JSONField(default=dict, verbose_name="giải trình")),
                ("cause", models.CharField(blank=True, max_length=500, verbose_name="lý do sửa")),
                ("is_late", models.BooleanField(default=False, verbose_name="nộp sau hạn")),
                ("is_from_paper", models.BooleanField(default=False, verbose_name="Ban nhập từ bản giấy")),
                ("paper_number", models.CharField(blank=True, max_length=100, verbose_name="số văn bản giấy")),
                ("paper_on", models.DateField(blank=True, null=True, verbose_name="ngày của bản giấy")),
                (
                    "phase",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="zones.phase",
                        verbose_name="khu, giai đoạn",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
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
                        to="projects.report",
                        verbose_name="thay cho dòng",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="projects.reportperiod",
                        verbose_name="kỳ báo cáo",
                    ),
                ),
            ],
            options={
                "verbose_name": "báo cáo đã nộp",
                "verbose_name_plural": "báo cáo đã nộp",
                "ordering": ["-recorded_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="MinistryReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                ("form", models.CharField(max_length=10, verbose_name="mẫu")),
                ("period_name", models.CharField(help_text="Ví dụ Quý III/2026.", max_length=40, verbose_name="kỳ")),
                ("starts_on", models.DateField(verbose_name="từ ngày")),
                ("cut_off_on", models.DateField(verbose_name="đến hết ngày")),
                ("as_known", models.DateTimeField(verbose_name="theo sổ đã ghi đến")),
                ("content", models.JSONField(default=dict, editable=False, verbose_name="nội dung")),
                ("definitions", models.JSONField(default=dict, editable=False, verbose_name="phiên bản định nghĩa")),
                ("sha256", models.CharField(editable=False, max_length=64, verbose_name="SHA-256")),
                ("note", models.TextField(blank=True, verbose_name="ghi chú")),
                ("drafted_at", models.DateTimeField(editable=False, verbose_name="lập lúc")),
                (
                    "frozen_at",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="duyệt và khóa lúc"),
                ),
                (
                    "drafted_by",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người lập",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người duyệt",
                    ),
                ),
                (
                    "report_period",
                    models.ForeignKey(
                        blank=True,
                        help_text="Kỳ mà các cột doanh thu, xuất nhập khẩu, nộp ngân sách, lao động lấy số.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="projects.reportperiod",
                        verbose_name="kỳ báo cáo của doanh nghiệp",
                    ),
                ),
            ],
            options={
                "verbose_name": "biểu báo cáo Bộ",
                "verbose_name_plural": "biểu báo cáo Bộ",
                "ordering": ["-cut_off_on", "form", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ReportAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[("accepted", "Đã tiếp nhận"), ("returned", "Yêu cầu chỉnh sửa")],
                        max_length=10,
                        verbose_name="trả lời",
                    ),
                ),
                ("remarks", models.TextField(blank=True, verbose_name="nội dung cần chỉnh sửa")),
                ("at", models.DateTimeField(verbose_name="lúc")),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người trả lời",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="projects.report",
                        verbose_name="báo cáo",
                    ),
                ),
            ],
            options={
                "verbose_name": "trả lời báo cáo",
                "verbose_name_plural": "trả lời báo cáo",
                "ordering": ["at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answer", "accepted"), models.Q(("remarks", ""), _negated=True), _connector="OR"
                        ),
                        name="returned_report_says_why",
                        violation_error_message="Hãy ghi nội dung cần chỉnh sửa.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                ("typed", models.JSONField(default=dict, verbose_name="nội dung đã gõ")),
                ("version_no", models.PositiveIntegerField(default=0, verbose_name="lần lưu")),
                ("changed_at", models.DateTimeField(verbose_name="lưu lúc")),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người lưu",
                    ),
                ),
                (
                    "phase",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="zones.phase",
                        verbose_name="khu, giai đoạn",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="projects.project",
                        verbose_name="dự án",
                    ),
                ),
                (
                    "period",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="projects.reportperiod",
                        verbose_name="kỳ báo cáo",
                    ),
                ),
            ],
            options={
                "verbose_name": "bản nháp báo cáo",
                "verbose_name_plural": "bản nháp báo cáo",
                "ordering": ["-changed_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("phase__isnull", True)),
                        fields=("period", "project"),
                        name="report_draft_once_per_project",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("phase__isnull", False)),
                        fields=("period", "project", "phase"),
                        name="report_draft_once_per_phase",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("phase__isnull", True)),
                fields=("period", "project", "number"),
                name="report_version_once_per_project",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(
                condition=models.Q(("phase__isnull", False)),
                fields=("period", "project", "number", "phase"),
                name="report_version_once_per_phase",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", 1), ("supersedes__isnull", True)),
                    models.Q(("number__gt", 1), ("supersedes__isnull", False)),
                    _connector="OR",
                ),
                name="later_report_supersedes",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_from_paper", False), ("paper_on__isnull", False), _connector="OR"),
                name="report_on_paper_has_its_day",
                violation_error_message="Báo cáo nhập từ bản giấy phải có ngày của bản giấy.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ministryreport",
            constraint=models.CheckConstraint(
                condition=models.Q(("starts_on__lte", models.F("cut_off_on"))),
                name="ministry_days_in_order",
                violation_error_message="Ngày đầu kỳ phải trước ngày cuối kỳ.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ministryreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("frozen_at__isnull", True), ("signed_by__isnull", True)),
                    models.Q(
                        ("frozen_at__isnull", False),
                        ("signed_by__isnull", False),
                        models.Q(("signed_by", models.F("drafted_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="frozen_by_a_second_person",
                violation_error_message="Người duyệt phải là người khác với người lập.",
            ),
        ),
        guard("projects_report"),
        guard("projects_reportanswer"),
        guard("projects_ministryreport", changed=FROZEN, deleted=f"{FROZEN} AND NOT OLD.is_sample"),
    ]
