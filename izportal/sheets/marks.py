"""Values as they are kept, and the digest by which a later look tells whether a record has changed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from django.db import models

PLAIN = frozenset({str, int, bool, type(None)})


def stored(value: Any) -> Any:
    """A value as it is kept: what JSON knows, the same for equal values."""
    if type(value) in PLAIN or isinstance(value, str | int):
        return value
    if isinstance(value, Decimal):
        text = format(value, "f")
        return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, date):
        return value.isoformat()
    return value


def differ(one: Any, other: Any) -> bool:
    return one is not other and bool(stored(one) != stored(other))


def mark_of(values: Mapping[str, Any]) -> str:
    """A short digest by which a later look tells whether one of the values has changed."""
    told = repr(sorted((name, stored(value)) for name, value in values.items()))
    return blake2b(told.encode(), digest_size=12).hexdigest()
