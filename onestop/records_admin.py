"""Records of a dossier (papers, requests, events, promises, slips, readings) and the series of numbers, to be read."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from izportal.backoffice import ReadOnlyAdmin
from onestop import desk
from onestop.models import Dossier, Event, Paper, Promise, Reading, Series, Slip, Supplement


class RecordAdmin(ReadOnlyAdmin):
    """Rows of dossiers that this person may read; the file of the dossier is one click away."""

    list_select_related: tuple[str, ...] = ("dossier",)
    search_fields = ("dossier__folded",)
    list_display_links = None

    def get_object(self, request, object_id, from_field=None):
        # Nothing is written, so nothing is locked: PostgreSQL locks no row that is ordered through an outer join.
        return admin.ModelAdmin.get_object(self, request, object_id, from_field)

    def get_queryset(self, request):
        return super().get_queryset(request).filter(dossier__in=Dossier.objects.visible_to(request.user))

    @admin.display(description=gettext_lazy("Hồ sơ"), ordering="dossier__code")
    def of_dossier(self, row):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:onestop_dossier_change", args=[row.dossier_id]), row.dossier
        )


class PaperAdmin(RecordAdmin):
    list_display = ("of_dossier", "component", "file", "given_at", "given_by", "replaced_at")
    list_select_related = ("dossier", "component", "stored", "given_by")
    list_filter = ("given_at", ("replaced_at", admin.EmptyFieldListFilter))

    @admin.display(description=gettext_lazy("Tệp"))
    def file(self, row):
        return format_html(
            '<a href="{}">{}</a>',
            reverse("admin:onestop_dossier_paper", args=[row.dossier_id, row.pk]),
            row.stored.name,
        )


class SupplementAdmin(RecordAdmin):
    list_display = ("of_dossier", "stage", "cycle", "asked_at", "asked_by", "reply_by", "answered_at", "accepted_at")
    list_select_related = ("dossier", "asked_by")
    list_filter = ("stage", ("answered_at", admin.EmptyFieldListFilter), ("accepted_at", admin.EmptyFieldListFilter))


class EventAdmin(RecordAdmin):
    list_display = ("at", "of_dossier", "what", "from_status", "to_status", "by", "as_role", "is_public")
    list_select_related = ("dossier", "by")
    list_filter = ("at", "to_status", "role", "is_public")

    @admin.display(description=gettext_lazy("Bước"), ordering="step")
    def what(self, row):
        return desk.Happening(row).title

    @admin.display(description=gettext_lazy("Vai trò"), ordering="role")
    def as_role(self, row):
        return desk.Happening(row).role


class PromiseAdmin(RecordAdmin):
    list_display = ("of_dossier", "number", "promised_at", "reason", "ground", "made_at", "made_by")
    list_select_related = ("dossier", "made_by")
    list_filter = ("promised_at", "number")


class SlipAdmin(RecordAdmin):
    list_display = ("numbered", "form", "of_dossier", "issued_at", "issued_by", "language")
    list_select_related = ("dossier", "issued_by")
    list_filter = ("form", "issued_at", "language")

    @admin.display(description=gettext_lazy("Số"), ordering="number")
    def numbered(self, row):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:onestop_dossier_slip", args=[row.dossier_id, row.pk]), row.number
        )


class ReadingAdmin(RecordAdmin):
    list_display = ("at", "of_dossier", "version_no", "by")
    list_select_related = ("dossier", "by")
    list_filter = ("at",)


class SeriesAdmin(ReadOnlyAdmin):
    list_display = ("key", "last")
    search_fields = ("key",)


RECORDS = {
    Paper: PaperAdmin,
    Supplement: SupplementAdmin,
    Event: EventAdmin,
    Promise: PromiseAdmin,
    Slip: SlipAdmin,
    Reading: ReadingAdmin,
    Series: SeriesAdmin,
}
