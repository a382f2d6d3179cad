"""What the pages of the counter cost with a hundred thousand dossiers and a million events, beside a bare view of
twenty rows from one table; `make bench` prints it. For PostgreSQL, in earnest."""

import time

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse
from django.utils import timezone

from izportal import urls
from onestop import pace
from onestop.models import Dossier
from tests import crowds, factories

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls(__name__),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the crowd is copied by PostgreSQL"),
]

TIMES, SELDOM = 15, 3
PAGE = "{% for row in rows %}<p>{{ row.code }}, {{ row.status }}, {{ row.due_at }}</p>{% endfor %}"
LIST = "/admin/onestop/dossier/"
# A list of the library's own, to compare with.
STOCK = "/admin/onestop/procedure/"
# The queries of these are as many with a hundred dossiers.
PAGES = {
    "the desk": "/admin/",
    "the worklist": LIST,
    "what waits for me": f"{LIST}?tab=waiting",
    "what is late": f"{LIST}?tab=late",
    "what is done": f"{LIST}?tab=done",
    "a search that finds many": f"{LIST}?q=cong+ty",
    "a search that finds nothing": f"{LIST}?q=khongco",
    "a search of what is done": f"{LIST}?tab=done&q=khongco",
    "the register": f"{LIST}register/",
}


def bare_view(request):
    rows = Dossier.objects.order_by("-pk")[:20]
    return HttpResponse(engines["django"].from_string(PAGE).render({"rows": rows, "user": request.user}, request))


urlpatterns = [path("bare/", bare_view), *urls.urlpatterns]


def least(ask, times=TIMES):
    """The least time of a page in ms, and its queries: whatever else the machine does makes it only longer."""
    ask()
    spent = []
    for _time in range(times):
        start = time.perf_counter()
        assert ask().status_code == 200
        spent.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as asked:
        ask()
    return min(spent), len(asked)


def measured(client):
    return {name: least(lambda address=address: client.get(address)) for name, address in PAGES.items()}


def others(client, dossier):
    """Pages that have no list, and those of the applicant and of the public."""
    owner, public = Client(), Client()
    owner.force_login(factories.make_user("nhieu-ho-so@mau.example", mandate_of=dossier.enterprise))
    codes = {"code": dossier.code, "lookup": dossier.lookup}
    record = reverse("onestop:counter_record")
    return {
        "a list of the library": least(lambda: client.get(STOCK)),
        "the file of a dossier": least(lambda: client.get(f"{LIST}{dossier.pk}/change/")),
        "my dossiers, two hundred": least(lambda: owner.get(reverse("onestop:dossier_list"))),
        "a dossier looked up": least(lambda: public.post(reverse("onestop:track"), codes)),
        "the record in public": least(lambda: public.get(record), SELDOM),
    }


def told(name, spent, asked, bare, more=""):
    print(f"{name}: {spent:.1f} ms, {spent / bare:.1f} times the bare view; {asked} queries{more}")  # noqa: T201


def test_counter_of_a_hundred_thousand(client, catalogue):
    officer = factories.make_staff("specialist")
    client.force_login(officer)
    crowds.dossiers(100, open_ones=40, by=officer)
    few = measured(client)
    crowds.dossiers(100_000, open_ones=2_000, by=officer)
    rows, events = crowds.counted()
    bare, _asked = least(lambda: client.get("/bare/"))
    print(f"{connection.vendor}: {rows} dossiers, {events} events; a bare view of 20 rows {bare:.1f} ms")  # noqa: T201
    for name, (spent, asked) in measured(client).items():
        told(name, spent, asked, bare, f" (with 100: {few[name][0]:.1f} ms, {few[name][1]})")
        assert asked == few[name][1]
    for name, (spent, asked) in others(client, Dossier.objects.filter(status="in_review").first()).items():
        told(name, spent, asked, bare)
    start = time.perf_counter()
    pace.measure(at=timezone.now())
    print(f"the pace of the stations: {time.perf_counter() - start:.1f} s")  # noqa: T201
