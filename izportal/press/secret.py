"""The way in of a letter to the board: a form that anybody may send, with a file."""

from functools import wraps

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from izportal import correspondence, documents
from izportal.doorkeeper import SizeGuard
from izportal.guessing import Guesses


def takes_file(view):
    """Who sends need not have signed in; the file is measured while it comes in, before the form is read, and kept
    only once the form is taken. The inner page checks the token."""

    @csrf_exempt
    @wraps(view)
    def page(request, *args, **kwargs):
        guard = SizeGuard(request, most=documents.limit_bytes(timezone.localdate()))
        request.upload_handlers = [guard, MemoryFileUploadHandler(request), TemporaryFileUploadHandler(request)]
        try:
            request.POST  # noqa: B018  reading it is what takes the file in
        except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
            return render(request, "onestop/_too_big.html", {"back": request.path}, status=413)
        request.too_big = guard.too_big.get("file", "")
        return csrf_protect(view)(request, *args, **kwargs)

    return page


def sent(request, form, *, model, page, rule, take, sorry, refusals=()):
    """What `take` makes of a form, or None where the form says why not (`sorry`: too many of them); the same form sent
    again leads to what it has made."""
    if (known := correspondence.taken(model, form.form_key)) is not None:
        return known
    tries = Guesses(request, page, rule=rule)
    if request.too_big:
        form.add_error("file", request.too_big)
        return None
    if tries.are_too_many:
        form.add_error(None, sorry)
        return None
    writer = request.user if request.user.is_authenticated else None
    try:
        row = take(form_key=form.form_key, said=form.said, by=writer, upload=form.cleaned_data["file"])
    except documents.UploadRefused as refusal:
        form.add_error("file", refusal.sentence)
        return None
    except refusals as refusal:
        form.add_error(None, str(refusal))
        return None
    tries.count()
    return row
