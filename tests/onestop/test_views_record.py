"""Pages of the counter's record: each figure leads to a list as long as itself, and nobody's dossier is named."""

import io
import re
from datetime import date

import openpyxl
import pytest
import time_machine

from izportal.models import Division
from onestop import periods
from onestop.models import Dossier, Field, Procedure
from tests import factories
from tests.factories import at
from tests.lives import ask, lived, mended, rated

pytestmark = pytest.mark.django_db
PAGE, LIST, TABLE = "/thong-ke/thu-tuc/", "/thong-ke/thu-tuc/ho-so/", "/thong-ke/thu-tuc/tien-do/"
SHEET = "/thong-ke/thu-tuc/tien-do/excel/"


@pytest.fixture(autouse=True)
def scene(catalogue):
    with time_machine.travel(at("2026-07-01 10:00"), tick=False):
        yield catalogue


def total_of(response):
    return int(re.search(r'id="results"[^>]*data-total="(\d+)"', response.content.decode()).group(1))


def every_kind():
    """One or two dossiers of every fate in March 2026."""
    for done in ("03-13", "03-16"):
        lived(done=done)
    mended(lived(done="03-17"), "03-20")
    mended(lived("02-02", due="02-16", done="02-12"), "03-20")
    mended(lived("02-02", due="02-16", done="02-13"), "03-20", "revoke")
    lived("02-27", done="03-20", code="1.009647")
    lived("02-20", due="03-06", channel="post")
    lived(due="05-20", channel="counter")
    ask(ask(lived(due="05-20", channel="national"), "03-10", "03-11"), "03-20", cycle=2)
    lived(ended="03-10")
    lived(ended="03-25", end="stopped")
    lived(None, ended="03-05", end="intake_refused")
    lived(None, ended="03-06")


def links(response):
    found = re.findall(rf'<a href="({LIST}\?[^"]+)">([\d.]+)</a>', response.content.decode())
    return [(address.replace("&amp;", "&"), int(number)) for address, number in found]


@pytest.mark.parametrize(("address", "least"), [(PAGE, 40), (TABLE, 30), (TABLE + "?by=division&x=", 16)])
def test_each_figure_leads_to_a_list_as_long_as_itself(client, address, least):
    every_kind()
    page = client.get(f"{address}{'' if '?' in address else '?'}&period=2026-03")
    found = links(page)
    assert len(found) >= least
    assert [total_of(client.get(target)) for target, _n in found] == [number for _target, number in found]


def test_figures_of_a_span_of_days_lead_there_too(client):
    every_kind()
    found = links(client.get(PAGE, {"since": "10/03/2026", "until": "20/04/2026"}))
    assert len(found) > 20
    assert [total_of(client.get(target)) for target, _n in found] == [number for _target, number in found]


def test_page_tells_both_rates_apart(client):
    first, last = at("2026-03-16 17:00"), at("2026-03-20 17:00")
    lived(done="03-19", promised=[(at("2026-03-02 10:00"), first), (at("2026-03-13 09:00"), last)])
    lived(done="03-12")
    page = client.get(PAGE, {"period": "2026-03"})
    assert (page.context["total"].first_rate, page.context["total"].rate) == (50, 100)
    assert ">50%</a>" in page.content.decode() and ">100%</a>" in page.content.decode()


def test_page_counts_the_requests_of_each_procedure_and_in_all(client):
    dossier = lived(due="05-20")
    ask(dossier, "03-10", "03-11")
    ask(dossier, "03-20", "03-23", cycle=2)
    page = client.get(PAGE, {"period": "2026-03"})
    (row,) = page.context["rows"]
    assert [(tally.requests, tally.requests_beyond) for tally in (row, page.context["total"])] == [(2, 1)] * 2
    assert "yêu cầu bổ sung hồ sơ 2 lần khi thẩm định, trong đó 1 lần vượt" in page.content.decode()


def test_page_draws_the_months_and_tells_them_as_a_table(client):
    lived(done="03-13")
    page = client.get(PAGE).content.decode()
    assert page.count('class="chart ') == 2
    assert [f"Tháng {month}/2026" in page for month in (1, 3, 7, 8)] == [True, True, True, False]


