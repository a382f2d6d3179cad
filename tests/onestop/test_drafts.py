"""Drafts: what a section keeps, sound or not, who is told of whom, and two who save in the same moment."""

import unicodedata
from threading import Barrier, Thread

import pytest
from django.db import connections

from onestop import drafts, questions
from onestop.drafts import Hand
from onestop.models import Dossier
from tests import factories

pytestmark = pytest.mark.django_db

DECOMPOSED = unicodedata.normalize("NFD", "Điềm Thụy")
AT, LATER = factories.at("2026-03-03 21:04"), factories.at("2026-03-03 21:09")
SCHEDULE = {"term_years": "40", "construction_from": "01/06/2027", "operating_on": "01/06/2028"}
NEEDS = {"workers_local": "300", "workers_foreign": "5", "environment_group": "3"}


@pytest.fixture
def draft(make_dossier, enterprise_user):
    return make_dossier(by=enterprise_user)


@pytest.fixture
def colleague(enterprise):
    return factories.make_user("dong-nghiep@thep.example", mandate_of=enterprise)


def keep(draft, data, *, section="schedule", seen=0, by=None, at=AT, **hand):
    part = questions.definition(draft).section(section)
    return drafts.keep(draft, part, data, hand=Hand(seen, **hand), by=by or draft.created_by, at=at)


def stored(draft):
    return Dossier.objects.get(pk=draft.pk)


# Sound and unsound --------------------------------------------------------------------------------
def test_sound_answers_join_the_form(draft):
    keep(draft, {**SCHEDULE, "term_years": "45"}, window="w", turn=3)
    row = stored(draft)
    assert (row.answers["term_years"], row.typed, row.version_no, row.saved_at) == (45, {}, 1, AT)
    assert row.saves["schedule"] == {
        "no": 1, "at": AT.isoformat(), "by": draft.created_by_id, "window": "w", "turn": 3,
    }  # fmt: skip


@pytest.mark.parametrize("text", ["bốn mươi năm", "  40,5  ", "Đại Từ\r\nPhú Bình", DECOMPOSED, "<b>&amp;"])
def test_unsound_text_is_kept_letter_by_letter(draft, text):
    keep(draft, {**SCHEDULE, "term_years": text})
    row = stored(draft)
    assert (row.answers["term_years"], row.typed["schedule"]["data"]) == (40, {**SCHEDULE, "term_years": text})
    assert {key: row.typed["schedule"][key] for key in ("at", "by")} == {
        "at": AT.isoformat(), "by": draft.created_by_id,
    }  # fmt: skip


def test_a_sound_save_takes_the_place_of_unsound_text(draft):
    keep(draft, {**SCHEDULE, "term_years": "x"})
    keep(draft, {**SCHEDULE, "term_years": "41"}, seen=1, at=LATER)
    row = stored(draft)
    assert (row.typed, row.answers["term_years"], row.version_no) == ({}, 41, 2)


def test_saving_the_same_again_changes_nothing(draft):
    keep(draft, {**SCHEDULE, "term_years": "45"}, window="a", turn=1)
    keep(draft, {**SCHEDULE, "term_years": "45"}, window="a", turn=2, at=LATER)
    row = stored(draft)
    assert (row.version_no, row.saved_at, row.saves["schedule"]["turn"]) == (1, AT, 2)


def test_only_the_questions_of_the_section_are_kept(draft):
    keep(draft, {**SCHEDULE, "term_years": "x", "project_name": "Tên khác", "status": "granted", "go": "next"})
    row = stored(draft)
    assert sorted(row.typed["schedule"]["data"]) == sorted(SCHEDULE)
    assert row.answers["project_name"] != "Tên khác"


@pytest.mark.parametrize("text", ["a\x00b", "x" * drafts.MOST_TYPED])
def test_text_that_cannot_be_kept_is_refused_in_words(draft, text):
    with pytest.raises(drafts.TypedRefused):
        keep(draft, {**SCHEDULE, "term_years": text})
    assert (stored(draft).typed, stored(draft).version_no) == ({}, 0)


def test_an_unfinished_section_keeps_the_draft_from_being_filed(draft):
    assert [fault for fault in questions.faults(draft) if fault.blocks] == []
    row = keep(draft, {**SCHEDULE, "term_years": "x"}).dossier
    assert [(f.section, f.anchor) for f in questions.faults(row) if f.blocks] == [("schedule", "f-term_years")]


