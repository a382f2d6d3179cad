"""Stated and computed figures as text: the unit each indicator is read in, and the address of its records."""

from dataclasses import dataclass
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from izportal.templatetags.area import absent, grouped, percent, with_unit
from izportal.templatetags.money import BILLION, MILLION

register = template.Library()


@dataclass(frozen=True)
class Unit:
    """How an amount is written: divided by `by`, then named."""

    name: object = ""
    by: Decimal = Decimal(1)
    is_percent: bool = False

    def number(self, value: Decimal | int) -> str:
        return grouped(Decimal(value) / self.by)

    def text(self, value: Decimal | int | None) -> str:
        if value is None:
            return absent()
        if self.is_percent:
            return percent(value)
        return with_unit(Decimal(value) / self.by, str(self.name)) if self.name else self.number(value)


PIECES, HECTARES, PERCENT = Unit(), Unit("ha"), Unit("%", is_percent=True)
BILLION_USD, BILLION_VND = Unit(_("tỷ USD"), BILLION), Unit(_("tỷ đồng"), BILLION)
MILLION_USD, HECTARES_OF_M2 = Unit(_("triệu USD"), MILLION), Unit("ha", Decimal(10_000))
# The last word of an indicator's code tells what it is counted in.
UNITS = {"usd": BILLION_USD, "vnd": BILLION_VND, "ha": HECTARES, "percent": PERCENT}


def unit_of(indicator: str) -> Unit:
    return UNITS.get(indicator.rpartition("_")[2], PIECES)


@register.simple_tag
def stated(statement, *indicators):
    """The first of these indicators that the statement names, or None."""
    return statement.get(*indicators)


@register.simple_tag
def amount(figure):
    """A stated figure large: > 8,4 tỷ USD, the unit in small."""
    unit = unit_of(figure.indicator)
    small = format_html("<small>{}</small>", unit.name) if unit.name else ""
    return format_html("{}{}{}", "> " if figure.is_at_least else "", unit.number(figure.value), small)


@register.simple_tag
def bare(figure):
    """A stated figure in a column whose head names the unit; a star where it was worked out, not said."""
    if not figure:
        return absent()
    sign, star = "> " if figure.is_at_least else "", "*" if figure.is_derived else ""
    return f"{sign}{unit_of(figure.indicator).number(figure.value)}{star}"


@register.simple_tag
def in_millions(value):
    return grouped(Decimal(value) / MILLION)


@register.simple_tag
def in_billions(value):
    return grouped(Decimal(value) / BILLION)


@register.simple_tag
def records(report, **filters):
    """The address of the projects behind a figure of the report."""
    return report.projects_url(**filters)


@register.simple_tag
def plots(report, **filters):
    """The address of the plots behind a figure of the report."""
    return report.plots_url(**filters)


@register.simple_tag
def statement_columns(statements):
    """Bars for `columns`: month, FDI and DDI projects, of the statements that name both."""
    named = [(row.as_of, row.get("fdi_projects"), row.get("ddi_projects")) for row in statements]
    return [(f"{day:%m/%Y}", fdi.value, ddi.value) for day, fdi, ddi in named if fdi and ddi]


@register.simple_tag
def in_unit(indicator, amount):
    """An amount in the unit of an indicator."""
    return indicator.unit.text(amount)
