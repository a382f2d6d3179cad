"""What a visitor sees of the land: zones, plots, filters that tell what is wrong, and no more than is public."""

import re
from datetime import date

import pytest

from tests import factories
from zones.models import Availability, ZoneArea

pytestmark = pytest.mark.django_db
OUTLINE = [[0, 0], [200, 0], [200, 150], [0, 150]]


def total_of(response):
    """The number that the list of a page says it holds."""
    return int(re.search(r'id="results"[^>]*data-total="(\d+)"', response.content.decode()).group(1))


def numbers_on(response):
    return [plot.number for plot in response.context["page_obj"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_zone_list_takes_the_same_queries_for_any_number_of_zones(client, rows, django_assert_num_queries):
    for n in range(rows):
        factories.make_plot(zone=factories.make_zone(f"khu-{n}", f"K{n}", f"Khu {n}"), outline=OUTLINE)
    with django_assert_num_queries(13):
        response = client.get("/khu-cong-nghiep/")
    assert total_of(response) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_plot_list_takes_the_same_queries_for_any_number_of_plots(client, rows, make_plot, django_assert_num_queries):
    for n in range(rows):
        make_plot(f"CN-0{n}", outline=OUTLINE)
    with django_assert_num_queries(8):
        response = client.get("/quy-dat/")
    assert total_of(response) == rows
    with django_assert_num_queries(1):
        assert total_of(client.get("/quy-dat/")) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_zone_page_takes_the_same_queries_for_any_number_of_plots(client, rows, make_plot, django_assert_num_queries):
    for n in range(rows):
        make_plot(f"CN-0{n}", outline=OUTLINE)
    with django_assert_num_queries(21):
        response = client.get("/khu-cong-nghiep/song-cong-2/")
    assert len(response.context["free"]) == rows


def test_zone_page_keeps_every_dated_area(client, zone):
    for area, day in ((320, date(1999, 9, 1)), (195, date(2014, 6, 12))):
        ZoneArea.objects.create(
            zone=zone, area_ha=area, effective_on=day, decision=f"Số {area}", confidence="two_sources"
        )
    response = client.get("/khu-cong-nghiep/song-cong-2/")
    assert [area.area_ha for area in response.context["areas"]] == [320, 195]
    assert response.context["latest"].area_ha == 195


def test_zone_page_marks_what_is_not_confirmed(client):
    factories.make_zone(location_new_vi="Phường Bách Quang", location_new_confidence="inferred")
    page = client.get("/khu-cong-nghiep/song-cong-2/").content.decode()
    place = page[page.index("Địa điểm từ 01/7/2025") :]
    assert place.index("Phường Bách Quang") < place.index("Chờ xác nhận") < place.index("Mã trong cổng")


def test_zone_page_of_a_strange_slug_is_not_found(client, zone):
    assert client.get("/khu-cong-nghiep/khong-co/").status_code == 404


def test_zone_list_finds_a_zone_typed_without_marks(client, zone):
    factories.make_zone("yen-binh", "YB", "Yên Bình")
    response = client.get("/khu-cong-nghiep/", {"q": "song cong 2"})
    assert [row.zone.slug for row in response.context["rows"]] == ["song-cong-2"]


def test_zone_list_orders_by_free_land(client):
    for code, area in (("A", 10000), ("B", 90000)):
        factories.make_plot(zone=factories.make_zone(f"khu-{code.lower()}", code, f"Khu {code}"), area_m2=area)
    response = client.get("/khu-cong-nghiep/", {"sort": "free"})
    assert [row.zone.code for row in response.context["rows"]] == ["B", "A"]


def test_plot_list_shows_free_plots_unless_asked_otherwise(client, make_plot):
    make_plot("CN-01")
    make_plot("CN-02", status=Availability.Status.LEASED, held_for="9800000001")
    assert numbers_on(client.get("/quy-dat/")) == ["CN-01"]
    assert numbers_on(client.get("/quy-dat/", {"status": "leased"})) == ["CN-02"]
    assert numbers_on(client.get("/quy-dat/", {"status": "any"})) == ["CN-01", "CN-02"]


@pytest.mark.parametrize("typed", ["3,5", "3.5", "3,5 ha", " 3.50"])
def test_plot_list_reads_hectares_with_comma_and_point(client, make_plot, typed):
    make_plot("CN-01", area_m2=35000)
    make_plot("CN-02", area_m2=34999)
    assert numbers_on(client.get("/quy-dat/", {"min_area": typed})) == ["CN-01"]


def test_plot_list_reads_thousands_as_the_language_writes_them(client, make_plot):
    make_plot("CN-01", area_m2=12_000_000)
    assert total_of(client.get("/quy-dat/", {"min_area": "1.200"})) == 1
    assert total_of(client.get("/en/land/", {"min_area": "1,201"})) == 0


def test_plot_list_narrows_by_zone_kind_and_words(client, make_plot):
    other = factories.make_zone("yen-binh", "YB", "Yên Bình")
    make_plot("CN-01")
    make_plot("NX-01", kind="factory")
    make_plot("CN-01", zone=other)
    assert numbers_on(client.get("/quy-dat/", {"zone": "song-cong-2", "kind": "land"})) == ["CN-01"]
    assert numbers_on(client.get("/quy-dat/", {"q": "yen binh"})) == ["CN-01"]
    assert total_of(client.get("/quy-dat/?zone=song-cong-2&zone=yen-binh")) == 3


def test_plot_list_orders_by_area(client, make_plot):
    make_plot("CN-01", area_m2=10000)
    make_plot("CN-02", area_m2=90000)
    assert numbers_on(client.get("/quy-dat/", {"sort": "large"})) == ["CN-02", "CN-01"]
    assert numbers_on(client.get("/quy-dat/", {"sort": "small"})) == ["CN-01", "CN-02"]


def test_plot_list_keeps_the_filters_from_page_to_page(client, make_plot):
    for n in range(21):
        make_plot(f"CN-{n:02d}")
    response = client.get("/quy-dat/", {"zone": "song-cong-2", "page": "2"})
    assert numbers_on(response) == ["CN-20"]
    assert "?zone=song-cong-2&amp;page=1" in response.content.decode()


def test_plot_list_proposes_what_would_answer_a_smaller_wish(client, make_plot):
    make_plot("CN-01", area_m2=32000)
    response = client.get("/quy-dat/", {"min_area": "8", "zone": "song-cong-2"})
    assert total_of(response) == 0
    assert [(found["href"], found["plots"]) for found in response.context["suggestions"]] == [("?zone=song-cong-2", 1)]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("status=lost", "Không có lựa chọn này"),
        ("zone=khong-co", "Không có lựa chọn này"),
        ("sort=id;drop", "Không có lựa chọn này"),
        ("status=any&status=free", "chỉ nhận một giá trị"),
        ("min_area=-3", "bằng số héc-ta"),
        ("min_area=1e9", "bằng số héc-ta"),
        ("min_area=NaN", "bằng số héc-ta"),
        ("min_area=ba", "bằng số héc-ta"),
        ("min_area=5&max_area=2", "lớn hơn hoặc bằng"),
        ("q=a%00b", "ký tự không đọc được"),
        ("zone=a%00b", "Không có lựa chọn này"),
        (f"q={'x' * 5000}", "dài quá 200 ký tự"),
        ("page=99999999999999999999", "Không có trang này"),
        ("page=-1", "Không có trang này"),
        ("page=abc", "Không có trang này"),
        ("page=1&page=2", "Không có trang này"),
    ],
)
def test_plot_list_tells_what_is_wrong_and_shows_nothing_wider(client, make_plot, query, sentence):
    make_plot("CN-01")
    response = client.get(f"/quy-dat/?{query}")
    assert sentence in response.content.decode()
    assert "SC2-CN-01" not in response.content.decode()


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=%25%25__", "q=🏭", "zone=&min_area=&q=", "la=1&la=2"])
def test_plot_list_bears_strange_letters(client, make_plot, query):
    make_plot("CN-01")
    assert client.get(f"/quy-dat/?{query}", follow=True).status_code == 200


