"""Files and proposals on their way into the portal: sent, read by the worker, reviewed row by row, accepted, approved
by a second person where money or status is at stake, applied in one transaction, undone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from izportal import documents, outbox, reasons, roles
from izportal.changesets import progress
from izportal.changesets.reading import keep_rows
from izportal.models import ChangeSet, ChangeSetRow, User
from izportal.sheets import IMPORTED, Row, SheetRefused, SheetResource
from izportal.sheets.reading import look

State = ChangeSet.State
# What stands in the history of each row that a set has written (`work`).
reasons.SPOKEN["change set "] = lambda rest: _("Đợt nhập dữ liệu %(said)s") % {"said": rest}
PARSE, APPLY, UNDO = (f"izportal.changesets.work.{job}" for job in ("parse", "apply", "undo"))


class ChangeSetRefused(ValueError):
    """Why this cannot be done with the change set now."""


def resource_of(change_set: ChangeSet, user: User | None = None) -> SheetResource:
    resource = IMPORTED[change_set.kind](user or change_set.uploaded_by)
    # Without a file a row is about a record by its key, so that what it is known by may change as well.
    resource.is_by_key = change_set.stored_id is None
    return resource


# Who may ------------------------------------------------------------------------------------------
def may_send(kind: str, user: User) -> bool:
    return roles.may(user, IMPORTED[kind].deed)


def may_accept(kind: str, user: User) -> bool:
    """Who only proposes sends, and the board accepts."""
    return may_send(kind, user) and not roles.only_proposes(user)


def may_approve(change_set: ChangeSet, user: User) -> bool:
    """Another than who sent and who accepted, and of all zones."""
    is_other = user.pk not in (change_set.uploaded_by_id, change_set.accepted_by_id)
    return is_other and not user.zones and roles.may(user, IMPORTED[change_set.kind].second_deed)


def approvers(change_set: ChangeSet) -> list[User]:
    """Who may be asked to approve."""
    holders = roles.DEEDS[IMPORTED[change_set.kind].second_deed]
    people = User.objects.filter(groups__name__in=holders, is_active=True).distinct()
    return [person for person in people if may_approve(change_set, person)]


# Sending ------------------------------------------------------------------------------------------
@transaction.atomic
def begin(*, kind: str, upload: Any, by: User, at: datetime, note: str = "") -> ChangeSet:
    """Keep a file and ask the worker to read it. Raises `SheetRefused`."""
    found = look(upload)
    stored = documents.keep(upload, found, by=by, at=at, is_sample=by.is_sample)
    change_set = ChangeSet.objects.create(
        kind=kind, zone=sole_zone(by), stored=stored, uploaded_by=by, uploaded_at=at, note=note[:500]
    )
    outbox.enqueue(PARSE, change_set.pk, key=f"bang-{change_set.pk}-doc")
    return change_set


@transaction.atomic
def propose(
    *, kind: str, rows: Sequence[dict[str, Any]], by: User, at: datetime, note: str = "", record: Any = None
) -> ChangeSet:  # fmt: skip
    """A set without a file, read at once: each row gives cells by the name of their column, typed or as text. A row
    about a known record may be given that `record`."""
    change_set = ChangeSet.objects.create(
        kind=kind, uploaded_by=by, uploaded_at=at, note=note[:500], state=State.READY,
        columns={"": sorted({name for cells in rows for name in cells})},
    )  # fmt: skip
    resource = resource_of(change_set)
    read = [Row("", number, dict(cells)) for number, cells in enumerate(rows, start=1)]
    for row in read:
        row.record = record
        keep_rows(change_set, resource, [row], {}, first=row.number)
    change_set.zone = _zone_of(read)
    change_set.save(update_fields=["zone"])
    return change_set


def sole_zone(user: User) -> str:
    """The zone of whoever has only one; nothing that they send is about another."""
    return user.zones[0] if len(user.zones) == 1 else ""


def _zone_of(rows: Sequence[Row]) -> str:
    """The code of the zone that rows were in and are in; "" where there are several or none."""
    now = {row.record.zone for row in rows if getattr(row.record, "zone_id", None)}
    before = {zone for row in rows if (zone := row.original.get("zone"))}
    return (now | before).pop().code if len(now | before) == 1 else ""


# Accepting ----------------------------------------------------------------------------------------
@transaction.atomic
def accept(change_set: ChangeSet, *, by: User, at: datetime, rows: Iterable[int] | None = None) -> ChangeSet:
    """Take all valid rows, or those of some ids (a query of them where they are many); what touches money or status
    waits for a second person."""
    change_set = _locked(change_set, *ChangeSet.OPEN)
    valid = change_set.rows.filter(state__in=ChangeSetRow.VALID)
    picked = valid if rows is None else valid.filter(pk__in=rows)
    valid.update(is_picked=False)
    if not picked.update(is_picked=True):
        raise ChangeSetRefused(_("Không có dòng hợp lệ nào được chọn."))
    change_set.accepted_by, change_set.accepted_at = by, at
    change_set.approved_by = change_set.approved_at = None
    if change_set.rows.filter(is_picked=True, needs_second=True, state__in=ChangeSetRow.VALID).exists():
        change_set.state = State.AWAITING
        change_set.save()
        return change_set
    return _hand_over(change_set)


@transaction.atomic
def approve(change_set: ChangeSet, *, by: User, at: datetime) -> ChangeSet:
    """The second person's yes. Raises `ChangeSetRefused` for who sent or accepted it."""
    change_set = _locked(change_set, State.AWAITING)
    if not may_approve(change_set, by):
        raise ChangeSetRefused(
            _("Người gửi hoặc người nhận đợt này không được tự duyệt; phải là người khác có quyền.")
        )
    change_set.approved_by, change_set.approved_at = by, at
    return _hand_over(change_set)


