"""Indicators of the register on a date and as known at a moment: plain functions over standing changes.

FDI is counted in USD and DDI in VND; the two are never added. Each function takes a fixed number of queries.
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import QuerySet, Sum

from projects.models import Change, Contribution, Country, Project, Sector
from zones.models import Zone

ZERO = Decimal(0)


@dataclass(frozen=True)
class Entry:
    """One project in force with what it adds to a figure."""

    pk: int
    origin: str
    zone: int
    sector: str
    countries: frozenset[str]
    usd: Decimal
    vnd: Decimal


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

    def add(self, entry: Entry) -> None:
        if entry.origin == Project.Origin.FDI:
            self.fdi, self.fdi_usd = self.fdi + 1, self.fdi_usd + entry.usd
        else:
            self.ddi, self.ddi_vnd = self.ddi + 1, self.ddi_vnd + entry.vnd


def counts_sample() -> bool:
    """Sample projects are counted only while there is no real one: a figure never mixes both."""
    return not Project.objects.filter(is_sample=False).exists()


def records(*, on: datetime.date, known: datetime.datetime | None = None) -> QuerySet[Project]:
    """The projects behind every figure of this module."""
    return Project.objects.countable().in_force(on=on, known=known)


def entries(*, on: datetime.date, known: datetime.datetime | None = None) -> list[Entry]:
    """Every project in force with its standing capital; four queries, however many projects."""
    counted = records(on=on, known=known).order_by()
    changes = Change.objects.standing(on=on, known=known).filter(project__in=counted.values("pk")).order_by()
    sums = changes.values("project_id").annotate(usd=Sum("capital_usd"), vnd=Sum("capital_vnd"))
    capital = {row["project_id"]: (row["usd"], row["vnd"]) for row in sums}
    countries = defaultdict(set)
    pairs = Contribution.objects.standing(on=on, known=known).filter(project__in=counted.values("pk")).order_by()
    for project, country in pairs.values_list("project_id", "investor__country_id"):
        countries[project].add(country)
    return [
        Entry(pk, origin, zone, sector, frozenset(countries[pk]), *capital[pk])
        for pk, origin, zone, sector in counted.values_list("pk", "origin", "zone_id", "sector_id")
    ]


def total(found: Iterable[Entry]) -> Group:
    whole = Group()
    for entry in found:
        whole.add(entry)
    return whole


def by_zone(found: Iterable[Entry]) -> list[Group]:
    """Every zone in its own order, those without a project too."""
    groups = _grouped(found, lambda entry: [entry.zone])
    return [_named(groups, zone.pk, zone.short_name, key=zone.slug) for zone in Zone.objects.all()]


def by_country(found: Iterable[Entry]) -> list[Group]:
    """A project with investors of several countries counts whole in each, so that the lines may exceed the total."""
    groups = _grouped(found, lambda entry: entry.countries)
    countries = Country.objects.filter(pk__in=groups)
    return _largest_first(_named(groups, country.pk, country.name) for country in countries)


def by_sector(found: Iterable[Entry]) -> list[Group]:
    groups = _grouped(found, lambda entry: [entry.sector])
    return _largest_first(_named(groups, sector.pk, sector.name) for sector in Sector.objects.filter(pk__in=groups))


def _grouped(found: Iterable[Entry], keys: Callable[[Entry], Iterable]) -> dict[object, Group]:
    groups: dict[object, Group] = defaultdict(Group)
    for entry in found:
        for key in keys(entry):
            groups[key].add(entry)
    return groups


def _named(groups: dict[object, Group], pk: object, label: str, *, key: object = None) -> Group:
    group = groups.get(pk) or Group()
    group.key, group.label = key or pk, label
    return group


def _largest_first(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (-group.projects, group.label))
