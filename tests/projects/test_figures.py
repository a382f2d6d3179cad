"""Indicators of the register: each a sum over standing changes, true on a day, as known, by the class of that day."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from izportal.indicators import Asked
from projects import figures, ledger
from projects.figures import cells, posting, register
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 3)
BY_CODE = {row.code: row for row in register.INDICATORS}


def value(code, on=TODAY, **asked):
    return BY_CODE[code].ask(Asked(on, **asked)).value


def basis(day, number="7/QĐ-BQL"):
    return ledger.Basis(number, day)


def adjust(project, usd, day, at):
    return ledger.adjust_capital(
        project=project, to=ledger.Capital(Decimal(usd)), basis=basis(day), by=None, at=at, note="thử"
    )


def test_fdi_is_counted_in_usd_and_ddi_in_vnd(make_project):
    make_project(usd="12500000", vnd="328125000000")
    make_project(origin="ddi", vnd="250000000000")
    assert [value(code) for code in ("projects", "fdi_projects", "ddi_projects")] == [2, 1, 1]
    assert [value("fdi_capital_usd"), value("ddi_capital_vnd")] == [12500000, 250000000000]


def test_stock_follows_changes_by_their_day(make_project, moment):
    adjust(make_project(usd="10000000"), 30000000, date(2025, 1, 5), moment)
    days = (date(2021, 5, 9), date(2025, 1, 4), date(2025, 1, 5))
    assert [value("fdi_capital_usd", day) for day in days] == [0, 10000000, 30000000]


def test_stock_as_known_leaves_out_what_was_entered_later(make_project):
    make_project(on=date(2021, 5, 10))
    before = datetime(2021, 5, 10, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert value("projects", known=before) == 0


def test_ended_project_leaves_the_stock_on_its_day(make_project, moment):
    ledger.terminate(project=make_project(), basis=basis(date(2024, 1, 5)), by=None, at=moment)
    assert [value("projects", day) for day in (date(2024, 1, 4), date(2024, 1, 5))] == [1, 0]
    assert value("fdi_capital_usd", date(2024, 1, 5)) == 0


def test_sample_projects_count_only_while_there_is_no_real_one(make_project):
    make_project(is_sample=True)
    assert figures.counts_sample() is True
    assert (value("projects", is_sample=True), value("projects")) == (1, 0)
    make_project()
    assert figures.counts_sample() is False


@pytest.mark.parametrize(
    ("filters", "number"),
    [
        ({"zone": "song-cong-2"}, 1),
        ({"zone": "yen-binh"}, 1),
        ({"origin": "ddi"}, 1),
        ({"sector": "26"}, 1),
        ({"sector": "C"}, 2),
        ({"country": "KR"}, 1),
        ({"country": "KR", "zone": "yen-binh"}, 0),
    ],
)
def test_filters_narrow_a_stock(make_project, filters, number):
    section = factories.make_sector("25")
    section.parent = type(section).objects.create(code="C", name_vi="Chế biến, chế tạo", name_en="C", level=1)
    section.save()
    factories.make_sector("26")
    type(section).objects.filter(code="26").update(parent="C")
    make_project(sector=factories.make_sector("26"))
    make_project(origin="ddi", zone=factories.make_zone("yen-binh", "YB", "Yên Bình"))
    assert value("projects", **filters) == number
    told = list(BY_CODE["projects"].source.rows(Asked(TODAY, **filters)))
    assert sum(row["amount"] for row in told) == number


def test_flows_are_told_by_kind_and_direction(make_project, moment):
    project = make_project(usd="10000000", on=date(2025, 2, 1))
    adjust(project, 30000000, date(2025, 3, 5), moment)
    adjust(project, 25000000, date(2025, 4, 5), moment)
    ledger.terminate(project=project, basis=basis(date(2025, 5, 5)), by=None, at=moment, is_revoked=True)
    year = {"on": date(2025, 12, 31), "since": date(2025, 1, 1)}
    codes = ("new_fdi_capital_usd", "capital_increase_usd", "capital_decrease_usd", "ended_capital_usd")
    assert [value(code, **year) for code in codes] == [10000000, 20000000, 5000000, 25000000]
    counted = ("new_projects", "capital_increases", "capital_decreases", "revoked_projects", "terminated_projects")
    assert [value(code, **year) for code in counted] == [1, 1, 1, 1, 0]


def test_flow_ends_and_begins_with_whole_days(make_project, moment):
    adjust(make_project(usd="10000000"), 30000000, date(2025, 3, 5), moment)
    days = ((5, 5), (6, 31), (1, 4))
    found = [value("capital_increases", date(2025, 3, last), since=date(2025, 3, first)) for first, last in days]
    assert found == [1, 0, 0]


def test_every_indicator_is_the_sum_of_its_rows_and_of_its_cells(make_project, moment):
    first, second = make_project(usd="10000000"), make_project(usd="20000000")
    make_project(origin="ddi")
    adjust(first, 30000000, date(2025, 3, 5), moment)
    adjust(second, 15000000, date(2025, 3, 5), moment)
    ledger.terminate(project=first, basis=basis(date(2025, 6, 5)), by=None, at=moment)
    asked = Asked(TODAY, since=date(2021, 1, 1))
    read = cells.values(cells.by_zone_and_sector(asked))
    for row in register.INDICATORS:
        told = sum(line["amount"] for line in row.source.rows(row.narrowed(asked)))
        assert (row.code, told, read.get(row.code, 0)) == (row.code, row.ask(asked).value, told)


@pytest.mark.parametrize("rows", [1, 3])
def test_cells_take_the_same_queries_for_any_number_of_projects(rows, make_project, django_assert_num_queries):
    for _n in range(rows):
        make_project()
    asked = Asked(TODAY)
    posting.level()
    with django_assert_num_queries(6):
        whole = cells.by_zone_and_sector(asked)
        cells.by_month(asked), cells.by_country(asked)
    assert cells.values(whole)["projects"] == rows


def test_country_counts_a_project_once_however_many_investors(make_project):
    project = make_project()
    change = project.changes.get()
    for name, country in (("Mẫu Nhật", "JP"), ("Mẫu Hàn", "KR")):
        investor = factories.make_investor(name, country)
        project.contributions.create(
            investor=investor, change=change, starts_on=change.effective_on, recorded_at=change.recorded_at
        )
    asked = Asked(TODAY, since=date(2021, 1, 1))
    groups = cells.by_key(cells.by_country(asked))
    found = {code: cells.values(rows) for code, rows in groups.items()}
    assert {code: (row["projects"], row["new_projects"]) for code, row in found.items()} == {
        "KR": (1, 1),
        "JP": (1, 1),
    }
    assert found["KR"]["fdi_capital_usd"] == 12500000


def test_by_zone_names_every_zone(make_project):
    factories.make_zone("yen-binh", "YB", "Yên Bình")
    make_project()
    assert [(row.key, row.projects) for row in figures.by_zone(on=TODAY)] == [("song-cong-2", 1), ("yen-binh", 0)]


def test_by_zone_is_kept_until_the_register_changes(make_project, django_assert_num_queries, moment):
    make_project()
    figures.by_zone(on=TODAY)
    with django_assert_num_queries(3):
        assert figures.by_zone(on=TODAY)[0].projects == 1
    make_project()
    assert figures.by_zone(on=TODAY)[0].projects == 2


def test_same_question_as_known_stands_whatever_comes_later(make_project):
    project = make_project(usd="10000000", on=date(2021, 5, 10))
    known = datetime(2026, 3, 3, 9, 15, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    later = known + timedelta(days=1)
    before = value("fdi_capital_usd", known=known)
    ledger.correct(
        change=project.changes.get(), capital=ledger.Capital(Decimal(7000000)), basis=basis(date(2026, 3, 4)), by=None,
        at=later, note="Ghi nhầm số vốn",
    )  # fmt: skip
    assert (before, value("fdi_capital_usd", known=known), value("fdi_capital_usd")) == (10000000, 10000000, 7000000)
