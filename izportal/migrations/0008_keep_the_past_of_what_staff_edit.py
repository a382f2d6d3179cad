"""Every version of the rows that staff edit is kept: who wrote it, when and why."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import izportal.languages
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from izportal.reasons import begin


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("izportal", "0007_keep_long_exports_a_day"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalAct",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("number", models.CharField(db_index=True, max_length=60, verbose_name="số, ký hiệu")),
                ("title", models.CharField(max_length=400, verbose_name="trích yếu")),
                ("title_vi", models.CharField(max_length=400, null=True, verbose_name="trích yếu")),
                ("title_en", models.CharField(max_length=400, null=True, verbose_name="trích yếu")),
                ("issuer", models.CharField(blank=True, max_length=200, verbose_name="cơ quan ban hành")),
                ("signed_on", models.DateField(blank=True, null=True, verbose_name="ngày ban hành")),
                ("in_force_from", models.DateField(blank=True, null=True, verbose_name="hiệu lực từ")),
                ("in_force_to", models.DateField(blank=True, null=True, verbose_name="hiệu lực đến")),
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
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="izportal.act",
                        verbose_name="thay thế bởi",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical văn bản pháp luật",
                "verbose_name_plural": "historical văn bản pháp luật",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCalendarDay",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("day", models.DateField(db_index=True, verbose_name="ngày")),
                (
                    "kind",
                    models.CharField(
                        choices=[("off", "Ngày nghỉ"), ("make_up", "Ngày làm bù")],
                        default="off",
                        max_length=10,
                        verbose_name="loại",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="tên")),
                ("name_vi", models.CharField(max_length=200, null=True, verbose_name="tên")),
                ("name_en", models.CharField(max_length=200, null=True, verbose_name="tên")),
                ("announcement", models.CharField(blank=True, max_length=200, verbose_name="văn bản thông báo")),
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
                "verbose_name": "historical ngày nghỉ, ngày làm bù",
                "verbose_name_plural": "historical ngày nghỉ, ngày làm bù",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalDivision",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("code", models.SlugField(verbose_name="mã")),
                ("name", models.CharField(max_length=200, verbose_name="tên phòng, đơn vị")),
                ("name_vi", models.CharField(max_length=200, null=True, verbose_name="tên phòng, đơn vị")),
                ("name_en", models.CharField(max_length=200, null=True, verbose_name="tên phòng, đơn vị")),
                ("is_active", models.BooleanField(default=True, verbose_name="đang hoạt động")),
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
                "verbose_name": "historical phòng, đơn vị",
                "verbose_name_plural": "historical phòng, đơn vị",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalPlanTarget",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "year",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1990),
                            django.core.validators.MaxValueValidator(2100),
                        ],
                        verbose_name="năm kế hoạch",
                    ),
                ),
                ("indicator", models.SlugField(max_length=60, verbose_name="chỉ tiêu")),
                (
                    "value",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=24,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="giá trị",
                    ),
                ),
                ("source", models.CharField(max_length=500, verbose_name="nguồn")),
                ("source_vi", models.CharField(max_length=500, null=True, verbose_name="nguồn")),
                ("source_en", models.CharField(max_length=500, null=True, verbose_name="nguồn")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="ghi chú")),
                ("note_vi", models.CharField(blank=True, max_length=300, null=True, verbose_name="ghi chú")),
                ("note_en", models.CharField(blank=True, max_length=300, null=True, verbose_name="ghi chú")),
                ("is_verified", models.BooleanField(default=False, verbose_name="đã đối chiếu nhiều nguồn")),
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
                "verbose_name": "historical chỉ tiêu kế hoạch năm",
                "verbose_name_plural": "historical chỉ tiêu kế hoạch năm",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalRelease",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("planned_on", models.DateField(verbose_name="ngày dự kiến công bố")),
                ("title", models.CharField(max_length=200, verbose_name="nội dung công bố")),
                ("title_vi", models.CharField(max_length=200, null=True, verbose_name="nội dung công bố")),
                ("title_en", models.CharField(max_length=200, null=True, verbose_name="nội dung công bố")),
                ("since", models.DateField(blank=True, null=True, verbose_name="kỳ từ ngày")),
                ("as_of", models.DateField(verbose_name="số liệu tính đến ngày")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="ghi chú")),
                ("note_vi", models.CharField(blank=True, max_length=300, null=True, verbose_name="ghi chú")),
                ("note_en", models.CharField(blank=True, max_length=300, null=True, verbose_name="ghi chú")),
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
                "verbose_name": "historical lịch công bố số liệu",
                "verbose_name_plural": "historical lịch công bố số liệu",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalRule",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("code", models.SlugField(max_length=60, verbose_name="mã")),
                ("name", models.CharField(max_length=300, verbose_name="tên")),
                ("name_vi", models.CharField(max_length=300, null=True, verbose_name="tên")),
                ("name_en", models.CharField(max_length=300, null=True, verbose_name="tên")),
                ("value", models.CharField(max_length=60, verbose_name="giá trị")),
                ("unit", models.CharField(blank=True, max_length=30, verbose_name="đơn vị")),
                ("article", models.CharField(blank=True, max_length=300, verbose_name="điều, khoản")),
                ("valid_from", models.DateField(verbose_name="áp dụng từ")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="áp dụng đến")),
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
                "verbose_name": "historical quy tắc, con số pháp lý",
                "verbose_name_plural": "historical quy tắc, con số pháp lý",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalSeriesBreak",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("code", models.SlugField(max_length=60, verbose_name="mã")),
                ("on", models.DateField(verbose_name="từ ngày")),
                ("title", models.CharField(max_length=200, verbose_name="tên")),
                ("title_vi", models.CharField(max_length=200, null=True, verbose_name="tên")),
                ("title_en", models.CharField(max_length=200, null=True, verbose_name="tên")),
                ("text", models.TextField(verbose_name="giải thích")),
                ("text_vi", models.TextField(null=True, verbose_name="giải thích")),
                ("text_en", models.TextField(null=True, verbose_name="giải thích")),
                ("source", models.CharField(max_length=500, verbose_name="nguồn")),
                ("source_vi", models.CharField(max_length=500, null=True, verbose_name="nguồn")),
                ("source_en", models.CharField(max_length=500, null=True, verbose_name="nguồn")),
                ("indicators", models.JSONField(blank=True, default=list, verbose_name="chỉ tiêu")),
                ("zone", models.CharField(blank=True, max_length=60, verbose_name="khu")),
                ("is_verified", models.BooleanField(default=False, verbose_name="đã đối chiếu nhiều nguồn")),
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
                "verbose_name": "historical điểm gãy của chuỗi số liệu",
                "verbose_name_plural": "historical điểm gãy của chuỗi số liệu",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalStatedFigure",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("indicator", models.SlugField(max_length=40, verbose_name="chỉ tiêu")),
                ("value", models.DecimalField(decimal_places=4, max_digits=24, verbose_name="giá trị")),
                ("as_of", models.DateField(verbose_name="tính đến")),
                ("period", models.CharField(blank=True, max_length=20, verbose_name="kỳ")),
                ("is_at_least", models.BooleanField(default=False, verbose_name="nguồn ghi “trên”")),
                ("is_derived", models.BooleanField(default=False, verbose_name="tính từ số liệu khác")),
                ("source", models.CharField(max_length=500, verbose_name="nguồn")),
                ("source_vi", models.CharField(max_length=500, null=True, verbose_name="nguồn")),
                ("source_en", models.CharField(max_length=500, null=True, verbose_name="nguồn")),
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
                "verbose_name": "historical số liệu đã công bố",
                "verbose_name_plural": "historical số liệu đã công bố",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalUser",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "is_sample",
                    models.BooleanField(db_index=True, default=False, editable=False, verbose_name="dữ liệu mẫu"),
                ),
                (
                    "zones",
                    models.JSONField(
                        blank=True, default=list, help_text="Mã khu; để trống là mọi khu.", verbose_name="phạm vi khu"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=izportal.languages.choices, default="vi", max_length=10, verbose_name="ngôn ngữ thư"
                    ),
                ),
                (
                    "letters",
                    models.CharField(
                        choices=[("each", "Mỗi việc một thư"), ("daily", "Gộp một thư mỗi ngày")],
                        default="each",
                        max_length=10,
                        verbose_name="cách nhận thư",
                    ),
                ),
                ("is_staff", models.BooleanField(default=False, verbose_name="cán bộ của Ban")),
                ("is_active", models.BooleanField(default=True, verbose_name="đang hoạt động")),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="ngày tạo"),
                ),
                (
                    "erased_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="xóa dữ liệu cá nhân lúc"
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
                    "division",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="izportal.division",
                        verbose_name="phòng, đơn vị",
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
                "verbose_name": "historical người dùng",
                "verbose_name_plural": "historical người dùng",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalUser_groups",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="auth.group",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="izportal.historicaluser",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalUser_groups",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        begin(
            "izportal",
            "Act",
            "CalendarDay",
            "Division",
            "PlanTarget",
            "Release",
            "Rule",
            "SeriesBreak",
            "StatedFigure",
            "User",
        ),
    ]
