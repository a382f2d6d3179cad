"""Public pages kept whole for whoever reads them as nobody in particular: without a session and without a message.

A page is kept under all that it is made of: the address with its host, the language, the day, and the version of what
it shows, which is read before the rows are, so that no page is older than what it is kept under. Whatever carries a
cookie or a form with a token of its own is kept for nobody. Each process keeps a bounded number and forgets them when
it ends, so that a new release begins with none.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from izportal import compression

CACHE = "pages"
SECONDS = 24 * 60 * 60
# What tells a reader from others: who has one of them gets a page made for them.
OWN_COOKIES = frozenset({settings.SESSION_COOKIE_NAME, "messages"})
# The headers of a page as `render` makes it; a view that sets others says more than its content.
PLAIN = {"Content-Type"}


def kept(version: Callable[[], str]) -> Callable:
    """For a view that reads nothing of the request but its address; `version` gives another word after every write to
    anything that its page shows, the mark of sample data included."""

    def around(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not _is_for_anyone(request):
                return view(request, *args, **kwargs)
            # The view finds here what it is kept under.
            request.version = version()
            key = _key(request, request.version)
            page = caches[CACHE].get(key)
            if page is None:
                response = view(request, *args, **kwargs)
                if not _is_alike_for_all(request, response):
                    return response
                page = Page(response.content, response.headers["Content-Type"])
                caches[CACHE].set(key, page, SECONDS)
            return _sent(request, key, page)

        return answer

    return around


class Page(NamedTuple):
    content: bytes
    content_type: str

    @property
    def etag(self) -> str:
        """Weak: the compressed page is the same page."""
        return f'W/"{hashlib.sha256(self.content).hexdigest()[:32]}"'


def _is_for_anyone(request: HttpRequest) -> bool:
    return request.method in ("GET", "HEAD") and OWN_COOKIES.isdisjoint(request.COOKIES) and not settings.DEBUG


def _is_alike_for_all(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page, all of it in its content, for which the view has begun nothing with this reader alone."""
    if response.status_code != 200 or response.streaming or response.cookies or response.headers.keys() - PLAIN:
        return False
    has_token = request.META.get("CSRF_COOKIE_NEEDS_UPDATE", False)
    is_told = getattr(get_messages(request), "added_new", False)
    return not (has_token or is_told or request.session.modified)


def _key(request: HttpRequest, version: str) -> str:
    """Path and query as they came, so that no two addresses which a view could tell apart share a key."""
    address = (request.scheme, request.get_host(), request.path, request.META["QUERY_STRING"])
    told = repr((*address, get_language(), timezone.localdate(), version))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _sent(request: HttpRequest, key: str, page: Page) -> HttpResponse:
    """The page, or word that the reader has it already; whoever keeps it asks each time whether it still stands."""
    headers = {"Content-Type": page.content_type, "ETag": page.etag, "Cache-Control": "no-cache", "Vary": "Cookie"}
    response = HttpResponse(headers=headers)
    told = get_conditional_response(request, etag=page.etag, response=response)
    if told is not None and told is not response:
        return told
    if compression.is_wanted(request):
        response.content = _pressed(key, page.content)
        response.headers["Content-Encoding"] = "gzip"
        patch_vary_headers(response, ["Accept-Encoding"])
    else:
        response.content = page.content
    return response


def _pressed(key: str, content: bytes) -> bytes:
    """Compressed once: with no secret in the page, its length may be always the same."""
    known = caches[CACHE].get(f"{key}-gzip")
    if known is None:
        known = compression.pressed(content)
        caches[CACHE].set(f"{key}-gzip", known, SECONDS)
    return known
