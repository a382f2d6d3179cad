"""Rows about published figures: what was given out and when, the calendar of releases, breaks in a series, and the
targets of a year's plan."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Release(models.Model):
    """A day on which the board means to publish, in the calendar that everybody can read."""

    planned_on = models.DateField(_("ngày dự kiến công bố"))
    title = models.CharField(_("nội dung công bố"), max_length=200)
    since = models.DateField(_("kỳ từ ngày"), null=True, blank=True)
    as_of = models.DateField(_("số liệu tính đến ngày"))
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)

    class Meta:
        ordering = ["planned_on", "id"]
        verbose_name = _("lịch công bố số liệu")
        verbose_name_plural = _("lịch công bố số liệu")
        constraints = [
            models.UniqueConstraint(fields=["planned_on", "as_of"], name="release_planned_once"),
            models.CheckConstraint(
                condition=Q(as_of__lte=F("planned_on")), name="release_after_its_day",
                violation_error_message=_("Ngày công bố không được trước ngày tính số liệu."),
            ),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(since__lte=F("as_of")), name="release_period_in_order",
                violation_error_message=_("Kỳ phải bắt đầu không muộn hơn ngày tính số liệu."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.planned_on:%d/%m/%Y} {self.title}"


class Publication(models.Model):
    """Headline figures as they were given out: true at the end of `as_of`, by what was recorded by `known_at`.
    Append-only; written only by `izportal/statistics/publishing.py`."""

    as_of = models.DateField(_("tính đến ngày"))
    since = models.DateField(_("kỳ từ ngày"))
    known_at = models.DateTimeField(_("theo sổ đã ghi đến"))
    released_at = models.DateTimeField(_("công bố lúc"), default=timezone.now)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("người công bố")
    )
    release = models.ForeignKey(
        Release, models.PROTECT, null=True, blank=True, related_name="publications", verbose_name=_("theo lịch")
    )
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    is_sample = models.BooleanField(_("dữ liệu mẫu"), default=False, db_index=True, editable=False)

    class Meta:
        ordering = ["-released_at", "-id"]
        verbose_name = _("lần công bố số liệu")
        verbose_name_plural = _("lần công bố số liệu")
        constraints = [
            models.CheckConstraint(condition=Q(since__lte=F("as_of")), name="publication_period_in_order"),
            models.CheckConstraint(condition=Q(known_at__lte=F("released_at")), name="publication_knows_no_future"),
        ]

    def __str__(self):
        return f"{self.as_of:%d/%m/%Y}"


class PublishedFigure(models.Model):
    """One number of a publication with the question it answers (`Asked`), so that it can be asked again."""

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="figures", verbose_name=_("lần công bố"))
    indicator = models.SlugField(_("chỉ tiêu"), max_length=60)
    version = models.PositiveSmallIntegerField(_("phiên bản định nghĩa"), default=1)
    zone = models.CharField(_("khu"), max_length=60, blank=True)
    value = models.DecimalField(_("giá trị"), max_digits=30, decimal_places=6, null=True)
    is_sample = models.BooleanField(_("dữ liệu mẫu"), default=False, db_index=True, editable=False)

    class Meta:
        ordering = ["publication", "id"]
        verbose_name = _("số liệu đã công bố trong lần công bố")
        verbose_name_plural = _("số liệu đã công bố trong lần công bố")
        constraints = [
            models.UniqueConstraint(fields=["publication", "indicator", "zone"], name="figure_published_once")
        ]

    def __str__(self):
        return f"{self.indicator} {self.zone}".strip()


class SeriesBreak(models.Model):
    """A day from which figures cannot be compared with earlier ones without a word, and its source."""

    code = models.SlugField(_("mã"), max_length=60, unique=True)
    on = models.DateField(_("từ ngày"))
    title = models.CharField(_("tên"), max_length=200)
    text = models.TextField(_("giải thích"))
    source = models.CharField(_("nguồn"), max_length=500)
    # Codes of indicators; empty: of all. `zone` is a slug, empty: of all zones together.
    indicators = models.JSONField(_("chỉ tiêu"), default=list, blank=True)
    zone = models.CharField(_("khu"), max_length=60, blank=True)
    is_verified = models.BooleanField(_("đã đối chiếu nhiều nguồn"), default=False)

    class Meta:
        ordering = ["on", "code"]
        verbose_name = _("điểm gãy của chuỗi số liệu")
        verbose_name_plural = _("điểm gãy của chuỗi số liệu")

    def __str__(self):
        return f"{self.on:%d/%m/%Y} {self.title}"

    def concerns(self, indicator, zone=""):
        return (not self.indicators or indicator in self.indicators) and (not self.zone or self.zone == zone)


class PlanTarget(models.Model):
    """What the plan of a year wants one figure of the register to reach by its last day, counted from its first."""

    year = models.PositiveSmallIntegerField(
        _("năm kế hoạch"), validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )
    indicator = models.SlugField(_("chỉ tiêu"), max_length=60)
    # In the indicator's own unit: pieces, dollars, đồng.
    value = models.DecimalField(_("giá trị"), max_digits=24, decimal_places=2, validators=[MinValueValidator(1)])
    source = models.CharField(_("nguồn"), max_length=500)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    is_verified = models.BooleanField(_("đã đối chiếu nhiều nguồn"), default=False)

    class Meta:
        ordering = ["-year", "id"]
        verbose_name = _("chỉ tiêu kế hoạch năm")
        verbose_name_plural = _("chỉ tiêu kế hoạch năm")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "indicator"], name="target_set_once",
                violation_error_message=_("Năm này đã có chỉ tiêu kế hoạch cho số liệu này."),
            ),
            models.CheckConstraint(
                condition=Q(value__gt=0), name="target_above_zero",
                violation_error_message=_("Chỉ tiêu kế hoạch phải lớn hơn 0."),
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.year} {self.indicator}"
