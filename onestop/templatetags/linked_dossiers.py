"""The dossiers of a project, on its page in the back office."""

from django import template

from onestop.models import Dossier

register = template.Library()
MOST = 50


@register.inclusion_tag("admin/onestop/_dossiers_of_project.html", takes_context=True)
def dossiers_of_project(context, project):
    """The last ones that this reader may open, with what each did to the register."""
    rows = Dossier.objects.visible_to(context["request"].user).filter(project=project)
    return {"dossiers": list(rows.select_related("procedure", "outcome").order_by("-submitted_at", "-pk")[:MOST])}
