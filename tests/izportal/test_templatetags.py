"""How money, areas, dates and states read in Vietnamese and in English."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils import translation

from izportal.templatetags.badge import due_word, weeks_of

NBSP = "\N{NO-BREAK SPACE}"
PLAIN_STATIC_FILES = "django.contrib.staticfiles.storage.StaticFilesStorage"


def render(source: str, language: str = "vi", **context) -> str:
    with translation.override(language):
        return Template("{% load area money date badge %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "value", "vi", "en"),
    [
        ("{{ x|number }}", Decimal("1420.5"), "1.420,5", "1,420.5"),
        ("{{ x|number:2 }}", Decimal("7.2"), "7,20", "7.20"),
        ("{{ x|number }}", Decimal("-3.5"), "−3,5", "−3.5"),
        ("{{ x|ha }}", Decimal("38.5000"), f"38,5{NBSP}ha", f"38.5{NBSP}ha"),
        ("{{ x|ha }}", Decimal("1420"), f"1.420{NBSP}ha", f"1,420{NBSP}ha"),
        ("{{ x|ha }}", Decimal("0.1234"), f"0,1234{NBSP}ha", f"0.1234{NBSP}ha"),
        ("{{ x|m2 }}", 65000, f"65.000{NBSP}m²", f"65,000{NBSP}m²"),
        ("{{ x|usd }}", Decimal("12500000.00"), f"12.500.000{NBSP}USD", f"12,500,000{NBSP}USD"),
        ("{{ x|percent }}", Decimal("64.95"), "65%", "65%"),
        ("{{ x|percent:1 }}", Decimal("64.93"), "64,9%", "64.9%"),
        ('{{ x|unit:"USD/m²" }}', 92, f"92{NBSP}USD/m²", f"92{NBSP}USD/m²"),
    ],
)
def test_number_follows_the_language(source, value, vi, en):
    assert (render(source, "vi", x=value), render(source, "en", x=value)) == (vi, en)


@pytest.mark.parametrize(
    ("source", "value", "words"),
    [
        ("{{ x|musd }}", Decimal("8412300000"), f"8.412,3{NBSP}triệu{NBSP}USD"),
        ("{{ x|bnvnd }}", Decimal("15497000000000"), f"15.497{NBSP}tỷ{NBSP}đồng"),
        ("{{ x|vnd }}", 150000, f"150.000{NBSP}đồng"),
    ],
)
def test_vietnamese_unit_stays_with_its_number(source, value, words):
    assert render(source, x=value) == words


@pytest.mark.parametrize("name", ["number", "ha", "m2", "percent", "usd", "musd", "bnvnd", "day", "moment"])
def test_absent_value_is_a_dash_and_a_word(name):
    assert render("{{ x|" + name + " }}", x=None) == '<span aria-hidden="true">—</span><span class="vh">chưa có</span>'


def test_text_where_a_number_was_expected_is_shown_escaped():
    assert render("{{ x|number }}", x="<b>") == "&lt;b&gt;"


def test_day_reads_day_first_in_both_languages():
    expected = '<time datetime="2026-09-30">30/09/2026</time>'

    assert [render("{{ x|day }}", language, x=date(2026, 9, 30)) for language in ("vi", "en")] == [expected] * 2


def test_moment_is_told_by_the_clock_of_the_board():
    at = datetime(2026, 10, 15, 18, 40, tzinfo=UTC)

    assert render("{{ x|moment }}", x=at) == f'<time datetime="2026-10-16T01:40+07:00">16/10/2026{NBSP}01:40</time>'
    assert render("{{ x|day }}", x=at) == '<time datetime="2026-10-16">16/10/2026</time>'


def test_sample_flag_marks_invented_rows_only():
    rows = [SimpleNamespace(is_sample=True), SimpleNamespace(is_sample=False)]

    assert [render("{% flag_sample row %}", row=row) for row in rows] == ['<span class="flag">Minh họa</span>', ""]


@pytest.mark.parametrize(
    ("state", "days", "word"),
    [
        ("late", -2, f"Quá 2{NBSP}ngày"),
        ("late", 2, f"Quá 2{NBSP}ngày"),
        ("soon", 2, f"Còn 2{NBSP}ngày"),
        ("running", 6, f"Còn 6{NBSP}ngày"),
        ("today", 0, "Hôm nay"),
        ("paused", 3, "Tạm dừng"),
        ("done", None, "Đã trả kết quả"),
    ],
)
def test_due_word_says_what_is_left(state, days, word):
    with translation.override("vi"):
        assert due_word(state, days) == word


def test_due_shows_a_shape_beside_the_word(settings):
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": PLAIN_STATIC_FILES}}

    html = render("{% due standing %}", standing=SimpleNamespace(state="late", days=-2))

    assert '<span class="due due--late">' in html and "#i-s-late" in html and f"Quá 2{NBSP}ngày</span>" in html


def test_due_of_a_dossier_without_a_clock_is_empty():
    assert render("{% due standing %}", standing=None).strip() == ""


def test_ruler_fills_uncounted_weekdays_and_keeps_a_worked_saturday():
    days = [
        SimpleNamespace(on=date(2026, 8, 20), marks="start"),
        SimpleNamespace(on=date(2026, 8, 22), marks="done today"),
    ]

    (week,) = weeks_of(days)

    assert week["first"] == date(2026, 8, 17)
    assert [cell["css"] for cell in week["cells"]] == ["is-out"] * 3 + ["is-start", "is-out", "is-done is-today"]
