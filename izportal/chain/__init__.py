"""The chain over all that was written down: the seals of two logs, events of dossiers and changes of projects, and
for each day that is over a head over the day before and the seals of that day's rows. Whoever keeps a head keeps a
proof of everything that stood before it.

Invented rows are sealed too, but stand in no head: they may be taken away.
"""

import hashlib
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.db import connection, models, transaction
from django.db.models import Max
from django.utils import timezone

from izportal.models import SealedDay
from izportal.seals import CHUNK, Broken
from onestop import seals as event_seals
from onestop.models import Event
from projects import seals as change_seals
from projects.models import Change

DAY = timedelta(days=1)
Rows = Generator[tuple[int, datetime, str], None, None]


@dataclass(frozen=True)
class Log:
    """A table that only grows; `moment` is the column that says when a row was written, `path` leads to the words by
    which people know whose row it is."""

    name: str
    model: type[models.Model]
    moment: str
    path: tuple[str, ...]
    broken: Callable[[], Iterator[Broken]]

    @property
    def rows(self) -> models.QuerySet[Any]:
        return self.model._base_manager.filter(is_sample=False).order_by("pk")

    def owner_of(self, key: int) -> str:
        found = self.model._base_manager.filter(pk=key).values_list(*self.path).first() or ()
        return next((str(word) for word in found if word), "")


# In the order in which a day's head takes them.
LOGS = (
    Log("event", Event, "at", ("dossier__code", "dossier__reference", "dossier_id"), event_seals.broken),
    Log("change", Change, "recorded_at", ("project__code",), change_seals.broken),
)


# Closing days -------------------------------------------------------------------------------------
@transaction.atomic
def seal_days(*, at: datetime) -> int:
    """Close every day before that of `at` which is not closed yet; how many were closed."""
    marks = {log.name: _settled(log.model) for log in LOGS}
    _hold(SealedDay, "SHARE ROW EXCLUSIVE")
    last, end = SealedDay.objects.first(), timezone.localdate(at)
    streams = {log.name: _Stream(_new_rows(log, last, marks[log.name]), last) for log in LOGS}
    days = [stream.day for stream in streams.values() if stream.day]
    day, sealed = last.day + DAY if last else min(days, default=end), 0
    while day < end:
        last = _close(day, last, streams, at)
        day, sealed = day + DAY, sealed + 1
    for stream in streams.values():
        stream.close()
    return sealed


def _settled(model: type[models.Model]) -> int:
    """The last key of a table: no row with a smaller one will be committed any more."""
    with transaction.atomic():
        _hold(model, "SHARE")
        found = model._base_manager.aggregate(last=Max("pk"))["last"]
    return found or 0


def _hold(model: type[models.Model], mode: str) -> None:
    """SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {model._meta.db_table} IN {mode} MODE")


def _new_rows(log: Log, last: SealedDay | None, mark: int) -> Rows:
    since = getattr(last, f"last_{log.name}", 0)
    rows = log.rows.filter(pk__gt=since, pk__lte=mark).values_list("pk", log.moment, "seal")
    yield from rows.iterator(chunk_size=CHUNK)


class _Stream:
    """New rows of a log, day by day. A row belongs to the latest day seen up to it, so that a day's rows stand
    together in the order of their keys, whatever a clock said in between."""

    def __init__(self, rows: Rows, last: SealedDay | None):
        self._latest = last.day + DAY if last else date.min
        self._rest = rows
        self._groups = groupby(rows, key=self._day_of)
        self.day: date | None
        self._rows: Iterator[tuple[int, datetime, str]]
        self._next()

    def _next(self) -> None:
        self.day, self._rows = next(self._groups, (None, iter(())))

    def _day_of(self, row: tuple[int, datetime, str]) -> date:
        self._latest = max(self._latest, timezone.localdate(row[1]))
        return self._latest

    def close(self) -> None:
        """Today's rows are left unread, and with them the database's hold on them."""
        self._rest.close()

    def take(self, day: date) -> Iterator[tuple[int, str]]:
        if self.day == day:
            yield from ((key, seal) for key, _at, seal in self._rows)
            self._next()


def _close(day: date, last: SealedDay | None, streams: dict[str, _Stream], at: datetime) -> SealedDay:
    row, head = SealedDay(day=day, sealed_at=at), Head(last)
    for log in LOGS:
        tally = head.take(streams[log.name].take(day))
        before = getattr(last, f"last_{log.name}", 0)
        setattr(row, f"{log.name}s", tally.count)
        setattr(row, f"first_{log.name}", tally.first)
        setattr(row, f"last_{log.name}", tally.last or before)
    row.head = head.of(row)
    row.save(force_insert=True)
    return row


# Heads --------------------------------------------------------------------------------------------
@dataclass
class Tally:
    count: int = 0
    first: int | None = None
    last: int | None = None


class Head:
    """The head of a day: SHA-256 over the head of the day before, the seals of the day's rows and what the day's line
    says of them, each on a line of its own."""

    def __init__(self, last: SealedDay | None):
        self._hash = hashlib.sha256()
        self._add(last.head if last else "")

    def _add(self, line: str) -> None:
        self._hash.update(f"{line}\n".encode())

    def take(self, rows: Iterator[tuple[int, str]]) -> Tally:
        tally = Tally()
        for key, seal in rows:
            self._add(seal)
            tally = Tally(tally.count + 1, tally.first or key, key)
        return tally

    def of(self, row: SealedDay) -> str:
        self._add(f"{row.day:%Y-%m-%d} {row.events} {row.last_event} {row.changes} {row.last_change}")
        return self._hash.hexdigest()
