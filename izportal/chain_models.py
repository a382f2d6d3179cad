"""The heads of the chain: one row for each day that is over, over all that was written down by then."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class SealedDay(models.Model):
    """What the two logs held when a day was over: events of dossiers and changes of projects, each up to a row, and
    the head over the day before and the seals of these rows. Append-only; written by `izportal/chain`."""

    day = models.DateField(_("ngày"), unique=True)
    events = models.PositiveIntegerField(_("số diễn biến hồ sơ"))
    first_event = models.BigIntegerField(_("diễn biến đầu"), null=True)
    # Where a day has no row, the row that the day before went up to.
    last_event = models.BigIntegerField(_("đến diễn biến"), default=0)
    changes = models.PositiveIntegerField(_("số thay đổi dự án"))
    first_change = models.BigIntegerField(_("thay đổi đầu"), null=True)
    last_change = models.BigIntegerField(_("đến thay đổi"), default=0)
    head = models.CharField(_("đầu chuỗi"), max_length=64)
    sealed_at = models.DateTimeField(_("chốt lúc"), default=timezone.now)

    class Meta:
        ordering = ["-day"]
        verbose_name = _("ngày đã chốt")
        verbose_name_plural = _("sổ chốt hằng ngày")

    def __str__(self):
        return f"{self.day:%d/%m/%Y}"

    @property
    def rows(self):
        return self.events + self.changes
