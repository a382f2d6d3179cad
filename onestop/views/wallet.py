"""Kho giấy tờ: what an enterprise has filed, where each paper was used, and giving one again in a draft."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from izportal import folding, lists
from onestop import wallet
from onestop.models import Paper
from onestop.views.access import applicant_page, find
from onestop.views.papers import places_of, take_again
from projects import mandates


@never_cache
@login_required
def paper_list(request):
    """The wallet of one enterprise; with `for` and `place`, to choose a paper for that place of a dossier."""
    if request.user.is_staff:
        return redirect("admin:index")
    dossier, what = _chosen_for(request)
    enterprises = [dossier.enterprise] if dossier else list(mandates.enterprises_of(request.user))
    asked = request.GET.get("enterprise", "")
    enterprise = next((row for row in enterprises if str(row.pk) == asked), enterprises[0] if enterprises else None)
    query = request.GET.get("q", "")[: folding.LONGEST_QUERY]
    rows = wallet.papers_of(enterprise, query) if enterprise else Paper.objects.none()
    page = lists.page_of(request, rows)
    used = wallet.uses(page.object_list)
    context = {
        "page_obj": page, "rows": [(paper, used[paper.stored_id]) for paper in page.object_list],
        "total": page.paginator.count, "query": query.replace("\x00", ""), "enterprises": enterprises,
        "enterprise": enterprise, "dossier": dossier, "what": what, "back": _back(dossier, what) if dossier else "",
    }  # fmt: skip
    return render(request, "onestop/paper_list.html", context)


def _chosen_for(request):
    """The dossier and the place that a paper is chosen for, or nothing; 404 where the address makes them up."""
    key, anchor = request.GET.get("for"), request.GET.get("place", "")
    if not key:
        return None, None
    try:
        dossier = find(request.user, UUID(key))
    except ValueError as error:
        raise Http404 from error
    if not mandates.may(request.user, dossier.enterprise, "prepare"):
        raise Http404
    return dossier, _what(request, dossier, anchor)


def _what(request, dossier, anchor):
    what = next((place.what for place in places_of(request, dossier) if place.anchor == anchor), None)
    if what is None:
        raise Http404
    return what


def _back(dossier, what):
    name = "onestop:dossier_papers" if dossier.is_draft else "onestop:dossier_supplement"
    return f"{reverse(name, args=[dossier.pk])}#{what.anchor}-row"


@require_POST
@applicant_page("prepare")
def paper_take(request, dossier):
    """Give a paper of the wallet at the place that it was chosen for."""
    what = _what(request, dossier, request.POST.get("place", ""))
    refusal = take_again(request, dossier, request.POST.get("paper", ""), what.where)
    if refusal:
        messages.error(request, refusal[0])
    return redirect(_back(dossier, what))
