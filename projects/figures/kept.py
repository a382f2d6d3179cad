"""What the register said to a question, kept until the register changes.

An answer rests on nothing but the rows of the register and the question itself: changes are append-only, a question
names its day, and no row is read by the clock. So an answer is true as long as the version stands that was read before
it was looked up (`projects/version.py`: the database counts every write, whoever writes). The answer goes to the
database's own cache: what a transaction that is rolled back has seen goes with it.
"""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.core.cache import cache

from izportal.indicators import Asked
from projects import version

Answer = TypeVar("Answer")
# Another form of what is kept gets another number.
FORM = 5
SECONDS = 7 * 24 * 3600


def answer(what: str, asked: Asked, find: Callable[[Asked], Answer]) -> Answer:
    """What `find` says to the question; two queries where it has been asked before."""
    key = _key(what, asked)
    found: Any = cache.get(key)
    if found is None:
        found = find(asked)
        cache.set(key, found, SECONDS)
    return found


def _key(what: str, asked: Asked) -> str:
    said = urlencode({**asked.query(), "form": FORM, "version": version.now()})
    return f"figures:{what}:{hashlib.sha256(said.encode()).hexdigest()}"
