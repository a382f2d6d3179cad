"""Folding and searching: what Vietnamese readers type finds what the board writes."""

import unicodedata
from types import SimpleNamespace

import pytest
from django.db import connection
from django.db.migrations.writer import MigrationWriter
from hypothesis import given
from hypothesis import strategies as st

from izportal.folding import LONGEST_QUERY, FoldedField, fold, matches, rank, refold, stored_form
from izportal.models import User

SAME = [
    ("Sông Công II", "Song Cong 2"),
    ("SÔNG CÔNG II", "sông công ii"),
    ("Điềm Thụy", "ĐIỀM THUỴ"),
    ("Điềm Thụy", "diem thuy"),
    ("Đồng Nai", "dong nai"),
    ("CN-05", "CN05"),
    ("CN-05", "cn 05"),
    ("SC2-CN-05", "sc2cn05"),
    ("CN‑05", "CN_05"),
    ("Khu Ⅳ", "khu 4"),
    ("Khu XX", "khu 20"),
    ("Sông Công VI", "song cong 6"),
    ("Giai đoạn I, 120 ha", "giai doan 1 120ha"),
    ("  Yên   Bình\n", "yen binh"),
    ("Ðại Từ", "đại từ"),  # an eth in place of the Đ, as old keyboards write it
]
DIFFERENT = [
    ("CN-05", "CN-5"),
    ("CN-05", "CN-050"),
    ("Sông Công I", "Sông Công II"),
    ("vị trí", "6 tri"),
    ("CÔNG TY XI MĂNG", "cong ty 11 mang"),
    ("Khu XXI", "khu 21"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_fold_treats_spellings_alike(left, right):
    assert fold(left) == fold(right)


@pytest.mark.parametrize(("left", "right"), DIFFERENT)
def test_fold_keeps_different_names_apart(left, right):
    assert fold(left) != fold(right)


def test_fold_keeps_syllables_that_look_like_numerals():
    assert fold("Vị trí nhà máy XI MĂNG La Hiên, vi phạm") == "vi tri nha may 11 mang la hien vi pham"
    assert fold("vị trí, xi măng, ví dụ") == "vi tri xi mang vi du"


def test_fold_of_nothing_is_empty():
    assert [fold(nothing) for nothing in (None, "", "  ", "%_\x00'\"--", "\ud800")] == [""] * 5


@given(st.text())
def test_fold_is_stable(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_fold_leaves_only_words_and_single_spaces(text):
    folded = fold(text)
    assert all(character.isalnum() or character == " " for character in folded)
    assert folded == " ".join(folded.split())


@given(st.text(alphabet="aăâđeêioôơuưyAĐƠ áàảãạấầẩẫậịỵẹọ-05IVX"))
def test_fold_ignores_the_form_of_marks(text):
    forms = {fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")}
    assert len(forms) == 1


def test_stored_form_separates_parts_and_adds_bare_codes():
    assert stored_form(["Sông Công II", "SC2-CN-05", "", None]) == "| song cong 2 | sc 2 cn 05 | sc2cn05 |"


def test_stored_form_of_nothing_is_empty():
    assert stored_form(["", None, "…"]) == ""


# Searching ----------------------------------------------------------------------------------------
NAMES = {
    "i": "Khu công nghiệp Sông Công I, lô CN-02, 25 ha",
    "ii": "Khu công nghiệp Sông Công II",
    "diem": unicodedata.normalize("NFD", "Khu công nghiệp Điềm Thụy"),
    "plot": "SC2-CN-05",
    "procedure": "1.009664",
    "cement": "NHÀ MÁY XI MĂNG",
}


@pytest.fixture
def people(db):
    """Any model with a folded column will do; names stand in for zones and plots."""
    for email, name in NAMES.items():
        User.objects.create(email=email, full_name=name)
    return User.objects.order_by("pk")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("song cong", ["i", "ii"]),
        ("Song Cong 2", ["ii"]),
        ("sông công ii", ["ii"]),
        ("công sông", ["i", "ii"]),
        ("ĐIỀM THUỴ", ["diem"]),
        ("diem thuy", ["diem"]),
        (unicodedata.normalize("NFD", "điềm thụy"), ["diem"]),
        ("CN05", ["plot"]),
        ("cn 05", ["plot"]),
        ("cn 5", ["plot"]),
        ("sc2cn05", ["plot"]),
        ("SC2 CN05", ["plot"]),
        ("CN - 05", ["plot"]),
        ("1009664", ["procedure"]),
        ("1.0096", ["procedure"]),
        ("009664", ["procedure"]),
        ("xi măng", ["cement"]),
        ("khu, (công)", ["i", "ii", "diem"]),
        ("dong nai", []),
        ("ong", []),
        ("song cong 5", []),
    ],
)
def test_matches_finds(people, query, found):
    assert list(matches(people, query).values_list("email", flat=True)) == found


@pytest.mark.parametrize("blank", ["", "   ", None])
def test_matches_of_a_blank_query_keeps_every_row(people, blank):
    assert matches(people, blank).count() == len(NAMES)


@pytest.mark.parametrize(
    "hostile",
    [
        "%",
        "_",
        "\x00",
        "%%%___",
        "\\",
        "'; DROP TABLE",
        "\ud800",
        "|",
        "x" * 100_000,
        "%_ " * 50_000,
        "a " * 5_000,
        "5" * 9_000,
    ],
)
def test_matches_survives_hostile_queries(people, hostile):
    assert list(matches(people, hostile)) == []
    assert people.order_by(rank(hostile)).count() == len(NAMES)


def test_matches_cuts_a_long_query(people):
    padded = "song cong " + " " * LONGEST_QUERY + "nowhere"
    assert matches(people, padded).count() == 2


def test_matches_spreads_words_over_several_columns(people):
    assert list(matches(people, "song cong 2", field=("folded", "division__name"))) == [people.get(email="ii")]


def test_rank_puts_exact_hits_first(db):
    for name in ("Lô kề CN-05", "CN-05-06", "CN-05", "Lô 05 khu CN"):
        User.objects.create(email=name, full_name=name)
    ordered = User.objects.annotate(place=rank("cn05")).order_by("place").values_list("full_name", "place")
    assert list(ordered) == [("CN-05", 0), ("CN-05-06", 1), ("Lô kề CN-05", 2), ("Lô 05 khu CN", 3)]


# The column ---------------------------------------------------------------------------------------
def test_folded_field_fills_itself_on_save(people):
    person = people.get(email="ii")
    person.full_name = "Quyết Thắng"
    person.save()
    assert User.objects.get(pk=person.pk).folded == "| quyet thang | 2 |"


def test_folded_field_fills_itself_in_bulk(db):
    User.objects.bulk_create([User(email="a", full_name="Phổ Yên")])
    assert User.objects.get(email="a").folded == "| pho yen | a |"


def test_folded_field_follows_paths_and_methods():
    plot = SimpleNamespace(number="CN-05", zone=SimpleNamespace(name_vi="Yên Bình"), aliases=lambda: ["Lô 5", "A5"])
    field = FoldedField(sources=("number", "zone.name_vi", "aliases", "zone.developer.name", "absent"))
    assert field.folded(plot) == "| cn 05 | cn05 | yen binh | lo 5 | a 5 | a5 |"
    assert field.borrows() == {"zone", "zone__developer"}


def test_folded_field_survives_a_migration():
    field = FoldedField(sources=("number", "zone.name_vi"))
    text, imports = MigrationWriter.serialize(field)
    assert text == "izportal.folding.FoldedField(sources=('number', 'zone.name_vi'))"
    assert field.clone().sources == field.sources
    assert (field.editable, field.blank, field.default, field.db_index) == (False, True, "", False)


def test_folded_field_reports_a_misspelt_source():
    field = FoldedField(name="folded", sources=("full_name", "ful_name"))
    field.set_attributes_from_name("folded")
    field.model = User
    assert [error.id for error in field.check()] == ["folding.E001"]


def test_refold_rebuilds_what_update_passed_by(people):
    people.filter(email__in=["i", "ii"]).update(full_name="Nam Phổ Yên")
    assert matches(people, "nam pho yen").count() == 0
    assert refold(User, batch=2) == 2
    assert matches(people, "nam pho yen").count() == 2
    assert refold(User) == 0


def test_refold_reads_in_batches(people, django_assert_num_queries):
    with django_assert_num_queries(3, connection=connection):
        refold(User, batch=4)
