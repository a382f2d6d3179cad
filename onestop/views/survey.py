"""The survey after delivery: by an account that acts for the enterprise, or by the two codes printed on the paper."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from izportal.guessing import WINDOW, Guesses
from onestop import survey as room
from onestop.forms import TrackForm
from onestop.models import Survey
from onestop.views.access import applicant_page
from onestop.views.tracking import find_filed


@applicant_page("prepare")
def dossier_survey(request, dossier):
    form = room.SurveyForm(request.POST if request.method == "POST" else None, auto_id="f-%s")
    if request.method == "POST" and form.is_valid() and _take(form, dossier, by=request.user):
        messages.success(request, _("Cảm ơn bạn. Đã ghi nhận đánh giá."))
        return redirect(dossier)
    return render(request, "onestop/dossier_survey.html", {"form": form, **_standing(dossier)})


def _take(form, dossier, *, by):
    """Was the answer kept, now or before?"""
    try:
        return room.answer(dossier, by=by, at=timezone.now(), said=form.cleaned_data)
    except room.SurveyRefused as refusal:
        form.add_error(None, str(refusal))
        return None


def _standing(dossier):
    """What the page tells before it asks: an answer given before, or that it is too early."""
    return {
        "dossier": dossier, "answered": Survey.objects.filter(dossier=dossier).first(), "questions": room.QUESTIONS,
        "is_early": dossier.delivered_at is None,
    }  # fmt: skip


@never_cache
def survey(request):
    """The codes come by POST, with the answers or before them; guessing is slowed as at the look-up."""
    if request.method != "POST":
        codes = TrackForm(initial={"code": request.GET.get("code", "").replace("\x00", "")[:40]})
        return render(request, "onestop/survey.html", {"codes": codes})
    codes, guesses = TrackForm(request.POST), Guesses(request, "track")
    if guesses.are_too_many:
        codes.add_error(None, _("Bạn đã tra cứu sai quá nhiều lần. Hãy thử lại sau một giờ."))
        response = render(request, "onestop/survey.html", {"codes": codes}, status=429)
        response["Retry-After"] = str(WINDOW)
        return response
    dossier = find_filed(**codes.cleaned_data) if codes.is_valid() else None
    if dossier is None:
        if codes.is_valid():
            guesses.count()
        return render(request, "onestop/survey.html", {"codes": codes, "is_missed": codes.is_valid()})
    is_sent = "send" in request.POST
    form = room.SurveyForm(request.POST if is_sent else None, auto_id="f-%s")
    is_done = is_sent and form.is_valid() and _take(form, dossier, by=None)
    context = {"codes": codes, "form": form, "is_done": bool(is_done), **_standing(dossier)}
    return render(request, "onestop/survey.html", context)
