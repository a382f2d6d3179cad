"""Pages of the back office for those who approve and sign: the brief of a dossier on screen and on paper, the queue,
and several taken after each was read."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from izportal import documents, lists
from onestop import absences, desk, signing, step_forms, workflow, worklist
from onestop.models import Dossier
from onestop.signing import QUEUES
from onestop.signing.brief import brief_of, paper_of
from onestop.templatetags.desk import week
from onestop.views import windows

PAGE_SIZE = 40


def pages(office):
    """Addresses under the dossiers of the back office; `office` is their admin."""
    named = (
        ("<uuid:pk>/brief/", brief_page, "brief"),
        ("<uuid:pk>/brief/pdf/", brief_pdf, "brief_pdf"),
        ("queue/<slug:key>/", queue_page, "queue"),
        ("forecast/", require_safe(forecast_page), "forecast"),
    )
    wrap = office.admin_site.admin_view
    return [path(at, windows.keeps_typing(wrap(_of(office, view))), name=f"onestop_dossier_{name}")
            for at, view, name in named]  # fmt: skip


def _of(office, view):
    def page(request, **address):
        return view(request, office, **address)

    return page


# The brief --------------------------------------------------------------------------------------------------------
def brief_page(request, office, pk):
    """Read with GET, which is noted once for each version and reader; approved or signed with POST."""
    dossier, at = _filed(request, office, pk), timezone.now()
    step = signing.step_of(dossier, request.user, at=at)
    form = _form(request, dossier, step, at)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if _is_taken(request, dossier, form, at):
            return redirect(_onward(request, office, dossier, at))
    elif request.method == "GET":
        signing.note_reading(dossier, by=request.user, at=at)
    if form and form.is_bound and request.method == "GET":
        messages.warning(request, windows.SENT_TOO_LATE)
    around = _around(request, office, dossier, at)
    is_refused = request.method == "POST" and form.is_refused
    return office._page(
        request, "brief", _("Tóm tắt một trang"), status=409 if is_refused else 200, form=form, step=step,
        own=signing.is_own(dossier, request.user), around=around, brief=brief_of(dossier, at=at), dossier=dossier,
        window=windows.window_for(request),
    )  # fmt: skip


def brief_pdf(request, office, pk):
    dossier = _filed(request, office, pk)
    try:
        content = paper_of(dossier, at=timezone.now(), language=get_language() or "vi")
    except documents.PdfUnavailable as missing:
        messages.warning(request, missing.sentence)
        return redirect("admin:onestop_dossier_brief", pk)
    headers = {
        "Content-Disposition": f'inline; filename="tom-tat-{dossier}.pdf"', "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }  # fmt: skip
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _filed(request, office, pk):
    dossier = office._dossier(request, pk)
    if dossier.is_draft:
        raise Http404
    return dossier


def _form(request, dossier, step, at):
    if step is None or signing.is_own(dossier, request.user):
        return None
    typed = (request.POST, request.FILES) if request.method == "POST" else (windows.unsent(request), None)
    return step_forms.FORMS[step.name](*typed, dossier=dossier, by=request.user, at=at)


def _is_taken(request, dossier, form, at):
    if not form.is_valid():
        return False
    try:
        after = signing.take(dossier, by=request.user, at=at, seen=form.seen, details=form.details())
    except (*workflow.REFUSALS, documents.PdfUnavailable) as refusal:
        form.refuse(str(refusal))
        return False
    windows.settle(request)
    step = workflow.STEPS[after.events.last().step]
    messages.success(request, desk.done_sentence(step, after))
    return True


def _around(request, office, dossier, at):
    """The drafts before and after this one in the reader's queue, and how many wait; None for whoever has none."""
    queue = signing.queue_of(dossier)
    if queue is None:
        return None
    keys = list(_waiting(request, office, queue, at).values_list("pk", flat=True)[: PAGE_SIZE * 5])
    place = keys.index(dossier.pk) if dossier.pk in keys else -1
    after = keys[place + 1] if place + 1 < len(keys) else None
    before = keys[place - 1] if place > 0 else None
    return {"queue": queue, "before": before, "after": after, "count": len(keys), "place": place + 1}


