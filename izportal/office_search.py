"""One search over the records of the back office, from any of its pages. Each kind is searched by its own list: nobody
finds what they could not open there."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import F, Q, Value
from django.db.models.functions import Replace
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from izportal.folding import LONGEST_QUERY
from onestop.models import Dossier, Procedure
from projects.models import Enterprise, Investor, Project
from zones.models import Plot, Zone

# What is looked for most stands first; the second tells what is said beside the name of a row.
KINDS = (
    (Dossier, lambda row: f"{row.procedure} · {row.get_status_display()}"),
    (Plot, lambda row: row.code),
    (Project, lambda row: f"{row.enterprise} · {row.zone}"),
    (Enterprise, lambda row: row.tax_code),
    (Investor, lambda row: row.country and row.country.name),
    (Zone, lambda row: row.code),
    (Procedure, lambda row: ""),
)
MOST = 8
# A tax code or a telephone number as it is printed: groups of digits, whatever stands between them.
NUMBER = re.compile(r"\+?[\d .()-]{8,30}")
PHONES = {Enterprise: "phone", Dossier: "contact_phone"}


@dataclass(frozen=True)
class Heap:
    """What one kind of record gave: its first rows as (name, note, address), and where the rest stands."""

    label: str
    rows: list[tuple[str, str, str]]
    list_url: str
    is_whole: bool


def found(request, text: str) -> list[Heap]:
    """The heaps that hold something, one query each."""
    heaps = (_heap(request, admin.site._registry[model], note, text) for model, note in KINDS)
    return [heap for heap in heaps if heap and heap.rows]


def _heap(request, kept_by: Any, note: Any, text: str) -> Heap | None:
    if not kept_by.has_view_permission(request):
        return None
    rows = list(_matching(request, kept_by, text)[: MOST + 1])
    name = f"admin:{kept_by.opts.app_label}_{kept_by.opts.model_name}"
    told = [(str(row), note(row) or "", reverse(f"{name}_change", args=[row.pk])) for row in rows[:MOST]]
    list_url = f"{reverse(f'{name}_changelist')}?{urlencode({'q': text})}"
    return Heap(capfirst(kept_by.opts.verbose_name_plural), told, list_url, len(rows) <= MOST)


def _matching(request, kept_by: Any, text: str) -> Any:
    rows = _with_names(kept_by, request)
    code = re.sub(r"[ .()]", "", text) if NUMBER.fullmatch(text) else ""
    found, _may_repeat = kept_by.get_search_results(request, rows, code or text)
    column, digits = PHONES.get(kept_by.model), re.sub(r"^(84|0)|\D", "", code.lstrip("+"))
    if not column or len(digits) < 7:
        return found
    plain: Any = F(column)
    for mark in " .-()+":
        plain = Replace(plain, Value(mark))
    rows = rows.alias(dialled=plain)
    return rows.filter(Q(pk__in=found.order_by().values("pk")) | Q(dialled__endswith=digits))


def _with_names(kept_by: Any, request) -> Any:
    rows = kept_by.get_queryset(request)
    if kept_by.model is Dossier:
        return rows.with_names()
    linked = [name for name in ("zone", "enterprise", "country") if name in {f.name for f in kept_by.opts.fields}]
    return rows.select_related(*linked) if linked else rows


@require_safe
def office_search(request):
    text = " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST_QUERY]
    context = {
        **admin.site.each_context(request), "title": _("Tìm trong trang nội bộ"), "text": text,
        "heaps": found(request, text) if text else [], "most": MOST,
    }  # fmt: skip
    return TemplateResponse(request, "izportal/office_search.html", context)
