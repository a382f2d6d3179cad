"""The working calendar changed under open dossiers: proposed, looked at with every promise that would move, applied.

What a day off does to one promise is told by `moves`; the pages stand in `admin`. Nothing else writes `CalendarDay`
but the reference data of a portal without open dossiers.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db import transaction
from django.utils.translation import gettext as _

from izportal.models import CalendarDay, User
from onestop.daysoff import writing
from onestop.daysoff.edits import Edit, calendar_with, newly_announced, outstanding, touched
from onestop.daysoff.moves import Calendars, Move, find
from onestop.models import CalendarChange, Dossier

__all__ = ["CalendarMoved", "CalendarRefused", "Edit", "Move", "Preview", "apply", "draft", "drop", "look", "preview"]


class CalendarRefused(Exception):
    """The calendar is not changed; the text is a sentence for the reader."""


@dataclass(frozen=True)
class Preview:
    """What a change would do now. `days` are those worked in one of the two calendars only, `years` those whose days
    off would count as announced from now on."""

    edits: tuple[Edit, ...]
    moves: tuple[Move, ...]
    days: tuple[date, ...]
    years: tuple[int, ...]

    @cached_property
    def digest(self) -> str:
        told = [[edit.written() for edit in self.edits], [move.written() for move in self.moves]]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    @cached_property
    def moved(self) -> int:
        """How many dossiers have a date that moves."""
        return len({move.dossier for move in self.moves if not move.is_kept})

    @cached_property
    def kept(self) -> int:
        """How many have none that moves and one that the changed calendar would shorten."""
        moved = {move.dossier for move in self.moves if not move.is_kept}
        return len({move.dossier for move in self.moves} - moved)


class CalendarMoved(CalendarRefused):
    """Dossiers or the calendar have changed since the preview was shown; `now` is what would happen now."""

    def __init__(self, now: Preview):
        super().__init__(_("Chưa áp dụng: hồ sơ hoặc lịch đã thay đổi sau khi bạn xem trước. Hãy xem lại danh sách."))
        self.now = now


def preview(edits: Iterable[Edit]) -> Preview:
    """What these days would do to the calendar and to the promises of every open dossier; nothing is written."""
    left = outstanding(edits)
    old = CalendarDay.calendar()
    new = calendar_with(old, left)
    days = touched(old, new, left)
    moves = find(Calendars(old, new, days[0], days[-1])) if days else []
    return Preview(tuple(left), tuple(moves), tuple(days), tuple(newly_announced(old, new)))


def draft(edits: Iterable[Edit], *, announcement: str, reason: str, by: User | None, at: datetime) -> CalendarChange:
    """Put a change before whoever may apply it; raises `CalendarRefused` where the calendar says all of it already."""
    found = preview(edits)
    if not found.edits:
        raise CalendarRefused(_("Lịch đã có đúng các ngày này; không có gì để thay đổi."))
    change = CalendarChange(
        edits=[edit.written() for edit in found.edits], announcement=announcement, reason=reason,
        drafted_at=at, drafted_by=by,
    )  # fmt: skip
    return _remember(change, found, at)


def look(change: CalendarChange) -> Preview:
    return preview(map(Edit.read, change.edits))


def differences(change: CalendarChange, now: Preview) -> list[tuple[Move | None, Move | None]]:
    """What is no longer as it was when the change was shown last: (then, now) of each promise."""
    then = {(move.what, move.pk): move for move in map(Move.read, change.moves)}
    today = {(move.what, move.pk): move for move in now.moves}
    pairs = [(then.get(key), today.get(key)) for key in {**then, **today}]
    return [(before, after) for before, after in pairs if before != after]


def show_again(change: CalendarChange, now: Preview, *, at: datetime) -> CalendarChange:
    """Keep what was shown, so that the next look is compared with it."""
    return _remember(change, now, at)


def _remember(change: CalendarChange, found: Preview, at: datetime) -> CalendarChange:
    change.moves, change.shown_at = [move.written() for move in found.moves], at
    change.moved, change.kept = found.moved, found.kept
    change.save()
    return change


@transaction.atomic
def apply(change: CalendarChange, *, by: User, at: datetime, seen: str) -> CalendarChange:
    """Write the days, the promises, the events and the jobs for the letters, all or nothing; `seen` is the digest of
    the preview that was read. A change that has been applied is left as it is.

    Raises `CalendarMoved` where something else would happen now, `CalendarRefused` where it was dropped.
    """
    waiting = {row.pk: row for row in CalendarChange.objects.waiting().select_for_update().order_by("pk")}
    row = waiting.get(change.pk)
    if row is None:
        return _settled(CalendarChange.objects.get(pk=change.pk))
    # Steps lock the dossier before they read the calendar: whoever comes after finds the new one.
    list(Dossier.objects.open().select_for_update().order_by("pk").values_list("pk", flat=True))
    found = look(row)
    if found.digest != seen:
        raise CalendarMoved(found)
    row.applied_at, row.applied_by = at, by
    _remember(row, found, at)
    writing.days(found.edits, row, by=by)
    writing.promises([move for move in found.moves if not move.is_kept], row, by=by, at=at)
    return row


def _settled(change: CalendarChange) -> CalendarChange:
    if change.dropped_at:
        raise CalendarRefused(_("Lần sửa lịch này đã bị bỏ."))
    return change


@transaction.atomic
def drop(change: CalendarChange, *, by: User, at: datetime) -> CalendarChange:
    row = CalendarChange.objects.select_for_update().get(pk=change.pk)
    if row.applied_at:
        raise CalendarRefused(_("Lần sửa lịch này đã được áp dụng."))
    if row.dropped_at is None:
        row.dropped_at, row.dropped_by = at, by
        row.save(update_fields=["dropped_at", "dropped_by"])
    return row
