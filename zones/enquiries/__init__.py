"""Enquiries about land: ask, answer, write again, hand over, close, erase; each under a lock, none lost, none twice.

Who asks needs no account: the address of the enquiry's page is the key, and only its hash is kept. What is told by
letter stands in `letters`, what was seen when asking in `snapshot`, what is published in `figures`.
"""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import correspondence, roles
from izportal.models import User
from zones.enquiries import letters
from zones.models import Enquiry, EnquiryReply, EnquirySeries, Plot, Zone

Status, Outcome = Enquiry.Status, Enquiry.Outcome
# What of an enquiry may tell of a person; the rest is a need of nobody in particular.
WORDS = ("note", "closing_note")


class EnquiryRefused(Exception):
    """It cannot be done now; the text is a sentence for the reader."""


# Asking -------------------------------------------------------------------------------------------
def ask(
    *, form_key: UUID, said: dict[str, Any], origin: str, seen: dict[str, Any], at: datetime,
    zone: Zone | None = None, plot: Plot | None = None, is_sample: bool = False,
) -> Enquiry:  # fmt: skip
    """Take an enquiry. `said` holds columns of `Enquiry`; the same form sent again gives the enquiry that is there."""
    zone = zone or (plot.zone if plot else None)

    def take() -> Enquiry:
        enquiry = Enquiry.objects.create(
            **said, reference=_draw(at, is_sample), form_key=form_key, origin=origin, seen=seen, zone=zone, plot=plot,
            link_hash=correspondence.link_hash(Enquiry, form_key), owner=_keeper_of(zone), asked_at=at,
            consented_at=at, due_at=due(at=at), is_sample=is_sample,
        )  # fmt: skip
        letters.received(enquiry)
        letters.asked(enquiry)
        return enquiry

    return correspondence.once(Enquiry, form_key, take)


def due(*, at: datetime) -> datetime | None:
    return correspondence.due("enquiry_answer_days", at=at)


def keepers(zone: Zone | None) -> list[User]:
    """People who may have charge of an enquiry: of the land role, with a scope that covers the zone. Those with the
    narrowest scope come first, then those with the fewest open enquiries."""
    people = User.objects.filter(is_active=True, is_staff=True, groups__name="land").order_by("pk")
    fit = [person for person in people if not person.zones or (zone is not None and zone.code in person.zones)]
    counted = Enquiry.objects.open().filter(owner__in=fit).order_by().values("owner").annotate(n=Count("pk"))
    load = Counter({row["owner"]: row["n"] for row in counted})
    return sorted(fit, key=lambda person: (not person.zones, load[person.pk], person.pk))


def _keeper_of(zone: Zone | None) -> User | None:
    return next(iter(keepers(zone)), None)


def _draw(at: datetime, is_sample: bool) -> str:
    """The row stays locked until the transaction ends, so that a number taken back leaves no gap."""
    key = f"{correspondence.SAMPLE if is_sample else ''}YC-{timezone.localdate(at).year}"
    EnquirySeries.objects.get_or_create(key=key)
    series = EnquirySeries.objects.select_for_update().get(key=key)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{key}-{series.last:04d}"


# Writing ------------------------------------------------------------------------------------------
@transaction.atomic
def reply(enquiry: Enquiry, *, text: str, by: User, at: datetime, form_key: UUID) -> EnquiryReply:
    """The board's answer, by letter and on the page; the same form sent again writes it once."""
    enquiry = _locked(enquiry)
    if (written := EnquiryReply.objects.filter(form_key=form_key).first()) is not None:
        return written
    _check_open(enquiry)
    _check_may(by, "answer_enquiry", enquiry)
    row = EnquiryReply.objects.create(
        enquiry=enquiry, form_key=form_key, is_from_board=True, by=by, at=at, text=text, is_sample=enquiry.is_sample
    )
    enquiry.status, enquiry.due_at = Status.ANSWERED, None
    enquiry.answered_at, enquiry.owner = enquiry.answered_at or at, enquiry.owner or by
    enquiry.save(update_fields=["status", "due_at", "answered_at", "owner"])
    letters.replied(enquiry, row)
    return row


