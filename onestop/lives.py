"""The dossiers that a period has to do with, each told once as it stood at the period's end, with its marks.

A mark is one thing that is true of a dossier in the period ("settled", "late", "paused"); what each means is said in
`record`, which counts them. Read from stamps, promises, requests and events, never from today's status, so that a
period that is over stays as it was.

Most dossiers are plain: settled under the one promise that was made, with nothing asked and nothing mended. The
database counts those that are alike, and one life stands for all of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Exists, F, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from izportal.workdays import Calendar
from onestop import clock, durations
from onestop.models import Amendment, Dossier, Event, Promise, Supplement
from onestop.periods import Period

# How a dossier may be over; `RESULT` is a grant or a reasoned refusal.
RESULT, WITHDRAWN, STOPPED, NOT_RECEIVED = "result", "withdrawn", "stopped", "intake_refused"
CHANNELS = {
    Dossier.Channel.HERE: ("online", "here"),
    Dossier.Channel.NATIONAL: ("online", "national"),
    Dossier.Channel.COUNTER: ("counter",),
    Dossier.Channel.POST: ("post",),
}
# What may become of a result afterwards, however long ago it was given.
MENDED: dict[str, str] = {Amendment.Kind.CORRECT: "corrected", Amendment.Kind.REVOKE: "revoked"}
Moments = tuple[tuple[datetime, datetime], ...]


@dataclass(slots=True)
class Life:
    """`over_at` and `end` are empty while it was open. `held_since` is the moment since which it waits for the
    applicant, or waited when it was stopped. `days` are the board's own working days up to the result of the period.
    `mended` is what was done to its result in the period. Without a key it stands for `count` plain dossiers."""

    pk: UUID | None
    procedure: int
    field: int
    division: int | None
    channel: str
    received_at: datetime | None
    over_at: datetime | None = None
    end: str = ""
    is_refused: bool = False
    # Requests to complete it made in the period, and those of them beyond the number that the procedure permits.
    requests: int = 0
    beyond: int = 0
    first_promise: datetime | None = None
    promise: datetime | None = None
    held_since: datetime | None = None
    days: Decimal | None = None
    mended: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    count: int = 1

    @property
    def month(self) -> int:
        """The month of reception, or of the end where it was never received; each month one more than the last."""
        moment = self.received_at or self.over_at
        assert moment is not None
        day = timezone.localdate(moment)
        return day.year * 12 + day.month - 1


def counted(rows: QuerySet[Dossier], period: Period, *, at: datetime, calendar: Calendar) -> list[Life]:
    """Plain dossiers that are alike as one life, the others each as its own. Six questions to the database, however
    many the dossiers."""
    until = period.until(at)
    told = rows.filter(_concerned(period, until)).alias(is_plain=_plain(period, until))
    others = told.filter(is_plain=False).order_by().values(*COLUMNS)
    return _read([*_alike(told.filter(is_plain=True)), *others], period, until, calendar)


def merged(lives: Iterable[Life]) -> list[Life]:
    """Lives that no count by months, procedures, fields, divisions and marks can tell apart, as one: some hundreds,
    however many the dossiers."""
    found: dict[tuple, Life] = {}
    for life in lives:
        months = [
            moment and timezone.localtime(moment).strftime("%Y-%m") for moment in (life.received_at, life.over_at)
        ]
        alike = (life.procedure, life.field, life.division, life.channel, *months, life.marks, life.days)
        known = found.get(alike)
        if known is None:
            found[alike] = replace(life, pk=None)
        else:
            known.count += life.count
            known.requests += life.requests
            known.beyond += life.beyond
    return list(found.values())


def read(
    rows: QuerySet[Dossier], period: Period, *, at: datetime, calendar: Calendar, most: int | None = None
) -> list[Life]:
    """Each as its own life, by their keys, for a list of not too many, or the first so many. Five questions to the
    database."""
    until = period.until(at)
    told = rows.filter(_concerned(period, until)).order_by("pk")[:most]
    return _read(list(told.values(*COLUMNS)), period, until, calendar)


def _read(rows: list[dict[str, Any]], period: Period, until: datetime, calendar: Calendar) -> list[Life]:
    facts = _Facts([row["pk"] for row in rows if row["pk"]], period.start, until)
    between = durations.Measure(calendar, period.first, calendar.local(until).date()).of(clock.WORKING_DAY)
    lives = [_life(row, facts, until, between) for row in rows]
    for life in lives:
        life.marks = frozenset(_marks(life, period, until, calendar))
    return lives


def _plain(period: Period, until: datetime) -> Q:
    """Has its result in the period, and no other table adds anything to the dossier's own row."""
    of_it = {"dossier": OuterRef("pk")}
    promised_otherwise = Promise.objects.filter(**of_it).exclude(promised_at=OuterRef("due_at"))
    asked = Supplement.objects.filter(**of_it, stage=Supplement.Stage.REVIEW, asked_at__lte=until)
    others = (promised_otherwise, asked, _amended(period.start, until).filter(**of_it))
    settled = Q(completed_at__isnull=False, completed_at__gte=period.start, completed_at__lte=until)
    plain = settled & Q(received_at__isnull=False, due_at__isnull=False)
    for rows in others:
        plain &= ~Q(Exists(rows))
    return plain


