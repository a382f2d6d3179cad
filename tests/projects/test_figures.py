"""Indicators of the register: counted once, in their own currency, on a day, as known, in few queries."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from projects import figures, ledger
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 3)


def test_total_counts_fdi_in_usd_and_ddi_in_vnd(make_project):
    make_project(usd="12500000", vnd="328125000000")
    make_project(origin="ddi", vnd="250000000000")
    whole = figures.total(figures.entries(on=TODAY))
    assert (whole.projects, whole.fdi, whole.ddi) == (2, 1, 1)
    assert (whole.fdi_usd, whole.ddi_vnd) == (Decimal(12500000), Decimal(250000000000))


def test_total_follows_changes_by_their_day(make_project, moment):
    project = make_project(usd="10000000", on=date(2021, 5, 10))
    basis = ledger.Basis("7/QĐ-BQL", date(2025, 1, 5))
    ledger.adjust_capital(project=project, to=ledger.Capital(Decimal(30000000)), basis=basis, by=None, at=moment)
    capital = [
        figures.total(figures.entries(on=day)).fdi_usd
        for day in (date(2021, 5, 9), date(2025, 1, 4), date(2025, 1, 5))
    ]
    assert capital == [0, Decimal(10000000), Decimal(30000000)]


def test_total_as_known_leaves_out_what_was_entered_later(make_project):
    make_project(on=date(2021, 5, 10))
    before = datetime(2021, 5, 10, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert figures.total(figures.entries(on=TODAY, known=before)).projects == 0


def test_ended_projects_leave_the_figures(make_project, moment):
    ledger.terminate(project=make_project(), basis=ledger.Basis("9/QĐ-BQL", date(2024, 1, 5)), by=None, at=moment)
    assert figures.total(figures.entries(on=date(2024, 1, 4))).projects == 1
    assert figures.total(figures.entries(on=date(2024, 1, 5))).projects == 0


def test_sample_projects_count_only_while_there_is_no_real_one(make_project):
    make_project(is_sample=True)
    make_project(is_sample=True)
    assert figures.counts_sample() is True
    assert figures.total(figures.entries(on=TODAY)).projects == 2
    make_project()
    assert figures.counts_sample() is False
    assert figures.total(figures.entries(on=TODAY)).projects == 1


def test_by_zone_names_every_zone(make_project):
    factories.make_zone("yen-binh", "YB", "Yên Bình")
    make_project()
    assert [(group.key, group.projects) for group in figures.by_zone(figures.entries(on=TODAY))] == [
        ("song-cong-2", 1),
        ("yen-binh", 0),
    ]


def test_by_country_counts_a_joint_project_in_each_country_once(make_project):
    project = make_project()
    for name, country in (("Mẫu Nhật", "JP"), ("Mẫu Hàn", "KR")):
        factories.add_investor(project, factories.make_investor(name, country))
    groups = figures.by_country(figures.entries(on=TODAY))
    assert sorted((group.key, group.fdi, group.fdi_usd) for group in groups) == [
        ("JP", 1, 12500000),
        ("KR", 1, 12500000),
    ]


def test_by_sector_puts_the_largest_first(make_project):
    make_project(sector=factories.make_sector("26"))
    make_project()
    make_project()
    assert [(group.key, group.projects) for group in figures.by_sector(figures.entries(on=TODAY))] == [
        ("25", 2),
        ("26", 1),
    ]


@pytest.mark.parametrize("rows", [1, 3])
def test_figures_take_the_same_queries_for_any_number_of_projects(rows, make_project, django_assert_num_queries):
    for _n in range(rows):
        make_project()
    with django_assert_num_queries(7):
        found = figures.entries(on=TODAY)
        [figures.by_zone(found), figures.by_country(found), figures.by_sector(found)]
    assert len(found) == rows
