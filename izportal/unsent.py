"""What a form sent too late: after its session had ended, or from a page older than the last sign-in. Nothing is done
with it; whoever typed it gets it back to send again or to drop. Files do not wait.

Who typed is told by the token of the page. A sealed cookie remembers whose page each of the last tokens stood on, so
that neither the next person at the machine nor a page of strangers can put words under anybody's hand.
"""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import InvalidTokenFormat, _check_token_format, _does_token_match
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure

from izportal.windows import window_of

COOKIE, SEAL, WAITS = "typing_hands", "izportal.unsent", "unsent_form"
MOST_TYPED, MOST_HANDS = 200_000, 6
TOKEN, DROP = "csrfmiddlewaretoken", "_drop_unsent"
# A page with a window of its own keeps what is typed by itself.
OWN_WINDOW = "window"
# Passwords and codes are typed again.
SECRETS = ("account_", "mfa_", "socialaccount_")
NOBODY = 0

Typed = dict[str, list[str]]


class UnsentForms:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if _asks_who_it_is(request, response):
            _keep(request)
        return _noted(request, response)

    def process_view(self, request, view, args, kwargs):
        request.takes_forms = not getattr(view, "csrf_exempt", False)
        return _given_back(request) if settings.SESSION_COOKIE_NAME in request.COOKIES else None


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is older than the last sign-in: its text comes back to be sent again by the same person."""
    if request.user.is_authenticated and _view(request) == "account_login":
        return redirect(request.get_full_path())
    by, typed = window_of(request)[0], _typed(request)
    by = _hand(request) if by is None else by
    is_anothers = request.user.is_authenticated and by not in (NOBODY, request.user.pk)
    if by is None or is_anothers or not typed:
        return csrf_failure(request, reason)
    return _shown(request, typed, title=_("Chưa gửi được: trang mở trước lần đăng nhập gần nhất"), status=403)


def _view(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _asks_who_it_is(request: HttpRequest, response: HttpResponse) -> bool:
    """A form that was answered with the way to the sign-in."""
    is_form = (
        request.method == "POST" and getattr(request, "takes_forms", False) and "HX-Request" not in request.headers
    )
    if not is_form or response.status_code != 302 or request.user.is_authenticated:
        return False
    where = response["Location"].partition("?")[0]
    return where in (reverse("account_login"), reverse("admin:login"))


def _keep(request: HttpRequest) -> None:
    by, typed = _hand(request), _typed(request)
    if by and typed and OWN_WINDOW not in typed:
        request.session[WAITS] = {"place": request.get_full_path(), "by": by, "typed": typed}


def _typed(request: HttpRequest) -> Typed:
    """The fields of a form as they were sent; {} where they hold secrets or are more than anybody types."""
    if request.method != "POST" or _view(request).startswith(SECRETS):
        return {}
    typed = {name: values for name, values in request.POST.lists() if name != TOKEN and "password" not in name}
    size = sum(len(value) for values in typed.values() for value in values)
    return typed if size <= MOST_TYPED else {}


def _given_back(request: HttpRequest) -> HttpResponse | None:
    """What this person sent to this very page, once; whatever is sent now takes its place."""
    kept = request.session.get(WAITS)
    if not kept or (kept["by"], kept["place"]) != (request.user.pk, request.get_full_path()):
        return None
    if request.method == "GET":
        return _shown(request, kept["typed"], title=_("Chưa gửi được: phiên làm việc đã hết"))
    if request.method == "POST":
        del request.session[WAITS]
    return redirect(request.get_full_path()) if DROP in request.POST else None


def _shown(request: HttpRequest, typed: Typed, *, title: str, status: int = 200) -> HttpResponse:
    """The fields as they were sent, and what was written in words, for whoever sends it to read before."""
    is_office = _view(request).startswith("admin:") and request.user.is_authenticated
    fields = [(name, value) for name, values in typed.items() for value in values]
    context: dict[str, Any] = {
        **(admin.site.each_context(request) if is_office else {}), "title": title, "typed": fields,
        "words": [value for _name, value in fields if " " in value.strip()],
        "address": request.get_full_path(), "is_waiting": WAITS in request.session,
    }  # fmt: skip
    page = TemplateResponse(request, "admin/unsent.html" if is_office else "unsent.html", context, status=status)
    add_never_cache_headers(page)
    return page


def _hands(request: HttpRequest) -> list[tuple[int, str]]:
    """(whose page, its secret) of the last pages with a form in this browser."""
    try:
        return [(by, secret) for by, secret in signing.loads(request.COOKIES.get(COOKIE, ""), salt=SEAL)]
    except signing.BadSignature:
        return []


def _hand(request: HttpRequest) -> int | None:
    """Whose page it was that sent this: NOBODY's where nobody was signed in, None where that is not known."""
    token = request.POST.get(TOKEN, "")
    try:
        _check_token_format(token)
    except InvalidTokenFormat:
        return None
    owners = [by for by, secret in _hands(request) if _does_token_match(token, secret)]
    return max(owners, default=None)


def _noted(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Every page that shows a token is somebody's."""
    # The second where the view itself is under guard, as all of the back office are.
    if request.META.get("CSRF_COOKIE_NEEDS_UPDATE") or settings.CSRF_COOKIE_NAME in response.cookies:
        hand, hands = (request.user.pk or NOBODY, request.META["CSRF_COOKIE"]), _hands(request)
        if hand not in hands:
            response.set_cookie(
                COOKIE, signing.dumps([*hands, hand][-MOST_HANDS:], salt=SEAL), httponly=True, samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
    return response
