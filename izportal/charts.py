"""Charts as positions and texts ready for SVG attributes: columns, a line over time, a bridge between two stocks.

Each is drawn twice, wide and narrow; the width of the container chooses. The numbers of a chart stand beside it in a
table, so a drawing carries nothing that the table does not.
"""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from izportal.indicators import Number
from izportal.templatetags.area import grouped

Drawing = dict[str, Any]
# Label, level before, level after, text.
Bar = tuple[str, Decimal, Decimal, str]
# x0, x1: ends of the base line; base: its height.
WIDE = {"css": "chart--w", "width": 760, "height": 280, "x0": 56, "x1": 756, "base": 246}
NARROW = {"css": "chart--n", "width": 420, "height": 270, "x0": 54, "x1": 416, "base": 236}
TOP = 20
# Where a line leaves out less than this share of its height, the axis begins at zero.
WORTH_CUTTING = Decimal("0.5")
MOST_LINES = 5
# About the width of a sign of a label, and how far its lines stand from each other.
SIGN, LEADING = 7.4, 14


@dataclass(frozen=True)
class Cell:
    """A value of a chart in the unit it is drawn in, as text, and where its records are."""

    amount: Decimal
    text: str
    url: str = ""


def cell(value: Any) -> Cell:
    """A published number in its unit, or a plain amount."""
    if isinstance(value, Number):
        amount = Decimal(value.value or 0) / value.indicator.unit.by
        return Cell(amount, value.bare, value.url)
    return Cell(Decimal(value or 0), grouped(value or 0))


def columns(rows: Sequence[tuple[str, Cell, Cell]], frame: dict[str, Any]) -> Drawing:
    """Stacked columns: label, first and second amount; the sum stands on each."""
    axis = _axis(frame, Decimal(0), max(first.amount + second.amount for _label, first, second in rows))
    pitch = (frame["x1"] - frame["x0"]) / len(rows)
    bars = [_column(frame, axis, pitch, n, row) for n, row in enumerate(rows)]
    return {**_framed(frame), "bars": bars, "grid": axis.grid, "label_y": _at(frame["base"] + 20)}


def line(rows: Sequence[tuple[str, Cell]], frame: dict[str, Any], breaks: Sequence[tuple[float, str]] = ()) -> Drawing:
    """A line over equal steps. `breaks` stand at a share of the width (0 to 1), each with the sign that names it."""
    amounts = [row.amount for _label, row in rows]
    axis = _axis(frame, _floor(min(amounts), max(amounts)), max(amounts))
    pitch = (frame["x1"] - frame["x0"]) / len(rows)
    points = [
        {"x": _at(frame["x0"] + pitch * (n + 0.5)), "y": _at(axis.y(row.amount)), "label": label, "odd": n % 2 == 1}
        for n, (label, row) in enumerate(rows)
    ]
    width = frame["x1"] - frame["x0"]
    return {
        **_framed(frame),
        "points": points,
        "path": "M" + "L".join(f"{point['x']} {point['y']}" for point in points),
        "breaks": [{"x": _at(frame["x0"] + width * share), "sign": sign} for share, sign in breaks],
        # Its end at the edge of the drawing: however long, it is not cut off.
        "last": {"x": _at(frame["x1"]), "text": rows[-1][1].text, "y": _at(max(axis.y(amounts[-1]) - 10, TOP - 2))},
        "grid": axis.grid,
        "label_y": _at(frame["base"] + 20),
        "top": _at(TOP),
        "is_cut": axis.low > 0,
        "low": grouped(axis.low),
    }


def bridge(rows: Sequence[Bar], frame: dict[str, Any]) -> Drawing:
    """Bars that hang between two levels: label, from, to, text; the first and the last stand on the base line."""
    levels = [level for _label, low, high, _text in rows for level in (low, high)]
    moving = [level for _label, low, high, _text in rows[1:-1] for level in (low, high)] or levels
    axis = _axis(frame, _floor(min(*moving, rows[0][2], rows[-1][2]), max(levels)), max(levels))
    pitch = (frame["x1"] - frame["x0"]) / len(rows)
    bars = [_span(frame, axis, pitch, n, row, is_end=n in (0, len(rows) - 1)) for n, row in enumerate(rows)]
    joints = [
        {"x": before["right"], "to": after["x"], "y": before["end"]}
        for before, after in zip(bars[:-1], bars[1:], strict=True)
    ]
    lowest = max(float(line["y"]) for bar in bars for line in bar["lines"])
    return {
        **_framed(frame), "bars": bars, "joints": joints, "grid": axis.grid, "is_cut": axis.low > 0,
        "low": grouped(axis.low), "height": _at(max(frame["height"], lowest + LEADING)),
    }  # fmt: skip


