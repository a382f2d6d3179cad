"""The capital of both origins in one currency: at the rates of the decisions, or at that of one day."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from izportal.indicators import Asked
from izportal.statistics import citing, registry
from projects import ledger
from projects.figures import rates
from tests import factories, histories

pytestmark = pytest.mark.django_db
DAY = date(2025, 12, 31)


def of_the_day(on=DAY, **asked):
    return registry.of(rates.CODE).ask(Asked(on, **asked))


def rated(project, billions, rate, on, *, source="Ngân hàng Nhà nước"):
    """The capital of a domestic project is set anew by a decision that states a rate."""
    to = ledger.Capital(vnd=Decimal(billions) * 10**9, rate=Decimal(rate), rate_on=on, rate_source=source)
    return histories.deed(ledger.adjust_capital, project, on, to=to)


@pytest.fixture
def domestic(make_project):
    """Beside a foreign project of 12.5 million USD; its rates are those of March and of June."""
    make_project()
    project = make_project(origin="ddi", vnd="200000000000")
    rated(project, 240, 24000, date(2025, 3, 3))
    rated(project, 250, 25000, date(2025, 6, 2))
    return project


@pytest.mark.parametrize(("day", "million"), [(None, "22.5"), (date(2025, 6, 2), "22.5"), (date(2025, 6, 1), None)])
def test_total_uses_the_rate_of_the_day_that_is_chosen(domestic, day, million):
    expected = Decimal(million) * 10**6 if million else Decimal(12_500_000) + Decimal(250 * 10**9) / 24000
    assert of_the_day(rate_on=day).value == expected


def test_total_of_the_day_is_the_sum_of_its_records(domestic):
    number = of_the_day(rate_on=date(2025, 4, 1))
    rows = list(number.indicator.source.rows(number.asked))
    assert [(row["own_usd"], row["own_vnd"], row["amount"]) for row in rows] == [
        (12500000, None, 12500000), (None, 250 * 10**9, Decimal("10416666.67")),
    ]  # fmt: skip
    assert round(number.value, 2) == sum(row["amount"] for row in rows)
    assert [(row["at_rate"], row["at_rate_on"], row["at_rate_source"]) for row in rows] == [
        (None, None, None), (24000, date(2025, 3, 3), "Ngân hàng Nhà nước"),
    ]  # fmt: skip


def test_total_of_a_day_before_every_rate_is_not_given(domestic, client):
    number = of_the_day(rate_on=date(2025, 1, 1))
    assert (number.value, list(number.indicator.source.rows(number.asked))) == (None, [])
    page = client.get(number.url).content.decode()
    assert "Chưa cộng được: sổ chưa có tỷ giá nào của ngày 01/01/2025 hoặc trước đó." in page


def test_total_as_known_uses_the_rate_that_was_known(domestic):
    known = factories.at("2025-05-05 09:00")
    assert of_the_day(known=known).value == Decimal(12_500_000) + 10_000_000
    histories.correct(
        domestic.changes.get(rate_on=date(2025, 6, 2)), histories.dong(10**9), factories.at("2026-02-02")
    )
    assert of_the_day(known=known).note.startswith("theo tỷ giá 24.000 VND/USD ngày 03/03/2025")


def test_total_says_by_which_rate_on_its_page_and_when_cited(domestic, client):
    number = of_the_day()
    said = f"theo tỷ giá 25.000 VND/USD ngày 02/06/2025, nguồn: Ngân hàng Nhà nước (ghi tại {number_of(domestic)})"
    response = client.get(number.url)
    assert (number.note, response.content.decode().count(said)) == (said, 2)
    assert said in response.context["citations"][0].text


@pytest.mark.parametrize(
    ("value", "said"),
    [(1, "theo tỷ giá ghi trong từng quyết định"), (None, "Chưa cộng được: có quyết định không ghi")],
)
def test_total_at_the_rates_of_decisions_says_so_or_why_not(value, said):
    number = registry.of("total_capital_in_usd").number(Asked(DAY), value)
    assert number.note.startswith(said)
    assert citing._note(number) == ([said] if value else [])


def number_of(project):
    return project.changes.latest("pk").decision_number


def test_page_keeps_the_chosen_day_in_its_address(domestic, client):
    page = client.get(reverse("statistics"), {"on": "31/12/2025", "rate": "01/04/2025"}).content.decode()
    assert f"{rates.CODE}/?on=2025-12-31&amp;rate=2025-04-01&amp;data=real" in page
    assert "theo tỷ giá 24.000 VND/USD ngày 03/03/2025" in page and "có quyết định không ghi tỷ giá" in page
    assert "/so-lieu/projects/?on=2025-12-31&amp;data=real" in page


def test_page_tells_a_rate_day_that_cannot_be_read(domestic, client):
    response = client.get(reverse("statistics"), {"rate": "hom-nay"})
    assert "Không đọc được ngày này" in response.content.decode() and "told" not in response.context


def test_total_that_moved_is_told_project_by_project(domestic):
    source = registry.of(rates.CODE).source
    before, after = (Asked(day, rate_on=date(2025, 6, 2)) for day in (date(2025, 5, 1), DAY))
    assert [(move.what, move.amount) for move in source.moves(before, after)] == [(domestic.code, 400_000)]
