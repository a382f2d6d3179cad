"""The search over the whole portal: what it finds and in which order, how it marks it, what a slip may have meant."""

import re
import time
import unicodedata
from datetime import date
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import FieldDoesNotExist
from django.utils import translation

from izportal.press.models import Answer, Edition, Item, PlanningDraft
from izportal.press.models import Document as Paper
from izportal.site_search import excerpts, look, nearby
from izportal.site_search.kinds import KINDS
from tests import factories
from zones.models import Document

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 3)


def page_of(client, query, **more):
    return client.get("/tim-kiem/", {"q": query, **more})


def total_of(response):
    return int(re.search(r'id="results"[^>]*data-total="(\d+)"', response.content.decode()).group(1))


def counted(response):
    return {group.kind.code: group.total for group in response.context["groups"]}


def titles(query, user=None):
    groups = look(query, user=user or AnonymousUser(), on=DAY)
    return [re.sub("</?mark>", "", hit.title) for group in groups for hit in group.hits]


def make_paper(number="1107/QĐ-TTg", **fields):
    zone = fields.pop("zone", None) or factories.make_zone()
    return Document.objects.create(zone=zone, title_vi="Quyết định về quy hoạch khu", number=number, **fields)


# Finding ------------------------------------------------------------------------------------------
def test_search_looks_through_every_floor_without_marks(client, make_plot, make_project):
    make_plot("CN-01")
    make_project(name="Nhà máy Sông Công")
    make_paper()
    response = page_of(client, "song cong")
    assert counted(response) == {"zones": 1, "plots": 1, "projects": 1, "zone_papers": 1}
    assert total_of(response) == 4


@pytest.mark.parametrize("query", ["Điềm Thụy", "diem thuy", unicodedata.normalize("NFD", "ĐIỀM THỤY"), "thuy diem"])
def test_search_is_blind_to_marks_case_and_order(query):
    factories.make_zone("diem-thuy", "DT", "Điềm Thụy")
    assert titles(query) == ["Khu công nghiệp Điềm Thụy"]


def test_search_puts_the_bearer_of_a_code_first(make_plot, make_project):
    factories.make_zone(name="Sông Công II", location_old_vi="gần lô CN-07")
    make_plot("CN-07")
    make_plot("CN-071")
    assert titles("cn07") == ["Sông Công II · CN-07", "Khu công nghiệp Sông Công II"]
    assert [titles(code)[0] for code in ("SC2-CN-07", "sc2cn071")] == ["Sông Công II · CN-07", "Sông Công II · CN-071"]


def test_search_finds_procedures_and_papers_by_their_number():
    factories.make_procedure("1.009645", "Chấp thuận chủ trương")
    factories.make_procedure("1.009646", "Điều chỉnh", number=2)
    make_paper()
    assert (titles("1.009645"), titles("1107/QĐ-TTg")) == (["Chấp thuận chủ trương"], ["Quyết định về quy hoạch khu"])


def test_search_finds_a_project_by_the_number_of_a_decision(make_project):
    project = make_project()
    number = project.changes.get().decision_number
    typed = (number, number.lower(), number.replace("Đ", "d"), unicodedata.normalize("NFD", number))
    assert [titles(text) for text in typed] == [[project.name]] * 4
    assert titles(f"{number}X") == []


@pytest.mark.parametrize(("role", "found"), [(None, 0), ("land", 1)])
def test_search_shows_unpublished_plots_to_staff_alone(client, make_plot, staff, role, found):
    make_plot("CN-77", is_published=False)
    if role:
        client.force_login(staff(role))
    assert (total_of(page_of(client, "CN-77")), total_of(page_of(client, "CN-77", kind="plots"))) == (found, found)


def test_search_finds_no_paper_that_is_not_public():
    make_paper(is_public=False)
    assert titles("1107/QĐ-TTg") == []


def test_search_reads_no_column_that_the_public_does_not(make_project):
    project = make_project(enterprise=factories.make_enterprise(name="Công ty Kín", tax_code="4600000017"))
    assert (titles("4600000017"), titles("cong ty kin")) == ([], [project.name])


