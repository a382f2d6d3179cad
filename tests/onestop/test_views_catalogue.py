"""The catalogue of procedures as the public reads it: searching, filtering, and what a procedure's page says."""

from datetime import date

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone, translation

from izportal.models import Act, Rule
from onestop.models import Component, Dossier, Field, Procedure, ProcedureVersion
from onestop.views.catalogue import act_kind, limit_words, window_words
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


# What the page of a procedure says ----------------------------------------------------------------
def page(client, **changed):
    """The page of 1.009664 with its version changed so, white space folded."""
    ProcedureVersion.objects.filter(procedure__code="1.009664").update(**changed)
    return " ".join(detail(client).content.decode().split())


def test_who_may_file_is_told_only_where_it_is_known(client, catalogue):
    assert "Chờ Ban xác nhận; tên thủ tục và giấy tờ không ghi rõ." in page(client)
    assert "Nhà đầu tư<small>Theo tên thủ tục" in page(client, applicants_vi="Nhà đầu tư")


def test_the_open_question_of_the_channel_is_a_rows_matter(client, catalogue):
    assert "Kênh nộp chờ Ban xác nhận." in page(client)
    assert "Kênh nộp chờ Ban xác nhận." not in page(client, is_channel_confirmed=True)


@pytest.mark.parametrize(
    ("channels", "shown"),
    [
        ([], ["Mở trang của thủ tục", "Bộ phận Một cửa của Ban, hoặc", "Gửi tờ khai và giấy tờ"]),
        (["counter"], ["Bộ phận Một cửa của Ban, hoặc"]),
        (["online", "post"], ["Mở trang của thủ tục", "Gửi tờ khai và giấy tờ"]),
    ],
)
def test_ways_to_file_are_those_of_the_source(client, catalogue, channels, shown):
    text = page(client, channels=channels)
    ways = ["Mở trang của thủ tục", "Bộ phận Một cửa của Ban, hoặc", "Gửi tờ khai và giấy tờ"]
    assert [way for way in ways if way in text] == shown


WINDOWS = [
    ("before", 10, 60, "Nộp sớm nhất 60 và muộn nhất 10 ngày trước ngày đi làm."),
    ("before", 30, None, "Nộp ít nhất 30 ngày trước ngày đi làm."),
    ("after", 0, 10, "Nộp trong 10 ngày kể từ ngày đi làm."),
]


@pytest.mark.parametrize(("relation", "least", "most", "sentence"), WINDOWS)
@pytest.mark.parametrize(("confidence", "is_certain"), [("law", True), ("secondary", False)])
def test_the_time_to_file_is_told_with_its_basis(relation, least, most, sentence, confidence, is_certain):
    said = {
        "relation": relation,
        "min": least,
        "max": most,
        "unit": "day",
        "event_vi": "ngày đi làm",
        "basis": "Điều 9",
    }
    version = ProcedureVersion(filing_window={**said, "confidence": confidence})
    assert window_words(version) == (sentence, "Điều 9", is_certain)
    assert window_words(ProcedureVersion()) is None


def test_a_case_filed_elsewhere_says_where_and_why(client, catalogue):
    version = catalogue["1.009664"].versions.get()
    version.cases.filter(key="th2").update(key="transfer")
    rows = detail(client).context["cases"]
    assert [(row["case"].key, row["is_closed"], row["is_chosen"]) for row in rows] == [
        ("th1", False, True), ("transfer", True, True),
    ]  # fmt: skip
    assert "Chưa nộp được tại cổng này: kết quả phải ghi vào sổ dự án" in page(client)


@pytest.mark.parametrize(
    ("chosen_by", "words"), [("officer", "cán bộ xác định khi tiếp nhận"), ("outcome", "tùy kết quả giải quyết")]
)
def test_a_case_that_nobody_chooses_when_filing_says_so(client, catalogue, chosen_by, words):
    catalogue["1.009664"].versions.get().cases.filter(key="th2").update(chosen_by=chosen_by, key="transfer")
    text = page(client)
    assert f"Không chọn khi nộp: {words}." in text and "Chưa nộp được tại cổng này" not in text


def test_a_replaced_act_names_the_one_in_its_place(client, catalogue):
    new = Act.objects.create(number="96/2026/NĐ-CP", title_vi="Nghị định mới")
    old = Act.objects.create(number="31/2021/NĐ-CP", title_vi="Cũ", in_force_to=date(2026, 3, 30), replaced_by=new)
    catalogue["1.009664"].versions.get().acts.add(old)
    assert "hết hiệu lực sau 30/03/2026</span> được thay bằng 96/2026/NĐ-CP" in page(client)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("143/2025/QH15", "Luật"),
        ("96/2026/NĐ-CP", "NĐ"),
        ("55/2026/TT-BTC", "TT"),
        ("1165/QĐ-BTC", "QĐ"),
        ("1/KH", "VB"),
    ],
)
def test_an_act_shows_its_kind(number, kind):
    assert act_kind(Act(number=number)) == kind


def test_a_procedure_without_papers_says_that_none_is_asked(client, catalogue):
    catalogue["1.009664"].versions.get().components.all().delete()
    assert "nên cổng không yêu cầu giấy tờ nào" in page(client, papers_status="unknown")


def test_real_times_are_told_only_from_enough_dossiers(client, catalogue, make_dossier):
    factories.advance(make_dossier(), "result_ready", start=timezone.now())
    assert "Chưa đủ hồ sơ để tính: cần ít nhất 5 hồ sơ đã có kết quả." in page(client)
    cache.clear()
    Rule.objects.filter(code="few_dossiers").update(value="1")
    text = page(client)
    assert "1 hồ sơ, đúng hẹn 100%" in text and "Minh họa</span></p>" not in text


def test_real_times_of_invented_dossiers_carry_the_mark(client, catalogue, make_dossier):
    Rule.objects.filter(code="few_dossiers").update(value="1")
    sampled = factories.make_enterprise(is_sample=True)
    make_dossier(enterprise=sampled, is_sample=True)
    Dossier.objects.update(
        status="delivered", reference="X", code="Y", submitted_at=timezone.now(), received_at=timezone.now(),
        completed_at=timezone.now(), due_at=timezone.now(),
    )  # fmt: skip
    assert '1. <span class="flag">Minh họa</span></p>' in page(client)


def test_the_page_asks_the_database_the_same_whatever_it_shows(client, catalogue, django_assert_num_queries):
    detail(client)
    with django_assert_num_queries(9):
        detail(client)
    version = catalogue["1.009664"].versions.get()
    Component.objects.bulk_create(Component(version=version, key=f"k{n}", name_vi=f"Giấy {n}") for n in range(3))
    for n in range(3):
        version.acts.add(Act.objects.create(number=f"{n}/2026/TT", title_vi="Thông tư"))
    with django_assert_num_queries(9):
        detail(client)


def test_times_are_counted_anew_by_four_questions(client, catalogue, django_assert_num_queries):
    detail(client)
    cache.clear()
    with django_assert_num_queries(13):
        detail(client)


def test_the_basis_of_the_time_to_file_is_told_in_english():
    said = {"relation": "after", "min": 0, "max": 10, "unit": "day", "event_vi": "ngày đi làm", "basis": "Điều 9"}
    with translation.override("en"):
        assert window_words(ProcedureVersion(filing_window={**said, "basis_en": "Article 9"}))[1] == "Article 9"
        assert window_words(ProcedureVersion(filing_window=said))[1] == "Điều 9"
