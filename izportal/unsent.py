"""What a form of the back office sent after the session had ended: it waits for the same person to sign in, and the
page that it was sent to shows it, to be sent again or dropped. Files do not wait.

Who typed is told by a sealed cookie of the last person on the office's pages: every sign-in makes the forms of earlier
pages void (CSRF, which is asked first), so that a form which gets here was opened by that person.
"""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

COOKIE, SEAL, WAITS = "office_hand", "izportal.unsent", "unsent_office_form"
MOST_TYPED = 200_000
TOKEN, DROP = "csrfmiddlewaretoken", "_drop_unsent"
# A page with a window of its own keeps what is typed by itself.
OWN_WINDOW = "window"


class OfficeTyping:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        return _sealed(request, response) if _is_of_office(request) else response

    def process_view(self, request, view, args, kwargs):
        if not _is_of_office(request) or getattr(view, "csrf_exempt", False):
            return None
        if not request.user.is_authenticated:
            return _keep(request)
        return _given_back(request)


def _is_of_office(request: HttpRequest) -> bool:
    found = request.resolver_match
    return found is not None and "admin" in found.namespaces


def _keep(request: HttpRequest) -> None:
    by = _hand(request) if request.method == "POST" and OWN_WINDOW not in request.POST else None
    if by is None:
        return
    typed = {name: values for name, values in request.POST.lists() if name != TOKEN and "password" not in name}
    if 0 < sum(len(value) for values in typed.values() for value in values) <= MOST_TYPED:
        place = request.get_full_path()
        request.session[WAITS] = {"place": place, "by": by, "typed": typed}


def _given_back(request: HttpRequest) -> HttpResponse | None:
    """What this person sent to this very page, once; whatever is sent now takes its place."""
    kept = request.session.get(WAITS)
    if not kept or (kept["by"], kept["place"]) != (request.user.pk, request.get_full_path()):
        return None
    if request.method == "GET":
        return _shown(request, kept)
    if request.method == "POST":
        del request.session[WAITS]
    return redirect(request.get_full_path()) if DROP in request.POST else None


def _shown(request: HttpRequest, kept: dict[str, Any]) -> HttpResponse:
    """The fields as they were sent, and what was written in words, for whoever sends it to read before."""
    typed = [(name, value) for name, values in kept["typed"].items() for value in values]
    context = {
        **admin.site.each_context(request), "title": _("Chưa gửi được: phiên làm việc đã hết"),
        "typed": typed, "words": [value for name, value in typed if " " in value.strip()],
    }  # fmt: skip
    return TemplateResponse(request, "admin/unsent.html", context)


def _hand(request: HttpRequest) -> int | None:
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=SEAL)
    except signing.BadSignature:
        return None


def _sealed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if request.user.is_authenticated and _hand(request) != request.user.pk:
        response.set_cookie(
            COOKIE, signing.dumps(request.user.pk, salt=SEAL), httponly=True, samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
    return response
