"""What the application of a change writes, by the hundred: days, promises, events, and jobs for the letters. Called
inside the transaction of `daysoff.apply`, with every open dossier locked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.db.models import Max
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from izportal import outbox
from izportal.models import CalendarDay, User
from izportal.reasons import LONGEST, because
from onestop import seals
from onestop.daysoff.edits import COLUMNS, Edit
from onestop.daysoff.moves import ANSWER, DUE, OPINION, REPLY, Move
from onestop.models import CalendarChange, Dossier, Event, Opinion, Promise, Supplement

BATCH, LETTERS_PER_JOB = 200, 100
# What the event is called, by the promise that matters most to its reader.
STEPS = {DUE: "calendar", ANSWER: "calendar_answer", REPLY: "calendar_reply", OPINION: "calendar_opinion"}


def days(edits: Iterable[Edit], change: CalendarChange, *, by: User) -> None:
    edits = list(edits)
    stored = {row.day: row for row in CalendarDay.objects.filter(day__in=[edit.day for edit in edits])}
    gone = [stored[edit.day] for edit in edits if not edit.kind]
    changed = [_filled(stored[edit.day], edit) for edit in edits if edit.kind and edit.day in stored]
    new = [_filled(CalendarDay(day=edit.day), edit) for edit in edits if edit.kind and edit.day not in stored]
    # The log is what tells the loader of reference data that these days are the board's own.
    _log(gone, DELETION, change, by)
    with because(change):
        for row in gone:
            row._history_user = by
            row.delete()
    told = {"default_user": by, "default_change_reason": str(change)[:LONGEST]}
    bulk_update_with_history(changed, CalendarDay, COLUMNS, **told)
    bulk_create_with_history(new, CalendarDay, **told)
    _log(changed, CHANGE, change, by)
    _log(new, ADDITION, change, by)


def _filled(row: CalendarDay, edit: Edit) -> CalendarDay:
    for name in COLUMNS:
        setattr(row, name, getattr(edit, name))
    return row


def _log(rows: list[CalendarDay], flag: int, change: CalendarChange, by: User) -> None:
    if rows:
        LogEntry.objects.log_actions(by.pk, rows, flag, str(change))


def promises(moves: Iterable[Move], change: CalendarChange, *, by: User, at: datetime) -> None:
    moves = list(moves)
    rows = Dossier.objects.in_bulk({move.dossier for move in moves})
    of = {str(pk): row for pk, row in rows.items()}
    by_kind: dict[str, list[Move]] = {what: [move for move in moves if move.what == what] for what in STEPS}
    _move_dossiers(by_kind[DUE], by_kind[ANSWER], of)
    _move(Supplement, by_kind[REPLY])
    _move_opinions(by_kind[OPINION])
    Promise.objects.bulk_create(_promises(by_kind[DUE], of, change, by, at), batch_size=BATCH)
    events = seals.write_all(_events(moves, of, change, by, at))
    _ask_for_letters([event.pk for event in events if event.is_public], change)


def _move_dossiers(due: list[Move], answer: list[Move], of: dict[str, Dossier]) -> None:
    """The version moves with the date: a page that was opened before is not acted on unseen."""
    for move in due:
        of[move.dossier].due_at = move.new
    for move in answer:
        of[move.dossier].answer_by = move.new
    rows = [of[key] for key in sorted({move.dossier for move in (*due, *answer)})]
    for row in rows:
        row.version_no += 1
    Dossier.objects.bulk_update(rows, ["due_at", "answer_by", "version_no"], batch_size=BATCH)


def _move(model: type[Any], moves: list[Move]) -> None:
    rows = model.objects.in_bulk([int(move.pk) for move in moves])
    for move in moves:
        rows[int(move.pk)].reply_by = move.new
    model.objects.bulk_update(rows.values(), ["reply_by"], batch_size=BATCH)


def _move_opinions(moves: list[Move]) -> None:
    """The link lives as much longer."""
    rows = Opinion.objects.in_bulk([int(move.pk) for move in moves])
    for move in moves:
        row = rows[int(move.pk)]
        row.reply_by = move.new
        row.link_until = row.link_until and row.link_until + (move.new - move.old)
    Opinion.objects.bulk_update(rows.values(), ["reply_by", "link_until"], batch_size=BATCH)


def _promises(
    moves: list[Move], of: dict[str, Dossier], change: CalendarChange, by: User, at: datetime
) -> list[Promise]:
    told = Promise.objects.filter(dossier__status__in=Dossier.OPEN).order_by()
    last = dict(told.values_list("dossier").annotate(last=Max("number")))
    return [
        Promise(
            dossier=of[move.dossier], number=last.get(of[move.dossier].pk, 0) + 1, promised_at=move.new,
            reason=change.reason, ground=change.announcement, made_at=at, made_by=by,
            is_sample=of[move.dossier].is_sample,
        )
        for move in moves
    ]  # fmt: skip


def _events(moves: list[Move], of: dict[str, Dossier], change: CalendarChange, by: User, at: datetime) -> list[Event]:
    """One for each dossier, with all that moved."""
    told: dict[str, list[Move]] = {}
    for move in moves:
        told.setdefault(move.dossier, []).append(move)
    return [_event(of[key], told[key], change, by, at) for key in sorted(told)]


def _event(dossier: Dossier, moves: list[Move], change: CalendarChange, by: User, at: datetime) -> Event:
    first = min(moves, key=lambda move: list(STEPS).index(move.what))
    data: dict[str, Any] = {"change": change.pk, "moved": [[move.what, *move.written()[3:5]] for move in moves]}
    if first.what == DUE:
        data["due_at"] = first.new.isoformat()
    return Event(
        dossier=dossier, step=STEPS[first.what], from_status=dossier.status, to_status=dossier.status, at=at, by=by,
        role="administrator" if by.has_role("administrator") else "", note=f"{change.announcement}. {change.reason}",
        is_public=first.what != OPINION, data=data, is_sample=dossier.is_sample,
    )  # fmt: skip


def _ask_for_letters(events: list[int], change: CalendarChange) -> None:
    for start in range(0, len(events), LETTERS_PER_JOB):
        key = f"lich-{change.pk}-{start}"
        outbox.enqueue("onestop.daysoff.letters.write", events[start : start + LETTERS_PER_JOB], key=key)