def _alike(rows: QuerySet[Dossier]) -> list[dict[str, Any]]:
    """One row for those of a procedure, division and channel that were received on one day and settled on one day,
    all early, on time or late. Its moments are such that they say the same of it."""
    is_late = Q(completed_at__gt=F("due_at"))
    told = rows.order_by().annotate(
        received_on=TruncDate("received_at"), over_on=TruncDate("completed_at"),
        timing=Case(
            When(is_late, Value(clock.LATE)),
            When(completed_at__date__lt=TruncDate("due_at"), then=Value(clock.EARLY)),
            default=Value(clock.ON_TIME),
        ),
    )  # fmt: skip
    found = told.values("procedure_id", "procedure__field_id", "division_id", "channel", "decision", *ALIKE).annotate(
        count=Count("pk"), received=Min("received_at"), first=Min("completed_at"), last=Max("completed_at"),
        due_first=Min("due_at"), due_last=Max("due_at"),
    )  # fmt: skip
    return [{**row, **_moments(row)} for row in found]


def _moments(row: dict[str, Any]) -> dict[str, Any]:
    """Where all are late, the last result stands beside the first due date; else the first beside the last."""
    names = ("last", "due_first") if row["timing"] == clock.LATE else ("first", "due_last")
    completed, due = (row[name] for name in names)
    return {"pk": None, "received_at": row["received"], "completed_at": completed, "ended_at": None, "due_at": due}


ALIKE = ("received_on", "over_on", "timing")
COLUMNS = (
    "pk", "procedure_id", "procedure__field_id", "division_id", "channel", "received_at", "completed_at", "ended_at",
    "due_at", "decision", "status",
)  # fmt: skip


def _concerned(period: Period, until: datetime) -> Q:
    """Received by then and not over before the period; or over in it without having been received; or its result was
    corrected or revoked in it."""
    is_open = Q(completed_at__isnull=True, ended_at__isnull=True)
    ended = Q(completed_at__isnull=True, ended_at__gte=period.start)
    received = Q(received_at__lte=until, due_at__isnull=False) & (is_open | ended | Q(completed_at__gte=period.start))
    before = Q(received_at__isnull=True, ended_at__gte=period.start, ended_at__lte=until)
    return received | before | Q(pk__in=_amended(period.start, until).values("dossier"))


def _amended(start: datetime, until: datetime) -> QuerySet[Amendment]:
    return Amendment.objects.filter(signed_at__gte=start, signed_at__lte=until).order_by()


class _Facts:
    """What other tables say of the dossiers, up to a moment, by dossier."""

    def __init__(self, rows: list[UUID], start: datetime, until: datetime):
        self.promises: dict[UUID, list[tuple[datetime, datetime]]] = {}
        for pk, made, promised in _of(Promise, rows, "number", "made_at", "promised_at"):
            self.promises.setdefault(pk, []).append((made, promised))
        self.held: dict[UUID, datetime | None] = {}
        self.ends: dict[UUID, str] = {}
        self._read_events(rows, until)
        self.waits: dict[UUID, Moments] = {}
        self.requests: Counter[UUID] = Counter()
        self.beyond: Counter[UUID] = Counter()
        self._read_requests(rows, start, until)
        self.start, self.mended = start, dict[UUID, set[str]]()
        for pk, kind in _of(_amended(start, until), rows, "pk", "kind"):
            self.mended.setdefault(pk, set()).add(MENDED[kind])

    def _read_events(self, rows: list[UUID], until: datetime) -> None:
        """Only the steps into and out of a pause, and those to an end, matter."""
        turns = Q(from_status__in=Dossier.PAUSED) | Q(to_status__in=(*Dossier.PAUSED, *Dossier.ENDED_WITHOUT_RESULT))
        events = Event.objects.filter(turns, at__lte=until).exclude(from_status=F("to_status"))
        for pk, at, status in (
            events.filter(dossier__in=rows).order_by("at", "id").values_list("dossier_id", "at", "to_status")
        ):
            if status in Dossier.PAUSED:
                self.held[pk] = at
            elif status in Dossier.ENDED_WITHOUT_RESULT:
                self.ends[pk] = status
            else:
                self.held[pk] = None

    def _read_requests(self, rows: list[UUID], start: datetime, until: datetime) -> None:
        asked = Supplement.objects.filter(stage=Supplement.Stage.REVIEW, asked_at__lte=until)
        names = ("asked_at", "answered_at", "cycle", "dossier__version__max_supplements")
        for pk, since, back, cycle, most in _of(asked, rows, "asked_at", *names):
            if back is not None:
                self.waits[pk] = (*self.waits.get(pk, ()), (since, back))
            if since >= start:
                self.requests[pk] += 1
                self.beyond[pk] += most is not None and cycle > most


