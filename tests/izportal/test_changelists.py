"""Lists of the back office with many rows: their pages, their counts and the line of days above them."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from izportal.backoffice import changelists
from projects.models import Change, Project

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(staff):
    """`listed(Model, query)`: the list as somebody of the register sees it."""
    person = staff("register")

    def ask(model, query=""):
        request = RequestFactory().get(f"/{query}")
        request.user = person
        return admin.site._registry[model].get_changelist_instance(request)

    return ask


@pytest.fixture
def years(make_project):
    """Changes of three years; of one of those between there is none."""
    return [make_project(on=date(year, 5, 10)) for year in (2021, 2022, 2024)]


def titles(told):
    return [choice["title"] for choice in told["choices"]]


def test_few_rows_show_the_years_they_have(listed, years):
    assert titles(changelists.days_of(listed(Change))) == ["2021", "2022", "2024"]


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", ["2021", "2022", "2023", "2024"]),
        ("?effective_on__year=2024", ["05/2024"]),
        ("?effective_on__year=2024&effective_on__month=5", ["10/05"]),
        ("?effective_on__year=2024&effective_on__month=5&effective_on__day=10", ["10/05"]),
        ("?effective_on__year=2023", []),
    ],
)
def test_many_rows_show_the_years_between_their_ends(listed, years, monkeypatch, query, shown):
    monkeypatch.setattr(changelists, "FEW", 0)
    assert titles(changelists.days_of(listed(Change, query))) == shown


def test_a_day_far_off_leaves_the_line_as_it_was(listed, make_project, monkeypatch):
    monkeypatch.setattr(changelists, "FEW", 0)
    make_project(on=date(2021, 5, 10))
    Change.objects.bulk_create(
        [Change(project=Project.objects.get(), kind="content", stands_as="content", effective_on=date(9999, 12, 31),
                decision_on=date(2021, 5, 10), recorded_at=timezone.now())]
    )  # fmt: skip
    assert titles(changelists.days_of(listed(Change))) == ["2021", "9999"]


# Pages --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("order", ["", "&o=-7", "&o=8", "&o=-5.6"])
def test_a_page_holds_the_rows_that_come_next(listed, years, monkeypatch, order):
    kept_by = admin.site._registry[Project]
    whole = [row.pk for row in listed(Project, f"?{order}").result_list]
    monkeypatch.setattr(kept_by, "list_per_page", 2)
    pages = [[row.pk for row in listed(Project, f"?p={number}{order}").result_list] for number in (1, 2)]
    assert pages == [whole[:2], whole[2:]]


def test_a_page_is_read_with_what_its_rows_show(listed, years, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(admin.site._registry[Project], "list_per_page", 2)
    rows = listed(Project).result_list
    with django_assert_num_queries(1):
        told = [(row.zone.code, row.status, row.registered_usd) for row in rows]
    assert told == [("SC2", "in_force", 12_500_000)] * 2


def test_rows_are_counted_anew_after_a_write_only(listed, years, make_project, django_assert_num_queries):
    listed(Project)
    with CaptureQueriesContext(connection) as first:
        assert listed(Project, "?status=in_force").result_count == 3
    with django_assert_num_queries(len(first) - 1):
        assert listed(Project, "?status=in_force").result_count == 3
    make_project(on=date(2025, 1, 1))
    assert [listed(Project, f"?status={state}").result_count for state in ("in_force", "revoked")] == [4, 0]


def test_nothing_is_offered_to_be_done_to_no_rows(listed, years):
    assert (listed(Project).show_admin_actions, listed(Project, "?q=khongco").show_admin_actions) == (True, False)
