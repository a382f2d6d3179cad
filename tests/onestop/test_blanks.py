"""The form as sheets of paper: every question with room for its answer, conditions in words, papers to enclose."""

import json
from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation

from izportal import documents
from izportal.documents import PdfUnavailable
from izportal.models import StoredFile
from onestop import blanks, shapes
from onestop.models import Component, Definition
from tests import factories, uploads
from tests.factories import at

pytestmark = pytest.mark.django_db
CODE = "1.009664"
NOW = at("2026-03-03 09:15")


def body(*questions, **more):
    title = {"vi": "Phần một", "en": "Part one"}
    sections = [{"key": "one", "title": title, "step": title, "questions": list(questions)}]
    return {"sections": sections, **more}


def asked(key, kind, **more):
    return {"key": key, "type": kind, "label": {"vi": f"Hỏi {key}", "en": f"Ask {key}"}, **more}


def sheet(catalogue, *questions, **more):
    procedure = catalogue[CODE]
    definition = Definition(procedure=procedure, number=3, body=body(*questions, **more), valid_from=date(2026, 1, 1))
    return blanks.context(procedure, procedure.versions.get(), definition, at=NOW)


def only(catalogue, *questions, **more):
    return sheet(catalogue, *questions, **more)["sections"][0].blanks


CHOICES = [{"value": "fdi", "label": {"vi": "Vốn ngoài", "en": "Foreign"}}]


@pytest.mark.any_database
@pytest.mark.parametrize(
    ("question", "kind", "unit"),
    [
        (asked("a", "text"), "line", ""),
        (asked("a", "textarea"), "lines", ""),
        (asked("a", "choice", choices=CHOICES), "boxes", ""),
        (asked("a", "yes_no"), "boxes", ""),
        (asked("a", "case"), "boxes", ""),
        (asked("a", "money_vnd"), "line", "VND"),
        (asked("a", "decimal", unit="kVA"), "line", "kVA"),
        (asked("a", "integer", unit={"vi": "người", "en": "people"}), "line", "người"),
        (asked("a", "date"), "line", "ngày/tháng/năm"),
        (asked("a", "table", columns=[asked("b", "area")]), "table", ""),
    ],
)
def test_each_question_has_room_for_its_kind_of_answer(catalogue, question, kind, unit):
    blank = only(catalogue, question)[0]
    assert (blank.label, blank.kind, blank.unit) == ("Hỏi a", kind, unit)


@pytest.mark.any_database
def test_a_table_has_rows_to_fill_and_columns_with_units(catalogue):
    blank = only(catalogue, asked("a", "table", columns=[asked("b", "area"), asked("c", "text")], least=6))[0]
    assert (blank.columns, list(blank.rows)) == (("Hỏi b (m²)", "Hỏi c"), [1, 2, 3, 4, 5, 6])


@pytest.mark.any_database
def test_conditions_are_told_in_words(catalogue):
    first, second, third = only(
        catalogue,
        asked("origin", "choice", choices=CHOICES),
        asked("b", "text", when={"origin": ["fdi"], "case": ["th2"]}),
        asked("c", "text", required={"b2": ["yes"], "origin": ["fdi"]}),
    )
    assert first.condition == ""
    assert second.condition == "“Hỏi origin” là “Vốn ngoài” và trường hợp là “Trường hợp th2”"
    assert (third.condition, third.demanded, third.is_required) == ("", "“Hỏi origin” là “Vốn ngoài”", False)


@pytest.mark.any_database
def test_what_is_asked_only_in_a_case_that_is_not_filed_here_is_left_out(catalogue):
    rows = only(catalogue, asked("a", "text", when={"case": ["th2"]}), asked("b", "text"), closed_cases=["th2"])
    assert [row.label for row in rows] == ["Hỏi b"]


def test_a_case_that_the_office_finds_has_no_box(catalogue):
    catalogue[CODE].versions.get().cases.filter(key="th2").update(chosen_by="officer")
    assert only(catalogue, asked("a", "case"))[0].boxes == ("Trường hợp th1",)


def test_papers_name_the_cases_that_ask_for_them(catalogue):
    papers = sheet(catalogue, asked("a", "text"))["papers"]
    assert [(paper.component.key, paper.cases) for paper in papers] == [
        ("de-nghi", ()), ("tai-chinh", ("Trường hợp th1",)), ("cong-nghe", ()),
    ]  # fmt: skip


@pytest.mark.any_database
def test_papers_of_closed_cases_alone_are_not_listed(catalogue):
    papers = sheet(catalogue, asked("a", "text"), closed_cases=["th1"])["papers"]
    assert [paper.component.key for paper in papers] == ["de-nghi", "cong-nghe"]


def test_the_number_of_a_case_stands_for_its_label(catalogue):
    cases = catalogue[CODE].versions.get().cases
    cases.filter(key="th1").update(label_vi="Trường hợp 1: Dự án mới")
    assert only(catalogue, asked("a", "text", when={"case": ["th1"]}))[0].condition == "trường hợp là “Trường hợp 1”"


