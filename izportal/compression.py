"""Pages go out compressed where no server in front of the portal does that; files that are read by people stay whole.

A few random bytes in each answer keep its length from telling what is in it (the base class sees to that).
"""

import gzip
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip

WORDY = ("text/", "application/json", "application/xml", "application/atom+xml", "application/geo+json", "image/svg")


class PagesCompressed(GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith(WORDY):
            return response
        return super().process_response(request, response)


def is_wanted(request: HttpRequest) -> bool:
    """Does the portal itself compress what this reader gets?"""
    return _is_ours() and bool(re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", "")))


@cache
def _is_ours() -> bool:
    return f"{__name__}.{PagesCompressed.__name__}" in settings.MIDDLEWARE


def pressed(content: bytes) -> bytes:
    """A page compressed for many readers; without a secret in it, so that its length has nothing to tell."""
    return gzip.compress(content, compresslevel=6, mtime=0)
