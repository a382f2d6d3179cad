"""Two to five plots side by side: the rows in which they differ, what nobody has stated, areas in local units too."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from izportal.templatetags.area import grouped
from izportal.templatetags.money import usd, vnd
from zones import costs, factsheet, freshness, units
from zones.models import Availability, Plot

LEAST, MOST = 2, 5


@dataclass(frozen=True)
class Chosen:
    """What an address asks for: the plots in its order, codes that name none, and how many were too many."""

    plots: list[Plot]
    unknown: list[str]
    left_out: int


@dataclass(frozen=True)
class Row:
    """One line of the table; an empty cell is a value that nobody has stated."""

    label: str
    cells: list[str]

    @property
    def differs(self) -> bool:
        return len(set(self.cells)) > 1


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[Row]


def choose(rows: QuerySet[Plot], codes: Iterable[str]) -> Chosen:
    """Of the visible plots those that the codes name, whatever the case of letters; each once."""
    typed = [code.strip() for code in codes]
    wanted = list({code.upper(): code for code in typed if code and "\0" not in code and len(code) <= 50}.values())
    asked, left_out = wanted[:MOST], max(len(wanted) - MOST, 0)
    if not asked:
        return Chosen([], [], left_out)
    found = {plot.code.upper(): plot for plot in rows.filter(reduce(or_, (Q(code__iexact=code) for code in asked)))}
    plots = [found[code.upper()] for code in asked if code.upper() in found]
    return Chosen(plots, [code for code in asked if code.upper() not in found], left_out)


def table(plots: Sequence[Plot], *, on: date, by: freshness.Terms) -> list[Group]:
    """Every group with at least one row; `plots` carry their status."""
    groups = [
        Group(_("Đất và giá"), _rows(LAND, plots, on)),
        Group(_("Tình trạng"), [*_rows(STANDING, plots, on), _word(plots, on, by)]),
        Group(_("Xây dựng"), _rows(BUILDING, plots, on)),
        Group(_("Hạ tầng tại ranh lô"), _rows(SUPPLY, plots, on)),
        Group(_("Kết nối của khu"), _distances(plots)),
    ]
    return [group for group in groups if group.rows]


def _rows(lines: Iterable[tuple[object, Callable[[Plot, date], str]]], plots: Sequence[Plot], on: date) -> list[Row]:
    return [Row(str(label), [tell(plot, on) for plot in plots]) for label, tell in lines]


def _value(name: str) -> Callable[[Plot, date], str]:
    def tell(plot: Plot, on: date) -> str:
        value = getattr(plot, name)
        return "" if value is None else grouped(value)

    return tell


def _local(code: str) -> Callable[[Plot, date], str]:
    def tell(plot: Plot, on: date) -> str:
        return next(grouped(one.value) for one in units.local(plot.area_m2) if one.code == code)

    return tell


def _price(plot: Plot, on: date) -> str:
    if plot.price is None:
        return ""
    amount = usd(plot.price) if plot.price_currency == "USD" else vnd(plot.price)
    return f"{amount} {plot.get_price_basis_display()}"


def _over_the_term(plot: Plot, on: date) -> str:
    total = costs.of(plot, on=on).total
    return "" if total is None else usd(total, 0) if plot.price_currency == "USD" else vnd(total, 0)


def _term(plot: Plot, on: date) -> str:
    until = costs.term_of(plot)
    if until is None:
        return ""
    left = max(until - on.year, 0)
    years = ngettext("%(count)s năm, đến %(year)s", "%(count)s năm, đến %(year)s", left)
    return years % {"count": left, "year": until}


def _status(plot: Plot, on: date) -> str:
    return str(Availability.Status(plot.status).label) if plot.status else ""


def _word(plots: Sequence[Plot], on: date, by: freshness.Terms) -> Row:
    """The day of the last word; of what is offered also how old that is."""
    cells = []
    for plot in plots:
        found = freshness.of(plot, on=on, by=by)
        said = f"{found.confirmed_on:%d/%m/%Y}" if found.confirmed_on else ""
        is_free = plot.status in Availability.FREE
        cells.append(f"{found.state.label} {said}".strip() if is_free else said)
    return Row(_("Xác nhận thông tin"), cells)


def _distances(plots: Sequence[Plot]) -> list[Row]:
    """What the sources state of each zone; two zones are compared by the name of the place alone."""
    by_plot = [{line.label: _stretch(line) for line in factsheet.distances(plot.zone)} for plot in plots]
    places = dict.fromkeys(label for stated in by_plot for label in stated)
    return [Row(place, [stated.get(place, "") for stated in by_plot]) for place in places]


def _stretch(line: factsheet.Line) -> str:
    upper = f"–{grouped(line.value_to)}" if line.value_to is not None else ""
    return f"{grouped(line.value)}{upper} km"


LAND = (
    (gettext_lazy("Loại"), lambda plot, on: str(plot.get_kind_display())),
    (gettext_lazy("Diện tích, m²"), _value("area_m2")),
    (gettext_lazy("Diện tích, ha"), lambda plot, on: grouped(plot.area_ha, at_most=4)),
    (gettext_lazy("Diện tích, pyeong"), _local("pyeong")),
    (gettext_lazy("Diện tích, tsubo"), _local("tsubo")),
    (gettext_lazy("Diện tích, mẫu Trung Quốc (mu)"), _local("mu")),
    (gettext_lazy("Giá"), _price),
    (
        gettext_lazy("Giá tính đến ngày"),
        lambda plot, on: f"{plot.price_on:%d/%m/%Y}" if plot.price is not None and plot.price_on else "",
    ),
    (gettext_lazy("Thời hạn còn lại"), _term),
    (gettext_lazy("Tiền thuê cả thời hạn"), _over_the_term),
)
STANDING = ((gettext_lazy("Tình trạng lô"), _status),)
BUILDING = (
    (gettext_lazy("Mật độ xây dựng tối đa, %"), _value("building_coverage")),
    (gettext_lazy("Tải trọng nền, tấn/m²"), _value("floor_load_t_m2")),
    (gettext_lazy("Chiều cao thông thủy, m"), _value("clear_height_m")),
)
SUPPLY = (
    (gettext_lazy("Điện, kVA"), _value("power_kva")),
    (gettext_lazy("Nước cấp, m³/ngày"), _value("water_m3_day")),
    (gettext_lazy("Nước thải tiếp nhận, m³/ngày"), _value("wastewater_m3_day")),
)
