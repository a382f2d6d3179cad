"""Small marks: icons, flags on unproven rows, the state of a time limit, and the drawings beside figures."""

from datetime import timedelta
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from izportal.templatetags.area import NBSP

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
