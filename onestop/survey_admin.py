"""What applicants said of the handling, for the board to read: nobody changes an answer."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from izportal.backoffice import ReadOnlyAdmin
from onestop.models import Dossier


class CommentFilter(admin.SimpleListFilter):
    title = gettext_lazy("góp ý")
    parameter_name = "comment"

    def lookups(self, request, model_admin):
        return [("yes", gettext_lazy("Có góp ý")), ("no", gettext_lazy("Không góp ý"))]

    def queryset(self, request, queryset):
        chosen = {"yes": queryset.exclude(comment=""), "no": queryset.filter(comment="")}
        return chosen.get(self.value() or "", queryset)


class SurveyAdmin(ReadOnlyAdmin):
    """Only of dossiers that the reader may open."""

    list_display = ("of_dossier", "answered_at", "total_time", "contacts", "bodies", "attitude", "said")
    list_select_related = ("dossier",)
    list_filter = (CommentFilter, "answered_at", "total_time", "contacts", "bodies", "attitude", "dossier__procedure")
    search_fields = ("dossier__folded", "comment")
    fields = ("of_dossier", "answered_at", "answered_by", "total_time", "contacts", "bodies", "attitude", "comment")

    def get_queryset(self, request):
        return super().get_queryset(request).filter(dossier__in=Dossier.objects.visible_to(request.user))

    @admin.display(description=gettext_lazy("hồ sơ"), ordering="dossier__code")
    def of_dossier(self, row):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:onestop_dossier_change", args=[row.dossier_id]), row.dossier
        )

    @admin.display(description=gettext_lazy("góp ý"))
    def said(self, row):
        return Truncator(row.comment).chars(120)
