"""Public pages of the land: the plots that may be let, one plot."""

from django.db.models import F
from django.http import HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from izportal.kept_pages import kept
from izportal.lists import by_code, page_of
from zones import costs, criteria, factsheet, feed, freshness, neighbours, plan, search, timeline, units, version
from zones.answers import Answers
from zones.forms import PlotFilterForm
from zones.models import Availability, Plot

# A plot in these states may be asked for; one that is only held may be asked for by a rival too.
OPEN_TO_FILING = (*Availability.FREE, Availability.Status.RESERVED)
# What an address gives up with each criterion.
GIVEN_UP = {
    "area": {"min_area": None, "max_area": None},
    "status": {"status": criteria.ANY},
    "price": {"price": None, "price_in": None},
}
# A plan with more outlines than this is a grey sheet; then only what the page lists is drawn.
MOST_SHAPES = 300


@kept(version.now)
def plot_list(request):
    today = timezone.localdate()
    answers = Answers(request, on=today)
    address = f"{get_language()} {request.META['QUERY_STRING']}"
    page = answers.get(address)
    if page is None:
        form = PlotFilterForm(request.GET)
        if form.is_valid() and not form.unread and _is_sent_by_form(request):
            return redirect(f"{request.path}{form.address()}".removesuffix("?"))
        context = {"form": form, "today": today} | (_found(request, form, answers, today) if form.is_valid() else {})
        finder = render_to_string("zones/_finder.html", context, request)
        page = answers.keep(address, {"finder": finder, "feed_url": context.get("feed_url", "")})
    return render(request, "zones/plot_list.html", {"today": today, **page})


def plot_feed(request):
    """The list of a search as an Atom feed; what the search cannot be read from is told, not passed over."""
    form = PlotFilterForm(request.GET)
    if not form.is_valid() or form.unread:
        sentences = [error for errors in form.errors.values() for error in errors] or [form.unread_sentence]
        return HttpResponseBadRequest("\n".join(sentences), content_type="text/plain; charset=utf-8")
    rows = Plot.objects.visible_to(request.user).select_related("zone")
    plots = search.plots(rows, form.wish, on=timezone.localdate(), reaches=form.reaches)
    latest = plots.order_by(F("status_since").desc(nulls_last=True), "pk")[: feed.MOST_ENTRIES]
    page = f"{reverse('zones:plot_list')}{form.address()}"
    return feed.atom(request, latest, words=[chip["text"] for chip in form.chips], page=page)


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


def _is_sent_by_form(request):
    """A form sends its empty fields too; the reader is led to the address that says only what is asked."""
    return any(not value.strip() for _name, values in request.GET.lists() for value in values)


def _found(request, form, answers, today):
    """The list, its counts and the plan, all by one wish; where nothing answers it, what would."""
    visible, wish = Plot.objects.visible_to(request.user), form.wish
    asked = {"on": today, "reaches": form.reaches, "day": search.day(today)}
    counted = answers.of(f"tally {wish}", lambda: search.tally(visible, wish, **asked))
    rows = search.Listing(visible, wish, sort=form.chosen("sort"), counted=counted, **asked)
    page = page_of(request, rows, count=counted.total)
    context = {"page_obj": page, "tally": counted, "plan": None, "where": _where(form, counted)}
    context["feed_url"] = f"{reverse('zones:plot_feed')}{form.address(sort=None, map=None)}"
    for plot in page.object_list:
        plot.asked = [criteria.told(code, plot, on=today, reaches=form.reaches) for code in form.asked]
    if page.object_list:
        context["plan"] = _plan_beside(visible, form, page, asked)
    if not counted.total:
        context["suggestions"] = _suggestions(visible, form, counted, asked)
        context["nearest"] = [
            (plot, [criteria.told(code, plot, on=today, reaches=form.reaches) for code in codes])
            for plot, codes in search.nearest(visible, wish, counted=counted, **asked)
        ]
    return context


def _where(form, counted):
    """The zones in which the found plots lie, each with their number and the address that shows its plan."""
    return [
        {"zone": place.zone, "plots": counted.zones[place.zone.pk], "href": form.address(map=place.zone.slug)}
        for place in form.reaches
        if counted.zones[place.zone.pk]
    ]


def _plan_beside(visible, form, page, asked):
    """The plan of the chosen zone, or of the one that the page's first plot lies in: what is found is marked, and
    numbered as in the list."""
    slug = form.cleaned_data["map"]
    zone = next((place.zone for place in form.reaches if place.zone.slug == slug), page.object_list[0].zone)
    outlined = visible.filter(zone=zone).exclude(outline=[])
    plots = list(
        search.judged(outlined, form.wish, **asked)
        .defer("folded").order_by("number")[: MOST_SHAPES + 1]
    )  # fmt: skip
    found = {plot.pk for plot in plots if not plot.failed}
    if len(plots) > MOST_SHAPES:
        plots = [plot for plot in page.object_list if plot.zone_id == zone.pk]
        found = {plot.pk for plot in plots}
    drawn = plan.draw(plots, pins=page.object_list, found=found)
    return drawn and {"zone": zone, "drawing": drawn, "is_part": len(plots) > MOST_SHAPES}


def _suggestions(visible, form, counted, asked):
    return [
        {"code": code, "text": criteria.name_of(code), "href": form.address(**_given_up(code, form)), "plots": number}
        for code, number in search.costs(visible, form.wish, counted=counted, **asked)
    ]


def _given_up(code, form):
    """Giving up a group gives up what it says of plots that say nothing."""
    rest = [group for group in form.data.getlist("unstated") if group != code]
    return {**GIVEN_UP.get(code, {code: None}), "unstated": rest}
