"""How pages of other floors show the register: projects by zone, who holds a plot, an investor, a change."""

from collections import defaultdict

from django import template
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import roles
from izportal.templatetags.area import MINUS, grouped, with_unit
from izportal.templatetags.money import BILLION, MILLION
from projects import figures, mandates
from projects.models import Investor, Mandate, MandateRequest, Project, Tenure
from zones.models import Plot

register = template.Library()

MOST_TENANTS = 12

TAGS = {
    Project.Status.IN_FORCE: ("ok", "s-ok"),
    Project.Status.SUSPENDED: ("warn", "s-hold"),
    Project.Status.TERMINATED: ("line", "s-done"),
    Project.Status.REVOKED: ("bad", "s-late"),
}


@register.simple_tag
def projects_by_zone():
    """Zone slug → its projects in force today, as the figures count them."""
    return {group.key: group for group in figures.by_zone(on=timezone.localdate())}


@register.simple_tag
def sample_projects_count():
    """Do the figures of projects rest on sample rows just now?"""
    return figures.counts_sample()


@register.simple_tag
def tenant_of(plot):
    """The project that holds the plot today, or None."""
    standing = Tenure.objects.standing(on=timezone.localdate()).filter(plot=plot).select_related("project")
    tenure = standing.first()
    return tenure and tenure.project


@register.simple_tag
def tenants_of(zone):
    """Who rents land in a zone today, most land first: `rows` to show and `total`; None where the register has none.
    Land whose page is not public is counted, but its number is not told."""
    today = timezone.localdate()
    standing = Tenure.objects.standing(on=today).filter(plot__zone=zone, project__in=figures.records(on=today))
    is_public = Exists(Plot.objects.published().filter(pk=OuterRef("plot")))
    held = defaultdict(list)
    for tenure in standing.select_related("project__sector", "plot").annotate(plot_is_public=is_public):
        held[tenure.project].append(tenure)
    rows = [
        {
            "project": project,
            "numbers": [tenure.plot.number for tenure in tenures if tenure.plot_is_public],
            "area_ha": sum(tenure.area_m2 for tenure in tenures) / 10000,
        }
        for project, tenures in held.items()
    ]
    rows.sort(key=lambda row: (-row["area_ha"], row["project"].name))
    shown = {
        "rows": rows[:MOST_TENANTS],
        "total": len(rows),
        "is_sample": any(row["project"].is_sample for row in rows),
    }
    return shown if rows else None


@register.inclusion_tag("admin/projects/_desk.html", takes_context=True)
def mandate_desk(context):
    """How many requests for a mandate wait for the reader, and since when."""
    if not roles.may(context["request"].user, "approve_mandate"):
        return {"is_approver": False}
    waiting = MandateRequest.objects.open().order_by("asked_at")
    return {"is_approver": True, "count": waiting.count(), "oldest": waiting.first()}


@register.simple_tag
def acting_for(enterprise, person):
    """(the mandates in force for an enterprise, the one this person holds or held of it)."""
    if enterprise is None:
        return [], None
    held = Mandate.objects.filter(enterprise=enterprise, user=person).first()
    return list(mandates.people_of(enterprise).order_by("user__full_name")), held


@register.inclusion_tag("components/tag.html")
def project_state(status):
    kind, shape = TAGS.get(status, ("line", "info"))
    return {"text": Project.Status(status).label if status else _("Chưa ghi nhận"), "kind": kind, "shape": shape}


@register.filter
def investor_name(investor):
    """The public name: a person investing in their own name is not named on public pages."""
    return _("Nhà đầu tư cá nhân") if investor.kind == Investor.Kind.INDIVIDUAL else investor.name


@register.filter
def capital(project):
    """Registered capital in the unit its origin is counted in: FDI million USD, DDI billion VND."""
    if project.origin == Project.Origin.FDI:
        return with_unit((project.registered_usd or 0) / MILLION, _("triệu USD"))
    return with_unit((project.registered_vnd or 0) / BILLION, _("tỷ đồng"))


@register.filter
def effect(change):
    """What a change did to capital and land, signed: +12,5 triệu USD · +6,5 ha."""
    parts = [
        (change.capital_usd / MILLION, _("triệu USD")),
        (change.capital_vnd / BILLION, _("tỷ đồng")),
        (change.area_m2 / 10000, "ha"),
    ]
    return " · ".join(f"{_sign(value)}{with_unit(abs(value), unit)}" for value, unit in parts if grouped(value) != "0")


def _sign(value):
    return MINUS if value < 0 else "+"
