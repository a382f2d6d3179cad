"""Plane geometry of outlines: what of a stored value can be drawn, area, a line that crosses itself, what two outlines
share; metres and square metres."""

import math
from collections.abc import Iterable, Sequence

Point = tuple[float, float]
Ring = Sequence[Point]


def points_of(outline: object) -> list[Point]:
    """The corners that are numbers; an outline typed wrongly is not drawn, and never breaks a page."""
    corners = outline if isinstance(outline, list) else []
    pairs = [corner for corner in corners if isinstance(corner, list | tuple) and len(corner) == 2]
    sound = [pair for pair in pairs if all(isinstance(n, int | float) and math.isfinite(n) for n in pair)]
    return [(float(x), float(y)) for x, y in sound]


def rings_of(outline: object) -> list[list[Point]]:
    """The parts of the boundary of a zone."""
    rings = [points_of(ring) for ring in outline] if isinstance(outline, list) else []
    return [ring for ring in rings if len(ring) >= 3]


def area(ring: Ring) -> float:
    return abs(_signed(ring))


def middle(ring: Ring) -> Point:
    """The middle of the box around it: near enough to tell where an outline lies."""
    x0, y0, x1, y1 = _box(ring)
    return (x0 + x1) / 2, (y0 + y1) / 2


def counter_clockwise(ring: Ring) -> list[Point]:
    return list(ring) if _signed(ring) > 0 else list(reversed(ring))


def crossing(ring: Ring) -> tuple[int, int] | None:
    """The numbers of two sides that cross or touch, from 1, where the line meets itself; None where it does not."""
    sides = _sides(ring)
    for i, one in enumerate(sides):
        for j in range(i + 2, len(sides)):
            if (i, j) != (0, len(sides) - 1) and _meet(*one, *sides[j]):
                return i + 1, j + 1
    return None


def shared(one: Ring, two: Ring) -> float:
    """Square metres that two outlines, neither of which crosses itself, have in common.

    Each outline is the sum of the triangles that its sides make with a fixed corner, taken away where they turn
    clockwise; so what the outlines share is the signed sum of what their triangles share.
    """
    if not _boxes_meet(_box(one), _box(two)):
        return 0.0
    fans = _fan(counter_clockwise(one)), _fan(counter_clockwise(two))
    found = sum(s * t * area(cut) for s, a in fans[0] for t, b in fans[1] if len(cut := _cut(a, b)) > 2)
    return max(found, 0.0)


def outside(ring: Ring, grounds: Iterable[Ring]) -> float:
    """Square metres of an outline that lie in none of the grounds, which do not overlap."""
    grounds = list(grounds)
    if any(_lies_within(ring, ground) for ground in grounds):
        return 0.0
    return max(area(ring) - sum(shared(ring, ground) for ground in grounds), 0.0)


def _signed(ring: Ring) -> float:
    x0, y0 = ring[0]
    moved = [(x - x0, y - y0) for x, y in ring]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(moved)) / 2


def _sides(ring: Ring) -> list[tuple[Point, Point]]:
    return list(zip(ring, [*ring[1:], ring[0]], strict=True))


def _box(ring: Ring) -> tuple[float, float, float, float]:
    xs, ys = zip(*ring, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _boxes_meet(one: tuple[float, ...], two: tuple[float, ...]) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Do two sides have a point in common?"""
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    ends = ((turns[0], a, b, c), (turns[1], a, b, d), (turns[2], c, d, a), (turns[3], c, d, b))
    return any(turn == 0 and _is_between(*side) for turn, *side in ends)


def _is_between(a: Point, b: Point, c: Point) -> bool:
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _lies_within(ring: Ring, ground: Ring) -> bool:
    """Wholly, without touching its line; a quick answer for nearly every plot."""
    if not _holds(ground, ring[0]):
        return False
    around = _sides(ground)
    return not any(_meet(*side, *edge) for side in _sides(ring) for edge in around)


def _holds(ring: Ring, point: Point) -> bool:
    x, y = point
    crossed = [
        (a[1] > y) != (b[1] > y) and x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] for a, b in _sides(ring)
    ]
    return sum(crossed) % 2 == 1


def _fan(ring: Ring) -> list[tuple[int, list[Point]]]:
    first = ring[0]
    triangles = ((_turn(first, b, c), [first, b, c]) for b, c in zip(ring[1:], ring[2:], strict=False))
    return [(1, corners) if turn > 0 else (-1, corners[::-1]) for turn, corners in triangles if turn != 0]


def _cut(subject: list[Point], window: list[Point]) -> list[Point]:
    """What of a convex shape lies within another, both counter-clockwise."""
    left = subject
    for a, b in _sides(window):
        kept: list[Point] = []
        for p, q in _sides(left) if left else []:
            here, there = _turn(a, b, p), _turn(a, b, q)
            if here >= 0:
                kept.append(p)
            if here * there < 0:
                share = here / (here - there)
                kept.append((p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])))
        left = kept
    return left
