"""What a search has found, kept until the land changes or the day ends, for those who get no whole page that is kept
(`izportal/kept_pages.py`); only what everyone sees is kept.

Each process keeps its own. The version is read before the land is: no answer is older than what it is kept under.
"""

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest

from zones import version

CACHE = "pages"
SECONDS = 24 * 60 * 60


class Answers:
    """Of somebody who sees more than the public no answer is kept."""

    def __init__(self, request: HttpRequest, *, on: date) -> None:
        self.is_public = not (request.user.is_authenticated and request.user.is_staff)
        self.under = f"{getattr(request, 'version', '') or version.now()} {on}" if self.is_public else ""

    def get(self, question: str) -> Any:
        return caches[CACHE].get(self._key(question)) if self.is_public else None

    def keep(self, question: str, answer: Any) -> Any:
        if self.is_public:
            caches[CACHE].set(self._key(question), answer, SECONDS)
        return answer

    def of(self, question: str, find: Callable[[], Any]) -> Any:
        """The kept answer, or what `find` finds."""
        known = self.get(question)
        return self.keep(question, find()) if known is None else known

    def _key(self, question: str) -> str:
        return hashlib.sha256(f"{self.under} {question}".encode("utf-8", "surrogatepass")).hexdigest()
