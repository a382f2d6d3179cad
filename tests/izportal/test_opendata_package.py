"""The archive of all open data, of the whole sample, read by an independent validator: today and on past days, by what
was known then, after rows were withdrawn, in both languages."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from frictionless import Package

from izportal.management import reference
from izportal.management.sample import loading
from izportal.opendata import asking, tracking
from izportal.opendata.catalogue import RESOURCES
from projects import ledger
from projects.models import Project
from tests.factories import HANOI
from tests.izportal.test_opendata import body_of
from zones.models import Plot

NOW = datetime(2026, 11, 26, 11, 0, tzinfo=HANOI)
pytestmark = [pytest.mark.django_db, pytest.mark.prove]


@pytest.fixture(scope="module")
def sample(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        reference.load()
        loading.load(now=NOW, password="mat-khau-mau")
        tracking.look(at=NOW)
        _withdraw()
        tracking.look(at=NOW + timedelta(days=1))
        yield
        transaction.set_rollback(True)


def _withdraw():
    """Every fifth plot goes; one project is ended and the first of its changes put right."""
    for plot in Plot.objects.order_by("code")[::5]:
        Plot.objects.filter(pk=plot.pk).update(is_published=False)
    project = Project.objects.in_force(on=NOW.date()).exclude(kind="infrastructure").order_by("code").first()
    basis = ledger.Basis("999/QĐ-BQL", NOW.date())
    ledger.terminate(project=project, basis=basis, by=None, at=NOW)


@pytest.fixture
def archive(sample, client, tmp_path):
    """`archive(address)`: the package as it is handed over, and what is wrong with it."""

    def ask(address):
        path = tmp_path / "goi.zip"
        with time_machine.travel(NOW + timedelta(days=1), tick=False):
            path.write_bytes(body_of(client, address))
        return Package(str(path)).validate()

    return ask


@pytest.mark.parametrize(
    "address",
    [
        *("/du-lieu/goi.zip", "/en/data/package.zip"),
        *(f"/du-lieu/goi.zip?as_of={day}" for day in ("2001-01-01", "2010-06-30", "2018-01-01", "2024-12-31")),
        *("/du-lieu/goi.zip?as_known=2020-01-01", "/du-lieu/goi.zip?as_of=2022-06-30&as_known=2023-01-01"),
    ],
)
def test_the_package_is_without_fault(archive, address):
    report = archive(address)
    assert report.flatten(["name", "rowNumber", "fieldName", "note"]) == []
    assert [task.name for task in report.tasks] == list(RESOURCES)


def test_the_package_holds_as_many_rows_as_the_calls_say(archive):
    found = {task.name: task.stats["rows"] for task in archive("/du-lieu/goi.zip").tasks}
    question = asking.Question(on=(NOW + timedelta(days=1)).date())
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        assert found == {name: row.find(question.for_what(row.takes)).count for name, row in RESOURCES.items()}
    assert found["tombstones"] > 20 and found["log"] > found["plots"]


def test_what_was_withdrawn_is_told_and_no_more_given_away(archive, client):
    archive("/du-lieu/goi.zip")
    gone = {row.code for row in Plot.objects.order_by("code")[::5]}
    with time_machine.travel(NOW + timedelta(days=1), tick=False):
        lines = body_of(client, "/du-lieu/tombstones.csv").decode().splitlines()
        plots = {line.split(",")[0] for line in body_of(client, "/du-lieu/plots.csv").decode().splitlines()}
    assert {line.split(",")[1] for line in lines if line.startswith("plots,")} == gone
    assert gone & plots == set()
