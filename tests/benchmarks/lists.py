"""What the change lists of the back office cost with many rows, filtered, sorted, searched and counted, beside a bare
view of fifty rows from one table; on PostgreSQL. `make bench`, `make bench ROWS=100000`."""

import os
import statistics
import time

import pytest
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test.utils import CaptureQueriesContext
from django.urls import path

from izportal import urls
from projects.models import Enterprise
from tests import factories
from tests.benchmarks import figures, land
from zones.models import Plot

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

TIMES = 7
MANY = int(os.environ.get("ROWS") or 5_000)
PAGE = "{% for row in rows %}<p>{{ row.code }}, {{ row.kind }}, {{ row.area_m2 }}</p>{% endfor %}"
LISTS = {
    "plots": "/admin/zones/plot/",
    "plots of a zone, by area, far down": "/admin/zones/plot/?zone__id__exact={zone}&o=4&p=3",
    "plots by a word": "/admin/zones/plot/?q=k7-cn-77",
    "states of plots": "/admin/zones/availability/",
    "projects": "/admin/projects/project/",
    "projects in force abroad, by day": "/admin/projects/project/?origin__exact=fdi&o=-6",
    "projects in force": "/admin/projects/project/?status=in_force",
    "projects that ended": "/admin/projects/project/?status=terminated",
    "projects by a word": "/admin/projects/project/?q=P777",
    "changes": "/admin/projects/change/",
    "changes of a kind": "/admin/projects/change/?kind__exact=capital",
    "changes of a zone": "/admin/projects/change/?project__zone__id__exact={zone}",
    "changes of a year": "/admin/projects/change/?effective_on__year=2015",
    "changes far down": "/admin/projects/change/?p={far}",
    "changes by a decision": "/admin/projects/change/?q=Q777",
    "enterprises": "/admin/projects/enterprise/",
    "the register, for everyone": "/du-an/?status=any",
    "the register, far down": "/du-an/?page={far}",
    "search everywhere": "/admin/tim/?q=777",
}


def bare_view(request):
    rows = Plot.objects.order_by("-pk")[:50]
    return HttpResponse(engines["django"].from_string(PAGE).render({"rows": rows}, request))


urlpatterns = [path("bare/", bare_view), *urls.urlpatterns]


def grow(many, first):
    land.crowd(many, first)
    figures.crowd(first + 1, first + many)
    Enterprise.objects.bulk_create(
        [Enterprise(name=f"Công ty {n}", tax_code=f"{n:010}") for n in range(first, first + many)], batch_size=2000
    )


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


@pytest.mark.skipif(connection.vendor != "postgresql", reason="rows are made by PostgreSQL")
def test_lists_of_many_rows(client):
    client.force_login(factories.make_staff("register"))
    queries = {}
    for many, first in ((500, 0), (MANY - 500, 500)):
        grow(many, first)
        bare, _asked = cost(client, "/bare/")
        for name, address in LISTS.items():
            zone, far = factories.Zone.objects.get(code="K3").pk, (first + many) // 50
            spent, asked = cost(client, address.format(zone=zone, far=far))
            slowest = max(float(query["time"]) for query in asked.captured_queries)
            print(  # noqa: T201
                f"{name}, {first + many} rows: {spent:.1f} ms, {spent / bare:.1f} times a bare view ({bare:.1f} ms), "
                f"{len(asked)} queries, the slowest {slowest:.3f} s"
            )
            # The first and the last day of a long list narrowed to a year are two questions, its months one.
            assert len(asked) - queries.setdefault(name, len(asked)) in (0, 1)
