"""What waits in the register: each list holds what it says, on its page, as a sheet and on the desk."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from izportal import sheets
from izportal.workdays import months_later
from projects import ledger, worklists
from projects.models import Milestone
from tests import factories
from tests.projects import reporting

pytestmark = pytest.mark.django_db
WHERE = "/admin/projects/project/work/"


@pytest.fixture
def keeper(client, staff):
    person = staff("register")
    client.force_login(person)
    return person


def late(n, **project):
    row = factories.make_project(f"98111100{n:02d}", enterprise=factories.make_enterprise(), **project)
    return Milestone.objects.create(project=row, kind="operation", planned_on=date(2023, 1, 1 + n), basis="GCN")


def pages(client, **asked):
    context = client.get(WHERE, asked).context
    return [line["cells"][0] for line in context["lines"]]


def test_project_late_by_a_step_waits_until_the_step_is_reached(keeper):
    row, today = late(1), timezone.localdate()
    found = worklists.LATE.of(keeper, on=today)
    assert list(found) == [row]
    ledger.schedule(
        project=row.project, kind="operation", planned_on=row.planned_on, actual_on=date(2024, 1, 1), basis="Báo cáo",
        by=keeper, at=timezone.now(),
    )  # fmt: skip
    assert list(worklists.LATE.of(keeper, on=today)) == []


def test_certificate_without_a_plot_and_plot_without_a_certificate_wait(keeper):
    today, project = timezone.localdate(), factories.make_project()
    factories.make_project(plot=factories.make_plot("CN-1"))
    plot = factories.make_plot("CN-2", status="leased", held_for="9800000000")
    assert list(worklists.PLOTLESS.of(keeper, on=today)) == [project]
    assert list(worklists.UNHELD.of(keeper, on=today)) == [plot]


@pytest.mark.parametrize(("months", "waits"), [(13, True), (11, False)])
def test_long_pause_waits(keeper, months, waits):
    today, project = timezone.localdate(), factories.make_project()
    basis = ledger.Basis("3/QĐ", months_later(today, -months))
    ledger.suspend(project=project, basis=basis, by=keeper, at=timezone.now())
    assert worklists.ASLEEP.of(keeper, on=today).exists() is waits


@pytest.mark.parametrize(("months", "waits"), [(11, True), (13, False)])
def test_term_that_ends_soon_waits(keeper, months, waits):
    today = timezone.localdate()
    factories.make_project(term_until=months_later(today, months))
    assert worklists.ENDING.of(keeper, on=today).exists() is waits


def test_ended_project_waits_nowhere(keeper):
    row = late(1)
    ledger.terminate(project=row.project, basis=ledger.Basis("3/QĐ", date(2025, 1, 6)), by=keeper, at=timezone.now())
    assert [count for _list, count in worklists.counts(keeper, on=timezone.localdate())] == [0] * 5


def test_list_is_narrowed_sorted_and_kept_to_ones_zones(client, keeper):
    elsewhere = factories.make_zone("yen-binh", "YB", "Yên Bình")
    late(1), late(2), late(3, zone=elsewhere)
    assert pages(client) == ["9811110001", "9811110002", "9811110003"]
    assert pages(client, sort="-planned") == ["9811110003", "9811110002", "9811110001"]
    assert pages(client, zone="yen-binh") == pages(client, q="9811110003") == ["9811110003"]
    keeper.zones = ["YB"]
    keeper.save()
    assert pages(client) == ["9811110003"]


@pytest.mark.parametrize("asked", [{"list": "x"}, {"zone": "x"}, {"q": "\0"}, {"page": "99"}, {"sort": "x" * 30}])
def test_address_that_makes_no_sense_finds_nothing(client, keeper, asked):
    late(1)
    assert client.get(WHERE, asked).status_code == 200
    assert pages(client, **asked) == []


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("key", worklists.LISTS)
def test_list_costs_the_same_however_long(client, keeper, django_assert_num_queries, rows, key):
    today = timezone.localdate()
    for n in range(rows):
        row = late(n, term_until=months_later(today, 6))
        basis = ledger.Basis(f"{n}/QĐ", months_later(today, -13))
        ledger.suspend(project=row.project, basis=basis, by=keeper, at=timezone.now())
        factories.make_plot(f"CN-{n}", status="leased", held_for="9800000000")
    client.get(WHERE)
    with django_assert_num_queries(18):
        assert len(client.get(WHERE, {"list": key}).context["lines"]) == rows


def test_list_goes_out_as_a_sheet(client, keeper):
    late(1)
    answer = client.get(WHERE, {"sheet": "1"})
    row = sheets.read(answer.content)[0]
    assert (row[0], row[4], row[5]) == ("9811110001", "Đi vào hoạt động", date(2023, 1, 2))


def test_reports_that_are_missing_stand_beside_the_lists(client, keeper):
    subject = reporting.make_subject(factories.make_enterprise())
    period = reporting.make_period(due_on=date(2026, 10, 15))
    [(row, count)] = worklists.missing_reports(keeper, on=period.last_on + timedelta(days=1))
    assert (row, count, subject.project.code) == (period, 1, subject.code)
    assert worklists.missing_reports(keeper, on=period.last_on) == []


def test_desk_of_the_keeper_counts_what_waits(client, keeper, staff):
    late(1)
    heap = f"{WHERE}?list=late"
    assert heap in client.get(reverse("admin:index")).content.decode()
    client.force_login(staff("land"))
    assert heap not in client.get(reverse("admin:index")).content.decode()
