"""What `/thong-ke/` costs with many changes, beside the same page with a thousand, with what was found before at hand
and without; on PostgreSQL. `make bench`, `make bench CHANGES=1000000`. Aim: under 3 times."""

import os
import statistics
import time
from datetime import date

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from izportal.indicators import Asked
from izportal.statistics import overview
from projects.figures import audit
from projects.models import Change
from tests import factories

pytestmark = [pytest.mark.django_db]

TIMES, TIMES_COLD = 7, 3
MANY = int(os.environ.get("CHANGES") or 20_000)
PER_PROJECT = 5
PAGES = ("/thong-ke/", "/thong-ke/?since=2020-01-01&zone=khu-3", "/thong-ke/so-lieu/fdi_capital_usd/", "/")
ASKED = Asked(date(2026, 11, 27), since=date(2020, 1, 1))


def clone(table, row, first, last, **changed):
    """Rows `first`..`last` like one that is there; what differs is said in SQL over the number `n`."""
    with connection.cursor() as cursor:
        told = connection.introspection.get_table_description(cursor, table)
        names = [column.name for column in told if column.name != "id"]
        values = [changed.get(name, f't."{name}"') for name in names]
        own = ", ".join(f'"{name}"' for name in names)
        cursor.execute(
            f'INSERT INTO "{table}" (id, {own}) SELECT {changed.get("id", "n")}, {", ".join(values)} '
            f'FROM "{table}" t, generate_series({first}, {last}) n WHERE t.id = {row}'
        )


def crowd(first, last):
    """Projects `first`..`last`, each with a certificate, two increases, a decrease and, one in five, an end."""
    zones = [factories.make_zone(f"khu-{n}", f"K{n}", f"Khu {n}", position=n) for n in range(10)]
    template = factories.make_project(zone=zones[0], on=date(2001, 1, 1))
    change, share, row = template.changes.get(), template.contributions.get(), template.classifications.get()
    zone, origin = f"{zones[0].pk} + n % 10", "CASE WHEN n % 3 = 0 THEN 'ddi' ELSE 'fdi' END"
    day = "DATE '2001-02-01' + (n::bigint * 7919 % 8000)::int"
    clone(
        "projects_project", template.pk, first, last, id="1000000 + n", code="'P' || n", zone_id=zone, origin=origin,
        certificate_on=day,
    )  # fmt: skip
    steps = (("issued", 0, 10), ("capital", 200, 5), ("capital", 400, 7), ("capital", 600, -3), ("capital", 900, 1))
    for place, (kind, later, millions) in enumerate(steps):
        ends = "n % 5 = 0" if place == len(steps) - 1 else "FALSE"
        amount = f"CASE WHEN {ends} THEN -19 ELSE {millions} END::bigint * 1000000"
        said = f"CASE WHEN {ends} THEN 'terminated' ELSE '{kind}' END"
        clone(
            "projects_change", change.pk, first, last, id=f"10000000 * {place + 1} + n", project_id="1000000 + n",
            kind=said, stands_as=said, effective_on=f"{day} + {later}", decision_number="'Q' || n", seal="''",
            capital_usd=f"CASE WHEN n % 3 = 0 THEN 0 ELSE {amount} END",
            capital_vnd=f"CASE WHEN n % 3 = 0 THEN {amount} * 1000 ELSE 0 END",
        )  # fmt: skip
    held = {"project_id": "1000000 + n", "change_id": "10000000 + n", "starts_on": day, "id": "1000000 + n"}
    clone("projects_contribution", share.pk, first, last, **held)
    clone("projects_classification", row.pk, first, last, zone_id=zone, origin=origin, **held)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ANALYZE")


def timed(deed):
    start = time.perf_counter()
    deed()
    return (time.perf_counter() - start) * 1000


def cost(client, address):
    """Median time of a page in ms, warm and cold, and its queries, warm and cold."""
    found = []
    for times, is_cold in ((TIMES_COLD, True), (TIMES, False)):
        spent = []
        for _time in range(times):
            if is_cold:
                [cache.clear() for cache in caches.all()]
            spent.append(timed(lambda: client.get(address)))
        found.append(statistics.median(spent))
    with CaptureQueriesContext(connection) as warm:
        assert client.get(address).status_code == 200
    [cache.clear() for cache in caches.all()]
    with CaptureQueriesContext(connection) as cold:
        client.get(address)
    return found[1], found[0], len(warm), len(cold)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="rows are made by PostgreSQL")
def test_statistics_of_many_changes(client):
    costs, first = {}, 1
    for changes in (1000, MANY):
        last = changes // PER_PROJECT
        crowd(first, last)
        first = last + 1
        for address in PAGES:
            costs.setdefault(address, []).append(cost(client, address))
        spent = timed(lambda: overview.find(ASKED))
        print(f"{Change.objects.count()} changes: all figures of the register in {spent:.0f} ms")  # noqa: T201
    for address, ((warm, cold, *_asked), (warm_many, cold_many, asked, asked_cold)) in costs.items():
        print(  # noqa: T201
            f"{address}: warm {warm:.0f} → {warm_many:.0f} ms, {warm_many / warm:.1f} times, {asked} queries; "
            f"cold {cold:.0f} → {cold_many:.0f} ms, {asked_cold} queries"
        )
        assert [row[2:] for row in costs[address]] == [(asked, asked_cold)] * 2
    spent = timed(lambda: list(audit.unbalanced(ASKED)))
    print(f"every month, zone, sector and origin bridged in {spent:.0f} ms")  # noqa: T201
