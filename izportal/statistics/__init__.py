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
from django.utils.translation import gettext_lazy as _

from izportal.indicators import Asked
from izportal.models import StatedFigure
from izportal.statistics import overview
from izportal.templatetags.figures import BILLION_USD, BILLION_VND, HECTARES, PERCENT, PIECES, Unit
from onestop.models import Procedure
from projects import figures
from projects.models import Country, Sector
from zones import balance, factsheet
from zones.models import Zone

# The board's own statement, from which the portal starts; later rows are what others have published since.
BOARD_STATEMENT = datetime.date(2020, 12, 31)


@dataclass(frozen=True)
class Report:
    """All computed figures of one day; `is_sample` says that the register rests on invented rows."""

    on: datetime.date
    known: datetime.datetime | None
    at: datetime.datetime
    is_sample: bool
    land_is_sample: bool
    total: figures.Group
    zones: list[figures.Group]
    countries: list[figures.Group]
    sectors: list[figures.Group]
    land: list[factsheet.ZoneRow]
    procedures: int

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
        moment = {"known": timezone.localdate(self.known).isoformat()} if self.known else {}
        data = {"data": "sample" if self.is_sample else "real"}
        return f"{reverse('projects:project_list')}?{urlencode({**filters, **data, **day, **moment})}"

    def plots_url(self, **filters: str) -> str:
        data = {"data": "sample" if self.land_is_sample else "real"}
        return f"{reverse('zones:plot_list')}?{urlencode({'kind': 'land', **filters, **data})}"


@dataclass(frozen=True)
class Figure:
    """One published figure: its word among stated figures, its unit, how it is computed, where its records are."""

    indicator: str
    label: object
    unit: Unit
    value: Callable[[Report], Decimal | int | None]
    records: Callable[[Report], str]
    # Other words under which the same thing has been stated.
    stated_as: tuple[str, ...] = ()
    note: object = ""


FIGURES = (
    Figure("zones", _("khu công nghiệp"), PIECES, lambda r: len(r.land), lambda r: reverse("zones:zone_list")),
    Figure(
        "area_ha", _("diện tích theo danh mục sáu khu"), HECTARES, lambda r: r.stated_ha,
        lambda r: reverse("zones:zone_list"),
    ),
    Figure("projects", _("dự án còn hiệu lực"), PIECES, lambda r: r.total.projects, lambda r: r.projects_url()),
    Figure("fdi_projects", _("dự án FDI"), PIECES, lambda r: r.total.fdi, lambda r: r.projects_url(origin="fdi")),
    Figure("ddi_projects", _("dự án DDI"), PIECES, lambda r: r.total.ddi, lambda r: r.projects_url(origin="ddi")),
    Figure(
        "fdi_capital_usd", _("vốn đăng ký FDI"), BILLION_USD, lambda r: r.total.fdi_usd,
        lambda r: r.projects_url(origin="fdi"),
        stated_as=("total_capital_usd",),
        note=_("Ban ghi là “tổng vốn đăng ký”; số này chỉ khớp với các năm liền kề khi hiểu là vốn FDI."),
    ),
    Figure(
        "ddi_capital_vnd", _("vốn đăng ký DDI"), BILLION_VND, lambda r: r.total.ddi_vnd,
        lambda r: r.projects_url(origin="ddi"),
    ),
    Figure(
        "occupancy_percent", _("tỷ lệ lấp đầy"), PERCENT, lambda r: r.land_total.occupancy,
        lambda r: r.plots_url(status="any"),
    ),
    Figure(
        "procedures", _("thủ tục hành chính"), PIECES, lambda r: r.procedures,
        lambda r: reverse("onestop:procedure_list"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """A stated figure beside the computed one; `difference` is computed less stated."""

    figure: Figure
    stated: StatedFigure | None
    computed: Decimal | int | None
    records: str

    @property
    def difference(self) -> Decimal | None:
        if self.stated is None or self.computed is None:
            return None
        return Decimal(self.computed) - self.stated.value

    @property
    def computed_text(self) -> str:
        return self.figure.unit.text(self.computed)

    @property
    def difference_text(self) -> str:
        return self.figure.unit.text(self.difference)


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


def report(*, on: datetime.date, known: datetime.datetime | None = None, at: datetime.datetime) -> Report:
    """Every computed figure; a fixed number of queries, however many records."""
    is_sample = figures.counts_sample()
    land_is_sample = balance.counts_sample() and is_sample
    found = overview.of(Asked(on, known=known, is_sample=is_sample)).found
    balances = balance.by_zone(on=on, known=known, sample=land_is_sample)
    return Report(
        on=on,
        known=known,
        at=at,
        is_sample=is_sample,
        land_is_sample=land_is_sample,
        total=figures.group(found.total),
        zones=_groups(Zone.objects.all(), found.zones, "slug", "short_name"),
        countries=figures.largest_first(_groups(Country.objects.filter(pk__in=found.countries), found.countries)),
        sectors=figures.largest_first(_groups(Sector.objects.filter(pk__in=found.sectors), found.sectors)),
        land=factsheet.rows(Zone.objects.all(), on=on, known=known, balances=balances),
        procedures=Procedure.objects.count(),
    )


def _groups(rows, values, key="code", label="name") -> list[figures.Group]:
    """The groups of some rows, each by the values under its key."""
    found = [(getattr(row, key), str(getattr(row, label))) for row in rows]
    return [figures.group(values.get(name, {}), key=name, label=text) for name, text in found]


def statements() -> list[Statement]:
    """Everything stated about a day, oldest first; figures of a period are not among them."""
    found: dict[datetime.date, Statement] = {}
    for figure in StatedFigure.objects.filter(period=""):
        found.setdefault(figure.as_of, Statement(figure.as_of)).figures[figure.indicator] = figure
    return list(found.values())


def board_statement(stated: Iterable[Statement]) -> Statement:
    """The board's own statement among the others; an empty one where it has not been loaded."""
    return next((row for row in stated if row.as_of == BOARD_STATEMENT), Statement(BOARD_STATEMENT))


def compare(statement: Statement, computed: Report) -> list[Comparison]:
    """Each figure as the board stated it and as the records give it."""
    return [
        Comparison(
            figure=figure,
            stated=statement.get(figure.indicator, *figure.stated_as),
            computed=figure.value(computed),
            records=figure.records(computed),
        )
        for figure in FIGURES
    ]
