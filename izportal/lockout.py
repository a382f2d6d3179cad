"""How often a password may be tried: strangers are slowed down, the owner on a browser that is known never is.

An account is never locked as such. A browser from which somebody has signed in before carries a sealed cookie and has
tries of its own; everybody else shares theirs by address, by address and account, and by account. The account's own
count only slows strangers down. What is counted is what was typed, so it tells nobody whether the account exists.
"""

import secrets
from typing import Any

from allauth.core.internal import ratelimit
from allauth.core.internal.ratelimit import RateLimitUsage
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE, SEAL = "known_browser", "izportal.lockout"
KEPT_FOR = 400 * 24 * 60 * 60  # the longest that browsers keep a cookie
MOST_ACCOUNTS = 10  # of one browser
LIMITS = {
    "known": "10/5m/key,50/d/key",
    "address": "20/m/ip,100/h/ip",
    "pair": "5/5m/key",
    "account": "30/h/key",
    "account_slow": "1/20s/key",
}


def consume(request: HttpRequest, email: str) -> RateLimitUsage | None:
    """Take one try; returns what is rolled back when it succeeds, or None where the tries are used up."""
    if browser := _known_as(request, email):
        return _take(request, ("known", f"{browser}|{email}"))
    shared = (("address", None), ("pair", f"{ratelimit.get_ip(request)}|{email}"))
    return _take(request, *shared, ("account", email)) or _take(request, *shared, ("account_slow", email))


def forgive(request: HttpRequest, email: str) -> None:
    """The owner has proved to be one by letter: what strangers have used up no longer slows them down."""
    for action, key in (("pair", f"{ratelimit.get_ip(request)}|{email}"), ("account", email), ("account_slow", email)):
        ratelimit.clear(request, app=SEAL, action=action, config=LIMITS, key=key)


def know(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Remember on this browser that `email` has signed in from it."""
    seen = _cookie(request)
    marks = [mark for mark in seen["marks"] if mark != _mark(seen["browser"], email)]
    seen["marks"] = [*marks, _mark(seen["browser"], email)][-MOST_ACCOUNTS:]
    response.set_cookie(
        COOKIE, signing.dumps(seen, salt=SEAL), max_age=KEPT_FOR, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def _known_as(request: HttpRequest, email: str) -> str:
    """The browser's own number where it knows the account; whoever is signed in is known by being so."""
    seen = _cookie(request)
    if _mark(seen["browser"], email) in seen["marks"]:
        return seen["browser"]
    user = request.user
    return f"user-{user.pk}" if user.is_authenticated and user.email.lower() == email else ""


def _cookie(request: HttpRequest) -> dict[str, Any]:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SEAL, max_age=KEPT_FOR)
    except signing.BadSignature:
        return {"browser": secrets.token_urlsafe(12), "marks": []}


def _mark(browser: str, email: str) -> str:
    """Which account, without its address: the cookie may be read by whoever sits at the browser."""
    return salted_hmac(SEAL, f"{browser}|{email}").hexdigest()[:24]


def _take(request: HttpRequest, *counts: tuple[str, str | None]) -> RateLimitUsage | None:
    """One of each count, or none at all."""
    taken = RateLimitUsage(usage=[])
    for action, key in counts:
        found = ratelimit.consume(request, app=SEAL, action=action, config=LIMITS, key=key)
        if found is None:
            taken.rollback()
            return None
        taken.usage += found.usage
    return taken
