"""The papers of a filing or of an answer: one place for each, filled by an upload or from the wallet, and emptied.
Files come in a form, under a size guard, or in pieces (`uploads`); both fill the same places."""

import contextlib
from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from izportal import documents
from izportal.doorkeeper import SizeGuard
from izportal.models import PartialFile
from onestop import papers, questions, wallet
from onestop.models import Paper
from onestop.views.access import applicant_page
from onestop.views.filing import filed_already, wizard


@dataclass
class Place:
    """What a paper is asked for, and all that its giver may do about it: one row of the page."""

    what: papers.Demand | papers.Item
    sentence: str = ""  # why the file just sent was not taken
    twin: Paper | None = None  # the same content at another place, to be confirmed
    offers: list[Paper] = field(default_factory=list)
    unfinished: PartialFile | None = None

    @property
    def anchor(self):
        return self.what.anchor


def places_of(request, dossier, told=None):
    """Every place of a draft, or of the request that waits for an answer; `told` are refusals by anchor."""
    supplement = None if dossier.is_draft else papers.open_supplement(dossier)
    asked = papers.demands(dossier) if supplement is None else papers.items(dossier, supplement)
    empty = [what.component for what in asked if what.component and not what.paper]
    offers = wallet.offers(dossier, empty)
    partials = PartialFile.objects.filter(user=request.user, purpose__startswith=purpose(dossier), received__gt=0)
    unfinished = {partial.purpose: partial for partial in partials.order_by("touched_at")}
    found = []
    for what in asked:
        sentence, twin = (told or {}).get(what.anchor, ("", None))
        offered = offers.get(what.component.pk, []) if what.component and not what.paper else []
        found.append(Place(what, sentence, twin, offered, unfinished.get(purpose(dossier, what.anchor))))
    return found


def purpose(dossier, anchor=""):
    """What a file in pieces is for; begun by one person, it waits for the same person at the same place."""
    return f"dossier:{dossier.pk}:{anchor}"


def limits():
    limit = documents.limit_bytes(timezone.localdate())
    return {"accept": documents.ACCEPT, "limit_mb": limit // documents.MEGABYTE, "limit_bytes": limit}


def tally(places):
    """How many compulsory papers there are, and are given."""
    must = [place.what for place in places if getattr(place.what, "must", False)]
    return {"wanted": len(must), "given": sum(not what.is_missing for what in must)}


# The page -----------------------------------------------------------------------------------------
@csrf_exempt
def dossier_papers(request, **address):
    """Uploads are measured while they come in, so the guard must stand before the form is read; the inner page
    checks the token."""
    return receive_uploads(request, _papers_page, **address)


def receive_uploads(request, page, **address):
    """Read a form with files under a size guard, then open the page; a form too big to read is told as a sentence."""
    guard = SizeGuard(request, most=documents.limit_bytes(timezone.localdate()))
    request.upload_handlers.insert(0, guard)
    request.size_guard, request.is_too_big = guard, False
    try:
        request.POST  # noqa: B018  reading it is what takes the files in
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        request.is_too_big = True
        return render(request, "onestop/_too_big.html", {"back": request.path}, status=413)
    return csrf_protect(page)(request, **address)


@applicant_page("prepare")
def _papers_page(request, dossier):
    if not dossier.is_draft:
        return filed_already(request, dossier)
    told = _take_papers(request, dossier) if request.method == "POST" else {}
    if request.method == "POST" and not told:
        return _after_papers(request, dossier)
    shape = questions.definition(dossier)
    places = places_of(request, dossier, told)
    context = {
        **wizard(dossier, shape, "papers"), **limits(), **tally(places), "places": places,
        "astray": papers.astray(dossier), "refused": {anchor: sentence for anchor, (sentence, _twin) in told.items()},
    }  # fmt: skip
    return render(request, "onestop/dossier_papers.html", context)


def _after_papers(request, dossier):
    go = request.POST.get("go")
    if go == "exit":
        messages.success(request, _("Đã lưu bản nháp. Bạn có thể nộp tiếp bất cứ lúc nào."))
        return redirect("onestop:dossier_list")
    if go == "next":
        return redirect("onestop:dossier_review", dossier.pk)
    anchor = request.POST.get("take", "").partition(":")[0]
    back = reverse("onestop:dossier_papers", args=[dossier.pk])
    return redirect(f"{back}#{anchor}-row" if anchor else back)


def _take_papers(request, dossier):
    asked = papers.demands(dossier)
    told = take_files(request, dossier, asked)
    with contextlib.suppress(papers.PaperRefused):
        papers.declare_not_due(dossier, {w.component.key for w in asked if f"not-due-{w.anchor}" in request.POST})
    return told


def take_files(request, dossier, asked):
    """Keep every sound file of a form and what is chosen from the wallet, and empty a place; for what was not taken,
    {anchor: (sentence, twin)}."""
    by_anchor = {what.anchor: what for what in asked}
    told = {name: (sentence, None) for name, sentence in request.size_guard.too_big.items() if name in by_anchor}
    for anchor, what in by_anchor.items():
        upload = request.FILES.get(anchor)
        if upload and (refusal := give(request, dossier, upload, **what.where)):
            told[anchor] = refusal
    anchor, _colon, number = request.POST.get("take", "").partition(":")
    if anchor in by_anchor and (refusal := take_again(request, dossier, number, by_anchor[anchor].where)):
        told[anchor] = refusal
    # Where a colleague has filed it meanwhile, the next page says so.
    with contextlib.suppress(papers.PaperRefused):
        _take_back(request, dossier)
    return told


def give(request, dossier, upload, **where):
    """Give one paper; (sentence, twin) of a refusal, or nothing."""
    page = reverse("onestop:dossier_papers" if dossier.is_draft else "onestop:dossier_supplement", args=[dossier.pk])
    try:
        papers.give(
            dossier=dossier, upload=upload, by=request.user, at=timezone.now(), may_repeat=False, page=page, **where
        )
    except documents.UploadRefused as refusal:
        return refusal.sentence, None
    except papers.SameAsAnother as refusal:
        return str(refusal), refusal.paper
    except papers.PaperRefused as refusal:
        return str(refusal), None
    return None


def take_again(request, dossier, number, where):
    paper = wallet.find(dossier, int(number)) if number.isdecimal() and len(number) < 18 else None
    if paper is None:
        return _("Giấy tờ này không còn dùng lại được; hãy tải lên tệp khác."), None
    try:
        wallet.take(dossier=dossier, paper=paper, by=request.user, at=timezone.now(), **where)
    except papers.PaperRefused as refusal:
        return str(refusal), None
    return None


def _take_back(request, dossier):
    number = request.POST.get("take_back", "")
    paper = dossier.papers.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    if paper:
        papers.take_back(dossier=dossier, paper=paper, at=timezone.now())
