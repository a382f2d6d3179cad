"""The land of the board: zones, phases, dated areas, plots, the dated availability of each and who stands by it."""

import datetime
import functools
import operator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from izportal.folding import FoldedField
from izportal.models import Confidence, Recorded, RecordedQuerySet, Rule, Sampled, StoredFile, addressable
from izportal.repeated import KeptDay, KeptText
from zones.enquiry_models import Enquiry, EnquiryReply, EnquirySeries, UnmetNeed  # noqa: F401  rows of this app
from zones.outline_models import OutlineEntry  # noqa: F401  rows of this app
from zones.sheet_models import FactSheet  # noqa: F401  rows of this app
from zones.utility_models import Utility, UtilityCapacity, UtilityCommitment  # noqa: F401  rows of this app
from zones.watch_models import SearchWatch  # noqa: F401  rows of this app


class ZoneQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Zones are public; a zone operator keeps only their own, which `editable_by` narrows."""
        return self

    def editable_by(self, user):
        return self.filter(code__in=user.zones) if user.zones else self


class Zone(models.Model):
    class Status(models.TextChoices):
        OPERATING = "operating", _("Đang hoạt động")
        DEVELOPING = "developing", _("Đang xây dựng hạ tầng")
        PLANNED = "planned", _("Trong quy hoạch")
        DROPPED = "dropped", _("Không còn trong quy hoạch")

    slug = models.SlugField(_("đường dẫn"), unique=True)
    code = models.CharField(
        _("mã khu"), max_length=10, unique=True, help_text=_("Mã dùng trong cổng; chưa có mã chính thức."),
        validators=[
            RegexValidator(
                r"^[A-Z0-9][A-Z0-9-]*\Z", _("Mã khu gồm chữ hoa không dấu, chữ số và gạch ngang, ví dụ SC2.")
            )
        ],
    )  # fmt: skip
    name = models.CharField(_("tên khu công nghiệp"), max_length=200)
    short_name = models.CharField(_("tên gọi ngắn"), max_length=100)
    status = models.CharField(_("tình trạng"), max_length=20, choices=Status, default=Status.OPERATING)
    status_note = models.TextField(_("ghi chú tình trạng"), blank=True)
    location_old = models.CharField(_("địa điểm trước 01/7/2025"), max_length=300, blank=True)
    location_new = models.CharField(_("địa điểm từ 01/7/2025"), max_length=300, blank=True)
    location_new_confidence = models.CharField(
        _("độ tin cậy của địa điểm mới"), max_length=20, choices=Confidence, default=Confidence.INFERRED
    )
    developer = models.CharField(_("chủ đầu tư hạ tầng"), max_length=300, blank=True)
    established_on = models.DateField(_("ngày thành lập"), null=True, blank=True)
    established_by = models.CharField(_("quyết định thành lập"), max_length=200, blank=True)
    term_until = models.PositiveSmallIntegerField(_("thời hạn đến năm"), null=True, blank=True)
    sectors = models.JSONField(_("ngành nghề thu hút"), default=list, blank=True)
    utilities = models.JSONField(_("hạ tầng kỹ thuật"), default=list, blank=True)
    distances = models.JSONField(_("khoảng cách"), default=list, blank=True)
    prices = models.JSONField(_("giá, phí đã công bố"), default=list, blank=True)
    statements = models.JSONField(_("số liệu đã công bố về khu"), default=list, blank=True)
    latitude = models.DecimalField(_("vĩ độ"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("kinh độ"), max_digits=8, decimal_places=5, null=True, blank=True)
    is_point_approximate = models.BooleanField(_("vị trí gần đúng"), default=True)
    confidence = models.JSONField(_("độ tin cậy từng mục"), default=dict, blank=True)
    sources = models.JSONField(_("nguồn"), default=list, blank=True)
    outline = models.JSONField(_("ranh giới khu"), default=list, blank=True, editable=False)  # rings of [east, north]
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    folded = FoldedField(sources=("name_vi", "name_en", "short_name_vi", "code", "location_old_vi", "location_new_vi"))

    objects = ZoneQuerySet.as_manager()

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("khu công nghiệp")
        verbose_name_plural = _("khu công nghiệp")

    def __str__(self):
        return self.short_name

    def get_absolute_url(self):
        return reverse("zones:zone_detail", args=[self.slug])


class Phase(models.Model):
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="phases", verbose_name=_("khu công nghiệp"))
    slug = models.SlugField(_("mã"), max_length=40)
    name = models.CharField(_("tên khu, giai đoạn"), max_length=200)
    area_ha = models.DecimalField(_("diện tích, ha"), max_digits=9, decimal_places=2, null=True, blank=True)
    industrial_land_ha = models.DecimalField(
        _("đất công nghiệp, ha"), max_digits=9, decimal_places=2, null=True, blank=True
    )
    developer = models.CharField(_("chủ đầu tư hạ tầng"), max_length=300, blank=True)
    decision = models.CharField(_("quyết định"), max_length=200, blank=True)
    decided_on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    term_until = models.PositiveSmallIntegerField(_("thời hạn đến năm"), null=True, blank=True)
    confidence = models.CharField(_("độ tin cậy"), max_length=20, choices=Confidence, default=Confidence.UNVERIFIED)
    note = models.TextField(_("ghi chú"), blank=True)
    contact = models.CharField(
        _("đầu mối liên hệ"), max_length=300, blank=True,
        help_text=_("Đơn vị, bộ phận hoặc chức vụ; hiện công khai, không ghi tên riêng khi chưa được đồng ý."),
    )  # fmt: skip
    contact_phone = models.CharField(_("điện thoại liên hệ"), max_length=50, blank=True)
    contact_email = models.EmailField(_("thư điện tử liên hệ"), blank=True)
    contact_source = models.CharField(_("nguồn của đầu mối"), max_length=500, blank=True)
    contact_on = models.DateField(_("đầu mối đúng đến ngày"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        ordering = ["zone", "position", "slug"]
        verbose_name = _("khu, giai đoạn")
        verbose_name_plural = _("khu, giai đoạn")
        constraints = [models.UniqueConstraint(fields=["zone", "slug"], name="phase_slug_once_per_zone")]

    def __str__(self):
        return f"{self.zone} · {self.name}"


class ZoneArea(Recorded):
    """The area of a zone from a date on, by a decision: a zone has a history of areas, never one bare number."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="areas", verbose_name=_("khu công nghiệp"))
    area_ha = models.DecimalField(_("diện tích, ha"), max_digits=9, decimal_places=2)
    effective_on = models.DateField(_("từ ngày"), null=True, blank=True)
    decision = models.CharField(_("văn bản"), max_length=300, blank=True)
    source = models.CharField(_("nguồn"), max_length=500, blank=True)
    confidence = models.CharField(_("độ tin cậy"), max_length=20, choices=Confidence, default=Confidence.UNVERIFIED)
    is_stated = models.BooleanField(_("thuộc danh mục 1.420 ha"), default=False)
    note = models.TextField(_("ghi chú"), blank=True)

    objects = RecordedQuerySet.as_manager()

    class Meta:
        ordering = ["zone", models.F("effective_on").asc(nulls_first=True), "id"]
        verbose_name = _("diện tích khu qua các thời kỳ")
        verbose_name_plural = _("diện tích khu qua các thời kỳ")
        constraints = [models.CheckConstraint(condition=Q(area_ha__gt=0), name="zone_area_positive")]

    def __str__(self):
        return f"{self.zone} {self.area_ha} ha"


