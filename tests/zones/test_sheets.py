"""The printed fact sheet of a plot: frozen once, in each language the words of its fields, and what changed since."""

import io
from datetime import date
from decimal import Decimal

import pypdf
import pytest
from django.urls import reverse
from django.utils import translation

from tests import factories
from zones import allocation, sheets
from zones.models import Availability, FactSheet, Plot

pytestmark = pytest.mark.django_db

AT = factories.at("2026-03-03 09:15")


@pytest.fixture
def plot(make_plot):
    return make_plot(
        "CN-05", price=Decimal("92.00"), price_currency="USD", price_basis="m2_term", price_on=date(2026, 1, 15),
        term_until=2063, power_kva=Decimal("2500"), floor_load_t_m2=Decimal("3.5"), description_vi="Nền đã san lấp.",
        description_en="Levelled ground.",
    )  # fmt: skip


def now(plot):
    return Plot.objects.select_related("zone", "phase").with_status(on=date(2026, 3, 3)).get(pk=plot.pk)


def text_of(response):
    reader = pypdf.PdfReader(io.BytesIO(response.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def flat(text):
    return " ".join(text.split())


def test_the_same_values_are_one_sheet(plot):
    first = sheets.printed(now(plot), at=AT)
    again = sheets.printed(now(plot), at=factories.at("2026-03-04 10:00"))
    assert (again.pk, again.printed_at, FactSheet.objects.count()) == (first.pk, AT, 1)


def test_other_values_are_another_sheet_and_the_old_ones_the_first_again(plot):
    first = sheets.printed(now(plot), at=AT)
    Plot.objects.filter(pk=plot.pk).update(price=Decimal("95"))
    second = sheets.printed(now(plot), at=AT)
    Plot.objects.filter(pk=plot.pk).update(price=Decimal("92"))
    assert first.code != second.code
    assert sheets.printed(now(plot), at=AT).pk == first.pk


def test_a_sheet_holds_values_and_no_words(plot):
    said = sheets.values(now(plot))
    assert said["price"] == {"amount": "92", "currency": "USD", "basis": "m2_term"}
    assert (said["area"], said["load"], said["price_on"]) == ("65000", "3.5", "2026-01-15")
    assert (said["status"], said["height"]) == ("available", None)
    assert said["description"] == {"vi": "Nền đã san lấp.", "en": "Levelled ground."}


def test_reading_a_sheet_again_and_again_adds_no_row(client, plot, django_assert_num_queries):
    client.get("/quy-dat/SC2-CN-05/to-in/")
    with django_assert_num_queries(3):
        client.get("/quy-dat/SC2-CN-05/to-in/")
    client.get("/en/land/SC2-CN-05/sheet/")
    assert FactSheet.objects.count() == 1


@pytest.mark.any_database
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pdf_says_word_for_word_what_the_sheet_says(client, plot, language):
    with translation.override(language):
        address = reverse("zones:plot_sheet_pdf", args=["SC2-CN-05"])
        expected = sheets.lines(sheets.values(now(plot)))
    text = text_of(client.get(address))
    assert [line for line in expected if flat(f"{line[0]} {line[1]}") not in text] == []
    sheet = FactSheet.objects.get()
    with translation.override(language):
        assert sheet.get_absolute_url() in text.replace(" ", "")


@pytest.mark.any_database
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_pdf_is_tagged_and_names_its_language(client, plot, language):
    with translation.override(language):
        response = client.get(reverse("zones:plot_sheet_pdf", args=["SC2-CN-05"]))
    root = pypdf.PdfReader(io.BytesIO(response.content)).trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == (language, True)
    assert response["Content-Disposition"] == f'attachment; filename="SC2-CN-05-{language}.pdf"'


def test_a_changed_price_is_told_old_and_new(client, plot):
    sheet = sheets.printed(now(plot), at=AT)
    Plot.objects.filter(pk=plot.pk).update(price=Decimal("95.5"), price_on=date(2026, 3, 1))
    response = client.get(sheet.get_absolute_url())
    told = {line.code: (flat(line.old), flat(line.new)) for line in response.context["changed"]}
    assert told == {
        "price": ("92 USD mỗi m² cả thời hạn", "95,5 USD mỗi m² cả thời hạn"),
        "price_on": ("15/01/2026", "01/03/2026"),
    }
    assert len(response.context["same"]) == len(sheets.FIELDS) - 2


def test_changes_are_told_in_the_language_of_the_page(client, plot):
    sheet = sheets.printed(now(plot), at=AT)
    Plot.objects.filter(pk=plot.pk).update(power_kva=None, description_en="Levelled, fenced.")
    with translation.override("en"):
        response = client.get(sheet.get_absolute_url())
    told = {line.code: (flat(line.old), flat(line.new)) for line in response.context["changed"]}
    assert told["description"] == ("Levelled ground.", "Levelled, fenced.")
    assert told["power"][0] == "2,500 kVA"


def test_a_plot_that_was_reserved_says_so_on_its_sheet(client, plot, staff):
    sheet = sheets.printed(now(plot), at=AT)
    allocation.reserve(plot=plot, held_for="H-1", basis="", by=staff("land"), at=AT)
    told = {line.code: (line.old, line.new) for line in client.get(sheet.get_absolute_url()).context["changed"]}
    words = Availability.Status
    assert told == {"status": (str(words.AVAILABLE.label), str(words.RESERVED.label))}


def test_an_unchanged_sheet_says_that_nothing_changed(client, plot):
    page = client.get(sheets.printed(now(plot), at=AT).get_absolute_url())
    assert page.context["changed"] == []
    assert "Không có gì thay đổi" in page.content.decode()


def test_a_withdrawn_listing_says_so_and_shows_only_what_was_printed(client, plot):
    sheet = sheets.printed(now(plot), at=AT)
    Plot.objects.filter(pk=plot.pk).update(is_published=False, price=Decimal("77.77"))
    page = client.get(sheet.get_absolute_url()).content.decode()
    assert "Lô này không còn được công bố" in page
    assert ("92" in page, "77,77" in page) == (True, False)


def test_a_field_that_a_sheet_did_not_have_yet_is_no_change(client, plot):
    sheet = sheets.printed(now(plot), at=AT)
    sheet.values.pop("height")
    sheet.save()
    assert [line.code for line in sheets.changes(sheet, now(plot)) if line.code == "height" or line.is_changed] == []


def test_a_word_of_a_list_that_is_gone_is_told_as_it_stands(plot):
    said = {**sheets.values(now(plot)), "kind": "harbour"}
    assert dict(sheets.lines(said))["Loại"] == "harbour"


def test_an_unknown_code_is_not_found(client, plot):
    assert client.get("/quy-dat/to-in/khongcophieu/").status_code == 404


def test_no_sheet_of_a_plot_that_is_not_public(client, make_plot):
    make_plot("CN-06", is_published=False)
    assert client.get("/quy-dat/SC2-CN-06/to-in/").status_code == 404
    assert client.get("/quy-dat/SC2-CN-06/to-in/pdf/").status_code == 404
    assert FactSheet.objects.count() == 0


def test_sheets_of_invented_plots_are_invented_and_marked(client, make_plot):
    make_plot("CN-07", is_sample=True)
    page = client.get("/quy-dat/SC2-CN-07/to-in/").content.decode()
    assert FactSheet.objects.get().is_sample
    assert "Dữ liệu mẫu: lô này không có thật." in page


def test_the_list_of_sheets_takes_the_same_queries(client, plot, make_plot, staff, django_assert_num_queries):
    sheets.printed(now(plot), at=AT)
    client.force_login(staff("land"))
    address = reverse("admin:zones_factsheet_changelist")
    client.get(address)
    client.get(address)
    with django_assert_num_queries(8):
        client.get(address)
    for number in ("CN-06", "CN-07"):
        sheets.printed(now(make_plot(number)), at=AT)
    with django_assert_num_queries(8):
        client.get(address)


def test_an_operator_sees_the_sheets_of_their_own_zones(client, plot, make_plot):
    sheets.printed(now(plot), at=AT)
    other = sheets.printed(now(make_plot("CN-01", zone=factories.make_zone("yen-binh", "YB", "Yên Bình"))), at=AT)
    client.force_login(factories.make_staff("operator", zones=["YB"]))
    listed = client.get(reverse("admin:zones_factsheet_changelist")).context["cl"].queryset
    assert list(listed) == [other]
