"""Days with their weekday, as somebody would say them."""

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from izportal.templatetags.date import local

register = template.Library()

# Django's own Vietnamese counts them with figures.
WEEKDAYS = (
    _("thứ Hai"), _("thứ Ba"), _("thứ Tư"), _("thứ Năm"), _("thứ Sáu"), _("thứ Bảy"), _("Chủ nhật"),
)  # fmt: skip


@register.filter
def weekday(value):
    """thứ Năm 03/12/2026, in a `time` element."""
    here = local(value)
    name = WEEKDAYS[here.weekday()]
    return format_html('<time datetime="{}">{} {}</time>', f"{here:%Y-%m-%d}", name, f"{here:%d/%m/%Y}")
