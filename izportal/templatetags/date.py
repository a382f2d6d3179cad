"""Dates and moments as text, dd/mm/yyyy in both languages and always on the board's own clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils import timezone
from django.utils.html import format_html

from izportal.templatetags.area import NBSP, absent

register = template.Library()

BOARD_CLOCK = ZoneInfo("Asia/Ho_Chi_Minh")


def local(value):
    """A moment on the board's clock; a plain date, or a moment without a zone, stays as it is."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        return value.astimezone(BOARD_CLOCK)
    return value


@register.filter
def day(value):
    """30/09/2026, in a `time` element."""
    if not value:
        return absent()
    here = local(value)
    return format_html('<time datetime="{}">{}</time>', here.strftime("%Y-%m-%d"), here.strftime("%d/%m/%Y"))


@register.filter
def moment(value):
    """16/10/2026 14:40, in a `time` element."""
    if not value:
        return absent()
    here = local(value)
    text = here.strftime(f"%d/%m/%Y{NBSP}%H:%M")
    return format_html('<time datetime="{}">{}</time>', here.isoformat(timespec="minutes"), text)


@register.filter
def clock(value):
    """14:40 of a moment."""
    return local(value).strftime("%H:%M") if value else absent()