def _of(source: Any, rows: list[UUID], order: str, *names: str) -> Iterable[tuple]:
    found = source if isinstance(source, QuerySet) else source.objects.all()
    return found.filter(dossier__in=rows).order_by(order).values_list("dossier_id", *names)


def _life(
    row: dict[str, Any], facts: _Facts, until: datetime, between: Callable[[datetime, datetime], Decimal]
) -> Life:
    pk, received, completed = row["pk"], row["received_at"], row["completed_at"]
    over_at = completed or row["ended_at"]
    if over_at is not None and over_at > until:
        over_at = None
    end = "" if over_at is None else RESULT if completed else facts.ends.get(pk, row["status"])
    promises = facts.promises.get(pk) or [(received, row["due_at"])]
    standing = [promised for made, promised in promises if made is None or made <= (over_at or until)]
    is_settled = end == RESULT and received is not None and over_at >= facts.start
    return Life(
        pk, row["procedure_id"], row["procedure__field_id"], row["division_id"], row["channel"], received, over_at,
        end=end,
        is_refused=is_settled and row["decision"] == Dossier.Decision.REFUSED,
        requests=facts.requests[pk],
        beyond=facts.beyond[pk],
        first_promise=promises[0][1],
        promise=standing[-1] if standing else promises[0][1],
        held_since=facts.held.get(pk),
        days=durations.held(received, over_at, facts.waits.get(pk, ()), between) if is_settled else None,
        mended=frozenset(facts.mended.get(pk, ())),
        count=row.get("count", 1),
    )  # fmt: skip


# The marks --------------------------------------------------------------------------------------------------------


def _marks(life: Life, period: Period, until: datetime, calendar: Calendar) -> Iterator[str]:
    yield from life.mended
    if life.mended and life.over_at and life.over_at < period.start:
        return
    if life.received_at is None:
        yield "not_received" if life.end == NOT_RECEIVED else "left_before"
        return
    yield "received"
    if life.received_at < period.start:
        yield "carried"
    else:
        yield "new"
        yield from CHANNELS[Dossier.Channel(life.channel)]
    if life.requests:
        yield "asked"
    if life.beyond:
        yield "beyond"
    yield from _over(life, calendar) if life.over_at else _open(life, until)


def _over(life: Life, calendar: Calendar) -> Iterator[str]:
    assert life.over_at is not None and life.promise is not None and life.first_promise is not None
    if life.end == STOPPED:
        yield from ("stopped", "held", _in_time("held", life.held_since or life.over_at, life.promise))
        return
    outcome = clock.outcome(life.promise, life.over_at, calendar)
    yield from ("closed", f"closed_{outcome}")
    if life.end == WITHDRAWN:
        yield "withdrawn"
        return
    yield from ("settled", outcome)
    if outcome != clock.LATE:
        yield "kept"
    if life.over_at <= life.first_promise:
        yield "kept_first"
    if life.promise != life.first_promise:
        yield "promised_anew"
    if life.is_refused:
        yield "refused"


def _open(life: Life, until: datetime) -> Iterator[str]:
    assert life.promise is not None
    if life.held_since is None:
        yield from ("in_work", _in_time("in_work", until, life.promise))
        return
    for name in ("paused", "held"):
        yield from (name, _in_time(name, life.held_since, life.promise))


def _in_time(name: str, moment: datetime, promise: datetime) -> str:
    return f"{name}_in_time" if moment <= promise else f"{name}_late"
