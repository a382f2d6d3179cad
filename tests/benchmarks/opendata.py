"""What giving away many rows costs: plots and projects as CSV, JSON and GeoJSON, beside what PostgreSQL itself needs
to COPY the same tables, and the nightly comparison; `make bench`, `make bench PLOTS=100000`. COPY neither joins nor
reckons; what matters is that no more is held in memory than a few chunks."""

import io
import os
import time
import tracemalloc
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from izportal.opendata import files, tracking
from izportal.opendata.asking import Question
from izportal.opendata.catalogue import RESOURCES
from tests.benchmarks import figures, land

pytestmark = [pytest.mark.django_db]

PLOTS = int(os.environ.get("PLOTS") or 2_000)
PROJECTS = PLOTS // 5
COPIED = {"plots": "zones_plot", "projects": "projects_project", "changes": "projects_change"}
FILES = (("plots", "csv"), ("plots", "json"), ("plots", "geojson"), ("projects", "csv"), ("changes", "csv"))


def written(name, format):
    """Bytes of a file that nobody keeps."""
    question = Question(on=date(2026, 11, 27))
    resource = RESOURCES[name]
    return sum(len(piece.encode()) for piece in files.written(resource, format, resource.find(question), question))


def timed(deed, *args):
    start = time.perf_counter()
    found = deed(*args)
    return found, time.perf_counter() - start


def copied(table):
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {table} TO STDOUT WITH CSV HEADER", io.BytesIO())


def peak_of(name, format):
    """The most memory, in MiB, that was held at once."""
    tracemalloc.start()
    written(name, format)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


@pytest.mark.skipif(connection.vendor != "postgresql", reason="rows are made by PostgreSQL")
def test_many_rows_are_given_away():
    figures.crowd(1, PROJECTS)
    land.crowd(PLOTS)
    for name, format in FILES:
        with CaptureQueriesContext(connection) as asked:
            size, spent = timed(written, name, format)
        _none, copy = timed(copied, COPIED[name])
        print(  # noqa: T201
            f"{name}.{format}: {size / 2**20:.1f} MiB in {spent:.2f} s, {spent / copy:.0f} times COPY of the table "
            f"({copy:.2f} s), {len(asked)} queries, at most {peak_of(name, format):.1f} MiB held"
        )
        assert len(asked) <= 4
    lines, spent = timed(lambda: tracking.look(at=timezone.now()))
    _none, again = timed(lambda: tracking.look(at=timezone.now()))
    print(f"first night: {lines} lines in {spent:.1f} s; a night without a change {again:.1f} s")  # noqa: T201
