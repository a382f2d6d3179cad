"""Public pages of the register: the list of projects and the public part of one project."""

from django.db.models import Exists, OuterRef, Prefetch
from django.shortcuts import redirect, render
from django.utils import timezone

from izportal.folding import matches, rank
from izportal.kept_pages import kept
from izportal.lists import by_code, page_of
from projects import version
from projects.forms import ANY, IN_FORCE, ProjectFilterForm
from projects.models import Change, Classification, Contribution, Project
from zones import version as land
from zones.models import Plot

ORDERS = {
    "first": ["certificate_on", "code"],
    "capital": ["-registered_usd", "-registered_vnd", "code"],
}
LOOKUPS = {"zone": "zone__slug", "origin": "origin", "sector": "sector_id"}


def _as_of():
    """Projects with their people, and the zones they lie in."""
    return f"{land.now()}-{version.now()}"


@kept(_as_of)
def project_list(request):
    form = ProjectFilterForm(request.GET)
    context = {"form": form}
    if form.is_valid():
        context["page_obj"] = page_of(request, _found(request, form), is_deep=True)
        for project in context["page_obj"].object_list:
            _class_as_then(project)
        context["on"] = form.day
    return render(request, "projects/project_list.html", context)


def project_detail(request, code):
    today = timezone.localdate()
    rows = Project.objects.visible_to(request.user).select_related("zone", "sector")
    rows = rows.prefetch_related(_contributions(on=today))
    project = by_code(rows.with_position(on=today), code)
    if project.code != code:
        return redirect(project, permanent=True)
    context = {
        "project": project,
        "today": today,
        "changes": list(_public_changes(project, today)),
        "tenures": list(_tenures(project, today)),
    }
    return render(request, "projects/project_detail.html", context)


def _public_changes(project, today):
    """A row that was entered by mistake and is void tells the public nothing."""
    rows = project.changes.standing(on=today).exclude(stands_as=Change.Kind.CORRECTION)
    return rows.order_by("-effective_on", "-id")


def _tenures(project, today):
    """What the project holds today; a plot whose page is not public is named without a link."""
    is_public = Exists(Plot.objects.published().filter(pk=OuterRef("plot")))
    return project.tenures.standing(on=today).select_related("plot__zone").annotate(plot_is_public=is_public)


def _found(request, form):
    """The projects that answer the filters, true on the day asked for, each with its capital and status."""
    said, on, known = form.cleaned_data, form.day, form.moment
    rows = matches(Project.objects.visible_to(request.user), said["q"])
    asked = {lookup: said[name] for name, lookup in LOOKUPS.items() if said[name]}
    if asked:
        classed = Classification.objects.standing(on=on, known=known).filter(**asked)
        rows = rows.filter(pk__in=classed.values("project"))
    if said["country"]:
        held = Contribution.objects.standing(on=on, known=known).filter(investor__country=said["country"])
        rows = rows.filter(pk__in=held.values("project"))
    if said["data"]:
        rows = rows.filter(is_sample=said["data"] == "sample")
    status = form.chosen("status")
    if status == IN_FORCE:
        rows = rows.in_force(on=on, known=known)
    rows = rows.with_position(on=on, known=known).select_related("zone", "sector")
    rows = rows.prefetch_related(_contributions(on=on, known=known))
    if said["on"] or known:
        rows = rows.prefetch_related(_classes(on=on, known=known))
    if status not in (IN_FORCE, ANY):
        rows = rows.in_state(status, on=on, known=known)
    by_likeness = [rank(said["q"])] if said["q"] and not said["sort"] else []
    return rows.order_by(*by_likeness, *ORDERS.get(said["sort"], ["-certificate_on", "code"]))


def _contributions(**when):
    standing = Contribution.objects.standing(**when).select_related("investor__country")
    return Prefetch("contributions", standing, to_attr="shares")


def _classes(**when):
    standing = Classification.objects.standing(**when).select_related("zone", "sector")
    return Prefetch("classifications", standing, to_attr="classes_then")


def _class_as_then(project):
    """A list of another day shows zone, sector and origin of that day; it is shown, never saved."""
    for row in getattr(project, "classes_then", ())[:1]:
        project.zone, project.sector, project.origin = row.zone, row.sector, row.origin
