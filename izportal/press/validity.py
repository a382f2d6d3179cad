"""Whether a document holds on a day, and what came before and after it."""

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from izportal.press.models import Document, Item


def state(document: Document, *, on: date) -> dict[str, str]:
    """As the tag on its page shows it: text and kind."""
    if document.replaced_by_id:
        return {"text": _("Đã được thay thế"), "kind": "warn"}
    match document.is_in_force(on):
        case True:
            return {"text": _("Còn hiệu lực"), "kind": "ok"}
        case False if document.in_force_from is not None and document.in_force_from > on:
            return {"text": _("Chưa có hiệu lực"), "kind": "line"}
        case False:
            return {"text": _("Hết hiệu lực"), "kind": "bad"}
    return {"text": _("Chưa rõ hiệu lực"), "kind": "line"}


def chain(document: Document, *, at: datetime) -> dict[str, list[Any]]:
    """The documents after and before this one, nearest first; those that nobody may read yet stay out."""
    public = set(Item.objects.filter(kind=Item.Kind.DOCUMENT).public(at=at).values_list("pk", flat=True))
    return {
        "later": [row for row in _later(document) if row.item_id in public],
        "earlier": [row for row in _earlier(document) if row.item_id in public],
    }


def _later(document: Document) -> list[Document]:
    found: list[Document] = []
    row = document.replaced_by
    while row is not None and row not in (document, *found):
        found.append(row)
        row = row.replaced_by
    return found


def _earlier(document: Document) -> list[Document]:
    found: list[Document] = []
    rows = list(document.replaces.select_related("item"))
    while rows:
        found += rows
        rows = [
            row
            for row in Document.objects.filter(replaced_by__in=rows).select_related("item")
            if row != document and row not in found
        ]
    return found
