"""The seal of a row in a table that only grows: SHA-256 over its facts and the seal of the row before it, so that
whoever edits, inserts, removes or reorders rows behind the portal's back breaks the line. Which rows follow which, and
what of a row is sealed, stands with each table (`projects/seals.py`, `onestop/seals.py`)."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

# Rows read or written at a time.
CHUNK = 2000


def digest(facts: dict[str, Any], before: str) -> str:
    text = json.dumps({**facts, "before": before}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def moment(at: datetime) -> str:
    """A moment in the one spelling that a seal knows, whatever the zone of the reader."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
