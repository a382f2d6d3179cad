"""What the regular upkeep reminds of: whom, when, once, in whose language, at what cost."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from izportal.models import CalendarDay, Notice, Rule
from onestop import reminders
from onestop.models import Absence, Dossier, Event, Supplement
from tests import factories
from tests.factories import at

# A Wednesday.
NOW = at("2026-03-18 10:00")
pytestmark = pytest.mark.django_db


@pytest.fixture
def people(catalogue):
    return factories.make_people()


def make(by, status, **fields):
    """A dossier in a status, without the papers and events of the way there."""
    row = factories.make_dossier(by=by, papers=False)
    filed = at("2026-03-02 09:00")
    said = {
        "submitted_at": filed,
        "reference": f"XN26-{row.pk.hex[:8]}",
        "answer_by": at("2026-03-03 09:00"),
        **fields,
    }
    if status in Dossier.RUNNING or status == "result_ready":
        said = {"code": f"H55-{row.pk.hex[:8]}", "received_at": filed, "due_at": at("2026-04-30 17:00"), **said}
    Dossier.objects.filter(pk=row.pk).update(status=status, **(fields if status == "draft" else said))
    return Dossier.objects.get(pk=row.pk)


def ask(dossier, reply_by, officer):
    return Supplement.objects.create(
        dossier=dossier, stage="review", cycle=1, reason="Thiếu", asked_at=NOW - timedelta(days=9), asked_by=officer,
        reply_by=at(reply_by),
    )  # fmt: skip


def run(moment=NOW):
    """[(kind, address)] of the letters that are new."""
    before = set(Notice.objects.values_list("pk", flat=True))
    reminders.remind(at=moment)
    new = Notice.objects.exclude(pk__in=before).order_by("kind", "email")
    return list(new.values_list("kind", "email"))


# To applicants ----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reply_by", "is_told"),
    [
        ("2026-03-18 09:59", False),  # passed
        ("2026-03-18 17:00", True),
        ("2026-03-23 17:00", True),  # the third working day: Thursday, Friday, Monday
        ("2026-03-24 17:00", False),
    ],
)
def test_applicant_is_reminded_before_the_time_to_complete_ends(people, enterprise_user, reply_by, is_told):
    ask(make(enterprise_user, "review_supplement"), reply_by, people["specialist"])
    assert run() == ([("supplement-due", enterprise_user.email)] if is_told else [])


def test_days_off_bring_the_reminder_forward(people, enterprise_user):
    for day in (19, 20):
        CalendarDay.objects.create(day=at(f"2026-03-{day} 00:00").date(), name="Nghỉ bù")
    ask(make(enterprise_user, "review_supplement"), "2026-03-25 17:00", people["specialist"])
    assert run() == [("supplement-due", enterprise_user.email)]


def test_who_has_answered_is_not_reminded(people, enterprise_user):
    supplement = ask(make(enterprise_user, "review_supplement"), "2026-03-19 17:00", people["specialist"])
    Supplement.objects.filter(pk=supplement.pk).update(answered_at=NOW)
    assert run() == []


@pytest.mark.parametrize(("completed", "is_told"), [("2026-03-11 16:00", True), ("2026-03-12 08:00", False)])
def test_applicant_is_reminded_of_a_result_that_waits(people, enterprise_user, completed, is_told):
    make(enterprise_user, "result_ready", completed_at=at(completed))
    assert run() == ([("result-waits", enterprise_user.email)] if is_told else [])


def test_applicant_is_reminded_of_a_fee(people, enterprise_user):
    for asked in ("2026-03-11 09:00", "2026-03-16 09:00"):
        dossier = make(enterprise_user, "fee_due", received_at=at("2026-03-02 09:00"))
        Event.objects.create(dossier=dossier, step="demand_fee", to_status="fee_due", at=at(asked))
    assert run() == [("fee-waits", enterprise_user.email)]
    assert "từ ngày 11/03/2026" in Notice.objects.get(kind="fee-waits").body


@pytest.mark.parametrize(
    ("saved", "is_told"),
    [("2026-02-16 09:00", True), ("2026-02-19 09:00", True), ("2026-02-20 09:00", False), ("2026-02-15 09:00", False)],
)
def test_applicant_is_reminded_of_a_draft_before_it_goes(people, enterprise_user, saved, is_told):
    make(enterprise_user, "draft", saved_at=at(saved))
    assert run() == ([("draft-ends", enterprise_user.email)] if is_told else [])


def test_letter_about_a_draft_leads_to_it_and_to_no_look_up(people, enterprise_user):
    draft = make(enterprise_user, "draft", saved_at=at("2026-02-17 09:00"))
    run()
    body = Notice.objects.get().body
    assert "Mở bản nháp: " in body and f"/ho-so/{draft.pk}/" in body
    assert ("tra cứu" in body.lower(), draft.lookup in body) == (False, False)


def test_draft_saved_again_is_written_about_again(people, enterprise_user):
    draft = make(enterprise_user, "draft", saved_at=at("2026-02-17 09:00"))
    assert run() == [("draft-ends", enterprise_user.email)]
    Dossier.objects.filter(pk=draft.pk).update(saved_at=NOW)
    assert run(NOW + timedelta(days=28)) == [("draft-ends", enterprise_user.email)]


def test_letters_are_in_the_language_of_the_dossier(people, enterprise_user):
    make(enterprise_user, "result_ready", completed_at=at("2026-03-09 16:00"), language="en")
    run()
    notice = Notice.objects.get()
    assert (notice.language, "/en/" in notice.body) == ("en", True)


def test_whoever_no_letter_reaches_is_passed_over(people, enterprise_user):
    make(enterprise_user, "result_ready", completed_at=at("2026-03-09 16:00"), channel="post", contact_email="")
    assert run() == []


# To the board -----------------------------------------------------------------------------------------------------
def test_reception_is_told_of_what_waits_for_an_answer_and_the_heads_when_it_is_late(people, enterprise_user):
    """Filed at 08:00: told from 10:00 on, and again once 17:00 has passed."""
    make(enterprise_user, "submitted", answer_by=at("2026-03-18 17:00"))
    reception, head = people["reception"].email, people["head"].email
    assert run(at("2026-03-18 09:59")) == []
    assert run(at("2026-03-18 10:00")) == [("unanswered", reception)]
    assert run(at("2026-03-18 16:59")) == []
    assert run(at("2026-03-18 17:01")) == [("unanswered-late", head), ("unanswered-late", reception)]


def test_head_of_another_division_is_not_told(people, enterprise_user):
    factories.make_staff("head", email="khac@ban.example", division=factories.make_division("lao-dong"))
    make(enterprise_user, "submitted", answer_by=at("2026-03-18 09:00"))
    assert ("unanswered-late", "khac@ban.example") not in run()


def test_officer_and_head_get_one_letter_a_day_with_all_that_is_near_or_late(people, enterprise_user):
    officer, head = people["specialist"], people["head"]
    for due in ("2026-03-17 17:00", "2026-03-18 17:00", "2026-03-23 17:00", "2026-03-24 17:00"):
        make(enterprise_user, "in_review", due_at=at(due), assigned_to=officer)
    assert run() == [("due-list", head.email), ("due-list", officer.email)]
    assert run(NOW + timedelta(hours=3)) == []
    notice = Notice.objects.get(email=officer.email)
    assert notice.subject == "1 hồ sơ quá hạn, 2 hồ sơ sắp đến hạn"
    assert [line.count("H55-") for line in notice.body.splitlines()].count(1) == 3
    assert len(run(NOW + timedelta(days=1))) == 2


def test_nobody_is_written_to_on_a_day_off(people, enterprise_user):
    make(enterprise_user, "in_review", due_at=at("2026-03-17 17:00"), assigned_to=people["specialist"])
    assert run(at("2026-03-21 10:00")) == []


def test_list_of_the_absent_goes_to_their_substitute(people, enterprise_user):
    other = factories.make_staff("specialist", email="thay@ban.example")
    days = {"starts_on": NOW.date(), "ends_on": NOW.date()}
    Absence.objects.create(person=people["specialist"], substitute=other, made_by=people["head"], **days)
    make(enterprise_user, "in_review", due_at=at("2026-03-17 17:00"), assigned_to=people["specialist"])
    assert run() == [("due-list", people["head"].email), ("due-list", "thay@ban.example")]


def test_a_long_list_is_cut_and_says_so(people, enterprise_user, monkeypatch):
    monkeypatch.setattr(reminders, "MOST_LINES", 1)
    for _row in range(3):
        make(enterprise_user, "in_review", due_at=at("2026-03-17 17:00"), assigned_to=people["specialist"])
    run()
    assert "… và 2 hồ sơ khác." in Notice.objects.get(email=people["specialist"].email).body


# All of them ------------------------------------------------------------------------------------------------------
def everything(people, by):
    ask(make(by, "review_supplement"), "2026-03-19 17:00", people["specialist"])
    make(by, "result_ready", completed_at=at("2026-03-09 16:00"))
    make(by, "draft", saved_at=at("2026-02-17 09:00"))
    make(by, "submitted", answer_by=at("2026-03-18 09:00"))
    make(by, "in_review", due_at=at("2026-03-17 17:00"), assigned_to=people["specialist"])
    fee = make(by, "fee_due", received_at=at("2026-03-02 09:00"))
    Event.objects.create(dossier=fee, step="demand_fee", to_status="fee_due", at=at("2026-03-10 09:00"))


def test_running_twice_writes_nothing_new(people, enterprise_user):
    everything(people, enterprise_user)
    assert (len(run()), run()) == (8, [])


def test_each_rule_that_is_missing_tells_nobody(people, enterprise_user):
    everything(people, enterprise_user)
    Rule.objects.filter(code__in=reminders.RULES).delete()
    assert run() == []


@pytest.mark.parametrize("count", [1, 3])
def test_looking_again_costs_the_same_whatever_there_is(people, enterprise_user, django_assert_num_queries, count):
    for _row in range(count):
        everything(people, enterprise_user)
    run()
    with django_assert_num_queries(21):
        reminders.remind(at=NOW)


def test_tick_tells_how_much_it_reminded_of(people, enterprise_user, capsys):
    dossier = factories.advance(factories.make_dossier(by=enterprise_user), "submitted", start=at("2026-03-02 09:00"))
    Dossier.objects.filter(pk=dossier.pk).update(answer_by=timezone.now() - timedelta(days=2))
    call_command("tick", hourly=True)
    call_command("tick")
    assert capsys.readouterr().out.count("Nhắc 4 việc của hồ sơ.") == 1
