"""Where what happened to a dossier is written down: each event bears a seal over its facts and the seal of the event
before it of the same dossier (`izportal/seals.py`)."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from izportal.seals import CHUNK, Broken, check, digest, moment
from onestop.models import Event

LINKS = ("by_id", "instead_of_id")
PLAIN = ("step", "from_status", "to_status", "role", "note", "is_public", "is_sample", *LINKS)
COLUMNS = ("dossier_id", "at", "data", *PLAIN)


def of(row: dict[str, Any], before: str) -> str:
    """The seal of a row (by `COLUMNS`) that comes after the seal `before`."""
    facts = {name: row[name] for name in PLAIN}
    # As the column gives it back: keys are text there, and a tuple is a list.
    data = json.loads(json.dumps(row["data"]))
    return digest({**facts, "dossier_id": str(row["dossier_id"]), "at": moment(row["at"]), "data": data}, before)


def write(event: Event) -> Event:
    """Seal and store an event; the caller holds the dossier's row."""
    return write_all([event])[0]


def write_all(events: Iterable[Event]) -> list[Event]:
    """Seal and store events of any dossiers, in the order given; the caller holds the dossiers' rows."""
    rows = list(events)
    last = _last_seals({row.dossier_id for row in rows})
    for row in rows:
        facts = {name: getattr(row, name) for name in COLUMNS}
        row.seal = last[row.dossier_id] = of(facts, last.get(row.dossier_id, ""))
    return Event.objects.bulk_create(rows, batch_size=CHUNK)


def _last_seals(dossiers: set[Any]) -> dict[Any, str]:
    keys = sorted(dossiers)
    found: dict[Any, str] = {}
    for start in range(0, len(keys), CHUNK):
        rows = Event.objects.filter(dossier__in=keys[start : start + CHUNK]).order_by("pk")
        found.update(rows.values_list("dossier_id", "seal"))
    return found


def broken() -> Iterator[Broken]:
    """The first bad event of each dossier that has one; one pass over all events."""
    rows = Event.objects.order_by("dossier_id", "pk").values("pk", "seal", *COLUMNS)
    return check(rows.iterator(chunk_size=CHUNK), owner="dossier_id", of=of)
