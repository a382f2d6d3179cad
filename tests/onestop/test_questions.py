"""The forms as data: definitions are sound, answers are read in either language, the checks know the matter."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from izportal.management import form_files
from onestop import entries, plausibility, questions, shapes
from onestop.models import Dossier
from tests import factories

EFFECTIVE = ["1.009664", "1.009647"]
CODES = form_files.codes()
# What a grant reads from the answers (onestop/effects.py).
READ_BY_GRANT = {
    "1.009664": {
        *("project_name", "project_name_en", "origin", "kind", "sector", "objective", "investor_name"),
        *("investor_country", "investor_kind", "investor_identifier", "capital_usd", "capital_vnd"),
        *("exchange_rate", "rate_on", "rate_source", "term_years", "area_m2"),
    },
    "1.009647": {"new_capital_usd", "new_capital_vnd", "exchange_rate", "rate_on", "rate_source", "reason"},
}


def shape_of(code):
    return shapes.read(form_files.compose(code))


def every_question(code):
    return [question for section in shape_of(code).sections for question in section.questions]


# Definitions --------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", EFFECTIVE)
def test_a_definition_asks_what_the_grant_reads(code):
    assert READ_BY_GRANT[code] - {question.key for question in every_question(code)} == set()


@pytest.mark.parametrize("code", CODES)
def test_a_definition_speaks_both_languages(code):
    texts = [text for question in every_question(code) for text in (question.label, question.hint) if text]
    texts += [choice["label"] for question in every_question(code) for choice in question.choices]
    texts += [section.title for section in shape_of(code).sections]
    assert [text for text in texts if not (text.get("vi") and text.get("en"))] == []


@pytest.mark.parametrize("code", CODES)
def test_keys_are_asked_once_and_conditions_name_them(code):
    asked = [question.key for question in every_question(code)]
    known = {*asked, "case", "channel", "project_origin"}
    conditions = [c for q in every_question(code) for c in (q.when, q.required) if isinstance(c, dict)]
    assert len(asked) == len(set(asked))
    assert [key for condition in conditions for key in condition if key not in known] == []


def is_known(name):
    try:
        return callable(plausibility.check(name))
    except (KeyError, TypeError):  # no such check, or one made from other keys
        return False


@pytest.mark.parametrize("code", CODES)
def test_checks_named_in_a_definition_exist(code):
    named = {name for section in shape_of(code).sections for name in section.checks}
    assert {name for name in named if not is_known(name)} == set()


@pytest.mark.parametrize("name", ["", "nobody_wrote_this", "nobody_wrote_this:work_from"])
def test_a_check_that_nobody_wrote_is_refused(name):
    with pytest.raises(KeyError):
        plausibility.check(name)


@pytest.mark.parametrize("code", ["9.999999", "_applicant", "../forms/1.009664", "", "\x00"])
def test_no_form_is_found_under_another_name(code):
    assert form_files.compose(code) is None


def test_a_word_that_no_question_knows_is_refused():
    with pytest.raises(TypeError):
        shapes.question({"key": "a", "type": "text", "label": {}, "colour": "red"})


# Numbers and dates --------------------------------------------------------------------------------
NUMBERS = [
    ("vi", "1.234,5", "1234.5"),
    ("vi", "1,234.5", "1234.5"),
    ("vi", "1.234", "1234"),
    ("vi", "12.5", "12.5"),
    ("vi", "1,5", "1.5"),
    ("vi", "12.500.000", "12500000"),
    ("vi", "12 500 000", "12500000"),
    ("vi", "１２", "12"),
    ("vi", "−3", "-3"),
    ("en", "1,234.5", "1234.5"),
    ("en", "1.234,5", "1234.5"),
    ("en", "1,234", "1234"),
    ("en", "1,5", "1.5"),
    ("en", "12.500.000", "12500000"),
    ("en", "12500000", "12500000"),
]


@pytest.mark.parametrize(("language", "text", "value"), NUMBERS)
def test_numbers_are_read_as_the_language_writes_them(language, text, value):
    with translation.override(language):
        assert entries.read_number(text) == Decimal(value)


@pytest.mark.parametrize(
    "text", ["", "1.23.4", "1e5", "NaN", "Infinity", ".5", "5.", "1,2,3", "٣", "1\x00", "9" * 61, "--1"]
)
def test_what_is_no_number_is_refused(text):
    with translation.override("vi"), pytest.raises(ValueError):
        entries.read_number(text)


@pytest.mark.any_database
def test_a_large_exponent_is_not_written_out():
    kept = ("1e999999999", "-1e-999999999", "1e60", "1e15")
    assert [entries.NumberEntry().recall(text) for text in kept] == [*kept[:3], "1.000.000.000.000.000"]


def test_three_decimals_of_money_are_asked_again():
    """“12.500” on an English page is twelve and a half to a machine and twelve thousand five hundred to its writer."""
    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        entries.NumberEntry(places=2).clean("12.500")
    assert refusal.value.code == "places"


@pytest.mark.parametrize(("language", "shown"), [("vi", "1.234.567,5"), ("en", "1,234,567.5")])
def test_a_kept_number_is_shown_in_the_readers_language(language, shown):
    with translation.override(language):
        entry = entries.NumberEntry(unit="USD")
        kept = entry.keep(entry.clean(shown))
        assert (kept, entry.recall(kept)) == ("1234567.5", shown)


@pytest.mark.parametrize("text", ["31/12/2027", "31-12-2027", "2027-12-31", " 31/12/2027 "])
def test_dates_are_read_day_first(text):
    entry = entries.DateEntry()
    assert entry.keep(entry.clean(text)) == "2027-12-31"


def test_text_is_kept_composed_and_without_control_characters():
    assert entries.TextEntry(rows=2).clean("Thép\u0007 Vie\u0302\u0323t\r\ndòng hai") == "Thép Việt\ndòng hai"


# Conditions ---------------------------------------------------------------------------------------
@pytest.fixture
def dossier(make_dossier, enterprise_user):
    return make_dossier(by=enterprise_user)


def form_for(dossier, section, typed=None):
    shape = questions.definition(dossier)
    return questions.SectionForm(typed, dossier=dossier, section=shape.section(section), user=dossier.created_by)


@pytest.mark.parametrize(
    ("origin", "needed"),
    [("fdi", {"capital_usd", "exchange_rate", "rate_on", "rate_source"}), ("ddi", {"capital_vnd"})],
)
def test_the_origin_says_which_capital_is_needed(dossier, origin, needed):
    dossier.answers = {"origin": origin}
    errors = form_for(dossier, "capital", {}).errors
    assert set(errors) - {"equity_share", "equity_due_on"} == needed


def test_a_condition_inside_a_section_hangs_on_what_is_typed(dossier):
    person = form_for(dossier, "investor", {"investor_kind": "individual"})
    company = form_for(dossier, "investor", {"investor_kind": "organisation"})
    assert ("representative_name" in person.errors, "representative_name" in company.errors) == (False, True)


def test_an_answer_no_longer_asked_is_let_go(dossier):
    dossier.answers = {"representative_name": "Kim Mau"}
    typed = {
        "investor_kind": "individual", "investor_name": "Kim Mau", "investor_country": "KR",
        "investor_identifier": "M1", "investor_address": "Seoul", "representative_name": "còn sót",
    }  # fmt: skip
    form = form_for(dossier, "investor", typed)
    assert form.is_valid()
    assert "representative_name" not in form.apply().answers


def test_a_closed_case_is_not_offered(dossier):
    factories.ProcedureCase.objects.create(
        version=dossier.version, key="transfer", value=10, unit="working_day", label_vi="Chuyển nhượng"
    )
    field = form_for(dossier, "applicant").fields["case"]
    assert set(field.queryset.values_list("key", flat=True)) == {"th1", "th2"}
    assert "Chưa nộp được tại cổng này: Chuyển nhượng. Hãy nộp tại Cổng Dịch vụ công quốc gia" in field.help_text


def test_fields_start_with_what_is_known(dossier):
    dossier.answers = {}
    assert form_for(dossier, "investor").initial["investor_name"] == dossier.enterprise.name
    assert form_for(dossier, "project").initial["area_m2"] == "65.000"


# Checks -------------------------------------------------------------------------------------------
def doubts(name, answers, dossier=None, **cleaned):
    matter = plausibility.Matter(dossier or Dossier(), cleaned, date(2026, 3, 3))
    return [(doubt.key, doubt.blocks) for doubt in plausibility.check(name)(answers, matter)]


@pytest.mark.parametrize(
    ("vnd", "found"),
    [("328125000000", []), ("331000000000", []), ("400000000000", [("capital_vnd", False)])],
)
def test_sums_in_two_currencies_are_compared_but_do_not_block(vnd, found):
    assert doubts("sums_meet", {"capital_usd": "12500000", "capital_vnd": vnd, "exchange_rate": "26250"}) == found


def test_two_currencies_need_a_rate():
    assert doubts("sums_meet", {"capital_usd": "1", "capital_vnd": "26250"}) == [("exchange_rate", True)]


def test_a_rate_needs_its_day_and_source():
    assert doubts("rate_is_whole", {"exchange_rate": "26250"}) == [("rate_on", True), ("rate_source", True)]


def test_the_area_must_fit_the_plot(dossier):
    assert doubts("area_fits_plot", {"area_m2": "65000"}, dossier) == []
    assert doubts("area_fits_plot", {"area_m2": "65000.01"}, dossier) == [("area_m2", True)]


def test_dates_must_follow_each_other():
    wrong = {"construction_from": "2027-01-01", "construction_until": "2026-01-01", "operating_on": "2028-01-01"}
    assert doubts("dates_in_order", wrong) == [("construction_until", True)]


@pytest.mark.parametrize(
    ("new", "found"),
    [
        ({"new_capital_usd": "20000000"}, []),
        ({"new_capital_usd": "12500000"}, [("new_capital_usd", True)]),
        ({}, [("new_capital_usd", True)]),
    ],
)
def test_new_capital_must_differ(make_dossier, new, found):
    assert doubts("capital_differs", new, make_dossier("1.009647")) == found


def test_a_printed_currency_may_not_vanish(make_dossier, make_project):
    project = make_project(usd="1000", vnd="26250000")
    dossier = make_dossier("1.009647", project=project)
    assert doubts("capital_differs", {"new_capital_usd": "2000"}, dossier) == [("new_capital_vnd", True)]


def test_a_project_of_another_enterprise_is_refused(make_dossier, make_project):
    other = factories.make_enterprise("Công ty khác")
    project = make_project(enterprise=other)
    dossier = make_dossier("1.009647", project=project)
    found = doubts("project_is_ours", {}, dossier, project=project, enterprise=dossier.enterprise)
    assert found == [("project", True)]


# Reading back -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "lines"),
    [
        ("vi", {"Tổng vốn đầu tư bằng USD": "12.500.000\u00a0USD", "Nguồn vốn": "Có vốn đầu tư nước ngoài (FDI)"}),
        ("en", {"Total capital in USD": "12,500,000\u00a0USD", "Origin of the capital": "Foreign-invested (FDI)"}),
    ],
)
def test_a_filed_form_is_written_out_in_the_readers_language(dossier, language, lines):
    facts = dict(line for _title, section in questions.render(dossier, language) for line in section)
    assert {label: facts[label] for label in lines} == lines


def test_faults_lead_to_their_fields(dossier):
    del dossier.answers["project_name"]
    faults = [
        fault for fault in questions.faults(dossier) if fault.section == "project" and fault.anchor == "f-project_name"
    ]
    assert [(fault.label, fault.sentence) for fault in faults] == [("Tên dự án", "Mục này cần được điền.")]


def test_a_plot_leased_meanwhile_is_a_fault(dossier):
    factories.Availability.objects.create(
        plot=dossier.plot,
        status="leased",
        held_for="98",
        effective_on="2020-01-02",
        recorded_at=factories.at("2020-01-02 08:00"),
    )
    faults = [fault.sentence for fault in questions.faults(dossier) if fault.anchor == "f-plot"]
    assert faults == ["Lô này không còn trống hoặc chưa sẵn sàng. Chọn lô khác."]


def test_answers_are_json(dossier):
    assert json.loads(json.dumps(dossier.answers)) == dossier.answers
