"""Charts with the table of their numbers: columns, a line over time, a bridge between two stocks."""

from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from izportal import charts
from izportal.charts import NARROW, WIDE, cell
from izportal.templatetags.area import MINUS

register = template.Library()


@register.inclusion_tag("components/columns.html")
def columns(rows, title, note="", first="", second="", key="columns", is_open=False):
    """Stacked columns with a number on each and the same figures as a table.

    `rows` are (label, first value, second value or None), values being amounts or published numbers; `key` makes the
    element ids unique on the page.
    """
    read = [(str(label), cell(a), cell(b)) for label, a, b in rows]
    drawings = [charts.columns(read, frame) for frame in (WIDE, NARROW)] if read else []
    return {
        "title": title, "note": note, "first": first, "second": second, "key": key, "rows": read,
        "drawings": drawings, "is_open": is_open,
    }  # fmt: skip


@register.inclusion_tag("components/trend.html")
def trend(rows, title, note="", series="", key="trend", breaks=()):
    """A line over time with its numbers as a table. `rows` are (label, value); `breaks` are (share of the width,
    sign, text), told below the drawing."""
    read = [(str(label), cell(value)) for label, value in rows]
    marks = [(share, sign) for share, sign, _text in breaks]
    drawings = [charts.line(read, frame, marks) for frame in (WIDE, NARROW)] if read else []
    return {
        "title": title, "note": note, "series": series, "key": key, "rows": read, "drawings": drawings,
        "breaks": breaks,
    }  # fmt: skip


@register.inclusion_tag("components/bridge.html")
def bridge(built, title, key):
    """A capital bridge drawn and as a table: what stood, what came and went, what stands."""
    rows = list(_lines(built))
    bars = [(label, start, end, shown) for label, start, end, shown, _cell in rows]
    return {
        "title": title, "key": key, "built": built, "rows": rows, "unit": built.closing.indicator.unit,
        "drawings": [charts.bridge(bars, frame) for frame in (WIDE, NARROW)],
    }  # fmt: skip


def _lines(built):
    """Label, level before, level after, text, cell of each bar."""
    opening, closing = cell(built.opening), cell(built.closing)
    level = opening.amount
    yield _("Đầu kỳ"), Decimal(0), level, opening.text, opening
    if built.restated and built.restated.signed:
        after = cell(built.restated.after)
        amount = after.amount - level
        yield str(built.restated.label), level, after.amount, _signed(amount), charts.Cell(amount, _signed(amount))
        level = after.amount
    for part in built.parts:
        shown = cell(part.number)
        amount = part.sign * shown.amount
        text = f"{'+' if part.sign > 0 else MINUS}{shown.text}" if amount else shown.text
        yield str(part.label), level, level + amount, text, charts.Cell(amount, text, shown.url)
        level += amount
    if built.moved.value:
        moved = cell(built.moved)
        shown = charts.Cell(moved.amount, _signed(moved.amount), moved.url)
        yield str(built.moved.indicator.title), level, level + moved.amount, shown.text, shown
    yield _("Cuối kỳ"), Decimal(0), closing.amount, closing.text, closing


def _signed(amount):
    text = charts.grouped(amount)
    return text if amount < 0 else f"+{text}"
