"""What `/thong-ke/` costs with many changes, beside the same page with a thousand: with what was found before at hand,
without, and for the first reader after a write; on PostgreSQL. `make bench`, `make bench CHANGES=1000000`. Aim: under
3 times."""

import os
import statistics
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count, product

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext

from izportal.indicators import Asked
from izportal.statistics import overview
from projects import ledger
from projects.figures import audit, posting, proving
from projects.models import Change, Project, Sector
from projects.models.tallies import CLASS, MEASURES, PLACE
from tests import factories

# Committed and swept, as a register that grew over years: PostgreSQL's helpers would have to take over what a
# transaction holds open.
pytestmark = [pytest.mark.django_db(transaction=True)]

TIMES = 7
MANY = int(os.environ.get("CHANGES") or 20_000)
PER_PROJECT = 5
SECTORS = ("10", "13", "20", "22", "24", "25", "26", "27")
DEEDS = count(1_000_000)
COUNTRIES = ("KR", "JP", "VN")
FIGURE = "/thong-ke/so-lieu"
PAGES = (
    "/thong-ke/", "/thong-ke/?since=2020-01-01&zone=khu-3", f"{FIGURE}/fdi_capital_usd/",
    f"{FIGURE}/fdi_capital_usd/?zone=khu-3&sort=-certificate_on", f"{FIGURE}/fdi_capital_usd/?sort=-amount",
    f"{FIGURE}/new_projects/?since=2020-01-01", f"{FIGURE}/project_age_years/", "/",
)  # fmt: skip
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
    for code in SECTORS:
        Sector.objects.get_or_create(code=code, defaults={"name_vi": f"Ngành {code}", "name_en": f"Division {code}"})
    template = factories.make_project(zone=zones[0], on=date(2001, 1, 1))
    change, share, row = template.changes.get(), template.contributions.get(), template.classifications.get()
    zone, origin = f"{zones[0].pk} + n % 10", "CASE WHEN n % 3 = 0 THEN 'ddi' ELSE 'fdi' END"
    day = "DATE '2001-02-01' + (n::bigint * 7919 % 8000)::int"
    sector = f"(ARRAY{list(SECTORS)}::text[])[1 + n % {len(SECTORS)}]"
    investors = [factories.make_investor(f"Từ {code}", code).pk for code in COUNTRIES]
    clone(
        "projects_project", template.pk, first, last, id="1000000 + n", code="'P' || n", zone_id=zone, origin=origin,
        certificate_on=day, sector_id=sector,
    )  # fmt: skip
    steps = (("issued", 0, 10), ("capital", 200, 5), ("capital", 400, 7), ("capital", 600, -3), ("capital", 900, 1))
    for place, (kind, later, millions) in enumerate(steps):
        ends = "n % 5 = 0" if place == len(steps) - 1 else "FALSE"
        amount = f"CASE WHEN {ends} THEN -19 ELSE {millions} END::bigint * 1000000"
        said = f"CASE WHEN {ends} THEN 'terminated' ELSE '{kind}' END"
        clone(
            "projects_change", change.pk, first, last, id=f"10000000 * {place + 1} + n", project_id="1000000 + n",
            kind=said, stands_as=said, effective_on=f"{day} + {later}", decision_number="'Q' || n", seal="''",
            recorded_at=f"({day} + {later + 1})::timestamptz",
            capital_usd=f"CASE WHEN n % 3 = 0 THEN 0 ELSE {amount} END",
            capital_vnd=f"CASE WHEN n % 3 = 0 THEN {amount} * 1000 ELSE 0 END",
        )  # fmt: skip
    held = {
        "project_id": "1000000 + n", "change_id": "10000000 + n", "starts_on": day, "id": "1000000 + n",
        "recorded_at": f"({day} + 1)::timestamptz",
    }  # fmt: skip
    investor = f"(ARRAY{investors})[1 + n % {len(investors)}]"
    clone("projects_contribution", share.pk, first, last, investor_id=investor, **held)
    clone("projects_classification", row.pk, first, last, zone_id=zone, origin=origin, sector_id=sector, **held)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        _post(cursor, first, last)
        cursor.execute("VACUUM ANALYZE")


