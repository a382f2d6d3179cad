"""The records behind a cell, each with what it says and where the back office shows it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from izportal.templatetags.area import grouped
from projects.models import Change, Investor, Project, Report
from zones.models import Phase, Zone, ZoneArea

MODELS = {
    "change": Change.objects.select_related("project"), "report": Report.objects.with_names(),
    "project": Project.objects.all(), "zone": Zone.objects.all(), "phase": Phase.objects.select_related("zone"),
    "area": ZoneArea.objects.select_related("zone"), "investor": Investor.objects.all(),
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    what: str
    name: str
    said: str
    url: str


def told(keys: Iterable[str], *, column: str = "") -> list[Record]:
    """One query for each kind of record; what is gone is left out."""
    wanted: dict[str, list[int]] = defaultdict(list)
    for key in keys:
        kind, _colon, number = key.partition(":")
        wanted[kind].append(int(number))
    found: list[Record] = []
    for kind, numbers in wanted.items():
        found += lines(MODELS[kind].filter(pk__in=numbers).order_by("pk"), column=column)
    return found


def lines(rows: Iterable[Any], *, column: str = "") -> list[Record]:
    return [_record(row, column) for row in rows]


def _record(row: Any, column: str) -> Record:
    model = row._meta
    url = reverse(f"admin:{model.app_label}_{model.model_name}_change", args=[row.pk])
    return Record(str(model.verbose_name), str(row), _said(row, column), url)


def _said(row: Any, column: str) -> str:
    if isinstance(row, Change):
        facts = {"usd": grouped(row.capital_usd), "vnd": grouped(row.capital_vnd), "area": grouped(row.area_m2)}
        return _("%(usd)s USD; %(vnd)s đồng; %(area)s m²") % facts
    if isinstance(row, Report):
        line = next((key for key in row.values if column.endswith(key)), "")
        return "; ".join(f"{grouped(value)}" for value in row.values.get(line, {}).values() if line)
    return ""
