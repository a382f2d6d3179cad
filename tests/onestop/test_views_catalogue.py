"""The catalogue of procedures as the public reads it: searching, filtering, and what a procedure's page says."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import translation

from izportal.models import Act
from onestop.models import Field, Procedure
from onestop.views.catalogue import limit_words
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/thu-tuc/"


def total(client, **query):
    return client.get(LIST, query).context["total"]


@pytest.fixture
def labour(catalogue):
    field = Field.objects.create(code="lao-dong", name_vi="Lao động", position=5)
    procedure = factories.make_procedure("1.014199", "Cấp giấy phép lao động", is_filed_here=False)
    Procedure.objects.filter(pk=procedure.pk).update(field=field)
    procedure.versions.update(online_level="partial", fee_vnd=600000)
    return procedure


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 3),
        ({"q": "giay chung nhan"}, 2),
        ({"q": "GIẤY PHÉP LAO ĐỘNG"}, 1),
        ({"q": "1.009664"}, 1),
        ({"q": "không có gì"}, 0),
        ({"field": "lao-dong"}, 1),
        ({"field": ["lao-dong", "dau-tu"]}, 3),
        ({"field": "lạ"}, 3),
        ({"level": "partial"}, 1),
        ({"here": "1"}, 2),
        ({"q": "\x00"}, 0),
        ({"q": "x" * 9000}, 0),
        ({"page": "\x00", "field": "\x00"}, 3),
    ],
)
def test_the_list_is_searched_and_filtered(client, labour, query, found):
    response = client.get(LIST, query)
    assert (response.status_code, response.context["total"]) == (200, found)
    assert f'id="results" data-total="{found}"' in response.content.decode()


def test_the_list_asks_the_database_the_same_whatever_its_length(client, catalogue, django_assert_num_queries):
    client.get(LIST)
    with django_assert_num_queries(5):
        client.get(LIST)
    factories.make_procedure("1.014199", "Cấp giấy phép lao động")
    with django_assert_num_queries(5):
        client.get(LIST)


def test_the_list_says_that_it_is_a_reconstruction(client, catalogue):
    assert "Danh mục phục dựng từ danh mục quốc gia, chờ Ban xác nhận" in client.get(LIST).content.decode()


def test_a_procedure_is_found_in_english(client, catalogue):
    with translation.override("vi"):  # an English request leaves its language behind
        response = client.get("/en/procedures/1.009664/")
    assert (response.status_code, response.context["procedure"].code) == (200, "1.009664")


def detail(client, code="1.009664"):
    return client.get(reverse("onestop:procedure_detail", args=[code]))


def test_a_procedure_filed_here_leads_to_its_form(client, catalogue):
    assert reverse("onestop:dossier_new", args=["1.009664"]) in detail(client).content.decode()


def test_a_procedure_filed_elsewhere_leads_to_the_national_portal(client, labour):
    labour.versions.update(
        sources=[{"url": "https://dichvucong.gov.vn/thu-tuc/x", "text_vi": "Cổng"}, "https://a.example"]
    )
    response = detail(client, labour.code)
    assert (response.context["national_url"], response.context["form"]) == (
        "https://dichvucong.gov.vn/thu-tuc/x",
        None,
    )


def test_papers_name_the_cases_that_ask_for_them(client, catalogue):
    rows = detail(client).context["papers"]
    assert [(row["component"].key, row["cases"]) for row in rows] == [
        ("de-nghi", []),
        ("tai-chinh", [1]),
        ("cong-nghe", []),
    ]


def test_an_act_out_of_force_is_marked(client, catalogue):
    act = Act.objects.create(number="31/2021/NĐ-CP", title_vi="Nghị định cũ", in_force_to=date(2026, 3, 30))
    catalogue["1.009664"].versions.get().acts.add(act)
    assert "hết hiệu lực sau 30/03/2026" in detail(client).content.decode()


@pytest.mark.parametrize("code", ["9.999999", "%00", "1.009664%00", "a" * 3000])
def test_an_unknown_procedure_is_not_found(client, catalogue, code):
    assert client.get(f"/thu-tuc/{code}/").status_code == 404


def test_limits_are_told_in_few_words(catalogue):
    version = catalogue["1.009647"].versions.get()
    cases = list(version.cases.all())
    assert limit_words(cases) == "3–7 ngày làm việc"
    cases[1].unit = "day"
    assert limit_words(cases) == "7 ngày làm việc, tùy trường hợp"
