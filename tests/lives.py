"""Dossiers whose whole life is told in a line, for figures that rest on stamps, promises, requests and events."""

from datetime import timedelta
from itertools import count

from onestop.models import Amendment, Dossier, Event, Procedure, Promise, Supplement, Survey
from tests import factories
from tests.factories import at

CODE = "1.009664"
_numbers = count(1)
PAUSE, FEE = "review_supplement", "fee_due"


def moment(day):
    """`"03-02"` of 2026 at ten o'clock, or whatever `at` reads; None stays None."""
    return day and at(f"2026-{day} 10:00" if len(day) == 5 else day)


def lived(received="03-02", *, due="03-16", done=None, ended=None, end="withdrawn", code=CODE, **fields):
    """A dossier received and promised for `due` at five, settled on `done` or ended on `ended`, or still open."""
    number = next(_numbers)
    procedure = Procedure.objects.get(code=code)
    version = procedure.versions.get()
    promised = fields.pop("promised", None)
    received, due = moment(received), at(f"2026-{due} 17:00" if len(due) == 5 else due)
    status = "delivered" if done else end if ended else "in_review"
    dossier = Dossier.objects.create(
        procedure=procedure, version=version, case=version.default_case(), status=fields.pop("status", status),
        enterprise=fields.pop("enterprise", None) or factories.make_enterprise(),
        created_by=fields.pop("by", None) or factories.make_user(), reference=f"XN-{number}",
        code=f"H55-{number}" if received else None, submitted_at=received or moment(ended), received_at=received,
        due_at=promised[-1][1] if promised else due if received else None,
        completed_at=moment(done), delivered_at=fields.pop("delivered_at", moment(done)), ended_at=moment(ended),
        **fields,
    )  # fmt: skip
    for no, (made, promise) in enumerate(promised or ([(received, due)] if received else []), start=1):
        Promise.objects.create(dossier=dossier, number=no, promised_at=promise, made_at=made)
    if ended:
        turn(dossier, "withdraw", "in_review", end, ended)
    return dossier


def turn(dossier, step, before, after, day):
    return Event.objects.create(dossier=dossier, step=step, from_status=before, to_status=after, at=moment(day))


def ask(dossier, day, back=None, *, cycle=1, status="in_review"):
    """A supplement asked for on a day and, if it came, back on another."""
    turn(dossier, "ask_supplement", "in_review", PAUSE, day)
    Supplement.objects.create(
        dossier=dossier, stage="review", cycle=cycle, reason="x", asked_by=dossier.created_by, asked_at=moment(day),
        answered_at=moment(back), accepted_at=moment(back),
    )  # fmt: skip
    turn(dossier, "answer_supplement", PAUSE, PAUSE, day)
    if back:
        turn(dossier, "accept_supplement", PAUSE, "in_review", back)
    Dossier.objects.filter(pk=dossier.pk).update(status=dossier.status if back or not dossier.is_open else PAUSE)
    return dossier


def mended(dossier, day, kind="correct"):
    """The result of a dossier, corrected or revoked on a day."""
    by = dossier.created_by
    return Amendment.objects.create(
        dossier=dossier, kind=kind, ground="mistake", reason="x", drafted_at=moment(day), drafted_by=by,
        signed_at=moment(day), signed_by=by, number=f"{next(_numbers)}/QĐ", is_sample=dossier.is_sample,
    )  # fmt: skip


def rated(dossier, points=(2, 2, 2, 2), comment="", when=None):
    total_time, contacts, bodies, attitude = points
    return Survey.objects.create(
        dossier=dossier, total_time=total_time, contacts=contacts, bodies=bodies, attitude=attitude, comment=comment,
        answered_at=when or dossier.delivered_at + timedelta(hours=1), is_sample=dossier.is_sample,
    )  # fmt: skip
