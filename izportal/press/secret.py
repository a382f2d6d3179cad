"""The ways in and out of a letter to the board: a form that anybody may send with a file, and the page behind its
secret address, where a wrong one is not there and guessing is slowed."""

from functools import wraps

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from izportal import documents
from izportal.doorkeeper import SizeGuard
from izportal.guessing import WINDOW, Guesses, secret_page
from izportal.press import letterbox


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


def by_secret(model):
    """For a view that takes the token and the row it opens."""

    def around(view):
        @secret_page
        @wraps(view)
        def page(request, token):
            row = letterbox.by_link(model, token)
            return view(request, token, row) if row else _not_there(request, f"{model.__name__.lower()}-link")

        return page

    return around


def _not_there(request, name):
    guesses = Guesses(request, name)
    if guesses.are_too_many:
        return slowed(request)
    guesses.count()
    raise Http404


def slowed(request):
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(WINDOW)
    return response


def known_of(user):
    """What a form may fill in of whoever is signed in."""
    return {"name": user.full_name, "email": user.email, "phone": user.phone} if user.is_authenticated else {}


def leave_for(item):
    """To the address that an item has now; there is none where nothing of that name was ever shown."""
    if item is None:
        raise Http404
    return redirect(item, permanent=True)
