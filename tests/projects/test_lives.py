"""How long projects lived, year by year of their end: each median is that of the records behind it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from izportal.indicators import Asked
from izportal.statistics import overview, registry, sections
from projects import ledger
from projects.figures import lives
from tests import histories

pytestmark = pytest.mark.django_db
YEAR = Decimal("365.25")


@pytest.fixture
def ended(make_project):
    """(Year of the end, days of the life) of four projects; the last is entered late."""
    for ended_on, days in (
        (date(2023, 3, 1), 400), (date(2025, 2, 3), 100), (date(2025, 6, 3), 900), (date(2025, 9, 9), 300),
    ):  # fmt: skip
        project = make_project(on=ended_on - timedelta(days))
        histories.deed(ledger.terminate, project, ended_on)


def told(asked):
    return sections.of(overview.of(asked), is_narrowed=True)[0].lives


def test_median_is_told_for_each_year_in_which_projects_ended(ended):
    asked = Asked(date(2025, 12, 31), since=date(2020, 1, 1))
    assert lives.by_year(asked) == {2023: 400 / YEAR, 2025: 300 / YEAR}
    assert [label for label, _number, _none in told(asked)] == ["2023", "2025"]


def test_median_of_a_year_is_the_answer_to_its_own_question(ended):
    for label, number, _none in told(Asked(date(2025, 8, 1))):
        assert (label, number.value) == (label, registry.of("ended_life_median_years").ask(number.asked).value)
    assert (number.asked.start, number.asked.on, number.value) == (date(2025, 1, 1), date(2025, 8, 1), 500 / YEAR)


def test_median_of_a_year_is_that_which_was_known(ended):
    known = histories.entered(date(2025, 6, 3))
    assert [number.value for _label, number, _none in told(Asked(date(2025, 12, 31), known=known))] == [
        400 / YEAR, 500 / YEAR,
    ]  # fmt: skip


def test_page_draws_the_lives_and_links_each(ended, client):
    page = client.get(reverse("statistics"), {"on": "31/12/2025"}).content.decode()
    assert "Đời dự án theo năm kết thúc" in page
    assert "/so-lieu/ended_life_median_years/?on=2023-12-31&amp;since=2023-01-01&amp;data=real" in page


def test_page_without_an_end_draws_nothing(make_project, client):
    make_project()
    assert "Đời dự án theo năm kết thúc" not in client.get(reverse("statistics")).content.decode()
