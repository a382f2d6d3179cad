"""What a visitor sees of the register: the list with its filters, and the public part of a project."""

import re
from datetime import date
from decimal import Decimal

import pytest

from izportal.models import StoredFile
from projects import ledger
from projects.models import ProjectDocument
from tests import factories

pytestmark = pytest.mark.django_db


def total_of(response):
    return int(re.search(r'id="results"[^>]*data-total="(\d+)"', response.content.decode()).group(1))


def codes_on(response):
    return [project.code for project in response.context["page_obj"]]


@pytest.mark.parametrize("rows", [1, 3])
def test_project_list_takes_the_same_queries_for_any_number_of_projects(
    client, rows, make_project, django_assert_num_queries
):
    for _n in range(rows):
        make_project()
    with django_assert_num_queries(10):
        response = client.get("/du-an/")
    assert total_of(response) == rows


def test_project_list_counts_each_capital_in_its_own_currency(client, make_project):
    make_project(usd="12500000")
    make_project(origin="ddi")
    page = client.get("/du-an/").content.decode()
    assert "12,5\xa0triệu\xa0USD" in page
    assert "250\xa0tỷ\xa0đồng" in page


def test_project_list_narrows_by_every_filter(client, make_project):
    wanted = make_project(code="9800000001", sector=factories.make_sector("26"))
    make_project(origin="ddi", zone=factories.make_zone("yen-binh", "YB", "Yên Bình"))
    for query in (
        {"origin": "fdi"},
        {"zone": "song-cong-2"},
        {"sector": "26"},
        {"country": "KR"},
        {"q": "9800000001"},
    ):
        assert codes_on(client.get("/du-an/", query)) == [wanted.code]


def test_project_list_comes_in_the_order_asked_for(client, make_project):
    for code, day, said in (("A", 3, {"usd": "5000000"}), ("B", 1, {"origin": "ddi"}), ("C", 2, {"usd": "9000000"})):
        make_project(code=code, on=date(2021, 5, day), **said)
    orders = {"": "ACB", "first": "BCA", "capital": "CAB"}
    assert {sort: "".join(codes_on(client.get("/du-an/", {"sort": sort}))) for sort in orders} == orders


def test_project_list_of_a_day_goes_by_the_class_of_that_day(client, make_project):
    project, basis = make_project(on=date(2021, 5, 10)), ledger.Basis("9/QĐ", date(2024, 1, 5))
    ledger.reclassify(
        project=project, sector=factories.make_sector("26"), basis=basis, by=None, at=factories.at("2024-01-06 09:00")
    )
    for sector, on, found in (("25", "04/01/2024", 1), ("26", "04/01/2024", 0), ("25", "", 0), ("26", "", 1)):
        page = client.get("/du-an/", {"sector": sector, "on": on})
        assert (sector, on, codes_on(page).count(project.code)) == (sector, on, found)


def test_project_list_shows_projects_in_force_unless_asked_otherwise(client, make_project, moment):
    ended = make_project()
    ledger.terminate(project=ended, basis=ledger.Basis("9/QĐ-BQL", date(2024, 1, 5)), by=None, at=moment)
    assert total_of(client.get("/du-an/")) == 0
    assert codes_on(client.get("/du-an/", {"status": "terminated"})) == [ended.code]
    assert codes_on(client.get("/du-an/", {"on": "31/12/2023"})) == [ended.code]


def test_project_list_as_known_on_a_day_leaves_out_what_was_entered_later(client, make_project):
    make_project(on=date(2021, 5, 10))
    assert total_of(client.get("/du-an/", {"known": "10/05/2021"})) == 1
    assert total_of(client.get("/du-an/", {"known": "2021-05-09"})) == 0


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("status=lost", "Không có lựa chọn này"),
        ("country=XX", "Không có lựa chọn này"),
        ("origin=fdi&origin=ddi", "chỉ nhận một giá trị"),
        ("on=99/99/9999", "Không đọc được ngày này"),
        ("on=31/12/9999", "không muộn hơn hôm nay"),
        ("known=01/01/0001", "Ngày sớm nhất"),
        ("q=%00", "ký tự không đọc được"),
        ("page=0", "Không có trang này"),
    ],
)
def test_project_list_tells_what_is_wrong_and_shows_nothing_wider(client, make_project, query, sentence):
    project = make_project()
    page = client.get(f"/du-an/?{query}").content.decode()
    assert sentence in page
    assert project.get_absolute_url() not in page


