"""The figures that the board publishes: stated and computed apart, each with its records."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from izportal import statistics
from izportal.indicators import Asked
from izportal.models import StatedFigure
from izportal.statistics import registry
from projects import figures
from projects.figures import posting
from tests import factories

pytestmark = pytest.mark.django_db


def state(indicator, value, day=date(2020, 12, 31), **fields):
    return StatedFigure.objects.create(indicator=indicator, value=value, as_of=day, source_vi="Bài của Ban", **fields)


def report(on=None):
    asked = Asked(on or timezone.localdate(), is_sample=figures.counts_sample())
    return statistics.report(asked, at=timezone.now())


def compared():
    asked = Asked(timezone.localdate(), is_sample=figures.counts_sample())
    stated = statistics.board_statement(statistics.statements())
    rows = statistics.compare(stated, lambda code: registry.of(code).ask(asked))
    return {row.computed.indicator.code: row for row in rows}


def total_of(response):
    return int(re.search(r'id="results"[^>]*data-total="(\d+)"', response.content.decode()).group(1))


def test_statements_come_by_day_without_figures_of_a_period():
    state("projects", 250, date(2021, 3, 29))
    state("projects", 236)
    state("new_fdi_projects", 4, date(2021, 3, 31), period="2021-Q1")
    assert [(row.as_of.year, row.get("projects").value) for row in statistics.statements()] == [
        (2020, 236),
        (2021, 250),
    ]


def test_comparison_puts_the_stated_total_beside_fdi_capital(make_project):
    make_project(usd="8412000000")
    make_project(origin="ddi")
    state("total_capital_usd", Decimal("8400000000"), is_at_least=True)
    capital = compared()["fdi_capital_usd"]
    assert (capital.stated_text, capital.is_otherwise_worded) == ("> 8.400", True)
    assert (capital.stated.value, capital.computed.value, capital.difference) == (8400000000, 8412000000, 12000000)


def test_comparison_without_a_statement_has_no_difference(make_project):
    make_project()
    assert {row.difference for row in compared().values()} == {None}


def test_land_of_the_report_follows_the_register_when_it_turns_real(make_plot, make_project):
    make_plot("CN-01", is_sample=True)
    assert report().land_total.plots == 1
    make_project()
    assert report().land_total.plots == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_report_takes_the_same_queries_for_any_number_of_rows(
    rows, make_plot, make_project, django_assert_num_queries
):
    for n in range(rows):
        make_project(plot=make_plot(f"CN-0{n}"))
    posting.level()
    with django_assert_num_queries(15):
        assert report().total.projects == rows


def test_each_figure_leads_to_a_list_as_long_as_itself(client, make_plot, make_project):
    make_project(plot=make_plot("CN-01"))
    make_project(origin="ddi", zone=factories.make_zone("yen-binh", "YB", "Yên Bình"))
    found = report()
    for filters, number in (
        ({}, 2),
        ({"origin": "fdi"}, 1),
        ({"zone": "yen-binh"}, 1),
        ({"country": "KR"}, 1),
        ({"sector": "25"}, 2),
    ):
        assert total_of(client.get(found.projects_url(**filters))) == number
    assert total_of(client.get(found.plots_url(status="any"))) == found.land_total.plots


def test_list_behind_a_figure_keeps_real_and_sample_rows_apart(client, make_project):
    make_project(is_sample=True)
    make_project()
    assert total_of(client.get(report().projects_url())) == 1
    assert total_of(client.get("/du-an/")) == 2


@pytest.mark.parametrize("rows", [1, 3])
def test_statistics_page_takes_the_same_queries_for_any_number_of_rows(
    client, rows, make_project, django_assert_num_queries
):
    for n in range(rows):
        make_project(zone=factories.make_zone(f"khu-{n}", f"K{n}", f"Khu {n}"))
    posting.level()
    with django_assert_num_queries(61):
        response = client.get("/thong-ke/")
    assert total_of(response) == rows


@pytest.mark.parametrize("day", ["31/12/2021", "2021-12-31"])
def test_statistics_page_shows_the_day_asked_for(client, make_project, day):
    make_project(on=date(2021, 5, 10))
    make_project(on=date(2022, 5, 10))
    response = client.get("/thong-ke/", {"on": day})
    assert total_of(response) == 1
    assert "/thong-ke/so-lieu/projects/?on=2021-12-31&amp;data=real" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("on=99/99/9999", "Không đọc được ngày này"),
        ("on=hom-nay", "Không đọc được ngày này"),
        ("on=%00", "Không đọc được ngày này"),
        ("on=01/01/2999", "không muộn hơn hôm nay"),
        ("known=01/01/0001", "Ngày sớm nhất"),
        ("on=01/01/2020&on=01/01/2021", "chỉ nhận một giá trị"),
    ],
)
def test_statistics_page_tells_a_bad_day_and_shows_no_figure(client, make_project, query, sentence):
    make_project()
    response = client.get(f"/thong-ke/?{query}")
    assert sentence in response.content.decode()
    assert "report" not in response.context
    assert total_of(response) == 0
