"""The way from the desk to who did what, for those who may look over everything."""

from django import template

from izportal import roles

register = template.Library()


@register.inclusion_tag("admin/izportal/_timeline_link.html", takes_context=True)
def timeline_link(context):
    user = context["request"].user
    return {"may_read": roles.may(user, "read_timeline") and not user.zones}