def test_page_of_one_procedure(client):
    lived()
    lived(code="1.009647")
    page = client.get(PAGE, {"procedure": "1.009647"})
    assert (total_of(page), page.context["rows"]) == (1, [])
    assert '<a href="/thu-tuc/1.009647/">' in page.content.decode()


def test_page_stands_empty(client):
    page = client.get(PAGE)
    assert (page.status_code, total_of(page), "Minh họa" in page.content.decode()) == (200, 0, False)


def test_sample_dossiers_are_marked(client):
    lived(is_sample=True)
    assert [("Minh họa" in client.get(address).content.decode()) for address in (PAGE, LIST, TABLE)] == [True] * 3


BAD = [
    ("period=2026-13", "Không đọc được kỳ này"),
    ("period=%00", "không đọc được"),
    ("period=hôm nay", "Không đọc được kỳ này"),
    ("period=2026-08", "chưa bắt đầu"),
    ("period=0000", "Không đọc được kỳ này"),
    ("period=2026&period=2025", "chỉ nhận một giá trị"),
    ("period=2026&since=01/01/2026", "không dùng cả hai"),
    ("since=05/03/2026&until=04/03/2026", "phải từ ngày bắt đầu"),
    ("until=04/03/2026", "Ghi cả ngày bắt đầu"),
    ("since=99/99/2026", "Không đọc được ngày này"),
    ("since=01/08/2026", "không muộn hơn hôm nay"),
]


@pytest.mark.parametrize(("query", "sentence"), BAD)
@pytest.mark.parametrize("address", [PAGE, LIST, TABLE])
def test_bad_period_is_told_and_no_figure_shown(client, address, query, sentence):
    lived()
    page = client.get(f"{address}?{query}")
    assert (page.status_code, sentence in page.content.decode(), total_of(page)) == (200, True, 0)
    assert "record" not in page.context


@pytest.mark.parametrize("query", ["what=nothing", "procedure=9", "field=x", "division=%00", "what=a&what=b"])
def test_bad_choice_of_the_list_is_told(client, query):
    page = client.get(f"{LIST}?{query}")
    assert (page.status_code, "Chưa lọc được" in page.content.decode()) == (200, True)


def test_page_of_the_list_that_is_not_there_is_told(client):
    lived()
    assert "Không có trang này" in client.get(LIST, {"page": "7"}).content.decode()


def test_the_public_reads_no_code_no_name_no_day(client):
    enterprise = factories.make_enterprise(name="Công ty Bí Mật")
    dossier = lived("03-02", done="03-13", enterprise=enterprise)
    page = client.get(LIST, {"period": "2026-03"}).content.decode()
    assert ("03/2026" in page, "Trước hạn" in page) == (True, True)
    assert [word in page for word in (dossier.code, dossier.reference, "Bí Mật", "02/03/2026", str(dossier.pk))] == [
        False
    ] * 5


def test_whoever_may_read_dossiers_is_led_to_them(client):
    dossier = lived()
    client.force_login(factories.make_staff("specialist"))
    assert f'href="/admin/onestop/dossier/{dossier.pk}/change/"' in client.get(LIST).content.decode()
    client.force_login(factories.make_staff("land"))
    assert dossier.code not in client.get(LIST).content.decode()


def test_survey_results_stand_without_comments(client):
    for _n in range(5):
        rated(lived(done="03-13"), (2, 1, 2, 2), comment="chờ lâu quá")
    page = client.get(PAGE).content.decode()
    assert ("2,00 trên 2 điểm" in page, "1,00 trên 2 điểm" in page, "chờ lâu quá" in page) == (True, True, False)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [(PAGE, 16), (LIST, 20), (TABLE, 13), (SHEET, 11)])
def test_pages_take_the_same_queries_for_any_number_of_rows(client, address, queries, rows, django_assert_num_queries):
    for _n in range(rows):
        ask(lived(done="03-20"), "03-09", "03-16")
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", [PAGE, LIST, TABLE])
def test_page_is_kept_until_something_is_written(client, address, django_assert_num_queries):
    lived(done="03-13")
    first = client.get(address).content
    with django_assert_num_queries(1):
        assert client.get(address).content == first
    for model in (Procedure, Field):
        model.objects.update(name_vi="Tên mới")
    assert client.get(address).content != first


