"""Sums over the reports: never one enterprise's number, told with how many reported, and the same when asked again."""

from datetime import date
from decimal import Decimal

import pytest

from izportal.indicators import Asked
from projects.models import ReportAnswer
from projects.reports import figures
from tests import factories
from tests.factories import at
from tests.projects import reporting

pytestmark = pytest.mark.django_db

ASKED = Asked(on=date(2026, 11, 1))
REVENUE = figures.Reported(("net_revenue",), origin="fdi")


def file(amount, *, zone=None, moment=reporting.OPEN, **fields):
    subject = reporting.make_subject(zone=zone or factories.make_zone(), **fields)
    return reporting.file_directly(subject, reporting.make_period(), moment, net_revenue=amount)


def test_sum_of_too_few_enterprises_is_not_told():
    file(100), file(200)
    assert (REVENUE.value(ASKED), REVENUE.rows(ASKED), figures.period_of(ASKED)) == (None, [], None)
    file(300)
    assert REVENUE.value(ASKED) == Decimal(600)


def test_two_projects_of_one_enterprise_are_one_enterprise():
    one = factories.make_enterprise()
    for _number in range(3):
        file(100, enterprise=one)
    assert REVENUE.value(ASKED) is None


def test_other_origin_is_not_counted_and_not_told_where_it_is_alone():
    for amount in (100, 200, 300):
        file(amount)
    file(5_000, origin="ddi")
    domestic = figures.Reported(("net_revenue",), origin="ddi")
    assert (REVENUE.value(ASKED), domestic.value(ASKED)) == (Decimal(600), None)


def sums(*days):
    return [REVENUE.value(ASKED.of(known=at(f"2026-10-{day} 12:00"))) for day in days]


def test_late_report_is_added_only_together_with_others():
    for amount in (100, 200, 300):
        file(amount)
    for day, amount in ((20, 400), (21, 500), (22, 600)):
        file(amount, moment=at(f"2026-10-{day} 09:00"))
    assert sums(10, 20, 21, 22) == [600, 600, 600, 2100]
    rows = REVENUE.rows(ASKED)
    assert [(row["step"], row["enterprises"], row["amount"]) for row in rows] == [(1, 3, 600), (2, 3, 1500)]


def test_correction_moves_a_sum_only_together_with_others():
    subjects = [reporting.make_subject() for _n in range(4)]
    for day, many in ((5, 4), (20, 2), (21, 3)):
        for subject in subjects[:many]:
            reporting.file_directly(
                subject, reporting.make_period(), at(f"2026-10-{day:02d} 09:00"), net_revenue=100 + day
            )
    assert sums(10, 20, 21) == [420, 420, 105 + 3 * 121]


def test_returned_report_leaves_a_sum_with_others_and_never_two_alone():
    late = [file(amount) for amount in (100, 200, 300, 400, 500)]
    by = factories.make_staff("register")
    for day, report in zip((20, 21, 22), late[:3], strict=True):
        moment = at(f"2026-10-{day} 09:00")
        ReportAnswer.objects.create(report=report, answer="returned", remarks="x", at=moment, by=by)
    assert sums(10, 20, 21, 22) == [1500, 1500, 1500, None]
    file(700, moment=at("2026-10-23 09:00"))
    assert sums(21, 23) == [1500, 1600]


def test_answer_to_a_replaced_version_changes_nothing():
    subjects = [reporting.make_subject() for _n in range(3)]
    old = [reporting.file_directly(subject, reporting.make_period(), net_revenue=100) for subject in subjects]
    for subject in subjects:
        reporting.file_directly(subject, reporting.make_period(), at("2026-10-09 09:00"), net_revenue=110)
    for report in old:
        ReportAnswer.objects.create(
            report=report,
            answer="returned",
            remarks="x",
            at=at("2026-10-12 09:00"),
            by=factories.make_staff("register"),
        )
    assert sums(10, 13) == [330, 330]


def test_coverage_tells_how_many_of_how_many():
    for amount in (100, 200, 300):
        file(amount)
    reporting.make_subject()
    told = {row.code: row.ask(ASKED).value for row in figures.COVERAGE}
    assert told == {"enterprises_reported": 3, "enterprises_owing": 4}


def test_zones_with_few_enterprises_are_counted_together():
    assert figures.together({1: 7, 2: 7, 3: 7, 4: 8, 5: 9, 6: 9, 7: 9}, 3) == [(9, 3), (0, 4)]
    assert figures.together({1: 7}, 3) == [(0, 1)]


@pytest.mark.parametrize("indicator", figures.INDICATORS, ids=lambda one: one.code)
def test_value_is_the_sum_of_its_rows(indicator):
    said = {"net_revenue": 100, "exports": 50, "imports": 20, "budget": 10, "capital_realised": 500}
    said |= {"workers_vietnamese": 30, "workers_foreign": 2}
    for _number in range(3):
        for origin in ("fdi", "ddi"):
            reporting.file_directly(reporting.make_subject(origin=origin), reporting.make_period(), **said)
    rows = indicator.source.rows(ASKED)
    assert indicator.ask(ASKED).value == sum(row["amount"] for row in rows) > 0
    assert all(row.get("enterprises", row["amount"]) >= 3 for row in rows)


@pytest.mark.parametrize("count", [3, 6])
def test_figure_asks_the_same_however_many_reports(count, django_assert_num_queries):
    for amount in range(count):
        file(amount + 1)
    with django_assert_num_queries(7):
        assert REVENUE.value(ASKED) == sum(range(1, count + 1))
