"""Which plots lie beside a plot, by the outlines in the books: a sketch, no legal boundary."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zones.models import Plot
from zones.outlines.shapes import points_of

Point = tuple[float, float]
# Across a road of the zone a plot is still a neighbour; up to this gap, in metres, two plots touch.
NEAR, TOUCHING, MOST = 60.0, 6.0, 8


@dataclass(frozen=True)
class Neighbour:
    plot: Plot
    gap_m: int

    @property
    def is_touching(self) -> bool:
        return self.gap_m <= TOUCHING


def of(plot: Plot, others: Iterable[Plot]) -> list[Neighbour]:
    """The nearest of the other plots of the zone, nearest first; nothing where the plot has no outline."""
    own = points_of(plot.outline)
    if len(own) < 3:
        return []
    found = []
    for other in others:
        corners = points_of(other.outline)
        if other.pk != plot.pk and len(corners) >= 3 and (gap := _gap(own, corners)) <= NEAR:
            found.append(Neighbour(other, round(gap)))
    return sorted(found, key=lambda near: (near.gap_m, near.plot.number))[:MOST]


def touching(plots: Iterable[Plot]) -> dict[int, set[int]]:
    """Plot id → ids of those that touch it, among plots of one zone; what has no outline touches nothing. Swept from
    west to east, so that far plots are never compared."""
    outlined = [(plot.pk, corners) for plot in plots if len(corners := points_of(plot.outline)) >= 3]
    boxes = sorted((min(x for x, _y in corners), max(x for x, _y in corners), pk, corners) for pk, corners in outlined)
    beside: dict[int, set[int]] = {pk: set() for pk, _corners in outlined}
    for place, (_west, east, pk, corners) in enumerate(boxes):
        for other_west, _east, other, others in boxes[place + 1 :]:
            if other_west > east + TOUCHING:
                break
            if _may_touch(corners, others) and _gap(corners, others) <= TOUCHING:
                beside[pk].add(other)
                beside[other].add(pk)
    return beside


def _may_touch(one: Sequence[Point], two: Sequence[Point]) -> bool:
    """From south to north too they are no farther apart than what touches."""
    (low, high), (other_low, other_high) = (
        (min(ys), max(ys)) for ys in ([y for _x, y in ring] for ring in (one, two))
    )
    return other_low <= high + TOUCHING and low <= other_high + TOUCHING


def _gap(one: Sequence[Point], two: Sequence[Point]) -> float:
    """Metres between two outlines that do not overlap: a corner of one of them is always nearest to the other."""
    return min(*(_to_outline(point, two) for point in one), *(_to_outline(point, one) for point in two))


def _to_outline(point: Point, outline: Sequence[Point]) -> float:
    sides = zip(outline, [*outline[1:], outline[0]], strict=True)
    return min(_to_side(point, start, end) for start, end in sides)


def _to_side(point: Point, start: Point, end: Point) -> float:
    (x, y), (x0, y0), (x1, y1) = point, start, end
    length = (x1 - x0) ** 2 + (y1 - y0) ** 2
    along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length if length else 0
    share = min(max(along, 0), 1)
    return math.hypot(x - x0 - share * (x1 - x0), y - y0 - share * (y1 - y0))
