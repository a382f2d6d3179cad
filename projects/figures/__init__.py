"""Indicators of the register on a date and as known at a moment, each a sum over standing changes.

`register` defines them, `facts` says which changes count, `cells` reads all at once, `bridge` leads from one day to
another, `moves` tells why a number has changed. FDI is counted in USD and DDI in VND; the two are never added.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from izportal.indicators import Asked
from projects.figures import cells, kept
from projects.models import Project
from zones.models import Zone

ZERO = Decimal(0)


@dataclass
class Group:
    """Projects in force taken together: FDI with its capital in USD, DDI with its capital in VND."""

    key: object = None
    label: str = ""
    fdi: int = 0
    ddi: int = 0
    fdi_usd: Decimal = field(default=ZERO)
    ddi_vnd: Decimal = field(default=ZERO)

    @property
    def projects(self) -> int:
        return self.fdi + self.ddi


def counts_sample() -> bool:
    """Sample projects are counted only while there is no real one: a figure never mixes both."""
    return not Project.objects.filter(is_sample=False).exists()


def records(*, on: datetime.date, known: datetime.datetime | None = None) -> QuerySet[Project]:
    """The projects behind every figure of this module."""
    return Project.objects.countable().in_force(on=on, known=known)


def group(values: Mapping[str, Any], *, key: object = None, label: str = "") -> Group:
    """The group that some values (`cells.Values`) describe."""
    return Group(
        key, label, values.get("fdi_projects", 0), values.get("ddi_projects", 0),
        Decimal(values.get("fdi_capital_usd", 0)), Decimal(values.get("ddi_capital_vnd", 0)),
    )  # fmt: skip


def largest_first(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (-group.projects, group.label))


def by_zone(*, on: datetime.date) -> list[Group]:
    """Every zone in its own order, those without a project too; kept until the register changes."""
    found = kept.answer("zones", Asked(on, is_sample=counts_sample()), _zones)
    return [group(found.get(zone.slug, {}), key=zone.slug, label=zone.short_name) for zone in Zone.objects.all()]


def _zones(asked: Asked) -> dict[str, cells.Values]:
    found = cells.by_key(cells.by_zone_and_sector(asked))
    return {zone: cells.values(rows) for zone, rows in found.items()}