def test_plot_list_hides_unpublished_plots_from_visitors_only(client, make_plot, staff):
    make_plot("CN-01", is_published=False)
    assert total_of(client.get("/quy-dat/")) == 0
    client.force_login(staff("land"))
    assert total_of(client.get("/quy-dat/")) == 1


def test_plot_page_shows_facts_with_units(client, make_plot):
    make_plot(
        "CN-01", price=92, price_currency="USD", price_basis="m2_term", price_on=date(2026, 1, 31), power_kva=6000,
        area_m2="65310.00",
    )  # fmt: skip
    page = client.get("/quy-dat/SC2-CN-01/").content.decode()
    assert "65.310\xa0m²" in page
    assert "6.000\xa0kVA" in page
    assert "92<small>USD</small>" in page.replace("\n", "")


def test_plot_page_leads_to_the_file_with_this_plot(client, make_plot):
    make_plot("CN-01")
    assert 'href="/ho-so/moi/1.009664/?plot=SC2-CN-01"' in client.get("/quy-dat/SC2-CN-01/").content.decode()


def test_plot_page_of_a_leased_plot_takes_no_file(client, make_plot, make_project):
    project = make_project(plot=make_plot("CN-01"))
    page = client.get("/quy-dat/SC2-CN-01/").content.decode()
    assert "/ho-so/moi/" not in page
    assert project.get_absolute_url() in page


