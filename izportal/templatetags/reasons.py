"""Why a row was written, as people read it."""

from django import template

from izportal import reasons

register = template.Library()


@register.filter
def told_reason(text):
    return reasons.told(text)
