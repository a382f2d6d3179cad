"""What an asker had before them, frozen as plain values with the moment and the source, and read back as lines."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from izportal.templatetags.area import absent, grouped, m2
from zones import balance, search
from zones.forms import PlotFilterForm
from zones.models import Availability, Plot, Zone

FACTS = (
    "area_m2", "price", "term_until", "power_kva", "water_m3_day", "wastewater_m3_day", "floor_load_t_m2",
    "clear_height_m", "building_coverage",
)  # fmt: skip
# So many plots of a search are kept one by one; of the others the number.
MOST_PLOTS = 10
REGISTER = "zones"


def of_plot(plot: Plot, *, at: datetime) -> dict[str, Any]:
    """`plot` comes with its status (`with_status`)."""
    facts = {name: _plain(getattr(plot, name)) for name in FACTS}
    terms = {"price_currency": plot.price_currency, "price_basis": plot.price_basis, "price_on": _plain(plot.price_on)}
    return {
        **_head("plot", at), "code": plot.code, "status": plot.status, "confirmed_on": _plain(plot.confirmed_on),
        "facts": {**facts, **terms},
    }  # fmt: skip


def of_zone(zone: Zone, *, on: date, at: datetime) -> dict[str, Any]:
    land = balance.by_zone(on=on).get(zone.pk, balance.Balance())
    return {**_head("zone", at), "code": zone.code, "free_plots": land.free_plots, "free_m2": _plain(land.free_m2)}


def of_search(form: PlotFilterForm, *, visible: Any, on: date, at: datetime) -> dict[str, Any]:
    """The result of a sound form of filters."""
    found = search.plots(visible.select_related("zone"), form.wish, on=on, sort=form.chosen("sort"))
    first = [
        {"code": plot.code, "area_m2": _plain(plot.area_m2), "status": plot.status} for plot in found[:MOST_PLOTS]
    ]
    return {**_head("search", at), "query": form.data.urlencode(), "total": found.count(), "plots": first}


def of_need(*, at: datetime) -> dict[str, Any]:
    return _head("need", at)


def _head(what: str, at: datetime) -> dict[str, Any]:
    return {"what": what, "at": at.isoformat(), "source": REGISTER}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


# Reading ------------------------------------------------------------------------------------------
def moment(seen: dict[str, Any]) -> datetime | None:
    return parse_datetime(seen.get("at") or "")


def confirmed_on(seen: dict[str, Any]) -> date | None:
    return parse_date(seen.get("confirmed_on") or "")


def lines(seen: dict[str, Any]) -> list[tuple[str, Any]]:
    """What was seen as (label, text), in the reader's language."""
    readers = {"plot": _plot_lines, "zone": _zone_lines, "search": _search_lines}
    return list(readers[seen["what"]](seen)) if seen.get("what") in readers else []


def _plot_lines(seen: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield _("Lô"), seen["code"]
    yield _("Tình trạng"), _status(seen["status"])
    for name, value in seen["facts"].items():
        if name in FACTS:
            yield _label(name), _price(seen["facts"]) if name == "price" else _number(name, value)


def _zone_lines(seen: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield _("Mã khu"), seen["code"]
    yield _("Lô đất công nghiệp còn trống"), grouped(seen["free_plots"])
    yield _("Diện tích còn trống"), m2(seen["free_m2"])


def _search_lines(seen: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield _("Số lô tìm thấy"), grouped(seen["total"])
    for plot in seen["plots"]:
        yield plot["code"], f"{m2(plot['area_m2'])} · {_status(plot['status'])}"


def _label(name: str) -> str:
    return capfirst(str(getattr(Plot._meta.get_field(name), "verbose_name", name)))


def _number(name: str, value: Any) -> Any:
    return value if value and name == "term_until" else absent() if value in (None, "") else grouped(value)


def _price(facts: dict[str, Any]) -> Any:
    if facts["price"] is None:
        return absent()
    basis = Plot.PriceBasis(facts["price_basis"]).label if facts["price_basis"] in Plot.PriceBasis.values else ""
    return f"{grouped(facts['price'])} {facts['price_currency']} {basis}".strip()


def _status(code: str | None) -> str:
    return str(Availability.Status(code).label) if code in Availability.Status.values else _("Chưa ghi nhận")
