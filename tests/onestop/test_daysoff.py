"""The calendar changed under open dossiers: what is shown, what is applied, and what never moves."""

from datetime import date

import pytest
from django.core import mail

from izportal import outbox
from izportal.models import CalendarDay, Notice
from onestop import daysoff, workflow
from onestop.daysoff import Edit
from onestop.models import CalendarChange, Dossier, Event, Promise
from onestop.opinions import Ask
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db

NOW = at("2026-03-04 10:00")
OFF = Edit(date(2026, 3, 10), "off", "Nghỉ thử", "Trial day off", "12/TB-BNV")


@pytest.fixture(autouse=True)
def announced(catalogue):
    """A year whose days off are announced."""
    CalendarDay.objects.create(day=date(2026, 1, 1), kind="off", name_vi="Tết Dương lịch")


@pytest.fixture
def admin(staff):
    return staff("administrator")


def received(**more):
    """Received on 3 March 2026 for ten working days: due on the 17th."""
    return factories.advance(factories.make_dossier(), more.pop("to", "received"), **more)


def propose(*edits, by=None, when=NOW):
    return daysoff.draft(edits, announcement="12/TB-BNV", reason="Nghỉ bù", by=by, at=when)


def change(*edits, by, when=NOW):
    """Proposed, looked at and applied."""
    proposed = propose(*edits, by=by, when=when)
    return daysoff.apply(proposed, by=by, at=when, seen=daysoff.look(proposed).digest)


def told(moves):
    return [(move.what, f"{move.old:%d/%m}", f"{move.new:%d/%m}", move.is_kept) for move in moves]


def test_day_off_moves_the_due_date_and_says_why(admin):
    dossier = received()
    done = change(OFF, by=admin)
    dossier.refresh_from_db()
    promise = dossier.promises.last()
    assert (dossier.due_at, done.moved, done.kept) == (at("2026-03-18 17:00"), 1, 0)
    assert (promise.number, promise.promised_at, promise.reason, promise.ground, promise.made_by) == (
        2, dossier.due_at, "Nghỉ bù", "12/TB-BNV", admin,
    )  # fmt: skip
    assert dossier.promises.first().promised_at == at("2026-03-17 17:00")
    assert CalendarDay.objects.get(day=OFF.day).announcement == "12/TB-BNV"


def test_day_off_stands_among_the_events_and_is_told_once(admin):
    dossier = received()
    change(OFF, by=admin)
    event = dossier.events.last()
    assert (event.step, event.from_status, event.to_status, event.by, event.is_public) == (
        "calendar", "received", "received", admin, True,
    )  # fmt: skip
    assert workflow.label(event.step) == "Lịch làm việc thay đổi"
    outbox.drain()
    letter = Notice.objects.get(kind="calendar")
    assert letter.email == dossier.contact_email
    assert ("18/03/2026" in letter.body, "Nghỉ bù" in letter.body) == (True, True)
    assert [sent.subject for sent in mail.outbox].count(letter.subject) == 1


def test_day_off_taken_back_shortens_nothing(admin):
    dossier = received()
    change(OFF, by=admin)
    proposed = propose(Edit(OFF.day), by=admin)
    assert told(daysoff.look(proposed).moves) == [("due", "18/03", "18/03", True)]
    done = daysoff.apply(proposed, by=admin, at=NOW, seen=daysoff.look(proposed).digest)
    dossier.refresh_from_db()
    assert (dossier.due_at, done.moved, done.kept, dossier.promises.count()) == (at("2026-03-18 17:00"), 0, 1, 2)


def test_day_added_taken_back_and_added_again_moves_once(admin):
    dossier = received()
    for edit in (OFF, Edit(OFF.day), OFF):
        change(edit, by=admin)
    dossier.refresh_from_db()
    assert (dossier.due_at, dossier.promises.count()) == (at("2026-03-18 17:00"), 2)


def test_make_up_day_shortens_no_promise(admin):
    received()
    made_up = Edit(date(2026, 3, 7), "make_up", "Làm bù")
    assert told(daysoff.preview([made_up]).moves) == [("due", "17/03", "17/03", True)]


def test_applying_twice_changes_nothing(admin):
    received()
    done = change(OFF, by=admin)
    rows = (Event.objects.count(), Promise.objects.count(), Notice.objects.count(), CalendarDay.objects.count())
    again = daysoff.apply(done, by=admin, at=at("2026-03-05 10:00"), seen="")
    assert again.applied_at == NOW
    with pytest.raises(daysoff.CalendarRefused, match="đúng các ngày này"):
        propose(OFF, by=admin)
    assert rows == (
        Event.objects.count(), Promise.objects.count(), Notice.objects.count(), CalendarDay.objects.count(),
    )  # fmt: skip


def test_preview_that_is_no_longer_true_is_shown_again(admin):
    received()
    proposed = propose(OFF, by=admin)
    seen = daysoff.look(proposed).digest
    late = received()
    with pytest.raises(daysoff.CalendarMoved) as moved:
        daysoff.apply(proposed, by=admin, at=NOW, seen=seen)
    differing = daysoff.differences(proposed, moved.value.now)
    assert [(before, after.dossier) for before, after in differing] == [(None, str(late.pk))]
    assert (CalendarDay.objects.filter(day=OFF.day).count(), Event.objects.filter(step="calendar").count()) == (0, 0)


