"""Forms to be filled in by hand: the portal's own on paper, and those that the board has put beside a paper."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header

from izportal import documents, languages
from onestop import blanks, shapes
from onestop.models import Component
from onestop.views.catalogue import find_procedure, valid_on


def blank_form(request, code):
    return render(request, "onestop/blank_form.html", blanks.context(*_filed_here(code), at=timezone.now()))


def blank_download(request, code):
    parts = _filed_here(code)
    try:
        content = blanks.pdf(*parts, at=timezone.now())
    except documents.PdfUnavailable as missing:
        messages.warning(request, missing.sentence)
        return redirect("onestop:blank_form", parts[0].code)
    name = f"to-khai-{parts[0].code}-{languages.spoken(languages.here())}.pdf"
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _filed_here(code):
    """The procedure with its version and form in force; 404 where the portal has no form for it."""
    today = timezone.localdate()
    procedure = find_procedure(code)
    version, definition = procedure.version_on(today), shapes.in_force(procedure, on=today)
    if version is None or definition is None or not procedure.is_filed_here:
        raise Http404
    return procedure, version, definition


def form_download(request, code, component):
    """A form that the board has put beside a paper, as long as the version that asks for the paper is in force."""
    procedure = find_procedure(code)
    in_force = procedure.versions.filter(valid_on(timezone.localdate()))
    rows = Component.objects.filter(version__in=in_force, form_file__isnull=False).select_related("form_file")
    return documents.serve(get_object_or_404(rows, pk=component).form_file)
