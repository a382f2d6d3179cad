"""What the worker does with a change set: reads it, applies it, undoes it. Each is harmless when run twice: a set that
is no longer in its state is left alone, and what broke off begins again."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from izportal import changesets, outbox
from izportal.changesets import progress, reading
from izportal.changesets.marking import MARK
from izportal.documents import why_held
from izportal.models import ChangeSet, ChangeSetRow, StoredFile
from izportal.sheets import WHOLE, Row, SheetRefused, SheetResource, keeping
from izportal.sheets.marks import mark_of
from izportal.sheets.reading import CSV_MIME

State, Found = ChangeSet.State, ChangeSetRow.State
REASON = "change set {}"


class NotYet(Exception):
    """The file is still being examined; the worker tries again."""


def _set(pk: int, *states: str) -> ChangeSet | None:
    return ChangeSet.objects.select_related("uploaded_by", "stored").filter(pk=pk, state__in=states).first()


# Reading ------------------------------------------------------------------------------------------
def parse(pk: int) -> None:
    """Read the file from its beginning, whatever was read of it before."""
    change_set = _set(pk, State.WAITING, State.PARSING)
    if change_set is None or change_set.stored is None:
        return
    if change_set.stored.state == StoredFile.State.PENDING:
        raise NotYet(str(why_held(change_set.stored)))
    ChangeSet.objects.filter(pk=pk, state=State.WAITING).update(state=State.PARSING)
    change_set.rows.all().delete()
    change_set.remarks, change_set.columns = [], {}
    with override(change_set.uploaded_by.language):
        _end_reading(change_set, _read(change_set))


def _read(change_set: ChangeSet) -> str:
    """The state that the reading ends in."""
    stored_file: Any = change_set.stored
    if held := why_held(stored_file):
        change_set.remarks.append(held)
        return State.REFUSED
    try:
        is_csv = stored_file.mime == CSV_MIME
        reading.read(change_set, changesets.resource_of(change_set), stored_file.file.path, is_csv=is_csv)
    except SheetRefused as refusal:
        change_set.remarks.append(str(refusal))
        return State.REFUSED
    except progress.Stopped:
        return State.CANCELLED
    return State.READY


def _end_reading(change_set: ChangeSet, state: str) -> None:
    with transaction.atomic():
        ours = ChangeSet.objects.filter(pk=change_set.pk, state=State.PARSING)
        if not ours.update(state=state, remarks=change_set.remarks, columns=change_set.columns):
            state = State.CANCELLED
        if state == State.READY and change_set.rows.filter(state=Found.FAULT).exists():
            outbox.enqueue(MARK, change_set.pk, key=f"bang-{change_set.pk}-danh-dau")
    if state in (State.REFUSED, State.CANCELLED):
        change_set.rows.all().delete()


# Applying -----------------------------------------------------------------------------------------
def apply(pk: int, *, at: datetime | None = None) -> None:
    """All picked rows in one transaction; rows that no longer stand as they were read are held as conflicts."""
    change_set = _set(pk, State.APPLYING)
    if change_set is None:
        return
    try:
        with transaction.atomic():
            _apply(ChangeSet.objects.select_for_update(of=("self",)).get(pk=pk), at=at or timezone.now())
    except progress.Stopped:
        ChangeSet.objects.filter(pk=pk, state=State.APPLYING).update(state=State.READY)
        progress.clear(pk)


def _apply(change_set: ChangeSet, *, at: datetime) -> None:
    if change_set.state != State.APPLYING:
        return
    by = change_set.approved_by or change_set.accepted_by
    resource = changesets.resource_of(change_set)
    resource.is_again = True
    picked = change_set.rows.filter(is_picked=True, state__in=ChangeSetRow.VALID)
    total, done = picked.count(), 0
    for kept in reading.chunks(picked):
        progress.tell(change_set.pk, done, total)
        _apply_chunk(change_set, resource, kept, by=by, at=at)
        done += len(kept)
    is_any = change_set.rows.filter(state=Found.APPLIED).exists()
    change_set.state = State.APPLIED if is_any else State.READY
    change_set.applied_at = at if is_any else change_set.applied_at
    change_set.save(update_fields=["state", "applied_at"])


def _apply_chunk(
    change_set: ChangeSet, resource: SheetResource, kept: list[ChangeSetRow], *, by: Any, at: datetime
) -> None:
    rows = _filled(change_set, resource, kept)
    open_rows = [row for row in rows if not row.faults]
    new = [row for row in open_rows if row.record is None]
    resource.find(new)
    for row in new:
        if row.record is not None:
            row.refuse(WHOLE, _("Đã có người thêm bản ghi này sau khi tệp được đọc."))
    open_rows = [row for row in open_rows if not row.faults]
    resource.fill_in(open_rows)
    resource.check(open_rows)
    sound = [row for row in open_rows if not row.faults]
    resource.write(sound, by=by, at=at, reason=_reason(change_set))
    for row, line in zip(rows, kept, strict=True):
        _settle(change_set, resource, row, line)
    _mark_as_left(change_set, resource, kept)
    _put(kept, "state", "faults", "object_id", "mark", "is_picked")


def _filled(change_set: ChangeSet, resource: SheetResource, kept: list[ChangeSetRow]) -> list[Row]:
    """The rows with their values, and the known records under lock; what has changed meanwhile is refused."""
    records = _locked(resource, [line.object_id for line in kept if line.object_id])
    rows = []
    for line, values in zip(kept, resource.revive([line.after for line in kept]), strict=True):
        row = Row(line.sheet, line.number, values)
        row.values, row.key, row.record = values, line.key, records.get(line.object_id)
        if line.object_id and row.record is None:
            row.refuse(WHOLE, _("Bản ghi đã bị xóa sau khi tệp được đọc."))
        elif line.object_id and _mark(change_set, resource, line, row.record) != line.mark:
            row.refuse(WHOLE, _("Đã có người sửa bản ghi này sau khi tệp được đọc."))
        rows.append(row)
    return rows


def _locked(resource: SheetResource, pks: list[int]) -> dict[Any, Any]:
    if not pks:
        return {}
    model = resource._meta.model
    list(model._base_manager.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk"))
    return {record.pk: record for record in resource.get_queryset().filter(pk__in=pks)}


def _mark(change_set: ChangeSet, resource: SheetResource, line: ChangeSetRow, record: Any) -> str:
    return mark_of(resource.values_of(record, change_set.columns.get(line.sheet, line.after)))


def _settle(change_set: ChangeSet, resource: SheetResource, row: Row, line: ChangeSetRow) -> None:
    line.is_picked = False
    if row.faults:
        line.state, line.faults = Found.CONFLICT, row.told(resource.headings, {})
        return
    line.state, line.object_id = Found.APPLIED, row.record.pk


def _mark_as_left(change_set: ChangeSet, resource: SheetResource, kept: list[ChangeSetRow]) -> None:
    """As the database has the records now: it keeps some values in another form than they were given."""
    alike: dict[tuple[str, ...], list[ChangeSetRow]] = {}
    for line in (line for line in kept if line.state == Found.APPLIED):
        alike.setdefault(tuple(change_set.columns.get(line.sheet, line.after)), []).append(line)
    for columns, lines in alike.items():
        marks = resource.marks([line.object_id for line in lines], columns)
        for line in lines:
            line.mark = marks.get(line.object_id, line.mark)


# Undoing ------------------------------------------------------------------------------------------
def undo(pk: int) -> None:
    """All applied rows in one transaction, the last first; rows that were changed since are left as they are."""
    try:
        with transaction.atomic():
            change_set = ChangeSet.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.UNDOING).first()
            if change_set is not None:
                _undo(change_set)
    except progress.Stopped:
        ChangeSet.objects.filter(pk=pk, state=State.UNDOING).update(state=State.APPLIED)
        progress.clear(pk)


def _undo(change_set: ChangeSet) -> None:
    at, resource = timezone.now(), changesets.resource_of(change_set)
    applied = change_set.rows.filter(state=Found.APPLIED)
    total, done = applied.count(), 0
    while kept := list(applied.order_by("-position")[: reading.CHUNK]):
        progress.tell(change_set.pk, done, total)
        _undo_chunk(change_set, resource, kept, at)
        done += len(kept)
    change_set.state = State.UNDONE
    change_set.save(update_fields=["state"])


def _undo_chunk(change_set: ChangeSet, resource: SheetResource, kept: list[ChangeSetRow], at: datetime) -> None:
    records = _locked(resource, [line.object_id for line in kept])
    rows = []
    for line, values in zip(kept, resource.revive([line.before for line in kept]), strict=True):
        row = Row(line.sheet, line.number, values)
        row.values, row.key, row.record, row.edited = values, line.key, records.get(line.object_id), list(line.before)
        if row.record is None:
            row.refuse(WHOLE, _("Bản ghi đã bị xóa."))
        elif _mark(change_set, resource, line, row.record) != line.mark:
            row.refuse(WHOLE, _("Đã có người sửa bản ghi này sau khi nhập."))
        rows.append(row)
    sound = [row for row in rows if not row.faults]
    reason = _reason(change_set) + " ↶"
    resource.take_back(sound, by=change_set.undone_by, at=at, reason=reason)
    for row, line in zip(rows, kept, strict=True):
        line.state = Found.REFUSED_UNDO if row.faults else Found.UNDONE
        line.faults = row.told(resource.headings, {})
    _put(kept, "state", "faults")


def _put(kept: list[ChangeSetRow], *names: str) -> None:
    keeping.put(kept, [ChangeSetRow._meta.get_field(name) for name in names])


def _reason(change_set: ChangeSet) -> str:
    """What stands in the history of each row: which set, and what its sender said of it."""
    number = REASON.format(change_set.pk)
    return f"{number}: {change_set.note}"[: keeping.LONGEST_REASON - 2] if change_set.note else number
