"""One row for each write to what public pages show (`izportal/press/version.py`)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PressChange(models.Model):
    class Meta:
        verbose_name = _("lần thay đổi của nội dung")
        verbose_name_plural = _("lần thay đổi của nội dung")
        default_permissions = ()

    def __str__(self):
        return str(self.pk)
