"""The list of corrected and revoked results, to be read; the deeds are steps of the dossier."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from izportal.backoffice import ReadOnlyAdmin
from onestop.models import Dossier


class AmendmentAdmin(ReadOnlyAdmin):
    """Rows of dossiers that this person may read."""

    list_display = ("of_dossier", "kind", "ground", "number", "drafted_at", "drafted_by", "signed_at", "signed_by")
    list_select_related = ("dossier", "drafted_by", "signed_by")
    list_filter = ("kind", "ground", "signed_at")
    search_fields = ("dossier__folded", "number")
    ordering = ("-drafted_at", "-pk")

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.filter(dossier__in=Dossier.objects.visible_to(request.user))

    def get_object(self, request, object_id, from_field=None):
        # Nothing is written, so nothing is locked: PostgreSQL locks no row that is ordered through an outer join.
        return admin.ModelAdmin.get_object(self, request, object_id, from_field)

    @admin.display(description=_("Hồ sơ"), ordering="dossier__code")
    def of_dossier(self, row):
        address = reverse("admin:onestop_dossier_change", args=[row.dossier_id])
        return format_html('<a href="{}">{}</a>', address, row.dossier)
