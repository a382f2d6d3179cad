"""Who stands in the register: countries and sectors, investors, enterprises and the people who may act for them."""

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from izportal.folding import FoldedField
from izportal.models import Sampled, StoredFile


class Country(models.Model):
    code = models.CharField(
        _("mã"), max_length=2, primary_key=True,
        validators=[RegexValidator(r"^[A-Z]{2}\Z", _("Mã nước là hai chữ cái in hoa (ISO 3166), ví dụ KR."))],
    )  # fmt: skip
    name = models.CharField(_("tên nước, vùng lãnh thổ"), max_length=100)
    folded = FoldedField(sources=("code", "name_vi", "name_en"))

    class Meta:
        ordering = ["name_vi"]
        verbose_name = _("nước, vùng lãnh thổ")
        verbose_name_plural = _("nước, vùng lãnh thổ")

    def __str__(self):
        return self.name


class Sector(models.Model):
    """A division or section of the Vietnam Standard Industrial Classification (QĐ 27/2018/QĐ-TTg)."""

    code = models.CharField(
        _("mã ngành"), max_length=5, primary_key=True,
        validators=[
            RegexValidator(r"^([A-Z]|[0-9]{2,5})\Z", _("Mã ngành VSIC là một chữ cái in hoa hoặc 2 đến 5 chữ số."))
        ],
    )  # fmt: skip
    name = models.CharField(_("tên ngành"), max_length=300)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("ngành cấp trên")
    )
    level = models.PositiveSmallIntegerField(_("cấp"), default=2)
    folded = FoldedField(sources=("code", "name_vi", "name_en"))

    class Meta:
        ordering = ["code"]
        verbose_name = _("ngành kinh tế (VSIC)")
        verbose_name_plural = _("ngành kinh tế (VSIC)")

    def __str__(self):
        return f"{self.code} · {self.name}"


