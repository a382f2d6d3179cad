"""What a project promised by when and what came of it, and the papers that the board keeps on it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal.models import Recorded, RecordedQuerySet, Sampled, StoredFile
from projects.models.register import Project


class MilestoneQuerySet(RecordedQuerySet):
    def late(self, *, on):
        """Promised for a day before `on` and, as far as is known, not reached."""
        return self.as_known().filter(actual_on__isnull=True, planned_on__lt=on)


class Milestone(Sampled, Recorded):
    """A step of the schedule that the certificate sets. Append-only: another day is another row in its place."""

    class Kind(models.TextChoices):
        CAPITAL = "capital", _("Góp đủ vốn")
        CONSTRUCTION = "construction", _("Khởi công xây dựng")
        OPERATION = "operation", _("Đi vào hoạt động")

    project = models.ForeignKey(Project, models.PROTECT, related_name="milestones", verbose_name=_("dự án"))
    kind = models.CharField(_("mốc tiến độ"), max_length=20, choices=Kind)
    planned_on = models.DateField(_("phải xong ngày"), null=True, blank=True)
    actual_on = models.DateField(_("thực tế ngày"), null=True, blank=True)
    basis = models.CharField(_("căn cứ"), max_length=200)
    note = models.TextField(_("ghi chú"), blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["project", "planned_on", "id"]
        verbose_name = _("mốc tiến độ")
        verbose_name_plural = _("mốc tiến độ")
        indexes = [models.Index(fields=["planned_on"], name="milestone_by_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned_on__isnull=False) | Q(actual_on__isnull=False), name="milestone_has_a_day",
                violation_error_message=_("Mốc tiến độ phải có ngày theo giấy hoặc ngày thực tế."),
            ),
            models.UniqueConstraint(
                fields=["project", "kind"], condition=Q(supersedes__isnull=True), name="one_line_of_each_milestone"
            ),
        ]  # fmt: skip

    def __str__(self):
        return f"{self.project.code} · {self.get_kind_display()}"


class ProjectDocument(Sampled):
    """A paper of a project, for the board's own people; never shown to the public."""

    class Kind(models.TextChoices):
        CERTIFICATE = "certificate", _("Giấy chứng nhận")
        DECISION = "decision", _("Quyết định")
        LEASE = "lease", _("Hợp đồng thuê đất")
        OTHER = "other", _("Giấy tờ khác")

    project = models.ForeignKey(Project, models.PROTECT, related_name="documents", verbose_name=_("dự án"))
    kind = models.CharField(_("loại giấy tờ"), max_length=20, choices=Kind, default=Kind.OTHER)
    title = models.CharField(_("tên giấy tờ"), max_length=300)
    number = models.CharField(_("số"), max_length=100, blank=True)
    issued_on = models.DateField(_("ngày"), null=True, blank=True)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="project_documents", verbose_name=_("tệp"))
    added_at = models.DateTimeField(_("đưa vào lúc"), default=timezone.now, editable=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("người đưa vào"),
    )  # fmt: skip
    removed_at = models.DateTimeField(_("gỡ lúc"), null=True, blank=True, editable=False)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("người gỡ"),
    )  # fmt: skip
    reason = models.TextField(_("lý do gỡ"), blank=True, editable=False)

    class Meta:
        ordering = ["project", "-added_at", "-id"]
        verbose_name = _("giấy tờ của dự án")
        verbose_name_plural = _("giấy tờ của dự án")

    def __str__(self):
        return self.title
