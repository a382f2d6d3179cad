"""Whether outlines can stand: each belongs to a plot, lies in the zone, overlaps none, and has the stated area."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from izportal.folding import fold
from izportal.templatetags.area import grouped, ha, m2
from zones import factsheet
from zones.models import Plot, Zone, ZoneArea
from zones.outlines import grid, shapes
from zones.outlines.reading import Draft
from zones.outlines.shapes import points_of, rings_of

# A drawn area may differ from the stated one by a hundredth: rounded corners, a stated area in tenths of a hectare.
AREA_SHARE = 0.01
# What two surveys of the same line differ by is no overlap.
LEAST_M2, LEAST_SHARE = 1.0, 0.0005
# The known points of zones are off by up to three kilometres; another belt is off by more than fifty.
FARTHEST_M = 10_000


@dataclass
class Proposal:
    """An outline that could be entered; with `troubles` it cannot. `notes` are for the eye."""

    name: str
    ring: list[tuple[float, float]]
    plot: Plot | None = None
    stated_m2: Decimal | None = None
    troubles: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def drawn_m2(self) -> Decimal | None:
        return round(Decimal(shapes.area(self.ring)), 1) if len(self.ring) >= 3 else None

    @property
    def share(self) -> float | None:
        """By how many percent the drawn area differs from the stated one."""
        if not self.stated_m2 or self.drawn_m2 is None:
            return None
        return float(self.drawn_m2 / self.stated_m2 - 1) * 100


def of_plots(zone: Zone, drafts: Iterable[Draft], plots: Sequence[Plot]) -> list[Proposal]:
    """The drafts as outlines of plots of the zone, each with what speaks against it."""
    by_name = {_key(name): plot for plot in plots for name in (plot.number, plot.code)}
    found = [Proposal(draft.name, draft.ring, by_name.get(_key(draft.name)), None, draft.troubles) for draft in drafts]
    times = Counter(proposal.plot.pk for proposal in found if proposal.plot)
    for proposal in found:
        proposal.troubles += _who(proposal, zone, times)
        if proposal.plot:
            proposal.stated_m2 = proposal.plot.area_m2
    for proposal in found:
        proposal.troubles += [] if proposal.troubles else _line(proposal.ring)
    # What crosses itself has no area and lies nowhere; of all others every fault is told at once.
    drawn = [proposal for proposal in found if not proposal.troubles]
    for proposal in drawn:
        proposal.troubles += [*_areas(proposal), *_place(proposal, zone)]
        proposal.notes += _notes(zone)
    _find_overlaps(drawn, _standing(plots, found))
    return found


def of_boundary(zone: Zone, drafts: Iterable[Draft], plots: Sequence[Plot]) -> list[Proposal]:
    """The drafts as parts of the boundary of the zone."""
    found = [Proposal(draft.name or zone.short_name, draft.ring, troubles=draft.troubles) for draft in drafts]
    for proposal in found:
        proposal.troubles += [] if proposal.troubles else [*_line(proposal.ring), *_far(proposal.ring, zone)]
    if any(proposal.troubles for proposal in found):
        return found
    _find_overlaps(found, [])
    first, rings = found[0], [proposal.ring for proposal in found]
    if left_out := [plot.number for plot, ring in _standing(plots, []) if _is_out(ring, rings)]:
        sentence = _("Lô đã có ranh giới nhưng nằm ngoài đường này: %(plots)s.")
        first.troubles.append(sentence % {"plots": _named(left_out)})
    first.notes += _zone_area(zone, sum(shapes.area(ring) for ring in rings))
    return found


def _key(name: str) -> str:
    return re.sub(r"[\s._-]", "", fold(name))


def _named(numbers: Sequence[str]) -> str:
    more = f" (+{len(numbers) - 10})" if len(numbers) > 10 else ""
    return ", ".join(numbers[:10]) + more


def _who(proposal: Proposal, zone: Zone, times: Counter) -> Iterable[str]:
    if not proposal.name:
        yield _("Không ghi số lô. GeoJSON ghi ở thuộc tính “code” hoặc “number”; bảng ghi ở dòng trước các đỉnh.")
    elif proposal.plot is None:
        said = {"name": proposal.name, "zone": zone.short_name}
        yield _("Khu %(zone)s không có lô “%(name)s”. Hãy thêm lô trước, hoặc sửa số lô.") % said
    elif times[proposal.plot.pk] > 1:
        yield _("Lô %(plot)s có mặt nhiều lần trong dữ liệu.") % {"plot": proposal.plot.number}


def _line(ring: list[tuple[float, float]]) -> Iterable[str]:
    if crossed := shapes.crossing(ring):
        sentence = _("Đường ranh giới tự cắt: cạnh %(one)s gặp cạnh %(two)s. Hãy kiểm tra thứ tự các đỉnh.")
        yield sentence % {"one": crossed[0], "two": crossed[1]}


def _areas(proposal: Proposal) -> Iterable[str]:
    if proposal.share is not None and abs(proposal.share) > AREA_SHARE * 100:
        yield _(
            "Diện tích vẽ %(drawn)s, diện tích ghi của lô %(stated)s: lệch %(share)s%%, quá %(most)s%%. "
            "Hãy sửa các đỉnh hoặc sửa diện tích của lô."
        ) % {
            "drawn": m2(proposal.drawn_m2), "stated": m2(proposal.stated_m2),
            "share": grouped(Decimal(abs(proposal.share)), at_most=1), "most": grouped(Decimal(AREA_SHARE * 100)),
        }  # fmt: skip


def _place(proposal: Proposal, zone: Zone) -> Iterable[str]:
    grounds = rings_of(zone.outline)
    out = shapes.outside(proposal.ring, grounds) if grounds else 0
    if out > _least(shapes.area(proposal.ring)):
        sentence = _("%(area)s của lô nằm ngoài ranh giới khu %(zone)s.")
        yield sentence % {"area": m2(round(Decimal(out), 1)), "zone": zone.short_name}
    if not grounds:
        yield from _far(proposal.ring, zone)


def _far(ring: list[tuple[float, float]], zone: Zone) -> Iterable[str]:
    if zone.latitude is None or zone.longitude is None:
        return
    point = grid.to_metres(float(zone.longitude), float(zone.latitude))
    away = math.dist(shapes.middle(ring), point)
    if away > FARTHEST_M:
        sentence = _("Cách điểm đã biết của khu %(km)s km. Hãy kiểm tra kinh tuyến trục (106°30′, múi 3°) và số lô.")
        yield sentence % {"km": grouped(Decimal(away / 1000), at_most=0)}


def _notes(zone: Zone) -> Iterable[str]:
    if not zone.outline:
        yield _("Khu chưa có ranh giới trong cổng nên chưa kiểm tra được lô nằm trong khu.")


def _zone_area(zone: Zone, drawn: float) -> Iterable[str]:
    areas = list(ZoneArea.objects.as_known().filter(zone=zone))
    said = {"drawn": ha(round(Decimal(drawn) / 10000, 2))}
    if not areas:
        yield _("Diện tích vẽ %(drawn)s; sổ chưa ghi diện tích khu để so.") % said
        return
    near = min(areas, key=lambda area: abs(float(area.area_ha) * 10000 - drawn))
    latest = factsheet.stated_area(areas) or near
    said |= {"stated": ha(near.area_ha), "listed": ha(latest.area_ha)}
    if abs(drawn / float(near.area_ha * 10000) - 1) > AREA_SHARE:
        yield _("Diện tích vẽ %(drawn)s không khớp diện tích nào đã công bố; gần nhất là %(stated)s.") % said
    else:
        yield _("Diện tích vẽ %(drawn)s, khớp diện tích đã công bố %(stated)s.") % said


def _standing(plots: Iterable[Plot], found: Iterable[Proposal]) -> list[tuple[Plot, list[tuple[float, float]]]]:
    """The plots with an outline on the national grid that is not about to be replaced."""
    replaced = {proposal.plot.pk for proposal in found if proposal.plot}
    outlined = [(plot, points_of(plot.outline)) for plot in plots if plot.pk not in replaced]
    return [(plot, ring) for plot, ring in outlined if len(ring) >= 3 and grid.is_placed(ring)]


def _find_overlaps(found: Sequence[Proposal], standing: Sequence[tuple[Plot, list[tuple[float, float]]]]) -> None:
    areas = [shapes.area(proposal.ring) for proposal in found]
    for place, proposal in enumerate(found):
        for other, area in zip(found[:place], areas[:place], strict=True):
            if (both := shapes.shared(proposal.ring, other.ring)) > _least(min(areas[place], area)):
                proposal.troubles.append(_overlap(other.name, both))
                other.troubles.append(_overlap(proposal.name, both))
        for plot, ring in standing:
            both = shapes.shared(proposal.ring, ring)
            if both > _least(min(areas[place], shapes.area(ring))):
                proposal.troubles.append(_overlap(plot.number, both))


def _overlap(name: str, both: float) -> str:
    return _("Chồng lên %(name)s: %(area)s.") % {"name": name, "area": m2(round(Decimal(both), 1))}


def _least(area: float) -> float:
    return max(LEAST_M2, LEAST_SHARE * area)


def _is_out(ring: list[tuple[float, float]], grounds: list[list[tuple[float, float]]]) -> bool:
    return shapes.outside(ring, grounds) > _least(shapes.area(ring))