def _onward(request, office, dossier, at):
    """The next draft that waits for this reader; the queue when there is none."""
    queue = signing.queue_of(dossier)
    rest = _waiting(request, office, queue, at).exclude(pk=dossier.pk).values_list("pk", flat=True).first()
    if rest:
        return reverse("admin:onestop_dossier_brief", args=[rest])
    return reverse("admin:onestop_dossier_queue", args=[queue.key])


def _waiting(request, office, queue, at):
    covering = absences.covered_by(request.user, on=timezone.localdate(at))
    return signing.waiting(office.get_queryset(request), request.user, queue, at=at, covering=covering)


# The week ---------------------------------------------------------------------------------------------------------
def forecast_page(request, office):
    """All that will be late this week at today's pace, of which the desk shows the first."""
    if not office.has_view_permission(request):
        raise PermissionDenied
    told = week(office.get_queryset(request), request.user, worklist.Now.read(request.user), most=None)
    return office._page(request, "forecast", _("Dự báo tuần này"), week=told)


# The queue --------------------------------------------------------------------------------------------------------
def queue_page(request, office, key):
    """What waits; with POST first what was chosen, to be confirmed, then what became of each.

    The last answer is no redirect: sent again it is harmless, for each dossier has moved on since.
    """
    if not office.has_view_permission(request):
        raise PermissionDenied
    if key not in QUEUES:
        raise Http404
    queue, at = QUEUES[key], timezone.now()
    chosen = _chosen(request, office) if request.method == "POST" else []
    if chosen and request.POST.get("deed") == "take":
        outcomes = signing.take_several(chosen, by=request.user, at=at)
        return office._page(request, "queue_done", _("Kết quả"), queue=queue, outcomes=outcomes)
    if chosen:
        return _confirm(request, office, queue, chosen, at)
    if request.method == "POST":
        messages.warning(request, _("Chưa chọn hồ sơ nào; hãy đọc tóm tắt rồi đánh dấu."))
    return _list(request, office, queue)


def _list(request, office, queue):
    now = worklist.Now.read(request.user)
    theirs = signing.waiting(office.get_queryset(request), request.user, queue, at=now.at, covering=now.covering)
    rows = worklist.worklist_rows(theirs)
    page = lists.page_of(request, rows.select_related("drafted_by"), size=PAGE_SIZE)
    read = signing.readings(page, request.user)
    lines = [{"line": worklist.Line(row, now, request.user), "read_at": read.get(row.pk)} for row in page]
    return office._page(request, "queue", queue.title, queue=queue, lines=lines, page=page)


def _confirm(request, office, queue, chosen, at):
    """What each would do, once more; what may not be taken is told apart and not sent on."""
    read = signing.readings([dossier for dossier, _seen in chosen], request.user)
    fit, unfit = [], []
    for dossier, seen in chosen:
        if dossier.version_no != seen or dossier.pk not in read:
            unfit.append(signing.Outcome(dossier, signing.changed(dossier)))
            continue
        lines, refusal = desk.differences(dossier, at=at) if _is_grant(dossier) else ([], "")
        fit.append({"dossier": dossier, "lines": lines, "refusal": refusal})
    return office._page(request, "queue_confirm", queue.confirm, queue=queue, fit=fit, unfit=unfit)


def _is_grant(dossier):
    return dossier.proposal == Dossier.Decision.GRANTED


def _chosen(request, office):
    """(dossier, version seen) as they were ticked, in that order; what is no such pair, or not theirs to read, is
    left out."""
    seen = dict(filter(None, map(_pair, request.POST.getlist("chosen")[: signing.MOST])))
    rows = office.get_queryset(request).with_names().select_related("version").in_bulk(list(seen))
    return [(rows[pk], version) for pk, version in seen.items() if pk in rows]


def _pair(value):
    key, _colon, version = value.partition(":")
    if not (version.isascii() and version.isdecimal() and len(version) < 10):
        return None
    try:
        return UUID(key), int(version)
    except ValueError:
        return None
