"""Days with their weekday, as somebody would say them."""

from django import template
from django.utils import formats
from django.utils.html import format_html

from izportal.templatetags.date import local

register = template.Library()


@register.filter
def weekday(value):
    """Thứ Năm 03/12/2026, in a `time` element."""
    here = local(value)
    name = formats.date_format(here, "l")
    return format_html('<time datetime="{}">{} {}</time>', f"{here:%Y-%m-%d}", name, f"{here:%d/%m/%Y}")
