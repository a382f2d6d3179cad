"""What a file looks like that goes out: typed cells, lists to choose from, keys, and nothing that calculates."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.utils.translation import override
from python_calamine import CalamineWorkbook

from izportal import workbooks
from izportal.cells import DateCell, NumberCell, to_text
from izportal.workbooks import KEY_HEADING, Column, Table, sheet_name, table_of, tokens, write_csv, write_excel
from tests import factories
from zones.models import Plot
from zones.resources import PlotResource, ZoneResource

pytestmark = pytest.mark.django_db


def book_of(table):
    target = io.BytesIO()
    write_excel(table, target)
    return openpyxl.load_workbook(target)


def plots():
    return table_of(PlotResource(), Plot.objects.order_by("code"))


@pytest.fixture
def plot():
    return factories.make_plot(
        "007", price=Decimal("92.5"), price_currency="USD", price_basis="m2_term", price_on=date(2026, 2, 5),
        description_vi="=1+1", term_until=2055,
    )  # fmt: skip


@pytest.fixture
def row(plot):
    sheet = book_of(plots()).worksheets[0]
    return {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}


# Cells --------------------------------------------------------------------------------------------
def test_cells_are_typed(row):
    assert (row["Số lô"].value, row["Số lô"].number_format) == ("007", "@")
    assert (row["Giá"].value, row["Giá"].number_format) == (92.5, "#,##0.00")
    assert (row["Giá tính đến ngày"].value.date(), row["Giá tính đến ngày"].number_format) == (
        date(2026, 2, 5), "dd/mm/yyyy",
    )  # fmt: skip
    assert (row["Thời hạn đất đến năm"].value, row["Thời hạn đất đến năm"].number_format) == (2055, "0")
    assert (row["Loại"].value, row["Công bố"].value, row["Mô tả tiếng Anh"].value) == ("Đất công nghiệp", "Có", None)


def test_text_is_never_a_formula(row):
    assert (row["Mô tả"].value, row["Mô tả"].data_type) == ("'=1+1", "s")


def test_columns_to_be_read_only_are_grey(row):
    shades = {name: row[name].fill.fgColor.rgb for name in ("Tình trạng", "Số lô")}
    assert shades == {"Tình trạng": "FFF2F2F2", "Số lô": "00000000"}


@pytest.mark.parametrize(
    "text", ["<r><t>x</t></r>", "a & b < c", "_x000D_", "dòng 1\ndòng 2", "\ttab", "'=1", "+84 208", "@x", "a;=1"]
)
def test_awkward_text_is_read_back(plot, text):
    Plot.objects.update(description_vi=text)
    target = io.BytesIO()
    write_excel(plots(), target)
    headings, row = CalamineWorkbook.from_filelike(io.BytesIO(target.getvalue())).get_sheet_by_index(0).to_python()
    assert to_text(row[headings.index("Mô tả")]) == text.strip()


def test_text_that_no_cell_holds_is_cut_with_a_mark(plot):
    Plot.objects.update(description_vi="x" * 40_000)
    sheet = book_of(plots()).worksheets[0]
    [text] = [cell.value for cell in sheet[2] if str(cell.value).startswith("xx")]
    assert (len(text), text.endswith(workbooks.CUT)) == (32_767, True)


class Given(Table):
    """A table of values that no database would keep as they are."""

    def lines(self):
        return iter(self.rows)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("cell", "value", "written"),
    [
        (NumberCell(), Decimal("12345678901234.56"), "12345678901234.56"), (NumberCell(), Decimal("1E+3"), 1000),
        (DateCell(), date(1899, 5, 1), "01/05/1899"),
    ],
)  # fmt: skip
def test_value_that_excel_would_not_keep_is_a_text(cell, value, written):
    table = Given("=Bảng", (Column("=Cột", "x", cell),), [(value, "1:a")])
    sheet = book_of(table).worksheets[0]
    assert [sheet.title, sheet["A1"].value, sheet["A2"].value] == ["Bảng", "'=Cột", written]


def test_file_is_vietnamese_whoever_sends_for_it(plot):
    with override("en"):
        row = [cell.value for cell in book_of(plots()).worksheets[0][2]]
    assert "Đất công nghiệp" in row


# Pages --------------------------------------------------------------------------------------------
def test_heading_stays_in_sight_and_lists_are_offered(plot):
    book = book_of(plots())
    sheet, lists = book.worksheets[0], book["Danh mục"]
    offered = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert (sheet.freeze_panes, lists.sheet_state, sheet.auto_filter.ref) == ("A2", "hidden", "A1:Y2")
    assert offered["B2:B1048576"] == "'Danh mục'!$A$1:$A$1"
    assert lists["A1"].value == "SC2"


def test_guide_explains_each_column(plot):
    rows = [[cell.value for cell in row] for row in book_of(plots())["Hướng dẫn"].iter_rows()]
    told = {row[0]: row[1:] for row in rows}
    assert told["Loại"][:2] == ["Chọn trong danh sách", "Sửa được"]
    assert told["Tình trạng"][1] == "Chỉ để xem"


def test_template_has_what_comes_in_and_no_row():
    sheet = book_of(table_of(ZoneResource(), None)).worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    assert (sheet.max_row, headings[0], KEY_HEADING in headings) == (1, "Mã khu", False)


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("title", "name"), [("=Lô/đất", "Lô-đất"), ("'", "Bảng"), ("a" * 40, "a" * 31), ("[x]:*?", "x----")]
)
def test_name_of_a_sheet_is_one_that_excel_takes(title, name):
    assert sheet_name(title) == name


# Keys ---------------------------------------------------------------------------------------------
def test_key_stands_hidden_at_the_end_and_moves_with_what_comes_in(plot):
    sheet = book_of(plots()).worksheets[0]
    key = sheet[2][-1].value
    assert (sheet[1][-1].value, sheet.column_dimensions["Y"].hidden) == (KEY_HEADING, True)
    assert key == f"{plot.pk}:{tokens(PlotResource(), [plot.pk])[plot.pk]}"
    Plot.objects.update(confirmed_on=date(2026, 3, 3))
    assert key.endswith(tokens(PlotResource(), [plot.pk])[plot.pk])
    Plot.objects.update(area_m2=1)
    assert not key.endswith(tokens(PlotResource(), [plot.pk])[plot.pk])


# Many rows ----------------------------------------------------------------------------------------
def test_rows_cost_one_query_and_are_told_by_the_thousand(django_assert_num_queries, monkeypatch):
    monkeypatch.setattr(workbooks, "TOLD_EVERY", 2)
    for number in range(3):
        factories.make_plot(str(number))
    told, table = [], plots()
    with django_assert_num_queries(1):
        assert write_csv(table, io.BytesIO(), told=told.append) == 3
    assert told == [2]


def test_csv_is_plain(plot):
    target = io.BytesIO()
    write_csv(plots(), target)
    lines = target.getvalue().decode("utf-8-sig").splitlines()
    assert lines[0].startswith('"Mã lô","Khu công nghiệp"')
    assert '"92.5","USD","mỗi m² cả thời hạn","2026-02-05","2055"' in lines[1]
    assert '"\'=1+1"' in lines[1]
