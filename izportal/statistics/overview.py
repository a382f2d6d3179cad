"""All that `/thong-ke/` shows of the register for one question, from three passes of the database; what they found is
kept until the register changes (`kept`)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from izportal.indicators import COUNTRY, SECTOR, ZONE, Asked, Number
from izportal.statistics import published, registry
from izportal.workdays import months_later
from projects.figures import bridge, cells, kept
from projects.figures.cells import Values
from projects.figures.register import PARTS
from projects.models import Country, Sector
from zones.models import Zone

STRIP = ("projects", "fdi_projects", "ddi_projects", "fdi_capital_usd", "ddi_capital_vnd", "new_projects")
STOCKS = ("projects", "fdi_projects", "ddi_projects", "fdi_capital_usd", "ddi_capital_vnd", "project_land_m2")
MONTH, QUARTER, YEAR = 1, 3, 12
ROMAN = ("I", "II", "III", "IV")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Found:
    """What the database said: values of every indicator by group, and month by month."""

    total: Values
    opening: Values
    zones: dict[str, Values]
    sectors: dict[str, Values]
    sections: dict[str, Values]
    countries: dict[str, Values]
    months: dict[date, Values]


@dataclass(frozen=True)
class Numbers:
    """Figures by their code, made when they are asked for."""

    asked: Asked
    values: Mapping[str, Any]

    def __getitem__(self, code: str) -> Number:
        return registry.of(code).number(self.asked, self.values.get(code, 0))


@dataclass(frozen=True)
class Group(Numbers):
    """Figures of one zone, sector, section or country."""

    key: str
    label: str


@dataclass(frozen=True)
class Step(Numbers):
    """A month, quarter or year: what it changed, and what stood at its end."""

    label: str

    @property
    def since(self) -> date:
        return self.asked.start

    @property
    def on(self) -> date:
        return self.asked.on

    @property
    def is_whole(self) -> bool:
        """A step that is still running is cut at the day of the question."""
        return (self.on + ONE_DAY).day == 1


def find(asked: Asked) -> Found:
    """A fixed number of questions to the database, however many changes: by zone and sector, by month, by country."""
    whole = cells.by_zone_and_sector(asked)
    zones, sectors, sections = (cells.by_key(whole, place) for place in range(3))
    months = cells.by_key(cells.by_month(asked))
    return Found(
        total=cells.values(whole),
        opening=cells.values(cell for cell in whole if not cell.is_within),
        zones=_valued(zones),
        sectors=_valued(sectors),
        sections=_valued(sections),
        countries={} if asked.country else _valued(cells.by_key(cells.by_country(asked))),
        months={month: cells.values(told, flows_of_all=True) for month, told in months.items()},
    )


def _valued(groups: Mapping[Any, Iterable[cells.Cell]]) -> dict[str, Values]:
    return {key: cells.values(found) for key, found in groups.items() if key}


def of(asked: Asked) -> "Overview":
    """The figures of the register; what the database said before is kept until the register changes."""
    asked = asked.of(since=asked.start)
    return Overview(asked, kept.answer("register", asked, find), published.openings(asked))


@dataclass(frozen=True)
class Overview:
    asked: Asked
    found: Found
    # Stock → the number that was published for the evening before the period.
    published: dict[str, Number] = field(default_factory=dict)

    def __getitem__(self, code: str) -> Number:
        return registry.of(code).number(self.asked, self.found.total.get(code, 0))

    @property
    def strip(self) -> list[Number]:
        return [self[code] for code in STRIP]

    @cached_property
    def bridges(self) -> dict[str, bridge.Bridge]:
        """Stock → its bridge; one that does not balance is left out and reported."""
        built = {
            code: bridge.of(
                code, self.asked, self.found.total, self.found.opening.get(code, 0), self.published.get(code)
            )
            for code in PARTS
        }
        for row in built.values():
            if not row.balances:
                row.report()
        return {code: row for code, row in built.items() if row.balances}

    @cached_property
    def zones(self) -> list[Group]:
        """Every zone in its own order, those without a project too."""
        rows = Zone.objects.filter(slug=self.asked.zone) if self.asked.zone else Zone.objects.all()
        return [self._group(ZONE, row.slug, row.short_name, self.found.zones) for row in rows]

    @cached_property
    def sectors(self) -> list[Group]:
        """Divisions of VSIC (level 2), the largest first."""
        rows = Sector.objects.filter(code__in=self.found.sectors)
        return _largest_first(self._group(SECTOR, row.code, row.name, self.found.sectors) for row in rows)

    @cached_property
    def sections(self) -> list[Group]:
        """Sections of VSIC (level 1); each narrows the question to its divisions."""
        rows = Sector.objects.filter(code__in=self.found.sections)
        return _largest_first(self._group(SECTOR, row.code, row.name, self.found.sections) for row in rows)

    @cached_property
    def countries(self) -> list[Group]:
        """A project with investors of several countries counts whole in each: the lines may exceed the total."""
        rows = Country.objects.filter(code__in=self.found.countries)
        return _largest_first(self._group(COUNTRY, row.code, row.name, self.found.countries) for row in rows)

    def _group(self, name: str, key: str, label: str, values: Mapping[str, Values]) -> Group:
        return Group(self.asked.of(**{name: key}), values.get(key, {}), key, label)

    def steps(self, months: int = MONTH, most: int = 12) -> list[Step]:
        """The last `most` months, quarters or years up to the day of the question, the oldest first."""
        start = _start_of(self.asked.on, months)
        starts = [months_later(start, -months * n) for n in reversed(range(most))]
        return [self._step(first, months) for first in starts]

    def _step(self, first: date, months: int) -> Step:
        on = min(months_later(first, months) - ONE_DAY, self.asked.on)
        flows: Values = defaultdict(int)
        for n in range(months):
            for code, value in self.found.months.get(months_later(first, n), {}).items():
                # What moved between classes is kept for every stock, also for one whose moves nobody publishes.
                if code in registry.INDICATORS and registry.of(code).is_flow:
                    flows[code] += value
        stock = self._stock_at(on)
        return Step(self.asked.of(since=first, on=on), {**flows, **stock}, _label(first, months))

    def _stock_at(self, on: date) -> Values:
        """Standing at the end of the month of a day, or of the question's own day."""
        months = [month for month in self._stocks if month <= on]
        return self._stocks[max(months)] if months else {}

    @cached_property
    def _stocks(self) -> dict[date, Values]:
        """Month → what stood at its end: the sums of all months up to it."""
        found: dict[date, Values] = {}
        running: Values = dict.fromkeys(STOCKS, Decimal(0))
        for month in sorted(self.found.months):
            running = {code: value + self.found.months[month].get(code, 0) for code, value in running.items()}
            found[month] = running
        return found


def _largest_first(groups: Iterable[Group]) -> list[Group]:
    return sorted(groups, key=lambda group: (-(group["projects"].value or 0), group.label))


def _start_of(day: date, months: int) -> date:
    return day.replace(day=1, month=(day.month - 1) // months * months + 1)


def _label(first: date, months: int) -> str:
    if months == MONTH:
        return f"{first:%m/%Y}"
    if months == QUARTER:
        return _("Quý %(quarter)s/%(year)s") % {
            "quarter": ("I", "II", "III", "IV")[first.month // 3],
            "year": first.year,
        }
    return str(first.year)
