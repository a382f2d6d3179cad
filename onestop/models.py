"""The counter's records: procedures with their dated versions, dossiers, papers, events, promises and slips."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from izportal.folding import FoldedField
from izportal.models import Act, Confidence, Division, Sampled, StoredFile, addressable
from projects.models import Change, Enterprise, Project
from zones.models import Plot

# No 0/O, 1/I/L: the code is read from paper and told over the phone.
LOOKUP_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def lookup_code():
    return "".join(secrets.choice(LOOKUP_ALPHABET) for _ in range(8))


class Field(models.Model):
    """A field of administration (lĩnh vực) that procedures belong to."""

    code = models.SlugField(_("mã"), unique=True)
    name = models.CharField(_("lĩnh vực"), max_length=200)
    division = models.ForeignKey(Division, models.SET_NULL, null=True, blank=True, verbose_name=_("phòng giải quyết"))
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("lĩnh vực")
        verbose_name_plural = _("lĩnh vực")

    def __str__(self):
        return self.name


class Procedure(models.Model):
    class Effect(models.TextChoices):
        """Which verb of the register a grant calls; `onestop/effects.py` maps them."""

        NONE = "", _("Không tác động sổ dự án")
        REGISTER = "register_project", _("Ghi dự án mới, giao lô đất")
        ADJUST = "adjust_capital", _("Điều chỉnh vốn của dự án")
        TERMINATE = "terminate", _("Chấm dứt dự án, trả lô đất")

    code = models.CharField(_("mã thủ tục quốc gia"), max_length=20, unique=True, validators=[addressable])
    local_suffix = models.CharField(_("phần mã địa phương"), max_length=40, blank=True)
    name = models.CharField(_("tên thủ tục"), max_length=600)
    field = models.ForeignKey(Field, models.PROTECT, related_name="procedures", verbose_name=_("lĩnh vực"))
    number = models.PositiveSmallIntegerField(_("số thứ tự"), unique=True)
    effect = models.CharField(_("tác động khi cấp"), max_length=30, choices=Effect, blank=True, default="")
    is_filed_here = models.BooleanField(_("nhận hồ sơ tại cổng"), default=False)
    folded = FoldedField(sources=("code", "name_vi", "name_en", "field.name_vi", "field.name_en"))

    class Meta:
        ordering = ["number"]
        verbose_name = _("thủ tục hành chính")
        verbose_name_plural = _("thủ tục hành chính")

    def __str__(self):
        return f"{self.code} · {self.name}"

    def get_absolute_url(self):
        return reverse("onestop:procedure_detail", args=[self.code])

    def version_on(self, day):
        """The version valid on a date, or None."""
        rows = self.versions.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        return rows.order_by("-valid_from").first()


class ProcedureVersion(models.Model):
    """What a procedure asks and promises from a date on; a received dossier keeps the version it came under."""

    class ClockMode(models.TextChoices):
        RESTART = "restart", _("Tính lại từ đầu khi đủ hồ sơ")
        SUSPEND = "suspend", _("Không tính thời gian chờ bổ sung")
        SECTOR_APPRAISAL = "sector_appraisal", _("Thẩm định chuyên ngành: dừng một lần, tính lại khi đủ hồ sơ")
        TWO_PHASE_SUSPEND = "two_phase_suspend", _("Hai giai đoạn, tạm dừng ở giữa")

    class OnlineLevel(models.TextChoices):
        FULL = "full", _("Toàn trình")
        PARTIAL = "partial", _("Một phần")
        UNKNOWN = "", _("Chờ Ban xác nhận")

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="versions", verbose_name=_("thủ tục"))
    valid_from = models.DateField(_("áp dụng từ"))
    valid_to = models.DateField(_("áp dụng đến"), null=True, blank=True)
    clock_mode = models.CharField(_("cách tính thời hạn"), max_length=20, choices=ClockMode)
    clock_note = models.TextField(_("ghi chú cách tính"), blank=True)
    clock_confidence = models.CharField(
        _("độ tin cậy của cách tính"), max_length=20, choices=Confidence, default=Confidence.UNVERIFIED
    )
    max_supplements = models.PositiveSmallIntegerField(_("số lần yêu cầu bổ sung tối đa"), null=True, blank=True)
    fee_vnd = models.DecimalField(_("phí, lệ phí, đồng"), max_digits=14, decimal_places=0, null=True, blank=True)
    fee_note = models.TextField(_("ghi chú phí"), blank=True)
    is_fee_verified = models.BooleanField(_("phí đã đối chiếu"), default=False)
    result = models.CharField(_("kết quả"), max_length=400)
    result_form = models.CharField(_("mẫu kết quả"), max_length=60, blank=True)
    authority = models.CharField(_("thẩm quyền"), max_length=400, blank=True)
    announcing_decision = models.CharField(_("quyết định công bố"), max_length=100, blank=True)
    online_level = models.CharField(_("mức độ trực tuyến"), max_length=10, choices=OnlineLevel, blank=True, default="")
    online_level_source = models.CharField(_("nguồn mức độ trực tuyến"), max_length=300, blank=True)
    channels = models.JSONField(_("cách nộp"), default=list, blank=True)
    sets = models.PositiveSmallIntegerField(_("số bộ hồ sơ"), null=True, blank=True)
    papers_status = models.CharField(_("thành phần hồ sơ"), max_length=20, default="verified")
    acts = models.ManyToManyField(Act, blank=True, related_name="procedure_versions", verbose_name=_("căn cứ pháp lý"))
    notes = models.TextField(_("ghi chú"), blank=True)
    confidence = models.CharField(_("độ tin cậy"), max_length=20, choices=Confidence, default=Confidence.UNVERIFIED)
    sources = models.JSONField(_("nguồn"), default=list, blank=True)
    filing_window = models.JSONField(
        _("khoảng nộp hồ sơ"), default=dict, blank=True, help_text=_("Nộp trước hoặc sau một ngày bao nhiêu ngày.")
    )

    class Meta:
        ordering = ["procedure", "-valid_from"]
        verbose_name = _("phiên bản thủ tục")
        verbose_name_plural = _("phiên bản thủ tục")
        constraints = [
            models.UniqueConstraint(fields=["procedure", "valid_from"], name="procedure_version_once_per_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="procedure_version_dates_in_order",
            ),
        ]

    def __str__(self):
        return f"{self.procedure.code} ({self.valid_from:%d/%m/%Y})"

    def default_case(self):
        cases = list(self.cases.all())
        return next((case for case in cases if case.is_default), cases[0] if cases else None)


class ProcedureCase(models.Model):
    """One case of a procedure with its own statutory limit."""

    class Unit(models.TextChoices):
        WORKING_DAY = "working_day", _("ngày làm việc")
        DAY = "day", _("ngày")
        WORKING_HOUR = "working_hour", _("giờ làm việc")

    class CountedFrom(models.TextChoices):
        FULL_DOSSIER = "full_valid_dossier", _("từ ngày nhận đủ hồ sơ hợp lệ")
        RECEIPT = "receipt", _("từ ngày tiếp nhận hồ sơ")
        NOTICE = "receipt_of_notice", _("từ ngày nhận thông báo")

    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="cases", verbose_name=_("phiên bản"))
    key = models.SlugField(_("khóa"), max_length=60)
    label = models.CharField(_("trường hợp"), max_length=500, blank=True)
    value = models.DecimalField(_("thời hạn"), max_digits=6, decimal_places=1)
    unit = models.CharField(_("đơn vị"), max_length=20, choices=Unit)
    second_value = models.DecimalField(
        _("thời hạn giai đoạn hai"), max_digits=6, decimal_places=1, null=True, blank=True
    )
    cap = models.DecimalField(_("tối đa sau khi đủ hồ sơ"), max_digits=6, decimal_places=1, null=True, blank=True)
    counted_from = models.CharField(_("tính từ"), max_length=40, choices=CountedFrom, default=CountedFrom.FULL_DOSSIER)
    is_default = models.BooleanField(_("mặc định"), default=False)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        ordering = ["version", "position"]
        verbose_name = _("trường hợp, thời hạn")
        verbose_name_plural = _("trường hợp, thời hạn")
        constraints = [
            models.UniqueConstraint(fields=["version", "key"], name="case_key_once_per_version"),
            models.CheckConstraint(condition=Q(value__gt=0), name="case_limit_positive"),
        ]

    def __str__(self):
        return self.label or str(_("Mọi trường hợp"))


class Component(models.Model):
    """A paper that a procedure asks for (thành phần hồ sơ), and in which cases."""

    class Required(models.TextChoices):
        ALWAYS = "always", _("Bắt buộc")
        CONDITIONAL = "conditional", _("Khi thuộc trường hợp")
        OPTIONAL = "optional", _("Nếu có")

    version = models.ForeignKey(
        ProcedureVersion, models.PROTECT, related_name="components", verbose_name=_("phiên bản")
    )
    key = models.SlugField(_("khóa"), max_length=60)
    name = models.CharField(_("thành phần hồ sơ"), max_length=600)
    form_code = models.CharField(_("mẫu"), max_length=60, blank=True)
    originals = models.PositiveSmallIntegerField(_("bản chính"), null=True, blank=True)
    copies = models.PositiveSmallIntegerField(_("bản sao"), null=True, blank=True)
    required = models.CharField(_("yêu cầu"), max_length=20, choices=Required, default=Required.ALWAYS)
    condition = models.CharField(_("điều kiện"), max_length=500, blank=True)
    cases = models.JSONField(
        _("các trường hợp"), default=list, blank=True, help_text=_("Khóa của trường hợp; để trống là mọi trường hợp.")
    )
    is_verified = models.BooleanField(_("đã đối chiếu"), default=False)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        ordering = ["version", "position"]
        verbose_name = _("thành phần hồ sơ của thủ tục")
        verbose_name_plural = _("thành phần hồ sơ của thủ tục")
        constraints = [models.UniqueConstraint(fields=["version", "key"], name="component_key_once_per_version")]

    def __str__(self):
        return self.name

    def applies_to(self, case_key):
        return not self.cases or case_key in self.cases

    def is_demanded_in(self, case_key):
        """Must the applicant give it in this case, whatever else is true? A condition beyond it is theirs to tell."""
        return self.required == self.Required.ALWAYS and self.applies_to(case_key)


class DossierQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows this person may open: their enterprises' dossiers, or all that have been filed for board staff."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff:
            return (
                self.exclude(status=Dossier.Status.DRAFT)
                if user.is_superuser or user.role_codes & READERS
                else self.none()
            )
        return self.filter(enterprise__in=Enterprise.objects.visible_to(user))

    def with_names(self):
        return self.select_related("procedure", "case", "enterprise", "plot__zone", "project", "assigned_to")

    def open(self):
        """Filed and not at an end: somebody at the board, or the applicant, still has to act."""
        return self.filter(status__in=Dossier.OPEN)

    def running(self):
        return self.filter(status__in=Dossier.RUNNING)

    def unanswered(self, *, at):
        """Submitted and past the first-answer moment."""
        return self.filter(status=Dossier.Status.SUBMITTED, answer_by__lt=at)

    def countable(self):
        """Real dossiers once there is one, sample dossiers until then."""
        return self.filter(is_sample=not Dossier.objects.filter(is_sample=False).exists())


# Roles whose holders may read filed dossiers (codes of izportal/roles.py).
READERS = frozenset({"reception", "specialist", "head", "leader", "clerk", "register", "auditor", "administrator"})


class Dossier(Sampled):
    class Status(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("dossier", "Nháp")
        SUBMITTED = "submitted", _("Mới đăng ký")
        INTAKE_SUPPLEMENT = "intake_supplement", _("Chờ bổ sung trước tiếp nhận")
        INTAKE_REFUSED = "intake_refused", _("Không được tiếp nhận")
        RECEIVED = "received", _("Được tiếp nhận")
        FEE_DUE = "fee_due", _("Chờ nộp phí, lệ phí")
        ASSIGNED = "assigned", _("Đã phân công")
        IN_REVIEW = "in_review", _("Đang thẩm định")
        CONSULTING = "consulting", _("Đang lấy ý kiến")
        REVIEW_SUPPLEMENT = "review_supplement", _("Chờ bổ sung")
        HEAD_CHECK = "head_check", _("Trình trưởng phòng")
        LEADER_SIGN = "leader_sign", _("Trình lãnh đạo ký")
        NUMBERING = "numbering", _("Vào số, đóng dấu")
        RESULT_READY = "result_ready", _("Đã có kết quả")
        DELIVERED = "delivered", _("Đã trả kết quả")
        WITHDRAWN = "withdrawn", _("Đã rút hồ sơ")
        STOPPED = "stopped", _("Dừng xử lý")
        ARCHIVED = "archived", _("Lưu hồ sơ")

    class Decision(models.TextChoices):
        NONE = "", _("Chưa quyết định")
        GRANTED = "granted", _("Đồng ý cấp")
        REFUSED = "refused", _("Từ chối")

    class Channel(models.TextChoices):
        HERE = "here", _("Tại cổng này")
        NATIONAL = "national", _("Cổng Dịch vụ công quốc gia")
        COUNTER = "counter", _("Tại quầy")
        POST = "post", _("Qua bưu chính")

    INTAKE = ("submitted", "intake_supplement")
    WAITING_FOR_APPLICANT = ("intake_supplement", "review_supplement", "fee_due")
    AT_WORK = ("assigned", "in_review", "consulting", "head_check", "leader_sign", "numbering")
    RUNNING = ("received", *AT_WORK)
    PAUSED = ("review_supplement", "fee_due")
    OPEN = (*INTAKE, *RUNNING, *PAUSED)
    SETTLED = ("result_ready", "delivered", "archived")
    ENDED_WITHOUT_RESULT = ("intake_refused", "withdrawn", "stopped")
    # The ten codes in which the national portal is told (onestop rules, section 5.1).
    NATIONAL_CODES = {
        "submitted": 1, "received": 2, "intake_refused": 3, "assigned": 4, "in_review": 4, "consulting": 4,
        "head_check": 4, "leader_sign": 4, "numbering": 4, "intake_supplement": 5, "review_supplement": 5,
        "fee_due": 6, "withdrawn": 7, "stopped": 8, "result_ready": 9, "delivered": 10, "archived": 10,
    }  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="dossiers", verbose_name=_("thủ tục"))
    version = models.ForeignKey(
        ProcedureVersion, models.PROTECT, related_name="dossiers", verbose_name=_("phiên bản thủ tục")
    )
    case = models.ForeignKey(ProcedureCase, models.PROTECT, related_name="dossiers", verbose_name=_("trường hợp"))
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="dossiers", verbose_name=_("tổ chức kinh tế")
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="dossiers", verbose_name=_("người lập")
    )
    channel = models.CharField(_("cách nộp"), max_length=10, choices=Channel, default=Channel.HERE)
    language = models.CharField(_("ngôn ngữ thư"), max_length=2, default="vi")
    contact_name = models.CharField(_("người liên hệ"), max_length=200, blank=True)
    contact_email = models.EmailField(_("thư điện tử liên hệ"), blank=True)
    contact_phone = models.CharField(_("điện thoại liên hệ"), max_length=30, blank=True)
    answers = models.JSONField(_("nội dung tờ khai"), default=dict, blank=True)
    plot = models.ForeignKey(
        Plot, models.PROTECT, null=True, blank=True, related_name="dossiers", verbose_name=_("lô đất")
    )
    project = models.ForeignKey(
        Project, models.PROTECT, null=True, blank=True, related_name="dossiers", verbose_name=_("dự án")
    )
    # Stamps and numbers below are written only by `onestop/workflow.py`.
    status = models.CharField(
        _("trạng thái"), max_length=20, choices=Status, default=Status.DRAFT, editable=False, db_index=True
    )
    decision = models.CharField(
        _("quyết định"), max_length=10, choices=Decision, blank=True, default="", editable=False
    )
    reference = models.CharField(_("số biên nhận"), max_length=40, unique=True, null=True, blank=True, editable=False)
    code = models.CharField(_("mã hồ sơ"), max_length=40, unique=True, null=True, blank=True, editable=False)
    lookup = models.CharField(_("mã tra cứu"), max_length=8, default=lookup_code, editable=False)
    version_no = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("lập lúc"), default=timezone.now, editable=False)
    saved_at = models.DateTimeField(_("lưu lúc"), default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(_("nộp lúc"), null=True, blank=True, editable=False)
    answer_by = models.DateTimeField(_("hạn trả lời tiếp nhận"), null=True, blank=True, editable=False)
    received_at = models.DateTimeField(_("tiếp nhận lúc"), null=True, blank=True, editable=False)
    due_at = models.DateTimeField(_("hạn giải quyết"), null=True, blank=True, editable=False, db_index=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_dossiers",
        editable=False,
        verbose_name=_("cán bộ thụ lý"),
    )
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, editable=False, verbose_name=_("phòng thụ lý")
    )
    project_code = models.CharField(
        _("mã số dự án"),
        max_length=40,
        blank=True,
        editable=False,
        help_text=_("Lấy từ Hệ thống thông tin quốc gia về đầu tư."),
    )
    proposal = models.CharField(
        _("đề xuất của chuyên viên"), max_length=10, choices=Decision, blank=True, default="", editable=False
    )
    proposal_note = models.TextField(_("nội dung đề xuất"), blank=True, editable=False)
    decision_number = models.CharField(
        _("số quyết định"), max_length=60, unique=True, null=True, blank=True, editable=False
    )
    decided_on = models.DateField(_("ngày quyết định"), null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người ký"),
    )  # fmt: skip
    outcome = models.OneToOneField(
        Change,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="dossier",
        editable=False,
        verbose_name=_("thay đổi đã ghi"),
    )
    result_file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("bản điện tử kết quả"),
    )
    completed_at = models.DateTimeField(_("có kết quả lúc"), null=True, blank=True, editable=False)
    delivered_at = models.DateTimeField(_("trả kết quả lúc"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("kết thúc lúc"), null=True, blank=True, editable=False)
    folded = FoldedField(
        sources=("code", "reference", "enterprise.name_vi", "enterprise.tax_code", "procedure.name_vi")
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["-submitted_at", "-created_at"]
        verbose_name = _("hồ sơ")
        verbose_name_plural = _("hồ sơ")
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft") | Q(submitted_at__isnull=False, reference__isnull=False),
                name="filed_dossier_has_reference",
            ),
            models.CheckConstraint(
                condition=~Q(
                    status__in=[
                        "received",
                        "assigned",
                        "in_review",
                        "consulting",
                        "head_check",
                        "leader_sign",
                        "numbering",
                    ]
                )
                | Q(code__isnull=False, received_at__isnull=False, due_at__isnull=False),
                name="running_dossier_has_code_and_due_date",
            ),
            models.CheckConstraint(
                condition=Q(decision="")
                | Q(decision_number__isnull=False, decided_on__isnull=False, decided_by__isnull=False),
                name="decision_has_number_date_and_signer",
            ),
        ]

    def __str__(self):
        return self.code or self.reference or str(_("Nháp"))

    def get_absolute_url(self):
        return reverse("onestop:dossier_detail", args=[self.pk])

    @property
    def is_draft(self):
        return self.status == self.Status.DRAFT

    @property
    def is_paused(self):
        return self.status in self.PAUSED

    @property
    def is_running(self):
        return self.status in self.RUNNING

    @property
    def is_open(self):
        return self.status in self.OPEN

    @property
    def awaits_applicant(self):
        return self.status in self.WAITING_FOR_APPLICANT

    @property
    def national_code(self):
        return self.NATIONAL_CODES.get(self.status)

    @property
    def hold_key(self):
        """How the land knows who holds a plot for this dossier; it never changes, unlike the codes."""
        return f"hs:{self.pk}"


class Paper(Sampled):
    """A file given in answer to a component; a later one for the same component replaces it, nothing is deleted."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="papers", verbose_name=_("hồ sơ"))
    component = models.ForeignKey(
        Component, models.PROTECT, null=True, blank=True, related_name="papers", verbose_name=_("thành phần hồ sơ")
    )
    title = models.CharField(_("tên giấy tờ"), max_length=600, blank=True)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="papers", verbose_name=_("tệp"))
    given_at = models.DateTimeField(_("nộp lúc"), default=timezone.now)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người nộp")
    )
    replaced_at = models.DateTimeField(_("được thay lúc"), null=True, blank=True)

    class Meta:
        ordering = ["dossier", "component__position", "given_at"]
        verbose_name = _("giấy tờ đã nộp")
        verbose_name_plural = _("giấy tờ đã nộp")

    def __str__(self):
        return self.title or str(self.component)


