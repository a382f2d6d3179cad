"""Changes of the working calendar as the board decides on them: proposed, looked at, applied or dropped."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CalendarChangeQuerySet(models.QuerySet):
    def waiting(self):
        """Neither applied nor dropped."""
        return self.filter(applied_at__isnull=True, dropped_at__isnull=True)


class CalendarChange(models.Model):
    """Days off and make-up days to be added, changed or removed together, and the promises that move with them
    (`onestop/daysoff`)."""

    # [{"day": "2027-02-04", "kind": "off" or "" to remove, "name_vi", "name_en", "announcement"}, …], by day.
    edits = models.JSONField(_("các ngày"), default=list)
    announcement = models.CharField(_("văn bản thông báo"), max_length=200)
    reason = models.TextField(_("lý do"))
    drafted_at = models.DateTimeField(_("lập lúc"), default=timezone.now)
    # Empty where a calendar came with the reference data.
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("người lập")
    )
    # What it would move, as shown last; once applied, what it has moved.
    moves = models.JSONField(_("các hạn thay đổi"), default=list)
    shown_at = models.DateTimeField(_("xem trước lúc"), default=timezone.now)
    moved = models.PositiveIntegerField(_("số hồ sơ lùi hạn"), default=0)
    kept = models.PositiveIntegerField(_("số hồ sơ giữ nguyên hạn"), default=0)
    applied_at = models.DateTimeField(_("áp dụng lúc"), null=True, blank=True)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("người áp dụng"),
    )  # fmt: skip
    dropped_at = models.DateTimeField(_("bỏ lúc"), null=True, blank=True)
    dropped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("người bỏ")
    )

    objects = CalendarChangeQuerySet.as_manager()

    class Meta:
        ordering = ["-drafted_at", "-id"]
        verbose_name = _("lần sửa lịch làm việc")
        verbose_name_plural = _("các lần sửa lịch làm việc")
        constraints = [
            models.CheckConstraint(
                condition=Q(applied_at__isnull=True) | Q(dropped_at__isnull=True),
                name="calendar_change_applied_or_dropped",
            ),
        ]

    def __str__(self):
        return f"{self.announcement} ({timezone.localtime(self.drafted_at):%d/%m/%Y %H:%M})"

    @property
    def is_waiting(self):
        return self.applied_at is None and self.dropped_at is None
