"""The list of corrected and revoked results, to be read, and the letter of a draft as PDF; the deeds are steps of the
dossier."""

from django.contrib import admin, messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from izportal import documents
from izportal.backoffice import ReadOnlyAdmin
from onestop import amendments
from onestop.amendments import letter
from onestop.decisions import sheets
from onestop.models import Dossier
from projects.ledger import LedgerRefused
from zones.allocation import PlotTaken


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


def amendment_pdf_view(dossier_admin, request, pk):
    """The correction or revocation that waits for its signature, as the paper that it would be."""
    dossier, now = dossier_admin._dossier(request, pk), timezone.now()
    row = amendments.open_of(dossier)
    try:
        found = letter.draft(row, on=timezone.localdate(now)) if row else None
        if found is None:
            raise Http404
        content = sheets.pdf(found.letter, is_bilingual=dossier.is_bilingual, at=now, dossier=dossier)
    except (LedgerRefused, PlotTaken, documents.PdfUnavailable) as refused:
        messages.warning(request, getattr(refused, "sentence", str(refused)))
        return redirect("admin:onestop_dossier_change", pk)
    return sheets.answer(content)