class Supplement(Sampled):
    """One request to complete a dossier (yêu cầu bổ sung), and its answer."""

    class Stage(models.TextChoices):
        INTAKE = "intake", _("Trước tiếp nhận")
        REVIEW = "review", _("Khi thẩm định")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="supplements", verbose_name=_("hồ sơ"))
    stage = models.CharField(_("giai đoạn"), max_length=10, choices=Stage)
    cycle = models.PositiveSmallIntegerField(_("lần thứ"))
    items = models.JSONField(_("nội dung cần bổ sung"), default=list)
    reason = models.TextField(_("lý do"))
    asked_at = models.DateTimeField(_("yêu cầu lúc"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người yêu cầu")
    )
    reply_by = models.DateTimeField(_("trả lời trước"), null=True, blank=True)
    answered_at = models.DateTimeField(_("nộp bổ sung lúc"), null=True, blank=True)
    answer = models.TextField(_("giải trình"), blank=True)
    accepted_at = models.DateTimeField(_("xác nhận đủ lúc"), null=True, blank=True)

    class Meta:
        ordering = ["dossier", "asked_at"]
        verbose_name = _("yêu cầu bổ sung")
        verbose_name_plural = _("yêu cầu bổ sung")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "stage", "cycle"], name="supplement_cycle_once"),
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(accepted_at__isnull=True), name="one_open_supplement_per_dossier"
            ),
        ]

    def __str__(self):
        return f"{self.dossier} ({self.get_stage_display()} {self.cycle})"