def test_dropped_change_is_not_applied(admin):
    proposed = daysoff.drop(propose(OFF, by=admin), by=admin, at=NOW)
    with pytest.raises(daysoff.CalendarRefused, match="đã bị bỏ"):
        daysoff.apply(proposed, by=admin, at=NOW, seen=daysoff.look(proposed).digest)
    assert list(CalendarChange.objects.waiting()) == []


# What else is promised ------------------------------------------------------------------------------
def extended(to):
    people = factories.make_people()
    dossier = factories.advance(factories.make_dossier(), "received", people=people)
    return workflow.take(
        dossier, "extend", by=people["leader"], at=at("2026-03-05 09:00"), reason="Xác minh thêm", new_due_at=at(to)
    )


def test_extension_on_a_new_day_off_rolls_on(admin):
    dossier = extended("2026-03-25 17:00")
    change(Edit(date(2026, 3, 25), "off", "Nghỉ"), by=admin, when=at("2026-03-06 09:00"))
    dossier.refresh_from_db()
    assert dossier.due_at == at("2026-03-26 17:00")


def test_extension_stays_when_the_limit_comes_nearer(admin):
    extended("2026-03-25 17:00")
    assert daysoff.preview([OFF]).moves == ()


def paused(people, asked="2026-03-05 09:00"):
    dossier = factories.advance(factories.make_dossier(), "in_review", people=people)
    details = {"items": [{"kind": "other", "label": "Bản vẽ", "wrong": "Thiếu"}], "reason": "Thiếu bản vẽ"}
    return workflow.take(dossier, "ask_supplement", by=people["specialist"], at=at(asked), **details)


def test_paused_dossier_gets_later_to_answer_and_no_due_date(admin):
    dossier = paused(factories.make_people())
    moves = daysoff.preview([OFF]).moves
    assert told(moves) == [("reply", "26/03", "27/03", False)]
    change(OFF, by=admin, when=at("2026-03-06 09:00"))
    dossier.refresh_from_db()
    assert (dossier.due_at, dossier.supplements.get().reply_by, dossier.promises.count()) == (
        at("2026-03-17 17:00"), at("2026-03-27 17:00"), 1,
    )  # fmt: skip
    assert dossier.events.last().step == "calendar_reply"


def test_submission_is_answered_later(admin):
    dossier = factories.advance(factories.make_dossier(), "submitted", start=at("2026-03-09 16:00"))
    change(OFF, by=admin, when=at("2026-03-09 16:30"))
    dossier.refresh_from_db()
    assert (dossier.answer_by, dossier.events.last().step) == (at("2026-03-11 16:00"), "calendar_answer")


def test_body_asked_has_its_working_days(admin):
    people = factories.make_people()
    dossier = factories.advance(factories.make_dossier(), "in_review", people=people)
    workflow.take(
        dossier, "ask_opinion", by=people["specialist"], at=at("2026-03-05 09:00"),
        bodies=[Ask("Sở Xây dựng")], note="Cho ý kiến",
    )  # fmt: skip
    change(OFF, by=admin, when=at("2026-03-06 09:00"))
    opinion = dossier.opinions.get()
    assert (opinion.reply_by, dossier.events.last().step) == (at("2026-03-24 17:00"), "calendar")
    assert dossier.events.last().data["moved"][1][0] == "opinion"


def test_promise_beyond_the_limit_survives_a_supplement(admin):
    people = factories.make_people()
    dossier = factories.advance(factories.make_dossier(), "in_review", people=people)
    for edit in (OFF, Edit(OFF.day)):
        change(edit, by=admin)
    details = {"items": [{"kind": "other", "label": "Bản vẽ", "wrong": "Thiếu"}], "reason": "Thiếu"}
    take = [("ask_supplement", details), ("answer_supplement", {"answer": "Đây"}), ("accept_supplement", {})]
    for step, said in take:
        by = dossier.created_by if step == "answer_supplement" else people["specialist"]
        dossier = workflow.take(dossier, step, by=by, at=at("2026-03-05 09:00"), **said)
    assert (dossier.due_at, dossier.promises.count()) == (at("2026-03-18 17:00"), 2)


def test_settled_dossiers_and_drafts_are_left_alone(admin):
    factories.make_dossier()
    received(to="result_ready")
    assert daysoff.preview([OFF]).moves == ()


def test_first_day_of_a_year_is_said_to_announce_it():
    found = daysoff.preview([Edit(date(2027, 2, 5), "off", "Tết")])
    assert found.years == (2027,)
    assert date(2027, 2, 9) in found.days


def test_preview_asks_the_database_as_often_for_three_as_for_one(admin, django_assert_num_queries):
    received()
    with django_assert_num_queries(9):
        daysoff.preview([OFF])
    received(), received()
    with django_assert_num_queries(9):
        assert len(daysoff.preview([OFF]).moves) == 3


def test_application_writes_as_often_for_three_as_for_one(admin, django_assert_max_num_queries):
    received()
    one = propose(OFF, by=admin)
    with django_assert_max_num_queries(39):
        daysoff.apply(one, by=admin, at=NOW, seen=daysoff.look(one).digest)
    received(), received()
    three = propose(Edit(date(2026, 3, 12), "off", "Nghỉ"), by=admin)
    with django_assert_max_num_queries(39):
        daysoff.apply(three, by=admin, at=NOW, seen=daysoff.look(three).digest)
    assert Dossier.objects.get(pk=Event.objects.last().dossier_id).promises.last().number > 1
