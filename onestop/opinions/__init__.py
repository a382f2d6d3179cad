"""Opinions of departments and localities: asked with a deadline, answered by link, by account or on paper, or silent.

The steps that open and close the phase stand in `workflow`, the letters in `letters`. Of a link only the hash is kept:
the link itself is a signature, made anew for each letter.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.core.signing import Signer
from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from izportal import documents, folding
from izportal.models import CalendarDay, Confidence, Rule, User
from izportal.workdays import Calendar
from onestop import clock, seals
from onestop.models import Dossier, Event, Opinion, Paper
from onestop.opinions import letters

State, Silence = Opinion.State, Opinion.Silence
# Whose own law sets the terms, by procedure or by field: the word before the code of its rules.
OWN_TERMS = {
    "investment": "investment",
    **dict.fromkeys(("1.013236", "1.013238", "1.013231", "1.013233"), "permit"),
}


class OpinionRefused(Exception):
    """An opinion is not asked, taken or given up; the text is a sentence for the reader."""


@dataclass(frozen=True)
class Ask:
    """A body to be asked: by letter with a link, through its account, or on paper where neither is known."""

    body: str
    email: str = ""
    account: User | None = None


@dataclass(frozen=True)
class Terms:
    """How long a body has, in working days, what its silence means, and what both rest on."""

    days: int
    silence: str
    silence_ground: str
    ground: str
    confidence: str

    @property
    def is_proven(self) -> bool:
        return self.confidence in Confidence.settled()


def terms_of(dossier: Dossier, *, on: date) -> Terms:
    """The terms that the procedure's own law sets, else the general ones; raises `OpinionRefused` where none does."""
    days, silence = _rule(dossier, "opinion_days", on), _rule(dossier, "opinion_silence", on)
    if days is None:
        raise OpinionRefused(_("Chưa có quy tắc về thời hạn lấy ý kiến; hãy báo quản trị."))
    unproven = [row for row in (days, silence) if row and row.confidence not in Confidence.settled()]
    consents = silence is not None and silence.value == Silence.CONSENT
    return Terms(
        days=int(days.value),
        silence=Silence.CONSENT if consents else Silence.NOTHING,
        silence_ground=silence.article if silence and consents else "",
        ground=silence.article if silence and days.code == "opinion_days" else days.article,
        confidence=unproven[0].confidence if unproven else days.confidence,
    )


def _rule(dossier: Dossier, code: str, on: date) -> Rule | None:
    procedure = dossier.procedure
    own = OWN_TERMS.get(procedure.code) or OWN_TERMS.get(procedure.field.code)
    found = {row.code: row for row in Rule.objects.in_force(on).filter(code__in=[code, f"{own}_{code}"])}
    return found.get(f"{own}_{code}") or found.get(code)


def _number(code: str, *, on: date) -> int:
    """0 where no rule says."""
    try:
        return Rule.number(code, on=on)
    except Rule.DoesNotExist:
        return 0


# Asking -----------------------------------------------------------------------------------------------------------


def ask(
    dossier: Dossier, asks: Iterable[Ask], *, question: str, by: User, at: datetime, calendar: Calendar,
    days: int | None = None, ground: str | None = None, silence: str | None = None,
    silence_ground: str | None = None, papers: Iterable[Paper] = (), shows_project: bool = True,
) -> list[Opinion]:  # fmt: skip
    """Ask each body the same question; what is not told is as the rules say. Called by the step, inside it."""
    terms = terms_of(dossier, on=timezone.localdate(at))
    said = Terms(
        days=terms.days if days is None else days,
        silence=terms.silence if silence is None else silence,
        silence_ground=terms.silence_ground if silence_ground is None else silence_ground,
        ground=terms.ground if ground is None else ground,
        confidence=terms.confidence,
    )
    _check_new(dossier, asks := list(asks))
    reply_by = clock.end_of(at, clock.Limit(Decimal(said.days), "working_day"), calendar)
    # A link takes an answer for some days more, which is then late.
    until = reply_by + timedelta(days=_number("opinion_link_grace_days", on=timezone.localdate(at)))
    shared = {
        "dossier": dossier, "question": question, "ground": said.ground, "silence": said.silence,
        "silence_ground": said.silence_ground, "shows_project": shows_project, "asked_at": at, "asked_by": by,
        "reply_by": reply_by, "is_sample": dossier.is_sample,
        "confidence": terms.confidence if said == terms else Confidence.UNVERIFIED,
    }  # fmt: skip
    return [_ask_one(one, shared, list(papers), until) for one in asks]


def _check_new(dossier: Dossier, asks: list[Ask]) -> None:
    waiting = [folding.fold(body) for body in dossier.opinions.waiting().values_list("body", flat=True)]
    for one in asks:
        if folding.fold(one.body) in waiting:
            raise OpinionRefused(_("%(body)s đang được lấy ý kiến về hồ sơ này.") % {"body": one.body})
        waiting.append(folding.fold(one.body))