class Document(models.Model):
    """A public paper about a zone: a decision, a plan, a price notice."""

    class Kind(models.TextChoices):
        DECISION = "decision", _("Quyết định")
        PLAN = "plan", _("Quy hoạch, bản vẽ")
        PRICE = "price", _("Thông báo giá")
        OTHER = "other", _("Văn bản khác")

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="documents", verbose_name=_("khu công nghiệp"))
    title = models.CharField(_("tên văn bản"), max_length=300)
    kind = models.CharField(_("loại văn bản"), max_length=10, choices=Kind, default=Kind.OTHER)
    number = models.CharField(_("số, ký hiệu"), max_length=100, blank=True)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=200, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("được thay bằng")
    )
    stored = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, verbose_name=_("tệp"))
    source = models.CharField(_("nguồn"), max_length=500, blank=True)
    is_public = models.BooleanField(_("công khai"), default=True)
    folded = FoldedField(sources=("number", "title_vi", "title_en", "zone.name_vi"))

    class Meta:
        ordering = [models.F("issued_on").desc(nulls_last=True), "title"]
        verbose_name = _("văn bản của khu")
        verbose_name_plural = _("văn bản của khu")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{self.zone.get_absolute_url()}#van-ban"

    def clean(self):
        if self.replaced_by and (self.replaced_by == self or self.replaced_by.zone_id != self.zone_id):
            raise ValidationError({"replaced_by": _("Chọn một văn bản khác của cùng khu.")})


