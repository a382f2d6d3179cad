"""The schematic plan of a zone, drawn from the outlines of its plots: positions only, the template draws them."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from zones.models import Availability, Plot

WIDTH, MARGIN = 930.0, 24.0
LOOKS = {
    Availability.Status.LEASED: "leased",
    Availability.Status.RESERVED: "reserved",
    **dict.fromkeys(Availability.FREE, "free"),
}


@dataclass(frozen=True)
class Shape:
    """One plot on the plan: `look` is free, leased, reserved or other; coordinates as text for SVG."""

    plot: Plot
    look: str
    path: str
    x: str
    y: str
    is_wide: bool
    pin: int | None
    pin_x: str
    pin_y: str
    is_found: bool = False

    @property
    def is_link(self) -> bool:
        return self.is_found or self.look == "free"


@dataclass(frozen=True)
class Plan:
    height: str
    land: str
    scale_m: int
    scale_width: str
    shapes: list[Shape]
    width: str = f"{WIDTH:.0f}"

    @property
    def free(self) -> list[Shape]:
        return [shape for shape in self.shapes if shape.look == "free"]

    @property
    def links(self) -> list[Shape]:
        return [shape for shape in self.shapes if shape.is_link]

    @property
    def others(self) -> list[Shape]:
        return [shape for shape in self.shapes if not shape.is_link]


@dataclass(frozen=True)
class Thumb:
    """A zone in the size of a stamp: let land as one path, open land as another."""

    let: str
    open: str


def thumbs(plots: Iterable[Plot]) -> dict[int, Thumb]:
    """Zone id → its stamp of 160 × 112, all to one scale; a zone without outlines is not in it."""
    zones: dict[int, list] = defaultdict(list)
    for plot in plots:
        if len(points := points_of(plot.outline)) >= 3:
            zones[plot.zone_id].append((plot, points))
    boxes = {zone: _box(points for _plot, points in outlined) for zone, outlined in zones.items()}
    factor = min((min(152 / max(x1 - x0, 1), 104 / max(y1 - y0, 1)) for x0, y0, x1, y1 in boxes.values()), default=1)
    return {zone: _thumb(outlined, boxes[zone], factor) for zone, outlined in zones.items()}


def _thumb(outlined: list, box: tuple[float, float, float, float], factor: float) -> Thumb:
    x0, y0, x1, y1 = box
    left, top = 80 - (x1 - x0) * factor / 2, 56 - (y1 - y0) * factor / 2
    paths = {"let": "", "open": ""}
    for plot, points in outlined:
        placed = [((x - x0) * factor + left, (y - y0) * factor + top) for x, y in points]
        paths["let" if plot.status == Availability.Status.LEASED else "open"] += _path(placed)
    return Thumb(**paths)


def draw(plots: Iterable[Plot], *, pins: Iterable[Plot] = (), found: Collection[int] = ()) -> Plan | None:
    """A plan of the plots (with `status`) that have an outline, or None; `pins` are numbered as the list beside it,
    `found` are the ids of what a search has found, on whatever page of the list."""
    outlined = [(plot, points) for plot in plots if len(points := points_of(plot.outline)) >= 3]
    if not outlined:
        return None
    x0, y0, x1, y1 = _box(points for _plot, points in outlined)
    factor = (WIDTH - 2 * MARGIN) / max(x1 - x0, 1)
    height = (y1 - y0) * factor + 2 * MARGIN
    numbers = {plot.pk: number for number, plot in enumerate(pins, start=1)}
    shapes = [
        _shape(plot, [((x - x0) * factor + MARGIN, (y - y0) * factor + MARGIN) for x, y in points], numbers, found)
        for plot, points in outlined
    ]
    metres = _round_length(WIDTH / factor / 5)
    edge = MARGIN / 2
    land = f"M{edge:.0f} {edge:.0f}H{WIDTH - edge:.0f}V{height - edge:.1f}H{edge:.0f}z"
    return Plan(height=f"{height:.0f}", land=land, scale_m=metres, scale_width=f"{metres * factor:.1f}", shapes=shapes)


def _shape(plot: Plot, points: list[tuple[float, float]], numbers: dict[int, int], found: Collection[int]) -> Shape:
    xs, ys = zip(*points, strict=True)
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    return Shape(
        plot=plot,
        look=_look(plot),
        path=_path(points),
        x=f"{x:.1f}",
        y=f"{y:.1f}",
        is_wide=max(xs) - min(xs) >= 48 and max(ys) - min(ys) >= 30,
        pin=numbers.get(plot.pk),
        pin_x=f"{x - 20:.1f}",
        pin_y=f"{y - 20:.1f}",
        is_found=plot.pk in found,
    )


def _look(plot: Plot) -> str:
    """What stands as free, but has not been confirmed for too long, is not drawn as free."""
    look = LOOKS.get(plot.status, "other")
    return "other" if look == "free" and not getattr(plot, "is_offered", True) else look


def _box(outlines: Iterable[list[tuple[float, float]]]) -> tuple[float, float, float, float]:
    xs, ys = zip(*(point for points in outlines for point in points), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z"


def points_of(outline: object) -> list[tuple[float, float]]:
    """The corners that are numbers; an outline typed wrongly is not drawn, and never breaks a page."""
    corners = outline if isinstance(outline, list) else []
    pairs = [corner for corner in corners if isinstance(corner, list | tuple) and len(corner) == 2]
    sound = [pair for pair in pairs if all(isinstance(n, int | float) and math.isfinite(n) for n in pair)]
    return [(float(x), float(y)) for x, y in sound]


def _round_length(metres: float) -> int:
    """The largest 1, 2 or 5 times a power of ten within `metres`, for the scale bar."""
    power = 10 ** math.floor(math.log10(max(metres, 1)))
    return int(max(power * times for times in (1, 2, 5) if power * times <= max(metres, 1)))
