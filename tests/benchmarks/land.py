"""What the search of land costs as plots grow, beside a bare view of twenty rows from one table: the page at hand
(warm), for a reader who has signed in the parts at hand (known), and nothing at hand (cold); `make bench` prints it,
`make bench PLOTS=100000` with as many plots. Aims: warm under 1.5 times at a thousand plots and under 4 times at a
hundred thousand; cold under 20 ms and under 60 ms on an idle machine."""

import os
import random
import statistics
import time
from datetime import date, timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from izportal import urls
from tests import factories
from zones.answers import CACHE
from zones.models import Availability, Plot

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

TIMES, TIMES_COLD = 9, 5
MANY = int(os.environ.get("PLOTS") or 2_000)
STEPS = ((100, 0), (900, 100), (MANY - 1000, 1000))
PAGE = "{% for row in rows %}<p>{{ row.code }}, {{ row.kind }}, {{ row.area_m2 }}</p>{% endfor %}"
PAGES = {
    "all that is free": "/quy-dat/",
    "filtered": "/quy-dat/?kind=land&zone=khu-3&zone=khu-4&min_area=3&power=3000&unstated=power",
    "words": "/quy-dat/?q=K7-CN-77",
    "nothing": "/quy-dat/?kind=land&power=9000&height=19",
}


def bare_view(request):
    rows = Plot.objects.order_by("-pk")[:20]
    return HttpResponse(engines["django"].from_string(PAGE).render({"rows": rows}, request))


urlpatterns = [path("bare/", bare_view), *urls.urlpatterns]


def crowd(many, first=0):
    """`many` plots in ten zones, half of them let, a third of the technical facts not stated."""
    chance, today = random.Random(first), timezone.localdate()
    zones = [factories.make_zone(f"khu-{n}", f"K{n}", f"Khu {n}", position=n) for n in range(10)]
    plots = [
        Plot(
            zone=zones[n % 10], number=f"CN-{n}", code=f"K{n % 10}-CN-{n}", kind=chance.choice(Plot.Kind.values),
            area_m2=chance.randrange(3, 90) * 1000, power_kva=chance.choice([None, 2000, 5000]),
            clear_height_m=chance.choice([None, 7, 12]), confirmed_on=today - timedelta(days=1),
        )
        for n in range(first, first + many)
    ]  # fmt: skip
    made = Plot.objects.bulk_create(plots, batch_size=2000)
    states = [
        Availability(plot=plot, effective_on=date(2020, 1, 1), status="leased" if n % 2 else "ready", held_for="x")
        for n, plot in enumerate(made)
    ]
    Availability.objects.bulk_create(states, batch_size=2000)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ANALYZE")


def timed(client, address):
    start = time.perf_counter()
    assert client.get(address).status_code == 200
    return (time.perf_counter() - start) * 1000


def cost(client, address):
    """Median time of a page in ms, with what was found before at hand, and its queries."""
    timed(client, address)
    spent = statistics.median(timed(client, address) for _time in range(TIMES))
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return spent, asked


def cold(client, address):
    """The same with nothing at hand."""
    spent = []
    for _time in range(TIMES_COLD):
        caches[CACHE].clear()
        spent.append(timed(client, address))
    caches[CACHE].clear()
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return statistics.median(spent), asked


def test_search_of_many_plots(client):
    queries, member = {}, Client()
    member.force_login(factories.make_user())
    factories.make_rules()
    for many, first in STEPS:
        crowd(many, first)
        bare, _asked = cost(client, "/bare/")
        for name, address in PAGES.items():
            warm, held = cost(client, address)
            known, _asked = cost(member, address)
            spent, asked = cold(client, address)
            slowest = sorted((float(query["time"]) for query in asked.captured_queries), reverse=True)[:3]
            print(  # noqa: T201
                f"{connection.vendor}: {name}, {first + many} plots: warm {warm:.1f} ms, {warm / bare:.2f} times a "
                f"bare view of 20 rows ({bare:.1f} ms), {len(held)} query; known {known:.1f} ms, {known / bare:.1f} "
                f"times; cold {spent:.1f} ms, {spent / bare:.1f} times; {len(asked)} queries, the slowest {slowest}"
            )
            assert len(asked) == queries.setdefault(name, len(asked))
