"""Public pages of the land: the zones, one zone, the plots that may be let, one plot."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.folding import matches, rank
from izportal.lists import by_code, page_of
from zones import balance, costs, factsheet, freshness, neighbours, plan, search, timeline, units
from zones.forms import PlotFilterForm, ZoneFilterForm
from zones.models import Availability, Plot, Zone, ZoneArea

ZONE_ORDERS = {
    "place": lambda row: (row.zone.position, row.zone.code),
    "free": lambda row: -row.land.free_m2,
    "occupancy": lambda row: -(row.land.occupancy or 0),
}
# A plot in these states may be asked for; one that is only held may be asked for by a rival too.
OPEN_TO_FILING = (*Availability.FREE, Availability.Status.RESERVED)
SUGGESTIONS = {
    "area": lambda wish: _("Bỏ giới hạn diện tích"),
    "zones": lambda wish: _("Tìm ở mọi khu công nghiệp"),
    "kinds": lambda wish: _("Tìm mọi loại mặt bằng"),
    "q": lambda wish: _("Bỏ từ khóa “%(q)s”") % {"q": wish.q},
    "status": lambda wish: _("Xem cả lô chưa sẵn sàng, đang giữ chỗ hoặc đã cho thuê"),
}
GIVEN_UP = {
    "area": {"min_area": None, "max_area": None},
    "zones": {"zone": None},
    "kinds": {"kind": None},
    "q": {"q": None},
    "status": {"status": search.ANY},
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
            rows.sort(key=ZONE_ORDERS[form.chosen("sort")])
    context = {
        "form": form,
        "rows": rows,
        "today": today,
        "stated_ha": sum(row.stated.area_ha for row in rows if row.stated),
        "thumbs": plan.thumbs(Plot.objects.visible_to(request.user).with_status(on=today)) if rows else {},
    }
    return render(request, "zones/zone_list.html", context)


def zone_detail(request, slug):
    today = timezone.localdate()
    zone = get_object_or_404(Zone.objects.visible_to(request.user), slug=slug)
    areas = list(ZoneArea.objects.as_known().filter(zone=zone))
    plots = list(zone.plots.visible_to(request.user).with_offer(on=today))
    context = {
        "zone": zone,
        "today": today,
        "areas": areas,
        "stated": factsheet.stated_area(areas),
        "latest": factsheet.latest_area(areas, today),
        "land": balance.by_zone(on=today).get(zone.pk, balance.Balance()),
        "free": [plot for plot in plots if plot.is_offered],
        "plots": plots,
        "plan": plan.draw(plots),
        "sample": next((plot for plot in plots if plot.is_sample), None),
        "sectors": factsheet.sectors(zone),
        "utilities": factsheet.utilities(zone),
        "distances": factsheet.distances(zone),
        "prices": factsheet.prices(zone),
        "statements": factsheet.statements(zone),
        "phases": zone.phases.all(),
        "documents": zone.documents.filter(is_public=True),
    }
    return render(request, "zones/zone_detail.html", context)


def plot_list(request):
    today, form = timezone.localdate(), PlotFilterForm(request.GET)
    visible = Plot.objects.visible_to(request.user)
    context = {"form": form, "today": today}
    if form.is_valid():
        wish = form.wish
        found = search.plots(visible.select_related("zone"), wish, on=today, sort=form.chosen("sort"))
        page = page_of(request, found)
        context["page_obj"] = page
        context["counts"] = search.counts(visible, wish, on=today)
        context["plan"] = _plan_beside(visible, page, today)
        if not page.paginator.count:
            context["suggestions"] = _suggestions(visible, form, wish, today)
    return render(request, "zones/plot_list.html", context)


def plot_detail(request, code):
    today = timezone.localdate()
    plot = by_code(Plot.objects.visible_to(request.user).select_related("zone", "phase").with_offer(on=today), code)
    if plot.code != code:
        return redirect(plot, permanent=True)
    beside = list(plot.zone.plots.visible_to(request.user).with_offer(on=today)) if plot.outline else []
    context = {
        "plot": plot,
        "today": today,
        "freshness": freshness.of(plot, on=today, by=freshness.terms(on=today)),
        "timeline": timeline.of(plot, on=today),
        "plan": plan.draw(beside),
        "neighbours": neighbours.of(plot, beside),
        "costs": costs.of(plot, on=today),
        "measures": units.local(plot.area_m2),
        "sectors": factsheet.sectors(plot.zone),
        "utilities": factsheet.utilities(plot.zone),
        "prices": factsheet.prices(plot.zone),
        "is_free": plot.status in Availability.FREE,
        "may_be_asked_for": plot.status in OPEN_TO_FILING,
    }
    return render(request, "zones/plot_detail.html", context)


def _plan_beside(visible, page, today):
    """The plan of the zone that the page's first plot lies in, its plots numbered as the list."""
    if not page.object_list:
        return None
    zone = page.object_list[0].zone
    drawn = plan.draw(visible.filter(zone=zone).with_status(on=today), pins=page.object_list)
    return drawn and {"zone": zone, "drawing": drawn}


def _suggestions(visible, form, wish, today):
    return [
        {"text": SUGGESTIONS[part](wish), "href": form.address(**GIVEN_UP[part]), "plots": number}
        for part, number in search.near_misses(visible, wish, on=today)
    ]