class Investor(Sampled):
    class Kind(models.TextChoices):
        ORGANISATION = "organisation", _("Tổ chức")
        INDIVIDUAL = "individual", _("Cá nhân")

    name = models.CharField(_("tên nhà đầu tư"), max_length=300)
    country = models.ForeignKey(Country, models.PROTECT, related_name="investors", verbose_name=_("quốc tịch"))
    kind = models.CharField(_("loại"), max_length=20, choices=Kind, default=Kind.ORGANISATION)
    identifier = models.CharField(
        _("số định danh"), max_length=60, blank=True, help_text=_("Mã số, số quyết định thành lập; không công khai.")
    )
    folded = FoldedField(sources=("name", "identifier"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("nhà đầu tư")
        verbose_name_plural = _("nhà đầu tư")
        indexes = [models.Index(fields=["name"], name="investor_by_name")]

    def __str__(self):
        return self.name


tax_code_shape = RegexValidator(
    r"^\d{10}(-\d{3})?\Z", _("Mã số thuế gồm 10 chữ số, hoặc 10 chữ số, gạch ngang và 3 chữ số.")
)


class EnterpriseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see all; anyone else only the enterprises they hold a mandate of."""
        if user.is_authenticated and user.is_staff:
            return self
        return self.filter(pk__in=Mandate.objects.in_force().filter(user_id=user.pk).values("enterprise"))


class Enterprise(Sampled):
    name = models.CharField(_("tên tổ chức kinh tế"), max_length=300)
    tax_code = models.CharField(
        _("mã số thuế"),
        max_length=14,
        unique=True,
        validators=[tax_code_shape],
    )
    address = models.CharField(_("địa chỉ trụ sở"), max_length=400, blank=True)
    representative = models.CharField(_("người đại diện theo pháp luật"), max_length=200, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    phone = models.CharField(_("điện thoại"), max_length=30, blank=True)
    folded = FoldedField(sources=("name_vi", "name_en", "tax_code"))

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        ordering = ["name_vi"]
        verbose_name = _("tổ chức kinh tế thực hiện dự án")
        verbose_name_plural = _("tổ chức kinh tế thực hiện dự án")
        indexes = [models.Index(fields=["name_vi"], name="enterprise_by_name")]

    def __str__(self):
        return self.name


class MandateQuerySet(models.QuerySet):
    def in_force(self, on=None):
        day = on or timezone.localdate()
        held = self.filter(approved_at__isnull=False, ended_at__isnull=True)
        return held.filter(Q(until__isnull=True) | Q(until__gte=day))


class Mandate(Sampled):
    """Who may act for an enterprise, in which capacity, until when; counts once the board has approved it."""

    class Capacity(models.TextChoices):
        VIEW = "view", _("Xem")
        PREPARE = "prepare", _("Chuẩn bị hồ sơ")
        SIGN = "sign", _("Ký và nộp hồ sơ")

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ Ban duyệt")
        IN_FORCE = "in_force", _("Đang có hiệu lực")
        EXPIRED = "expired", _("Đã hết hạn")
        ENDED = "ended", _("Đã chấm dứt")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mandates", verbose_name=_("người được ủy quyền")
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="mandates", verbose_name=_("tổ chức kinh tế")
    )
    capacity = models.CharField(_("quyền"), max_length=10, choices=Capacity, default=Capacity.VIEW)
    until = models.DateField(_("đến ngày"), null=True, blank=True)
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người duyệt"),
    )
    ended_at = models.DateTimeField(_("chấm dứt lúc"), null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người chấm dứt"),
    )  # fmt: skip

    objects = MandateQuerySet.as_manager()

    class Meta:
        ordering = ["enterprise", "user"]
        verbose_name = _("ủy quyền")
        verbose_name_plural = _("ủy quyền")
        constraints = [
            models.UniqueConstraint(fields=["user", "enterprise"], name="one_mandate_per_person_and_enterprise")
        ]

    def __str__(self):
        return f"{self.user} · {self.enterprise}"

    def state_on(self, day):
        if self.ended_at:
            return self.State.ENDED
        if self.approved_at is None:
            return self.State.WAITING
        return self.State.EXPIRED if self.until and self.until < day else self.State.IN_FORCE


class MandateRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(answer="")

    def visible_to(self, user):
        """Staff who settle them see all; anyone else their own."""
        return self if user.is_authenticated and user.is_staff else self.filter(user_id=user.pk)


class MandateRequest(Sampled):
    """Somebody asks to act for an enterprise, named by its tax code; the board answers."""

    class Answer(models.TextChoices):
        OPEN = "", _("Chờ Ban duyệt")
        GRANTED = "granted", _("Đã duyệt")
        REFUSED = "refused", _("Từ chối")
        WITHDRAWN = "withdrawn", _("Người gửi đã rút")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="mandate_requests", verbose_name=_("người đề nghị")
    )
    tax_code = models.CharField(_("mã số thuế"), max_length=14, validators=[tax_code_shape])
    # What the asker says of an enterprise that the register does not know yet.
    name = models.CharField(_("tên tổ chức kinh tế"), max_length=300, blank=True)
    address = models.CharField(_("địa chỉ trụ sở"), max_length=400, blank=True)
    representative = models.CharField(_("người đại diện theo pháp luật"), max_length=200, blank=True)
    capacity = models.CharField(_("quyền"), max_length=10, choices=Mandate.Capacity, default=Mandate.Capacity.PREPARE)
    until = models.DateField(_("đến ngày"), null=True, blank=True)
    position = models.CharField(_("chức vụ, quan hệ với tổ chức"), max_length=200, blank=True)
    note = models.TextField(_("lời nhắn"), blank=True)
    paper = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="mandate_requests",
        verbose_name=_("giấy ủy quyền, giấy giới thiệu"),
    )  # fmt: skip
    asked_at = models.DateTimeField(_("gửi lúc"), default=timezone.now, editable=False)
    answer = models.CharField(_("trả lời"), max_length=10, choices=Answer, blank=True, default="", editable=False)
    reason = models.TextField(_("lý do"), blank=True, editable=False)
    answered_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người trả lời"),
    )  # fmt: skip
    mandate = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="requests", editable=False,
        verbose_name=_("ủy quyền"),
    )  # fmt: skip

    objects = MandateRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = _("đề nghị ủy quyền")
        verbose_name_plural = _("đề nghị ủy quyền")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "tax_code"], condition=Q(answer=""), name="one_open_request_per_person_and_enterprise",
                violation_error_message=_("Bạn đã có một đề nghị cho mã số thuế này đang chờ Ban duyệt."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.user} · {self.tax_code}"

    @property
    def is_open(self):
        return self.answer == self.Answer.OPEN

    @cached_property
    def enterprise(self):
        """What the register knows under the tax code, or None."""
        return Enterprise.objects.filter(tax_code=self.tax_code).first()
