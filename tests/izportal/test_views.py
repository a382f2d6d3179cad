"""The roof: home, what machines ask for, where people land after signing in, and error pages."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, InterfaceError, connection
from django.urls import reverse
from django.utils import timezone

from izportal import views
from izportal.models import StatedFigure
from projects.figures import posting
from tests import factories

pytestmark = pytest.mark.django_db
STATED = {
    "zones": 6, "area_ha": 1420, "projects": 236, "fdi_projects": 119, "ddi_projects": 117,
    "total_capital_usd": Decimal("8400000000"), "procedures": 36,
}  # fmt: skip


@pytest.fixture
def board_statement(db):
    for indicator, value in STATED.items():
        StatedFigure.objects.create(
            indicator=indicator, value=value, as_of=date(2020, 12, 31), source_vi="Bài 20 năm của Ban",
            is_at_least=indicator == "total_capital_usd",
        )  # fmt: skip


def total_of(response):
    return int(re.search(r'id="results"[^>]*data-total="(\d+)"', response.content.decode()).group(1))


def text_of(response):
    return re.sub(r"<[^>]+>", " ", response.content.decode()).replace("\xa0", " ")


def test_home_shows_what_the_board_stated_with_date_and_source(client, board_statement):
    page = client.get("/").content.decode()
    figures = re.findall(r"<dd>(?:<a[^>]*>)?([^<]+)", page[page.index("figs--home") : page.index("src--figs")])
    assert figures == ["6", "1.420", "236", "&gt; 8,4", "36"]
    assert '<time datetime="2020-12-31">' in page
    assert "Bài 20 năm của Ban" in page


def test_home_keeps_computed_figures_apart_from_stated_ones(client, board_statement, make_project):
    make_project()
    page = client.get("/").content.decode()
    computed = page[page.index('id="tinh-tu-so"') : page.index('id="cong-bo"')]
    assert ">236<" not in computed
    assert ">1<" in computed


def test_home_opens_before_anything_is_loaded(client):
    assert "Chưa nạp số liệu" in client.get("/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_home_takes_the_same_queries_for_any_number_of_rows(client, rows, make_project, django_assert_num_queries):
    for n in range(rows):
        zone = factories.make_zone(f"khu-{n}", f"K{n}", f"Khu {n}")
        make_project(plot=factories.make_plot(zone=zone))
        factories.make_procedure(f"1.00000{n}", f"Thủ tục {n}")
    posting.level()
    with django_assert_num_queries(22):
        response = client.get("/")
    assert len(response.context["procedures"]) == rows


def test_home_lists_procedures_filed_here_first(client):
    factories.make_procedure("1.000001", "Thủ tục khác", number=1, is_filed_here=False)
    factories.make_procedure("1.000002", "Thủ tục nộp ở đây", number=2)
    assert [row.code for row, _case in client.get("/").context["procedures"]] == ["1.000002", "1.000001"]


def test_home_lists_first_what_was_most_filed_within_a_year(client):
    procedures = [factories.make_procedure(f"1.00000{n}", f"Thủ tục {n}", number=n) for n in (1, 2, 3)]
    filed = {procedures[0]: (400, 500), procedures[1]: (10,), procedures[2]: (10, 364)}
    for procedure, ages in filed.items():
        for days in ages:
            at = timezone.now() - timedelta(days=days)
            factories.make_dossier(procedure.code, answers={"reason": "…"}, papers=False, received_at=at)
    listed = [row.code for row, _case in client.get("/").context["procedures"]]
    assert listed == ["1.000003", "1.000002", "1.000001"]


def test_home_sends_the_look_up_to_tracking(client):
    page = client.get("/").content.decode()
    form = page[page.index("trackbox") : page.index("</form>", page.index("trackbox"))]
    assert 'action="/tra-cuu/"' in form
    assert re.findall(r'name="(\w+)"', form) == ["csrfmiddlewaretoken", "code", "lookup"]


def test_home_search_with_every_zone_is_no_mistake(client, make_plot):
    make_plot("CN-01")
    response = client.get("/quy-dat/", {"kind": "land", "min_area": "", "zone": ""}, follow=True)
    assert total_of(response) == 1


@pytest.mark.parametrize("fault", [DatabaseError, InterfaceError])
def test_healthz_asks_the_database(client, monkeypatch, fault):
    assert client.get("/healthz").content == b"ok\n"

    def broken():
        raise fault

    monkeypatch.setattr(connection, "cursor", broken)
    assert client.get("/healthz").status_code == 503


def test_robots_keep_private_pages_out_in_both_languages(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert [
        line for line in ("Disallow: /admin/", "Disallow: /ho-so/", "Disallow: /en/dossiers/") if line not in lines
    ] == []
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_sitemaps_name_public_pages_in_both_languages(client, make_plot):
    make_plot("CN-01")
    parts = re.findall(r"<loc>http://testserver([^<]+)", client.get("/sitemap.xml").content.decode())
    texts = "".join(client.get(part).content.decode() for part in parts)
    addresses = re.findall(r"<loc>http://testserver([^<]+)", texts)
    assert [a for a in ("/", "/en/", "/quy-dat/SC2-CN-01/", "/en/land/SC2-CN-01/") if a not in addresses] == []


def test_people_land_where_they_work_after_signing_in(client, staff, enterprise_user):
    client.force_login(staff("reception"))
    assert client.get("/sau-dang-nhap/").url == "/admin/"
    client.force_login(enterprise_user)
    assert client.get("/sau-dang-nhap/").url == "/ho-so/"


def test_nobody_lands_anywhere_without_signing_in(client):
    assert client.get("/sau-dang-nhap/").url == f"{reverse('account_login')}?next=/sau-dang-nhap/"


@pytest.mark.parametrize(
    ("address", "words"), [("/khong-co/", "Không tìm thấy trang này"), ("/en/khong-co/", 'lang="en"')]
)
def test_a_missing_page_says_so_in_the_language_of_its_address(client, address, words):
    response = client.get(address)
    assert response.status_code == 404
    assert words in response.content.decode()


def test_error_page_stands_without_the_database(rf, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = views.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Hệ thống gặp lỗi" in response.content.decode()


def test_refusals_have_their_own_pages(rf, client):
    assert views.bad_request(rf.get("/"), ValueError()).status_code == 400
    request = client.get("/").wsgi_request
    assert views.forbidden(request, PermissionError()).status_code == 403
