"""Pages of the published figures: one figure with its records, as a file, and beside what it was."""

from django.http import StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from izportal.lists import page_of
from izportal.models import Division, Publication, Release, SeriesBreak
from izportal.statistics import citing, publishing, records, registry
from izportal.statistics.asking import ChangesForm, FigureForm
from zones.models import Zone

# A publication is read with all its figures.
MOST = 5


def figure(request, code):
    indicator = registry.or_404(code)
    form, context = FigureForm(request.GET, indicator=indicator), {"indicator": indicator}
    if form.is_valid():
        (number, count), now = records.asked_once(indicator, form.asked), timezone.now()
        page = page_of(request, records.listed(number, form.cleaned_data["sort"], count), count=count)
        lines = [records.cells(indicator.source.columns, row, request.user) for row in page.object_list]
        fixed = number.fixed(now)
        context |= {
            "number": number, "page_obj": page, "lines": lines, "columns": indicator.source.columns, "at": now,
            "permanent": request.build_absolute_uri(fixed.url), "citations": citing.texts(fixed, request, at=now),
            "scope": citing.scope(number.asked), "owner": Division.objects.filter(code=indicator.owner).first(),
            "breaks": [row for row in SeriesBreak.objects.all() if row.concerns(code, number.asked.zone)],
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


def figure_changes(request, code):
    """Why a figure is not what it was: the records that came, went or were replaced, and by how much."""
    indicator = registry.or_404(code)
    form, context = ChangesForm(request.GET, indicator=indicator), {"indicator": indicator}
    if form.is_valid():
        before, now = indicator.ask(form.before), indicator.ask(form.asked)
        moves = indicator.source.moves(before.asked, now.asked)
        difference = sum(move.amount for move in moves)
        context |= {
            "before": before, "number": now, "page_obj": page_of(request, moves), "difference": difference,
            "scope": citing.scope(now.asked), "at": timezone.now(),
        }  # fmt: skip
    return render(request, "izportal/figure_changes.html", {"form": form, **context})


def revisions(request):
    """What of the published figures has moved since, the latest publication first."""
    page = page_of(request, Publication.objects.prefetch_related("figures").select_related("released_by"), size=MOST)
    zones = {zone.slug: zone.short_name for zone in Zone.objects.all()}
    found = [_told(row, list(publishing.revisions([row])), zones) for row in page.object_list]
    return render(request, "izportal/revisions.html", {"page_obj": page, "found": found, "at": timezone.now()})


def _told(publication, moved, zones):
    """A publication with what moved and the records that moved it, each with its effect on the figures."""
    rows = publishing.why(publication) if moved else []
    named = [(row, zones.get(row.now.asked.zone, "")) for row in moved]
    return {"publication": publication, "moved": named, "causes": [(row.move, _effects(row)) for row in rows]}


def _effects(cause):
    named = [(registry.of(code), amount) for code, amount in cause.effects.items()]
    return [(row.title, row.unit.text(amount)) for row, amount in named if row.code in publishing.HEADLINES]


def releases(request):
    """The calendar: what is to come, and what has been given out."""
    rows = list(Release.objects.prefetch_related("publications"))
    done = page_of(request, Publication.objects.select_related("release"))
    to_come = [row for row in rows if not row.publications.all()]
    context = {"to_come": to_come, "page_obj": done, "today": timezone.localdate()}
    return render(request, "izportal/releases.html", context)