@transaction.atomic
def say(enquiry: Enquiry, *, text: str, at: datetime, form_key: UUID) -> EnquiryReply:
    """The asker writes again; it is the board's turn, with a new term unless one runs already."""
    enquiry = _locked(enquiry)
    if (written := EnquiryReply.objects.filter(form_key=form_key).first()) is not None:
        return written
    _check_open(enquiry)
    row = EnquiryReply.objects.create(
        enquiry=enquiry, form_key=form_key, at=at, text=text, is_sample=enquiry.is_sample
    )
    if enquiry.status == Status.ANSWERED:
        enquiry.status, enquiry.due_at = Status.SAID, due(at=at)
        enquiry.save(update_fields=["status", "due_at"])
    letters.said(enquiry, row)
    return row


# Keeping ------------------------------------------------------------------------------------------
@transaction.atomic
def assign(enquiry: Enquiry, *, to: User, by: User, at: datetime) -> Enquiry:
    """Hand an enquiry over; whoever takes it over is `to` and `by` at once."""
    enquiry = _locked(enquiry)
    _check_open(enquiry)
    if to != by or not roles.may(by, "answer_enquiry"):
        _check_may(by, "assign_enquiry", enquiry)
    if not (to.is_active and roles.may(to, "answer_enquiry") and _covers(to, enquiry)):
        raise EnquiryRefused(_("%(person)s không trả lời yêu cầu của khu này.") % {"person": to})
    if enquiry.owner_id != to.pk:
        enquiry.owner = to
        enquiry.save(update_fields=["owner"])
        if to != by:
            letters.assigned(enquiry, at=at)
    return enquiry


@transaction.atomic
def close(enquiry: Enquiry, *, outcome: str, note: str = "", by: User | None, at: datetime) -> Enquiry:
    """Close with what came of it, and tell the asker; `by` is None where the asker has closed it."""
    enquiry = _locked(enquiry)
    _check_open(enquiry)
    if by is not None:
        _check_may(by, "answer_enquiry", enquiry)
    if outcome == Outcome.NO_ANSWER and by is not None and enquiry.status != Status.ANSWERED:
        raise EnquiryRefused(_("Đang chờ Ban trả lời; chưa thể đóng vì người hỏi không trả lời."))
    _shut(enquiry, outcome, note, by, at)
    letters.closed(enquiry)
    return enquiry


def _shut(enquiry: Enquiry, outcome: str, note: str, by: User | None, at: datetime) -> None:
    enquiry.status, enquiry.outcome, enquiry.closing_note = Status.CLOSED, outcome, note
    enquiry.closed_at, enquiry.closed_by, enquiry.due_at = at, by, None
    enquiry.save(update_fields=["status", "outcome", "closing_note", "closed_at", "closed_by", "due_at"])


def _locked(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.select_for_update().get(pk=enquiry.pk)


def _check_open(enquiry: Enquiry) -> None:
    if enquiry.erased_at:
        raise EnquiryRefused(_("Dữ liệu của yêu cầu này đã được xóa."))
    if enquiry.is_closed:
        raise EnquiryRefused(_("Yêu cầu %(reference)s đã đóng.") % {"reference": enquiry.reference})


def _check_may(by: User, deed: str, enquiry: Enquiry) -> None:
    if not (roles.may(by, deed) and _covers(by, enquiry)):
        raise EnquiryRefused(_("Bạn không làm việc này với yêu cầu %(reference)s.") % {"reference": enquiry.reference})


def _covers(person: User, enquiry: Enquiry) -> bool:
    return not person.zones or (enquiry.zone is not None and enquiry.zone.code in person.zones)


# Forgetting ---------------------------------------------------------------------------------------
@transaction.atomic
def erase(enquiry: Enquiry, *, at: datetime) -> Enquiry:
    """Take out who asked and every word written; the need stays as a number. An open enquiry ends with that."""
    enquiry = _locked(enquiry)
    if enquiry.erased_at:
        return enquiry
    if not enquiry.is_closed:
        _shut(enquiry, Outcome.NO_ANSWER, "", None, at)
    enquiry.seen.pop("query", None)  # may hold words of theirs
    correspondence.forget(enquiry, at=at, columns=WORDS)
    enquiry.replies.all().delete()
    return enquiry


def sweep(*, at: datetime) -> int:
    """Erase the askers of enquiries closed for as long as the rule `enquiry_kept_months` says; how many."""
    closed = Enquiry.objects.filter(status=Status.CLOSED)
    return correspondence.sweep(closed, erase, ended="closed_at", rule="enquiry_kept_months", at=at)


def remind(*, at: datetime) -> int:
    """Write to the owner of every enquiry whose term ends today or has passed, once for each term; how many."""
    return correspondence.remind(Enquiry.objects.awaited().select_related("zone"), letters.reminder, at=at)