def test_search_shows_a_few_and_leads_to_all(client, make_plot):
    for n in range(23):
        make_plot(f"CN-{n:02d}")
    first = page_of(client, "sc2")
    group = next(group for group in first.context["groups"] if group.kind.code == "plots")
    assert (len(group.hits), group.total) == (5, 23)
    more = re.search(r'class="more" href="([^"]+)"', first.content.decode()).group(1).replace("&amp;", "&")
    second = client.get(f"{more}&page=2")
    assert (total_of(second), len(second.context["hits"])) == (23, 3)
    assert "Không có trang này" in client.get(f"{more}&page=9").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_search_takes_the_same_queries_for_any_number_of_rows(
    client, rows, make_plot, make_project, django_assert_num_queries
):
    for n in range(rows):
        make_plot(f"CN-0{n}")
        make_project()
        make_paper(f"{n}/QĐ")
    with django_assert_num_queries(15):
        assert total_of(page_of(client, "song cong")) == rows * 3 + 1
    with django_assert_num_queries(4):
        assert total_of(page_of(client, "song cong", kind="projects")) == rows


@pytest.mark.parametrize("query", ["q=%00", f"q={'x' * 5000}", "q=a&q=b", "q=a&kind=x"])
def test_search_tells_what_is_wrong(client, zone, query):
    response = client.get(f"/tim-kiem/?{query}")
    assert "Chưa lọc được" in response.content.decode()
    assert total_of(response) == 0


@pytest.mark.parametrize("query", ["", "q=", "q=%25", "q=...", "q=%ff", "q='%22><script>"])
def test_search_bears_empty_and_strange_words(client, zone, query):
    assert total_of(client.get(f"/tim-kiem/?{query}")) == 0


@pytest.mark.parametrize(
    ("at", "language", "name", "search"),
    [("/opensearch.xml", "vi", "KCN Thái Nguyên", "/tim-kiem/"), ("/en/opensearch.xml", "en", None, "/en/search/")],
)
def test_browsers_may_search_from_their_address_line(client, at, language, name, search):
    answer = client.get(at)
    root = ElementTree.fromstring(answer.content)
    told = {part.tag.partition("}")[2]: part for part in reversed(root)}
    assert answer["Content-Type"].startswith("application/opensearchdescription+xml")
    assert (told["Language"].text, name in (None, told["ShortName"].text), len(told["ShortName"].text) <= 16) == (
        language, True, True,
    )  # fmt: skip
    assert told["Url"].get("template") == f"{settings.SITE_URL}{search}?q={{searchTerms}}"
    assert f'<link rel="search" href="{at}"' in client.get(search).content.decode()


def test_search_is_kept_out_of_search_engines(client):
    assert '<meta name="robots" content="noindex">' in client.get("/en/search/").content.decode()


def make_edition(kind, title, *, status="published", language="vi", item=None, body="<p>Thân bài</p>"):
    item = item or Item.objects.create(kind=kind, slug=f"bai-{Item.objects.count()}")
    if kind == "answer":
        Answer.objects.get_or_create(item=item)
    elif kind == "consultation":
        PlanningDraft.objects.get_or_create(item=item, defaults={"opens_on": DAY, "closes_on": DAY})
    return Edition.objects.create(item=item, title=title, body=body, status=status, language=language)


@pytest.mark.parametrize("kind", ["news", "notice", "page", "document", "answer", "consultation"])
def test_search_finds_content_once_it_is_published(client, kind):
    make_edition(kind, "Thông tin cần tìm")
    make_edition(kind, "Thông tin cần giấu", status="reviewed")
    assert titles("thong tin can") == ["Thông tin cần tìm"]


def test_search_finds_a_document_by_its_number():
    row = make_edition("document", "Quy chế phối hợp")
    Paper.objects.create(item=row.item, number="12/2026/QĐ-UBND")
    assert titles("12/2026/qd-ubnd") == ["Quy chế phối hợp"]


def test_search_reads_content_in_the_language_of_the_reader(client):
    row = make_edition("news", "Khởi công nhà máy")
    make_edition("news", "Factory opens", language="en", item=row.item)
    make_edition("news", "Khởi công cầu")
    assert set(titles("khoi cong")) == {"Khởi công nhà máy", "Khởi công cầu"}
    with translation.override("en"):
        assert (titles("factory"), titles("khoi cong")) == (["Factory opens"], ["Khởi công cầu"])


def test_words_of_a_text_are_shown_around_the_match():
    make_edition("news", "Tin", body="<p>Khánh thành <b>trạm xử lý</b></p><p>nước thải & bùn</p>")
    (group,) = look("tram xu ly nuoc", user=AnonymousUser(), on=DAY)
    assert group.hits[0].excerpt == "Khánh thành <mark>trạm xử lý nước</mark> thải &amp; bùn"


