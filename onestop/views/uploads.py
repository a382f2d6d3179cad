"""Files sent in pieces by the page's script: begun, gone on with after a break, given up; answered in JSON.
Whole, a file takes its place exactly as one sent in the form does (`papers`)."""

from functools import wraps

from django.core.exceptions import RequestDataTooBig
from django.http import JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from izportal import chunks, documents
from izportal.models import PartialFile
from onestop import papers
from onestop.views.access import applicant_page
from onestop.views.papers import give, limits, places_of, purpose, tally

GONE = 410


def upload_page(view):
    """As `applicant_page("prepare")`, but a script is told of an ended session in words it can show."""
    inner = applicant_page("prepare")(view)

    @wraps(view)
    @never_cache
    def page(request, **address):
        if not request.user.is_authenticated:
            sentence = _("Phiên làm việc đã hết. Hãy đăng nhập lại; phần đã tải lên vẫn còn.")
            return JsonResponse({"refused": sentence, "sign_in": reverse("account_login")}, status=401)
        return inner(request, **address)

    return page


@require_POST
@upload_page
def upload_begin(request, dossier):
    """Where to send the pieces of a file and from which byte on; or its row, if the same file is there already."""
    anchor, sha256 = request.POST.get("place", ""), request.POST.get("sha256", "")
    size = request.POST.get("size", "")
    place = _place(request, dossier, anchor)
    if place is None or not (size.isascii() and size.isdecimal() and len(size) < 16):
        return _moved()
    standing = place.what.paper
    if standing and sha256 and (standing.stored.sha256, standing.stored.size) == (sha256, int(size)):
        return _row(request, dossier, anchor)
    try:
        partial = chunks.begin(
            purpose=purpose(dossier, anchor), name=request.POST.get("name", ""), size=int(size), sha256=sha256,
            by=request.user, at=timezone.now(), max_bytes=documents.limit_bytes(timezone.localdate()),
        )  # fmt: skip
    except documents.UploadRefused as refusal:
        return _row(request, dossier, anchor, told=(refusal.sentence, None))
    to, drop = (reverse(f"onestop:{name}", args=[dossier.pk, partial.pk]) for name in ("upload_piece", "upload_drop"))
    return JsonResponse({"to": to, "drop": drop, "offset": partial.received, "piece": chunks.PIECE})


@require_POST
@upload_page
def upload_piece(request, dossier, partial):
    """Take one piece; with the last one the file takes its place, and its row is answered."""
    row = _partial(request, dossier, partial)
    offset = request.GET.get("offset", "")
    if row is None or not (offset.isascii() and offset.isdecimal() and len(offset) < 16):
        return _moved(GONE)
    try:
        piece = request.body
        row = chunks.append(row, offset=int(offset), piece=piece, at=timezone.now())
    except RequestDataTooBig:
        return _moved(413)
    except chunks.OutOfStep as step:
        return JsonResponse({"offset": step.offset}, status=409)
    except (PartialFile.DoesNotExist, documents.UploadRefused):
        return _moved(GONE)
    if row.received < row.size:
        return JsonResponse({"offset": row.received})
    return _finish(request, dossier, row)


def _finish(request, dossier, partial):
    anchor = partial.purpose.rpartition(":")[2]
    place = _place(request, dossier, anchor)
    if place is None:
        return _moved()
    try:
        with chunks.whole(partial) as upload:
            told = give(request, dossier, upload, **place.what.where)
    except PartialFile.DoesNotExist:
        return _moved(GONE)
    except documents.UploadRefused as refusal:
        told = (refusal.sentence, None)
    chunks.drop(partial)
    return _row(request, dossier, anchor, told=told)


@require_POST
@upload_page
def upload_drop(request, dossier, partial):
    """Give an unfinished file up; what is not there any more is given up already."""
    if row := _partial(request, dossier, partial):
        chunks.drop(row)
    return JsonResponse({})


@upload_page
def paper_states(request, dossier):
    """The rows asked for as they are now: how a page follows the scanner."""
    asked = set(request.GET.getlist("place")[:100])
    places = places_of(request, dossier)
    show = _shower(request, dossier)
    rows = {place.anchor: show(place) for place in places if place.anchor in asked}
    return JsonResponse({"rows": rows, **_tally(places)})


def _partial(request, dossier, pk):
    rows = PartialFile.objects.filter(user=request.user, purpose__startswith=purpose(dossier))
    return rows.filter(pk=pk).first()


def _place(request, dossier, anchor):
    """The place of this name, where papers are taken now."""
    supplement = papers.open_supplement(dossier)
    is_taking = dossier.is_draft or (dossier.awaits_applicant and supplement and not supplement.answered_at)
    places = places_of(request, dossier) if is_taking else []
    return next((place for place in places if place.anchor == anchor), None)


def _moved(status=409):
    """The page shows what is not so any more; its reader opens it again."""
    return JsonResponse(
        {"refused": _("Trang này đã cũ so với hồ sơ. Hãy tải lại trang rồi chọn lại tệp.")}, status=status
    )


def _row(request, dossier, anchor, told=None):
    places = places_of(request, dossier, {anchor: told} if told else None)
    place = next(place for place in places if place.anchor == anchor)
    answer = {"row": _shower(request, dossier)(place), "refused": place.sentence, **_tally(places)}
    return JsonResponse(answer, status=422 if told else 200)


def _shower(request, dossier):
    shared = {"dossier": dossier, **limits()}
    return lambda place: render_to_string("onestop/_upload.html", {"place": place, **shared}, request)


def _tally(places):
    return {"tally": render_to_string("onestop/_tally.html", tally(places))}
