"""The versions of a form: loaded from files, made, changed, published; the database keeps what is published."""

import copy
from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from izportal.management import form_files
from izportal.management.settle import Tally
from onestop import definitions, shapes
from onestop.definitions import DefinitionChanged, DefinitionRefused, State
from onestop.models import Definition, Dossier
from tests import factories
from tests.factories import at

ON, AT = date(2026, 3, 3), at("2026-03-03 09:15")
NOTE = {"vi": "Hỏi thêm một câu.", "en": "One more question."}
CODE = "1.009664"


@pytest.fixture
def procedure(catalogue):
    return catalogue[CODE]


@pytest.fixture
def editor(staff):
    return staff("administrator")


@pytest.fixture
def making(procedure, editor):
    return definitions.begin(procedure, by=editor, at=AT)


def with_question(body, key="lift_count", section=1):
    """The body with one more question at the end of a section."""
    changed = copy.deepcopy(body)
    label = {"vi": "Số thang máy", "en": "Number of lifts"}
    changed["sections"][section]["questions"].append({"key": key, "type": "integer", "label": label})
    return changed


def publish(making, editor, *, on=ON, body=None):
    definitions.keep(making, body or with_question(making.body), seen=making.version_no, at=AT)
    return definitions.publish(making, valid_from=on, note=NOTE, seen=making.version_no, by=editor, at=AT)


# From files ---------------------------------------------------------------------------------------
def load(procedure, monkeypatch, body=None):
    tally = Tally()
    if body:
        monkeypatch.setattr(form_files, "compose", lambda code: body)
    form_files.load(tally, start=date(2019, 1, 1), at=AT)
    return tally


def test_the_first_load_makes_number_one_of_each_form(db):
    call_command("load_reference", verbosity=0)
    rows = Definition.objects.values_list("procedure__code", "number", "created_by")
    assert sorted(rows) == [(code, 1, None) for code in form_files.codes()]


def test_loading_again_changes_nothing(db):
    call_command("load_reference", verbosity=0)
    before = list(Definition.objects.values())
    call_command("load_reference", verbosity=0)
    assert list(Definition.objects.values()) == before


def test_a_file_that_says_something_new_becomes_the_next_number(procedure, monkeypatch):
    body = with_question(form_files.compose(CODE))
    load(procedure, monkeypatch, body)
    load(procedure, monkeypatch, body)
    assert list(procedure.definitions.order_by("number").values_list("number", "valid_from")) == [
        (1, date(2019, 1, 1)),
        (2, ON),
    ]


def test_two_releases_on_one_day_follow_each_other(procedure, monkeypatch):
    first = with_question(form_files.compose(CODE))
    load(procedure, monkeypatch, first)
    load(procedure, monkeypatch, with_question(first, "crane_count"))
    assert procedure.definitions.get(number=3).valid_from == date(2026, 3, 4)


@pytest.mark.parametrize("is_published", [True, False])
def test_a_file_never_takes_the_place_of_what_staff_made(procedure, making, editor, monkeypatch, is_published):
    if is_published:
        publish(making, editor)
    tally = load(procedure, monkeypatch, with_question(form_files.compose(CODE), "crane_count"))
    assert (procedure.definitions.count(), tally.kept[0][:8]) == (2, CODE)


def test_dossiers_without_a_form_are_pinned_to_the_first(make_dossier, monkeypatch):
    dossier = make_dossier()
    Dossier.objects.update(definition=None)
    load(dossier.procedure, monkeypatch)
    dossier.refresh_from_db()
    assert dossier.definition.number == 1


def test_a_shared_section_remembers_where_it_came_from():
    shared = {section["key"]: section.get("shared") for section in form_files.compose("1.013236")["sections"]}
    assert (shared["applicant"], shared["owner"]) == (None, "owner")


# Guarded ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "deed",
    [
        lambda rows: rows.update(body={"sections": []}),
        lambda rows: rows.update(published_at=None),
        lambda rows: rows.update(valid_from=date(2030, 1, 1)),
        lambda rows: rows.delete(),
    ],
)
def test_the_database_keeps_what_is_published(procedure, deed):
    before = procedure.definitions.get().body
    with pytest.raises(DatabaseError), transaction.atomic():
        deed(procedure.definitions.all())
    assert procedure.definitions.get().body == before


def test_a_version_in_the_making_may_be_changed_and_thrown_away(making):
    definitions.keep(making, with_question(making.body), seen=0, at=AT)
    definitions.discard(making, seen=1)
    assert not Definition.objects.filter(pk=making.pk).exists()