def test_project_page_shows_the_public_part_only(client, make_project):
    enterprise = factories.make_enterprise(tax_code="4600000123", email="ke-toan@thep.example", phone="0208 111 222")
    project = make_project(enterprise=enterprise, certificate_number="GCN-BI-MAT")
    project.contributions.get().investor.__class__.objects.update(identifier="DINH-DANH-77")
    page = client.get(project.get_absolute_url()).content.decode()
    assert [word for word in ("4600000123", "ke-toan@", "0208 111", "DINH-DANH-77") if word in page] == []
    assert "Nhà đầu tư Thử" in page
    assert "Hàn Quốc" in page


PUBLIC = {"tên-công-khai", "mục-tiêu-công-khai", "nhà-đầu-tư-công-khai", "quyết-định-công-khai"}


def test_project_page_says_nothing_but_what_may_be_public(client, moment):
    """Every text that the register keeps of a project carries a word of its own; only the allowed ones are read."""
    by = factories.make_user(full_name="người-ghi-kín")
    enterprise = factories.make_enterprise("tổ-chức-kín", tax_code="4600000123", address="địa-chỉ-kín",
                                           representative="đại-diện-kín", phone="điện-thoại-kín")  # fmt: skip
    project = factories.make_project(
        name="tên-công-khai",
        objective="mục-tiêu-công-khai",
        certificate_number="giấy-kín",
        enterprise=enterprise,
        by=by,
    )
    investor = factories.make_investor("nhà-đầu-tư-công-khai", identifier="định-danh-kín")
    said = {"basis": ledger.Basis("quyết-định-công-khai", date(2025, 1, 6)), "by": by, "at": moment}
    to = ledger.Capital(Decimal(99), Decimal(2500), Decimal(25), date(2025, 1, 6), "nguồn-kín")
    shares = [ledger.Share(investor, Decimal("77.77"))]
    change = ledger.adjust_capital(project=project, to=to, shares=shares, note="lý-do-kín", **said)
    ledger.annul(change=ledger.suspend(project=project, note="nhầm-kín", **said), note="hủy-kín", **said)
    ledger.schedule(project=project, kind="capital", planned_on=date(2025, 2, 1), actual_on=None, basis="căn-cứ-kín",
                    by=by, at=moment, note="tiến-độ-kín")  # fmt: skip
    stored = StoredFile.objects.create(name="tệp-kín", mime="application/pdf", size=1, sha256="0" * 64)
    ProjectDocument.objects.create(project=project, title="giấy-tờ-kín", stored=stored, number="số-kín")
    page = client.get(project.get_absolute_url())
    text = page.content.decode()
    assert {word for word in PUBLIC if word in text} == PUBLIC
    assert (re.findall(r"[\w-]+-kín", text), "77,77" in text, "4600000123" in text) == ([], False, False)
    assert [row.kind for row in page.context["changes"]] == [change.kind, "issued"]


def test_project_page_names_no_person_who_invests_alone(client, make_project):
    project = make_project()
    project.contributions.get().investor.__class__.objects.update(kind="individual", name="Nguyễn Văn Riêng")
    page = client.get(project.get_absolute_url()).content.decode()
    assert "Nguyễn Văn Riêng" not in page
    assert "Nhà đầu tư cá nhân" in page


def test_project_page_lists_its_changes_newest_first(client, make_project, make_plot, moment):
    project = make_project(plot=make_plot("CN-01"), usd="12500000")
    more = ledger.Capital(Decimal(20000000))
    ledger.adjust_capital(
        project=project, to=more, basis=ledger.Basis("7/QĐ-BQL", date(2025, 1, 5)), by=None, at=moment
    )
    response = client.get(project.get_absolute_url())
    assert [change.kind for change in response.context["changes"]] == ["capital", "issued"]
    assert "+7,5\xa0triệu\xa0USD" in response.content.decode()
    assert "/quy-dat/SC2-CN-01/" in response.content.decode()


@pytest.mark.parametrize("code", ["9899999999", "a%00b", "%25", "x" * 300])
def test_project_page_of_a_strange_code_is_not_found(client, make_project, code):
    make_project()
    assert client.get(f"/du-an/{code}/").status_code == 404


def test_project_page_leads_to_the_written_form_of_its_code(client, make_project):
    make_project(code="MAU-A1", is_sample=True)
    response = client.get("/du-an/mau-a1/")
    assert (response.status_code, response.url) == (301, "/du-an/MAU-A1/")


def test_project_lists_are_in_english_under_en(client, make_project):
    project = make_project()
    assert f"/en/projects/{project.code}/" in client.get("/en/projects/").content.decode()
