"""The sheet of a report: how numbers are read, what follows from the rest, and what must hold across its lines."""

from datetime import date
from decimal import Decimal

import pytest

from projects.reports import filing, lines
from tests.factories import at
from tests.projects import reporting

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject():
    return reporting.make_subject()


@pytest.fixture
def period():
    return reporting.make_period()


def read(period, subject, **changed):
    form = filing.open_form(period, subject, reporting.sheet(**changed))
    form.is_valid()
    return form


def test_form_reads_numbers_as_both_languages_type_them(period, subject):
    form = read(period, subject, imports__period="1,234.5", imports__total="1.234,5")
    assert form.errors == {}
    assert form.values["imports"] == {"period": "1234.5", "total": "1234.5"}
    assert form.values["exports"] == {"period": "400000", "total": "1200000"}


def test_form_names_a_cell_that_is_no_number(period, subject):
    form = read(period, subject, imports__period="năm trăm")
    assert form.errors == {"imports--period": ["“năm trăm” không phải là số. Ví dụ số đúng: 1.234,5."]}


def test_form_asks_for_what_is_required(period, subject):
    form = read(period, subject, budget__period="")
    assert form.errors == {"budget--period": ["Chưa ghi; ghi 0 nếu không phát sinh."]}


def test_form_takes_no_negative_number_but_where_the_line_does(period, subject):
    form = read(period, subject, imports__period="-5", reinvested__period="-1", loans_parent__period="-7")
    assert form.errors["imports--period"] == ["Dòng này không nhận số âm."]
    assert form.errors["reinvested--period"] == ["Dòng này không nhận số âm."]
    assert "loans_parent--period" not in form.errors


def test_sum_is_filled_in_from_its_parts(period, subject):
    parts = {"loans_domestic__period": "300", "loans_parent__period": "-100", "reinvested__period": "50"}
    form = read(period, subject, capital_realised__period="", **parts)
    assert form.errors == {}
    assert form.values["loans"]["period"] == "200"
    assert form.values["capital_realised"]["period"] == "250"
    assert form.values["workers"]["total"] == "125"


def test_sum_that_differs_from_its_parts_is_told(period, subject):
    form = read(period, subject, loans__period="300", reinvested__period="50")
    assert form.errors["capital_realised--period"] == [
        "Phải bằng vốn góp + vốn vay + lợi nhuận tái đầu tư = 350 USD; để trống, cổng tự cộng."
    ]


def test_contributed_capital_is_the_sum_over_the_investors(period, subject):
    key = subject.project.contributions.get().investor_id
    parts = {f"contributed_cash:{key}--period": "400", f"contributed_machinery:{key}--period": "600,5"}
    form = filing.open_form(period, subject, {**reporting.sheet(capital_realised__period=""), **parts})
    assert form.is_valid()
    assert form.values["contributed"]["period"] == "1000.5"
    assert form.values["capital_realised"]["period"] == "1000.5"
    assert form.values[f"contributed_cash:{key}"] == {"period": "400"}


def test_exports_above_revenue_pass_only_with_a_reason(period, subject):
    form = read(period, subject, exports__period="500.001")
    key = "reason--exports.period"
    assert list(form.errors) == [key]
    assert "Xuất khẩu (trong quý) lớn hơn Doanh thu thuần (500.000 USD)." in form.errors[key][0]
    settled = filing.open_form(period, subject, {**form.data, key: "Gia công cho công ty mẹ"})
    assert settled.is_valid()
    assert settled.reasons["exports.period"]["text"] == "Gia công cho công ty mẹ"


def test_two_currencies_are_compared_by_the_rate_of_the_period_alone(period):
    domestic = reporting.make_subject(origin="ddi")
    assert read(period, domestic, exports__period="400").errors == {}
    period.exchange_rate, period.rate_on, period.rate_source = Decimal(26000), date(2026, 9, 30), "NHNN"
    assert list(read(period, domestic, exports__period="400").errors) == [
        "reason--exports.period", "reason--exports.total",
    ]  # fmt: skip


def test_cumulative_amount_follows_from_the_period_before(period, subject):
    reporting.make_report(subject, period=reporting.make_period("2026-Q2"), moment=at("2026-07-02 09:00"))
    form = read(period, subject, net_revenue__total="")
    assert form.values["net_revenue"] == {"period": "500000", "total": "2000000"}


def test_cumulative_amount_below_the_period_before_needs_a_reason(period, subject):
    reporting.make_report(subject, period=reporting.make_period("2026-Q2"), moment=at("2026-07-02 09:00"))
    form = read(period, subject, imports__total="299.999")
    assert form.errors == {
        "reason--imports.grows": ["Lũy kế nhỏ hơn kỳ trước (300.000 USD). Nếu số đúng, hãy ghi lý do."]
    }


def test_cumulative_amount_is_not_below_that_of_the_period(period, subject):
    form = read(period, subject, imports__total="99.999")
    assert form.errors == {"imports--total": ["Lũy kế không được nhỏ hơn số của kỳ này."]}


def test_new_sheet_begins_with_what_stood_in_the_period_before(period, subject):
    reporting.make_report(subject, period=reporting.make_period("2026-Q2"), moment=at("2026-07-02 09:00"))
    form = filing.open_form(period, subject)
    assert form.initial == {
        "workers_vietnamese--total": "120", "workers_foreign--total": "5", "workers--total": "125",
    }  # fmt: skip
    shown = [row for part in form.parts() for row in part["rows"] if row["row"].key == "imports"]
    assert shown[0]["before"] == [("Trong quý", "100000"), ("Lũy kế / cuối kỳ", "300000")]


@pytest.mark.parametrize("kind", ["quarter", "year", "developer_half", "developer_year"])
def test_every_form_names_lines_that_exist_and_checks_that_fit(kind):
    form = lines.forms()[kind]
    named = {check[place] for check in form.checks for place in ("whole", "line", "than") if place in check}
    assert named <= set(form.lines)
    assert {part for check in form.checks for part in check.get("parts", ())} <= set(form.lines)
    assert {line.unit for line in form.lines.values()} <= {*lines.UNITS, "own"}