# Made, changed, published -------------------------------------------------------------------------
def test_a_new_version_is_a_copy_of_the_newest(procedure, making, editor):
    assert (making.number, making.body, making.created_by) == (2, procedure.definitions.get(number=1).body, editor)


def test_one_version_at_a_time_is_in_the_making(procedure, making, editor):
    with pytest.raises(DefinitionRefused, match="đang soạn"):
        definitions.begin(procedure, by=editor, at=AT)


def test_the_second_of_two_editors_is_told(making):
    definitions.keep(making, with_question(making.body), seen=0, at=AT)
    with pytest.raises(DefinitionChanged, match="người khác đã sửa phiên bản này lúc 09:15 03/03/2026"):
        definitions.keep(making, with_question(making.body, "crane_count"), seen=0, at=AT)


def test_what_is_published_takes_no_more_changes(making, editor):
    published = publish(making, editor)
    with pytest.raises(DefinitionChanged, match="đã được ban hành"):
        definitions.keep(published, {"sections": []}, seen=published.version_no, at=AT)
    with pytest.raises(DefinitionChanged, match="đã được ban hành"):
        definitions.discard(published, seen=published.version_no)


def test_a_published_version_says_who_when_and_why(making, editor):
    row = publish(making, editor, on=date(2026, 4, 1))
    told = (row.valid_from, row.published_at, row.published_by, row.note_vi, row.note_en)
    assert told == (date(2026, 4, 1), AT, editor, NOTE["vi"], NOTE["en"])


@pytest.mark.parametrize(("on", "number"), [(date(2026, 3, 31), 1), (date(2026, 4, 1), 2), (date(2027, 1, 1), 2)])
def test_a_version_is_in_force_from_its_day_on(procedure, making, editor, on, number):
    publish(making, editor, on=date(2026, 4, 1))
    assert shapes.in_force(procedure, on=on).number == number


def test_each_version_knows_its_state(procedure, making, editor):
    first, on = procedure.definitions.get(number=1), date(2026, 4, 1)
    assert (definitions.state(first, on=ON), definitions.state(making, on=ON)) == (State.IN_FORCE, State.MAKING)
    publish(making, editor, on=on)
    assert (definitions.state(first, on=ON), definitions.state(making, on=ON)) == (State.IN_FORCE, State.COMING)
    assert (definitions.state(first, on=on), definitions.state(making, on=on)) == (State.REPLACED, State.IN_FORCE)


@pytest.mark.parametrize("on", [date(2026, 3, 2), date(2018, 1, 1)])
def test_no_version_applies_from_the_past(making, editor, on):
    with pytest.raises(DefinitionRefused, match="sớm nhất là 03/03/2026"):
        publish(making, editor, on=on)


def test_a_version_applies_later_than_those_published_before(procedure, making, editor):
    publish(making, editor, on=date(2026, 4, 1))
    third = definitions.begin(procedure, by=editor, at=AT)
    with pytest.raises(DefinitionRefused, match="sớm nhất là 02/04/2026"):
        publish(third, editor, on=date(2026, 3, 20), body=with_question(third.body, "crane_count"))


def test_nothing_is_published_without_a_change(making, editor):
    with pytest.raises(DefinitionRefused, match="chưa khác bản trước"):
        publish(making, editor, body=making.body)


def test_nothing_is_published_with_a_fault(making, editor):
    body = copy.deepcopy(making.body)
    body["sections"][1]["questions"] = []
    with pytest.raises(DefinitionRefused, match="lỗi"):
        publish(making, editor, body=body)
    assert not Definition.objects.get(pk=making.pk).is_published


def test_drafts_to_carry_are_counted(make_dossier, procedure, editor, enterprise_user):
    make_dossier(by=enterprise_user)
    factories.advance(make_dossier(by=enterprise_user), "received")
    making = definitions.begin(procedure, by=editor, at=AT)
    assert definitions.drafts_to_carry(making) == 1


def test_a_published_form_is_read_from_the_database_once(procedure, django_assert_num_queries):
    shapes.forget()
    with django_assert_num_queries(3):  # which, its body, which again
        assert shapes.of(shapes.in_force(procedure, on=ON)) is shapes.of(shapes.in_force(procedure, on=ON))


def test_a_published_form_outlives_the_sample_person_who_made_it(procedure, staff):
    person = staff("administrator", is_sample=True)
    row = publish(definitions.begin(procedure, by=person, at=AT), person)
    Definition.objects.filter(published_by=person).update(created_by=None, published_by=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Definition.objects.filter(pk=row.pk).update(created_by=None, note_vi="Khác")
    assert (Definition.objects.get(pk=row.pk).published_by, Definition.objects.get(pk=row.pk).note_vi) == (
        None,
        NOTE["vi"],
    )
