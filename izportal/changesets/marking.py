"""The same workbook with its faults told in it: faulty cells coloured and commented, and a page that lists them."""

import io
from typing import Any

import openpyxl
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from izportal import documents
from izportal.cells import neutral
from izportal.models import ChangeSet, ChangeSetRow
from izportal.sheets.reading import CSV_MIME, MAX_BYTES, opened

MARK = "izportal.changesets.marking.mark"
# The library that keeps a book as it is holds all of it in memory; a longer one is marked in the list of faults alone.
MOST_KEPT_AS_IT_IS = 2 * 1024 * 1024
MOST_MARKED = 5_000
RED = PatternFill("solid", fgColor="FFF2B8B5")


def mark(pk: int) -> None:
    """A job. Makes the file once."""
    change_set = ChangeSet.objects.select_related("stored", "uploaded_by").filter(pk=pk, marked=None).first()
    if change_set is None or change_set.stored is None:
        return
    faulty = change_set.rows.filter(state=ChangeSetRow.State.FAULT).order_by("position")[:MOST_MARKED]
    with override(change_set.uploaded_by.language):
        content = _marked(change_set.stored, list(faulty))
    name = change_set.stored.name.rsplit(".", 1)[0][:100] + " - loi.xlsx"
    kept = documents.store(
        ContentFile(content, name=name), by=change_set.uploaded_by, at=timezone.now(), max_bytes=2 * MAX_BYTES,
        is_ours=True,
    )  # fmt: skip
    ChangeSet.objects.filter(pk=pk, marked=None).update(marked=kept)


def _marked(stored: Any, rows: list[ChangeSetRow]) -> bytes:
    book = _book(stored)
    fault_list = book.create_sheet(_("Danh sách lỗi")[:31], 0)
    fault_list.append([_("Trang"), _("Dòng"), _("Cột"), _("Tiêu đề"), _("Giá trị"), _("Lỗi")])
    for cell in fault_list[1]:
        cell.font = Font(bold=True)
    for row in rows:
        page = (
            book[row.sheet]
            if row.sheet in book.sheetnames
            else book.worksheets[1]
            if not row.sheet and len(book.worksheets) > 1
            else None
        )
        for fault in row.faults:
            told = (row.sheet, row.number, fault["column"], fault["heading"], fault["value"], fault["sentence"])
            fault_list.append([neutral(value) for value in told])
            if page is not None:
                _note(page[f"{fault['column'] or 'A'}{row.number}"], fault["sentence"])
    for letter, width in zip("ABCDEF", (18, 8, 8, 26, 26, 90), strict=True):
        fault_list.column_dimensions[letter].width = width
    fault_list.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _book(stored: Any) -> Any:
    """The book itself, a CSV file as one, or for a very long one an empty book to list its faults in."""
    if stored.mime == CSV_MIME:
        book = openpyxl.Workbook()
        with opened(stored.file.path, is_csv=True) as pages:
            for line in next(pages).lines if stored.size <= MOST_KEPT_AS_IT_IS else ():
                for place, value in enumerate(line.cells, start=1):
                    book.active.cell(line.number, place).value = neutral(value)
        return book
    if stored.size > MOST_KEPT_AS_IT_IS:
        book = openpyxl.Workbook()
        book.remove(book.active)
        return book
    with stored.file.open("rb") as content:
        return openpyxl.load_workbook(content)


def _note(cell: Any, sentence: str) -> None:
    if getattr(cell, "comment", None) is not None:
        sentence = f"{cell.comment.text}\n{sentence}"
    if cell.__class__.__name__ != "MergedCell":
        cell.fill, cell.comment = RED, Comment(sentence[:2000], "Cổng")
