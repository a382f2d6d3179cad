"""Pages behind an address or a code that could be guessed: tries are counted by address and hour, apart for each page,
and what the right one opens stays with its reader."""

import hashlib
import time
from functools import wraps

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from izportal.models import Rule

# This many wrong tries where no rule says otherwise.
WINDOW, MOST = 3600, 20


class Guesses:
    """The tries of whoever sends `request` at one page; `rule` says how many an hour."""

    def __init__(self, request, page, *, rule="lookup_attempts_per_hour"):
        self.rule = rule
        place = hashlib.sha256(get_adapter().get_client_ip(request).encode()).hexdigest()[:32]
        # The hour is part of the key, so that a slow trickle never keeps an old count alive.
        self.key = f"{page}:{place}:{int(time.time() // WINDOW)}"

    @property
    def are_too_many(self):
        return cache.get(self.key, 0) >= self._most()

    def count(self):
        cache.set(self.key, cache.get(self.key, 0) + 1, WINDOW)

    def _most(self):
        try:
            return Rule.number(self.rule, on=timezone.localdate())
        except Rule.DoesNotExist:
            return MOST


def secret_page(view):
    """A page whose address is the key: no browser keeps it and no search engine lists it."""

    @wraps(view)
    @never_cache
    def page(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        return response

    return page


def sealed_page(view):
    """A secret page that takes no cookie: nobody can lend its authority to another page, so that it asks for no token,
    and no request made from it says where it came from."""

    @csrf_exempt
    @secret_page
    @wraps(view)
    def page(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return page


def by_secret(find, name, *, page=secret_page):
    """For a view that takes the token and what `find` gives for it; a wrong one is not there, guessing is slowed."""

    def around(view):
        @page
        @wraps(view)
        def opened(request, token):
            row = find(token)
            return view(request, token, row) if row else _not_there(request, name)

        return opened

    return around


def _not_there(request, name):
    guesses = Guesses(request, name)
    if guesses.are_too_many:
        return slow_down(request)
    guesses.count()
    raise Http404


def slowed(response):
    """Too many for this hour."""
    response.status_code, response["Retry-After"] = 429, str(WINDOW)
    return response


def slow_down(request):
    return slowed(render(request, "429.html"))
