"""The daily heads, for anybody to read, to keep and to compare with later."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from izportal.lists import page_of
from izportal.models import SealedDay

COLUMNS = ("day", "events", "first_event", "last_event", "changes", "first_change", "last_change", "head")
MOST = 50


def sealed_days(request):
    page = page_of(request, SealedDay.objects.all(), size=MOST)
    return render(request, "izportal/sealed_days.html", {"page_obj": page})


def sealed_days_text(request):
    """Every day on a line of its own, the oldest first, so that a kept copy is the beginning of every later one."""
    lines = ("\t".join("" if value is None else str(value) for value in row) for row in (COLUMNS, *_days()))
    headers = {"Content-Disposition": content_disposition_header(True, "so-ghi.txt")}
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8", headers=headers)


def sealed_days_json(request):
    return JsonResponse({"days": [dict(zip(COLUMNS, row, strict=True)) for row in _days()]})


def _days():
    return SealedDay.objects.order_by("day").values_list(*COLUMNS)
