"""The list of opinions asked, with what each body answered in time, late or never; to be read."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from izportal.backoffice import ReadOnlyAdmin
from onestop import opinions
from onestop.models import Dossier, Opinion


class StateFilter(admin.SimpleListFilter):
    title = _("tình trạng trả lời")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return Opinion.State.choices

    def queryset(self, request, queryset):
        return queryset.in_state(self.value()) if self.value() in Opinion.State.values else queryset


class OpinionAdmin(ReadOnlyAdmin):
    """Rows of dossiers that this person may read; never the hash of a link."""

    change_list_template = "admin/onestop/opinion/change_list.html"
    list_display = ("body", "of_dossier", "asked_at", "reply_by", "answered_at", "position", "told_state")
    list_display_links = None
    list_select_related = ("dossier",)
    list_filter = (StateFilter, "position", "silence", "asked_at")
    search_fields = ("body", "dossier__folded")
    fields = (
        "dossier", "body", "question", "ground", "silence", "silence_ground", "asked_at", "asked_by", "reply_by",
        "reminded_at", "position", "answer", "answered_at", "answered_by", "recorded_by", "silent_at", "closed_at",
        "close_note",
    )  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).filter(dossier__in=Dossier.objects.visible_to(request.user))

    def get_object(self, request, object_id, from_field=None):
        # Nothing is written, so nothing is locked: PostgreSQL locks no row that is ordered through an outer join.
        return admin.ModelAdmin.get_object(self, request, object_id, from_field)

    def changelist_view(self, request, extra_context=None):
        response = super().changelist_view(request, extra_context)
        listed = getattr(response, "context_data", {}).get("cl")
        if listed is not None:
            response.context_data["bodies"] = opinions.by_body(listed.queryset)
        return response

    @admin.display(description=_("Hồ sơ"), ordering="dossier__code")
    def of_dossier(self, row):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:onestop_dossier_change", args=[row.dossier_id]), row.dossier
        )

    @admin.display(description=_("Tình trạng"))
    def told_state(self, row):
        return row.state.label