class Event(Sampled):
    """One step taken, for ever: who, in which role, from where to where, when. Append-only."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="events", verbose_name=_("hồ sơ"))
    step = models.SlugField(_("bước"), max_length=40)
    from_status = models.CharField(_("từ"), max_length=20, choices=Dossier.Status, blank=True)
    to_status = models.CharField(_("đến"), max_length=20, choices=Dossier.Status)
    at = models.DateTimeField(_("lúc"), db_index=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người thực hiện"),
    )
    role = models.CharField(_("vai trò"), max_length=40, blank=True)
    note = models.TextField(_("ghi chú"), blank=True)
    is_public = models.BooleanField(_("người nộp xem được"), default=True)
    data = models.JSONField(_("chi tiết"), default=dict, blank=True)

    class Meta:
        ordering = ["dossier", "at", "id"]
        verbose_name = _("diễn biến hồ sơ")
        verbose_name_plural = _("diễn biến hồ sơ")

    def __str__(self):
        return f"{self.dossier} {self.step}"


class Promise(Sampled):
    """A date promised to the applicant. Append-only: the first never changes, each later one says why."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="promises", verbose_name=_("hồ sơ"))
    number = models.PositiveSmallIntegerField(_("lần hẹn"))
    promised_at = models.DateTimeField(_("hẹn trả lúc"))
    reason = models.TextField(_("lý do"), blank=True)
    ground = models.CharField(_("căn cứ"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("ghi lúc"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người hẹn")
    )

    class Meta:
        ordering = ["dossier", "number"]
        verbose_name = _("ngày hẹn trả")
        verbose_name_plural = _("ngày hẹn trả")
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="promise_number_once")]

    def __str__(self):
        return f"{self.dossier} ({self.number}) {self.promised_at:%d/%m/%Y %H:%M}"


