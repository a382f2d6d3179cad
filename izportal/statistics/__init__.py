"""Every figure that the board publishes: what it has stated, what the records give, and the records behind each.

Stated figures are read from `StatedFigure` in the board's own words; computed ones from the register, the land and the
counter, true on a date and as known at a moment. The two are shown apart and never mixed.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from izportal.indicators import Asked, Number
from izportal.models import StatedFigure
from izportal.statistics import overview, registry
from izportal.templatetags.area import absent
from onestop.models import Procedure
from projects import figures
from zones import balance, factsheet
from zones.models import Zone

# The board's own statement, from which the portal starts; later rows are what others have published since.
BOARD_STATEMENT = datetime.date(2020, 12, 31)


@dataclass(frozen=True)
class Report:
    """What is computed of one day for several pages; `is_sample` says that the register rests on invented rows."""

    asked: Asked
    at: datetime.datetime
    land_is_sample: bool
    total: figures.Group
    zones: list[figures.Group]
    land: list[factsheet.ZoneRow]
    procedures: int

    @property
    def on(self) -> datetime.date:
        return self.asked.on

    @property
    def is_sample(self) -> bool:
        return self.asked.is_sample

    @property
    def land_total(self) -> balance.Balance:
        return balance.total(row.land for row in self.land)

    @property
    def zone_rows(self) -> list[tuple[factsheet.ZoneRow, figures.Group]]:
        """Each zone's land beside its projects; both lists hold every zone in the same order."""
        return list(zip(self.land, self.zones, strict=True))

    @property
    def stated_ha(self) -> Decimal:
        return sum((row.stated.area_ha for row in self.land if row.stated), Decimal(0))

    def projects_url(self, **filters: str) -> str:
        """The list of the projects behind a figure."""
        day = {"on": self.on.isoformat()} if self.on != timezone.localdate(self.at) else {}
        moment = {"known": timezone.localdate(known).isoformat()} if (known := self.asked.known) else {}
        data = {"data": "sample" if self.is_sample else "real"}
        return f"{reverse('projects:project_list')}?{urlencode({**filters, **data, **day, **moment})}"

    def plots_url(self, **filters: str) -> str:
        data = {"data": "sample" if self.land_is_sample else "real"}
        return f"{reverse('zones:plot_list')}?{urlencode({'kind': 'land', **filters, **data})}"


# What the board has stated at some time; each indicator knows under which other words.
COMPARED = (
    "zones", "area_ha", "projects", "fdi_projects", "ddi_projects", "fdi_capital_usd", "ddi_capital_vnd",
    "occupancy_percent", "procedures",
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """A stated figure beside the computed one; `difference` is computed less stated."""

    computed: Number
    stated: StatedFigure | None

    @property
    def difference(self) -> Decimal | None:
        if self.stated is None or self.computed.value is None:
            return None
        return Decimal(self.computed.value) - self.stated.value

    @property
    def stated_text(self) -> str:
        """Without the unit, which stands in the head of the row."""
        if self.stated is None:
            return absent()
        return f"{'> ' if self.stated.is_at_least else ''}{self._bare(self.stated.value)}"

    @property
    def difference_text(self) -> str:
        return absent() if self.difference is None else self._bare(self.difference)

    def _bare(self, value: Decimal) -> str:
        return self.computed.indicator.unit.number(value)

    @property
    def is_otherwise_worded(self) -> bool:
        return self.stated is not None and self.stated.indicator != self.computed.indicator.code


@dataclass
class Statement:
    """What was stated about one day: indicator → figure."""

    as_of: datetime.date
    figures: dict[str, StatedFigure] = field(default_factory=dict)

    def get(self, *indicators: str) -> StatedFigure | None:
        return next((self.figures[name] for name in indicators if name in self.figures), None)

    @property
    def sources(self) -> list[str]:
        return list(dict.fromkeys(figure.source for figure in self.figures.values()))


def report(asked: Asked, *, at: datetime.datetime) -> Report:
    """What the pages outside `/thong-ke/` say too; a fixed number of queries, however many records."""
    found = overview.of(asked).found
    land_is_sample = asked.is_sample and (balance.counts_sample() or not figures.counts_sample())
    balances = balance.by_zone(on=asked.on, known=asked.known, sample=land_is_sample)
    zones = [(zone, found.zones.get(zone.slug, {})) for zone in Zone.objects.all()]
    return Report(
        asked=asked,
        at=at,
        land_is_sample=land_is_sample,
        total=figures.group(found.total),
        zones=[figures.group(values, key=zone.slug, label=zone.short_name) for zone, values in zones],
        land=factsheet.rows(Zone.objects.all(), on=asked.on, known=asked.known, balances=balances),
        procedures=Procedure.objects.count(),
    )


def statements() -> list[Statement]:
    """Everything stated about a day, oldest first; figures of a period are not among them."""
    found: dict[datetime.date, Statement] = {}
    for figure in StatedFigure.objects.filter(period=""):
        found.setdefault(figure.as_of, Statement(figure.as_of)).figures[figure.indicator] = figure
    return list(found.values())


def board_statement(stated: Iterable[Statement]) -> Statement:
    """The board's own statement among the others; an empty one where it has not been loaded."""
    return next((row for row in stated if row.as_of == BOARD_STATEMENT), Statement(BOARD_STATEMENT))


def compare(statement: Statement, ask: Callable[[str], Number]) -> list[Comparison]:
    """Each figure as the records give it (`ask`, by its code) and as the board stated it."""
    return [Comparison(ask(code), statement.get(code, *registry.of(code).stated_as)) for code in COMPARED]