def _post(cursor, first, last):
    """What `posting` would do in many minutes, said in SQL for rows as plain as these; `proving` tells whether it is
    the same."""
    origin, money = "k.origin = 'fdi'", "CASE WHEN k.origin = 'fdi' THEN c.capital_usd ELSE c.capital_vnd END"
    ends, issued = "c.stands_as = 'terminated'", "c.stands_as = 'issued'"
    unrated = f"(NOT {origin} AND c.capital_vnd <> 0)::int"
    born = "(k.starts_on - DATE '0001-01-01' + 1)"
    alive = {
        "life": "1", "born": born, "dollars": f"(CASE WHEN {origin} THEN 19000000 ELSE 0 END)",
        "unrated": f"(CASE WHEN {origin} THEN 0 ELSE 4 END)",
    }  # fmt: skip
    came = {
        "life": f"({issued})::int", "born": f"CASE WHEN {issued} THEN {born} ELSE 0 END",
        "dollars": f"CASE WHEN {origin} THEN c.capital_usd ELSE 0 END", "unrated": unrated,
    }  # fmt: skip
    measures = {name: f"CASE WHEN {ends} THEN -{alive[name]} ELSE {came[name]} END" for name in alive}
    said = {
        "is_sample": "FALSE", "zone_id": "k.zone_id", "sector_id": "k.sector_id", "origin": "k.origin",
        "country": "x.country", "stands_as": "c.stands_as", "side": f"SIGN({money})", "is_own": "TRUE", "one": "1",
        "paused": "0", "unowned": measures["life"], "usd": "c.capital_usd",
        "vnd": "c.capital_vnd", "area": "c.area_m2", "project_id": "c.project_id", "day": "c.effective_on",
        "known_at": "c.recorded_at", **measures,
    }  # fmt: skip
    cursor.execute(
        f"INSERT INTO projects_posting ({', '.join(said)}) SELECT {', '.join(said.values())} FROM projects_change c "
        "JOIN projects_classification k USING (project_id) JOIN projects_contribution s USING (project_id) "
        "JOIN projects_investor i ON i.id = s.investor_id "
        "CROSS JOIN LATERAL (VALUES (''), (i.country_id)) AS x (country) "
        f"WHERE c.project_id BETWEEN {1_000_000 + first} AND {1_000_000 + last}"
    )
    cursor.execute("DELETE FROM projects_unposted WHERE project_id > 1000000")
    posting.level()
    cursor.execute("DELETE FROM projects_tally")
    for trunc, is_placed in product(("month", "year"), (True, False)):
        by = [*(name for name in CLASS if is_placed or name not in PLACE), f"DATE_TRUNC('{trunc}', day)::date"]
        names = [*by[:-1], "month", "is_year", *MEASURES]
        sums = [*by, f"{trunc == 'year'}", *(f"SUM({name})" for name in MEASURES)]
        cursor.execute(
            f"INSERT INTO projects_tally ({', '.join(names)}) SELECT {', '.join(sums)} FROM projects_posting "
            f"GROUP BY {', '.join(by)}"
        )


def timed(deed):
    start = time.perf_counter()
    deed()
    return (time.perf_counter() - start) * 1000


def write():
    """Somebody raises the capital of a project that stands."""
    project = Project.objects.filter(changes__stands_as="issued").exclude(changes__stands_as="terminated").first()
    day = Change.objects.filter(project=project).latest("effective_on").effective_on
    moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + timedelta(1)
    times = next(DEEDS)
    basis, capital = ledger.Basis(f"{times}/QĐ", day), ledger.Capital(Decimal(times * 99), Decimal(times * 999))
    ledger.adjust_capital(project=project, to=capital, basis=basis, by=None, at=moment)


def write_many():
    """How long one deed takes, in ms."""
    return statistics.median(timed(write) for _time in range(TIMES))


def forget():
    [cache.clear() for cache in caches.all()]


BEFORE = {"warm": lambda: None, "cold": forget, "after a write": write}


def cost(client, address):
    """Median time of a page in ms and its queries, after each of `BEFORE`."""
    found = {}
    client.get(address)
    for name, before in BEFORE.items():
        spent = []
        for _time in range(TIMES):
            before()
            spent.append(timed(lambda: client.get(address)))
        before()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        found[name] = statistics.median(spent), len(asked)
    return found


@pytest.mark.skipif(connection.vendor != "postgresql", reason="rows are made by PostgreSQL")
def test_statistics_of_many_changes(client):
    costs, first = {}, 1
    for changes in (1000, MANY):
        last = changes // PER_PROJECT
        crowd(first, last)
        first = last + 1
        assert changes > 1000 or not list(proving.differences(on=ASKED.on))
        for address in PAGES:
            costs.setdefault(address, []).append(cost(client, address))
        found, written, posted = timed(lambda: overview.find(ASKED)), write_many(), timed(posting.level)
        told = f"all figures in {found:.0f} ms; a deed in {written:.0f} ms, {TIMES} deeds posted in {posted:.0f} ms"
        print(f"{Change.objects.count()} changes: {told}")  # noqa: T201
    for address, (few, many) in costs.items():
        print(address)  # noqa: T201
        for name, (spent, asked) in many.items():
            before = few[name][0]
            told = f"{before:.0f} → {spent:.0f} ms, {spent / before:.1f} times, {asked} queries"
            print(f"    {name}: {told}")  # noqa: T201
            assert few[name][1] == asked
    spent = timed(lambda: list(audit.unbalanced(ASKED)))
    print(f"every month, zone, sector and origin bridged in {spent:.0f} ms")  # noqa: T201
