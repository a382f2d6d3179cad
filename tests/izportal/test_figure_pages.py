"""Every number leads to its records, and they add up to it: on the page, in the file, in both languages."""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import translation

from izportal.indicators import Asked
from izportal.models import SeriesBreak
from izportal.statistics import registry
from projects.figures import posting
from projects.models import Enterprise, Project
from tests import factories, histories, page_numbers

pytestmark = pytest.mark.django_db
YEAR = Asked(histories.LAST, since=histories.FIRST)


def lines_of(client, address):
    """The file behind an address as rows without heads."""
    content = b"".join(client.get(address).streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))[1:]


def added_up(indicator, lines):
    """The value that the last columns of a file give."""
    last, before = (sum(Decimal(line[place] or 0) for line in lines) for place in (-1, -2 if indicator.per else -1))
    return indicator.worth(before, last)


@pytest.fixture
def everything(make_dossier, make_plot):
    """A register with a past, plots and a settled dossier."""
    rows = histories.projects()
    for n, area in enumerate((50_000, 30_000)):
        make_plot(
            f"CN-2{n}",
            zone=rows[0].zone,
            area_m2=Decimal(area),
            status=("leased", "available")[n],
            held_for="x" * (1 - n),
        )
    factories.advance(make_dossier(), "archived", start=factories.at("2025-10-07 09:15"))


FIGURE = re.compile(r"/(?:thong-ke/so-lieu|statistics/figures)/(\w+)/$")


def indicator_at(address):
    return registry.of(FIGURE.search(urlsplit(address).path).group(1))


def told_by_file(client, address):
    """The number at an address as its file gives it, in the words in which a page may say it."""
    indicator, page = indicator_at(address), urlsplit(address)
    lines = lines_of(client, f"{page.path}csv/?{page.query}")
    number = indicator.number(YEAR, added_up(indicator, lines))
    return {text.lstrip("+−") for text in (number.text, number.bare)}


def check_numbers(client, page, *, every=True):
    """Each number on the page leads to records that add up to it, and none leads nowhere; how many there are."""
    shown = page_numbers.shown_on(client.get(page).content.decode())
    assert [number for number in shown if not number.href and number.section != "doi-chieu"] == []
    figures = [number for number in shown if number.href and not number.href.startswith("#")]
    checked = figures if every else {indicator_at(number.href).code: number for number in figures}.values()
    for number in checked:
        assert number.text.lstrip("+−") in told_by_file(client, number.href), number
    return len(figures)


@pytest.mark.parametrize("page", ["/thong-ke/?on=2025-12-31", "/en/statistics/?on=2025-12-31"])
def test_number_of_each_kind_on_the_page_is_the_sum_of_its_file(client, everything, page):
    assert check_numbers(client, page, every=False) > 300


@pytest.mark.prove
@pytest.mark.parametrize(
    "query", ["by=1", "by=3", "", "zone=yen-binh&by=3", "sector=25", "country=JP&by=3", "sector=C"]
)
@pytest.mark.parametrize("page", ["/thong-ke/", "/en/statistics/"])
def test_each_number_on_the_page_is_the_sum_of_its_file(client, everything, page, query):
    count = check_numbers(client, f"{page}?on=2025-12-31&{query}")
    print(f"{page}?{query}: {count} numbers, each the sum of its file")  # noqa: T201


@pytest.mark.prove
@pytest.mark.parametrize("language", ["vi", "en"])
def test_each_indicator_is_the_sum_of_its_file(client, everything, language):
    with translation.override(language):
        for indicator in registry.INDICATORS.values():
            number = indicator.ask(YEAR)
            response = client.get(number.url)
            assert number.value is None or number.text.lstrip("+−") in told_by_file(client, number.url), indicator
            assert len(lines_of(client, number.csv_url)) == response.context["page_obj"].paginator.count
            assert number.text in response.content.decode()


@pytest.mark.parametrize("sort", ["-amount", "amount", "name", "-source_of_capital"])
def test_records_are_sorted_as_asked(client, sort):
    histories.plant()
    response = client.get(registry.of("fdi_capital_usd").ask(YEAR).url, {"sort": sort} | YEAR.query())
    rows = response.context["page_obj"].object_list
    values = [row[sort.removeprefix("-")] for row in rows]
    assert values == sorted(values, reverse=sort.startswith("-")) and len(values) == 6


def test_records_are_paged_and_the_pages_hold_all(client):
    for n in range(23):
        factories.make_project(on=date(2021, 1, 1), usd=str(1000 + n))
    address = registry.of("fdi_capital_usd").ask(YEAR).url
    pages = [client.get(f"{address}&page={n}").context["page_obj"].object_list for n in (1, 2)]
    assert [len(page) for page in pages] == [20, 3]
    assert "Không có trang này" in client.get(f"{address}&page=3").content.decode()


def test_page_gives_definition_scope_and_a_text_to_cite(client):
    histories.plant()
    response = client.get("/thong-ke/so-lieu/fdi_capital_usd/?on=2025-12-31&sector=25&zone=yen-binh")
    page = response.content.decode()
    assert "Vốn đăng ký bằng USD của các dự án vốn nước ngoài còn hiệu lực" in page
    assert response.context["scope"] == ["Yên Bình", "25 · Sản xuất sản phẩm từ kim loại đúc sẵn"]
    assert [row.language for row in response.context["citations"]] == ["vi", "en"]
    assert f"{response.context['number'].text}, tính đến hết ngày 31/12/2025" in response.context["citations"][0].text


