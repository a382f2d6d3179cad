"""The back office of outlines: a page under the zone to look at them, keep them and undo what was kept."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from izportal import roles
from izportal.backoffice import ReadOnlyAdmin
from zones import outlines, plan
from zones.models import OutlineEntry, Plot
from zones.outlines.forms import OutlineForm

MOST_ENTRIES = 20


class OutlinePages:
    """What the page of a zone knows of its outlines. Stands before the base classes."""

    def get_urls(self):
        pages = [
            path(
                "<int:object_id>/outlines/", self.admin_site.admin_view(self.outlines_view), name="zones_zone_outlines"
            ),
            path(
                "<int:object_id>/outlines/<int:entry_id>/undo/", self.admin_site.admin_view(self.undo_view),
                name="zones_zone_outlines_undo",
            ),
        ]  # fmt: skip
        return [*pages, *super().get_urls()]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        page = super().render_change_form(request, context, add, change, form_url, obj)
        if obj is not None and roles.may(request.user, "enter_outline"):
            address = reverse("admin:zones_zone_outlines", args=[obj.pk])
            page.context_data["deeds"] = [*page.context_data.get("deeds", []), (_("Nhập ranh giới"), address)]
        return page

    def outlines_view(self, request, object_id):
        zone = self._zone_for(request, object_id)
        form = OutlineForm(zone=zone)
        if request.method == "POST":
            form = OutlineForm(request.POST, request.FILES, zone=zone)
            if form.is_valid() and form.is_seen and "keep" in request.POST and self._keep(request, zone, form):
                return redirect("admin:zones_zone_outlines", zone.pk)
            form.shown()
        context = {
            **self.admin_site.each_context(request), "title": _("Ranh giới khu và lô"), "zone": zone, "form": form,
            "opts": self.opts, "original": zone, "media": self.media + form.media,
            "plan": _drawn(zone, form.proposals),
            "entries": zone.outline_entries.select_related("entered_by", "undone_by")[:MOST_ENTRIES],
        }  # fmt: skip
        return TemplateResponse(request, "admin/zones/zone/outlines.html", context)

    def undo_view(self, request, object_id, entry_id):
        zone = self._zone_for(request, object_id)
        entry = get_object_or_404(zone.outline_entries, pk=entry_id)
        if request.method == "POST":
            try:
                outlines.undo(entry, by=request.user, at=timezone.now())
            except outlines.OutlinesRefused as refusal:
                messages.error(request, str(refusal))
            else:
                sentence = _("Đã hoàn tác lần nhập ranh giới theo %(basis)s.") % {"basis": entry.basis}
                self.log_change(request, zone, sentence)
                messages.success(request, sentence)
        return redirect("admin:zones_zone_outlines", zone.pk)

    def _zone_for(self, request, object_id):
        zone = self.get_object(request, str(object_id))
        if zone is None or not roles.may(request.user, "enter_outline"):
            raise PermissionDenied if zone else Http404
        if request.user.zones and zone.code not in request.user.zones:
            raise PermissionDenied
        return zone

    def _keep(self, request, zone, form):
        said = {name: form.cleaned_data[name] for name in ("text", "basis", "measured_on")}
        try:
            entry = outlines.enter(
                zone=zone, is_boundary=form.is_boundary, by=request.user, at=timezone.now(), **said
            )  # fmt: skip
        except (outlines.OutlinesRefused, outlines.UnreadableOutlines) as refusal:
            form.add_error(None, str(refusal))
            return False
        count = len(entry.changes)
        sentence = ngettext("Đã lưu %(count)s ranh giới.", "Đã lưu %(count)s ranh giới.", count) % {"count": count}
        self.log_change(request, zone, f"{sentence} {entry.basis}")
        messages.success(request, sentence)
        return True


def _drawn(zone, proposals):
    """The plan as it would be, with what is new marked; nothing where nothing new can be drawn."""
    fit = {proposal.plot.pk: proposal for proposal in proposals if proposal.plot and len(proposal.ring) >= 3}
    rings = [proposal.ring for proposal in proposals if not proposal.plot and len(proposal.ring) >= 3]
    if not (fit or rings):
        return None
    plots = list(Plot.objects.filter(zone=zone).with_offer(on=timezone.localdate()))
    for plot in plots:
        if plot.pk in fit:
            plot.outline = fit[plot.pk].ring
    return plan.draw(plots, found=fit.keys(), boundary=rings if rings and not fit else zone.outline)


@admin.register(OutlineEntry)
class OutlineEntryAdmin(ReadOnlyAdmin):
    list_display = ("zone", "outlines", "basis", "measured_on", "entered_at", "entered_by", "undone_at", "undone_by")
    list_filter = ("zone",)
    list_select_related = ("zone", "entered_by", "undone_by")
    date_hierarchy = "entered_at"
    search_fields = ("zone__folded", "basis")
    zone_path = "zone"

    @admin.display(description=gettext_lazy("ranh giới"))
    def outlines(self, entry):
        return len(entry.changes)
