"""The back office of confirmations: what waits, what was told, and several listings confirmed at once."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from izportal import roles
from izportal.backoffice import ReadOnlyAdmin, ReadOnlyInline, unticked
from zones import completeness, confirmation, freshness
from zones.models import Availability, Confirmation, Plot

MOST_AT_ONCE = 200
CHANGED, ANY_FAULT = "changed", "any"
State = freshness.State


class ConfirmationInline(ReadOnlyInline):
    model = Confirmation
    fields = ("said_on", "word", "note", "by", "letter")
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by", "letter__operator")


class WordFilter(admin.SimpleListFilter):
    """Among the plots that are offered, or would be: whose word is old; and of which a change was told."""

    title = gettext_lazy("xác nhận")
    parameter_name = "word"

    def lookups(self, request, model_admin):
        return [
            (State.AGEING, State.AGEING.label),
            (State.STALE, State.STALE.label),
            (CHANGED, _("Có thay đổi được báo")),
        ]

    def queryset(self, request, queryset):
        if self.value() == CHANGED:
            return confirmation.changed(queryset)
        if self.value() in (State.AGEING, State.STALE):
            offered = queryset.filter(is_published=True, status__in=Availability.FREE)
            return freshness.in_state(offered, self.value(), on=timezone.localdate())
        return queryset


class CompletenessFilter(admin.SimpleListFilter):
    """What keeps a plot that is announced from the public page."""

    title = gettext_lazy("thiếu để công bố")
    parameter_name = "missing"

    def lookups(self, request, model_admin):
        return [(ANY_FAULT, _("Thiếu ít nhất một mục")), *((rule.code, rule.label) for rule in completeness.RULES)]

    def queryset(self, request, queryset):
        if self.value() == ANY_FAULT:
            return queryset.filter(Plot.incomplete(), is_published=True)
        return completeness.breaking(queryset, self.value()) if self.value() in completeness.BY_CODE else queryset


class ListingPages:
    """What the list and the page of plots know of words and completeness. Stands before the base classes."""

    actions = ("confirm_chosen",)

    def get_urls(self):
        page = path("confirm/", self.admin_site.admin_view(self.confirm_view), name="zones_plot_confirm_chosen")
        return [page, *super().get_urls()]

    def get_actions(self, request):
        found = super().get_actions(request)
        if not roles.may(request.user, "confirm_plot"):
            found.pop("confirm_chosen", None)
        return found

    @admin.action(description=gettext_lazy("Xác nhận thông tin các lô đã chọn"))
    def confirm_chosen(self, request, rows):
        keys = ",".join(str(pk) for pk in rows.values_list("pk", flat=True)[:MOST_AT_ONCE])
        return redirect(f"{reverse('admin:zones_plot_confirm_chosen')}?plots={keys}")

    def confirm_view(self, request):
        if not roles.may(request.user, "confirm_plot"):
            raise PermissionDenied
        rows = self._chosen(request)
        if rows and request.method == "POST":
            self._confirm_all(request, rows)
        if not rows or request.method == "POST":
            return redirect("admin:zones_plot_changelist")
        context = {**self.admin_site.each_context(request), "opts": self.opts, "plots": rows}
        context["title"] = _("Xác nhận thông tin nhiều lô")
        return TemplateResponse(request, "admin/zones/plot/confirm_chosen.html", context)

    def _chosen(self, request):
        keys = [int(key) for key in request.GET.get("plots", "").split(",") if key.isdecimal() and len(key) < 10]
        rows = self.get_queryset(request).filter(pk__in=keys[:MOST_AT_ONCE]).select_related("zone")
        waiting = rows.filter(Q(confirmed_on__isnull=True) | ~Q(confirmed_on=timezone.localdate()))
        return list(waiting.order_by("zone__position", "number"))

    def _confirm_all(self, request, rows):
        now = timezone.now()
        with transaction.atomic():
            for plot in rows:
                confirmation.confirm(plot=plot, by=request.user, at=now)
                self.log_change(request, plot, _("Đã xác nhận thông tin lô %(code)s.") % {"code": plot.code})
        sentence = ngettext("Đã xác nhận thông tin %(count)s lô.", "Đã xác nhận thông tin %(count)s lô.", len(rows))
        messages.success(request, sentence % {"count": len(rows)})

    def not_public_because(self, plot):
        """Each rule that the plot breaks, with who can mend it."""
        said = [] if plot.is_published else [unticked(plot, "is_published")]
        for rule in completeness.broken(plot):
            said += [" ".join((str(rule.sentence), _("Người sửa được: %(who)s.") % {"who": rule.who}))]
        return said


@admin.register(Confirmation)
class ConfirmationAdmin(ReadOnlyAdmin):
    list_display = ("plot", "word", "note", "said_at", "by", "letter")
    list_filter = ("word", "plot__zone", "is_sample")
    list_select_related = ("plot__zone", "by", "letter__operator")
    date_hierarchy = "said_on"
    search_fields = ("plot__folded", "note")
    zone_path = "plot__zone"
