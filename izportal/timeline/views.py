"""Pages of the back office about who did what: the line of time, one line of it with before and after, and a file."""

import csv
from itertools import chain

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from izportal import roles
from izportal import timeline as lines_of_time
from izportal.cells import neutral
from izportal.timeline import telling
from izportal.timeline.asking import TimelineForm

PAGE, MOST_EXPORTED = 50, 50_000


@require_safe
def timeline(request):
    form = _form(request)
    context = {**admin.site.each_context(request), "title": _("Ai đã làm gì"), "form": form}
    if form.is_valid():
        lines = lines_of_time.look(form.asked, form.sources, after=form.cleaned_data["after"], most=PAGE + 1)
        context["rows"] = telling.told(lines[:PAGE])
        context["next"] = _place(lines[PAGE - 1]) if len(lines) > PAGE else ""
    return render(request, "izportal/timeline.html", context)


@require_safe
def timeline_line(request, code, pk):
    """Before and after, column by column."""
    form = _form(request)
    source = next((source for source in form.sources if source.code == code), None)
    line = source and lines_of_time.one(source, pk)
    if line is None:
        raise Http404
    [told] = telling.told([line])
    context = {
        **admin.site.each_context(request), "title": f"{told['deed']}: {line.source.label} {told['name']}", **told,
        "facts": telling.facts(line), "page": telling.page_of(line),
    }  # fmt: skip
    return render(request, "izportal/timeline_line.html", context)


@require_safe
def timeline_csv(request):
    form = _form(request)
    if not form.is_valid():
        return redirect(f"{reverse('timeline')}?{request.GET.urlencode()}")
    name = f"ai-da-lam-gi-{timezone.localdate():%Y%m%d}.csv"
    headers = {"Content-Disposition": content_disposition_header(True, name), "Cache-Control": "private, no-store"}
    rows = lines_of_time.every(form.asked, form.sources, most=MOST_EXPORTED)
    return StreamingHttpResponse(_csv(rows), content_type="text/csv; charset=utf-8", headers=headers)


def _form(request):
    """Whoever keeps to some zones does not look over everything."""
    if not roles.may(request.user, "read_timeline") or request.user.zones:
        raise PermissionDenied
    return TimelineForm(request.GET, user=request.user)


def _place(line):
    return f"{line.at.isoformat()}|{line.code}|{line.pk}"


class _Echo:
    def write(self, text):
        return text


def _csv(lines):
    sheet = csv.writer(_Echo())
    heads = (_("Lúc"), _("Người"), _("Việc"), _("Loại bản ghi"), _("Bản ghi"), _("Khóa bản ghi"), _("Vì sao"))
    yield "\ufeff" + sheet.writerow(heads)
    for told in chain.from_iterable(map(telling.told, lines)):
        line = told["line"]
        cells = (
            f"{timezone.localtime(line.at):%Y-%m-%d %H:%M:%S}", told["who"] or _("Hệ thống"), told["deed"],
            line.source.label, told["name"], line.key, told["why"],
        )  # fmt: skip
        yield sheet.writerow([neutral(str(cell)) for cell in cells])
