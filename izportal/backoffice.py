"""The admin site and its base classes: scoped rows, a save that never overwrites a colleague's, export."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class BackOffice(admin.AdminSite):
    site_header = _("Ban Quản lý các khu công nghiệp tỉnh Thái Nguyên")
    site_title = _("Quản trị cổng thông tin")
    index_title = _("Bàn làm việc")
    enable_nav_sidebar = True
