"""Pages of the published figures: one figure with its records, as a file, and beside what it was."""

from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from izportal.lists import page_of
from izportal.models import Division
from izportal.statistics import citing, records, registry
from izportal.statistics.asking import FigureForm


def figure(request, code):
    indicator = registry.or_404(code)
    form, context = FigureForm(request.GET, indicator=indicator), {"indicator": indicator}
    if form.is_valid():
        number, now = indicator.ask(form.asked), timezone.now()
        rows = records.ordered(indicator.source.rows(number.asked), form.cleaned_data["sort"])
        page = page_of(request, rows)
        lines = [records.cells(indicator.source.columns, row, request.user) for row in page.object_list]
        fixed = number.fixed(now)
        context |= {
            "number": number, "page_obj": page, "lines": lines, "columns": indicator.source.columns, "at": now,
            "permanent": request.build_absolute_uri(fixed.url), "citations": citing.texts(fixed, request, at=now),
            "scope": citing.scope(number.asked), "owner": Division.objects.filter(code=indicator.owner).first(),
            "sort": form.cleaned_data["sort"],
        }  # fmt: skip
    return render(request, "izportal/figure.html", {"form": form, **context})


def figure_csv(request, code):
    """Every record as a file; an address that cannot be read goes to the page, which says why."""
    indicator = registry.or_404(code)
    form = FigureForm(request.GET, indicator=indicator)
    if not form.is_valid():
        return redirect(f"{reverse('figure', args=[code])}?{request.GET.urlencode()}")
    asked = form.asked
    name = f"{code.replace('_', '-')}-{asked.on:%Y%m%d}.csv"
    headers = {"Content-Disposition": content_disposition_header(True, name), "X-Content-Type-Options": "nosniff"}
    lines = records.as_csv(indicator, asked)
    return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
