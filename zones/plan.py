"""The schematic plan of a zone, drawn from the outlines of its plots, north up: positions only, the template draws
them."""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from zones.models import Availability, Plot
from zones.outlines import grid
from zones.outlines.shapes import Ring, points_of, rings_of

WIDTH, MARGIN, FOOT = 930.0, 24.0, 42.0
LETTER = 16.0  # how wide a letter is in the number of the plot that a plan is about
LOOKS = {
    Availability.Status.LEASED: "leased",
    Availability.Status.RESERVED: "reserved",
    **dict.fromkeys(Availability.FREE, "free"),
}


def letters() -> dict[str, str]:
    """Look → the letter that says it on the plan besides pattern and colour."""
    return {
        "free": pgettext("letter on the plan: free", "T"),
        "reserved": pgettext("letter on the plan: on hold", "G"),
        "leased": pgettext("letter on the plan: leased", "C"),
        "other": pgettext("letter on the plan: not ready", "K"),
    }


@dataclass(frozen=True)
class Flag:
    """Where the number of a plot stands that has no room for it: over its upper edge, or under the lower one where
    the sheet ends above."""

    x: str
    y: str
    width: str
    height: str
    middle: tuple[str, str]


@dataclass(frozen=True)
class Shape:
    """One plot on the plan: `look` is free, leased, reserved or other; coordinates as text for SVG."""

    plot: Plot
    look: str
    path: str
    x: str
    y: str
    is_roomy: bool
    is_wide: bool
    has_room: bool
    pin: int | None
    pin_x: str
    pin_y: str
    is_found: bool = False
    flag: Flag | None = None

    @property
    def label_x(self) -> str:
        return self.flag.middle[0] if self.flag else self.x

    @property
    def label_y(self) -> str:
        return self.flag.middle[1] if self.flag else self.y

    @property
    def is_link(self) -> bool:
        return self.is_found or self.look == "free"


@dataclass(frozen=True)
class Plan:
    """`left_out` have no outline, or one on another ground than what is drawn: they are in the lists alone."""

    height: str
    land: str
    scale_m: int
    scale: str
    scale_x: str
    foot_y: str
    shapes: list[Shape]
    left_out: list[Plot]
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
    found: dict[int, list] = defaultdict(list)
    for plot in plots:
        if len(points := points_of(plot.outline)) >= 3:
            found[plot.zone_id].append((plot, points))
    zones = {zone: _on_one_ground(outlined) for zone, outlined in found.items()}
    boxes = {zone: _box(points for _plot, points in outlined) for zone, outlined in zones.items()}
    factor = min((min(152 / max(x1 - x0, 1), 104 / max(y1 - y0, 1)) for x0, y0, x1, y1 in boxes.values()), default=1)
    return {zone: _thumb(outlined, boxes[zone], factor) for zone, outlined in zones.items()}


def _thumb(outlined: list, box: tuple[float, float, float, float], factor: float) -> Thumb:
    x0, y0, x1, y1 = box
    left, top = 80 - (x1 - x0) * factor / 2, 56 - (y1 - y0) * factor / 2
    paths = {"let": "", "open": ""}
    for plot, points in outlined:
        placed = [((x - x0) * factor + left, (y1 - y) * factor + top) for x, y in points]
        paths["let" if plot.status == Availability.Status.LEASED else "open"] += _path(placed)
    return Thumb(**paths)


def draw(
    plots: Iterable[Plot], *, pins: Iterable[Plot] = (), found: Collection[int] = (), boundary: object = None
) -> Plan | None:
    """A plan of the plots (with `status`) that have an outline, or None; `pins` are numbered as the list beside it,
    `found` are the ids of what a search has found, on whatever page of the list; `boundary` is that of the zone."""
    plots, rings = list(plots), rings_of(boundary)
    outlined = [(plot, points) for plot in plots if len(points := points_of(plot.outline)) >= 3]
    if not outlined:
        return None
    outlined = _on_one_ground(outlined)
    rings = rings if grid.is_placed(outlined[0][1]) else []
    sheet = _Sheet(_box([*rings, *(points for _plot, points in outlined)]))
    numbers = {plot.pk: number for number, plot in enumerate(pins, start=1)}
    shapes = [_shape(plot, sheet.place(points), numbers, found) for plot, points in outlined]
    drawn = {plot.pk for plot, _points in outlined}
    metres = _round_length(WIDTH / sheet.factor / 5)
    start, foot = WIDTH - MARGIN - metres * sheet.factor, sheet.height - FOOT / 2
    return Plan(
        height=f"{sheet.height:.0f}",
        land="".join(_path(sheet.place(ring)) for ring in rings) or sheet.frame(),
        scale_m=metres,
        scale=f"M{start:.1f} {foot - 5:.1f}v5H{WIDTH - MARGIN:.1f}v-5",
        scale_x=f"{start - 8:.1f}",
        foot_y=f"{foot:.1f}",
        shapes=shapes,
        left_out=[plot for plot in plots if plot.pk not in drawn],
    )


