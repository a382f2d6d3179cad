"""What may be asked of a plot, one by one: when it is met, when it is unknown, by how much it is missed."""

import datetime
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, FloatField, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal.folding import holding
from izportal.templatetags.area import NBSP, grouped, with_unit
from zones.models import Availability, Plot
from zones.reach import Reach

FREE, ANY = "free", "any"
M2_PER_HA = 10000
NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Measure:
    """A number that may be asked for as the least or the most; without `field` it is a distance of the zone."""

    code: str
    label: str | Promise
    short: str | Promise
    unit: str | Promise
    field: str = ""
    is_least: bool = True


MEASURES = {
    measure.code: measure
    for measure in (
        Measure("price", _("Giá tối đa"), _("Giá"), "", "price", is_least=False),
        Measure("power", _("Điện tại hàng rào, từ"), _("Điện"), "kVA", "power_kva"),
        Measure("water", _("Nước cấp, từ"), _("Nước cấp"), _("m³/ngày"), "water_m3_day"),
        Measure("wastewater", _("Nước thải, từ"), _("Nước thải"), _("m³/ngày"), "wastewater_m3_day"),
        Measure("load", _("Tải trọng nền, từ"), _("Tải trọng nền"), _("tấn/m²"), "floor_load_t_m2"),
        Measure("height", _("Chiều cao thông thủy, từ"), _("Chiều cao"), "m", "clear_height_m"),
        Measure("coverage", _("Mật độ xây dựng, từ"), _("Mật độ xây dựng"), "%", "building_coverage"),
        Measure("term", _("Thời hạn còn lại, từ"), _("Thời hạn còn lại"), _("năm"), "term_until"),
        Measure("port", _("Cách cảng, không quá"), _("Khoảng cách đến cảng"), "km", is_least=False),
        Measure("airport", _("Cách sân bay, không quá"), _("Khoảng cách đến sân bay"), "km", is_least=False),
        Measure(
            "junction", _("Cách nút giao cao tốc, không quá"), _("Khoảng cách đến nút giao"), "km", is_least=False
        ),
    )
}
OF_PLOTS = [measure for measure in MEASURES.values() if measure.field]
OF_ZONES = [measure for measure in MEASURES.values() if not measure.field]


@dataclass(frozen=True)
class Wish:
    """What is looked for; an empty part leaves the question open. `status` is free, any, or one status; `limits` are
    pairs of a measure and a number; `price_in` is the currency and the basis of a price; `unstated` names the groups
    in which a plot that says nothing will do as well."""

    q: str = ""
    zones: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    status: str = FREE
    by: datetime.date | None = None
    min_ha: Decimal | None = None
    max_ha: Decimal | None = None
    data: str = ""
    limits: tuple[tuple[str, Decimal], ...] = ()
    price_in: tuple[str, str] = ("USD", "m2_term")
    unstated: tuple[str, ...] = ()


@dataclass(frozen=True)
class Criterion:
    """`gap` is the share by which a plot misses it, where that can be said; `has_options` where the page offers
    choices with counts, so that the plots which fail only this one must be counted too. `of_alike` tells whether it is
    met from what plots that are counted together share: zone, kind and state; without it the plot itself is asked."""

    code: str
    met: Q
    gap: Combinable | None = None
    has_options: bool = False
    of_alike: Callable[[Mapping[str, Any]], bool] | None = None


def of(wish: Wish, *, on: datetime.date, reaches: list[Reach]) -> list[Criterion]:
    """The criteria that a wish holds, over rows with `status`, `is_offered` and, for a day, `is_usable`."""
    return [
        *_words(wish), *_status(wish), *_chosen(wish, reaches), *_area(wish), *_limits(wish, on), *_ways(wish, reaches)
    ]  # fmt: skip


def _words(wish: Wish) -> Iterator[Criterion]:
    if wish.q:
        yield Criterion("q", holding(wish.q) or NOTHING)
    if wish.data:
        yield Criterion("data", Q(is_sample=wish.data == "sample"))


def _status(wish: Wish) -> Iterator[Criterion]:
    """What nobody has confirmed for too long is not offered as free; who asks for its very state still finds it. Who
    names a day asks for what is free by then."""
    if wish.by:
        yield Criterion("by", Q(is_usable=True))
    if wish.status == FREE and not wish.by:
        yield Criterion("status", Q(is_offered=True), has_options=True, of_alike=_has("is_offered", [True]))
    elif wish.status not in (FREE, ANY):
        yield Criterion("status", Q(status=wish.status), has_options=True, of_alike=_has("status", [wish.status]))


def _chosen(wish: Wish, reaches: list[Reach]) -> Iterator[Criterion]:
    if wish.kinds:
        yield Criterion("kind", Q(kind__in=wish.kinds), has_options=True, of_alike=_has("kind", wish.kinds))
    if wish.zones:
        yield _in_zones("zone", [reach.zone.pk for reach in reaches if reach.zone.slug in wish.zones])
    if wish.sectors or "sector" in wish.unstated:
        yield _in_zones("sector", [reach.zone.pk for reach in reaches if _suits(reach, wish)])


