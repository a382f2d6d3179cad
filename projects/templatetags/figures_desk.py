"""What the desk says of the register's figures."""

from django import template

from projects.figures import audit

register = template.Library()


@register.inclusion_tag("admin/projects/_figures_desk.html")
def figures_desk():
    """The faults that the last look through the register found; nothing where there are none."""
    looked_at, faults = audit.last()
    return {"looked_at": looked_at, "faults": faults}
