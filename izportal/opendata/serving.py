"""How open data goes out: to every site and program, so many calls a minute, and not again to whoever has it."""

import hashlib
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language

from izportal.indicators import written
from izportal.models import Rule
from izportal.opendata import package
from izportal.opendata.asking import Question
from izportal.opendata.resources import Resource

WINDOW, MOST, MOST_FILES = 60, 300, 120
RULES = {"calls": ("open_data_calls_per_minute", MOST), "files": ("open_data_files_per_minute", MOST_FILES)}
SHOWN = "ETag, Last-Modified, Link, Retry-After, X-As-Of, X-As-Known, X-Data, Content-Disposition"
# Until so long after something was first seen, a change within the same second could hide behind its date.
SETTLED = timedelta(seconds=2)
SEEN_FOR = 7 * 24 * 3600
METHODS = "GET, HEAD, OPTIONS"
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS, "Access-Control-Max-Age": "86400",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since, Accept-Language",
}  # fmt: skip


class TooManyCalls(Exception):
    """`wait` is the number of seconds after which the count begins anew."""

    def __init__(self, wait: int):
        self.wait = wait


def count(request: HttpRequest, what: str) -> None:
    """Count a call or a file of whoever sends the request; raises `TooManyCalls`."""
    now = int(time.time())
    place = hashlib.sha256(get_adapter().get_client_ip(request).encode()).hexdigest()[:32]
    key = f"open-data-{what}:{place}:{now // WINDOW}"
    cache.add(key, 0, WINDOW * 2)
    try:
        calls = cache.incr(key)
    except ValueError:  # thrown out of the cache in between
        return
    rule, most = RULES[what]
    if calls > int(Rule.objects.texts([rule], on=timezone.localdate()).get(rule, most)):
        raise TooManyCalls(WINDOW - now % WINDOW)


def open_to_all(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Any site may read the answer, and none gets what it would tell a signed-in reader."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in METHODS.split(", "):
            return _open(HttpResponse(status=405, headers={"Allow": METHODS}))
        if request.method == "OPTIONS":
            return _open(HttpResponse(status=204, headers={**PREFLIGHT, "Allow": METHODS}))
        return _open(view(request, *args, **kwargs))

    return answer


def _open(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = SHOWN
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


# Not again to whoever has it ----------------------------------------------------------------------
def tag_of(*facts: object) -> str:
    """Weak: the compressed answer is the same answer."""
    told = repr((*facts, get_language(), package.VERSION))
    return f'W/"{hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]}"'


def version_of(resource: Resource, question: Question, *more: object) -> str | None:
    """What an answer is known by before it is made; None where it rests on more than the database counts."""
    if resource.version is None:
        return None
    columns = [column.name for column in resource.columns]
    return tag_of(resource.name, columns, question, resource.version(), *more)


def first_seen(tag: str) -> datetime | None:
    """Since when this very answer has been given; None while that is too short to be told by a date."""
    key, now = f"open-data-seen:{tag[3:-1]}", datetime.now(UTC).replace(microsecond=0)
    seen: datetime = cache.get_or_set(key, now, SEEN_FOR) or now
    return seen if now - seen >= SETTLED else None


def conditional(
    request: HttpRequest, tag: str | None, make: Callable[[], HttpResponseBase]
) -> HttpResponseBase:  # fmt: skip
    """The answer, or word that it is at hand. Without a tag given, that of the content."""
    response = make() if tag is None else None
    if response is not None:
        tag = tag_of(getattr(response, "content", b""))
    assert tag is not None
    seen = first_seen(tag)
    bare = HttpResponse(headers=_known_by(tag, seen))
    told = get_conditional_response(
        request, etag=tag, last_modified=int(seen.timestamp()) if seen else None, response=bare
    )
    if told is not None and told is not bare:
        return with_headers(told, _known_by(tag, seen))
    return with_headers(response or make(), _known_by(tag, seen))


def with_headers(response: HttpResponseBase, headers: dict[str, str]) -> HttpResponseBase:
    for name, value in headers.items():
        response.headers[name] = value
    return response


def _known_by(tag: str, seen: datetime | None) -> dict[str, str]:
    dated = {"Last-Modified": http_date(seen.timestamp())} if seen else {}
    return {"ETag": tag, "Cache-Control": "no-cache", "Vary": "Accept-Language", **dated}


def answered(resource: Resource, question: Question) -> dict[str, str]:
    """The headers that say which question was answered."""
    return {
        "X-As-Of": question.on.isoformat(), "X-As-Known": written(question.known) or "now",
        "X-Data": package.data_of(question),
        "Link": f'<{reverse("opendata_package")}>; rel="describedby", <{package.LICENCE["path"]}>; rel="license"',
    }  # fmt: skip


def streamed(pieces: Iterable[str], content_type: str, headers: dict[str, str]) -> StreamingHttpResponse:
    return StreamingHttpResponse(pieces, content_type=content_type, headers=headers)
