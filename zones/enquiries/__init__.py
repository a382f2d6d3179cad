"""Enquiries about land: ask, answer, write again, hand over, close, erase; each under a lock, none lost, none twice.

Who asks needs no account: the address of the enquiry's page is the key, and only its hash is kept. What is told by
letter stands in `letters`, what was seen when asking in `snapshot`, what is published in `figures`.
"""

import hashlib
import secrets
from collections import Counter
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.signing import Signer
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import roles
from izportal.models import CalendarDay, Job, Notice, Rule, User
from izportal.workdays import months_later
from zones.enquiries import letters
from zones.models import Enquiry, EnquiryReply, EnquirySeries, Plot, Zone

Status, Outcome = Enquiry.Status, Enquiry.Outcome
# What of an enquiry is about a person; the rest is a need of nobody in particular.
PERSONAL = ("name", "organisation", "email", "phone", "note", "closing_note")
SAMPLE = "MAU-"


class EnquiryRefused(Exception):
    """It cannot be done now; the text is a sentence for the reader."""


# Asking -------------------------------------------------------------------------------------------
@transaction.atomic
def ask(
    *, form_key: UUID, said: dict[str, Any], origin: str, seen: dict[str, Any], at: datetime,
    zone: Zone | None = None, plot: Plot | None = None, is_sample: bool = False,
) -> Enquiry:  # fmt: skip
    """Take an enquiry. `said` holds columns of `Enquiry`; the same form sent again gives the enquiry that is there."""
    series = _locked_series(f"{SAMPLE if is_sample else ''}YC-{timezone.localdate(at).year}")
    if (taken := Enquiry.objects.filter(form_key=form_key).first()) is not None:
        return taken
    series.last += 1
    series.save(update_fields=["last"])
    zone = zone or (plot.zone if plot else None)
    enquiry = Enquiry.objects.create(
        **said, reference=f"{series.key}-{series.last:04d}", form_key=form_key, link_hash=_digest(token_of(form_key)),
        origin=origin, seen=seen, zone=zone, plot=plot, owner=_keeper_of(zone), asked_at=at, consented_at=at,
        due_at=due(at=at), is_sample=is_sample,
    )  # fmt: skip
    letters.received(enquiry, token_of(form_key))
    letters.asked(enquiry)
    return enquiry


def taken(form_key: UUID) -> Enquiry | None:
    """The enquiry that this form has made already."""
    return Enquiry.objects.filter(form_key=form_key).first()


def due(*, at: datetime) -> datetime | None:
    """The end of the last working day of the term; None where no rule sets one."""
    today = timezone.localdate(at)
    try:
        days = Rule.number("enquiry_answer_days", on=today)
    except Rule.DoesNotExist:
        return None
    calendar = CalendarDay.calendar()
    return calendar.close_of(calendar.add_working_days(today, days))


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


def _locked_series(key: str) -> EnquirySeries:
    """The row stays locked until the transaction ends, so that a number taken back leaves no gap."""
    EnquirySeries.objects.get_or_create(key=key)
    return EnquirySeries.objects.select_for_update().get(key=key)


# Links --------------------------------------------------------------------------------------------
def token_of(form_key: UUID) -> str:
    """The secret part of the address; nobody without the key of the portal can make it."""
    return Signer(salt="zones.enquiry").signature(str(form_key))


def by_link(token: str) -> Enquiry | None:
    found = Enquiry.objects.filter(link_hash=_digest(token), erased_at__isnull=True)
    return found.select_related("zone", "plot").first()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


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
    letters.replied(enquiry, row, token_of(enquiry.form_key))
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
    letters.closed(enquiry, token_of(enquiry.form_key))
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
    for name in PERSONAL:
        setattr(enquiry, name, "")
    enquiry.seen.pop("query", None)  # may hold words of theirs
    enquiry.erased_at, enquiry.link_hash = at, secrets.token_hex(32)
    enquiry.save()
    enquiry.replies.all().delete()
    written = Notice.objects.filter(key__startswith=letters.to_asker(enquiry))
    Job.objects.filter(key__in=[f"thu-{pk}" for pk in written.values_list("pk", flat=True)]).delete()
    written.delete()
    return enquiry


def of_address(email: str):
    """What somebody with this address has asked."""
    return Enquiry.objects.filter(email__iexact=email) if email else Enquiry.objects.none()


def sweep(*, at: datetime) -> int:
    """Erase the askers of enquiries closed for as long as the rule `enquiry_kept_months` says; how many."""
    today = timezone.localdate(at)
    try:
        months = Rule.number("enquiry_kept_months", on=today)
    except Rule.DoesNotExist:
        return 0
    closed = Enquiry.objects.filter(status=Status.CLOSED, erased_at__isnull=True)
    old = [row for row in closed if _kept_until(row, months) < today]
    for enquiry in old:
        erase(enquiry, at=at)
    return len(old)


def _kept_until(enquiry: Enquiry, months: int) -> date:
    return months_later(timezone.localdate(enquiry.closed_at), months)


def remind(*, at: datetime) -> int:
    """Write to the owner of every enquiry whose term ends today or has passed, once for each term; how many."""
    end = timezone.localtime(at).replace(hour=23, minute=59, second=59)
    rows = Enquiry.objects.awaited().filter(due_at__lte=end, owner__is_active=True).select_related("owner", "zone")
    return sum(letters.reminder(enquiry, at=at) for enquiry in rows)
