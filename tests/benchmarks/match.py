"""What the match of a need costs as plots grow, with the page at hand and without: time, queries and memory; `make
bench` prints it."""

import tracemalloc

import pytest
from django.core.cache import caches
from django.db import connection

from tests.benchmarks.land import STEPS, as_served, cold, cost, crowd  # noqa: F401  a fixture
from zones.answers import CACHE
from zones.models import UtilityCapacity, UtilityCommitment, Zone

pytestmark = pytest.mark.django_db

ASKED = "kind=land&min_area=5&power=3000&water=2000&height=9&term=20&price=90&port=90&w_water=important"
PAGES = {
    "a need": f"/tim-lo-phu-hop/?{ASKED}",
    "two musts": f"/tim-lo-phu-hop/?{ASKED}&w_kind=must&w_area=must",
    "larger than any": f"/tim-lo-phu-hop/?{ASKED.replace('min_area=5', 'min_area=12')}",
}


def supply():
    for zone in Zone.objects.all():
        same = {"zone": zone, "kind": "water", "effective_on": "2020-01-01", "stated_on": "2026-01-01", "source": "x"}
        UtilityCapacity.objects.create(amount=5000, **same)
        UtilityCommitment.objects.create(amount=1000, is_total=True, **same)


def peak(client, address):
    """Mebibytes that a page holds at most."""
    caches[CACHE].clear()
    tracemalloc.start()
    client.get(address)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 2**20


def test_match_of_many_plots(client):
    queries = {}
    for many, first in STEPS:
        crowd(many, first)
        if not first:
            supply()
        for name, address in PAGES.items():
            warm, _asked = cost(client, address)
            spent, asked = cold(client, address)
            number = len(asked)
            print(  # noqa: T201
                f"{connection.vendor}: {name}, {first + many} plots: warm {warm:.1f} ms, cold {spent:.0f} ms, "
                f"{number} queries, at most {peak(client, address):.1f} MiB"
            )
            assert number == queries.setdefault(name, number)
