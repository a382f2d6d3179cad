"""What happens next with a plot, told on its page: the legs of a project with their dates."""

from dataclasses import replace

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from izportal.models import CalendarDay
from izportal.templatetags.area import NBSP, grouped
from onestop import route
from onestop.models import Leg, ProcedureCase
from onestop.route.forms import RouteForm

register = template.Library()


@register.inclusion_tag("onestop/_route.html", takes_context=True)
def what_next(context, plot):
    """`plot` gives the kind of ground, the address of the page what the reader said of themselves."""
    data, at = context["request"].GET, timezone.now()
    legs = list(Leg.objects.select_related("procedure"))
    conditions = route.legs_for(route.Choice(data.get("origin") or "fdi", plot.kind, data.get("sector", "")), legs)[1]
    has_sectors = any(leg.sectors for leg in legs)
    form = RouteForm(data, conditions=[(leg.key, leg.condition) for leg in conditions], has_sectors=has_sectors)
    form.is_valid()
    return {"form": form, "plot": plot, **_told(form, plot, legs, at)}


def _told(form, plot, legs, at):
    choice, today = form.choice(kind=plot.kind), timezone.localdate(at)
    calendar = CalendarDay.calendar()
    going = route.legs_for(choice, legs)[0]
    rows = route.stretches(going, months=choice.months, at=at, on=today, calendar=calendar)
    by = form.cleaned_data.get("by")
    timed = [(row.leg.position, row.leg.key, row.span) for row in rows]
    dates = route.dates(timed, today=today, calendar=calendar, by=by)
    return {
        "rows": [
            replace(row, begin_by=dates.of_leg[row.leg.key][0], done_by=dates.of_leg[row.leg.key][1]) for row in rows
        ],
        "dates": dates,
        "by": by,
        "is_backwards": bool(by) and not dates.is_too_soon,
        "months": choice.months,
        "is_sample": any(row.record and row.is_sample for row in rows),
    }


@register.filter
def legal_time(row):
    """10 ngày làm việc; both phases of a limit; what nobody has fixed says so."""
    if row.span is None:
        return _("chưa nhập") if row.leg.is_own_work else _("không có trong danh mục")
    if row.case is None:
        return _counted(ngettext("%(count)s tháng", "%(count)s tháng", row.span.value), row.span.value)
    values = [value for value in (row.case.value, row.case.second_value) if value]
    return f"{' + '.join(grouped(value) for value in values)}{NBSP}{row.case.get_unit_display()}"


@register.filter
def real_time(record):
    """The median of the settled dossiers, in the unit of the limit."""
    return f"{grouped(record.board.median)}{NBSP}{ProcedureCase.Unit(record.unit).label}"


def _counted(words, count):
    return words % {"count": count}
