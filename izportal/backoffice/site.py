"""The admin site: one place to sign in, and the menu in the order of the day's work."""

from django import forms
from django.contrib import admin
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.contrib.contenttypes.views import shortcut
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.urls import get_script_prefix, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy

# The menu in the order of the day's work; what is not named here follows by its name.
MENU = ("onestop", "zones", "projects", "izportal")
MOST_MENUS = 200
FIRST_OF_THEIR_APP = ("Dossier", "Zone", "Plot", "Project", "Enterprise")


class Menu(list):
    """What some rights open, in one language, with what was drawn of it (`templatetags/menu.py`)."""

    def __init__(self, apps):
        super().__init__(apps)
        self.drawn = {}


class BackOffice(admin.AdminSite):
    site_header = gettext_lazy("Ban Quản lý các khu công nghiệp tỉnh Thái Nguyên")
    site_title = gettext_lazy("Quản trị cổng thông tin")
    index_title = gettext_lazy("Bàn làm việc")
    enable_nav_sidebar = True
    empty_value_display = "—"

    def login(self, request, extra_context=None):
        """There is one place to sign in; whoever has signed in without being staff is told so, not sent round."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def get_urls(self):
        at, name = "r/<path:content_type_id>/<path:object_id>/", "view_on_site"
        return [path(at, self.admin_view(_public_page), name=name), *super().get_urls()]

    def logout(self, request, extra_context=None):
        return LogoutView.as_view(next_page=reverse("home"))(request)

    def password_change(self, request, extra_context=None):
        """On the page of one's account: it writes a letter and ends the other sessions."""
        return redirect("account_change_password")

    def get_app_list(self, request, app_label=None):
        """Counter, land, register, then the ground; in each the records that people open all day. It is the same for
        all who hold the same rights, so it is kept by these."""
        kept = (app_label, get_language(), get_script_prefix(), *_rights(request.user))
        if kept not in self._menus:
            if len(self._menus) >= MOST_MENUS:
                self._menus.clear()
            self._menus[kept] = self._menu(request, app_label)
        return self._menus[kept]

    @cached_property
    def _menus(self):
        return {}

    def _menu(self, request, app_label):
        found = super().get_app_list(request, app_label)
        for app in found:
            app["models"].sort(key=lambda model: _place(FIRST_OF_THEIR_APP, model["object_name"]))
        return Menu(sorted(found, key=lambda app: _place(MENU, app["app_label"])))


def _rights(user) -> tuple:
    """All of a person that decides which lists they may open (`has_*_permission` without a row)."""
    if user.is_superuser or not user.is_staff:
        return user.is_active, user.is_staff, user.is_superuser
    return user.is_active, frozenset(user.get_all_permissions()), user.role_codes


def _place(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _public_page(request, content_type_id, object_id):
    """The library's own view, which takes a key of another shape for an error of the program."""
    try:
        return shortcut(request, content_type_id, object_id)
    except forms.ValidationError as error:
        raise Http404 from error
