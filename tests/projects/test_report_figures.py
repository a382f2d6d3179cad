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


def test_zones_with_few_enterprises_stand_together_and_leave_no_rest_that_tells():
    for amount in (100, 200, 300, 400):
        file(amount)
    file(7, zone=factories.make_zone("yen-binh", "YB", "Yên Bình"))
    rows = REVENUE.rows(ASKED)
    assert [(row["zone"], row["enterprises"], row["amount"]) for row in rows] == [("Các khu còn lại", 5, 1007)]
    for amount in (8, 9):
        file(amount, zone=factories.make_zone("yen-binh", "YB", "Yên Bình"))
    found = {row["zone"]: (row["enterprises"], row["amount"]) for row in REVENUE.rows(ASKED)}
    assert found == {"Sông Công II": (4, 1000), "Yên Bình": (3, 24)}


def test_returned_report_is_not_counted_and_the_moment_known_decides():
    for amount in (100, 200, 300):
        file(amount)
    late = file(400, moment=at("2026-10-20 09:00"))
    before = ASKED.of(known=at("2026-10-10 09:00"))
    assert (REVENUE.value(before), REVENUE.value(ASKED)) == (Decimal(600), Decimal(1000))
    ReportAnswer.objects.create(
        report=late, answer="returned", remarks="x", at=at("2026-10-25 09:00"), by=factories.make_staff("register")
    )
    middle = ASKED.of(known=at("2026-10-22 09:00"))
    assert [REVENUE.value(asked) for asked in (before, middle, ASKED)] == [600, 1000, 600]


def test_coverage_tells_how_many_of_how_many():
    for amount in (100, 200, 300):
        file(amount)
    reporting.make_subject()
    assert figures.coverage(ASKED) == (3, 4)


@pytest.mark.parametrize("indicator", figures.INDICATORS, ids=lambda one: one.code)
def test_value_is_the_sum_of_its_rows(indicator):
    said = {"net_revenue": 100, "exports": 50, "imports": 20, "budget": 10, "capital_realised": 500}
    said |= {"workers_vietnamese": 30, "workers_foreign": 2}
    for _number in range(3):
        for origin in ("fdi", "ddi"):
            reporting.file_directly(reporting.make_subject(origin=origin), reporting.make_period(), **said)
    rows = indicator.source.rows(ASKED)
    assert indicator.ask(ASKED).value == sum(row["amount"] for row in rows) > 0
    assert all(row["enterprises"] >= 3 for row in rows)


@pytest.mark.parametrize("count", [3, 6])
def test_figure_asks_the_same_however_many_reports(count, django_assert_num_queries):
    for amount in range(count):
        file(amount + 1)
    with django_assert_num_queries(7):
        assert REVENUE.value(ASKED) == sum(range(1, count + 1))
