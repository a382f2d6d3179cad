"""The lines of requests and the leave for requests beyond the number, to be read."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from izportal.backoffice import ReadOnlyAdmin
from onestop.models import Dossier


class OfDossierAdmin(ReadOnlyAdmin):
    """Rows of dossiers that this person may read; `path` leads to the dossier."""

    path = "dossier"
    list_display_links = None

    def get_object(self, request, object_id, from_field=None):
        # Nothing is written, so nothing is locked: PostgreSQL locks no row that is ordered through an outer join.
        return admin.ModelAdmin.get_object(self, request, object_id, from_field)

    def get_queryset(self, request):
        readable = Dossier.objects.visible_to(request.user)
        return super().get_queryset(request).filter(**{f"{self.path}__in": readable})

    @admin.display(description=gettext_lazy("Hồ sơ"))
    def of_dossier(self, row):
        dossier = row.supplement.dossier if self.path != "dossier" else row.dossier
        return format_html('<a href="{}">{}</a>', reverse("admin:onestop_dossier_change", args=[dossier.pk]), dossier)


class SupplementItemAdmin(OfDossierAdmin):
    path = "supplement__dossier"
    list_display = ("of_dossier", "position", "kind", "label", "wrong", "ground", "reply")
    list_select_related = ("supplement__dossier",)
    search_fields = ("supplement__dossier__folded", "label")
    list_filter = ("kind",)


class SupplementPermitAdmin(OfDossierAdmin):
    list_display = ("of_dossier", "asked_at", "asked_by", "why", "is_given", "decided_by", "decided_at", "reason")
    list_select_related = ("dossier", "asked_by", "decided_by")
    search_fields = ("dossier__folded",)
    list_filter = ("is_given", ("decided_at", admin.EmptyFieldListFilter))
