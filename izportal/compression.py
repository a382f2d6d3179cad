"""Pages go out compressed where no server in front of the portal does that; files that are read by people stay whole.

A few random bytes in each answer keep its length from telling what is in it (the base class sees to that).
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

WORDY = ("text/", "application/json", "application/xml", "application/atom+xml", "application/geo+json", "image/svg")


class PagesCompressed(GZipMiddleware):
    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith(WORDY):
            return response
        return super().process_response(request, response)
