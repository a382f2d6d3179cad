"""A workbook with its faults told in it: faulty cells coloured and commented, and a page that lists them. A short
workbook is the very one that was sent; a long one, like a CSV file, is written anew (`copying`)."""

import hashlib
import tempfile
from collections.abc import Iterator
from functools import cache
from typing import Any, BinaryIO

import openpyxl
from django.core.files import File
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from izportal import documents
from izportal.cells import neutral
from izportal.changesets import progress
from izportal.changesets.copying import FAULTS, Copy
from izportal.models import ChangeSet, ChangeSetRow
from izportal.sheets.reading import CSV_MIME, opened
from izportal.uploads import MIME, Inspection

MARK = "izportal.changesets.marking.mark"
# The library that keeps a book as it is holds all of it in memory.
MOST_KEPT_AS_IT_IS, MOST_ROWS_KEPT = 2 * 1024 * 1024, 20_000
# Beyond so many a reader goes by colours and by the list; each comment costs a drawing.
MOST_COMMENTS = 5_000
WIDTHS = (18, 8, 8, 26, 26, 90)
AUTHOR = "Cổng"
TOLD_EVERY = 1_000


def mark(pk: int) -> None:
    """A job. Makes the file once."""
    change_set = ChangeSet.objects.select_related("stored", "uploaded_by").filter(pk=pk, marked=None).first()
    if change_set is None or change_set.stored is None:
        return
    rows = change_set.rows.filter(state=ChangeSetRow.State.FAULT).order_by("position").iterator(chunk_size=2_000)
    with tempfile.TemporaryFile() as target, override(change_set.uploaded_by.language):
        if keeps_its_look(change_set, change_set.rows.count()):
            _in_place(change_set, rows, target)
        else:
            _anew(change_set, rows, target)
        name = change_set.stored.name.rsplit(".", 1)[0][:100] + " - loi.xlsx"
        kept = documents.keep(
            File(target, name=name), _inspected(target, name), by=change_set.uploaded_by, at=timezone.now(),
            is_ours=True, is_sample=change_set.uploaded_by.is_sample,
        )  # fmt: skip
    ChangeSet.objects.filter(pk=pk, marked=None).update(marked=kept)
    progress.clear(told_of(change_set))


def keeps_its_look(change_set: ChangeSet, rows: int) -> bool:
    """Is the marked file the very book that was sent? Else it is written anew."""
    stored = change_set.stored
    if stored is None or stored.mime == CSV_MIME:
        return False
    return stored.size <= MOST_KEPT_AS_IT_IS and rows <= MOST_ROWS_KEPT


def state_of(change_set: ChangeSet, counts: dict[str, int]) -> tuple[int, int | None] | None:
    """How far the marking is, while a file with faults waits for it."""
    is_due = change_set.state == ChangeSet.State.READY and change_set.stored_id and not change_set.marked_id
    return progress.told(told_of(change_set)) if is_due and counts["fault"] else None


def told_of(change_set: ChangeSet) -> str:
    """Under which name it is told how far the marking is."""
    return f"{change_set.pk}-loi"


def _inspected(target: Any, name: str) -> Inspection:
    target.seek(0)
    digest = hashlib.file_digest(target, "sha256").hexdigest()
    size = target.tell()
    target.seek(0)
    return Inspection("xlsx", MIME["xlsx"], ".xlsx", None, size, digest, name)


def _head() -> tuple[str, ...]:
    return _("Trang"), _("Dòng"), _("Cột"), _("Tiêu đề"), _("Giá trị"), _("Lỗi")


def _lines(row: ChangeSetRow) -> Iterator[tuple[Any, ...]]:
    for fault in row.faults:
        told = (row.sheet, row.number, fault["column"], fault["heading"], fault["value"], fault["sentence"])
        yield tuple(neutral(value) for value in told)


# The book that was sent ---------------------------------------------------------------------------
RED = PatternFill("solid", fgColor="FFF2B8B5")


def _in_place(change_set: Any, rows: Iterator[ChangeSetRow], target: BinaryIO) -> None:
    with change_set.stored.file.open("rb") as content:
        book = openpyxl.load_workbook(content)
    if FAULTS in book.sheetnames:
        del book[FAULTS]
    listed, left = book.create_sheet(FAULTS, 0), MOST_COMMENTS
    listed.append(_head())
    for cell in listed[1]:
        cell.font = Font(bold=True)
    for row in rows:
        page = book[row.sheet] if row.sheet in book.sheetnames else None
        for line in _lines(row):
            listed.append(line)
            if page is not None:
                _note(page[f"{line[2] or 'A'}{row.number}"], line[5], is_commented=left > 0)
                left -= 1
    for letter, width in zip("ABCDEF", WIDTHS, strict=True):
        listed.column_dimensions[letter].width = width
    listed.freeze_panes = "A2"
    book.save(target)


def _note(cell: Any, sentence: str, *, is_commented: bool) -> None:
    if cell.__class__.__name__ == "MergedCell":
        return
    cell.fill = RED
    if is_commented:
        before = f"{cell.comment.text}\n" if cell.comment is not None else ""
        cell.comment = Comment(f"{before}{sentence}"[:2000], AUTHOR)


# A book written anew ------------------------------------------------------------------------------
@cache
def _place(letter: str) -> int:
    """A faulty row without a column is marked at its first cell."""
    return openpyxl.utils.column_index_from_string(letter or "A") - 1


def _anew(change_set: Any, rows: Iterator[ChangeSetRow], target: BinaryIO) -> None:
    copy = Copy(target, _head(), WIDTHS)
    row, total = next(rows, None), change_set.rows.count()
    done, left = 0, MOST_COMMENTS
    with opened(change_set.stored.file.path, is_csv=change_set.stored.mime == CSV_MIME) as pages:
        for page in pages:
            if page.name == FAULTS:
                continue
            copy.turn(page.name)
            for line in page.lines:
                told: dict[int, list[str]] = {}
                while row is not None and (row.sheet, row.number) == (page.name[:60], line.number):
                    for fault in _lines(row):
                        copy.list(fault)
                        told.setdefault(_place(fault[2]), []).append(fault[5])
                    row = next(rows, None)
                copy.write(line.number - 1, line.cells, told, is_commented=left > 0)
                done, left = done + 1, left - len(told)
                if not done % TOLD_EVERY:
                    progress.tell(told_of(change_set), done, max(total, done))
    copy.close()
