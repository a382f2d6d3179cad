"""How a given paper is written on the applicant's page."""

from pathlib import PurePosixPath

from django import template
from django.utils.html import format_html_join

from izportal import documents

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


@register.filter
def brief(fingerprint):
    """3f2a91bc…77d0c41e: enough of a fingerprint to tell two files apart; the slips print the whole."""
    return f"{fingerprint[:8]}…{fingerprint[-8:]}"


@register.filter
def held(stored):
    """Why nobody may read a file now; empty where one may."""
    return documents.why_held(stored)
