"""The seal of a row in a table that only grows: SHA-256 over its facts and the seal of the row before it, so that
whoever edits, inserts, removes or reorders rows behind the portal's back breaks the line. Which rows follow which, and
what of a row is sealed, stands with each table (`projects/seals.py`, `onestop/seals.py`)."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Row = dict[str, Any]
# Rows read or written at a time.
CHUNK = 2000


@dataclass(frozen=True)
class Broken:
    """The first row of its owner that does not follow on the row before it; `intruder` is that row's key where it is
    plain that it was put in between."""

    row: Row
    intruder: int | None = None


def digest(facts: Row, before: str) -> str:
    text = json.dumps({**facts, "before": before}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def moment(at: datetime) -> str:
    """A moment in the one spelling that a seal knows, whatever the zone of the reader."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def check(rows: Iterable[Row], *, owner: str, of: Callable[[Row, str], str]) -> Iterator[Broken]:
    """The first bad row of each owner that has one; rows come owner by owner, each owner's in the order of their keys,
    with their `pk` and `seal`."""
    last: Row = {}
    earlier, is_bad = "", False
    for row in rows:
        if row[owner] != last.get(owner):
            last, earlier, is_bad = {}, "", False
        before = last.get("seal", "")
        if not is_bad and row["seal"] != of(row, before):
            is_bad = True
            yield Broken(row, last["pk"] if last and row["seal"] == of(row, earlier) else None)
        last, earlier = row, before
