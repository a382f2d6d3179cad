"""The line of years, months and days over a list of the back office."""

from django import template

from izportal.backoffice.changelists import days_of

register = template.Library()


@register.inclusion_tag("admin/date_hierarchy.html")
def days(cl):
    return days_of(cl) or {}
