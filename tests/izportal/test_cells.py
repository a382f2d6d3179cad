"""What a cell says: numbers and dates as people type them, codes with their zeros, texts that nothing calculates."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from izportal import cells


@pytest.mark.parametrize(
    ("written", "places", "meant"),
    [
        ("1.234,5", 2, "1234.5"),
        ("1,234.5", 2, "1234.5"),
        ("1 234,5", 2, "1234.5"),
        ("31500", 2, "31500"),
        ("31.500", 2, "31500"),
        ("1.234.567", 2, "1234567"),
        ("1,234,567.25", 2, "1234567.25"),
        ("31500,5", 2, "31500.5"),
        ("0,5", 2, "0.5"),
        ("21,48013", 5, "21.48013"),
        ("21.480", 5, "21.480"),
        ("-12,5", 2, "-12.5"),
        (31500.5, 2, "31500.5"),
        (0.1 + 0.2, 1, "0.3"),
        (250, 2, "250"),
    ],
)
def test_number_is_read_as_it_is_written(written, places, meant):
    assert cells.to_number(written, places=places) == Decimal(meant)


@pytest.mark.parametrize("written", ["", None, "  "])
def test_number_of_an_empty_cell_is_none(written):
    assert cells.to_number(written) is None


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("65 nghìn", "“65 nghìn” không phải là số. Ví dụ số đúng: 1.234,5."),
        ("1.234.5", "“1.234.5” không phải là số. Ví dụ số đúng: 1.234,5."),
        ("1 2", "“1 2” không phải là số. Ví dụ số đúng: 1.234,5."),
        ("1e5", "“1e5” không phải là số. Ví dụ số đúng: 1.234,5."),
        ("0,125", "Nhiều hơn 2 chữ số thập phân."),
        ("9" * 400, "Số quá lớn."),
        (float("nan"), "Số quá lớn."),
        (True, "Không phải là số."),
        (date(2026, 1, 1), "Không phải là số."),
        (cells.Broken("Công thức bị lỗi #REF!."), "Công thức bị lỗi #REF!."),
    ],
)
def test_number_that_is_none_is_refused_with_a_sentence(written, sentence):
    with pytest.raises(ValueError, match=".") as refusal:
        cells.to_number(written)
    assert str(refusal.value) == sentence


MIDNIGHT = datetime(2026, 2, 5)  # noqa: DTZ001 - as a spreadsheet gives it


@pytest.mark.parametrize(
    "written", ["05/02/2026", "5/2/2026", "05-02-2026", "05.02.2026", "2026-02-05", 46058, MIDNIGHT, date(2026, 2, 5)]
)
def test_date_is_read_day_first(written):
    assert cells.to_date(written) == date(2026, 2, 5)


@pytest.mark.parametrize("written", ["31/02/2026", "05/02/26", "tháng 2", 2026, "46058", 10**9, True])
def test_date_that_is_none_is_refused(written):
    with pytest.raises(ValueError, match="Không phải là ngày. Ví dụ ngày đúng: 31/12/2026."):
        cells.to_date(written)


@pytest.mark.parametrize(
    ("written", "text"), [("007", "007"), (7, "7"), (7.0, "7"), (" CN-05 ", "CN-05"), (None, ""), ("Sông", "Sông")]
)
def test_text_keeps_what_was_typed(written, text):
    assert cells.to_text(written) == text


@pytest.mark.parametrize(
    ("written", "meant"), [("Có", True), ("co", True), ("KHÔNG", False), (True, True), ("", None)]
)
def test_yes_and_no_are_read_without_marks(written, meant):
    assert cells.to_yes_no(written) is meant


@pytest.mark.parametrize(
    ("written", "key"), [("Kho", "w"), ("kho", "w"), ("w", "w"), ("ĐẤT CÔNG NGHIỆP", "l"), ("", "")]
)
def test_choice_is_read_by_label_or_key(written, key):
    assert cells.choice_of(written, [("l", "Đất công nghiệp"), ("w", "Kho")]) == key


def test_choice_that_is_unknown_names_the_known_ones():
    with pytest.raises(ValueError, match="“Ruộng” không có trong danh mục: Kho, Đất."):
        cells.choice_of("Ruộng", [("w", "Kho"), ("l", "Đất")])


def test_near_miss_is_named():
    names = ["KCN Sông Công II", "KCN Điềm Thụy"]
    assert cells.did_you_mean("Khu Sông Công II", names) == " Có phải “KCN Sông Công II”?"
    assert cells.did_you_mean("Bình Dương", names) == ""


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+84 208", "'+84 208"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r=1"),
        (" =1", "' =1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("a;=1+1", "a;'=1+1"),
        ("a\t=1+1", "a\t'=1+1"),
        ("'=1", "''=1"),
        ("Lô CN-05", "Lô CN-05"),
        ("a\x00b", "ab"),
    ],
)
def test_formula_is_written_as_text(text, written):
    assert cells.neutral(text) == written


@pytest.mark.parametrize("value", [5, Decimal("-5"), None, date(2026, 1, 1), True])
def test_value_that_is_no_text_is_left_alone(value):
    assert cells.neutral(value) is value


@given(st.text(alphabet="=+-@'; \t|ab1\uff1d", max_size=12))
def test_neutralised_text_begins_no_formula_and_is_read_back_whole(text):
    written = cells.neutral(text)
    assert not written.lstrip(" ")[:1] or written.lstrip(" ")[0] not in "=+-@\t\uff1d"
    assert cells.unguarded(written) == text


def test_control_characters_are_refused():
    with pytest.raises(ValueError, match="Có ký tự điều khiển không đọc được."):
        cells.to_text("CN\x00-05")
