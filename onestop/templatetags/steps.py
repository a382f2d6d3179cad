"""What a step leads to, for the page on which it is taken."""

from django import template

from onestop import what_next as told

register = template.Library()


@register.simple_tag
def what_next(step):
    """{next, no_way_back} of a step by its name; "" where there is nothing to say."""
    return {"next": told.NEXT.get(step, ""), "no_way_back": told.NO_WAY_BACK.get(step, "")}
