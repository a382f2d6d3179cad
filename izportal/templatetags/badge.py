"""Small marks: icons, flags on unproven rows, the state of a time limit, and the drawings beside figures."""

import math
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from izportal.templatetags.area import NBSP, grouped

register = template.Library()

# State of a time limit → the shape, the word's colour.
SHAPES = {
    "late": ("s-late", "late"),
    "today": ("s-today", "soon"),
    "soon": ("s-soon", "soon"),
    "running": ("s-ok", "ok"),
    "paused": ("s-hold", "hold"),
    "done": ("s-done", "done"),
}


@register.simple_tag
def icon(name, css="ico"):
    """A symbol of static/img/icons.svg, `{% icon "search" %}`; always decoration, the word stands beside it."""
    return _drawn(name, css, static("img/icons.svg"))


@lru_cache(maxsize=256)
def _drawn(name, css, file):
    """The same markup for the same words; a long list shows each of a few shapes many times."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#i-{}"/></svg>', css, file, name
    )


@register.simple_tag
def flag_sample(row=None):
    """The mark of invented data: nothing for a real row, the mark when `row.is_sample` or no row is named."""
    if row is not None and not getattr(row, "is_sample", False):
        return ""
    return format_html('<span class="flag">{}</span>', _("Minh họa"))


@register.simple_tag
def flag_unverified():
    return format_html('<span class="flag">{}</span>', _("Chờ xác nhận"))


@register.inclusion_tag("components/due.html")
def due(standing):
    """State of a time limit as shape, word and colour; `standing` has `state` and `days`, or is None."""
    if standing is None or standing.state not in SHAPES:
        return {"word": ""}
    shape, colour = SHAPES[standing.state]
    return {"shape": shape, "colour": colour, "word": due_word(standing.state, standing.days)}


@register.filter
def shown(mark):
    """The same of anything that has `shape`, `colour` and `word`, for the rows of long lists."""
    return _marked(mark.colour, icon(mark.shape), mark.word)


@lru_cache(maxsize=256)
def _marked(colour, drawing, word):
    return format_html('<span class="due due--{}">{}{}</span>', colour, drawing, word)


def due_word(state: str, days: int | None) -> str:
    """What the reader is told: Còn 6 ngày, Hôm nay, Quá 2 ngày, Tạm dừng, Đã trả kết quả."""
    if state == "late":
        return _counted(ngettext("Quá %(count)s ngày", "Quá %(count)s ngày", abs(days)), abs(days))
    if state in ("soon", "running"):
        return _counted(ngettext("Còn %(count)s ngày", "Còn %(count)s ngày", days), days)
    return {"today": _("Hôm nay"), "paused": _("Tạm dừng"), "done": _("Đã trả kết quả")}[state]


def _counted(words: str, count: int) -> str:
    return words.replace("%(count)s ", f"%(count)s{NBSP}") % {"count": count}


# The working-day ruler ----------------------------------------------------------------------------
@register.inclusion_tag("components/ruler.html")
def ruler(days, summary="", sums=None):
    """One cell for each working day, one row for each week.

    `days` are objects with `on` (date) and `marks`: words among start, done, hold, today, left, due, soon, late, and
    law (the end of the limit where a later date has been promised).
    `summary` is the same in words, for those who cannot see the cells; `sums` has `done`, `held` and `left`.
    """
    marks = {mark for d in days for mark in d.marks.split()}
    return {"weeks": weeks_of(days), "summary": summary, "marks": marks, "sums": sums}


def weeks_of(days) -> list[dict]:
    """Days grouped by week from Monday, with empty cells where a weekday is not counted."""
    marked = {d.on: " ".join(f"is-{mark}" for mark in d.marks.split()) for d in days}
    mondays = sorted({on - timedelta(days=on.weekday()) for on in marked})
    return [{"first": monday, "cells": _cells(monday, marked)} for monday in mondays]


def _cells(monday, marked) -> list[dict]:
    week = [monday + timedelta(days=n) for n in range(7)]
    # A Saturday appears only when it is worked in place of a day off.
    return [{"on": on, "css": marked.get(on, "is-out")} for on in week if on.weekday() < 5 or on in marked]


# Columns ------------------------------------------------------------------------------------------
# Two drawings of one chart; the width of the container chooses. x0, x1: ends of the base line; y: base line.
WIDE = {"css": "chart--w", "width": 760, "height": 280, "x0": 36, "x1": 756, "base": 246}
NARROW = {"css": "chart--n", "width": 420, "height": 270, "x0": 40, "x1": 416, "base": 236}
TOP = 18


@register.inclusion_tag("components/columns.html")
def columns(rows, title, note="", first="", second="", key="columns"):
    """Stacked columns with a number on each and the same figures as a table.

    `rows` are (label, first value, second value or None); `key` makes the element ids unique on the page.
    """
    rows = [(str(label), Decimal(a or 0), Decimal(b or 0)) for label, a, b in rows]
    return {
        "title": title,
        "note": note,
        "first": first,
        "second": second,
        "key": key,
        "rows": rows,
        "drawings": [draw_columns(rows, frame) for frame in (WIDE, NARROW)] if rows else [],
    }


def draw_columns(rows, frame) -> dict:
    """Positions of every bar, number and grid line inside `frame`, as text ready for SVG attributes."""
    largest = max(a + b for _label, a, b in rows)
    step = _grid_step(largest)
    lines = math.ceil(largest / step) or 1
    scale = (frame["base"] - TOP) / float(step * lines)
    pitch = (frame["x1"] - frame["x0"]) / len(rows)
    bars = [_bar(frame, pitch * n + frame["x0"], pitch, scale, row, odd=n % 2 == 1) for n, row in enumerate(rows)]
    grid = [{"y": _at(frame["base"] - scale * float(step) * n), "text": grouped(step * n)} for n in range(lines + 1)]
    return {**{k: str(v) for k, v in frame.items()}, "bars": bars, "grid": grid, "label_y": _at(frame["base"] + 20)}


def _bar(frame, left, pitch, scale, row, *, odd) -> dict:
    label, first, second = row
    width = min(34.0, pitch * 0.6)
    tall, taller = float(first) * scale, float(second) * scale
    gap = 1.5 if first and second else 0
    return {
        "label": label,
        "odd": odd,
        "x": _at(left + (pitch - width) / 2),
        "middle": _at(left + pitch / 2),
        "width": _at(width),
        "y1": _at(frame["base"] - tall),
        "h1": _at(tall),
        "y2": _at(frame["base"] - tall - taller),
        "h2": _at(max(taller - gap, 0)),
        "text_y": _at(frame["base"] - tall - taller - 6),
        "text": grouped(first + second),
    }


def _at(position: float) -> str:
    """A coordinate: SVG wants a point before decimals in every language."""
    return f"{position:.1f}"


def _grid_step(largest: Decimal) -> Decimal:
    """1, 2 or 5 times a power of ten, so that at most five lines carry the largest value."""
    step = Decimal(10) ** (Decimal(largest).adjusted() - 1 if largest else 0)
    while True:
        for times in (1, 2, 5):
            if largest <= step * times * 5:
                return step * times
        step *= 10
