"""What the search finds: of each kind the rows that a reader may see, and the public words by which it is shown.

A kind is searched in its folded column, which holds nothing but what its public page shows.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from izportal.press import readable
from izportal.press.models import Item
from onestop.models import Procedure
from projects.models import Change, Project
from zones.models import Document, Plot, Zone

_DECISION = re.compile(r"\d\S{0,30}/\S{2,60}")


@dataclass(frozen=True)
class Kind:
    code: str
    label: str | Promise
    visible: Callable[[Any], QuerySet]
    # What a line shows of the rows, true on a day.
    shown: Callable[[QuerySet, date], QuerySet]
    # The title first, then whatever else its page says and the search reads.
    words: Callable[[Any], list[str]]
    # The list in which the same words can be narrowed further, with what else its address says.
    listing: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    # A number by which a row is known elsewhere, where the query looks like one.
    known_by: Callable[[str], Q | None] = lambda query: None
    # Whose names a misspelt word may have meant.
    names: tuple[str, ...] = ()


def _both(row: Any, *names: str) -> list[str]:
    """In the reader's language first, then in every other."""
    columns = [getattr(row, name) for name in names]
    return [text for text in dict.fromkeys((*columns, *_elsewhere(row, names))) if text]


def _elsewhere(row: Any, names: tuple[str, ...]) -> list[str]:
    return [getattr(row, f"{name}_{language}", "") for name in names for language in ("vi", "en")]


def _numbers(query: str) -> set[str]:
    """The ways to write the number of a decision that a query may be: as typed, in capitals, with its Đ."""
    number = unicodedata.normalize("NFC", query).strip()
    if not _DECISION.fullmatch(number):
        return set()
    capitals = number.upper()
    return {number, capitals, re.sub(r"\b([QNC])D\b", r"\1Đ", capitals)}


def _decided(query: str) -> Q | None:
    """A project is known by the number of each decision about it."""
    numbers = _numbers(query)
    changes = Change.objects.filter(project=OuterRef("pk"), decision_number__in=numbers)
    return Q(Exists(changes)) if numbers else None


def _numbered(query: str) -> Q | None:
    numbers = _numbers(query)
    return Q(item__document__number__in=numbers) if numbers else None


def _editions(*kinds: str) -> Callable[[Any], QuerySet]:
    """What is published now, in the reader's language or, for want of it, in Vietnamese."""
    return lambda user: readable.of_kind(*kinds, language=get_language() or "vi", at=timezone.now())


def _content(code: str, label: Promise, *kinds: str, **more: Any) -> "Kind":
    return Kind(
        code, label, _editions(*kinds), lambda rows, on: rows.select_related("item"),
        lambda row: [row.title, row.summary, row.words], names=("title",), **more,
    )  # fmt: skip


def _of_zones(user: Any) -> QuerySet:
    return Zone.objects.visible_to(user)


KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            "zones", _("Khu công nghiệp"), _of_zones, lambda rows, on: rows,
            lambda row: _both(row, "name", "short_name", "location_old", "location_new") + [row.code],
            listing="zones:zone_list", names=("name_vi", "name_en"),
        ),
        Kind(
            "plots", _("Đất và nhà xưởng"), Plot.objects.all().visible_to,
            lambda rows, on: rows.with_status(on=on).select_related("zone"),
            lambda row: [f"{row.zone.short_name} · {row.number}", *_both(row, "description"),
                         f"{row.code} {row.zone.name}", row.zone.name_en or ""],
            listing="zones:plot_list", filters=(("status", "any"),),
        ),
        Kind(
            "projects", _("Dự án đầu tư"), Project.objects.all().visible_to,
            lambda rows, on: rows.with_position(on=on).select_related("zone", "enterprise"),
            lambda row: _both(row, "name") + [
                " · ".join(filter(None, (row.code, row.certificate_number, row.enterprise and row.enterprise.name,
                                         row.zone.name))),
            ],
            listing="projects:project_list", filters=(("status", "any"),), known_by=_decided,
            names=("name_vi", "name_en", "enterprise__name_vi"),
        ),
        Kind(
            "procedures", _("Thủ tục hành chính"), lambda user: Procedure.objects.all(),
            lambda rows, on: rows.select_related("field"),
            lambda row: _both(row, "name") + [row.code, *_both(row.field, "name")],
            listing="onestop:procedure_list", names=("name_vi", "name_en"),
        ),
        Kind(
            "zone_papers", _("Văn bản về khu"),
            lambda user: Document.objects.filter(is_public=True, zone__in=_of_zones(user)),
            lambda rows, on: rows.select_related("zone"),
            lambda row: _both(row, "title") + [row.number, row.zone.name],
            names=("title_vi", "title_en"),
        ),
        _content("news", _("Tin tức, thông báo"), Item.Kind.NEWS, Item.Kind.NOTICE, listing="press:item_list"),
        _content("pages", _("Trang giới thiệu"), Item.Kind.PAGE),
        _content(
            "documents", _("Văn bản, quyết định"), Item.Kind.DOCUMENT, listing="press:document_list",
            known_by=_numbered,
        ),
        _content("answers", _("Hỏi đáp"), Item.Kind.ANSWER, listing="press:answer_list"),
        _content("consultations", _("Lấy ý kiến quy hoạch"), Item.Kind.CONSULTATION),
    )
}  # fmt: skip
