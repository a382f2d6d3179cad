"""How a piece of a form is told on the pages where the staff write it."""

from django import template

from onestop.definitions import conditions as definition_conditions
from onestop.definitions import edits as definition_edits
from onestop.definitions.forms import TYPES
from onestop.shapes import say

register = template.Library()


@register.filter
def said(text):
    """A text of a definition in the reader's language."""
    return say(text) if isinstance(text, dict) else text or ""


@register.filter
def in_words(value):
    return definition_edits.words(value)


@register.filter
def condition(wanted, names):
    return definition_conditions.told(wanted, names)


@register.filter
def type_name(kind):
    return TYPES.get(kind, kind)


@register.simple_tag
def place(*keys):
    return "/".join(keys)
