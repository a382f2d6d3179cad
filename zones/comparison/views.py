"""The page that compares plots; the address is the whole choice, so that adding and leaving out are plain links."""

from urllib.parse import urlencode

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from zones import comparison, freshness
from zones.models import Plot


def compare(request):
    today = timezone.localdate()
    visible = Plot.objects.visible_to(request.user).select_related("zone", "phase").with_status(on=today)
    chosen = comparison.choose(visible, request.GET.getlist("lo"))
    codes = [plot.code for plot in chosen.plots]
    is_enough = len(codes) >= comparison.LEAST
    context = {
        "chosen": chosen,
        "today": today,
        "columns": [(plot, _address(code for code in codes if code != plot.code)) for plot in chosen.plots],
        "groups": comparison.table(chosen.plots, on=today, by=freshness.terms(on=today)) if is_enough else [],
        "is_full": len(codes) >= comparison.MOST,
        "most": comparison.MOST,
        "sample": next((plot for plot in chosen.plots if plot.is_sample), None),
    }
    return render(request, "zones/compare.html", context)


def _address(codes):
    query = urlencode([("lo", code) for code in codes])
    return f"{reverse('zones:compare')}?{query}" if query else reverse("zones:compare")
