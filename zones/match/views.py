"""The page of a need: what answers it, how well and why, what excluded the rest, and what may be had side by side."""

from urllib.parse import urlencode

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from izportal.kept_pages import kept
from izportal.lists import page_of
from izportal.templatetags.area import grouped
from zones import comparison, version
from zones.match import CODES, State, places, scores, sets, told
from zones.match.forms import MatchForm
from zones.models import Enquiry, Plot

# The page goes no deeper than this; who looks further says the need more closely.
MOST, PAGE = 100, 10
LONGEST_NOTE = 1500
# Criteria that an enquiry has a field of the same name for.
IN_ENQUIRIES = ("power", "water", "wastewater", "height")


@kept(version.now)
def match(request):
    today, form = timezone.localdate(), MatchForm(request.GET)
    context = {"form": form, "today": today, "most": MOST, "states": State}
    if form.is_valid() and form.is_asked:
        if _is_sent_by_form(request):
            return redirect(f"{request.path}{form.address()}".removesuffix("?"))
        context |= _found(request, form, today)
    return render(request, "zones/match.html", context)


def _found(request, form, today):
    need, around = form.need, places.places(form.reaches, on=form.need.by)
    rows = places.prepared(Plot.objects.visible_to(request.user), need, on=today)
    ranking = places.ranking(rows, need, around, most=MOST)
    page = page_of(request, ranking.best, size=PAGE)
    groups = sets.touching(rows, need, around)[:3] if sets.are_wanted(ranking, need) else []
    shown = _shown([*page.object_list, *groups], rows, need, around)
    page.object_list, groups = shown[: len(page.object_list)], shown[len(page.object_list) :]
    return {
        "need": need,
        "page_obj": page,
        "ranking": ranking,
        "groups": groups,
        "most_points": scores.most_points(need),
        "wanted": told.wanted(need, around),
        "excluded": _excluded(form, ranking),
        "compare_url": _compare_url(ranking),
        "enquiry_url": _enquiry_url(request, form, need, around),
    }


def _shown(found, rows, need, around):
    """Each ranked offer with its plots and its lines; one query for all the plots of the page."""
    ids = {pk for ranked in found for pk in ranked.offer.pks}
    plots = {plot.pk: plot for plot in rows.filter(pk__in=ids).select_related("zone", "phase")}
    shown = []
    for ranked in found:
        own = [plots[pk] for pk in ranked.offer.pks]
        lines = told.lines(ranked, own, need, around[own[0].zone_id])
        counts = [(state, sum(line.state == state for line in lines)) for state in State]
        shown.append({"ranked": ranked, "plots": own, "plot": own[0], "lines": lines, "counts": counts})
    return shown


def _excluded(form, ranking):
    return [
        {"code": code, "name": told.name_of(code), "plots": ranking.excluded[code], "nearly": ranking.nearly[code],
         "href": form.softer(code) if code != "by" or form.data.get("by") else ""}
        for code in CODES if ranking.excluded[code]
    ]  # fmt: skip


def _compare_url(ranking):
    best = [("lo", ranked.code) for ranked in ranking.best[: comparison.MOST]]
    return f"{reverse('zones:compare')}?{urlencode(best)}" if len(best) >= comparison.LEAST else ""


def _enquiry_url(request, form, need, around):
    """The form of an enquiry, filled with what it has a field for; the whole need stands in its text."""
    kind, area = need.of("kind"), need.of("area")
    numbers = {"min_area": area and area.low, "max_area": area and area.high}
    numbers |= {demand.code: demand.low for demand in need.demands if demand.code in IN_ENQUIRIES}
    page = request.build_absolute_uri(f"{request.path}{form.address()}")
    fields = {
        "from": Enquiry.Origin.NEED.value,
        "kind": next(iter(kind.options)) if kind and len(kind.options) == 1 else "",
        "on": f"{need.by:%d/%m/%Y}" if form.data.get("by") else "",
        **{name: grouped(number) for name, number in numbers.items() if number is not None},
        "note": f"{told.summary(need, around)}\n{page}"[:LONGEST_NOTE],
    }
    return f"{reverse('zones:enquiry_new')}?{urlencode({name: said for name, said in fields.items() if said})}"


def _is_sent_by_form(request):
    """A form sends its empty fields too; the reader is led to the address that says only what is asked."""
    return any(not value.strip() for _name, values in request.GET.lists() for value in values)
