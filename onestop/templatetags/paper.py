"""How a given paper is written on the applicant's page."""

from pathlib import PurePosixPath

from django import template
from django.utils.html import format_html_join

register = template.Library()


@register.filter
def kind(name):
    """PDF, DOCX: what a file is, from the ending that was checked when it came in."""
    return PurePosixPath(str(name)).suffix.removeprefix(".").upper()


@register.filter
def breakable(fingerprint, every=8):
    """A long fingerprint that may break between groups, and still copies as one word."""
    text = str(fingerprint)
    return format_html_join("", "{}<wbr>", ((text[n : n + every],) for n in range(0, len(text), every)))
