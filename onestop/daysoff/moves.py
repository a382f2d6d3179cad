"""Which promises a change of the calendar moves: due dates, answers of the reception, replies of applicants and of
bodies asked. Each moves later or stays; a printed promise is never shortened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from izportal.models import Rule
from izportal.workdays import Calendar
from onestop import clock
from onestop.deeds import REPLY_RULES, deadline
from onestop.models import Dossier, Opinion, Supplement

DUE, ANSWER, REPLY, OPINION = "due", "answer", "reply", "opinion"
KINDS = (DUE, ANSWER, REPLY, OPINION)
RULES = ("first_answer_hours", "supplement_reply_days", *REPLY_RULES.values())


@dataclass(frozen=True)
class Move:
    """`new` is what will be promised, `law` what the changed calendar gives by itself; kept where that is earlier than
    the date promised."""

    what: str
    pk: str
    dossier: str
    old: datetime
    new: datetime
    law: datetime

    @property
    def is_kept(self) -> bool:
        return self.new == self.old

    def written(self) -> list[str]:
        moments = (self.old.isoformat(), self.new.isoformat(), self.law.isoformat())
        return [self.what, self.pk, self.dossier, *moments]

    @classmethod
    def read(cls, row: list[str]) -> "Move":
        what, pk, dossier, *moments = row
        old, new, law = map(datetime.fromisoformat, moments)
        return cls(what, pk, dossier, old, new, law)


@dataclass(frozen=True)
class Calendars:
    """Before and after, with the first and the last day that is worked in one of them only."""

    old: Calendar
    new: Calendar
    first: date
    last: date

    def rolled(self, moment: datetime) -> datetime:
        """A day that is no longer worked gives way to the next that is."""
        day = self.new.local(moment).date()
        if self.new.is_working(day) or not self.old.is_working(day):
            return moment
        return self.new.close_of(self.new.working_day_from(day))

    def move(
        self, what: str, row, old: datetime | None, before: datetime | None, after: datetime | None
    ) -> Move | None:
        """`before` and `after` are the date by law in the two calendars. None where nothing changes: a date promised
        beyond the limit is there already when the limit comes nearer to it."""
        if old is None:
            return None
        law = after if after is not None and after != before else None
        is_beyond = before is None or old > before
        new = max(filter(None, (old, law, self.rolled(old) if is_beyond else None)))
        is_shortened = before is not None and law is not None and law < before
        if new == old and not is_shortened:
            return None
        dossier = row if isinstance(row, Dossier) else row.dossier
        return Move(what, str(row.pk), str(dossier.pk), *map(self.new.local, (old, new, law or new)))


def find(calendars: Calendars) -> list[Move]:
    """Every promise of an open dossier that moves or is kept; a fixed number of questions to the database."""
    limits = _Limits()
    moves = [*_of_dossiers(calendars, limits), *_of_requests(calendars, limits), *_of_opinions(calendars)]
    return sorted(moves, key=lambda move: (move.is_kept, KINDS.index(move.what), move.old, move.pk))


def _between(calendars: Calendars, since: str, until: str) -> Q:
    """Rows whose time runs over one of the changed days."""
    local = calendars.new.local(datetime.combine(calendars.first, datetime.min.time()))
    end = calendars.new.local(datetime.combine(calendars.last, datetime.max.time()))
    return Q(**{f"{until}__gte": local, f"{since}__lte": end})


def _of_dossiers(calendars: Calendars, limits: "_Limits") -> Iterator[Move]:
    open_rows = Dossier.objects.open().select_related("case", "version").prefetch_related("supplements")
    due = open_rows.filter(_between(calendars, "received_at", "due_at"))
    for row in due.order_by("pk").iterator(chunk_size=1000):
        if move := _due(row, calendars):
            yield move
    answer = open_rows.filter(_between(calendars, "submitted_at", "answer_by"), status=Dossier.Status.SUBMITTED)
    for row in answer.order_by("pk").iterator(chunk_size=1000):
        if move := _answer(row, calendars, limits):
            yield move


def _due(dossier: Dossier, calendars: Calendars) -> Move | None:
    """While the applicant holds it no date stands, and the next one is promised when it is back; but a date beyond the
    limit (an apology) stands all the time, and may fall on a new day off."""
    before = deadline(dossier, calendars.old)
    if not before.is_paused:
        after = before.under(calendars.new).due_at
        return calendars.move(DUE, dossier, dossier.due_at, before.due_at, after)
    promised, due_at = before.before_last_pause(), dossier.due_at
    is_beyond = promised is not None and due_at is not None and due_at > promised
    return calendars.move(DUE, dossier, dossier.due_at, None, None) if is_beyond else None


def _answer(dossier: Dossier, calendars: Calendars, limits: "_Limits") -> Move | None:
    back = [row.answered_at for row in dossier.supplements.all() if row.stage == Supplement.Stage.INTAKE]
    start = max(filter(None, (dossier.submitted_at, *back)))
    return calendars.move(
        ANSWER, dossier, dossier.answer_by, *limits.ends("first_answer_hours", start, dossier.answer_by, calendars)
    )


def _of_requests(calendars: Calendars, limits: "_Limits") -> Iterator[Move]:
    waiting = Supplement.objects.filter(accepted_at__isnull=True, answered_at__isnull=True)
    rows = _open(waiting).filter(_between(calendars, "asked_at", "reply_by")).select_related("dossier__version")
    for row in rows.order_by("pk"):
        code = REPLY_RULES.get(row.dossier.version.clock_mode, "supplement_reply_days")
        ends = limits.ends(code, row.asked_at, row.reply_by, calendars)
        if move := calendars.move(REPLY, row, row.reply_by, *ends):
            yield move


def _of_opinions(calendars: Calendars) -> Iterator[Move]:
    """A body's time is kept in working days (`opinions.Terms`)."""
    rows = _open(Opinion.objects.waiting()).filter(_between(calendars, "asked_at", "reply_by"))
    for row in rows.select_related("dossier").order_by("pk"):
        first, last = (calendars.old.local(moment).date() for moment in (row.asked_at, row.reply_by))
        days = calendars.old.working_days_between(first, last)
        after = calendars.new.close_of(calendars.new.add_working_days(first, days))
        if move := calendars.move(OPINION, row, row.reply_by, row.reply_by, after):
            yield move


def _open(rows: QuerySet) -> QuerySet:
    return rows.filter(dossier__status__in=Dossier.OPEN)


class _Limits:
    """The rules that set the times to answer, read once."""

    def __init__(self) -> None:
        self.rows = list(Rule.objects.filter(code__in=RULES).order_by("valid_from"))

    def ends(
        self, code: str, start: datetime, stored: datetime | None, calendars: Calendars
    ) -> tuple[datetime | None, datetime | None]:
        """The end by the rule in both calendars; nothing where the time was set in another way."""
        limit = self._limit(code, calendars.old.local(start).date())
        if limit is None or stored is None:
            return None, None
        before, after = (clock.end_of(start, limit, each) for each in (calendars.old, calendars.new))
        return (before, after) if before <= stored else (None, None)

    def _limit(self, code: str, on: date) -> clock.Limit | None:
        valid = [
            row for row in self.rows
            if row.code == code and row.valid_from <= on and (row.valid_to is None or row.valid_to >= on)
        ]  # fmt: skip
        return clock.Limit(Decimal(valid[-1].value), valid[-1].unit) if valid else None
