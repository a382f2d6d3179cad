"""Answering a request to complete a dossier: its lines and nothing else, typed and uploaded, then sent."""

from datetime import datetime

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from izportal.models import User
from onestop import drafts, papers, workflow
from onestop.supplements import replies
from onestop.supplements.replies import ReplyForm
from onestop.views.access import applicant_page
from onestop.views.papers import limits, places_of, receive_uploads, take_files
from onestop.views.windows import keeps_typing, seen_in, settle, unsent, window_for
from projects import mandates


@csrf_exempt
def dossier_supplement(request, **address):
    """As at the first filing, files are measured while they come in; the inner page checks the token."""
    return receive_uploads(request, _supplement_page, **address)


@keeps_typing
@applicant_page("prepare")
def _supplement_page(request, dossier):
    supplement = papers.open_supplement(dossier)
    if supplement is None or supplement.answered_at or not dossier.awaits_applicant:
        messages.info(request, _("Hồ sơ này hiện không chờ bạn bổ sung."))
        return redirect(dossier)
    if request.method != "POST":
        return _reply_page(request, dossier, supplement, _opened(request, dossier, supplement))
    told = take_files(request, dossier, papers.items(dossier, supplement))
    is_sending = request.POST.get("go") == "send" and not told
    form = ReplyForm(request.POST, dossier=dossier, supplement=supplement, is_sending=is_sending)
    kept = _keep(request, form)
    if kept.get("is_kept") and not told:
        if not is_sending:
            return redirect(_place_of(request, dossier))
        if form.is_valid() and _send(request, dossier, form):
            return redirect(dossier)
    return _reply_page(request, dossier, supplement, form, told, **kept)


def _opened(request, dossier, supplement):
    """The form as it was kept last, or as it was sent after the session had ended."""
    form, typed = ReplyForm(dossier=dossier, supplement=supplement), unsent(request)
    if typed is not None:
        form.show(ReplyForm(typed, dossier=dossier, supplement=supplement).raw())
    return form


def _keep(request, form):
    """Keep what is typed before anything is checked; else what the page says of it."""
    try:
        replies.keep(form, seen=seen_in(request), by=request.user, at=timezone.now())
    except replies.AnswerOvertaken as overtaken:
        kept = overtaken.kept
        return {
            "saver": User.objects.filter(pk=kept["by"]).first(), "changed_at": datetime.fromisoformat(kept["at"]),
            "differences": replies.differences(form, kept), "is_conflict": True, "seen": kept["no"],
        }  # fmt: skip
    except drafts.TypedRefused as refusal:
        return {"refusal": str(refusal)}
    settle(request)
    return {"is_kept": True}


def _place_of(request, dossier):
    anchor = request.POST.get("take", "").partition(":")[0]
    back = reverse("onestop:dossier_supplement", args=[dossier.pk])
    return f"{back}#{anchor}-row" if anchor else back


def _reply_page(request, dossier, supplement, form, told=None, **more):
    places = places_of(request, dossier, told)
    by_number = {place.what.number: place for place in places}
    rows = [
        (row.line, by_number.get(row.line.position), form[row.answer] if row.place else None, form[row.reply])
        for row in form.rows
    ]
    context = {
        "dossier": dossier, "supplement": supplement, "form": form, "places": places, "rows": rows, **limits(),
        "refused": {anchor: sentence for anchor, (sentence, _twin) in (told or {}).items()},
        "may_sign": mandates.may(request.user, dossier.enterprise, "sign"), "window": window_for(request),
        "seen": supplement.typed.get("no", 0), "is_unsent": not form.is_bound and unsent(request) is not None, **more,
    }  # fmt: skip
    return render(request, "onestop/dossier_supplement.html", context)


def _send(request, dossier, form):
    """Is the answer sent? Otherwise the form says what stands in the way."""
    try:
        workflow.take(dossier, "answer_supplement", by=request.user, at=timezone.now(), **form.details())
    except workflow.REFUSALS as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Đã gửi bổ sung. Ban sẽ kiểm tra và báo lại."))
    return True