# The pages ----------------------------------------------------------------------------------------
def address(page, *rest, code=CODE):
    return reverse(f"onestop:{page}", args=[code, *rest])


def test_the_page_says_what_it_is_printed_from_and_that_it_replaces_nothing(client, catalogue):
    catalogue[CODE].versions.get().components.filter(key="de-nghi").update(form_code="I.1.1")
    text = " ".join(client.get(address("blank_form")).content.decode().split())
    number = shapes.in_force(catalogue[CODE], on=date(2026, 3, 3)).number
    assert f"phiên bản {number}, áp dụng từ" in text
    assert "Không thay thế mẫu do văn bản quy định: I.1.1." in text


@pytest.mark.any_database
def test_the_page_is_there_in_english(client, catalogue):
    with translation.override("en"):
        page = client.get(address("blank_form"))
    assert b"Contact person" in page.content


@pytest.mark.any_database
def test_the_pdf_is_a_file_to_keep(client, catalogue):
    try:
        documents.pdf_from_html("<p>x</p>")
    except PdfUnavailable:
        pytest.skip("Pango is missing")
    answer = client.get(address("blank_download"))
    told = (answer["Content-Type"], answer["Content-Disposition"], answer["X-Content-Type-Options"])
    assert told == ("application/pdf", 'attachment; filename="to-khai-1.009664-vi.pdf"', "nosniff")
    assert answer.content[:5] == b"%PDF-"


@pytest.mark.any_database
def test_the_pdf_is_made_once_an_hour(client, catalogue, monkeypatch):
    made = []
    monkeypatch.setattr(documents, "pdf_from_html", lambda html: made.append(html) or b"%PDF-1.7")
    for _n in range(3):
        client.get(address("blank_download"))
    assert len(made) == 1


@pytest.mark.any_database
def test_without_pango_the_page_to_print_takes_its_place(client, catalogue, monkeypatch):
    def missing(html):
        raise PdfUnavailable

    monkeypatch.setattr(documents, "pdf_from_html", missing)
    assert client.get(address("blank_download")).url == address("blank_form")


@pytest.mark.parametrize("page", ["blank_form", "blank_download"])
@pytest.mark.parametrize("code", ["1.014199", "9.999999", "%00"])
def test_no_form_no_sheet(client, catalogue, page, code):
    factories.make_procedure("1.014199", "Cấp giấy phép lao động", is_filed_here=False)
    assert client.get(address(page, code=code)).status_code == 404


def test_the_page_costs_the_same_for_any_number_of_papers(client, catalogue, django_assert_num_queries):
    client.get(address("blank_form"))
    with django_assert_num_queries(6):
        client.get(address("blank_form"))
    version = catalogue[CODE].versions.get()
    Component.objects.bulk_create(Component(version=version, key=f"k{n}", name_vi=f"Giấy {n}") for n in range(3))
    with django_assert_num_queries(6):
        client.get(address("blank_form"))


# Forms of the board -------------------------------------------------------------------------------
@pytest.fixture
def form(catalogue, staff):
    component = catalogue[CODE].versions.get().components.get(key="de-nghi")
    upload = ContentFile(uploads.pdf(), "Mẫu I.1.1.pdf")
    component.form_file = documents.store(upload, by=staff("administrator"), at=NOW, max_bytes=2**20)
    component.save()
    return component


def test_a_form_put_beside_a_paper_is_handed_out(client, form):
    answer = client.get(address("form_download", form.pk))
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert b"".join(answer.streaming_content) == uploads.pdf()
    assert (
        address("form_download", form.pk)
        in client.get(reverse("onestop:procedure_detail", args=[CODE])).content.decode()
    )


def test_a_form_of_a_version_that_is_over_or_of_another_procedure_is_not(client, form):
    assert client.get(address("form_download", form.pk, code="1.009647")).status_code == 404
    form.version.__class__.objects.filter(pk=form.version_id).update(valid_to=date(2020, 1, 1))
    assert client.get(address("form_download", form.pk)).status_code == 404


def test_a_paper_without_a_form_has_nothing_to_hand_out(client, form):
    other = form.version.components.get(key="tai-chinh")
    assert client.get(address("form_download", other.pk)).status_code == 404


def test_a_form_that_is_not_known_to_be_safe_waits(client, form):
    StoredFile.objects.filter(pk=form.form_file_id).update(state="pending")
    assert client.get(address("form_download", form.pk)).status_code == 409


def test_bodies_of_all_definitions_give_sheets(catalogue):
    for definition in Definition.objects.select_related("procedure"):
        said = blanks.context(definition.procedure, definition.procedure.versions.get(), definition, at=NOW)
        assert said["sections"] and json.dumps([part.title for part in said["sections"]])
