"""What was once public and is no more, and what came, changed and went, whoever wrote it and by whatever way."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from frictionless import Package

from izportal.models import PublishedDeed, PublishedRow
from izportal.opendata import tracking
from projects import ledger
from projects.models import Project
from tests import factories
from tests.izportal import published
from tests.izportal.test_opendata import body_of, lines_of
from zones.models import Phase, Plot

pytestmark = pytest.mark.django_db
NIGHT = factories.at("2026-03-03 02:00")
NEXT = NIGHT + timedelta(days=1)


@pytest.fixture(autouse=True)
def seen(db):
    with time_machine.travel(NIGHT, tick=False):
        published.plant()
        tracking.look(at=NIGHT)
    with time_machine.travel(NEXT, tick=False):
        yield


def deeds_of(at):
    rows = PublishedDeed.objects.filter(at=at).order_by("row__resource", "row__key")
    return [(row.row.resource, row.row.key, row.deed) for row in rows.select_related("row")]


def test_first_night_notes_every_row_and_the_next_nothing(client):
    assert set(PublishedRow.objects.values_list("resource", flat=True)) == {
        "zones",
        "phases",
        "plots",
        "projects",
        "changes",
        "procedures",
    }
    assert PublishedDeed.objects.count() == PublishedRow.objects.count() == 2 + 1 + 3 + 2 + 3 + 2
    assert tracking.look(at=NEXT) == 0


def test_row_changed_past_every_verb_is_noted(client):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE zones_plot SET area_m2 = 7 WHERE number = 'CN-03'")
    assert tracking.look(at=NEXT) == 2
    assert deeds_of(NEXT) == [("plots", "SC2-CN-03", "changed"), ("zones", "SC2", "changed")]
    assert [row["code"] for row in lines_of(client, "plots", "?updated_since=2026-03-04")] == ["SC2-CN-03"]


def test_row_that_is_no_more_leaves_a_tombstone(client):
    Plot.objects.filter(number="CN-02").update(is_published=False)
    Plot.objects.filter(number="CN-03").update(description_vi="Lô góc.", description_en="")
    tracking.look(at=NEXT)
    told = [(row["code"], row["reason"], row["gone_at"]) for row in lines_of(client, "tombstones")]
    assert told == [
        ("SC2-CN-02", "withdrawn", "2026-03-03T19:00:00Z"), ("SC2-CN-03", "incomplete", "2026-03-03T19:00:00Z"),
    ]  # fmt: skip
    assert lines_of(client, "tombstones", "?as_of=2026-03-03") == []


def test_row_that_comes_back_is_noted_and_its_tombstone_goes(client):
    Plot.objects.filter(number="CN-02").update(is_published=False)
    tracking.look(at=NEXT)
    Plot.objects.filter(number="CN-02").update(is_published=True)
    later = NEXT + timedelta(hours=1)
    tracking.look(at=later)
    assert [row for row in deeds_of(later) if row[0] == "plots"] == [("plots", "SC2-CN-02", "added")]
    assert lines_of(client, "tombstones") == []


def test_corrected_line_is_gone_and_another_stands(client):
    change = Project.objects.get(code="P-1").changes.get()
    basis = ledger.Basis("9/QĐ-BQL", date(2026, 3, 3))
    capital = ledger.Capital(change.capital_usd + 1, change.capital_vnd)
    ledger.correct(change=change, capital=capital, basis=basis, by=None, at=NEXT, note="Ghi nhầm.")
    tracking.look(at=NEXT)
    assert [row for row in deeds_of(NEXT) if row[0] == "changes"] == [
        ("changes", "P-1.1", "removed"), ("changes", "P-1.2", "added"),
    ]  # fmt: skip
    assert [(row["code"], row["reason"]) for row in lines_of(client, "tombstones")] == [("P-1.1", "corrected")]
    assert lines_of(client, "changes")[0]["is_correction"] == "true"


def test_line_of_the_log_is_kept_by_the_database():
    with pytest.raises(DatabaseError), transaction.atomic():
        PublishedDeed.objects.update(deed="removed")
    with pytest.raises(DatabaseError), transaction.atomic():
        PublishedDeed.objects.all()._raw_delete("default")


def test_rows_are_compared_by_a_fixed_number_of_questions(django_assert_num_queries):
    factories.make_plot("CN-09", zone=Plot.objects.first().zone)
    with django_assert_num_queries(45):
        tracking.look(at=NEXT)
    for n in range(3):
        factories.make_plot(f"CN-1{n}", zone=Plot.objects.first().zone)
    with django_assert_num_queries(45):
        tracking.look(at=NEXT + timedelta(hours=1))


def test_package_is_without_fault_to_an_independent_reader(client, tmp_path):
    tracking.look(at=NEXT)
    assert _faults(client, tmp_path, "") == []


def test_package_of_a_day_before_a_phase_was_decided_is_without_fault(client, tmp_path):
    Phase.objects.update(decided_on=date(2025, 1, 1))
    Plot.objects.filter(number="CN-02").update(phase=Phase.objects.get())
    assert _faults(client, tmp_path, "?as_of=2024-06-30") == []
    rows = [lines_of(client, "plots", query)[1] for query in ("?as_of=2024-06-30", "?as_of=2025-06-30")]
    assert [(row["code"], row["phase"]) for row in rows] == [("SC2-CN-02", ""), ("SC2-CN-02", "SC2.g1")]


def _faults(client, tmp_path, query):
    path = tmp_path / "goi.zip"
    path.write_bytes(body_of(client, f"/du-lieu/goi.zip{query}"))
    report = Package(str(path)).validate()
    assert {task.name: task.stats.get("rows", 0) for task in report.tasks}["plots"] > 0
    return report.flatten(["name", "rowNumber", "fieldName", "note"])
