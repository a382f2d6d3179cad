"""What the desk says of the register's figures."""

from django import template

from projects.figures import audit

register = template.Library()


@register.inclusion_tag("admin/projects/_figures_desk.html", takes_context=True)
def figures_desk(context):
    """The faults that the last look through the register found, if any, and the way to the month's brief."""
    looked_at, faults = audit.last()
    may_read = context["request"].user.has_perm("izportal.view_publication")
    return {"looked_at": looked_at, "faults": faults, "may_read": may_read}
