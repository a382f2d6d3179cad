"""Figures of the counter's record, each leading to the dossiers that it is made of."""

from urllib.parse import urlencode

from django import template
from django.urls import reverse
from django.utils.html import format_html

from izportal.templatetags.area import grouped
from onestop.record import MARKS

register = template.Library()


@register.simple_tag
def listed(tally, mark, text=None):
    """The number of dossiers with a mark, or `text`, linked to their list; nothing is linked where there are none."""
    count = tally.counts[mark]
    words = grouped(count) if text is None else text
    if not count:
        return words
    address = reverse("onestop:counter_record_list")
    query = urlencode({**tally.query, "what": mark})
    return format_html('<a href="{}?{}">{}</a>', address, query, words)


@register.filter
def mark_label(mark):
    return MARKS[mark].label


@register.filter
def mark_meaning(mark):
    return MARKS[mark].meaning
