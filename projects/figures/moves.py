"""Why a figure of the register is another than it was: the changes that came into it, left it or were replaced."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.urls import reverse

from izportal.indicators import Asked, Move
from projects.models import Change

Counted = Callable[[Asked], QuerySet[Change]]
Compared = tuple[Move, dict[str, Any] | None, dict[str, Any] | None]
TOLD = ("pk", "effective_on", "recorded_at", "decision_number", "note", "stands_as", "supersedes_id")
CLASSES = ("origin", "zone_id", "sector_id")
BY_WHAT = ("recorded_at", "decision_number", "note", "stands_as")


def between(counted: Counted, before: Asked, after: Asked) -> list[Move]:
    """The differences, the largest first; they add up to the difference of the two answers."""
    found = [move for move, _old, _new in compared(counted, before, after) if move.amount]
    return sorted(found, key=lambda move: (-abs(Decimal(move.amount)), move.what, move.basis))


def compared(counted: Counted, before: Asked, after: Asked) -> list[Compared]:
    """Each row that one of the answers counts and the other does not, beside the row that stands for it there."""
    old, new = counted(before), counted(after)
    came, went = _told(new.filter(~_among(old))), _told(old.filter(~_among(new)))
    heirs = _heirs(went, set(came))
    found: list[Compared] = []
    for pk, row in went.items():
        heir = came.pop(heirs[pk], None) if pk in heirs else None
        found.append((_replaced(row, heir) if heir else _left(row, after), row, heir))
    found += [(_entered(row, before), None, row) for row in came.values()]
    return found + list(_reclassified(old, new))


def _among(rows: QuerySet[Change], name: str = "pk") -> Exists:
    """Asked row by row; PostgreSQL would go through a list that it cannot hold once for each row."""
    return Exists(rows.filter(**{name: OuterRef(name)}))


def _reclassified(old: QuerySet[Change], new: QuerySet[Change]) -> Iterator[Compared]:
    """Rows that both answers count, but under another class."""
    after = _told(new.filter(_among(old), ~_among(old, "class_id")))
    before = _told(old.filter(pk__in=list(after))) if after else {}
    for pk, row in after.items():
        if any(before[pk][name] != row[name] for name in CLASSES):
            yield _move("reclassified", row, row["amount"] - before[pk]["amount"]), before[pk], row


def _told(rows: QuerySet[Change]) -> dict[int, dict[str, Any]]:
    by_what = {f"by_{name}": F(f"superseded_by__{name}") for name in BY_WHAT}
    told = rows.order_by("effective_on", "pk").values(
        *TOLD, *rows.query.annotations, "project__origin", code=F("project__code"), **by_what
    )
    return {row["pk"]: row for row in told}


def _heirs(went: dict[int, dict[str, Any]], came: set[int]) -> dict[int, int]:
    """Row → the row that now counts in its place, through however many corrections."""
    heirs: dict[int, int] = {}
    open_ = {pk: pk for pk in went}
    while open_:
        later = dict(Change.objects.filter(supersedes__in=open_).order_by().values_list("supersedes_id", "pk"))
        heirs |= {open_[pk]: heir for pk, heir in later.items() if heir in came}
        open_ = {heir: open_[pk] for pk, heir in later.items() if heir not in came}
    return heirs


def _replaced(old: dict[str, Any], new: dict[str, Any]) -> Move:
    cause = "annulled" if new["stands_as"] == Change.Kind.CORRECTION else "corrected"
    return _move(cause, new, new["amount"] - old["amount"])


def _left(row: dict[str, Any], after: Asked) -> Move:
    """Superseded by a row that the figure does not count, or no longer of the question."""
    by = row["by_recorded_at"]
    if by is None or (after.known and by > after.known):
        is_outside = not after.start <= row["effective_on"] <= after.on
        return _move("left_period" if is_outside else "reclassified", row, -row["amount"])
    cause = "annulled" if row["by_stands_as"] == Change.Kind.CORRECTION else "corrected"
    return _move(cause, {**row, **{name: row[f"by_{name}"] for name in BY_WHAT}}, -row["amount"])


def _entered(row: dict[str, Any], before: Asked) -> Move:
    is_news = before.known is not None and row["recorded_at"] > before.known
    if is_news and row["supersedes_id"]:
        return _move("corrected", row, row["amount"])
    if row["effective_on"] > before.on:
        return _move("happened", row, row["amount"])
    return _move("back_dated" if is_news else "reclassified", row, row["amount"])


def _move(cause: str, row: dict[str, Any], amount: Any) -> Move:
    link = reverse("projects:project_detail", args=[row["code"]])
    return Move(
        cause, amount, what=row["code"], link=link, on=row["effective_on"], recorded_at=row["recorded_at"],
        basis=row["decision_number"], note=row["note"],
    )  # fmt: skip
