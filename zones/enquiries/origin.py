"""Where an enquiry comes from, as its address says: a plot, a zone, a search or a need; what that fills in."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from zones.enquiries import snapshot
from zones.forms import PlotFilterForm
from zones.models import Enquiry, Plot, Zone

LONGEST_SEARCH = 2000
LONGEST_VALUE, LONGEST_NOTE = 40, 1500
# Parameters of the address → fields of the form.
NEEDS = {
    "kind": "kind", "min_area": "area_from", "max_area": "area_to", "unit": "area_unit", "on": "needed_on",
    "power": "power_kva", "water": "water_m3_day", "wastewater": "wastewater_m3_day", "height": "clear_height_m",
}  # fmt: skip
# Filters of a search that an enquiry has a field for.
IN_SEARCH = ("power", "water", "wastewater", "height")


@dataclass
class Origin:
    """`trouble` says in a sentence what of the address could not be read; the enquiry can be written all the same."""

    kind: str = Enquiry.Origin.NEED
    plot: Plot | None = None
    zone: Zone | None = None
    seen: dict[str, Any] = field(default_factory=dict)
    initial: dict[str, Any] = field(default_factory=dict)
    query: str = ""
    trouble: str = ""


def read(data: QueryDict, *, user: Any, at: datetime) -> Origin:
    readers = {"plot": _of_plot, "zone": _of_zone, "search": _of_search, "need": _of_need}
    asked = data.get("from", "need")
    if asked not in readers:
        return Origin(seen=snapshot.of_need(at=at), trouble=_("Địa chỉ không nói rõ bạn hỏi từ trang nào."))
    return readers[asked](data, user, at)


def _of_plot(data: QueryDict, user: Any, at: datetime) -> Origin:
    code = data.get("plot", "")[:50].replace("\x00", "")
    rows = Plot.objects.visible_to(user).select_related("zone").with_status(on=timezone.localdate(at))
    plot = rows.filter(code__iexact=code).first() if code else None
    if plot is None:
        return Origin(
            seen=snapshot.of_need(at=at),
            trouble=_("Không có lô “%(code)s” trong quỹ đất. Bạn vẫn gửi được nhu cầu chung.") % {"code": code},
        )
    initial = {"kind": plot.kind}
    return Origin(Enquiry.Origin.PLOT, plot, plot.zone, snapshot.of_plot(plot, at=at), initial)


def _of_zone(data: QueryDict, user: Any, at: datetime) -> Origin:
    slug = data.get("zone", "")[:50].replace("\x00", "")
    zone = Zone.objects.visible_to(user).filter(slug=slug).first()
    if zone is None:
        return Origin(
            seen=snapshot.of_need(at=at),
            trouble=_("Không có khu công nghiệp “%(slug)s”. Bạn vẫn gửi được nhu cầu chung.") % {"slug": slug},
        )
    seen = snapshot.of_zone(zone, on=timezone.localdate(at), at=at)
    return Origin(Enquiry.Origin.ZONE, None, zone, seen)


def _of_search(data: QueryDict, user: Any, at: datetime) -> Origin:
    query = data.get("q", "")
    filters = PlotFilterForm(QueryDict(query[:LONGEST_SEARCH]))
    if len(query) > LONGEST_SEARCH or not filters.is_valid():
        return Origin(
            seen=snapshot.of_need(at=at),
            trouble=_("Không đọc được bộ lọc của lần tìm. Hãy ghi nhu cầu vào biểu mẫu."),
        )
    visible, said = Plot.objects.visible_to(user), filters.cleaned_data
    seen = snapshot.of_search(filters, visible=visible, on=timezone.localdate(at), at=at)
    kinds, zones = said.get("kind") or [], said.get("zone") or []
    initial = {"area_from": said.get("min_area"), "area_to": said.get("max_area"), "area_unit": Enquiry.Unit.HA}
    initial |= {name: said.get(key) for key, name in NEEDS.items() if key in IN_SEARCH}
    initial |= {"kind": kinds[0] if len(kinds) == 1 else "", "needed_on": said.get("by")}
    zone = Zone.objects.filter(slug=zones[0]).first() if len(zones) == 1 else None
    return Origin(Enquiry.Origin.SEARCH, None, zone, seen, initial, filters.data.urlencode())


def _of_need(data: QueryDict, user: Any, at: datetime) -> Origin:
    """What stands in the address is put into the form as it was written; the form says what is wrong with it."""
    given = {name: data.get(key, "")[:LONGEST_VALUE].replace("\x00", "") for key, name in NEEDS.items()}
    given["note"] = data.get("note", "")[:LONGEST_NOTE].replace("\x00", "")
    return Origin(seen=snapshot.of_need(at=at), initial={name: value for name, value in given.items() if value})