def test_permanent_address_gives_the_number_that_was_seen(client):
    first = histories.projects()[0]
    response = client.get("/thong-ke/so-lieu/fdi_capital_usd/?on=2025-12-31")
    seen, kept = response.context["number"].value, urlsplit(response.context["permanent"])
    later = response.context["at"].replace(year=2027)
    histories.correct(first.changes.order_by("pk")[0], histories.dollars(900_000), later)
    again = client.get(f"{kept.path}?{kept.query}").context["number"].value
    now = client.get("/thong-ke/so-lieu/fdi_capital_usd/?on=2025-12-31").context["number"].value
    assert (again, now) == (seen, seen - 100_000)


def test_moment_to_come_stands_for_now(client):
    histories.plant()
    response = client.get("/thong-ke/so-lieu/projects/?on=2025-12-31&known=2999-01-01T00:00:00Z")
    assert (response.context["number"].asked.known, response.context["number"].value) == (None, 10)


def test_page_tells_the_breaks_that_concern_the_figure(client):
    facts = {"on": date(2023, 3, 14), "title_vi": "Quy hoạch mới", "text_vi": "Danh mục khác", "source_vi": "QĐ 222"}
    SeriesBreak.objects.create(code="a", indicators=["zones"], **facts)
    pages = [client.get(f"/thong-ke/so-lieu/{code}/").content.decode() for code in ("zones", "projects")]
    assert ["Quy hoạch mới" in page for page in pages] == [True, False]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("on=99/99/9999", "Không đọc được ngày này"),
        ("known=hom-nay", "Không đọc được ngày này"),
        ("known=%00", "ký tự không đọc được"),
        ("since=01/01/2026&on=31/12/2025", "bắt đầu không muộn hơn"),
        ("zone=khong-co", "Không có lựa chọn này"),
        ("sort=mat-khau", "Không có lựa chọn này"),
        ("on=01/01/2020&on=01/01/2021", "chỉ nhận một giá trị"),
    ],
)
def test_bad_question_is_told_and_gives_no_number(client, query, sentence):
    histories.plant()
    response = client.get(f"/thong-ke/so-lieu/capital_increases/?{query}")
    assert sentence in response.content.decode() and "number" not in response.context
    assert client.get(f"/thong-ke/so-lieu/capital_increases/csv/?{query}").status_code == 302


def test_unknown_figure_is_not_found(client):
    addresses = [reverse(name, args=["mat_khau"]) for name in ("figure", "figure_csv", "figure_changes")]
    assert [client.get(address).status_code for address in addresses] == [404, 404, 404]


@pytest.mark.parametrize("rows", [1, 3])
def test_figure_takes_the_same_queries_for_any_number_of_records(client, rows, django_assert_num_queries):
    for _n in range(rows):
        factories.make_project()
    posting.level()
    with django_assert_num_queries(13):
        response = client.get("/thong-ke/so-lieu/fdi_capital_usd/?on=2025-12-31")
    assert response.context["page_obj"].paginator.count == rows


def test_file_is_not_taken_for_formulas(client):
    project = factories.make_project(on=date(2021, 1, 1))
    Project.objects.filter(pk=project.pk).update(name_vi="=1+1")
    line = lines_of(client, registry.of("projects").ask(YEAR).csv_url)[0]
    assert line[1] == "'=1+1"


def test_operator_of_one_zone_finds_no_link_to_the_projects_of_another(client):
    histories.plant()
    client.force_login(factories.make_staff("operator", zones=["YB"]))
    page = client.get(registry.of("projects").ask(YEAR).url).content.decode()
    linked = set(re.findall(r'href="/du-an/(\w+)/"', page))
    assert linked == set(Project.objects.filter(zone__code="YB", code__in=linked).values_list("code", flat=True))
    assert len(linked) == 4


def test_nothing_private_stands_among_the_records(client, everything):
    Enterprise.objects.create(name_vi="Bí mật", tax_code="4601234567", email="bi-mat@mau.example")
    for indicator in registry.INDICATORS.values():
        heads = {column.key for column in indicator.source.columns}
        assert not heads & {"email", "phone", "identifier", "contact_name", "representative", "tax_code", "reference"}


def test_sample_and_real_are_never_counted_together(client):
    histories.plant(True)
    sample = client.get("/thong-ke/so-lieu/projects/?on=2025-12-31")
    assert (sample.context["number"].value, sample.context["number"].asked.is_sample) == (10, True)
    factories.make_project()
    real = client.get("/thong-ke/so-lieu/projects/?on=2025-12-31")
    assert (real.context["number"].value, "minh họa" in real.context["citations"][0].text) == (1, False)
    assert client.get("/thong-ke/so-lieu/projects/?on=2025-12-31&data=sample").context["number"].value == 10


@pytest.mark.parametrize("by", [1, 3, 12])
def test_page_tells_the_months_in_which_a_project_changed_its_origin(client, by):
    histories.plant()
    told = client.get(reverse("statistics"), {"on": "31/12/2025", "by": by if by < 12 else ""}).context["steps"]
    new = [step["new_projects"].value for step in told if step.on.year == 2025]
    assert (sum(new), told[-1].on) == (registry.of("new_projects").ask(YEAR).value, histories.LAST)
