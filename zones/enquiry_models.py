"""Enquiries about land as rows: who asks, what is needed, what was seen when asking, and each reply; no verb."""

import uuid

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal.correspondence_models import Awaited, AwaitedQuerySet
from izportal.models import Sampled

# Sizes of land in square metres between which needs are grouped.
BANDS = (10_000, 30_000, 50_000, 100_000)
BAND_WORDS = {
    -1: _("Chưa rõ diện tích"),
    0: _("Dưới 1 ha"),
    1: _("Từ 1 đến dưới 3 ha"),
    2: _("Từ 3 đến dưới 5 ha"),
    3: _("Từ 5 đến dưới 10 ha"),
    4: _("Từ 10 ha"),
}


def kinds():
    """The kinds of plots: `zones.models` is not loaded yet when this module is."""
    return apps.get_model("zones", "Plot").Kind.choices


class EnquirySeries(models.Model):
    """The last number given out in a year; drawn under a lock (`zones/enquiries`)."""

    key = models.CharField(_("dãy số"), max_length=40, unique=True)
    last = models.PositiveIntegerField(_("số cuối"), default=0)

    class Meta:
        verbose_name = _("dãy số yêu cầu")
        verbose_name_plural = _("dãy số yêu cầu")

    def __str__(self):
        return self.key


class EnquiryQuerySet(AwaitedQuerySet):
    def visible_to(self, user):
        """Staff with a scope of zones see the enquiries about those zones, other staff all; nobody else any."""
        if not user.is_staff:
            return self.none()
        return self.filter(zone__code__in=user.zones) if user.zones else self

    def open(self):
        return self.exclude(status=Enquiry.Status.CLOSED)

    def unmet(self):
        """Needs that no land met, as closing them has told."""
        return self.filter(status=Enquiry.Status.CLOSED, outcome=Enquiry.Outcome.NOT_MET)

    def countable(self):
        """Real ones, or the sample where there are no real ones yet."""
        has_real = self.filter(is_sample=False).exists()
        return self.filter(is_sample=False) if has_real else self


