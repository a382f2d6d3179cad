"""The catalogue: procedures with their dated versions, cases, papers asked for, and the forms that are filled in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal.folding import FoldedField
from izportal.models import Act, Confidence, Division, StoredFile, addressable


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


class ProcedureQuerySet(models.QuerySet):
    def most_filed(self, *, since):
        """Those with the most dossiers received since a moment first; of equals, those that can be filed here."""
        filed = models.Count("dossiers", filter=Q(dossiers__received_at__gte=since))
        return self.annotate(filed=filed).order_by("-filed", "-is_filed_here", "number")


class Procedure(models.Model):
    class Effect(models.TextChoices):
        """Which verb of the register a grant calls; `onestop/effects.py` maps them."""

        NONE = "", _("Không tác động sổ dự án")
        REGISTER = "register_project", _("Ghi dự án mới, giao lô đất")
        ADJUST = "adjust_capital", _("Điều chỉnh vốn của dự án")
        EXTEND = "extend_term", _("Điều chỉnh thời hạn của dự án")
        SUSPEND = "suspend", _("Ghi dự án tạm ngừng")
        TERMINATE = "terminate", _("Chấm dứt dự án, trả lô đất")

    code = models.CharField(_("mã thủ tục quốc gia"), max_length=20, unique=True, validators=[addressable])
    local_suffix = models.CharField(_("phần mã địa phương"), max_length=40, blank=True)
    name = models.CharField(_("tên thủ tục"), max_length=600)
    field = models.ForeignKey(Field, models.PROTECT, related_name="procedures", verbose_name=_("lĩnh vực"))
    number = models.PositiveSmallIntegerField(_("số thứ tự"), unique=True)
    effect = models.CharField(_("tác động khi cấp"), max_length=30, choices=Effect, blank=True, default="")
    is_filed_here = models.BooleanField(_("nhận hồ sơ tại cổng"), default=False)
    folded = FoldedField(sources=("code", "name_vi", "name_en", "field.name_vi", "field.name_en"))

    objects = ProcedureQuerySet.as_manager()

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

    class NoAnswer(models.TextChoices):
        OFFICER = "officer", _("Cán bộ xem xét dừng giải quyết")
        STOP = "stop", _("Tự dừng giải quyết khi hết hạn")

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
    no_answer = models.CharField(
        _("khi người nộp không bổ sung đúng hạn"), max_length=10, choices=NoAnswer, default=NoAnswer.OFFICER
    )
    no_answer_ground = models.CharField(_("căn cứ khi không bổ sung"), max_length=300, blank=True)
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
    is_channel_confirmed = models.BooleanField(
        _("Ban đã xác nhận kênh nộp"), default=False,
        help_text=_("Từ 1/7/2025 nộp trực tuyến qua Cổng Dịch vụ công quốc gia; cổng này nhận hay không do Ban."),
    )  # fmt: skip
    applicants = models.CharField(
        _("ai được nộp"),
        max_length=400,
        blank=True,
        help_text=_("Chỉ ghi điều chắc chắn; để trống là chờ xác nhận."),
    )
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

    class ChosenBy(models.TextChoices):
        APPLICANT = "applicant", _("người nộp chọn khi nộp")
        OFFICER = "officer", _("cán bộ xác định khi tiếp nhận")
        OUTCOME = "outcome", _("tùy kết quả giải quyết")

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
    chosen_by = models.CharField(_("do ai chọn"), max_length=20, choices=ChosenBy, default=ChosenBy.APPLICANT)
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
    form_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tệp biểu mẫu")
    )
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


class DefinitionQuerySet(models.QuerySet):
    def published(self):
        return self.filter(published_at__isnull=False)

    def in_force(self, on):
        """Published forms that apply on a date, the newest of each procedure first."""
        return self.published().filter(valid_from__lte=on).order_by("procedure", "-valid_from")


class Definition(models.Model):
    """A numbered version of the form of a procedure. A published one never changes; a later one takes its place.

    The database lets nothing of it go but who made it: an invented person is taken away with the sample data.
    """

    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="definitions", verbose_name=_("thủ tục"))
    number = models.PositiveIntegerField(_("phiên bản số"))
    body = models.JSONField(_("nội dung tờ khai"), default=dict)
    note = models.TextField(_("thay đổi so với bản trước"), blank=True)
    valid_from = models.DateField(_("áp dụng từ"), null=True, blank=True)
    created_at = models.DateTimeField(_("lập lúc"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người lập"),
    )  # fmt: skip
    saved_at = models.DateTimeField(_("lưu lúc"), default=timezone.now, editable=False)
    version_no = models.PositiveIntegerField(default=0, editable=False)
    published_at = models.DateTimeField(_("ban hành lúc"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người ban hành"),
    )  # fmt: skip

    objects = DefinitionQuerySet.as_manager()

    class Meta:
        ordering = ["procedure", "-number"]
        verbose_name = _("phiên bản tờ khai")
        verbose_name_plural = _("phiên bản tờ khai")
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="definition_number_once"),
            models.UniqueConstraint(
                fields=["procedure", "valid_from"], condition=Q(published_at__isnull=False),
                name="one_published_definition_per_day",
            ),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(published_at__isnull=True), name="one_definition_in_the_making"
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(valid_from__isnull=False),
                name="published_definition_has_a_date",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.procedure.code} · {self.number}"

    @property
    def is_published(self):
        return self.published_at is not None