def test_pages_that_lead_to_the_record(client):
    there = [client.get(address).content.decode() for address in ("/thong-ke/", "/thu-tuc/", "/thu-tuc/1.009664/")]
    assert [PAGE in page for page in there] == [True] * 3


# The progress table ---------------------------------------------------------------------------------------------


def book(response):
    return openpyxl.load_workbook(io.BytesIO(response.content)).active


def test_sheet_holds_the_table_and_its_sum(client):
    every_kind()
    sheet = book(client.get(SHEET, {"period": "2026-03"}))
    heads, first, total = ([cell.value for cell in row] for row in list(sheet.rows)[:3])
    assert heads[:5] == ["Mã", "Lĩnh vực", "Tiếp nhận: Tổng", "Tiếp nhận: Kỳ trước chuyển sang", "Tiếp nhận: Trong kỳ"]
    assert first == ["dau-tu", "Đầu tư tại Việt Nam", 9, 2, 7, 6, 1, 0, 5, 2, 1, 2, 2, 1, 1, 2, 1, 1, 2, 1]
    assert total == [None, "Tổng cộng", *first[2:]]


def test_sheet_says_its_period_and_that_it_is_invented(client):
    lived(is_sample=True)
    texts = [row[1].value for row in book(client.get(SHEET, {"period": "2026-03"})).rows]
    assert texts[3:] == [
        "Kỳ báo cáo: từ 01/03/2026 đến 31/03/2026.",
        "Tính đến 31/03/2026 23:59, theo sổ hồ sơ của cổng.",
        "Yêu cầu bổ sung khi thẩm định trong kỳ: 0 lần, trong đó 0 lần vượt số lần cho phép.",
        "Cột theo bảng tiến độ phục vụ Quyết định 766/QĐ-TTg; cách xếp cột chờ Ban xác nhận.",
        "Nhóm cột “Kết quả đã cấp” do cổng thêm: kết quả đính chính, thu hồi trong kỳ, kể cả kết quả cấp trước kỳ.",
        "Dữ liệu minh họa.",
    ]


def test_no_cell_of_the_sheet_is_a_formula(client):
    Division.objects.create(code="007", name_vi="=1+1", name_en="=1+1")
    row = [cell for cells in book(client.get(SHEET, {"by": "division"})).rows for cell in cells]
    row = [cell for cell in row if cell.value is not None]
    assert {cell.data_type for cell in row} == {"s", "n"}
    assert tuple(
        next((a.value, b.value) for a, b, *_ in book(client.get(SHEET, {"by": "division"})).rows if a.value == "007")
    ) == ("007", "'=1+1")


def test_sheet_of_a_bad_period_leads_to_the_page_that_says_why(client):
    response = client.get(SHEET, {"period": "x"})
    assert (response.status_code, response.url) == (302, f"{TABLE}?period=x")


# Periods --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "first", "last", "words"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "Năm 2026"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "Quý IV/2026"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "Tháng 2/2024"),
    ],
)
def test_period_says_its_days(code, first, last, words):
    found = periods.of(code)
    assert (found.first, found.last, str(found), found.query) == (first, last, words, {"period": code})


@pytest.mark.parametrize("code", ["", "2026-Q5", "2026-00", "26", "2026-3", "٢٠٢٦", "1989", "9999", "2026 "])
def test_what_is_no_period_is_refused(code):
    with pytest.raises(ValueError):
        periods.of(code)


def test_periods_offered_are_the_newest_first():
    groups = dict(periods.offered(date(2026, 1, 15)))
    assert [codes[0][0] for codes in groups.values()] == ["2026", "2026-Q1", "2026-01"]
    assert [codes[-1][0] for codes in groups.values()] == ["2022", "2024-Q2", "2025-02"]


def test_default_is_the_year_that_runs(client):
    assert client.get(PAGE).context["record"].period == periods.of("2026")
    assert Dossier.objects.count() == 0