def _ask_one(one: Ask, shared: dict[str, Any], papers: list[Paper], until: datetime) -> Opinion:
    opinion = Opinion.objects.create(body=one.body, email=one.email, account=one.account, **shared)
    opinion.papers.set(papers)
    if opinion.account is None and opinion.email:
        opinion.link_hash, opinion.link_until = _digest(link_of(opinion)), until
        opinion.save(update_fields=["link_hash", "link_until"])
    letters.asked(opinion, link_of(opinion))
    return opinion


# Links ------------------------------------------------------------------------------------------------------------


def link_of(opinion: Opinion) -> str:
    """The secret part of the address; nobody without the key of the portal can make it."""
    return Signer(salt="onestop.opinion").signature(f"{opinion.pk}:{opinion.asked_at.astimezone(UTC).isoformat()}")


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _linked(token: str, *, at: datetime) -> QuerySet[Opinion]:
    rows = Opinion.objects.filter(link_hash=_digest(token), link_until__gte=at)
    return rows.select_related("dossier__procedure", "dossier__enterprise", "dossier__plot", "dossier__project")


def by_link(token: str, *, at: datetime) -> Opinion | None:
    """The question behind a link that still takes an answer."""
    return _linked(token, at=at).filter(pk__in=Opinion.objects.answerable()).first()


def answered_by_link(token: str, *, at: datetime) -> Opinion | None:
    """What was answered through a link, for the receipt, as long as the link would have lasted."""
    return _linked(token, at=at).filter(answered_at__isnull=False, recorded_by__isnull=True).first()


def of_account(user: User) -> QuerySet[Opinion]:
    """What this person of another body has been asked; nothing for the board's own people."""
    if not user.is_authenticated or user.is_staff:
        return Opinion.objects.none()
    return Opinion.objects.filter(account=user).select_related(
        "dossier__procedure", "dossier__enterprise", "dossier__plot", "dossier__project"
    )


# Answering --------------------------------------------------------------------------------------------------------


@transaction.atomic
def answer(
    opinion: Opinion, *, position: str, text: str, answered_by: str, at: datetime, upload: IO[bytes] | None = None,
    answered_at: datetime | None = None, by: User | None = None, recorded_by: User | None = None,
) -> Opinion:  # fmt: skip
    """Take an answer, late ones too until the phase is closed; raises `OpinionRefused` for the second of two."""
    _lock([opinion.dossier_id])
    row = Opinion.objects.select_for_update(of=("self",)).select_related("dossier", "asked_by").get(pk=opinion.pk)
    _check_answerable(row)
    if upload:
        most = documents.limit_bytes(timezone.localdate(at))
        row.stored = documents.store(upload, by=by or recorded_by, at=at, max_bytes=most, is_sample=row.is_sample)
    row.position, row.answer, row.answered_by = position, text, answered_by
    row.answered_at, row.recorded_by = answered_at or at, recorded_by
    row.save()
    if recorded_by is None:
        seals.write(_event("opinion_answered", row.dossier, row, by=by, at=at))
        letters.answered(row)
    return row


def _lock(dossiers: Iterable[UUID]) -> dict[UUID, Dossier]:
    """Before any opinion, as a step does; the other way round the two would wait for each other."""
    rows = Dossier.objects.select_for_update(of=("self",)).filter(pk__in=dossiers).order_by("pk")
    return {row.pk: row for row in rows}


def _event(name: str, dossier: Dossier, row: Opinion, *, by: User | None, at: datetime) -> Event:
    """A line in the file of the dossier, and no step: the applicant learns of no body's answer by it."""
    with translation.override("vi"):
        if name == "opinion_answered":
            said = f"{row.get_position_display()} ({row.answered_by})"
        else:
            said = row.get_silence_display()
    return Event(
        dossier=dossier, step=name, from_status=dossier.status, to_status=dossier.status, at=at, by=by,
        note=f"{row.body}: {said}", is_public=False, data={"body": row.body}, is_sample=dossier.is_sample,
    )  # fmt: skip


def _check_answerable(row: Opinion) -> None:
    if row.answered_at is not None:
        when = f"{timezone.localtime(row.answered_at):%H:%M %d/%m/%Y}"
        raise OpinionRefused(
            _("%(body)s đã trả lời lúc %(when)s (%(who)s); ý kiến gửi sau không được ghi.")
            % {"body": row.body, "when": when, "who": row.answered_by}
        )
    if row.closed_at is not None or row.dossier.status != Dossier.Status.CONSULTING:
        raise OpinionRefused(_("Ban đã kết thúc lấy ý kiến này."))


def keep_draft(opinion: Opinion, **said: str) -> None:
    """Keep what is written so far (`answer`, `answered_by`); only who holds the link or the account sees it before it
    is sent, and it never runs over an answer."""
    open_rows = Opinion.objects.filter(pk=opinion.pk, answered_at__isnull=True, closed_at__isnull=True)
    open_rows.update(**said)