@transaction.atomic
def send_back(change_set: ChangeSet, *, by: User, at: datetime, reason: str) -> ChangeSet:
    """The second person's no: the set goes back to who accepted it, with the reason."""
    change_set = _locked(change_set, State.AWAITING)
    said = {"who": str(by), "reason": reason[:300]}
    change_set.remarks = [*change_set.remarks, _("%(who)s trả lại: %(reason)s") % said]
    change_set.rows.filter(is_picked=True).update(is_picked=False)
    change_set.state = State.READY
    change_set.save()
    return change_set


@transaction.atomic
def decline(change_set: ChangeSet, *, by: User, at: datetime, reason: str) -> ChangeSet:
    """The board's no to what somebody else has proposed; its sender reads the reason on it."""
    change_set = _locked(change_set, State.READY)
    said = {"who": str(by), "reason": reason[:300]}
    change_set.remarks = [*change_set.remarks, _("%(who)s không nhận: %(reason)s") % said]
    change_set.state = State.CANCELLED
    change_set.save()
    return change_set


def _hand_over(change_set: ChangeSet) -> ChangeSet:
    change_set.state = State.APPLYING
    change_set.save()
    progress.clear(change_set.pk)
    moment = change_set.approved_at or change_set.accepted_at
    outbox.enqueue(APPLY, change_set.pk, key=f"bang-{change_set.pk}-ghi-{moment:%Y%m%d%H%M%S%f}")
    return change_set


def cancel(change_set: ChangeSet, *, by: User, at: datetime) -> None:
    """What the worker is reading or writing stops at the next thousand rows, and nothing of it stays written; a set
    that waits is closed."""
    progress.ask_to_stop(change_set.pk)
    sets = ChangeSet.objects.filter(pk=change_set.pk)
    sets.filter(state__in=(State.WAITING, State.PARSING, State.READY, State.AWAITING)).update(state=State.CANCELLED)
    if trouble(change_set):  # nobody is there to stop
        sets.filter(state=State.APPLYING).update(state=State.READY)
        sets.filter(state=State.UNDOING).update(state=State.APPLIED)


def trouble(change_set: ChangeSet) -> Any:
    """The job of a set that went wrong and waits to be tried again, or was given up."""
    return outbox.trouble(f"bang-{change_set.pk}-")


@transaction.atomic
def undo(change_set: ChangeSet, *, by: User, at: datetime) -> ChangeSet:
    """Put back what the applied rows changed; rows that were changed since are left and listed."""
    change_set = _locked(change_set, State.APPLIED)
    guarded = change_set.rows.filter(state=ChangeSetRow.State.APPLIED, needs_second=True).exists()
    if guarded and by.pk == change_set.uploaded_by_id:
        raise ChangeSetRefused(_("Đợt này đã đổi tiền hoặc tình trạng: người gửi không được tự hoàn tác."))
    change_set.undone_by, change_set.undone_at, change_set.state = by, at, State.UNDOING
    change_set.save()
    progress.clear(change_set.pk)
    outbox.enqueue(UNDO, change_set.pk, key=f"bang-{change_set.pk}-hoan-{at:%Y%m%d%H%M%S%f}")
    return change_set


def _locked(change_set: ChangeSet, *states: str) -> ChangeSet:
    row = (
        ChangeSet.objects.select_for_update(of=("self",)).select_related("uploaded_by", "stored").get(pk=change_set.pk)
    )
    if row.state not in states:
        said = {"state": row.get_state_display()}
        raise ChangeSetRefused(_("Đợt này đang ở tình trạng “%(state)s”; hãy mở lại trang.") % said)
    return row


__all__ = [
    "ChangeSetRefused", "SheetRefused", "accept", "approve", "approvers", "begin", "cancel", "decline", "may_accept",
    "may_approve", "may_send", "propose", "resource_of", "send_back", "sole_zone", "trouble", "undo",
]  # fmt: skip
