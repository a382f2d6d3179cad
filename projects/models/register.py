"""What stands in the register: projects, the changes that made them, and what was true of them from when to when."""

from django.db import models
from django.db.models import DecimalField, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from izportal.folding import FoldedField
from izportal.models import Recorded, RecordedQuerySet, Sampled, addressable
from projects.models.people import Enterprise, Investor, Sector
from zones.models import Plot, Zone


def _money(digits=24):
    return DecimalField(max_digits=digits, decimal_places=2)


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The register is public in its public part; a zone operator works on the projects of their zones."""
        if user.is_authenticated and user.is_staff and user.zones:
            return self.filter(zone__code__in=user.zones)
        return self

    def with_position(self, *, on, known=None):
        """Annotate `status`, `registered_usd`, `registered_vnd`, `land_m2`, true on a date, as known at a moment."""
        rows = Change.objects.standing(on=on, known=known).filter(project=OuterRef("pk"))
        totals = rows.order_by().values("project")

        def total(name):
            return Coalesce(Subquery(totals.annotate(t=Sum(name)).values("t")[:1]), 0, output_field=_money())

        # An end is final, whatever row is corrected afterwards; the certificate is the first of all.
        rank = models.Case(
            models.When(stands_as__in=Change.ENDING, then=2),
            models.When(stands_as=Change.Kind.ISSUED, then=0),
            default=1,
        )
        last_status = rows.filter(stands_as__in=Project.STATUS_OF).order_by(rank.desc(), "-effective_on", "-id")
        return self.annotate(
            status=Subquery(
                last_status.annotate(
                    s=models.Case(
                        *[
                            models.When(stands_as=kind, then=models.Value(state))
                            for kind, state in Project.STATUS_OF.items()
                        ],
                        output_field=models.CharField(),
                    )
                ).values("s")[:1]
            ),
            registered_usd=total("capital_usd"),
            registered_vnd=total("capital_vnd"),
            land_m2=total("area_m2"),
        )

    def in_force(self, *, on, known=None):
        """Certificates issued by `on` and neither terminated nor revoked by then; a suspended one is in force."""
        rows = Change.objects.standing(on=on, known=known).filter(project=OuterRef("pk"))
        ended = rows.filter(stands_as__in=Change.ENDING)
        return self.filter(Exists(rows.filter(stands_as=Change.Kind.ISSUED)), ~Exists(ended))

    def in_state(self, status, *, on, known=None):
        """Of projects with their position on a date those of one status. Their last change is only looked up where
        changes of several kinds contend."""
        rows = Change.objects.standing(on=on, known=known).filter(project=OuterRef("pk"))
        saying = [kind for kind, state in Project.STATUS_OF.items() if state == status]
        contending = [kind for kind in Project.STATUS_OF if kind not in (*saying, Change.Kind.ISSUED)]
        found = self.filter(Exists(rows.filter(stands_as__in=saying)))
        if status not in Change.ENDING:
            found = found.filter(~Exists(rows.filter(stands_as__in=Change.ENDING)))
            contending = [kind for kind in contending if kind not in Change.ENDING]
        others = Change.objects.standing(on=on, known=known).filter(stands_as__in=contending)
        return found.filter(~Q(pk__in=others.order_by().values("project")) | Q(status=status))

    def countable(self):
        """Real projects once there is one, sample projects until then: a figure never mixes both."""
        return self.filter(is_sample=not Project.objects.filter(is_sample=False).exists())


class Project(Sampled):
    class Origin(models.TextChoices):
        FDI = "fdi", _("Vốn nước ngoài (FDI)")
        DDI = "ddi", _("Vốn trong nước (DDI)")

    class Kind(models.TextChoices):
        PRODUCTION = "production", _("Sản xuất, kinh doanh")
        INFRASTRUCTURE = "infrastructure", _("Hạ tầng khu công nghiệp")

    class Status(models.TextChoices):
        IN_FORCE = "in_force", _("Còn hiệu lực")
        SUSPENDED = "suspended", _("Tạm ngừng")
        TERMINATED = "terminated", _("Đã chấm dứt")
        REVOKED = "revoked", _("Bị thu hồi")

    # The status is not kept but read from the changes: each of these kinds sets one.
    STATUS_OF = {
        "issued": "in_force", "suspended": "suspended", "resumed": "in_force", "terminated": "terminated",
        "revoked": "revoked",
    }  # fmt: skip

    code = models.CharField(_("mã số dự án"), max_length=40, unique=True, validators=[addressable])
    name = models.CharField(_("tên dự án"), max_length=400)
    origin = models.CharField(_("nguồn vốn"), max_length=3, choices=Origin)
    kind = models.CharField(_("loại dự án"), max_length=20, choices=Kind, default=Kind.PRODUCTION)
    objective = models.TextField(_("mục tiêu"), blank=True)
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="projects", verbose_name=_("ngành (VSIC)"))
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="projects", verbose_name=_("khu công nghiệp"))
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="projects", verbose_name=_("tổ chức kinh tế")
    )
    certificate_number = models.CharField(_("số giấy chứng nhận"), max_length=60, blank=True)
    certificate_on = models.DateField(_("cấp lần đầu ngày"))
    term_until = models.DateField(_("thời hạn đến ngày"), null=True, blank=True)
    folded = FoldedField(
        sources=("code", "name_vi", "name_en", "certificate_number", "enterprise.name_vi", "zone.name_vi")
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["-certificate_on", "code"]
        verbose_name = _("dự án đầu tư")
        verbose_name_plural = _("dự án đầu tư")
        indexes = [models.Index(fields=["-certificate_on", "code"], name="project_latest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(term_until__isnull=True) | Q(term_until__gt=F("certificate_on")),
                name="project_ends_after_certificate",
                violation_error_message=_("Thời hạn dự án phải sau ngày cấp giấy chứng nhận."),
            ),
            models.CheckConstraint(
                condition=~Q(is_sample=True) | Q(code__startswith="MAU"),
                name="sample_project_code_says_so",
                violation_error_message=_("Mã dự án mẫu bắt đầu bằng MAU."),
            ),
        ]

    def __str__(self):
        return f"{self.code} · {self.name}"

    def get_absolute_url(self):
        return reverse("projects:project_detail", args=[self.code])


class ChangeQuerySet(RecordedQuerySet):
    def standing(self, *, on, known=None):
        """Changes true on a date, as known at a moment (None: now)."""
        return self.as_known(known).filter(effective_on__lte=on)


class Change(Sampled, Recorded):
    """One dated change of a project by a decision. Append-only; the database refuses update and delete.

    Amounts are differences as printed (positive or negative), in whole currency units and square metres: the sum of
    the standing changes of a project is its registered capital and land. A correction supersedes one row and stands
    in its place (`stands_as`).
    """

    class Kind(models.TextChoices):
        ISSUED = "issued", _("Cấp mới")
        CAPITAL = "capital", _("Điều chỉnh vốn")
        LAND = "land", _("Điều chỉnh diện tích đất")
        TERM = "term", _("Điều chỉnh thời hạn")
        TRANSFER = "transfer", _("Chuyển nhượng")
        SUSPENDED = "suspended", _("Tạm ngừng")
        TERMINATED = "terminated", _("Chấm dứt")
        REVOKED = "revoked", _("Thu hồi")
        RESUMED = "resumed", _("Hoạt động trở lại")
        CONTENT = "content", _("Điều chỉnh nội dung")
        CORRECTION = "correction", _("Hiệu đính")

    ENDING = (Kind.TERMINATED, Kind.REVOKED)

    project = models.ForeignKey(Project, models.PROTECT, related_name="changes", verbose_name=_("dự án"))
    kind = models.CharField(_("loại"), max_length=20, choices=Kind)
    stands_as = models.CharField(_("được tính như"), max_length=20, choices=Kind, editable=False)
    effective_on = models.DateField(_("ngày hiệu lực"))
    decision_number = models.CharField(_("số quyết định"), max_length=100)
    decision_on = models.DateField(_("ngày quyết định"))
    capital_usd = models.DecimalField(_("thay đổi vốn, USD"), max_digits=18, decimal_places=2, default=0)
    capital_vnd = models.DecimalField(_("thay đổi vốn, VND"), max_digits=22, decimal_places=2, default=0)
    exchange_rate = models.DecimalField(_("tỷ giá, VND/USD"), max_digits=12, decimal_places=2, null=True, blank=True)
    rate_on = models.DateField(_("tỷ giá ngày"), null=True, blank=True)
    rate_source = models.CharField(_("nguồn tỷ giá"), max_length=200, blank=True)
    area_m2 = models.DecimalField(_("thay đổi diện tích, m²"), max_digits=12, decimal_places=2, default=0)
    note = models.TextField(_("ghi chú"), blank=True)
    # SHA-256 over the row's facts and the seal of the project's row before it (`projects/seals.py`).
    seal = models.CharField(_("dấu của dòng"), max_length=64, blank=True, editable=False)

    objects = ChangeQuerySet.as_manager()

    class Meta:
        ordering = ["effective_on", "id"]
        verbose_name = _("thay đổi của dự án")
        verbose_name_plural = _("thay đổi của dự án")
        indexes = [
            models.Index(fields=["project", "-effective_on", "-id"], name="change_latest"),
            models.Index(fields=["effective_on", "id"], name="change_by_day"),
            models.Index(fields=["decision_number"], name="change_by_decision"),
            models.Index(
                fields=["stands_as", "project", "effective_on", "id"], name="change_of_state",
                condition=Q(stands_as__in=("issued", "suspended", "resumed", "terminated", "revoked")),
            ),
            models.Index(fields=["rate_on", "id"], name="change_by_rate", condition=Q(rate_on__isnull=False)),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="correction", supersedes__isnull=False)
                | (~Q(kind="correction") & Q(supersedes__isnull=True)),
                name="only_a_correction_supersedes",
            ),
            models.CheckConstraint(
                condition=Q(kind="correction") & ~Q(stands_as="correction") | Q(stands_as=F("kind")),
                name="correction_stands_as_what_it_corrects",
            ),
            models.CheckConstraint(
                condition=Q(exchange_rate__isnull=True)
                | (Q(exchange_rate__gt=0) & Q(rate_on__isnull=False) & ~Q(rate_source="")),
                name="exchange_rate_has_date_and_source",
                violation_error_message=_("Tỷ giá phải có ngày và nguồn."),
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(kind="issued"), name="certificate_issued_once_per_project"
            ),
        ]

    def __str__(self):
        return f"{self.project.code} {self.get_kind_display()} {self.effective_on:%d/%m/%Y}"


class SpanQuerySet(RecordedQuerySet):
    def standing(self, *, on, known=None):
        """What is true on a date, as known at a moment; on the day a row ends the next one holds."""
        return self.as_known(known).filter(starts_on__lte=on).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))


class Span(Sampled, Recorded):
    """Something that is true of a project from a date until another, by the entry that said so.

    Append-only: an end, another value, a void decision is another row in the place of this one; a row that ends on the
    day it starts counts as nothing. Written only by `projects/ledger`.
    """

    starts_on = models.DateField(_("từ ngày"))
    ended_on = models.DateField(_("đến ngày"), null=True, blank=True)

    objects = SpanQuerySet.as_manager()

    class Meta:
        abstract = True


class Classification(Span):
    """What figures group a project by. The same columns of `Project` say what holds now, for lists."""

    FACTS = ("origin", "kind", "sector", "zone", "enterprise", "term_until")

    project = models.ForeignKey(Project, models.PROTECT, related_name="classifications", verbose_name=_("dự án"))
    change = models.ForeignKey(Change, models.PROTECT, related_name="classifications", verbose_name=_("theo thay đổi"))
    origin = models.CharField(_("nguồn vốn"), max_length=3, choices=Project.Origin)
    kind = models.CharField(_("loại dự án"), max_length=20, choices=Project.Kind)
    sector = models.ForeignKey(Sector, models.PROTECT, related_name="+", verbose_name=_("ngành (VSIC)"))
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="+", verbose_name=_("khu công nghiệp"))
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tổ chức kinh tế")
    )
    term_until = models.DateField(_("thời hạn đến ngày"), null=True, blank=True)

    class Meta:
        ordering = ["project", "starts_on", "id"]
        verbose_name = _("phân loại dự án")
        verbose_name_plural = _("phân loại dự án")
        indexes = [models.Index(fields=["starts_on"], name="classification_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")),
                name="classification_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["change"], condition=Q(supersedes__isnull=True), name="one_classification_by_a_change"
            ),
        ]

    def __str__(self):
        return f"{self.project.code} · {self.sector_id} · {self.starts_on:%d/%m/%Y}"


class Contribution(Span):
    """What one investor of a project undertakes to bring in."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="contributions", verbose_name=_("dự án"))
    change = models.ForeignKey(Change, models.PROTECT, related_name="contributions", verbose_name=_("theo thay đổi"))
    investor = models.ForeignKey(Investor, models.PROTECT, related_name="contributions", verbose_name=_("nhà đầu tư"))
    capital_usd = models.DecimalField(_("vốn góp, USD"), max_digits=18, decimal_places=2, null=True, blank=True)
    capital_vnd = models.DecimalField(_("vốn góp, VND"), max_digits=22, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ["project", "id"]
        verbose_name = _("vốn góp của nhà đầu tư")
        verbose_name_plural = _("vốn góp của nhà đầu tư")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")),
                name="contribution_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["change", "investor"], condition=Q(supersedes__isnull=True),
                name="investor_once_in_a_change",
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.investor} · {self.project.code}"