class Slip(Sampled):
    """An issued form (Mẫu 01 … 07): numbered, frozen with its hash, never changed."""

    class Form(models.TextChoices):
        ACKNOWLEDGEMENT = "00", _("Xác nhận đã nộp hồ sơ trực tuyến")
        RECEIPT = "01", _("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
        SUPPLEMENT = "02", _("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ")
        REFUSAL = "03", _("Phiếu từ chối tiếp nhận giải quyết hồ sơ")
        APOLOGY = "04", _("Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết")
        STOP = "05", _("Thông báo dừng giải quyết hồ sơ")

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="slips", verbose_name=_("hồ sơ"))
    form = models.CharField(_("mẫu"), max_length=2, choices=Form)
    number = models.CharField(_("số"), max_length=60, unique=True)
    language = models.CharField(_("ngôn ngữ"), max_length=2, default="vi")
    issued_at = models.DateTimeField(_("cấp lúc"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người cấp")
    )
    facts = models.JSONField(_("nội dung đã in"), default=dict)
    stored = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="slips", verbose_name=_("bản PDF")
    )

    class Meta:
        ordering = ["dossier", "issued_at", "id"]
        verbose_name = _("phiếu, giấy đã cấp")
        verbose_name_plural = _("phiếu, giấy đã cấp")

    def __str__(self):
        return f"{self.get_form_display()} {self.number}"


class Series(models.Model):
    """The last number drawn in a series; the row is locked while the next is drawn (`onestop/numbering.py`)."""

    key = models.CharField(_("dãy số"), max_length=60, unique=True)
    last = models.PositiveIntegerField(_("số cuối"), default=0)

    class Meta:
        ordering = ["key"]
        verbose_name = _("dãy số")
        verbose_name_plural = _("dãy số")

    def __str__(self):
        return f"{self.key}: {self.last}"