def _in_zones(code: str, ids: Collection[int]) -> Criterion:
    return Criterion(code, Q(zone__in=ids), has_options=True, of_alike=_has("zone_id", ids))


def _has(column: str, wanted: Collection[Any]) -> Callable[[Mapping[str, Any]], bool]:
    return lambda alike: alike[column] in wanted


def _suits(reach: Reach, wish: Wish) -> bool:
    return bool(set(wish.sectors) & reach.sectors.keys()) or ("sector" in wish.unstated and not reach.sectors)


def _area(wish: Wish) -> Iterator[Criterion]:
    asked = {"area_m2__gte": wish.min_ha, "area_m2__lte": wish.max_ha}
    limits = {lookup: hectares * M2_PER_HA for lookup, hectares in asked.items() if hectares is not None}
    if limits:
        yield Criterion("area", Q(**limits), _share("area_m2", next(iter(limits.values()))))


def _limits(wish: Wish, on: datetime.date) -> Iterator[Criterion]:
    limits = dict(wish.limits)
    for measure in OF_PLOTS:
        met, gap = Q(), None
        if measure.code in limits:
            wanted = limits[measure.code] + (on.year if measure.code == "term" else 0)
            met |= Q(**{f"{measure.field}__{'gte' if measure.is_least else 'lte'}": wanted}, **_money(measure, wish))
            gap = _share(measure.field, wanted)
        if measure.code in wish.unstated:
            met |= Q(**{f"{measure.field}__isnull": True})
        if met:
            yield Criterion(measure.code, met, gap, has_options=True)


def _money(measure: Measure, wish: Wish) -> dict[str, str]:
    """Prices are compared only in one currency and on one basis; none is ever converted."""
    currency, basis = wish.price_in
    return {"price_currency": currency, "price_basis": basis} if measure.code == "price" else {}


def _ways(wish: Wish, reaches: list[Reach]) -> Iterator[Criterion]:
    limits = dict(wish.limits)
    for measure in OF_ZONES:
        most, is_open = limits.get(measure.code), measure.code in wish.unstated
        if most is None and not is_open:
            continue
        ways = {reach.zone.pk: reach.km(measure.code) for reach in reaches}
        ids = [pk for pk, km in ways.items() if (is_open if km is None else most is not None and km <= most)]
        yield _in_zones(measure.code, ids)


def _share(column: str, wanted: Decimal | int) -> Combinable | None:
    """How far a column lies from a number, as a share of that number."""
    return Cast(F(column), FloatField()) / float(wanted) - 1.0 if wanted else None


def fits_status(status: str | None, *, is_offered: bool, option: str, wish: Wish) -> bool:
    """Would a plot in this state be listed under an option of the status group?"""
    if option == ANY:
        return True
    return (bool(wish.by) or is_offered) if option == FREE else status == option


STATUS_OPTIONS = (FREE, ANY, *Availability.Status.values)
KINDS = tuple(Plot.Kind.values)

NAMES: dict[str, str | Promise] = {
    "q": _("Từ khóa"),
    "data": _("Loại dữ liệu"),
    "by": _("Dùng được từ ngày"),
    "status": _("Tình trạng"),
    "kind": _("Loại mặt bằng"),
    "zone": _("Khu công nghiệp"),
    "sector": _("Ngành nghề"),
    "area": _("Diện tích"),
}


def name_of(code: str) -> str:
    return str(MEASURES[code].short if code in MEASURES else NAMES[code])


def told(code: str, plot: Plot, *, on: datetime.date, reaches: list[Reach]) -> tuple[str, str]:
    """A criterion that a plot fails: its name, and what is known of the plot in that respect."""
    place = next(reach for reach in reaches if reach.zone.pk == plot.zone_id)
    return name_of(code), _value(code, plot, on, place)


def _value(code: str, plot: Plot, on: datetime.date, place: Reach) -> str:
    if code in MEASURES:
        return _measured(MEASURES[code], plot, on, place)
    state = Availability.Status(plot.status).label if plot.status else ""
    values = {
        "status": state, "by": state, "kind": plot.get_kind_display(), "zone": place.zone.short_name,
        "area": with_unit(plot.area_ha, "ha", at_most=4), "sector": ", ".join(place.sectors.values()),
    }  # fmt: skip
    return str(values.get(code, ""))


def _measured(measure: Measure, plot: Plot, on: datetime.date, place: Reach) -> str:
    value = getattr(plot, measure.field) if measure.field else place.km(measure.code)
    if value is None:
        return gettext("chưa ghi")
    if measure.code == "price":
        return f"{grouped(value)}{NBSP}{plot.price_currency} {plot.get_price_basis_display()}"
    return with_unit(value - on.year if measure.code == "term" else value, str(measure.unit))