# Marking ------------------------------------------------------------------------------------------
MARKS = [
    ("Khu công nghiệp Sông Công II", "song cong 2", "Khu công nghiệp <mark>Sông Công II</mark>"),
    ("Lô CN-05, Điềm Thụy", "cn5 diem", "Lô <mark>CN-05</mark>, <mark>Điềm</mark> Thụy"),
    ("<b>Thép</b> & thép", "thep", "&lt;b&gt;<mark>Thép</mark>&lt;/b&gt; &amp; <mark>thép</mark>"),
    ("Nhà máy", "không có", "Nhà máy"),
    ("", "x", ""),
    ("2, 25", "2", "<mark>2</mark>, 25"),
]


@pytest.mark.any_database
@pytest.mark.parametrize(("text", "query", "shown"), MARKS)
def test_marks_stand_where_the_search_found(text, query, shown):
    assert excerpts.marked(text, query) == shown
    assert excerpts.marked(unicodedata.normalize("NFD", text), query) == shown


@pytest.mark.any_database
def test_excerpt_is_the_stretch_with_most_of_the_words():
    text = "thép " + "chữ " * 100 + "cán thép tấm" + " đuôi" * 100
    cut = excerpts.excerpt(text, "can thep tam")
    assert cut.count("<mark>") == 1
    assert "<mark>cán thép tấm</mark>" in cut
    assert (cut[:2], cut[-2:], len(cut) < 260) == ("… ", " …", True)
    assert excerpts.excerpt("không gì", "thep") == ""


@pytest.mark.any_database
def test_a_word_that_stands_everywhere_costs_little():
    start = time.perf_counter()
    cut = excerpts.excerpt("ca " * 20_000, "c a c a c a")
    assert (cut.startswith("<mark>ca"), time.perf_counter() - start < 1) == (True, True)


def test_excerpt_says_why_a_row_was_found():
    factories.make_zone(location_old_vi="phường Bách Quang")
    (group,) = look("bach quang", user=AnonymousUser(), on=DAY)
    assert group.hits[0].excerpt == "phường <mark>Bách Quang</mark>"


# Nearby -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("diem thyu", "diem Thụy"), ("điem thuyj", "điem Thụy"), ("ddieemf thujy", "Điềm Thụy"),
        ("diemthuy", "Điềm Thụy"), ("diem thuy", ""), ("xyzxyz", ""), ("cong nghiiep", "cong nghiệp"), ("CN-07", ""),
    ],
)  # fmt: skip
def test_a_slip_is_led_to_the_nearest_known_words(typed, meant):
    factories.make_zone("diem-thuy", "DT", "Điềm Thụy")
    assert nearby.suggestion(typed) == meant


def test_empty_search_offers_what_finds_something(client):
    factories.make_zone("diem-thuy", "DT", "Điềm Thụy")
    page = page_of(client, "diem thyu").content.decode()
    assert ("Có phải “diem Thụy”?" in page, "Tìm riêng từng từ" in page) == (True, True)
    assert page_of(client, "diem").context["total"] == 1
    assert page_of(client, "xyzt").context["meant"] == ""


def test_nothing_is_led_to_a_name_that_has_gone(client):
    zone = factories.make_zone("diem-thuy", "DT", "Điềm Thụy")
    assert page_of(client, "thyu").context["meant"] == "Thụy"
    zone.delete()
    assert page_of(client, "thyu").context["meant"] == ""


def test_no_name_of_an_unpublished_row_is_suggested(make_plot):
    make_plot("CN-01", is_published=False, description_vi="Bíẩn")
    assert nearby.suggestion("bianx") == ""


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("one", "other", "apart"), [("thuy", "thyu", 1), ("cong", "song", 1), ("a", "abc", 2), ("", "", 0)]
)
def test_distance_counts_letters_and_turns(one, other, apart):
    assert nearby.distance(one, other) == nearby.distance(other, one) == apart


@pytest.mark.any_database
def test_every_kind_is_searched_in_columns_that_exist():
    for kind in KINDS.values():
        model = kind.visible(AnonymousUser()).model
        assert model._meta.get_field("folded")
        for name in kind.names:
            try:
                model._meta.get_field(name.partition("__")[0])
            except FieldDoesNotExist:
                pytest.fail(f"{kind.code} has no {name}")
