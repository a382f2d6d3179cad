"""What time does with change sets: those that nobody goes on with are closed and their files thrown away; of those
that came to an end the rows go once nobody may undo them any more, and the file stays. How long
stands in two rules."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from izportal.models import ChangeSet, ChangeSetRow, Rule, StoredFile

State = ChangeSet.State
OPEN_DAYS, UNDO_DAYS = "changeset_open_days", "changeset_undo_days"
# What came to nothing, or has waited too long for somebody to go on.
IDLE = (State.WAITING, State.PARSING, State.READY, State.AWAITING, State.CANCELLED, State.REFUSED)
DONE = (State.APPLIED, State.UNDONE)


def kept_until(change_set: ChangeSet) -> date | None:
    """The last day on which a set can be gone on with or, once it is applied, undone; None where no rule says."""
    is_done = change_set.state in DONE
    moment = (
        change_set.undone_at or change_set.applied_at if is_done else _last_touched(change_set)
    ) or change_set.uploaded_at
    try:
        days = Rule.number(UNDO_DAYS if is_done else OPEN_DAYS, on=timezone.localdate(moment))
    except Rule.DoesNotExist:
        return None
    return timezone.localdate(moment) + timedelta(days=days)


def _last_touched(change_set: ChangeSet) -> datetime:
    return max(change_set.uploaded_at, change_set.accepted_at or change_set.uploaded_at)


def sweep(*, at: datetime) -> int:
    """How many sets were closed or emptied."""
    today, swept = timezone.localdate(at), 0
    for change_set in _with_something_left().select_related("uploaded_by", "stored"):
        last = kept_until(change_set)
        if last is not None and last < today:
            with transaction.atomic(), override(change_set.uploaded_by.language):
                swept += _sweep(change_set, at)
    return swept


def _with_something_left() -> QuerySet:
    has_rows = Exists(ChangeSetRow.objects.filter(change_set=OuterRef("pk")))
    is_idle = Q(state__in=IDLE) & (Q(stored__isnull=False) | has_rows)
    return ChangeSet.objects.filter(is_idle | Q(has_rows, state__in=DONE)).order_by("pk")


def _sweep(change_set: ChangeSet, at: datetime) -> int:
    """The lock tells whether somebody has gone on with it meanwhile."""
    row: Any = (
        ChangeSet.objects.select_for_update(of=("self",)).filter(pk=change_set.pk, state=change_set.state).first()
    )
    if row is None:
        return 0
    row.remarks = [*row.remarks, _ended(row, at) if row.state in DONE else _abandoned(row, at)]
    files = [row.marked_id]
    if row.state in IDLE:
        files.append(row.stored_id)
        row.state, row.stored = State.REFUSED if row.state == State.REFUSED else State.CANCELLED, None
    row.marked = None
    row.save(update_fields=["remarks", "state", "stored", "marked"])
    row.rows.all().delete()
    StoredFile.objects.filter(pk__in=[pk for pk in files if pk]).delete()
    return 1


def _ended(row: ChangeSet, at: datetime) -> str:
    counts = row.counts()
    said = {
        "day": f"{timezone.localdate(at):%d/%m/%Y}", "applied": counts["applied"] + counts["refused_undo"],
        "undone": counts["undone"],
    }  # fmt: skip
    return _(
        "Ngày %(day)s cổng xóa dữ liệu từng dòng của đợt này (%(applied)s dòng đang có giá trị, %(undone)s dòng đã "
        "hoàn tác). Không hoàn tác được nữa; thay đổi vẫn nằm trong lịch sử của từng bản ghi, tệp gửi lên "
        "vẫn được giữ."
    ) % said  # fmt: skip


def _abandoned(row: ChangeSet, at: datetime) -> str:
    said = {"day": f"{timezone.localdate(at):%d/%m/%Y}"}
    if row.stored is None:
        return _("Ngày %(day)s cổng đóng đợt này vì đã lâu không ai làm tiếp; các dòng đã xóa.") % said
    said |= {"name": row.stored.name, "hash": row.stored.sha256}
    return _(
        "Ngày %(day)s cổng đóng đợt này vì đã lâu không ai làm tiếp; các dòng và tệp “%(name)s” đã xóa. "
        "Mã băm SHA-256 của tệp: %(hash)s."
    ) % said  # fmt: skip
