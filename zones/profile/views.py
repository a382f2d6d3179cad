"""Public pages of the zones: the list with its map, one zone, its outlines as a file and the papers kept of it."""

from functools import wraps

from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from izportal import documents
from izportal.folding import matches, rank
from zones import balance, factsheet, plan, utilities
from zones.forms import ZoneFilterForm
from zones.models import Document, Plot, Zone, ZoneArea
from zones.outlines import export
from zones.profile import areas, land_use, papers

ORDERS = {
    "place": lambda row: (row.zone.position, row.zone.code),
    "free": lambda row: -row.land.free_m2,
    "occupancy": lambda row: -(row.land.occupancy or 0),
}


def zone_list(request):
    today, form = timezone.localdate(), ZoneFilterForm(request.GET)
    rows = []
    if form.is_valid():
        query = form.cleaned_data["q"]
        zones = matches(Zone.objects.visible_to(request.user), query)
        zones = zones.order_by(rank(query), "position") if query else zones
        rows = factsheet.rows(zones, on=today)
        if form.chosen("sort") != "place" or not query:
            rows.sort(key=ORDERS[form.chosen("sort")])
    context = {
        "form": form,
        "rows": rows,
        "today": today,
        "stated_ha": sum(row.stated.area_ha for row in rows if row.stated),
        "position": areas.position(rows, on=form.day) if rows else None,
        "thumbs": plan.thumbs(Plot.objects.visible_to(request.user).with_status(on=today)) if rows else {},
    }
    return render(request, "zones/zone_list.html", context)


def _at_address(view):
    """For a view of the zone that has this address; one that a zone had once leads to the one that it has now."""

    @wraps(view)
    def page(request, slug, **rest):
        rows = Zone.objects.visible_to(request.user)
        if (zone := rows.filter(slug=slug).first()) is not None:
            return view(request, zone, **rest)
        former = Zone.history.filter(slug=slug).order_by("-history_id").values_list("id", flat=True).first()
        moved = get_object_or_404(rows, pk=former)
        return redirect(f"zones:{view.__name__}", slug=moved.slug, **rest, permanent=True)

    return page


@_at_address
def zone_detail(request, zone):
    today = timezone.localdate()
    known = list(ZoneArea.objects.as_known().filter(zone=zone))
    phases = list(zone.phases.all())
    kept = zone.documents.filter(is_public=True).select_related("replaced_by", "stored")
    context = {
        "zone": zone,
        "today": today,
        "areas": known,
        "stated": factsheet.stated_area(known),
        "latest": factsheet.latest_area(known, today),
        "phases": phases,
        "papers": papers.of(zone, areas=known, phases=phases, documents=kept),
        "networks": [left for (_zone, _kind), left in utilities.by_zone([zone], on=today).items()],
        **_land(request, zone, known, today),
        **_facts(zone),
    }
    return render(request, "zones/zone_detail.html", context)


@_at_address
def zone_geojson(request, zone):
    """The outlines of a zone and the plots that the reader may see, as a file to keep."""
    today = timezone.localdate()
    plots = zone.plots.visible_to(request.user).with_offer(on=today)
    answer = JsonResponse(
        export.collection(zone, plots, on=today), content_type="application/geo+json",
        json_dumps_params={"ensure_ascii": False},
    )  # fmt: skip
    answer["Content-Disposition"] = f'attachment; filename="{zone.slug}-{today:%Y-%m-%d}.geojson"'
    return answer


@_at_address
def zone_paper(request, zone, pk):
    """The file of a public paper."""
    rows = Document.objects.filter(zone=zone, is_public=True).select_related("stored")
    document = get_object_or_404(rows, pk=pk)
    if document.stored is None:
        raise Http404
    return documents.serve(document.stored, as_attachment=False)


def _land(request, zone, known, today):
    """The plots of the zone with their plan, and how the ground is used."""
    plots = list(zone.plots.visible_to(request.user).with_offer(on=today))
    sample = balance.counts_sample()
    land = balance.by_zone(on=today, sample=sample).get(zone.pk, balance.Balance())
    area = factsheet.latest_area(known, today) or factsheet.stated_area(known)
    return {
        "plots": plots,
        "free": [plot for plot in plots if plot.is_offered],
        "plan": plan.draw(plots, boundary=zone.outline),
        "sample": next((plot for plot in plots if plot.is_sample), None),
        "land": land,
        "whole": area,
        "rates": land_use.rates(land),
        "use": land_use.of(
            land, other_m2=land_use.other_plots_m2(zone, sample=sample), zone_ha=area.area_ha if area else None
        ),
    }


def _facts(zone):
    return {
        "sectors": factsheet.sectors(zone),
        "utilities": factsheet.utilities(zone),
        "distances": factsheet.distances(zone),
        "prices": factsheet.prices(zone),
        "statements": factsheet.statements(zone),
    }
