"""How Django knows the ground floor, and which admin site it uses."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from izportal import checks, roles


class BackOfficeConfig(admin_apps.AdminConfig):
    default_site = "izportal.backoffice.BackOffice"


class PortalConfig(AppConfig):
    name = "izportal"
    verbose_name = _("Cổng thông tin")

    def ready(self):
        checks.register()
        post_migrate.connect(roles.grant_after_migrate, sender=self)
