"""The small forms of the editor: each reads a piece of a form and gives it back as it was, or as it was changed."""

import pytest
from django.http import QueryDict

from izportal.management import form_files
from onestop.definitions import edits
from onestop.definitions.forms import NoteForm, QuestionForm, SectionForm
from onestop.models import Definition
from tests import factories


def typed(form, **changed):
    """What a browser sends when nothing, or only `changed`, is typed into a form."""
    data = QueryDict(mutable=True)
    for name, field in form.fields.items():
        value = changed.get(name, form.get_initial_for_field(field, name))
        if isinstance(value, list):
            data.setlist(name, value)
        elif value is not None and value is not False:
            data[name] = str(value)
    return data


def sent(form, **changed):
    more = {} if isinstance(form, NoteForm) else {"place": form.place, "piece": form.piece}
    return type(form)(typed(form, **changed), definition=form.definition, **more)


@pytest.fixture
def making(catalogue):
    return making_of(catalogue["1.009664"])


def making_of(procedure):
    body = form_files.compose(procedure.code)
    return Definition.objects.create(procedure=procedure, number=2, body=body)


def question(making, *place):
    return QuestionForm(definition=making, place=place, piece=edits.find(making.body, place))


def places(body):
    for section in body["sections"]:
        yield (section["key"],)
        for asked in section["questions"]:
            yield (section["key"], asked["key"])
            yield from ((section["key"], asked["key"], column["key"]) for column in asked.get("columns", ()))


@pytest.mark.any_database
@pytest.mark.parametrize("code", form_files.codes())
def test_a_piece_left_alone_stays_as_it_is(catalogue, code):
    known = catalogue.get(code) or factories.make_procedure(code, "Thủ tục thử")
    making = making_of(known)
    for place in places(making.body):
        kind = SectionForm if len(place) == 1 else QuestionForm
        piece = edits.find(making.body, place)
        form = sent(kind(definition=making, place=place, piece=piece))
        assert (form.errors, form.whole()) == ({}, piece)


def test_texts_are_asked_in_both_languages(making):
    form = sent(question(making, "project", "objective"), label_en="")
    assert list(form.errors) == ["label_en"]


def test_a_hint_in_one_language_is_kept_for_the_check_to_tell(making):
    form = sent(question(making, "project", "objective"), hint_vi="Ghi ngắn gọn", hint_en="")
    assert form.is_valid()
    assert form.whole()["hint"] == {"vi": "Ghi ngắn gọn", "en": ""}


def new_question(making, **said):
    form = QuestionForm(definition=making, place=("project", ""), piece={})
    return sent(form, **{"type": "integer", "required": "no", "label_vi": "Số thang máy", **said})


def test_a_new_question_gets_its_key_from_its_english_name(making):
    form = new_question(making, label_en="Number of lifts (2)")
    assert form.is_valid()
    assert form.whole() == {
        "key": "number_of_lifts_2", "type": "integer",
        "label": {"vi": "Số thang máy", "en": "Number of lifts (2)"},
    }  # fmt: skip


@pytest.mark.parametrize("key", ["objective", "papers_not_due", "Số", "1a", "a/b", "a" * 61])
def test_a_key_that_is_taken_or_senseless_is_refused(making, key):
    assert "key" in new_question(making, label_en="Lifts", key=key).errors


def test_choices_are_typed_as_lines(making):
    lines = "mot | Một | One\r\n\r\nhai|Hai|Two"
    form = new_question(making, label_en="Lifts", type="choice", choices=lines)
    assert form.is_valid()
    assert form.whole()["choices"] == [
        {"value": "mot", "label": {"vi": "Một", "en": "One"}},
        {"value": "hai", "label": {"vi": "Hai", "en": "Two"}},
    ]


@pytest.mark.parametrize("line", ["mot", "mot | Một", "mot | | One", "a|b|c|d"])
def test_a_line_of_another_shape_is_refused(making, line):
    assert "choices" in new_question(making, label_en="Lifts", type="choice", choices=line).errors


def test_a_condition_is_chosen_among_answers_asked_before(making):
    form = new_question(
        making, label_en="Lifts", when=["origin=fdi"], required="when", required_when=["kind=production"]
    )
    assert form.is_valid()
    assert (form.whole()["when"], form.whole()["required"]) == ({"origin": ["fdi"]}, {"kind": ["production"]})


def test_an_answer_asked_later_is_no_condition(making):
    form = sent(question(making, "applicant", "plot"), when=["origin=fdi"])
    assert "when" in form.errors


def test_required_under_a_condition_needs_one(making):
    assert list(new_question(making, label_en="Lifts", required="when").errors) == ["required_when"]


@pytest.mark.parametrize(("text", "kept"), [("0", 0), ("12", 12), ("0.5", "0.5"), ("-3", -3)])
def test_bounds_are_numbers(making, text, kept):
    form = new_question(making, label_en="Lifts", least=text)
    assert form.is_valid()
    assert form.whole()["least"] == kept


@pytest.mark.parametrize("text", ["mười", "1e5", "1,5", "NaN", "9" * 19])
def test_a_bound_that_is_no_number_is_refused(making, text):
    assert "least" in new_question(making, label_en="Lifts", least=text).errors


def test_a_unit_written_alike_stands_once(making):
    same = new_question(making, label_en="Lifts", unit_vi="m", unit_en="m")
    other = new_question(making, label_en="Lifts", unit_vi="chiếc", unit_en="pieces")
    assert (same.is_valid(), other.is_valid()) == (True, True)
    assert (same.whole()["unit"], other.whole()["unit"]) == ("m", {"vi": "chiếc", "en": "pieces"})


def section(making, key):
    return SectionForm(definition=making, place=(key,), piece=edits.find(making.body, (key,)))


def test_a_check_may_be_taken_off_a_section(making):
    form = section(making, "capital")
    first = form.initial["checks"][0]
    form = sent(form, checks=form.initial["checks"][1:])
    assert form.is_valid()
    assert first not in form.whole().get("checks", [])


def test_days_are_put_in_order_by_their_keys(making):
    form = sent(section(making, "schedule"), date_order="construction_from, operating_on")
    assert form.is_valid(), form.errors
    assert form.whole()["checks"][-1] == "in_order:construction_from,operating_on"


@pytest.mark.parametrize("keys", ["operating_on", "operating_on, nothing", "operating_on, objective"])
def test_only_days_are_put_in_order(making, keys):
    assert "date_order" in sent(section(making, "schedule"), date_order=keys).errors


def test_the_note_of_a_form_may_be_changed(making):
    form = sent(NoteForm(definition=making), note_vi="Mới", note_en="New")
    assert form.is_valid()
    assert form.whole() == {**making.body, "note": {"vi": "Mới", "en": "New"}}


def test_a_row_of_the_portal_is_asked_for_under_its_own_name(making):
    form = new_question(making, label_en="Project", type="project", key="anything")
    assert form.is_valid()
    assert form.whole()["key"] == "project"


def test_a_row_that_is_asked_for_already_is_not_offered(making):
    assert "type" in new_question(making, label_en="Plot", type="plot").errors
