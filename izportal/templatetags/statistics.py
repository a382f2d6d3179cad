"""Rows of charts and tables from the figures of a question, step by step or group by group."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse

register = template.Library()

QUARTERS = ("I", "II", "III", "IV")
# What a step changes, in the order of the table; a line of which every number is zero is left out.
FLOWS = (
    "new_fdi_projects", "new_ddi_projects", "new_fdi_capital_usd", "new_ddi_capital_vnd", "capital_increases",
    "capital_increase_usd", "capital_increase_vnd", "capital_decreases", "capital_decrease_usd",
    "capital_decrease_vnd", "ended_fdi_projects", "ended_ddi_projects", "ended_capital_usd", "ended_capital_vnd",
    "certificates_adjusted",
)  # fmt: skip


@register.simple_tag
def stepped(steps, *codes):
    """Rows for `columns` (two codes) or `trend` (one): the label of each step and its numbers."""
    return [(_short(step), *(step[code] for code in codes)) for step in steps]


def _short(step):
    """A label that has room under a bar: 2026, 09/2026, III/2026."""
    if step.label.replace("/", "").isdigit():
        return step.label
    return f"{QUARTERS[(step.since.month - 1) // 3]}/{step.since.year}"


LIFE = ("new_projects", "suspensions", "resumptions", "terminated_projects", "revoked_projects")


@register.simple_tag
def flow_lines(steps):
    """Lines of the table over time: title, unit and the number of each step."""
    return _lines(steps, FLOWS)


@register.simple_tag
def life_lines(steps):
    """The same of how projects begin, pause and end."""
    return _lines(steps, LIFE)


def _lines(steps, codes):
    lines = [[step[code] for step in steps] for code in codes]
    return [
        {"title": line[0].indicator.title, "unit": line[0].indicator.unit, "numbers": line}
        for line in lines
        if any(number.value for number in line)
    ]


@register.simple_tag
def most_projects(groups):
    return max((group["projects"].value or 0 for group in groups), default=0) or 1


@register.simple_tag
def narrowed(asked, name, key):
    """The whole page for one zone, sector or country."""
    return f"{reverse('statistics')}?{urlencode(asked.of(**{name: key}).query())}"
