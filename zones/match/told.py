"""A verdict in words for the page: what was asked, what the plot has, by how much it differs, who says so and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from izportal.templatetags.area import NBSP, grouped, with_unit
from zones import criteria, factsheet
from zones.criteria import MEASURES
from zones.match import Demand, Need, State, Verdict, Weight
from zones.match.places import Place
from zones.match.scores import Ranked
from zones.models import Availability, Plot, Utility
from zones.reach import TARGETS
from zones.utilities import Remaining
from zones.utility_models import UNITS

NAMES: dict[str, str | Promise] = {
    Utility.POWER: gettext_lazy("Điện khu còn lại"),
    Utility.WATER: gettext_lazy("Nước cấp khu còn lại"),
    Utility.WASTEWATER: gettext_lazy("Sức nhận nước thải khu còn lại"),
}
FENCE: dict[str, str] = {
    Utility.POWER: "power_kva",
    Utility.WATER: "water_m3_day",
    Utility.WASTEWATER: "wastewater_m3_day",
}


@dataclass(frozen=True)
class Line:
    """One criterion of one plot; `day` is as the source says it, `confidence` a code of `Confidence`; what is invented
    besides the plot itself is marked."""

    code: str
    name: str
    asked: str
    state: State
    value: str
    margin: str = ""
    note: str = ""
    source: str = ""
    day: str = ""
    confidence: str = ""
    is_sample: bool = False
    weight: str = ""


def name_of(code: str) -> str:
    return str(NAMES[code]) if code in NAMES else criteria.name_of(code)


def asked(demand: Demand, need: Need, sectors: dict[str, str]) -> str:
    """What a criterion asks, in words: “từ 5 ha”, “không quá 60 km”, “Kho”."""
    if demand.options:
        names = {**sectors, **{kind.value: str(kind.label) for kind in Plot.Kind}}
        return ", ".join(name for key, name in names.items() if key in demand.options)
    said = []
    if demand.low is not None:
        said.append(_("từ %(number)s") % {"number": _number(demand.low, demand.code, need)})
    if demand.high is not None:
        said.append(_("không quá %(number)s") % {"number": _number(demand.high, demand.code, need)})
    return ", ".join(said)


def wanted(need: Need, around: dict[int, Place]) -> list[tuple[str, str, Demand]]:
    """Each criterion of the need: its name, what it asks, and itself."""
    named = {key: name for place in around.values() for key, name in place.reach.sectors.items()}
    return [(name_of(demand.code), asked(demand, need, named), demand) for demand in need.demands]


def summary(need: Need, around: dict[int, Place]) -> str:
    """The whole need as lines of text, for an enquiry."""
    told = [f"{name_of('by')}: {_day(need.by)}"]
    told += [f"{name}: {words} ({Weight(d.weight).label})" for name, words, d in wanted(need, around)]
    return "\n".join(told)


def lines(ranked: Ranked, plots: Sequence[Plot], need: Need, place: Place) -> list[Line]:
    """Of a plot, or of a set of plots, each criterion in the order of the page; the day first."""
    found = [_day_line(plots, need)]
    for demand in need.demands:
        found.append(_line(demand, ranked.verdicts[demand.code], ranked, plots, need, place))
    return found


def _day_line(plots: Sequence[Plot], need: Need) -> Line:
    free = [
        str(Availability.Status(plot.status_then).label) for plot in plots if plot.status_then in Availability.FREE
    ]
    over = [
        _("hết hạn thuê ngày %(day)s") % {"day": f"{plot.lease_ends_on:%d/%m/%Y}"}
        for plot in plots
        if plot.status_then not in Availability.FREE
    ]
    said = ", ".join(dict.fromkeys([*free, *over]))
    return Line("by", name_of("by"), _day(need.by), State.MET, said, **_of_books(plots))


def _line(
    demand: Demand, verdict: Verdict, ranked: Ranked, plots: Sequence[Plot], need: Need, place: Place
) -> Line:  # fmt: skip
    code, value = demand.code, ranked.offer.values.get(demand.code)
    if code in FENCE:
        told = _of_network(code, plots, place)
    elif code in TARGETS or code == "sector":
        told = _of_zone(code, demand, place)
    else:
        told = _of_plots(code, value, plots, need)
    margin = _margin(demand, verdict, value, need)
    words = asked(demand, need, place.reach.sectors)
    return Line(code, name_of(code), words, verdict.state, margin=margin, weight=demand.weight, **told)


# Numbers ------------------------------------------------------------------------------------------
def unit_of(code: str, need: Need) -> str:
    if code == "price":
        return f"{need.price_in[0]} {Plot.PriceBasis(need.price_in[1]).label}"
    return str(UNITS[Utility(code)] if code in FENCE else "ha" if code == "area" else MEASURES[code].unit)


def _number(value: Decimal, code: str, need: Need) -> str:
    if code == "term":
        return ngettext("%(count)s năm", "%(count)s năm", int(value)) % {"count": grouped(value)}
    return with_unit(value, unit_of(code, need), at_most=4)


def _margin(demand: Demand, verdict: Verdict, value: Any, need: Need) -> str:
    """“+2.000 m³/ngày” over the least, “thiếu 0,4 ha” below it, “vượt 3 km” beyond the most."""
    if verdict.margin is None:
        return ""
    number = {"number": _number(abs(verdict.margin), demand.code, need)}
    if verdict.margin < 0:
        is_beyond = demand.high is not None and value > demand.high
        return _("vượt %(number)s") % number if is_beyond else _("thiếu %(number)s") % number
    if verdict.margin == 0:
        return _("vừa đủ")
    return _("thấp hơn %(number)s") % number if demand.low is None else f"+{number['number']}"


# Where it stands ----------------------------------------------------------------------------------
def _of_plots(code: str, value: Any, plots: Sequence[Plot], need: Need) -> dict[str, Any]:
    """The books of the board; a price has a day of its own."""
    told = _of_books(plots)
    if code == "price":
        return {**told, "value": _prices(plots), **_day_of_price(plots), "note": _other_basis(plots, value)}
    if value is None:
        return {**told, "value": _("chưa ghi")}
    if code == "kind":
        return {**told, "value": str(Plot.Kind(value).label)}
    words = _number(value, code, need)
    if code == "area" and len(plots) > 1:
        return {**told, "value": words, "note": " + ".join(_number(plot.area_ha, code, need) for plot in plots)}
    return {**told, "value": words}


def _of_books(plots: Sequence[Plot]) -> dict[str, Any]:
    days = [plot.confirmed_on for plot in plots if plot.confirmed_on]
    return {
        "source": _("Sổ quỹ đất của Ban"),
        "day": _day(min(days, default=None)),
    }


def _prices(plots: Sequence[Plot]) -> str:
    said = [
        f"{grouped(plot.price)}{NBSP}{plot.price_currency} {plot.get_price_basis_display()}"
        if plot.price is not None
        else _("chưa ghi")
        for plot in plots
    ]
    return "; ".join(dict.fromkeys(said))


def _day_of_price(plots: Sequence[Plot]) -> dict[str, str]:
    return {"day": _day(min((plot.price_on for plot in plots if plot.price_on), default=None))}


def _other_basis(plots: Sequence[Plot], value: Any) -> str:
    is_stated = all(plot.price is not None for plot in plots)
    return _("Khác đơn vị tiền hoặc cách tính; cổng không quy đổi.") if value is None and is_stated else ""


def _of_zone(code: str, demand: Demand, place: Place) -> dict[str, Any]:
    """What is published of the zone, as sure as its source is."""
    if code == "sector":
        return _sectors(demand, place)
    line = place.reach.nearest.get(code)
    if line is None:
        return {"value": _("chưa ghi")}
    return {
        "value": with_unit(place.reach.km(code), "km"),
        "note": line.label,
        "source": line.source or _("Thông tin đã công bố về khu"),
        "day": line.as_of,
        "confidence": line.confidence,
    }


def _sectors(demand: Demand, place: Place) -> dict[str, Any]:
    """Those that were asked for, or all where none of them is taken in."""
    names = place.reach.sectors
    wanted = [name for key, name in names.items() if key in demand.options]
    if not names:
        return {"value": _("chưa ghi")}
    first = next(factsheet.facts(place.reach.zone, "sectors"), None)
    sure = str(first.get("confidence") or "") if isinstance(first, dict) else ""
    said = ", ".join(wanted or names.values())
    return {"value": said, "source": _("Thông tin đã công bố về khu"), "confidence": sure}


def _of_network(code: str, plots: Sequence[Plot], place: Place) -> dict[str, Any]:
    """What the zone has left on the day; where that is unknown, what is known of its capacity, and no more."""
    left = place.left[code]
    told = {
        "source": "; ".join(left.sources), "day": _day(left.stated_on), "is_sample": left.is_sample,
        "note": "; ".join(filter(None, [*_facts(code, place, left), _fence(code, plots)])),
        "confidence": "" if left.is_sample else next((part.confidence for part in left.parts if part.confidence), ""),
    }  # fmt: skip
    if left.amount is not None:
        return {**told, "value": with_unit(max(left.amount, Decimal(0)), left.unit)}
    if left.capacity is None:
        return {**told, "value": _("chưa rõ phần còn lại")}
    capacity = with_unit(left.capacity, left.unit)
    return {**told, "value": _("chưa rõ phần còn lại (công suất %(capacity)s)") % {"capacity": capacity}}


def _facts(code: str, place: Place, left: Remaining) -> list[str]:
    """What is published of a network whose capacity nobody has entered."""
    if left.capacity is not None:
        return []
    items = (item for item in factsheet.facts(place.reach.zone, "utilities") if isinstance(item, dict))
    return [factsheet.words(item) for item in items if item.get("kind") == code]


def _fence(code: str, plots: Sequence[Plot]) -> str:
    """What reaches the plot today: for the reader, not for the verdict."""
    said = [getattr(plot, FENCE[code]) for plot in plots]
    if len(said) != 1 or said[0] is None:
        return ""
    return _("đến ranh lô hiện có %(amount)s") % {"amount": with_unit(said[0], str(UNITS[Utility(code)]))}


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""
