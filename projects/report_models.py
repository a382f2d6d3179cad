"""Periods of reporting, what is filed in them, what the board answered, and the board's own reports to the ministry;
no verb.

A version of a report and an answer are never changed; a ministry's form is no longer changed once it is frozen.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from izportal.models import Confidence, Recorded, RecordedQuerySet, Sampled, addressable


class ReportPeriod(models.Model):
    """What is reported, about which days, and by when. The days are the board's own, no quarters of a calendar."""

    class Kind(models.TextChoices):
        QUARTER = "quarter", _("Báo cáo quý (A.III.1)")
        YEAR = "year", _("Báo cáo năm (A.III.2)")
        DEVELOPER_HALF = "developer_half", _("Chủ đầu tư hạ tầng: 6 tháng")
        DEVELOPER_YEAR = "developer_year", _("Chủ đầu tư hạ tầng: năm")

    class State(models.TextChoices):
        COMING = "coming", _("Chưa tới hạn")
        OPEN = "open", _("Trong thời hạn")
        PAST = "past", _("Qua kỳ báo cáo")

    OF_DEVELOPERS = (Kind.DEVELOPER_HALF, Kind.DEVELOPER_YEAR)

    code = models.CharField(
        _("mã kỳ"), max_length=20, unique=True, validators=[addressable], help_text=_("Ví dụ 2026-Q3, 2026-Y.")
    )
    kind = models.CharField(_("loại báo cáo"), max_length=20, choices=Kind)
    starts_on = models.DateField(_("số liệu từ ngày"))
    cut_off_on = models.DateField(_("số liệu đến hết ngày"))
    opens_on = models.DateField(_("nhận từ ngày"))
    due_on = models.DateField(
        _("hạn nộp"), null=True, blank=True, help_text=_("Để trống khi chưa có căn cứ: trang ghi “chờ Ban xác nhận”.")
    )
    extended_to = models.DateField(_("gia hạn đến"), null=True, blank=True)
    basis = models.CharField(_("căn cứ của hạn nộp"), max_length=300, blank=True)
    confidence = models.CharField(_("độ tin cậy"), max_length=20, choices=Confidence, default=Confidence.UNVERIFIED)
    exchange_rate = models.DecimalField(
        _("tỷ giá của kỳ, VND/USD"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    rate_on = models.DateField(_("tỷ giá ngày"), null=True, blank=True)
    rate_source = models.CharField(_("nguồn tỷ giá"), max_length=200, blank=True)
    note = models.TextField(_("ghi chú"), blank=True)

    class Meta:
        ordering = ["-cut_off_on", "code"]
        verbose_name = _("kỳ báo cáo")
        verbose_name_plural = _("kỳ báo cáo")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("cut_off_on")), name="period_days_in_order",
                violation_error_message=_("Ngày đầu kỳ phải trước ngày cuối kỳ."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__isnull=True) | Q(due_on__gte=F("opens_on")), name="period_due_after_opening",
                violation_error_message=_("Hạn nộp phải từ ngày bắt đầu nhận trở đi."),
            ),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True) | Q(due_on__isnull=False, extended_to__gt=F("due_on")),
                name="period_extended_beyond_due",
                violation_error_message=_("Ngày gia hạn phải sau hạn nộp."),
            ),
            models.CheckConstraint(
                condition=Q(exchange_rate__isnull=True)
                | (Q(exchange_rate__gt=0) & Q(rate_on__isnull=False) & ~Q(rate_source="")),
                name="period_rate_has_date_and_source",
                violation_error_message=_("Tỷ giá phải có ngày và nguồn."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.code

    @property
    def last_on(self):
        """The last day on which a report is in time; None where nobody has said."""
        return self.extended_to or self.due_on

    @property
    def is_of_developers(self):
        return self.kind in self.OF_DEVELOPERS

    @property
    def is_settled(self):
        return self.confidence in Confidence.settled()

    def state_on(self, day):
        if day < self.opens_on:
            return self.State.COMING
        return self.State.PAST if self.last_on and day > self.last_on else self.State.OPEN

    def is_late_on(self, day):
        return bool(self.last_on and day > self.last_on)


class DeveloperPhase(Sampled):
    """Which infrastructure project builds which phase of a zone: its reports are filed phase by phase."""

    project = models.ForeignKey(
        "projects.Project", models.PROTECT, related_name="developed", verbose_name=_("dự án hạ tầng"),
        limit_choices_to={"kind": "infrastructure"},
    )  # fmt: skip
    phase = models.OneToOneField(
        "zones.Phase", models.PROTECT, related_name="developed_by", verbose_name=_("khu, giai đoạn")
    )

    class Meta:
        ordering = ["project", "phase"]
        verbose_name = _("khu, giai đoạn của chủ đầu tư hạ tầng")
        verbose_name_plural = _("khu, giai đoạn của chủ đầu tư hạ tầng")

    def __str__(self):
        return f"{self.phase} · {self.project.code}"


class Filed(Sampled):
    """What is reported on: a project in a period, and of a developer's project a phase."""

    period = models.ForeignKey(ReportPeriod, models.PROTECT, related_name="%(class)ss", verbose_name=_("kỳ báo cáo"))
    project = models.ForeignKey("projects.Project", models.PROTECT, related_name="%(class)ss", verbose_name=_("dự án"))
    phase = models.ForeignKey(
        "zones.Phase", models.PROTECT, null=True, blank=True, related_name="%(class)ss",
        verbose_name=_("khu, giai đoạn"),
    )  # fmt: skip

    class Meta:
        abstract = True

    @property
    def subject(self):
        """The project's code, and the phase's behind a colon, as they stand in addresses."""
        return f"{self.project.code}:{self.phase.slug}" if self.phase else self.project.code

    @property
    def address(self):
        return [self.period.code, self.subject]


def _once(name, *fields):
    """A pair, because NULL never equals NULL in an index."""
    return [
        models.UniqueConstraint(fields=fields, condition=Q(phase__isnull=True), name=f"{name}_once_per_project"),
        models.UniqueConstraint(
            fields=[*fields, "phase"], condition=Q(phase__isnull=False), name=f"{name}_once_per_phase"
        ),
    ]


class OfEnterpriseQuerySet(RecordedQuerySet):
    def visible_to(self, user):
        """Staff who may read reports, within their zones; anyone else those of the enterprises they act for."""
        if not user.is_authenticated:
            return self.none()
        if not user.is_staff:
            held = user.mandates.in_force().values("enterprise")
            return self.filter(project__enterprise__in=held)
        if not user.has_perm("projects.view_report"):
            return self.none()
        return self.filter(project__zone__code__in=user.zones) if user.zones else self


class ReportDraft(Filed):
    """What somebody has typed and not filed yet, as it was typed."""

    typed = models.JSONField(_("nội dung đã gõ"), default=dict)
    version_no = models.PositiveIntegerField(_("lần lưu"), default=0)
    changed_at = models.DateTimeField(_("lưu lúc"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người lưu")
    )

    objects = OfEnterpriseQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at"]
        verbose_name = _("bản nháp báo cáo")
        verbose_name_plural = _("bản nháp báo cáo")
        constraints = _once("report_draft", "period", "project")

    def __str__(self):
        return f"{self.period} · {self.project.code}"


class ReportQuerySet(OfEnterpriseQuerySet):
    def with_answer(self, known=None):
        """Annotate `answer`: what the board last said of each version by a moment; empty while it waits."""
        rows = ReportAnswer.objects.filter(report=models.OuterRef("pk"))
        rows = rows if known is None else rows.filter(at__lte=known)
        last = models.Subquery(rows.order_by("-at", "-pk").values("answer")[:1])
        return self.annotate(answer=models.functions.Coalesce(last, models.Value("")))

    def counting(self, known=None):
        """The versions that figures rest on: those that stood at a moment and had not been returned by then."""
        return self.as_known(known).with_answer(known).exclude(answer=ReportAnswer.Answer.RETURNED)

    def with_names(self):
        return self.select_related("period", "project__enterprise", "project__zone", "phase", "recorded_by")


class Report(Filed, Recorded):
    """One filed version. A correction is a new version that supersedes the one before; both stay readable.

    `values` are {code: {"period": "1234.5", "total": "…"}} as plain numbers in the units of the lines, or {"text": …};
    `rows` are the lines that repeat for each investor, as they were called at the time.
    """

    number = models.PositiveSmallIntegerField(_("bản số"))
    reference = models.CharField(_("số biên nhận"), max_length=80, unique=True)
    form = models.CharField(_("mẫu"), max_length=20)
    form_number = models.PositiveSmallIntegerField(_("phiên bản mẫu"))
    values = models.JSONField(_("số liệu"), default=dict)
    rows = models.JSONField(_("nhà đầu tư"), default=list)
    reasons = models.JSONField(_("giải trình"), default=dict)
    cause = models.CharField(_("lý do sửa"), max_length=500, blank=True)
    is_late = models.BooleanField(_("nộp sau hạn"), default=False)
    is_from_paper = models.BooleanField(_("Ban nhập từ bản giấy"), default=False)
    paper_number = models.CharField(_("số văn bản giấy"), max_length=100, blank=True)
    paper_on = models.DateField(_("ngày của bản giấy"), null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-recorded_at", "-id"]
        verbose_name = _("báo cáo đã nộp")
        verbose_name_plural = _("báo cáo đã nộp")
        constraints = [
            *_once("report_version", "period", "project", "number"),
            models.CheckConstraint(
                condition=Q(number=1, supersedes__isnull=True) | (Q(number__gt=1, supersedes__isnull=False)),
                name="later_report_supersedes",
            ),
            models.CheckConstraint(
                condition=Q(is_from_paper=False) | Q(paper_on__isnull=False), name="report_on_paper_has_its_day",
                violation_error_message=_("Báo cáo nhập từ bản giấy phải có ngày của bản giấy."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return self.reference

    def get_absolute_url(self):
        return reverse("projects:report_detail", args=[*self.address, self.number])


class ReportAnswer(Sampled):
    """What the board said of a version: taken, or sent back with remarks."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", _("Đã tiếp nhận")
        RETURNED = "returned", _("Yêu cầu chỉnh sửa")

    report = models.ForeignKey(Report, models.PROTECT, related_name="answers", verbose_name=_("báo cáo"))
    answer = models.CharField(_("trả lời"), max_length=10, choices=Answer)
    remarks = models.TextField(_("nội dung cần chỉnh sửa"), blank=True)
    at = models.DateTimeField(_("lúc"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người trả lời")
    )

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("trả lời báo cáo")
        verbose_name_plural = _("trả lời báo cáo")
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="accepted") | ~Q(remarks=""), name="returned_report_says_why",
                violation_error_message=_("Hãy ghi nội dung cần chỉnh sửa."),
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.report} · {self.get_answer_display()}"


class MinistryReportQuerySet(models.QuerySet):
    def frozen(self):
        return self.filter(frozen_at__isnull=False)

    def awaiting(self, user):
        """Drafts that wait for a second person, which whoever drew them up is not."""
        return self.filter(frozen_at__isnull=True).exclude(drafted_by=user)


class MinistryReport(Sampled):
    """A form of the ministry as the board draws it up: a draft until a second person signs it off, then frozen.

    `content` holds the headings and every cell with its value and the records that it was computed from, `definitions`
    the version of each rule by which it was; `sha256` is of both.
    """

    form = models.CharField(_("mẫu"), max_length=10)
    period_name = models.CharField(_("kỳ"), max_length=40, help_text=_("Ví dụ Quý III/2026."))
    starts_on = models.DateField(_("từ ngày"))
    cut_off_on = models.DateField(_("đến hết ngày"))
    as_known = models.DateTimeField(_("theo sổ đã ghi đến"))
    report_period = models.ForeignKey(
        ReportPeriod, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("kỳ báo cáo của doanh nghiệp"),
        help_text=_("Kỳ mà các cột doanh thu, xuất nhập khẩu, nộp ngân sách, lao động lấy số."),
    )  # fmt: skip
    content = models.JSONField(_("nội dung"), default=dict, editable=False)
    definitions = models.JSONField(_("phiên bản định nghĩa"), default=dict, editable=False)
    sha256 = models.CharField(_("SHA-256"), max_length=64, editable=False)
    note = models.TextField(_("ghi chú"), blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("người lập"),
    )  # fmt: skip
    drafted_at = models.DateTimeField(_("lập lúc"), editable=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người duyệt"),
    )  # fmt: skip
    frozen_at = models.DateTimeField(_("duyệt và khóa lúc"), null=True, blank=True, editable=False)

    objects = MinistryReportQuerySet.as_manager()

    class Meta:
        ordering = ["-cut_off_on", "form", "-id"]
        verbose_name = _("biểu báo cáo Bộ")
        verbose_name_plural = _("biểu báo cáo Bộ")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__lte=F("cut_off_on")), name="ministry_days_in_order",
                violation_error_message=_("Ngày đầu kỳ phải trước ngày cuối kỳ."),
            ),
            models.CheckConstraint(
                condition=Q(frozen_at__isnull=True, signed_by__isnull=True)
                | (Q(frozen_at__isnull=False, signed_by__isnull=False) & ~Q(signed_by=F("drafted_by"))),
                name="frozen_by_a_second_person",
                violation_error_message=_("Người duyệt phải là người khác với người lập."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.form}.H.QLKKT · {self.period_name}"

    @property
    def is_frozen(self):
        return self.frozen_at is not None
