"""What the desk and the worklist cost with a hundred thousand dossiers and a million events, beside a bare view of
twenty rows from one table; `make bench` prints it. For PostgreSQL, in earnest."""

import statistics
import time

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test.utils import CaptureQueriesContext
from django.urls import path

from izportal import urls
from onestop.models import Dossier
from tests import crowds, factories

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls(__name__),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="the crowd is copied by PostgreSQL"),
]

TIMES = 15
PAGE = "{% for row in rows %}<p>{{ row.code }}, {{ row.status }}, {{ row.due_at }}</p>{% endfor %}"
PAGES = {
    "the desk": "/admin/",
    "the worklist": "/admin/onestop/dossier/",
    "what waits for me": "/admin/onestop/dossier/?tab=waiting",
    "what is late": "/admin/onestop/dossier/?tab=late",
    "what is done": "/admin/onestop/dossier/?tab=done",
}


def bare_view(request):
    rows = Dossier.objects.order_by("-pk")[:20]
    return HttpResponse(engines["django"].from_string(PAGE).render({"rows": rows, "user": request.user}, request))


urlpatterns = [path("bare/", bare_view), *urls.urlpatterns]


def cost(client, address):
    """Median time of a page in ms, and its queries."""
    client.get(address)
    spent = []
    for _time in range(TIMES):
        start = time.perf_counter()
        assert client.get(address).status_code == 200
        spent.append((time.perf_counter() - start) * 1000)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return statistics.median(spent), asked


def measured(client):
    bare = cost(client, "/bare/")[0]
    return bare, {name: cost(client, address) for name, address in PAGES.items()}


def test_desk_of_a_hundred_thousand(client, catalogue):
    officer = factories.make_staff("specialist")
    client.force_login(officer)
    crowds.dossiers(100, open_ones=40, by=officer)
    _bare, few = measured(client)
    crowds.dossiers(100_000, open_ones=2_000, by=officer)
    rows, events = crowds.counted()
    bare, many = measured(client)
    for name, (spent, asked) in many.items():
        print(  # noqa: T201
            f"{connection.vendor}: {name} with {rows} dossiers and {events} events {spent:.1f} ms, "
            f"{len(asked)} queries ({len(few[name][1])} with 100, {few[name][0]:.1f} ms); "
            f"a bare view of 20 rows {bare:.1f} ms: {spent / bare:.1f} times"
        )  # fmt: skip
        assert len(asked) == len(few[name][1])
