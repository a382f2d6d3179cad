"""Answering an opinion: by a link that shows one question and nothing else, or by the account of the body asked.

A link that was used, has run out or never was gets one and the same page, and what was typed there is given back.
"""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.exceptions import NON_FIELD_ERRORS, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_safe

from izportal import documents
from izportal.doorkeeper import SizeGuard
from izportal.guessing import WINDOW, Guesses, sealed_page
from onestop import opinions
from onestop.models import Opinion
from onestop.opinions.forms import AnswerForm

TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


@dataclass(frozen=True)
class Way:
    """How the reader came: where the answer is sent, its receipt lies, and a paper of the question is read."""

    receipt: str
    paper: str
    keys: tuple


# By link ----------------------------------------------------------------------------------------------------------
@sealed_page
def opinion(request, token):
    found = opinions.by_link(token, at=timezone.now())
    way = Way("onestop:opinion_receipt", "onestop:opinion_paper", (token,))
    if found is not None:
        return _measured(request, found, way)
    told = opinions.answered_by_link(token, at=timezone.now()) if request.method == "POST" else None
    return redirect(way.receipt, token) if told and _is_same(request, told) else _gone(request)


@require_safe
@sealed_page
def opinion_receipt(request, token):
    found = opinions.answered_by_link(token, at=timezone.now())
    return render(request, "onestop/opinion_receipt.html", {"opinion": found}) if found else _gone(request)


@require_safe
@sealed_page
def opinion_paper(request, token, paper):
    found = opinions.by_link(token, at=timezone.now())
    return _paper(found, paper) if found else _gone(request)


def _gone(request):
    """The same for every reason; tries are counted, so that guessing is slowed."""
    guesses, typed = Guesses(request, "opinion"), ""
    if request.method == "POST":
        try:
            typed = "\n".join(filter(None, (request.POST.get(name, "") for name in ("text", "answered_by"))))
        except TOO_BIG:
            typed = ""
    is_slowed = guesses.are_too_many
    guesses.count()
    context = {"typed": typed.replace("\x00", "")}
    response = render(request, "onestop/opinion_gone.html", context, status=429 if is_slowed else 404)
    if is_slowed:
        response["Retry-After"] = str(WINDOW)
    return response


def _is_same(request, told):
    """Sent twice by one press: the same words get the same receipt."""
    form = AnswerForm(request.POST, opinion=told, at=timezone.now())
    form.is_valid()
    said = [form.cleaned_data.get(name) for name in ("position", "text", "answered_by")]
    return said == [told.position, told.answer, told.answered_by]


# By account -------------------------------------------------------------------------------------------------------
@never_cache
@login_required
def opinion_list(request):
    if request.user.is_staff:
        return redirect("admin:onestop_opinion_changelist")
    rows = opinions.of_account(request.user)
    if not rows.exists():
        raise Http404
    waiting = rows.filter(pk__in=Opinion.objects.answerable()).order_by("reply_by", "pk")
    past = rows.exclude(pk__in=waiting.values("pk")).order_by("-asked_at", "-pk")[:100]
    return render(request, "onestop/opinion_list.html", {"waiting": list(waiting), "past": list(past)})


def _mine(request, pk):
    return get_object_or_404(opinions.of_account(request.user), pk=pk)


@csrf_exempt
@never_cache
@login_required
def opinion_mine(request, pk):
    """Files are measured while they come in, before the form is read; the inner page checks the token."""
    found = _mine(request, pk)
    if not Opinion.objects.answerable().filter(pk=pk).exists() and request.method != "POST":
        return render(request, "onestop/opinion_mine.html", {"opinion": found})
    way = Way("onestop:opinion_mine", "onestop:opinion_mine_paper", (pk,))
    return _measured(request, found, way, page=csrf_protect(_answering), by=request.user)


@require_safe
@never_cache
@login_required
def opinion_mine_paper(request, pk, paper):
    found = _mine(request, pk)
    if not Opinion.objects.answerable().filter(pk=pk).exists():
        raise Http404
    return _paper(found, paper)


# One question -----------------------------------------------------------------------------------------------------
def _measured(request, found, way, *, page=None, by=None):
    """Who holds the link need not have signed in to send the signed paper; its size is watched."""
    guard = SizeGuard(request, most=documents.limit_bytes(timezone.localdate()))
    request.upload_handlers = [guard, MemoryFileUploadHandler(request), TemporaryFileUploadHandler(request)]
    try:
        request.POST  # noqa: B018  reading it is what takes the files in
    except TOO_BIG:
        return render(request, "onestop/_too_big.html", {"back": request.path}, status=413)
    return (page or _answering)(request, found, way, guard, by)


def _answering(request, found, way, guard, by):
    now, is_post = timezone.now(), request.method == "POST"
    opinions.note_silence(at=now, dossier=found.dossier)
    form = AnswerForm(*((request.POST, request.FILES) if is_post else ()), opinion=found, at=now)
    is_kept = False
    if is_post and request.POST.get("go") == "keep":
        form, is_kept = _kept(request, form, now)
    elif is_post and (done := _sent(form, found, way, guard, by, now)):
        return done
    context = {
        "opinion": found, "form": form, "is_kept": is_kept, "is_late": now > found.reply_by,
        "papers": _papers(found, way), "limit_mb": guard.most // documents.MEGABYTE,
    }  # fmt: skip
    is_refused = form.has_error(NON_FIELD_ERRORS, "refused")
    return render(request, "onestop/opinion.html", context, status=409 if is_refused else 200)


def _kept(request, form, now):
    """The text so far is kept, and the page shows it again; what cannot be kept as it is gets its sentence."""
    form.is_valid()
    if "text" in form.errors or (form.data.get("answered_by") and "answered_by" in form.errors):
        return form, False
    answered_by = form.cleaned_data.get("answered_by", "")
    opinions.keep_draft(form.opinion, answer=form.cleaned_data["text"], answered_by=answered_by)
    shown = AnswerForm(opinion=form.opinion, at=now)
    shown.initial |= {name: request.POST.get(name, "") for name in ("text", "answered_by", "position")}
    return shown, True


def _sent(form, found, way, guard, by, now):
    """The way to the receipt; None where the form has something to say."""
    if sentence := guard.too_big.get("signed"):
        form.add_error("signed", sentence)
    if not form.is_valid():
        return None
    try:
        opinions.answer(found, upload=form.cleaned_data["signed"], by=by, at=now, **form.told)
    except opinions.OpinionRefused as refusal:
        form.add_error(None, form.refused(str(refusal)))
        return None
    except documents.UploadRefused as refusal:
        form.add_error("signed", refusal.sentence)
        return None
    return redirect(way.receipt, *way.keys)


def _papers(found, way):
    """What the officer chose to show, each with its address."""
    rows = found.papers.standing().select_related("component", "stored")
    return [(row, reverse(way.paper, args=[*way.keys, row.pk])) for row in rows]


def _paper(found, number):
    row = found.papers.standing().select_related("stored").filter(pk=number).first()
    if row is None:
        raise Http404(_("Giấy tờ này không kèm theo câu hỏi."))
    return documents.serve(row.stored, as_attachment=False)
