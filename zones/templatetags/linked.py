"""Linked data in the head of the pages of the land."""

from django import template

from izportal.templatetags.head import linked_data
from zones import linked

register = template.Library()


@register.simple_tag
def linked_plot(plot):
    return linked_data(linked.of_plot(plot))


@register.simple_tag
def linked_zone(zone):
    return linked_data(linked.of_zone(zone))
