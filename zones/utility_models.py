"""What the networks of a zone can give from a date on, and what of it is promised from a date on, as rows; no verb."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from izportal.models import Confidence, Sampled


class Utility(models.TextChoices):
    """What is bound to a quantity; each kind has one unit (`UNITS`)."""

    POWER = "power", _("Cấp điện")
    WATER = "water", _("Cấp nước")
    WASTEWATER = "wastewater", _("Tiếp nhận nước thải")


UNITS = {Utility.POWER: "kVA", Utility.WATER: _("m³/ngày"), Utility.WASTEWATER: _("m³/ngày")}
IN_ORDER = Q(ends_on__isnull=True) | Q(ends_on__gte=F("effective_on"))


class Supply(Sampled):
    """An amount that a source states of a network, from a day on."""

    kind = models.CharField(_("loại hạ tầng"), max_length=20, choices=Utility)
    amount = models.DecimalField(
        _("số lượng"), max_digits=12, decimal_places=1, help_text=_("Điện: kVA; nước cấp, nước thải: m³/ngày.")
    )
    effective_on = models.DateField(_("từ ngày"))
    ends_on = models.DateField(_("đến hết ngày"), null=True, blank=True)
    source = models.CharField(_("nguồn"), max_length=500, help_text=_("Văn bản, hợp đồng hoặc biên bản làm căn cứ."))
    stated_on = models.DateField(_("số liệu ngày"))
    note = models.TextField(_("ghi chú nội bộ"), blank=True)

    class Meta:
        abstract = True

    @property
    def unit(self):
        return UNITS[Utility(self.kind)]

    def __str__(self):
        return f"{self.zone}: {self.get_kind_display()}, {self.amount} {self.unit}"


class UtilityCapacity(Supply):
    """What a network of a zone can give. What a plant or a substation near the zone gives to others too is none."""

    zone = models.ForeignKey(
        "zones.Zone", models.PROTECT, related_name="capacities", verbose_name=_("khu công nghiệp")
    )
    phase = models.ForeignKey(
        "zones.Phase", models.PROTECT, null=True, blank=True, related_name="capacities",
        verbose_name=_("khu, giai đoạn"),
    )  # fmt: skip
    confidence = models.CharField(_("độ tin cậy"), max_length=20, choices=Confidence, default=Confidence.UNVERIFIED)

    class Meta:
        ordering = ["zone", "kind", "effective_on", "id"]
        verbose_name = _("công suất hạ tầng")
        verbose_name_plural = _("công suất hạ tầng")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="capacity_positive",
                violation_error_message=_("Công suất phải lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=IN_ORDER, name="capacity_days_in_order",
                violation_error_message=_("Ngày cuối phải từ ngày đầu trở đi."),
            ),
        ]  # fmt: skip


class UtilityCommitment(Supply):
    """What of a zone's capacity is promised: to one holder, or, as a total, to all together on a day. Only a total
    tells that nothing is left out; what single rows say later is added to it."""

    zone = models.ForeignKey(
        "zones.Zone", models.PROTECT, related_name="commitments", verbose_name=_("khu công nghiệp")
    )
    is_total = models.BooleanField(
        _("là tổng đã cam kết"), default=False,
        help_text=_("Tổng của mọi cam kết còn hiệu lực vào ngày đầu; ghi 0 nếu chưa cam kết cho ai."),
    )  # fmt: skip
    plot = models.ForeignKey(
        "zones.Plot", models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name=_("cho lô")
    )
    held_for = models.CharField(
        _("cam kết cho"), max_length=60, blank=True, help_text=_("Mã dự án hoặc mã hồ sơ; không hiện ra ngoài.")
    )

    class Meta:
        ordering = ["zone", "kind", "effective_on", "id"]
        verbose_name = _("cam kết hạ tầng")
        verbose_name_plural = _("cam kết hạ tầng")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="commitment_not_negative",
                violation_error_message=_("Số cam kết không được âm."),
            ),
            models.CheckConstraint(
                condition=IN_ORDER, name="commitment_days_in_order",
                violation_error_message=_("Ngày cuối phải từ ngày đầu trở đi."),
            ),
            models.CheckConstraint(
                condition=Q(is_total=False) | Q(ends_on__isnull=True, plot__isnull=True, held_for=""),
                name="commitment_total_is_of_all",
                violation_error_message=_("Tổng đã cam kết không có ngày cuối, không của riêng lô hay dự án nào."),
            ),
        ]  # fmt: skip