def test_text_that_has_become_sound_still_has_to_be_saved(draft):
    draft.typed = {"needs": {"data": NEEDS, "at": AT.isoformat(), "by": draft.created_by_id}}
    assert [(f.section, f.anchor) for f in questions.faults(draft) if f.blocks] == [("needs", "unfinished")]


# Two at one draft ---------------------------------------------------------------------------------
def test_the_second_at_one_section_is_told_of_the_first(draft, colleague):
    keep(draft, {**SCHEDULE, "term_years": "45"}, by=colleague)
    with pytest.raises(drafts.DraftChanged) as told:
        keep(draft, {**SCHEDULE, "term_years": "50"}, at=LATER)
    assert (told.value.save["by"], told.value.save["at"]) == (colleague.pk, AT.isoformat())
    assert drafts.differences(told.value.form, told.value.current) == [
        ("Thời hạn hoạt động", "45\N{NO-BREAK SPACE}năm", "50\N{NO-BREAK SPACE}năm")
    ]
    assert stored(draft).answers["term_years"] == 45


def test_unsound_text_of_another_is_not_written_over_either(draft, colleague):
    keep(draft, {**SCHEDULE, "term_years": "bốn lăm"}, by=colleague)
    with pytest.raises(drafts.DraftChanged) as told:
        keep(draft, {**SCHEDULE, "term_years": "50"})
    assert drafts.differences(told.value.form, told.value.current)[0][1:] == ("bốn lăm", "50\N{NO-BREAK SPACE}năm")


def test_a_window_does_not_meet_itself(draft):
    """Its last answer may have been lost on the way."""
    keep(draft, {**SCHEDULE, "term_years": "45"}, window="mine")
    keep(draft, {**SCHEDULE, "term_years": "46"}, window="mine", seen=0)
    assert stored(draft).answers["term_years"] == 46


def test_two_sections_are_saved_side_by_side(draft, colleague):
    keep(draft, {**SCHEDULE, "term_years": "45"}, by=colleague)
    keep(draft, {**NEEDS, "workers_local": "310"}, section="needs")
    row = stored(draft)
    assert (row.answers["term_years"], row.answers["workers_local"], row.version_no) == (45, 310, 2)


def test_the_same_answers_spelt_otherwise_are_no_difference(draft, colleague):
    keep(draft, {**NEEDS, "workers_local": "1.300"}, section="needs", by=colleague)
    keep(draft, {**NEEDS, "workers_local": "1300"}, section="needs")
    assert stored(draft).answers["workers_local"] == 1300


def test_a_filed_or_discarded_draft_takes_no_more(draft):
    twin = Dossier.objects.get(pk=draft.pk)
    factories.advance(draft, "submitted")
    with pytest.raises(drafts.DraftClosed):
        keep(twin, SCHEDULE)
    gone = Dossier(pk=factories.Dossier().pk, procedure=draft.procedure, version=draft.version, case=draft.case)
    with pytest.raises(Dossier.DoesNotExist):
        drafts.keep(gone, questions.definition(draft).sections[0], {}, hand=Hand(0), by=draft.created_by, at=AT)


# At the same moment -------------------------------------------------------------------------------
def at_once(*deeds):
    """Run the deeds at the same moment; what each answered, or the class of what it raised."""
    gate, answers = Barrier(len(deeds)), {}

    def run(place, deed):
        gate.wait()
        try:
            answers[place] = deed().is_valid()
        except drafts.DraftChanged as changed:
            answers[place] = type(changed)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=each) for each in enumerate(deeds)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return [answers[place] for place in range(len(deeds))]


@pytest.mark.django_db(transaction=True)
def test_of_many_at_one_section_one_wins_and_the_others_are_told(draft):
    def deed(years):
        return lambda: keep(draft, {**SCHEDULE, "term_years": str(years)}, window=f"w{years}")

    answers = at_once(*(deed(years) for years in range(41, 47)))
    row = stored(draft)
    assert sorted(map(str, answers)) == sorted(["True", *[str(drafts.DraftChanged)] * 5])
    assert (row.answers["term_years"], row.version_no) == (41 + answers.index(True), 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_two_sections_both_win(draft):
    for turn in range(5):
        answers = at_once(
            lambda: keep(draft, {**SCHEDULE, "term_years": str(41 + turn)}, seen=2 * turn),  # noqa: B023
            lambda: keep(draft, {**NEEDS, "workers_local": str(301 + turn)}, section="needs", seen=2 * turn),  # noqa: B023
        )
        row = stored(draft)
        assert answers == [True, True]
        assert (row.answers["term_years"], row.answers["workers_local"]) == (41 + turn, 301 + turn)
    assert row.version_no == 10
