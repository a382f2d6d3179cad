"""Two to five plots side by side by address: rows that differ, what nobody has stated, adding and leaving out."""

from datetime import date

import pytest

from tests import factories
from zones import comparison, freshness
from zones.models import Plot

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 27)
PRICED = {"price": 92, "price_currency": "USD", "price_basis": "m2_term", "price_on": date(2026, 1, 31)}


@pytest.fixture
def plots(make_plot):
    make_plot("CN-01", area_m2=65310, term_until=2061, power_kva=6000, **PRICED)
    make_plot("CN-02", area_m2=20000, term_until=2061)
    return list(Plot.objects.with_status(on=TODAY).select_related("zone", "phase"))


def rows_of(plots):
    groups = comparison.table(plots, on=TODAY, by=freshness.Terms(90, 180))
    return {row.label: row for group in groups for row in group.rows}


def address(*codes):
    return "/so-sanh/?" + "&".join(f"lo={code}" for code in codes)


def test_rows_say_where_plots_differ(plots):
    rows = rows_of(plots)
    assert (rows["Diện tích, m²"].cells, rows["Diện tích, m²"].differs) == (["65.310", "20.000"], True)
    assert (rows["Thời hạn còn lại"].cells, rows["Thời hạn còn lại"].differs) == (["35 năm, đến 2061"] * 2, False)


def test_missing_value_is_an_empty_cell_and_a_difference(plots):
    rows = rows_of(plots)
    assert (rows["Điện, kVA"].cells, rows["Điện, kVA"].differs) == (["6.000", ""], True)
    assert (rows["Giá"].cells[1], rows["Chiều cao thông thủy, m"].cells) == ("", ["", ""])
    assert rows["Tiền thuê cả thời hạn"].cells == ["6.008.520\xa0USD", ""]


def test_areas_stand_in_local_units(plots):
    rows = rows_of(plots)
    assert rows["Diện tích, ha"].cells == ["6,531", "2"]
    assert rows["Diện tích, pyeong"].cells == rows["Diện tích, tsubo"].cells == ["19.756", "6.050"]
    assert rows["Diện tích, mẫu Trung Quốc (mu)"].cells == ["98", "30"]


def test_distances_are_compared_by_place(plots):
    plots[0].zone.distances = [{"label_vi": "Cảng Hải Phòng", "km_min": 174, "km_max": 180}]
    plots[1].zone = factories.make_zone("yen-binh", "YB", "Yên Bình", distances=[{"label_vi": "Hà Nội", "km_min": 60}])
    rows = rows_of(plots)
    assert (rows["Cảng Hải Phòng"].cells, rows["Hà Nội"].cells) == (["174–180 km", ""], ["", "60 km"])


def test_page_marks_differences_in_words_and_says_what_is_missing(client, plots):
    page = client.get(address("SC2-CN-01", "SC2-CN-02")).content.decode()
    assert "<h1>So sánh 2 lô</h1>" in page
    assert page.count(">khác nhau</span>") == len([row for row in rows_of(plots).values() if row.differs])
    assert "chưa có số liệu" in page
    assert "pyeong" in page


def test_plot_is_left_out_and_added_by_plain_addresses(client, plots, make_plot):
    page = client.get(address("SC2-CN-01", "SC2-CN-02")).content.decode()
    assert f'href="{address("SC2-CN-02")}"' in page
    assert '<input type="hidden" name="lo" value="SC2-CN-01">' in page
    make_plot("CN-03")
    added = client.get(address("SC2-CN-01", "SC2-CN-02", "sc2-cn-03"))
    assert [plot.number for plot, _rest in added.context["columns"]] == ["CN-01", "CN-02", "CN-03"]


@pytest.mark.parametrize("codes", [[], ["SC2-CN-01"], ["SC2-CN-01", "sc2-cn-01", ""]])
def test_fewer_than_two_ask_for_another(client, plots, codes):
    response = client.get(address(*codes))
    assert (response.status_code, response.context["groups"]) == (200, [])
    assert 'name="lo"' in response.content.decode()


def test_more_than_five_are_told(client, make_plot):
    codes = [make_plot(f"CN-0{n}").code for n in range(7)]
    response = client.get(address(*codes))
    page = response.content.decode()
    assert len(response.context["columns"]) == 5
    assert "So sánh được nhiều nhất 5 lô; đã bỏ 2 lô" in page
    assert 'id="add-plot"' not in page


@pytest.mark.parametrize("code", ["SC2-CN-99", "%3Cb%3E", "%25"])
def test_strange_code_is_told_and_the_rest_compared(client, plots, code):
    response = client.get(address("SC2-CN-01", code, "SC2-CN-02"))
    assert (len(response.context["columns"]), len(response.context["chosen"].unknown)) == (2, 1)
    assert "Không có lô nào mang mã" in response.content.decode()


def test_unpublished_plot_is_no_plot_to_visitors(client, plots, make_plot, staff):
    make_plot("CN-03", is_published=False)
    codes = ("SC2-CN-01", "SC2-CN-02", "SC2-CN-03")
    assert client.get(address(*codes)).context["chosen"].unknown == ["SC2-CN-03"]
    client.force_login(staff("land"))
    assert client.get(address(*codes)).context["chosen"].unknown == []


@pytest.mark.parametrize("query", ["lo=a%00b", "lo=" + "x" * 5000, "la=1", "lo=&lo=", "lo=%ff"])
def test_page_bears_strange_addresses(client, plots, query):
    assert client.get(f"/so-sanh/?{query}").status_code == 200


@pytest.mark.parametrize("rows", [2, 5])
def test_page_takes_the_same_queries_for_any_number_of_plots(client, rows, make_plot, django_assert_num_queries):
    codes = [make_plot(f"CN-0{n}").code for n in range(rows)]
    with django_assert_num_queries(3):
        assert len(client.get(address(*codes)).context["columns"]) == rows