# What of a state is repeated on its plot (`last_status`, …).
STANDING = {
    "status": models.CharField(),
    "effective_on": models.DateField(),
    "held_for": models.CharField(),
    "ends_on": models.DateField(),
}


def _standing(column, day, known, has_begun=False):
    """A column of the state that holds on a day: the last one where it has begun by then, else it is looked up."""
    if has_begun:
        return F(f"last_{column}")
    rows = Availability.objects.as_known(known).filter(plot=OuterRef("pk"), effective_on__lte=day)
    looked_up = Subquery(rows.order_by("-effective_on", "-id").values(column)[:1])
    if known is not None:
        return looked_up
    last = When(last_effective_on__lte=day, then=f"last_{column}")
    return Case(last, default=looked_up, output_field=STANDING[column])


class PlotQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everyone sees published plots; staff see all, a zone operator those of their zones."""
        if not (user.is_authenticated and user.is_staff):
            return self.published()
        return self.filter(zone__code__in=user.zones) if user.zones else self

    def published(self):
        """What the public may see: announced, and with nothing missing (`zones/completeness.py`)."""
        # None of each, so that the database joins what a single condition with OR would ask for each row.
        return self.filter(*(~fault for fault in Plot.faults().values()), is_published=True)

    def with_status(self, *, on, known=None, has_begun=False):
        """Annotate `status` (an `Availability.Status`), `status_since` and `held_for`, true on a date; whoever asks
        only rows whose last state has begun by then says so, and the database reads nothing else."""
        return self.annotate(**self._states(on, known, has_begun))

    @staticmethod
    def _states(on, known, has_begun):
        return {
            "status": _standing("status", on, known, has_begun),
            "status_since": _standing("effective_on", on, known, has_begun),
            "held_for": _standing("held_for", on, known, has_begun),
        }

    def restate(self):
        """Repeat on each of the plots the last of its states; every writer of states calls it. How many plots."""
        last = Availability.objects.as_known().filter(plot=OuterRef("pk")).order_by("-effective_on", "-id")
        return self.update(**{f"last_{column}": Subquery(last.values(column)[:1]) for column in STANDING})

    def free(self, *, on, known=None):
        return self.with_status(on=on, known=known).filter(status__in=Availability.FREE)

    def taken(self, *, on, known=None):
        return self.with_status(on=on, known=known).filter(status__in=Availability.TAKEN)

    def offered(self, *, on, known=None):
        """What the board says may be had on a date: public, free, and confirmed not too long before."""
        return self.published().free(on=on, known=known).filter(Plot.confirmed_for(on, known=known))

    def with_offer(self, *, on, known=None, confirmed=None, has_begun=False):
        """Annotate `is_offered` besides the status, for pages that show offered plots among others."""
        is_offered = Q(status__in=Availability.FREE) & (confirmed or Plot.confirmed_for(on, known=known))
        return self.annotate(
            **self._states(on, known, has_begun),
            is_offered=Case(When(is_offered, then=True), default=False, output_field=models.BooleanField()),
        )

    def with_use(self, day, *, on, known=None, confirmed=None, has_begun=False):
        """Annotate `is_usable`: can it be had by a later day, as foreseen on a date? So is what is then free and is
        confirmed now, and what is let until before that day, for which the register answers. Who holds
        `Plot.confirmed_for` already hands it over."""
        is_free = Q(status_then__in=Availability.FREE) & (confirmed or Plot.confirmed_for(on, known=known))
        is_over = Q(status_then=Availability.Status.LEASED, lease_ends_on__lt=day)
        return self.annotate(
            status_then=_standing("status", day, known, has_begun),
            lease_ends_on=_standing("ends_on", day, known, has_begun),
            is_usable=Case(When(is_free | is_over, then=True), default=False, output_field=models.BooleanField()),
        )

    def usable_by(self, day, *, on, known=None):
        """The announced plots that can be had by a later day, with the status they have then."""
        return (
            self.published().with_use(day, on=on, known=known).with_status(on=day, known=known).filter(is_usable=True)
        )

    def waiting_for_word(self, *, on):
        """Free, announced plots whose word is old: nobody has confirmed them for as long as makes them ageing."""
        return self.filter(is_published=True).free(on=on).exclude(Plot.confirmed_for(on, rule="listing_ageing_days"))


class Plot(Sampled):
    class Kind(models.TextChoices):
        LAND = "land", _("Đất công nghiệp")
        FACTORY = "factory", _("Nhà xưởng xây sẵn")
        WAREHOUSE = "warehouse", _("Kho")
        SERVICE = "service", _("Đất dịch vụ")

    class PriceBasis(models.TextChoices):
        M2_YEAR = "m2_year", pgettext_lazy("price", "mỗi m² mỗi năm")
        M2_MONTH = "m2_month", pgettext_lazy("price", "mỗi m² mỗi tháng")
        M2_TERM = "m2_term", pgettext_lazy("price", "mỗi m² cả thời hạn")

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="plots", verbose_name=_("khu công nghiệp"))
    phase = models.ForeignKey(
        Phase, models.PROTECT, null=True, blank=True, related_name="plots", verbose_name=_("khu, giai đoạn")
    )
    number = models.CharField(_("số lô"), max_length=30, help_text=_("Như Ban ghi, ví dụ CN-05."))
    code = models.CharField(
        _("mã lô"), max_length=50, unique=True, help_text=_("Ví dụ SC2-CN-05; dùng trong địa chỉ."),
        validators=[addressable],
    )  # fmt: skip
    kind = models.CharField(_("loại"), max_length=20, choices=Kind, default=Kind.LAND)
    area_m2 = models.DecimalField(_("diện tích, m²"), max_digits=12, decimal_places=2)
    outline = models.JSONField(
        _("ranh giới"), default=list, blank=True, help_text=_("Các đỉnh [đông, bắc], đơn vị mét.")
    )
    price = models.DecimalField(_("giá"), max_digits=16, decimal_places=2, null=True, blank=True)
    price_currency = models.CharField(
        _("đơn vị tiền"), max_length=3, choices=[("VND", "VND"), ("USD", "USD")], blank=True
    )
    price_basis = models.CharField(_("cách tính giá"), max_length=10, choices=PriceBasis, blank=True)
    price_on = models.DateField(_("giá tính đến ngày"), null=True, blank=True)
    term_until = models.PositiveSmallIntegerField(_("thời hạn đất đến năm"), null=True, blank=True)
    power_kva = models.DecimalField(
        _("điện tại hàng rào, kVA"), max_digits=10, decimal_places=1, null=True, blank=True
    )
    water_m3_day = models.DecimalField(_("nước cấp, m³/ngày"), max_digits=10, decimal_places=1, null=True, blank=True)
    wastewater_m3_day = models.DecimalField(
        _("nước thải, m³/ngày"), max_digits=10, decimal_places=1, null=True, blank=True
    )
    floor_load_t_m2 = models.DecimalField(
        _("tải trọng nền, tấn/m²"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    clear_height_m = models.DecimalField(
        _("chiều cao thông thủy, m"), max_digits=6, decimal_places=2, null=True, blank=True
    )
    building_coverage = models.DecimalField(
        _("mật độ xây dựng, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    description = models.TextField(_("mô tả"), blank=True)
    is_published = models.BooleanField(_("công bố"), default=True)
    confirmed_on = models.DateField(_("xác nhận ngày"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người xác nhận"),
    )
    last_status = KeptText(_("tình trạng cuối"), max_length=20)
    last_effective_on = KeptDay(_("tình trạng cuối từ ngày"))
    last_held_for = KeptText(_("tình trạng cuối giữ cho"), max_length=60)
    last_ends_on = KeptDay(_("tình trạng cuối đến ngày"))
    folded = FoldedField(sources=("number", "code", "zone.name_vi", "zone.name_en", "zone.code", "description_vi"))

    objects = PlotQuerySet.as_manager()

    class Meta:
        ordering = ["zone__position", "number"]
        verbose_name = _("lô đất, nhà xưởng")
        verbose_name_plural = _("lô đất, nhà xưởng")
        indexes = [
            models.Index(fields=["area_m2"], name="plot_area"),
            models.Index(fields=["last_effective_on"], name="plot_last_state"),
            # A plan asks for the outlined ones of a zone, which may be none of ten thousand.
            models.Index(fields=["zone", "number"], condition=~Q(outline=[]), name="plot_outlined"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["zone", "number"], name="plot_number_once_per_zone",
                violation_error_message=_("Số lô này đã có trong khu."),
            ),
            models.CheckConstraint(
                condition=Q(area_m2__gt=0), name="plot_area_positive",
                violation_error_message=_("Diện tích lô phải lớn hơn 0."),
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | (Q(price__gte=0) & ~Q(price_currency="") & ~Q(price_basis="")),
                name="plot_price_has_unit_and_basis",
                violation_error_message=_("Giá phải có đơn vị tiền và cách tính."),
            ),
            models.CheckConstraint(
                condition=Q(building_coverage__isnull=True) | Q(building_coverage__range=(0, 100)),
                name="plot_coverage_is_a_share",
                violation_error_message=_("Mật độ xây dựng nằm trong khoảng 0 đến 100 phần trăm."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.number} · {self.zone}"

    def get_absolute_url(self):
        return reverse("zones:plot_detail", args=[self.code])

    @classmethod
    def confirmed_for(cls, on, *, known=None, rule="listing_stale_days"):
        """Was the plot confirmed within the days of a rule before a date? Where no rule says, everything counts.

        `confirmed_on` is the last word of all; for a past day, or as known at a moment, the words themselves tell.
        """
        days = Rule.objects.texts([rule], on=on).get(rule)
        if days is None:
            return Q(pk__isnull=False)
        since = on - datetime.timedelta(days=int(days))
        words = Confirmation.objects.filter(word=Confirmation.Word.RIGHT, said_on__range=(since, on))
        if known is not None:
            return Q(Exists(words.filter(plot=OuterRef("pk"), said_at__lte=known)))
        return Q(confirmed_on__range=(since, on)) | Q(confirmed_on__gt=on, pk__in=words.order_by().values("plot"))

    @classmethod
    def faults(cls):
        """What keeps a listing from the public, by code; each sentence stands in `zones/completeness.py`."""
        return {
            "status": Q(last_status__isnull=True),
            "phase": Q(phase__isnull=True, zone__in=Phase.objects.order_by().values("zone")),
            "price": Q(price__lte=0),
            "price_day": Q(price__isnull=False, price_on__isnull=True),
            "english": Q(description_vi__gt="") & Q(Q(description_en="") | Q(description_en__isnull=True)),
        }

    @classmethod
    def incomplete(cls):
        return functools.reduce(operator.or_, (Q(fault) for fault in cls.faults().values()))

    @property
    def area_ha(self):
        return self.area_m2 / 10000

    def standing(self, *, on):
        """The availability row true on a date, or None where nothing is recorded."""
        rows = self.availabilities.as_known().filter(effective_on__lte=on)
        return rows.order_by("-effective_on", "-id").first()


class AvailabilityQuerySet(RecordedQuerySet):
    """Whatever is done to states, their plots repeat the last one."""

    def bulk_create(self, objs, *args, **kwargs):
        made = super().bulk_create(objs, *args, **kwargs)
        Plot.objects.filter(pk__in={row.plot_id for row in made}).restate()
        return made

    def update(self, **changes):
        return self._restating(lambda: super(AvailabilityQuerySet, self).update(**changes))

    def delete(self):
        return self._restating(super().delete)

    def _restating(self, deed):
        plots = set(self.values_list("plot", flat=True))
        done = deed()
        Plot.objects.filter(pk__in=plots).restate()
        return done


class Availability(Sampled, Recorded):
    """Whether a plot is taken, from a date on. Written only by `zones/allocation.py`."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("Trong quy hoạch")
        CLEARING = "clearing", _("Đang giải phóng mặt bằng")
        READY = "ready", _("Có mặt bằng sạch")
        AVAILABLE = "available", _("Còn trống")
        RESERVED = "reserved", _("Đang giữ chỗ")
        LEASED = "leased", _("Đã cho thuê")
        HANDED_BACK = "handed_back", _("Đã trả lại")

    FREE = (Status.READY, Status.AVAILABLE, Status.HANDED_BACK)
    TAKEN = (Status.RESERVED, Status.LEASED)

    plot = models.ForeignKey(Plot, models.PROTECT, related_name="availabilities", verbose_name=_("lô"))
    status = models.CharField(_("tình trạng"), max_length=20, choices=Status)
    effective_on = models.DateField(_("từ ngày"))
    ends_on = models.DateField(
        _("thời hạn đến ngày"), null=True, blank=True, help_text=_("Ngày cuối của thời hạn thuê, theo sổ dự án.")
    )
    held_for = models.CharField(_("giữ cho"), max_length=60, blank=True, help_text=_("Mã hồ sơ hoặc mã dự án."))
    basis = models.CharField(_("căn cứ"), max_length=300, blank=True)

    objects = AvailabilityQuerySet.as_manager()

    class Meta:
        ordering = ["plot", "effective_on", "id"]
        verbose_name = _("tình trạng lô qua các thời kỳ")
        verbose_name_plural = _("tình trạng lô qua các thời kỳ")
        indexes = [
            models.Index(fields=["plot", "-effective_on", "-id"], name="availability_latest"),
            models.Index(fields=["effective_on"], name="availability_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status__in=["reserved", "leased"]) | ~Q(held_for=""),
                name="taken_plot_names_its_holder",
                violation_error_message=_("Lô giữ chỗ hoặc đã cho thuê phải ghi giữ cho ai."),
            )
        ]

    def __str__(self):
        return f"{self.plot}: {self.get_status_display()}"

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        Plot.objects.filter(pk=self.plot_id).restate()

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        Plot.objects.filter(pk=self.plot_id).restate()
        return deleted


