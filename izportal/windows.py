"""The window in which something long is typed, and what it sent too late: put back after signing in, to the same
person.

Every such page carries a signed window: whose page it is, and which. Only a page of the reader's own is ever read
back, so that neither the next person at the machine nor a page of strangers can put words into a draft.
"""

import contextlib
import secrets
from functools import wraps

from django.core import signing
from django.http import QueryDict

WINDOW = "izportal.window"
# A page left open over a weekend is still read back; one from last month is not.
WINDOW_SECONDS = 7 * 24 * 60 * 60
# The end of the signature tells one window from another.
WINDOW_LETTERS = 12
MOST_TYPED = 200_000
UNSENT = "unsent_section"
NOT_TYPED = ("csrfmiddlewaretoken", "go")


def window_of(request):
    """(user's key, window) of the page that sent this, or (None, "")."""
    token = request.POST.get("window", "")[:300]
    with contextlib.suppress(signing.BadSignature):
        by, _random = signing.loads(token, salt=WINDOW, max_age=WINDOW_SECONDS)
        return by, token[-WINDOW_LETTERS:]
    return None, ""


def window_for(request):
    """The window of a page about to be shown: the one that sent its form, or a new one."""
    if window_of(request)[0] == request.user.pk:
        return request.POST["window"]
    return signing.dumps([request.user.pk, secrets.token_urlsafe(8)], salt=WINDOW)


def seen_in(request):
    """The version that the page had seen; -1 where it says none."""
    return number_in(request, "version_no")


def number_in(request, name):
    with contextlib.suppress(ValueError):
        return int(request.POST.get(name, "")[:9])
    return -1


def keeps_typing(view):
    """A page sent after the session had ended waits in the new one, for the same person only."""

    @wraps(view)
    def page(request, *args, **kwargs):
        by, _window = window_of(request) if request.method == "POST" else (None, "")
        if by and not request.user.is_authenticated:
            typed = {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}
            if sum(len(value) for values in typed.values() for value in values) <= MOST_TYPED:
                request.session[UNSENT] = {"place": _place(request), "by": by, "data": typed}
        return view(request, *args, **kwargs)

    return page


def _place(request):
    """The page, whatever its language."""
    found = request.resolver_match
    return "/".join([found.view_name, *(str(found.kwargs[name]) for name in sorted(found.kwargs))])


def unsent(request):
    """What this person sent to this very page without being signed in, as a form takes it; None in all other cases."""
    kept = request.session.get(UNSENT)
    if kept is None or kept["by"] != request.user.pk or kept["place"] != _place(request):
        return None
    typed = QueryDict(mutable=True)
    for name, values in kept["data"].items():
        typed.setlist(name, values)
    return typed


def settle(request):
    """The portal holds what was typed: nothing waits in the session any more."""
    kept = request.session.get(UNSENT)
    if kept and kept["place"] == _place(request):
        del request.session[UNSENT]
