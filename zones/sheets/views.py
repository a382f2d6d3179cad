"""The fact sheet of a plot to print and as PDF, and the page behind its QR that says what has changed since."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from izportal import documents, languages
from izportal.lists import by_code
from zones import sheets
from zones.models import FactSheet, Plot

PAPER = "zones/papers/sheet.html"


def plot_sheet(request, code):
    plot = _plot(request, code)
    if plot.code != code:
        return redirect("zones:plot_sheet", plot.code, permanent=True)
    return render(request, "zones/plot_sheet.html", _said(plot))


def plot_sheet_pdf(request, code):
    plot = _plot(request, code)
    try:
        content = documents.render_pdf(PAPER, _said(plot), language=languages.here())
    except documents.PdfUnavailable as missing:
        messages.warning(request, missing.sentence)
        return redirect("zones:plot_sheet", plot.code)
    name = f"{plot.code}-{languages.here()}.pdf"
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def sheet_detail(request, code):
    """Of a listing that the public does not see any more only what was printed is shown."""
    sheet = get_object_or_404(FactSheet.objects.select_related("plot__zone", "plot__phase"), code=code.lower())
    today = timezone.localdate()
    rows = Plot.objects.visible_to(request.user).select_related("zone", "phase").with_status(on=today)
    plot = rows.filter(pk=sheet.plot_id).first()
    lines = sheets.changes(sheet, plot) if plot else []
    context = {
        "sheet": sheet,
        "plot": plot,
        "today": today,
        "printed": sheets.lines(sheet.values),
        "changed": [line for line in lines if line.is_changed],
        "same": [line for line in lines if not line.is_changed],
    }
    return render(request, "zones/sheet_detail.html", context)


def _plot(request, code):
    rows = Plot.objects.visible_to(request.user).select_related("zone", "phase")
    return by_code(rows.with_status(on=timezone.localdate()), code)


def _said(plot):
    at = timezone.now()
    sheet = sheets.printed(plot, at=at)
    address = settings.SITE_URL + sheet.get_absolute_url()
    return {
        "plot": plot,
        "sheet": sheet,
        "lines": sheets.lines(sheet.values),
        "printed_on": timezone.localdate(at),
        "address": address,
        "language": languages.here(),
        "qr": documents.qr_svg(address, alt=_("Mã QR dẫn đến trang so sánh phiếu này với số liệu hiện nay")),
    }
