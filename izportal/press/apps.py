"""How Django knows this app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PressConfig(AppConfig):
    name = "izportal.press"
    label = "press"
    verbose_name = _("Nội dung cổng")
