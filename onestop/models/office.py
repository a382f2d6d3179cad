"""How the board's people work on dossiers: who stands in for whom, what they read, say and plan, and their pace."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal.models import Sampled, StoredFile
from onestop.models.catalogue import Procedure, ProcedureVersion
from onestop.models.dossiers import Dossier


class Stage(models.TextChoices):
    """The stations of a dossier inside the board, in order; each has a budget of working hours."""

    RECEPTION = "reception", _("Tiếp nhận")
    ASSIGN = "assign", _("Phân công")
    REVIEW = "review", _("Thẩm định")
    HEAD = "head", _("Trưởng phòng duyệt")
    LEADER = "leader", _("Lãnh đạo ký")
    CLERK = "clerk", _("Vào số, đóng dấu")
    RETURN = "return", _("Trả kết quả")


class AbsenceQuerySet(models.QuerySet):
    def in_force(self, *, on):
        """Absences of that day which were not cut short before it."""
        return self.over(on, on)

    def over(self, first, last):
        """Absences that leave their person away on at least one day from the first to the last."""
        returned_after = Q(ended_on__isnull=True) | Q(ended_on__gt=first) & Q(ended_on__gt=F("starts_on"))
        return self.filter(returned_after, starts_on__lte=last, ends_on__gte=first)

    def visible_to(self, user):
        """One's own, those in which one stands in, those of a head's division; all for whoever answers for all."""
        if not user.is_authenticated or not user.is_staff:
            return self.none()
        if user.is_superuser or user.has_role("leader", "administrator", "auditor"):
            return self
        own = Q(person=user) | Q(substitute=user)
        if user.division_id and user.has_role("head"):
            own |= Q(person__division=user.division_id)
        return self.filter(own)


class Absence(models.Model):
    """Somebody of the board is away, and who takes their steps meanwhile (vắng mặt, người thay)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="absences", verbose_name=_("người vắng")
    )
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="substitutions", verbose_name=_("người thay")
    )
    starts_on = models.DateField(_("từ ngày"))
    ends_on = models.DateField(_("đến hết ngày"))
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    made_at = models.DateTimeField(_("ghi lúc"), default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name=_("người ghi")
    )
    # The first day on which the person is back, where that is before the day written first.
    ended_on = models.DateField(_("trở lại từ ngày"), null=True, blank=True, editable=False)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "person"]
        verbose_name = _("vắng mặt, người thay")
        verbose_name_plural = _("vắng mặt, người thay")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="absence_dates_in_order",
                violation_error_message=_("Ngày cuối phải từ ngày đầu trở đi."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("substitute")),
                name="nobody_stands_in_for_oneself",
                violation_error_message=_("Người thay phải là người khác."),
            ),
        ]

    def __str__(self):
        return f"{self.person}: {self.starts_on:%d/%m/%Y}–{self.last_on:%d/%m/%Y}"

    @property
    def last_on(self):
        """The last day away; before the first one where the absence was called off."""
        return min(self.ends_on, self.ended_on - timedelta(days=1)) if self.ended_on else self.ends_on

    def is_in_force(self, *, on):
        return self.starts_on <= on <= self.last_on


