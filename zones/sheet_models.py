"""What a printed fact sheet of a plot said, kept as a row: the page behind its QR compares it with what holds now."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from izportal.models import Sampled


class FactSheet(Sampled):
    """The values of one plot as they were printed, in no language. Written only by `zones/sheets`."""

    code = models.CharField(_("mã phiếu"), max_length=16, unique=True)
    plot = models.ForeignKey("zones.Plot", models.PROTECT, related_name="sheets", verbose_name=_("lô"))
    values = models.JSONField(_("giá trị đã in"))
    printed_at = models.DateTimeField(_("in lần đầu lúc"))

    class Meta:
        ordering = ["-printed_at", "-id"]
        verbose_name = _("phiếu thông tin lô đã in")
        verbose_name_plural = _("phiếu thông tin lô đã in")

    def __str__(self):
        return f"{self.plot.code} · {self.code}"

    def get_absolute_url(self):
        return reverse("zones:sheet_detail", args=[self.code])
