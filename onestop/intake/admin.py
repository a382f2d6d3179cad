"""The back office of the intake interface: the systems that may send, their tokens, and each call with its answer."""

import json

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from izportal.backoffice import PortalAdmin, ReadOnlyAdmin
from onestop import intake


class IntakeSystemAdmin(PortalAdmin):
    """A system is switched off, never deleted: its name stands on the dossiers that it sent."""

    list_display = ("name", "key_made", "is_active", "last_call_at", "contact")
    list_filter = ("is_active",)
    search_fields = ("name", "contact")
    fields = ("name", "contact", "is_active", "key_made", "last_call_at", "sent")
    readonly_fields = ("key_made", "last_call_at", "sent")

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        view = self.admin_site.admin_view(never_cache(self.token_view))
        return [path("<int:pk>/token/", view, name="onestop_intakesystem_token"), *super().get_urls()]

    def token_view(self, request, pk):
        """Asks first; then shows the new token, this one time: it goes into no redirect, message or log."""
        system = self.get_object(request, str(pk))
        if system is None:
            raise Http404
        if not self.has_change_permission(request, system):
            raise PermissionDenied
        token = ""
        if request.method == "POST":
            token = intake.renew_token(system, at=timezone.now())
            self.log_change(request, system, _("Cấp khóa truy cập mới."))
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": system, "token": token,
            "title": _("Khóa truy cập"), "address": f"{settings.SITE_URL}/api/v1/intake/",
        }  # fmt: skip
        return TemplateResponse(request, "admin/onestop/intake_token.html", context)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        response = super().render_change_form(request, context, add, change, form_url, obj)
        if obj is not None and self.has_change_permission(request, obj):
            label = _("Cấp khóa mới") if obj.token_made_at else _("Cấp khóa truy cập")
            url = reverse("admin:onestop_intakesystem_token", args=[obj.pk])
            response.context_data["deeds"] = [*response.context_data["deeds"], (label, url)]
        return response

    @admin.display(description=gettext_lazy("khóa truy cập"), ordering="token_made_at")
    def key_made(self, system):
        if not system.token_made_at:
            return _("Chưa cấp")
        day = f"{timezone.localtime(system.token_made_at):%d/%m/%Y}"
        return _("%(hint)s… cấp ngày %(day)s") % {"hint": system.token_hint, "day": day}

    @admin.display(description=gettext_lazy("đã gửi"))
    def sent(self, system):
        calls = reverse("admin:onestop_intakecall_changelist")
        words = _("Xem các lượt gửi và câu trả lời")
        return format_html('<a href="{}?system__id__exact={}">{}</a>', calls, system.pk, words) if system.pk else "—"


class IntakeCallAdmin(ReadOnlyAdmin):
    spans_zones = True
    list_display = ("at", "system", "key", "answered", "of_dossier")
    list_select_related = ("system", "dossier")
    list_filter = ("system", "at", "status")
    search_fields = ("key", "dossier__folded")
    fields = ("system", "key", "at", "answered", "of_dossier", "sha256", "told")

    @admin.display(description=gettext_lazy("trả lời"), ordering="status")
    def answered(self, call):
        effect = _("đã thực hiện") if call.is_done else _("bị từ chối")
        return f"{call.status} · {effect}"

    @admin.display(description=gettext_lazy("hồ sơ"), ordering="dossier__code")
    def of_dossier(self, call):
        if call.dossier is None:
            return "—"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:onestop_dossier_change", args=[call.dossier_id]), call.dossier
        )

    @admin.display(description=gettext_lazy("nội dung trả lời"))
    def told(self, call):
        return format_html("<pre>{}</pre>", json.dumps(call.answer, ensure_ascii=False, indent=2))
