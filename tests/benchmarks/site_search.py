"""What the search over the whole portal costs with many plots and projects, beside a bare view of twenty rows from one
table; `PLOTS=100000` with as many plots and a fifth as many projects. Nothing of it is kept, so that each time is the
whole cost. Aim on an idle machine: under 500 ms for words that stand in every row, under 150 ms for the others."""

from datetime import date

import pytest

from projects.models import Project
from tests import factories
from tests.benchmarks import land
from zones.models import Zone

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.benchmarks.land")]

PAGES = {
    "a code": "/tim-kiem/?q=K7-CN-77",
    "a decision": "/tim-kiem/?q=77/QĐ-BQL",
    "words of some": "/tim-kiem/?q=nha may 777",
    "a word of all plots": "/tim-kiem/?q=khu",
    "a word of all projects": "/tim-kiem/?q=nha may",
    "the last page of all plots": f"/tim-kiem/?q=khu&kind=plots&page={land.MANY // 20}",
    "a slip": "/tim-kiem/?q=nha mya",
    "nothing": "/tim-kiem/?q=xyzxyz",
}


def register(many):
    zones, sector = list(Zone.objects.all()), factories.make_sector()
    projects = [
        Project(
            code=f"77{n:08d}", name_vi=f"Nhà máy linh kiện số {n}", origin="fdi", sector=sector,
            zone=zones[n % len(zones)], certificate_number=f"GCN-{n}", certificate_on=date(2021, 5, 10),
        )
        for n in range(many)
    ]  # fmt: skip
    Project.objects.bulk_create(projects, batch_size=2000)


def test_search_of_the_portal(client):
    land.crowd(land.MANY)
    register(land.MANY // 5)
    factories.make_project()
    bare, _asked = land.cost(client, "/bare/")
    for name, address in PAGES.items():
        spent, asked = land.cold(client, address)
        slowest = sorted((float(query["time"]) for query in asked.captured_queries), reverse=True)[:3]
        print(  # noqa: T201
            f"{name}: {spent:.0f} ms, {spent / bare:.0f} times a bare view of 20 rows ({bare:.1f} ms); "
            f"{len(asked)} queries, the slowest {slowest}"
        )