# Silence, reminders, the end --------------------------------------------------------------------------------------


def note_silence(*, at: datetime, dossier: Dossier | None = None) -> int:
    """Record who let the deadline pass; once each, and never over an answer. How many are new."""
    rows = Opinion.objects.overdue(at=at)
    rows = rows if dossier is None else rows.filter(dossier=dossier)
    found = set(rows.values_list("dossier_id", flat=True))
    return _write_silence(rows, found, at) if found else 0


@transaction.atomic
def _write_silence(rows: QuerySet[Opinion], dossiers: set[UUID], at: datetime) -> int:
    of = _lock(dossiers)
    silent = list(rows.select_for_update(of=("self",)).filter(dossier__in=of).order_by("pk"))
    Opinion.objects.filter(pk__in=[row.pk for row in silent]).update(silent_at=at)
    seals.write_all(_event("opinion_silent", of[row.dossier_id], row, by=None, at=at) for row in silent)
    return len(silent)


def remind(*, at: datetime) -> int:
    """Write to each body that has not answered when its deadline is near, once; how many letters are new."""
    today, calendar = timezone.localdate(at), CalendarDay.calendar()
    near = _number("opinion_reminder_days", on=today)
    rows = Opinion.objects.waiting().answerable().filter(reminded_at__isnull=True, reply_by__gte=at)
    return sum(
        _remind_one(row, at)
        for row in rows.select_related("dossier__procedure", "dossier__enterprise", "account", "asked_by")
        if calendar.working_days_between(today, timezone.localdate(row.reply_by)) <= near
    )


@transaction.atomic
def _remind_one(opinion: Opinion, at: datetime) -> int:
    rows = Opinion.objects.waiting().filter(pk=opinion.pk, reminded_at__isnull=True)
    if not rows.update(reminded_at=at):
        return 0
    return int(letters.reminder(opinion, link_of(opinion)))


def withdraw(opinion: Opinion, *, reason: str, at: datetime) -> Opinion:
    """Give up waiting for one body. Called by the step, inside it."""
    row = Opinion.objects.select_for_update(of=("self",)).select_related("dossier", "account").get(pk=opinion.pk)
    _check_answerable(row)
    row.closed_at, row.close_note = at, reason
    row.save(update_fields=["closed_at", "close_note"])
    letters.withdrawn(row)
    return row


def close(dossier: Dossier, *, reason: str, at: datetime) -> dict[str, int]:
    """End the phase; how many were asked, in each state. Raises where a body may still answer and no reason is given.

    Locks the rows, so that an answer on its way is either counted here or refused there.
    """
    rows = list(dossier.opinions.select_for_update(of=("self",)).order_by("pk"))
    note_silence(at=at, dossier=dossier)
    rows = list(dossier.opinions.order_by("pk")) if rows else []
    waiting = [row for row in rows if row.is_waiting]
    if waiting and not reason:
        names = "; ".join(row.body for row in waiting)
        raise OpinionRefused(
            _("Chưa trả lời và chưa hết hạn: %(names)s. Chờ trả lời, thôi lấy ý kiến, hoặc ghi lý do.")
            % {"names": names}
        )
    _end(rows, reason=reason, at=at)
    return {"asked": len(rows), **{state.value: sum(row.state == state for row in rows) for state in State}}


def end(dossier: Dossier, *, at: datetime) -> None:
    """The dossier is at an end: nobody is waited for any more."""
    _end(list(dossier.opinions.select_for_update(of=("self",)).order_by("pk")), reason="", at=at)


def _end(rows: list[Opinion], *, reason: str, at: datetime) -> None:
    for row in rows:
        if row.is_waiting:
            letters.withdrawn(row)
            row.close_note = reason
        row.closed_at = row.closed_at or at
        row.save(update_fields=["closed_at", "close_note"])


# Looking ----------------------------------------------------------------------------------------------------------


def table_of(dossier: Dossier, *, at: datetime) -> list[Opinion]:
    """Every body asked, as the officer and the leader see it; whoever let the deadline pass is noted first."""
    note_silence(at=at, dossier=dossier)
    return list(dossier.opinions.select_related("asked_by", "stored", "recorded_by"))


def outline(dossier: Dossier) -> dict[str, Any] | None:
    """What the applicant may know while opinions are asked: of how many bodies, and until when."""
    if dossier.status != Dossier.Status.CONSULTING:
        return None
    asked = dossier.opinions.exclude(Opinion.CONDITIONS[State.WITHDRAWN])
    found = asked.filter(closed_at__isnull=True).aggregate(count=Count("pk"), until=Max("reply_by"))
    return found if found["count"] else None


def by_body(rows: QuerySet[Opinion]) -> QuerySet:
    """For each body: how often asked, and how it answered."""
    counts = {state.value: Count("pk", filter=Q(Opinion.CONDITIONS[state])) for state in State}
    return rows.order_by().values("body").annotate(asked=Count("pk"), **counts).order_by("body")