class Reading(models.Model):
    """Somebody has had the brief of a dossier before them, in the version that it then had."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="readings", verbose_name=_("hồ sơ"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("người đọc"))
    version_no = models.PositiveIntegerField(_("phiên bản hồ sơ"))
    at = models.DateTimeField(_("đọc lúc"), default=timezone.now)

    class Meta:
        ordering = ["-at"]
        verbose_name = _("lượt đọc tóm tắt")
        verbose_name_plural = _("lượt đọc tóm tắt")
        constraints = [
            models.UniqueConstraint(fields=["dossier", "by", "version_no"], name="brief_read_once_per_version"),
        ]

    def __str__(self):
        return f"{self.dossier} {self.by}"


class MessageQuerySet(models.QuerySet):
    def shared(self):
        """What the applicant may read."""
        return self.filter(is_internal=False)

    def unread_by_board(self):
        return self.shared().filter(is_from_board=False, read_at__isnull=True)

    def unread_by_applicant(self):
        return self.shared().filter(is_from_board=True, read_at__isnull=True)


class Message(Sampled):
    """A word between the applicant and the officer about a dossier, or a note that stays inside the board."""

    dossier = models.ForeignKey(Dossier, models.PROTECT, related_name="messages", verbose_name=_("hồ sơ"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người viết"))
    at = models.DateTimeField(_("viết lúc"), default=timezone.now)
    text = models.TextField(_("nội dung"))
    is_from_board = models.BooleanField(_("do Ban viết"), default=False)
    is_internal = models.BooleanField(_("ghi chú nội bộ"), default=False)
    files = models.ManyToManyField(StoredFile, blank=True, related_name="messages", verbose_name=_("tệp kèm"))
    # When the other side had it before them; of an internal note, nothing.
    read_at = models.DateTimeField(_("đọc lúc"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["dossier", "at", "id"]
        verbose_name = _("trao đổi, ghi chú")
        verbose_name_plural = _("trao đổi, ghi chú")
        indexes = [
            # The few that wait are found among all that were ever written.
            models.Index(
                fields=["dossier"],
                condition=Q(is_from_board=False, is_internal=False, read_at__isnull=True),
                name="message_unread_by_board",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_internal=False) | Q(is_from_board=True), name="internal_note_is_of_the_board"
            ),
        ]

    def __str__(self):
        return f"{self.dossier} {self.at:%d/%m/%Y %H:%M}"


class StageBudget(models.Model):
    """Working hours that the board allows itself for one station under one version of a procedure; a budget, no limit
    of law. Stations without a row take their share by the rules `stage_share_*`."""

    version = models.ForeignKey(
        ProcedureVersion, models.CASCADE, related_name="budgets", verbose_name=_("phiên bản thủ tục")
    )
    stage = models.CharField(_("khâu"), max_length=10, choices=Stage)
    hours = models.DecimalField(_("giờ làm việc"), max_digits=6, decimal_places=1, validators=[MinValueValidator(0)])

    class Meta:
        ordering = ["version", "id"]
        verbose_name = _("thời gian nội bộ của khâu")
        verbose_name_plural = _("thời gian nội bộ của các khâu")
        constraints = [
            models.UniqueConstraint(fields=["version", "stage"], name="stage_budget_once"),
            models.CheckConstraint(condition=Q(hours__gte=0), name="stage_budget_not_negative"),
        ]

    def __str__(self):
        return f"{self.version} {self.get_stage_display()}"


class Pace(models.Model):
    """How long a station took of late, measured by the nightly upkeep for the forecast on the desk."""

    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="paces", verbose_name=_("thủ tục"))
    stage = models.CharField(_("khâu"), max_length=10, choices=Stage)
    hours = models.DecimalField(_("trung vị, giờ làm việc"), max_digits=8, decimal_places=1)
    count = models.PositiveIntegerField(_("số lượt"))
    measured_at = models.DateTimeField(_("đo lúc"))

    class Meta:
        ordering = ["procedure", "stage"]
        verbose_name = _("nhịp giải quyết")
        verbose_name_plural = _("nhịp giải quyết")
        constraints = [models.UniqueConstraint(fields=["procedure", "stage"], name="pace_once")]

    def __str__(self):
        return f"{self.procedure} {self.get_stage_display()}"


class CounterChange(models.Model):
    """One row for each statement that has changed what the counter shows, written by the database itself
    (`onestop/version.py`)."""

    class Meta:
        verbose_name = _("lần thay đổi của hồ sơ")
        verbose_name_plural = _("lần thay đổi của hồ sơ")
        default_permissions = ()

    def __str__(self):
        return str(self.pk)
