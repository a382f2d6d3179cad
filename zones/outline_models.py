"""What was drawn at one time for a zone: the corners before and after, on which paper, by whom; and its undoing."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OutlineEntry(models.Model):
    """`changes` holds a row for each outline: the plot's code, empty for the boundary of the zone; `before`, `after`.
    Written only by `zones/outlines`."""

    zone = models.ForeignKey(
        "zones.Zone", models.PROTECT, related_name="outline_entries", verbose_name=_("khu công nghiệp")
    )
    changes = models.JSONField(_("ranh giới trước và sau"), default=list)
    basis = models.CharField(_("căn cứ"), max_length=300)
    measured_on = models.DateField(_("ngày đo vẽ"), null=True, blank=True)
    entered_at = models.DateTimeField(_("nhập lúc"))
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người nhập")
    )
    undone_at = models.DateTimeField(_("hoàn tác lúc"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("người hoàn tác"),
    )  # fmt: skip

    class Meta:
        ordering = ["-entered_at", "-id"]
        verbose_name = _("lần nhập ranh giới")
        verbose_name_plural = _("lần nhập ranh giới")

    def __str__(self):
        return f"{self.zone} · {self.entered_at:%d/%m/%Y}"

    @property
    def is_boundary(self):
        return any(not change["plot"] for change in self.changes)
