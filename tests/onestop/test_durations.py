"""How long a procedure has really taken: which dossiers count, in which unit, and when there are too few."""

from datetime import timedelta
from decimal import Decimal

import pytest

from izportal.models import CalendarDay, Rule
from izportal.workdays import Calendar
from onestop import durations
from onestop.models import Dossier, Procedure, Supplement
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db
CODE = "1.009664"
NOW = at("2026-06-30 10:00")
MONDAY = at("2026-03-02 09:00")


@pytest.fixture
def version(catalogue):
    return catalogue[CODE].versions.get()


def settled(days=4, *, case="th1", submitted=MONDAY, wait=1, due=10, status="delivered", **fields):
    """A dossier filed on a Monday, received `wait` days later and settled `days` calendar days after that."""
    procedure = Procedure.objects.get(code=CODE)
    version = procedure.versions.get()
    received = submitted + timedelta(days=wait)
    user = fields.pop("by", None) or factories.make_user()
    number = Dossier.objects.count()
    return Dossier.objects.create(
        procedure=procedure, version=version, case=version.cases.get(key=case), enterprise=factories.make_enterprise(),
        created_by=user, status=status, reference=f"XN-{number}", code=f"H55-{number}", submitted_at=submitted,
        received_at=received, due_at=received + timedelta(days=due), completed_at=received + timedelta(days=days),
        **fields,
    )  # fmt: skip


def of(version, calendar=None):
    return durations.of(version, at=NOW, calendar=calendar or CalendarDay.calendar())


def test_nothing_is_computed_from_too_few(version):
    for _n in range(4):
        settled()
    found = of(version)
    assert (found.few, found.total.count, found.total.is_enough, found.cases) == (5, 4, False, ())


def test_median_and_ninetieth_are_working_days_without_the_day_of_the_event(version):
    # Received on a Tuesday: one day later is Wednesday, six later the Monday after a weekend.
    for days in (1, 1, 2, 3, 6, 1, 1, 2, 3, 8):
        settled(days)
    total = of(version).total
    assert (total.unit, total.count) == ("working_day", 10)
    assert total.board == durations.Spread(Decimal(2), Decimal(4))
    assert total.whole == durations.Spread(Decimal(3), Decimal(5))


def test_a_median_between_two_lengths_keeps_its_half(version):
    for days in (1, 1, 1, 2, 2, 2):
        settled(days)
    assert of(version).total.board.median == Decimal("1.5")


def test_waiting_for_a_supplement_is_the_applicants_time_not_the_boards(version):
    for _n in range(5):
        row = settled(14)
        Supplement.objects.create(
            dossier=row, stage="review", cycle=1, reason="x", asked_by=row.created_by,
            asked_at=row.received_at + timedelta(days=1), answered_at=row.received_at + timedelta(days=8),
        )  # fmt: skip
    total = of(version).total
    assert (total.whole.median, total.board.median) == (Decimal(11), Decimal(5))


def test_a_wait_before_reception_counts_for_the_applicant_only(version):
    for _n in range(5):
        settled(1, wait=7)
    total = of(version).total
    assert (total.whole.median, total.board.median) == (Decimal(6), Decimal(1))


def test_in_time_is_by_the_date_promised_and_extensions_are_told(version):
    rows = [settled(4, due=due) for due in (10, 10, 10, 10, 3)]
    rows[0].events.create(step="extend", to_status="in_review", at=MONDAY)
    total = of(version).total
    assert (total.in_time, total.percent_in_time, total.extended) == (4, Decimal(80), 1)


def test_each_case_with_enough_dossiers_is_told_apart(version):
    for case, count in (("th1", 5), ("th2", 2)):
        for _n in range(count):
            settled(case=case)
    found = of(version)
    assert [(record.case.key, record.count) for record in found.cases] == [("th1", 5)]
    assert found.total.count == 7


def test_calendar_days_where_the_limit_runs_in_them(version):
    version.cases.update(unit="day")
    for _n in range(5):
        settled(6)
    assert of(version).total.board.median == Decimal(6)


def test_hours_where_the_limit_runs_in_them(version):
    version.cases.update(unit="working_hour")
    for _n in range(5):
        settled(2)
    assert of(version).total.board.median == Decimal(16)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "withdrawn"},
        {"status": "in_review"},
        {"submitted": at("2025-03-03 09:00")},
        {"submitted": at("2026-06-29 09:00"), "days": 3},
        {"is_sample": True},
    ],
)
def test_what_is_not_settled_in_the_period_or_invented_does_not_count(version, fields):
    settled()
    settled(**fields)
    assert of(version).total.count == 1


def test_samples_count_only_while_there_is_nothing_else(version):
    for _n in range(5):
        settled(is_sample=True)
    assert (of(version).is_sample, of(version).total.count) == (True, 5)
    settled()
    assert (of(version).is_sample, of(version).total.count) == (False, 1)


def test_how_few_and_how_long_back_are_rules(version):
    Rule.objects.filter(code="few_dossiers").update(value="1")
    Rule.objects.filter(code="durations_months").update(value="3")
    settled()
    settled(submitted=at("2026-04-06 09:00"))
    found = of(version)
    assert (found.since.isoformat(), found.few, found.total.count, found.total.is_enough) == ("2026-03-30", 1, 1, True)


def test_a_dossier_older_than_the_listed_days_is_measured_all_the_same(version):
    for _n in range(5):
        settled(1, submitted=at("2022-03-07 09:00"), wait=1500)
    calendar = CalendarDay.calendar()
    whole = of(version).total.whole.median
    row = Dossier.objects.first()
    assert whole == calendar.working_days_between(row.submitted_at.date(), row.completed_at.date())


@pytest.mark.parametrize("rows", [1, 6])
def test_the_database_is_asked_as_often_for_many_dossiers(version, django_assert_num_queries, rows):
    for _n in range(rows):
        settled()
    with django_assert_num_queries(6):
        durations.of(version, at=NOW, calendar=Calendar.from_file())
