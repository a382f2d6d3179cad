"""Sheets in and out: what is refused as a whole, rows and columns as the reader counts them, nothing calculated."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
import tablib

from izportal import sheets
from izportal.cells import Broken, unguarded
from tests.factories import at


def excel(*rows, change=None):
    """An .xlsx file of these rows; `change` may alter the sheet before it is saved."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book.active)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refusal_of(data):
    with pytest.raises(sheets.SheetRefused) as refusal:
        sheets.read(data)
    return str(refusal.value)


# Reading ------------------------------------------------------------------------------------------
def test_read_numbers_rows_as_the_file_does():
    sheet = sheets.read(excel(["Mã lô", "Giá"], ["SC2-01", 5], [], [None, None], ["SC2-02", None]))
    assert (sheet.headers, sheet.numbers) == (["Mã lô", "Giá"], [2, 5])
    assert list(sheet) == [("SC2-01", 5), ("SC2-02", None)]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_read_csv_finds_its_separator(separator):
    lines = [separator.join(["Mã lô", "Diện tích"]), separator.join(["SC2-01", '"1.234,5"']), "", "SC2-02" + separator]
    sheet = sheets.read("\r\n".join(lines).encode("utf-8-sig"))
    assert list(sheet) == [("SC2-01", "1.234,5"), ("SC2-02", None)]
    assert sheet.numbers == [2, 4]


def test_read_csv_skips_the_note_of_its_separator():
    assert sheets.read("sep=;\r\nMã lô;Giá\r\nA;5\r\n".encode()).headers == ["Mã lô", "Giá"]


def test_read_csv_of_excel_in_unicode():
    assert list(sheets.read("Mã lô\tGiá\r\nA\t5\r\n".encode("utf-16"))) == [("A", "5")]


def test_read_keeps_the_zeros_of_a_code_shown_with_them():
    def as_code(sheet):
        sheet["A2"].number_format = "0000"

    assert list(sheets.read(excel(["Mã"], [7], change=as_code))) == [("0007",)]


def test_read_takes_no_formula_without_a_result():
    def calculated(sheet):
        sheet["B2"] = "=1+1"

    [(code, value)] = sheets.read(excel(["Mã lô", "Giá"], ["A", 1], change=calculated))
    assert (code, value) == ("A", Broken("Ô là công thức chưa có kết quả. Hãy dán giá trị thay cho công thức."))


def test_read_gives_a_heading_back_without_its_guard():
    assert sheets.read(b"'=A1,B\n1,2\n").headers == ["=A1", "B"]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "Bảng không có dòng nào."), (excel(), "Bảng không có dòng nào."),
        (b"A" * (sheets.MAX_BYTES + 1), "Tệp lớn hơn 20,0\N{NO-BREAK SPACE}MB."),
        (b'A\n"mo', "Tệp CSV hỏng: một ô mở ngoặc kép mà không đóng, hoặc quá dài."),
        (excel(["A"])[:900], "Tệp bị hỏng hoặc chưa đầy đủ nên không mở được. Hãy kiểm tra rồi tải lên lại."),
    ],
)  # fmt: skip
def test_read_refuses_with_a_sentence(data, sentence):
    assert refusal_of(data) == sentence


def test_read_refuses_another_encoding():
    assert refusal_of("Mã lô,Giá\n".encode("utf-16-le")[1:]).startswith("Tệp không phải Excel (.xlsx)")


def test_read_refuses_a_file_that_unpacks_too_large():
    out = io.BytesIO(excel(["A"], [1]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/extra.bin", bytes(21 * 2**20))
    assert refusal_of(out.getvalue()) == "Nội dung nén trong tệp bung ra quá lớn nên không được nhận."


def test_read_tells_what_to_do_with_an_old_or_locked_workbook():
    assert refusal_of(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)) == (
        "Tệp là Excel đời cũ (.xls) hoặc có mật khẩu. Hãy mở bằng Excel, bỏ mật khẩu nếu có, rồi lưu lại thành .xlsx."
    )


def test_read_sees_rows_that_the_file_keeps_quiet_about():
    out = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(excel(["A"], [1], [2])))
    with zipfile.ZipFile(out, "w") as package:
        for name in source.namelist():
            package.writestr(name, source.read(name).replace(b'<dimension ref="A1:A3"', b'<dimension ref="A1:A2"'))
    assert list(sheets.read(out.getvalue())) == [(1,), (2,)]


# Writing ------------------------------------------------------------------------------------------
def table():
    rows = ("=cmd|' /C calc'!A0", Decimal("1234.50"), date(2026, 2, 5), None), ("007", 5, None, "a;=1")
    return tablib.Dataset(*rows, headers=["=Mã", "Số", "Ngày", "Ghi chú"])


def test_excel_cells_are_typed_and_none_is_a_formula():
    sheet = openpyxl.load_workbook(io.BytesIO(sheets.Excel().export_data(table()))).active
    assert [[cell.value for cell in row] for row in sheet["A1:D3"]] == [
        ["'=Mã", "Số", "Ngày", "Ghi chú"],
        ["'=cmd|' /C calc'!A0", 1234.5, sheet["C2"].value, None],
        ["007", 5, None, "a;'=1"],
    ]
    assert sheet["C2"].value.date() == date(2026, 2, 5)
    assert {cell.data_type for row in sheet for cell in row} == {"s", "n", "d"}


def test_what_excel_would_change_is_written_as_text():
    row = (date(1850, 12, 31), 10**16, Decimal("1234567890123456.50"), at("2026-03-03 09:15"), True)
    data = sheets.Excel().export_data(tablib.Dataset(row, headers=list("ABCDE")))
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    told = [cell.value for cell in sheet[2]]
    assert told == ["31/12/1850", "10000000000000000", "1234567890123456.5", datetime(2026, 3, 3, 9, 15), True]  # noqa: DTZ001


def test_csv_cells_are_plain_and_none_is_a_formula():
    assert sheets.Csv().export_data(table()).decode("utf-8-sig").splitlines() == [
        '"\'=Mã","Số","Ngày","Ghi chú"',
        '"\'=cmd|\' /C calc\'!A0","1234.5","2026-02-05",""',
        '"007","5","","a;\'=1"',
    ]


@pytest.mark.parametrize("form", sheets.FORMATS)
def test_what_is_written_is_read_back(form):
    sheet = sheets.read(form().export_data(table()))
    assert sheet.headers == ["=Mã", "Số", "Ngày", "Ghi chú"]
    assert [unguarded(row[0]) for row in sheet] == ["=cmd|' /C calc'!A0", "007"]
