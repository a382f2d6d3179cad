"""Whether a change still says what was written: each row carries a seal over its facts and the seal of the row before
it of the same project. Somebody who edits, inserts or removes a row behind the portal's back breaks the line."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from izportal.seals import CHUNK, Broken, check, digest, moment
from projects.models import Change

# Amounts as the columns keep them, so that a seal is the same before and after the row has been stored.
PLAIN = ("kind", "stands_as", "decision_number", "rate_source", "note")
DAYS = ("effective_on", "decision_on", "rate_on")
AMOUNTS = ("capital_usd", "capital_vnd", "exchange_rate", "area_m2")
LINKS = ("project_id", "supersedes_id", "recorded_by_id")
COLUMNS = (*PLAIN, *DAYS, *AMOUNTS, *LINKS, "recorded_at", "is_sample")


def of(row: dict[str, Any], before: str) -> str:
    """The seal of a row (by `COLUMNS`) that comes after the seal `before`."""
    facts = {
        **{name: row[name] for name in (*PLAIN, *LINKS, "is_sample")},
        **{name: row[name] and row[name].isoformat() for name in DAYS},
        **{name: _written(row[name]) for name in AMOUNTS},
        "recorded_at": moment(row["recorded_at"]),
    }
    return digest(facts, before)


def _written(amount: Any) -> str | None:
    return None if amount is None else f"{Decimal(amount):.2f}"


def sealed(change: Change) -> Change:
    """The change with the seal that it is stored with; the caller holds the project's row."""
    before = Change.objects.filter(project=change.project_id).order_by("-pk").values_list("seal", flat=True).first()
    change.seal = of({name: getattr(change, name) for name in COLUMNS}, before or "")
    return change


def broken() -> Iterator[Broken]:
    """The first bad row of each project that has one, in the order of their ids; one pass over all changes."""
    rows = Change.objects.order_by("project_id", "pk").values("pk", "seal", "project__code", *COLUMNS)
    return check(rows.iterator(chunk_size=CHUNK), owner="project_id", of=of)