class ConfirmationLetter(Sampled):
    """One letter to one operator about listings whose word is old, with one link that is used once; of the link only
    the hash is kept. Written only by `zones/confirmation.py`."""

    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("đơn vị vận hành")
    )
    plots = models.ManyToManyField(Plot, related_name="letters", verbose_name=_("lô"))
    sent_at = models.DateTimeField(_("gửi lúc"))
    link_hash = models.CharField(_("băm của liên kết"), max_length=64, blank=True, db_index=True)
    link_until = models.DateTimeField(_("liên kết dùng đến"))
    used_at = models.DateTimeField(_("trả lời lúc"), null=True, blank=True)

    class Meta:
        ordering = ["-sent_at", "-id"]
        verbose_name = _("thư xin xác nhận")
        verbose_name_plural = _("thư xin xác nhận")

    def __str__(self):
        return f"{self.operator} · {self.sent_at:%d/%m/%Y}"


class Confirmation(Sampled):
    """What somebody said of a listing: still right, or changed and how. The database keeps every row."""

    class Word(models.TextChoices):
        RIGHT = "right", _("Vẫn đúng")
        CHANGED = "changed", _("Đã thay đổi")

    plot = models.ForeignKey(Plot, models.PROTECT, related_name="confirmations", verbose_name=_("lô"))
    word = models.CharField(_("trả lời"), max_length=10, choices=Word)
    note = models.TextField(_("thay đổi gì"), blank=True)
    said_on = models.DateField(_("ngày"))
    said_at = models.DateTimeField(_("ghi lúc"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người xác nhận")
    )
    letter = models.ForeignKey(
        ConfirmationLetter, models.PROTECT, null=True, blank=True, related_name="answers", verbose_name=_("theo thư")
    )

    class Meta:
        ordering = ["-said_at", "-id"]
        verbose_name = _("xác nhận thông tin lô")
        verbose_name_plural = _("xác nhận thông tin lô")
        indexes = [
            models.Index(fields=["plot", "-said_on"], name="confirmation_latest"),
            models.Index(fields=["said_on"], name="confirmation_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(word="right") | ~Q(note=""), name="change_says_what",
                violation_error_message=_("Hãy ghi điều đã thay đổi."),
            )
        ]  # fmt: skip

    def __str__(self):
        return f"{self.plot}: {self.get_word_display()}"


class LandChange(models.Model):
    """One row for each statement that has changed the land, written by the database itself (`zones/version.py`)."""

    class Meta:
        verbose_name = _("lần thay đổi của quỹ đất")
        verbose_name_plural = _("lần thay đổi của quỹ đất")
        default_permissions = ()

    def __str__(self):
        return str(self.pk)
