"""Parts of the counter's pages for the board, kept for their reader until something of the counter changes.

A part is kept under its name, the reader with their roles and division, the language, the address, the minute by which
its times are told, and the version of the counter, which is read before the rows are (`onestop/version.py`): a part is
never older than what it is kept under. Each process keeps its own.
"""

import hashlib
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import caches
from django.http import HttpRequest
from django.urls import get_script_prefix
from django.utils import timezone
from django.utils.translation import get_language

from onestop import version

CACHE = "pages"
SECONDS = 60
Part = TypeVar("Part")


def part(request: HttpRequest, name: str, make: Callable[[], Part]) -> Part:
    key = _key(request, name)
    found: Part | None = caches[CACHE].get(key)
    if found is None:
        found = make()
        caches[CACHE].set(key, found, SECONDS)
    return found


def _key(request: HttpRequest, name: str) -> str:
    user = request.user
    # Whoever gets here has been let into the back office.
    assert user.is_authenticated
    reader = (user.pk, user.is_staff, user.is_superuser, user.division_id, user.zones, sorted(user.role_codes))
    place = (get_language(), get_script_prefix(), request.get_full_path(), f"{timezone.now():%Y%m%d%H%M}")
    told = repr((name, *reader, *place, version.now()))
    return f"{name}:{hashlib.sha256(told.encode('utf-8', 'surrogatepass')).hexdigest()}"