class Tenure(Sampled, Recorded):
    """Which project holds which plot, from when to when. Written only by `projects/ledger`."""

    project = models.ForeignKey(Project, models.PROTECT, related_name="tenures", verbose_name=_("dự án"))
    plot = models.ForeignKey(Plot, models.PROTECT, related_name="tenures", verbose_name=_("lô"))
    area_m2 = models.DecimalField(_("diện tích thuê, m²"), max_digits=12, decimal_places=2)
    starts_on = models.DateField(_("từ ngày"))
    ended_on = models.DateField(_("kết thúc ngày"), null=True, blank=True)
    basis = models.CharField(_("căn cứ"), max_length=200, blank=True)
    # A superseded row stays for the record; the flag lets the database see which rows count.
    is_current = models.BooleanField(_("đang có giá trị"), default=True, editable=False)

    objects = SpanQuerySet.as_manager()

    class Meta:
        ordering = ["project", "starts_on", "id"]
        verbose_name = _("thuê đất")
        verbose_name_plural = _("thuê đất")
        indexes = [models.Index(fields=["starts_on"], name="tenure_by_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["plot"], condition=Q(ended_on__isnull=True, is_current=True), name="one_open_tenure_per_plot",
                violation_error_message=_("Lô này đang có dự án thuê."),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("starts_on")), name="tenure_dates_in_order",
                violation_error_message=_("Ngày kết thúc thuê đất phải sau ngày bắt đầu."),
            ),
            models.CheckConstraint(condition=Q(area_m2__gt=0), name="tenure_area_positive"),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.project.code} · {self.plot}"


class RegisterChange(models.Model):
    """One row for each statement that has changed the register, written by the database itself
    (`projects/version.py`)."""

    class Meta:
        verbose_name = _("lần thay đổi của sổ dự án")
        verbose_name_plural = _("lần thay đổi của sổ dự án")
        default_permissions = ()

    def __str__(self):
        return str(self.pk)