def _on_one_ground(outlined: list[tuple[Plot, list]]) -> list[tuple[Plot, list]]:
    """Metres of a sketch begin at a corner of the zone: they share no picture with those of the national grid."""
    placed = [(plot, points) for plot, points in outlined if grid.is_placed(points)]
    return placed or outlined


class _Sheet:
    """From metres, y to the north, to the units of the drawing, y downwards."""

    def __init__(self, box: tuple[float, float, float, float]):
        self.x0, _y0, x1, self.y1 = box
        self.factor = (WIDTH - 2 * MARGIN) / max(x1 - self.x0, (self.y1 - box[1]) / 2, 1)
        self.left = MARGIN + (WIDTH - 2 * MARGIN - (x1 - self.x0) * self.factor) / 2
        self.height = (self.y1 - box[1]) * self.factor + 2 * MARGIN + FOOT

    def place(self, points: Ring) -> list[tuple[float, float]]:
        return [((x - self.x0) * self.factor + self.left, (self.y1 - y) * self.factor + MARGIN) for x, y in points]

    def frame(self) -> str:
        edge = MARGIN / 2
        return f"M{edge:.0f} {edge:.0f}H{WIDTH - edge:.0f}V{self.height - FOOT - edge:.1f}H{edge:.0f}z"


def _shape(plot: Plot, points: list[tuple[float, float]], numbers: dict[int, int], found: Collection[int]) -> Shape:
    xs, ys = zip(*points, strict=True)
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    return Shape(
        plot=plot,
        look=look_of(plot),
        path=_path(points),
        x=f"{x:.1f}",
        y=f"{y:.1f}",
        is_roomy=width >= 88 and height >= 36,
        is_wide=width >= 48 and height >= 30,
        has_room=width >= 16 and height >= 14,
        pin=numbers.get(plot.pk),
        pin_x=f"{x - 20:.1f}",
        pin_y=f"{y - 20:.1f}",
        is_found=plot.pk in found,
        flag=_flag(plot.number, x, min(ys), max(ys), room=min(width, 2.2 * height)),
    )


def _flag(number: str, x: float, top: float, bottom: float, *, room: float) -> Flag | None:
    width, height = LETTER * len(number) + 20, 40.0
    if width <= room:
        return None
    x = min(max(x, MARGIN + width / 2), WIDTH - MARGIN - width / 2)
    y = top - height if top - height > 0 else bottom
    middle = f"{x:.1f}", f"{y + height / 2:.1f}"
    return Flag(f"{x - width / 2:.1f}", f"{y:.1f}", f"{width:.1f}", f"{height:.1f}", middle)


def word_of(plot: Plot) -> str:
    """The state of a plot as its look shows it: what waits to be confirmed again is not called free."""
    if look_of(plot) == "other" and plot.status in Availability.FREE:
        return _("Chờ xác nhận lại")
    return str(Availability.Status(plot.status).label) if plot.status else _("Chưa ghi nhận")


def look_of(plot: Plot) -> str:
    """What stands as free, but has not been confirmed for too long, is not drawn as free."""
    look = LOOKS.get(plot.status, "other")
    return "other" if look == "free" and not getattr(plot, "is_offered", True) else look


def _box(outlines: Iterable[Ring]) -> tuple[float, float, float, float]:
    xs, ys = zip(*(point for points in outlines for point in points), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "z"


def _round_length(metres: float) -> int:
    """The largest 1, 2 or 5 times a power of ten within `metres`, for the scale bar."""
    power = 10 ** math.floor(math.log10(max(metres, 1)))
    return int(max(power * times for times in (1, 2, 5) if power * times <= max(metres, 1)))
