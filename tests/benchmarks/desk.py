"""What the pages of the counter cost with a hundred thousand dossiers and a million events, beside a bare view of
twenty rows from one table; `make bench` prints it: made anew, as after any write, and as kept until the next write.
For PostgreSQL, in earnest."""

import time

import pytest
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse
from django.utils import timezone

from izportal import urls
from onestop import pace, version
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


def least(ask, times=TIMES, *, is_anew=False):
    """The least time of a page in ms, and its queries: whatever else the machine does makes it only longer."""
    spent = []
    for time_ in range(times + 1):
        if is_anew:
            forget()
        start = time.perf_counter()
        assert ask().status_code == 200
        # The first one loads templates and compiles patterns.
        if time_:
            spent.append((time.perf_counter() - start) * 1000)
    if is_anew:
        forget()
    with CaptureQueriesContext(connection) as asked:
        ask()
    return min(spent), len(asked)


def forget():
    """What a write makes every process forget; the record is then counted anew as well, which else waits its quarter
    of an hour."""
    for cache in caches.all():
        cache.clear()


def both(ask, times=TIMES):
    """((least time, queries) made anew, the same as kept)."""
    return least(ask, times, is_anew=True), least(ask, times)


def measured(client):
    return {name: both(lambda address=address: client.get(address)) for name, address in PAGES.items()}


def others(client, dossier):
    """Pages that have no list, and those of the applicant and of the public."""
    owner, public = Client(), Client()
    owner.force_login(factories.make_user("nhieu-ho-so@mau.example", mandate_of=dossier.enterprise))
    codes = {"code": dossier.code, "lookup": dossier.lookup}
    record, listed = reverse("onestop:counter_record"), reverse("onestop:counter_record_list")
    return {
        "a list of the library": both(lambda: client.get(STOCK)),
        "the file of a dossier": both(lambda: client.get(f"{LIST}{dossier.pk}/change/")),
        "my dossiers, two hundred": both(lambda: owner.get(reverse("onestop:dossier_list"))),
        "a dossier looked up": both(lambda: public.post(reverse("onestop:track"), codes)),
        "the record in public": both(lambda: public.get(record), SELDOM),
        "the list behind a figure": both(lambda: public.get(f"{listed}?what=settled"), SELDOM),
    }


def told(name, anew, kept, bare, more=""):
    said = [
        f"{spent:.1f} ms, {spent / bare:.1f} times the bare view, {asked} queries" for spent, asked in (anew, kept)
    ]
    print(f"{name}: anew {said[0]}; kept {said[1]}{more}")  # noqa: T201


def forget_counts():
    """The copies were counted one by one. Every night such rows are swept and their room is cleared; inside the one
    transaction of a test only this clears it."""
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {version.VERSION.model.lower().replace('.', '_')}")
    version.sweep()


def test_counter_of_a_hundred_thousand(client, catalogue):
    officer = factories.make_staff("specialist")
    client.force_login(officer)
    crowds.dossiers(100, open_ones=40, by=officer)
    few = measured(client)
    crowds.dossiers(100_000, open_ones=2_000, by=officer)
    forget_counts()
    rows, events = crowds.counted()
    bare, _asked = least(lambda: client.get("/bare/"))
    print(f"{connection.vendor}: {rows} dossiers, {events} events; a bare view of 20 rows {bare:.1f} ms")  # noqa: T201
    for name, (anew, kept) in measured(client).items():
        told(name, anew, kept, bare, f" (with 100: {few[name][0][0]:.1f} ms, {few[name][0][1]} queries)")
        assert (anew[1], kept[1]) == (few[name][0][1], few[name][1][1])
    for name, (anew, kept) in others(client, Dossier.objects.filter(status="in_review").first()).items():
        told(name, anew, kept, bare)
    start = time.perf_counter()
    pace.measure(at=timezone.now())
    print(f"the pace of the stations: {time.perf_counter() - start:.1f} s")  # noqa: T201