def test_plot_page_tells_its_states_but_never_for_whom_it_is_held(client, make_plot):
    make_plot("CN-01", status=Availability.Status.RESERVED, held_for="H55-260303-0001", on=date(2026, 3, 3))
    response = client.get("/quy-dat/SC2-CN-01/")
    assert [row.status for row in response.context["timeline"].past] == ["reserved"]
    assert "H55-260303-0001" not in response.content.decode()


def test_plot_page_leads_to_the_written_form_of_its_code(client, make_plot):
    make_plot("CN-01")
    response = client.get("/quy-dat/sc2-cn-01/")
    assert (response.status_code, response.url) == (301, "/quy-dat/SC2-CN-01/")


@pytest.mark.parametrize("code", ["SC2-CN-99", "SC2-CN-07", "a%00b", "%25", "x" * 300])
def test_plot_page_of_a_strange_or_unpublished_code_is_not_found(client, make_plot, code):
    make_plot("CN-07", is_published=False)
    assert client.get(f"/quy-dat/{code}/").status_code == 404


@pytest.mark.parametrize("outline", [[[0, 0], ["a", 1], [2, 2]], "x", [[0, 0]], [[0, 0], [1, None], [2, 2]], {"a": 1}])
def test_a_broken_outline_breaks_no_page(client, make_plot, outline):
    make_plot("CN-01", outline=outline)
    make_plot("CN-02", outline=OUTLINE)
    for address in ("/khu-cong-nghiep/", "/khu-cong-nghiep/song-cong-2/", "/quy-dat/", "/quy-dat/SC2-CN-01/"):
        assert client.get(address).status_code == 200


def test_sample_rows_say_so(client, make_plot):
    make_plot("CN-01", is_sample=True)
    for address in ("/quy-dat/", "/quy-dat/SC2-CN-01/", "/khu-cong-nghiep/song-cong-2/"):
        assert 'class="flag">Minh họa' in client.get(address).content.decode()


# A plot asked for by its name ----------------------------------------------------------------------
def test_search_by_plot_number_finds_a_leased_one(client, make_plot):
    make_plot("CN-05", status=Availability.Status.LEASED, held_for="9800000001")
    make_plot("CN-06")
    found = client.get("/quy-dat/?q=CN05")
    assert (numbers_on(found), found.context["form"].chosen("status")) == (["CN-05"], "any")
    assert [chip["href"] for chip in found.context["form"].chips] == ["?status=any", "?q=CN05&status=free"]
    assert numbers_on(client.get("/quy-dat/?q=CN05&status=free")) == []
