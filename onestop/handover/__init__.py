"""Many dossiers handed over to another officer at once: which ones, what will happen to each, and what did.

Each is handed over by the step `assign` on its own; one that cannot be is told with the reason, and keeps none of the
others back.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from izportal.models import User
from onestop import desk, workflow, worklist
from onestop.models import Dossier

STEP = workflow.STEPS["assign"]
# More at once is asked for in several turns: somebody reads the list before it is done.
MOST = 200


@dataclass(frozen=True)
class Picked:
    """Dossiers to hand over as their reader saw them, most urgent first; `left` are those beyond `MOST`."""

    rows: Sequence[Dossier]
    seen: dict[uuid.UUID, int]
    left: int = 0

    def mark(self, row: Dossier) -> str:
        return f"{row.pk}:{self.seen[row.pk]}"


def marked(rows: QuerySet[Dossier], marks: Iterable[str]) -> Picked:
    """The dossiers of these marks that the reader may see; what is no mark is passed over."""
    seen = dict(filter(None, map(_read, marks)))
    found = worklist.urgent_first(rows.filter(pk__in=list(seen)[: 2 * MOST]))
    return _first(found, seen)


def _read(text: str) -> tuple[uuid.UUID, int] | None:
    key, _colon, number = text.partition(":")
    try:
        return uuid.UUID(key), int(number)
    except ValueError:
        return None


def heap(rows: QuerySet[Dossier], query: str, user: User) -> tuple[Picked, str]:
    """A whole heap of the worklist with its filters, and its name."""
    form, now = worklist.WorklistForm(QueryDict(query[:4000])), worklist.Now.read(user)
    form.is_valid()
    tab = worklist.TABS[form.chosen("tab")]
    return _first(worklist.urgent_first(form.narrow(rows).filter(tab.where(now, user)))), str(tab.label)


def of_officer(rows: QuerySet[Dossier], officer: User) -> Picked:
    """Everything that an officer has at hand."""
    return _first(worklist.urgent_first(rows.filter(assigned_to=officer, status__in=STEP.moves)))


def _first(found: QuerySet[Dossier], seen: dict[uuid.UUID, int] | None = None) -> Picked:
    rows = list(worklist.worklist_rows(found)[:MOST])
    left = found.count() - MOST if len(rows) == MOST else 0
    return Picked(rows, {row.pk: row.version_no for row in rows} if seen is None else seen, left)


@dataclass(frozen=True)
class Planned:
    """What will happen to one dossier; `obstacle` says why nothing will."""

    dossier: Dossier
    mark: str
    obstacle: str


def plan(picked: Picked, *, to: User | None, by: User, covering: Sequence[User]) -> list[Planned]:
    """Nothing is written; `to` may not be chosen yet."""
    return [Planned(row, picked.mark(row), _obstacle(row, picked, to, by, covering)) for row in picked.rows]


def _obstacle(row: Dossier, picked: Picked, to: User | None, by: User, covering: Sequence[User]) -> str:
    if row.version_no != picked.seen[row.pk]:
        return _moved(row)
    if to is not None and row.assigned_to_id == to.pk:
        return _("%(who)s đang thụ lý hồ sơ này.") % {"who": to}
    return desk.why_not(row, STEP, by, covering)


def _moved(row: Dossier) -> str:
    last = row.events.select_related("by").last()
    return _("Hồ sơ đã thay đổi sau khi bạn mở danh sách: %(last)s; nay ở trạng thái “%(status)s”.") % {
        "last": desk.told(last) if last else "",
        "status": row.get_status_display(),
    }


@dataclass(frozen=True)
class Outcome:
    """What became of one dossier: done, or refused with the sentence that says why."""

    pk: str
    name: str
    is_done: bool
    sentence: str

    def as_kept(self) -> dict[str, Any]:
        return asdict(self)


def carry_out(
    picked: Picked, *, to: User, note: str, by: User, at: datetime, covering: Sequence[User]
) -> list[Outcome]:
    """Hand each over in a transaction of its own, on the version that was seen."""
    return [_hand_over(row, picked, to, note, by, at, covering) for row in picked.rows]


def _hand_over(
    row: Dossier, picked: Picked, to: User, note: str, by: User, at: datetime, covering: Sequence[User]
) -> Outcome:
    if sentence := _obstacle(row, picked, to, by, covering):
        return Outcome(str(row.pk), str(row), False, sentence)
    try:
        desk.act(row, STEP.name, by=by, at=at, seen=picked.seen[row.pk], details=lambda: {"to": to, "note": note})
    except desk.DossierMoved:
        return Outcome(str(row.pk), str(row), False, _moved(Dossier.objects.get(pk=row.pk)))
    except workflow.REFUSALS as refusal:
        return Outcome(str(row.pk), str(row), False, str(refusal))
    except DatabaseError:
        sentence = _("Hệ thống đang bận, hồ sơ này chưa thay đổi; hãy bàn giao lại.")
        return Outcome(str(row.pk), str(row), False, sentence)
    words = _("Từ %(before)s sang %(to)s.") if row.assigned_to else _("Giao cho %(to)s.")
    return Outcome(str(row.pk), str(row), True, words % {"before": row.assigned_to, "to": to})
