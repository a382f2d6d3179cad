"""The catalogue of procedures: what the board settles, in which time, with which papers, and where it is filed."""

from django.db.models import Count, Prefetch, Q, prefetch_related_objects
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from izportal import folding, languages
from izportal.models import CalendarDay, Confidence
from izportal.templatetags.area import grouped
from onestop import clock, durations, shapes, workflow
from onestop.models import Field, Procedure, ProcedureCase, ProcedureVersion

NATIONAL_PORTAL = "https://dichvucong.gov.vn/"
LONGEST_QUERY = folding.LONGEST_QUERY
Chooser = ProcedureCase.ChosenBy


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
    current = procedure.version_on(today)
    version = current or procedure.versions.first()
    if version is None:
        raise Http404
    prefetch_related_objects([version], "cases")
    calendar, cases = CalendarDay.calendar(), list(version.cases.all())
    definition = shapes.in_force(procedure, on=today) if procedure.is_filed_here else None
    shape = shapes.of(definition) if definition else None
    taken = durations.told(version, at=now, calendar=calendar)
    context = {
        "procedure": procedure, "version": version, "limit": limit_words(cases), "default": version.default_case(),
        "cases": _cases(cases, now, calendar, shape), "papers": _papers(version, cases),
        "national_url": national_url(version), "window": window_words(version),
        "acts": [(act, act_kind(act), act.is_in_force(today)) for act in version.acts.select_related("replaced_by")],
        "sources": list(_sources(version)), "is_current": current is not None, "form": definition,
        "durations": taken, "records": [(row, unit_words(row.unit, 2)) for row in (taken.total, *taken.cases)],
    }  # fmt: skip
    return render(request, "onestop/procedure_detail.html", context)


def find_procedure(code):
    """A NUL can stand in an address, but not in a question to PostgreSQL."""
    found = Procedure.objects.select_related("field").filter(code=code.replace("\x00", "")).first()
    if found is None or "\x00" in code:
        raise Http404
    return found


def _cases(cases, now, calendar, shape):
    """Each case with the moment on which it would be due if it were received now, and whether it is filed here."""
    due = [clock.end_of(now, workflow.limit_of(case), calendar) for case in cases]
    return [
        {
            "case": case,
            # Most labels begin with the number that the law gives the case.
            "number": None if any(c.isdecimal() for c in str(case)[:14]) or len(cases) == 1 else number,
            "unit": unit_words(case.unit, case.value),
            "due_at": moment,
            "is_announced": calendar.is_announced(moment.date()),
            "is_closed": bool(shape) and case.key in shape.closed_cases and case.chosen_by == Chooser.APPLICANT,
            "is_chosen": case.chosen_by == Chooser.APPLICANT,
        }
        for number, (case, moment) in enumerate(zip(cases, due, strict=True), start=1)
    ]


def _papers(version, cases):
    """Each paper with the numbers of the cases that ask for it; none named means all."""
    numbers = {case.key: number for number, case in enumerate(cases, start=1)}
    return [
        {"component": component, "cases": [numbers[key] for key in component.cases if key in numbers]}
        for component in version.components.select_related("form_file")
    ]


def act_kind(act):
    """The kind of text, as its number tells it: Luật, NĐ, TT, QĐ."""
    number = act.number.upper()
    kinds = {"/QH": _("Luật"), "NĐ-CP": _("NĐ"), "/TT": _("TT"), "QĐ": _("QĐ")}
    return next((kind for mark, kind in kinds.items() if mark in number), _("VB"))


def window_words(version):
    """When the law wants the dossier: (sentence, basis, is it certain), or None."""
    said = version.filing_window
    if not said:
        return None
    event = _words(said, "event_")
    facts = {"min": said["min"], "max": said["max"], "event": event}
    facts["unit"] = unit_words(said["unit"], said["max"] or said["min"])
    if said["relation"] == "after":
        sentence = _("Nộp trong %(max)s %(unit)s kể từ %(event)s.")
    elif said["max"] is None:
        sentence = _("Nộp ít nhất %(min)s %(unit)s trước %(event)s.")
    else:
        sentence = _("Nộp sớm nhất %(max)s và muộn nhất %(min)s %(unit)s trước %(event)s.")
    basis = _words(said, "basis_") or said.get("basis") or ""
    return sentence % facts, basis, said.get("confidence") in Confidence.settled()


def _words(said, name):
    """In the reader's language, or in the one that stands in for it."""
    return next((text for code in languages.chain(languages.here()) if (text := said.get(f"{name}{code}"))), "")


def _sources(version):
    """(words, address) of each source, in the reader's language."""
    for source in version.sources:
        if isinstance(source, dict):
            yield _words(source, "text_") or source.get("url"), source.get("url")
        else:
            yield source, source if str(source).startswith("https://") else None


def national_url(version):
    """The procedure's own page on the national portal, else its front page."""
    addresses = [source.get("url") if isinstance(source, dict) else source for source in version.sources]
    return next((url for url in addresses if str(url or "").startswith(NATIONAL_PORTAL)), NATIONAL_PORTAL)
