"""Where somebody is signed in: each session with its browser in words, when it was last used, and how it is ended."""

import re
import time

from allauth.account.adapter import get_adapter
from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

SEEN, SELDOM = "seen_at", 10 * 60  # seconds between two notes, so that reading pages writes nothing
BROWSERS = (
    ("Edge", r"Edg(A|iOS)?/"), ("Opera", r"OPR/"), ("Cốc Cốc", r"coc_coc_browser"), ("Samsung Internet", r"SamsungB"),
    ("Firefox", r"(Firefox|FxiOS)/"), ("Chrome", r"(Chrome|CriOS)/"), ("Safari", r"Safari/"),
)  # fmt: skip
SYSTEMS = (
    ("Android", r"Android"), ("iPhone", r"iPhone"), ("iPad", r"iPad"), ("Windows", r"Windows"),
    ("macOS", r"Mac OS X"), ("ChromeOS", r"CrOS"), ("Linux", r"Linux"),
)  # fmt: skip


def middleware(get_response):
    def answer(request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            _note(request)
        return get_response(request)

    return answer


def begin(request: HttpRequest) -> None:
    request.session[SEEN] = int(time.time())


def _note(request: HttpRequest) -> None:
    now = int(time.time())
    if now - request.session.get(SEEN, now) < SELDOM:
        return
    request.session[SEEN] = now
    row = UserSession.objects.filter(session_key=request.session.session_key)
    row.update(last_seen_at=timezone.now(), ip=get_adapter().get_client_ip(request))


def end_all(user) -> int:
    """End every session of somebody else; how many there were."""
    rows = list(UserSession.objects.filter(user=user))
    for row in rows:
        row.end()
    return len(rows)


def end_one(request: HttpRequest, row: UserSession) -> None:
    end_sessions(request, [row])


def device(agent: str) -> str:
    """A browser as people call it; what it says of itself can be any text."""
    browser = next((name for name, sign in BROWSERS if re.search(sign, agent)), "")
    system = next((name for name, sign in SYSTEMS if re.search(sign, agent)), "")
    if browser and system:
        return _("%(browser)s trên %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Trình duyệt không rõ")