class Enquiry(Awaited):
    class Origin(models.TextChoices):
        PLOT = "plot", _("Từ trang một lô")
        ZONE = "zone", _("Từ trang một khu")
        SEARCH = "search", _("Từ một lần tìm")
        NEED = "need", _("Từ một nhu cầu")

    class Status(models.TextChoices):
        NEW = "new", _("Mới")
        SAID = "said", _("Người hỏi viết thêm, chờ Ban")
        ANSWERED = "answered", _("Ban đã trả lời, chờ người hỏi")
        CLOSED = "closed", _("Đã đóng")

    class Outcome(models.TextChoices):
        MET = "met", _("Đáp ứng được")
        NOT_MET = "not_met", _("Chưa có quỹ đất đáp ứng")
        NO_ANSWER = "no_answer", _("Người hỏi không trả lời")

    class Unit(models.TextChoices):
        HA = "ha", "ha"
        M2 = "m2", "m²"

    AWAITED = (Status.NEW, Status.SAID)

    reference = models.CharField(_("mã yêu cầu"), max_length=30, unique=True)
    origin = models.CharField(_("hỏi từ đâu"), max_length=10, choices=Origin, default=Origin.NEED)
    status = models.CharField(_("trạng thái"), max_length=10, choices=Status, default=Status.NEW, db_index=True)
    country = models.CharField(_("nước, vùng lãnh thổ"), max_length=100, blank=True)

    zone = models.ForeignKey(
        "zones.Zone", models.PROTECT, null=True, blank=True, related_name="enquiries",
        verbose_name=_("khu công nghiệp"),
    )  # fmt: skip
    plot = models.ForeignKey(
        "zones.Plot", models.PROTECT, null=True, blank=True, related_name="enquiries", verbose_name=_("lô")
    )
    kind = models.CharField(_("loại mặt bằng"), max_length=20, choices=kinds, blank=True)
    area_from = models.DecimalField(_("diện tích từ"), max_digits=12, decimal_places=2, null=True, blank=True)
    area_to = models.DecimalField(_("diện tích đến"), max_digits=12, decimal_places=2, null=True, blank=True)
    area_unit = models.CharField(_("đơn vị diện tích"), max_length=5, choices=Unit, default=Unit.HA)
    needed_on = models.DateField(_("cần mặt bằng từ ngày"), null=True, blank=True)
    power_kva = models.DecimalField(_("điện, kVA"), max_digits=12, decimal_places=1, null=True, blank=True)
    water_m3_day = models.DecimalField(_("nước, m³/ngày"), max_digits=12, decimal_places=1, null=True, blank=True)
    wastewater_m3_day = models.DecimalField(
        _("nước thải, m³/ngày"), max_digits=12, decimal_places=1, null=True, blank=True
    )
    clear_height_m = models.DecimalField(
        _("chiều cao thông thủy, m"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    note = models.TextField(_("nội dung hỏi"), blank=True)
    # What the asker had before them, with source and moment; never changed afterwards.
    seen = models.JSONField(_("điều đã thấy khi hỏi"), default=dict, blank=True)

    answered_at = models.DateTimeField(_("trả lời lần đầu lúc"), null=True, blank=True)
    closed_at = models.DateTimeField(_("đóng lúc"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("người đóng"),
    )  # fmt: skip
    outcome = models.CharField(_("kết quả"), max_length=10, choices=Outcome, blank=True)
    closing_note = models.TextField(_("lý do đóng"), blank=True)

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        verbose_name = _("yêu cầu, câu hỏi về đất")
        verbose_name_plural = _("yêu cầu, câu hỏi về đất")
        constraints = [
            models.CheckConstraint(
                condition=Q(area_from__isnull=True) | Q(area_to__isnull=True) | Q(area_to__gte=F("area_from")),
                name="enquiry_areas_in_order",
                violation_error_message=_("Diện tích đến phải lớn hơn hoặc bằng diện tích từ."),
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False) & ~Q(outcome="")
                | (~Q(status="closed") & Q(closed_at__isnull=True, outcome="")),
                name="enquiry_closed_with_outcome",
                violation_error_message=_("Yêu cầu đã đóng phải có kết quả và ngày đóng."),
            ),
        ]

    @property
    def is_closed(self):
        return self.status == self.Status.CLOSED

    def is_late(self, *, at):
        return self.status in self.AWAITED and self.due_at is not None and self.due_at < at

    def in_m2(self, area):
        """An area as it was typed, in square metres; None stays None."""
        return area if area is None or self.area_unit == self.Unit.M2 else area * 10000


class EnquiryReply(Sampled):
    """One message: of the board where `by` is set or `is_from_board`, else of the asker."""

    enquiry = models.ForeignKey(Enquiry, models.CASCADE, related_name="replies", verbose_name=_("yêu cầu"))
    form_key = models.UUIDField(_("khóa của biểu mẫu"), unique=True, default=uuid.uuid4, editable=False)
    is_from_board = models.BooleanField(_("của Ban"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("người viết"),
    )  # fmt: skip
    at = models.DateTimeField(_("lúc"), default=timezone.now)
    text = models.TextField(_("nội dung"))

    class Meta:
        ordering = ["at", "id"]
        verbose_name = _("trao đổi về yêu cầu")
        verbose_name_plural = _("trao đổi về yêu cầu")

    def __str__(self):
        return f"{self.enquiry} · {timezone.localtime(self.at):%d/%m/%Y %H:%M}"


class UnmetNeed(Enquiry):
    """The same rows seen as a report for the board: what was wanted and not there, without anybody's name."""

    class Meta:
        proxy = True
        ordering = ["kind", "zone", "-closed_at"]
        verbose_name = _("nhu cầu chưa đáp ứng")
        verbose_name_plural = _("nhu cầu chưa đáp ứng")

    @property
    def area_from_m2(self):
        return self.in_m2(self.area_from)

    @property
    def area_to_m2(self):
        return self.in_m2(self.area_to)

    @property
    def least_m2(self):
        """The least area that is enough, or the most that was named; None where nobody said how much."""
        return self.area_from_m2 if self.area_from is not None else self.area_to_m2

    @property
    def band(self):
        """Where that lies among `BANDS`, in words."""
        least = self.least_m2
        return str(BAND_WORDS[-1 if least is None else sum(least >= edge for edge in BANDS)])

    @property
    def closed_on(self):
        return timezone.localdate(self.closed_at)
