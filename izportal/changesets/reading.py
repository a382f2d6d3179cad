"""Rows of a file compared with what stands and kept for review, a thousand at a time."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from izportal.changesets import progress
from izportal.changesets.copying import FAULTS
from izportal.models import ChangeSet, ChangeSetRow
from izportal.sheets import MAX_ROWS, Row, SheetRefused, SheetResource, headings, keeping
from izportal.sheets.marks import mark_of, stored
from izportal.sheets.reading import letter, opened
from izportal.sheets.resource import KEY
from izportal.sheets.rows import WHOLE, repeats
from izportal.workbooks import GUIDE

CHUNK = 1_000
State = ChangeSetRow.State


def read(change_set: ChangeSet, resource: SheetResource, path: str, *, is_csv: bool) -> None:
    """All pages of a file. Raises `SheetRefused` and `Stopped`."""
    done, seen = 0, set()
    with opened(path, is_csv=is_csv) as pages:
        for page in pages:
            name = page.name[:60]
            if name in (GUIDE, FAULTS):
                continue
            found = headings.found(
                page.lines, resource.known_headings(), resource.headings, resource.read_only()
            )  # fmt: skip
            if found is None:
                change_set.remarks.append(
                    _("Trang “%(sheet)s” không có dòng tiêu đề quen; cổng bỏ qua.") % {"sheet": name}
                )
                continue
            head, lines = found
            seen.add(name)
            _tell_of(change_set, resource, name, head)
            done = _keep_faults(change_set, name, head, done)
            done = _read_lines(change_set, resource, name, head, lines, done)
    if not seen:
        raise SheetRefused(_("Không tìm thấy dòng tiêu đề nào có các cột của mẫu (trong 20 dòng đầu mỗi trang)."))
    if not done:
        raise SheetRefused(_("Bảng không có dòng dữ liệu nào dưới dòng tiêu đề."))
    change_set.save(update_fields=["remarks", "columns"])


def _tell_of(change_set: ChangeSet, resource: SheetResource, name: str, head: headings.Head) -> None:
    change_set.columns[name] = [column for column in head.columns if column != KEY and column not in head.read_only]
    if head.read_only:
        ignored = ", ".join(resource.headings[column] for column in head.read_only)
        _remark(change_set, _("Chỉ để xem, không nhập: %(columns)s.") % {"columns": ignored})
    if head.number > 1:
        _remark(change_set, _("Tiêu đề cột ở dòng %(row)s; các dòng trên là tên bảng.") % {"row": head.number})


def _remark(change_set: ChangeSet, sentence: str) -> None:
    """What holds of several pages is said once."""
    if sentence not in change_set.remarks:
        change_set.remarks.append(sentence)


def _keep_faults(change_set: ChangeSet, name: str, head: headings.Head, done: int) -> int:
    """What is wrong with the headings is a row of its own."""
    if not head.faults:
        return done
    told = [
        {"column": letter(place), "heading": text, "value": text, "sentence": sentence}
        for place, text, sentence in head.faults
    ]
    ChangeSetRow.objects.create(
        change_set=change_set, position=done, sheet=name, number=head.number, state=State.FAULT, faults=told,
        label=_("Dòng tiêu đề"),
    )  # fmt: skip
    return done + 1


def _read_lines(
    change_set: ChangeSet, resource: SheetResource, name: str, head: headings.Head, lines: Any, done: int
) -> int:
    read = {column: place for column, place in head.columns.items() if column not in head.read_only}
    letters = {column: letter(place) for column, place in head.columns.items()}
    rows = (_row(name, line, read, head.width) for line in lines)
    while chunk := list(islice(rows, CHUNK)):
        keep_rows(change_set, resource, chunk, letters, first=done)
        done += len(chunk)
        if done > MAX_ROWS + 100:
            raise SheetRefused(_("Bảng có quá %(count)s dòng dữ liệu.") % {"count": MAX_ROWS})
        progress.tell(change_set.pk, done, None)
    return done


def _row(sheet: str, line: Any, read: dict[str, int], width: int) -> Row:
    cells = line.cells
    many = len(cells)
    formulas = tuple(column for column, place in read.items() if place in line.formulas) if line.formulas else ()
    row = Row(sheet, line.number, {c: cells[at] if at < many else None for c, at in read.items()}, formulas=formulas)
    if many > width:
        row.refuse(
            WHOLE,
            _("Ô %(place)s có dữ liệu nhưng cột không có tiêu đề.") % {"place": f"{letter(many - 1)}{line.number}"},
        )
    return row


# One chunk ----------------------------------------------------------------------------------------
def keep_rows(
    change_set: ChangeSet, resource: SheetResource, rows: list[Row], letters: dict[str, str], *, first: int
) -> None:
    """Read, find, fill in, check and keep rows that have the same columns."""
    resource.clean(rows)
    resource.recognise(rows)
    _refuse_repeats(resource, rows)
    resource.fill_in(rows)
    resource.check(rows)
    stale = _stale(resource, rows)
    kept = [_kept(change_set, resource, row, letters, first + at, stale) for at, row in enumerate(rows)]
    keeping.insert(kept)


def _refuse_repeats(resource: SheetResource, rows: list[Row]) -> None:
    for row in rows:
        keys = [key for key in (row.key, row.told_key and f"#{row.told_key.partition(':')[0]}") if key]
        firsts = [resource.seen.setdefault(hash(key), row.place) for key in keys]
        if other := next((first for first in firsts if first != row.place), None):
            column = next((name for name in resource.told_by if row.get(name)), WHOLE)
            row.is_repeat = True
            row.refuse(column, repeats(other))


def _stale(resource: SheetResource, rows: list[Row]) -> set[int]:
    """Records that somebody has edited since they were exported into this file."""
    told = {row.record.pk: row.told_key.partition(":")[2] for row in rows if ":" in row.told_key and not row.is_new}
    now = resource.tokens(told) if told else {}
    return {pk for pk, token in told.items() if now.get(pk, token) != token}


def _kept(
    change_set: ChangeSet, resource: SheetResource, row: Row, letters: dict[str, str], position: int, stale: set[int]
) -> ChangeSetRow:
    is_new, record = row.is_new, row.record
    after = {name: stored(value) for name, value in resource.values_of(record, row.edited).items()}
    state = State.FAULT if row.faults else State.NEW if is_new else State.CHANGED if row.edited else State.UNCHANGED
    faults = row.told(resource.headings, letters) if row.faults else []
    if state == State.CHANGED and record.pk in stale:
        state = State.CONFLICT
        faults = [
            {"column": "", "heading": "", "value": "", "sentence": _("Đã có người sửa bản ghi này sau khi xuất tệp.")}
        ]
    return ChangeSetRow(
        change_set=change_set, position=position, sheet=row.sheet, number=row.number, key=row.key[:200],
        label=row.key[:200] if is_new else str(record)[:200], object_id=None if is_new else record.pk, is_new=is_new,
        state=state, faults=faults, formulas=[resource.headings[name] for name in row.formulas if name != KEY],
        before={} if is_new else {name: stored(row.original[name]) for name in row.edited},
        after=after if state != State.FAULT else {},
        mark="" if is_new or state != State.CHANGED else mark_of(row.original),
        needs_second=any(n in resource.guarded and (not is_new or after[n] not in (None, "")) for n in row.edited),
    )  # fmt: skip


def chunks(rows: Any) -> Iterator[list[ChangeSetRow]]:
    """Rows of a set, a thousand at a time in their order, each read when it is asked for."""
    last = -1
    while found := list(rows.filter(position__gt=last).order_by("position")[:CHUNK]):
        last = found[-1].position
        yield found
