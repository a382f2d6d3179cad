"""The sums that figures are read from say what the register says, whatever was written, corrected or taken back."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import F

from izportal.appendonly import removal
from izportal.indicators import Asked
from izportal.statistics import records, registry
from projects import ledger
from projects.figures import cells, course, in_turn, lives, moved, posting, proving, register
from projects.models import Change, Classification, Contribution, Posting, Project, Tally, Unposted
from tests import factories, histories

pytestmark = pytest.mark.django_db
LAST = date(2026, 6, 30)
YEAR = Asked(histories.LAST, since=histories.FIRST)
FILTERS = {
    "zone": ("song-cong-2", "yen-binh"), "sector": ("C", "25", "26"), "country": ("KR", "JP", "VN"),
    "origin": ("fdi", "ddi"),
}  # fmt: skip


def by_sql(statement):
    """Past the portal, the guards of its tables taken away."""
    with connection.cursor() as cursor:
        for table in ("projects_change", "projects_classification", "projects_contribution"):
            for guard in removal(table, connection.vendor):
                cursor.execute(guard)
        cursor.execute(statement)


def some_deed(chance, project, day, at):
    """One deed of any kind; the ledger may refuse it."""
    basis = ledger.Basis(f"{chance.random()}", day)
    common = {"basis": basis, "by": None, "at": at}
    rate = {"rate": Decimal(chance.choice((23_100, 24_700))), "rate_on": day, "rate_source": "NHNN"}
    vnd = ledger.Capital(
        vnd=Decimal(chance.randint(1, 999) * 1_000_000_007), **(rate if chance.random() < 0.9 else {})
    )
    money = vnd if project.origin == "ddi" else histories.dollars(chance.randint(1, 9_000_000))
    stands = Change.objects.filter(project=project, superseded_by=None).order_by(chance.choice(("pk", "-pk")))
    last = stands.exclude(stands_as__in=("content", "suspended", "resumed", "correction"))
    sector = factories.make_sector(chance.choice(("25", "26")))
    shares = [ledger.Share(factories.make_investor(f"Mẫu {chance.random()}", chance.choice(FILTERS["country"])))]
    deeds = (
        lambda: ledger.adjust_capital(project=project, to=money, **common),
        lambda: ledger.adjust_capital(project=project, to=money, **common),
        lambda: ledger.suspend(project=project, **common),
        lambda: ledger.resume(project=project, **common),
        lambda: ledger.terminate(project=project, is_revoked=chance.random() < 0.5, **common),
        lambda: ledger.reclassify(project=project, sector=sector, **common),
        lambda: ledger.transfer(project=project, shares=shares, **common),
        lambda: ledger.transfer(project=project, shares=shares, origin="ddi", to=vnd, **common),
        lambda: ledger.correct(change=last[0], capital=money, note="x", **common),
        lambda: ledger.correct(change=last[0], effective_on=last[0].effective_on + timedelta(20), note="x", **common),
        lambda: ledger.annul(change=last[0], note="x", **common),
        lambda: histories.register_late(project, chance.randint(1, 9) * 1_000_000, day - timedelta(90), at),
    )
    chance.choice(deeds)()


def lived(chance, deeds=15):
    """A planted register after some more deeds, entered in a row; returns moments between them."""
    projects, at, moments = histories.projects(), histories.entered(histories.LAST), []
    for _n in range(deeds):
        at += timedelta(days=chance.randint(0, 8), hours=1)
        moments.append(at + timedelta(minutes=30))
        try:
            some_deed(chance, chance.choice(projects), at.date() - timedelta(chance.choice((0, 0, 60))), at)
        except ledger.LedgerRefused:
            continue
        if chance.random() < 0.3:
            posting.level()
    return moments


def some_question(chance, moments):
    on = histories.FIRST + timedelta(chance.randint(0, (LAST - histories.FIRST).days))
    asked = Asked(
        on, since=on - timedelta(chance.randint(0, 400)), known=chance.choice((None, chance.choice(moments)))
    )
    names = chance.sample(list(FILTERS), chance.choice((0, 0, 1, 1, 2)))
    return asked.of(**{name: chance.choice(FILTERS[name]) for name in names})


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.prove) for seed in range(1, 40))])
def test_sums_say_what_the_rows_say(seed):
    chance = random.Random(seed)
    moments = lived(chance)
    for _n in range(2):
        asked = some_question(chance, moments)
        told = cells.values(cells.by_zone_and_sector(asked))
        for row in (*register.INDICATORS, *moved.INDICATORS):
            if all(name in row.filters for name in FILTERS if getattr(asked, name)):
                assert (row.code, told.get(row.code, 0), asked) == (row.code, row.ask(asked).value, asked)
        for code, value in {**course.standing(asked), **lives.of_period(asked)}.items():
            assert (code, value, asked) == (code, registry.of(code).ask(asked).value, asked)


def test_what_came_and_went_is_told_by_years_before_the_last_months():
    histories.plant()
    asked = Asked(date(2029, 3, 14))
    told = {key: cells.values(rows, flows_of_all=True) for key, rows in cells.by_key(cells.by_month(asked)).items()}
    assert all(month.month == 1 for month in told)
    for month, values in told.items():
        year = Asked(month.replace(month=12, day=31), since=month)
        assert values.get("new_projects", 0) == registry.of("new_projects").ask(year).value
    monthly = cells.by_key(cells.by_month(Asked(date(2027, 12, 31))))
    assert [f"{month:%m/%Y}" for month in sorted(monthly)][:2] == ["01/2024", "01/2025"]


def test_write_is_noted_and_read_with_the_next_figure():
    histories.plant()
    posting.level()
    assert Unposted.objects.count() == 0
    histories.deed(ledger.adjust_capital, histories.projects()[10], date(2026, 1, 5), to=histories.dollars(50_000_000))
    assert set(Unposted.objects.values_list("project_id", flat=True)) == {histories.projects()[10].pk}
    asked = Asked(date(2026, 1, 31))
    raised = cells.values(cells.whole(asked))["capital_increase_usd"]
    assert (raised, Unposted.objects.count()) == (39_000_000, 0)


@pytest.mark.parametrize(
    ("write", "projects"),
    [
        ("UPDATE projects_change SET note = 'x' WHERE id = (SELECT MIN(id) FROM projects_change)", 1),
        ("UPDATE projects_classification SET origin = 'ddi'", 12),
        ("UPDATE projects_contribution SET capital_usd = 1", 12),
        ("UPDATE projects_project SET is_sample = is_sample", 12),
        ("UPDATE projects_investor SET country_id = 'JP' WHERE country_id = 'VN'", 5),
    ],
)
def test_writes_by_sql_are_noted_too(write, projects):
    histories.plant()
    posting.level()
    by_sql(write)
    assert Unposted.objects.values("project_id").distinct().count() == projects
    posting.level()
    assert list(proving.differences(on=LAST)) == []


def test_project_that_is_gone_leaves_no_sum():
    histories.plant(True)
    posting.level()
    assert Tally.objects.exclude(life=0).exists()
    for model in (Contribution, Classification, Change, Project):
        model.objects.filter(is_sample=True)._raw_delete("default")
    posting.level()
    posting.tidy()
    assert (Posting.objects.count(), Tally.objects.count(), list(proving.differences(on=LAST))) == (0, 0, [])


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (Posting, "Phần của dự án {row.project.code} trong số liệu không như sổ ghi."),
        (Tally, "Số cộng tháng {row.month:%m/%Y} không bằng phần của các dự án."),
    ],
)
def test_sum_changed_by_sql_is_named(model, said):
    histories.plant()
    posting.level()
    row = model.objects.order_by("pk").first()
    model.objects.filter(pk=row.pk).update(usd=F("usd") + 1)
    assert said.format(row=row) in list(proving.differences(on=LAST))
    posting.renew()
    assert list(proving.differences(on=LAST)) == []


def test_figure_that_is_counted_otherwise_is_named():
    histories.plant()
    posting.level()
    year = Tally.objects.filter(country="", origin="fdi", zone=None, is_year=True).first()
    Tally.objects.filter(pk=year.pk).update(life=F("life") + 1)
    wrong = [(code, used - counted) for code, counted, used in proving.miscounted(YEAR)]
    assert wrong[:2] == [("projects", 1), ("fdi_projects", 1)]


def test_tidy_sums_are_fewer_and_say_the_same():
    histories.plant()
    for project in histories.projects():
        posting.level()
        project.save()
    before, told = Tally.objects.count(), cells.values(cells.whole(YEAR))
    posting.tidy()
    assert (Tally.objects.count() <= before, cells.values(cells.whole(YEAR)) == told) == (True, True)


@pytest.mark.parametrize("many", [1, 3])
def test_noted_projects_are_posted_by_the_same_queries(many, django_assert_num_queries):
    for _n in range(many):
        factories.make_project()
    with django_assert_num_queries(13):
        posting.level()
    with django_assert_num_queries(1):
        posting.level()


@pytest.mark.parametrize("few", [0, 200])
@pytest.mark.parametrize("filters", [{}, {"zone": "yen-binh", "known": histories.entered(date(2025, 6, 1))}])
def test_page_of_a_stock_is_the_part_of_its_rows(filters, few, monkeypatch):
    monkeypatch.setattr(in_turn, "FEW", few)
    histories.plant()
    for code in ("projects", "fdi_capital_usd"):
        source, asked = registry.of(code).source, YEAR.of(**filters)
        for sort in ("", "-code", "certificate_on", "-amount", "zone", "-name", "sector", "source_of_capital"):
            rows = [row["code"] for row in records.ordered(source.rows(asked), sort)]
            pages = in_turn.InTurn(source, asked, len(rows), sort)
            parts = [[row["code"] for row in pages[n : n + 3]] for n in (0, 3, len(rows) - 2, 40)]
            assert (code, sort, parts) == (code, sort, [rows[:3], rows[3:6], rows[-2:], []])


def test_capital_at_the_rate_of_a_decision_is_told_to_the_cent(make_project):
    project, day = make_project(origin="ddi", on=date(2025, 1, 2)), date(2025, 3, 3)
    rate = {"rate": Decimal(23_100), "rate_on": day, "rate_source": "NHNN"}
    to, basis = ledger.Capital(vnd=Decimal(819_000_003_983), **rate), ledger.Basis("1/QĐ", day)
    ledger.adjust_capital(project=project, to=to, basis=basis, by=None, at=histories.entered(day))
    last = registry.of("total_capital_in_usd").source.rows(Asked(LAST))[1]
    posting.level()
    posted = Posting.objects.get(day=day, country="").dollars
    assert (last["amount"], posted) == (Decimal("24632034.80"), Decimal("24632034.80"))


def test_projects_without_plots_are_those_that_hold_none(make_plot, make_project):
    make_project(plot=make_plot("CN-01"))
    make_project(), make_project(origin="ddi")
    code = "projects_without_plots"
    for asked in (Asked(LAST), Asked(LAST, origin="fdi"), Asked(LAST, country="VN"), Asked(date(2020, 1, 1))):
        assert course.standing(asked)[code] == registry.of(code).ask(asked).value
    assert course.standing(Asked(LAST))[code] == 2
