"""The catalogue of procedures: what the board settles, in which time, with which papers, and where it is filed."""

from django.db.models import Count, Prefetch, Q
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, npgettext
from django.utils.translation import gettext as _

from izportal import folding
from izportal.models import CalendarDay
from izportal.templatetags.area import grouped
from onestop import clock, shapes, workflow
from onestop.models import Field, Procedure, ProcedureCase, ProcedureVersion

NATIONAL_PORTAL = "https://dichvucong.gov.vn/"
LONGEST_QUERY = folding.LONGEST_QUERY


def valid_on(day):
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def procedure_list(request):
    today = timezone.localdate()
    fields = list(Field.objects.annotate(total=Count("procedures")).filter(total__gt=0))
    query = request.GET.get("q", "")[:LONGEST_QUERY]
    chosen = {field.code for field in fields} & set(request.GET.getlist("field"))
    levels = set(ProcedureVersion.OnlineLevel.values) & set(request.GET.getlist("level"))
    is_here = request.GET.get("here") == "1"
    versions = ProcedureVersion.objects.filter(valid_on(today)).order_by("-valid_from").prefetch_related("cases")
    rows = folding.matches(Procedure.objects.select_related("field"), query)
    rows = rows.prefetch_related(Prefetch("versions", versions, to_attr="current")).order_by(
        "field__position", "number"
    )
    if chosen:
        rows = rows.filter(field__code__in=chosen)
    if is_here:
        rows = rows.filter(is_filed_here=True)
    listed = [row for row in map(_row, rows) if not levels or row["level"] in levels]
    context = {
        "query": query.replace("\x00", ""), "fields": fields, "chosen": chosen, "levels": levels, "is_here": is_here,
        "level_choices": ProcedureVersion.OnlineLevel.choices, "groups": _groups(listed), "total": len(listed),
        "whole": sum(field.total for field in fields), "is_narrowed": bool(request.GET),
    }  # fmt: skip
    return render(request, "onestop/procedure_list.html", context)


def _row(procedure):
    version = procedure.current[0] if procedure.current else None
    cases = list(version.cases.all()) if version else []
    return {
        "procedure": procedure,
        "version": version,
        "limit": limit_parts(cases),
        "level": version.online_level if version else "",
    }


def _groups(rows):
    """Rows under their field, in the order they come."""
    groups = {}
    for row in rows:
        groups.setdefault(row["procedure"].field, []).append(row)
    return list(groups.items())


def limit_words(cases):
    """The time limits of a procedure in few words: “3–7 ngày làm việc”."""
    return " ".join(limit_parts(cases))


def limit_parts(cases):
    """Number and unit of the limits, from the shortest to the longest; of the ordinary case where the units differ."""
    if not cases:
        return "", ""
    values = sorted(case.value for case in cases)
    if len({case.unit for case in cases}) == 1:
        span = grouped(values[0]) if values[0] == values[-1] else f"{grouped(values[0])}–{grouped(values[-1])}"
        return span, unit_words(cases[0].unit, values[-1])
    default = next((case for case in cases if case.is_default), cases[0])
    unit = unit_words(default.unit, default.value)
    return grouped(default.value), _("%(unit)s, tùy trường hợp") % {"unit": unit}


def unit_words(unit, value):
    """The unit of a limit in the number that goes with it; Vietnamese has one form, English two."""
    count = 1 if value == 1 else 2
    return {
        ProcedureCase.Unit.WORKING_DAY: npgettext("limit", "ngày làm việc", "ngày làm việc", count),
        ProcedureCase.Unit.DAY: npgettext("limit", "ngày", "ngày", count),
        ProcedureCase.Unit.WORKING_HOUR: npgettext("limit", "giờ làm việc", "giờ làm việc", count),
    }[unit]


def procedure_detail(request, code):
    now = timezone.now()
    today = timezone.localdate(now)
    procedure = find_procedure(code)
    version = procedure.version_on(today) or procedure.versions.first()
    if version is None:
        raise Http404
    cases = list(version.cases.all())
    context = {
        "procedure": procedure, "version": version, "cases": _cases(cases, now), "limit": limit_words(cases),
        "default": version.default_case(), "papers": _papers(version, cases), "national_url": national_url(version),
        "acts": [(act, act.is_in_force(today)) for act in version.acts.select_related("replaced_by")],
        "sources": list(_sources(version)),
        "is_current": procedure.version_on(today) == version,
        "form": shapes.in_force(procedure, on=today) if procedure.is_filed_here else None, "today": today,
    }  # fmt: skip
    return render(request, "onestop/procedure_detail.html", context)


def find_procedure(code):
    """A NUL can stand in an address, but not in a question to PostgreSQL."""
    found = Procedure.objects.select_related("field").filter(code=code.replace("\x00", "")).first()
    if found is None or "\x00" in code:
        raise Http404
    return found


def _cases(cases, now):
    """Each case with the moment on which it would be due if it were received now."""
    calendar = CalendarDay.calendar()
    due = [clock.end_of(now, workflow.limit_of(case), calendar) for case in cases]
    return [
        {
            "case": case,
            # Most labels begin with the number that the law gives the case.
            "number": None if any(c.isdecimal() for c in str(case)[:14]) or len(cases) == 1 else number,
            "unit": unit_words(case.unit, case.value),
            "due_at": moment,
            "is_announced": calendar.is_announced(moment.date()),
        }
        for number, (case, moment) in enumerate(zip(cases, due, strict=True), start=1)
    ]


def _papers(version, cases):
    """Each paper with the numbers of the cases that ask for it; none named means all."""
    numbers = {case.key: number for number, case in enumerate(cases, start=1)}
    return [
        {"component": component, "cases": [numbers[key] for key in component.cases if key in numbers]}
        for component in version.components.all()
    ]


def _sources(version):
    """(words, address) of each source, in the reader's language."""
    language = (get_language() or "vi")[:2]
    for source in version.sources:
        if isinstance(source, dict):
            yield source.get(f"text_{language}") or source.get("text_vi") or source.get("url"), source.get("url")
        else:
            yield source, source if str(source).startswith("https://") else None


def national_url(version):
    """The procedure's own page on the national portal, else its front page."""
    addresses = [source.get("url") if isinstance(source, dict) else source for source in version.sources]
    return next((url for url in addresses if str(url or "").startswith(NATIONAL_PORTAL)), NATIONAL_PORTAL)