@dataclass(frozen=True)
class Axis:
    base: int
    low: Decimal
    step: Decimal
    lines: int

    @property
    def scale(self) -> float:
        return (self.base - TOP) / float(self.step * self.lines)

    def y(self, amount: Decimal) -> float:
        return self.base - float(max(amount, self.low) - self.low) * self.scale

    @property
    def grid(self) -> list[dict[str, str]]:
        levels = [self.low + self.step * n for n in range(self.lines + 1)]
        return [{"y": _at(self.y(level)), "text": grouped(level)} for level in levels]


def _axis(frame: dict[str, Any], low: Decimal, high: Decimal) -> Axis:
    """From a round number at or below `low` to one at or above `high`."""
    step = grid_step(high - low)
    first = (low / step).to_integral_value("ROUND_FLOOR") * step
    return Axis(frame["base"], first, step, math.ceil((high - first) / step) or 1)


def _floor(low: Decimal, high: Decimal) -> Decimal:
    """Zero, or somewhat below the least value where the line would else be all air below."""
    if low <= 0 or low < high * WORTH_CUTTING:
        return Decimal(0)
    return low - (high - low) / 4 if high > low else low * WORTH_CUTTING


def grid_step(span: Decimal) -> Decimal:
    """1, 2 or 5 times a power of ten, so that at most five lines carry the span."""
    step = Decimal(10) ** (span.adjusted() - 1 if span else 0)
    while True:
        for times in (1, 2, 5):
            if span <= step * times * MOST_LINES:
                return step * times
        step *= 10


def _framed(frame: dict[str, Any]) -> Drawing:
    return {**{name: str(value) for name, value in frame.items()}, "axis_x": _at(frame["x0"] - 8)}


def _column(
    frame: dict[str, Any], axis: Axis, pitch: float, place: int, row: tuple[str, Cell, Cell]
) -> dict[str, Any]:
    label, first, second = row
    width, left = min(34.0, pitch * 0.6), frame["x0"] + pitch * place
    tall, taller = float(first.amount) * axis.scale, float(second.amount) * axis.scale
    gap = 1.5 if first.amount and second.amount else 0
    return {
        "label": label,
        "odd": place % 2 == 1,
        "x": _at(left + (pitch - width) / 2),
        "middle": _at(left + pitch / 2),
        "width": _at(width),
        "y1": _at(frame["base"] - tall),
        "h1": _at(tall),
        "y2": _at(frame["base"] - tall - taller),
        "h2": _at(max(taller - gap, 0)),
        "text_y": _at(frame["base"] - tall - taller - 6),
        "text": grouped(first.amount + second.amount),
    }


def _span(
    frame: dict[str, Any],
    axis: Axis,
    pitch: float,
    place: int,
    row: Bar,
    *,
    is_end: bool,
) -> dict[str, Any]:
    label, start, end, shown = row
    width, left = min(64.0, pitch * 0.66), frame["x0"] + pitch * place
    above, below = axis.y(max(start, end)), axis.y(min(start, end))
    x, lines = left + (pitch - width) / 2, textwrap.wrap(label, max(int(pitch / SIGN), 6))
    return {
        "lines": [{"text": text, "y": _at(frame["base"] + 20 + LEADING * n)} for n, text in enumerate(lines)],
        "css": "is-end" if is_end else ("is-up" if end >= start else "is-down"),
        "x": _at(x),
        "right": _at(x + width),
        "middle": _at(left + pitch / 2),
        "width": _at(width),
        "y": _at(above),
        "height": _at(max(below - above, 1)),
        "end": _at(axis.y(end)),
        "text_y": _at(above - 6),
        "text": shown,
    }


def _at(position: float) -> str:
    """A coordinate: SVG wants a point before decimals in every language."""
    return f"{position:.1f}"
