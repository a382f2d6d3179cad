"""Who is away and who stands in: what may be written down, what the substitute may do, and nobody's own draft."""

from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.urls import reverse

from onestop import absences, registers, workflow, worklist
from onestop.models import Absence, Dossier
from onestop.workflow import APPLICANT, STEPS, StepRefused
from tests import factories
from tests.factories import advance, at

NOW = at("2026-03-05 10:00")
TODAY = NOW.date()
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def other(catalogue):
    """A second specialist, in whose place the first does not act of their own right."""
    return factories.make_staff("specialist", full_name="Trần Thị Thay")


def away(person, substitute, first="2026-03-02", last="2026-03-13", **fields):
    days = {"starts_on": date.fromisoformat(first), "ends_on": date.fromisoformat(last)}
    return Absence.objects.create(person=person, substitute=substitute, made_by=person, **days, **fields)


def asked(person, substitute, first="2026-03-05", last="2026-03-13", by=None):
    row = Absence(
        person=person, substitute=substitute, starts_on=date.fromisoformat(first), ends_on=date.fromisoformat(last)
    )
    return absences.why_not(row, by=by or person, on=TODAY)


# What may be written down -----------------------------------------------------------------------------------------
def test_working_roles_are_those_of_the_table():
    assert {role for step in STEPS.values() for role in step.roles} - {APPLICANT} == absences.WORKING


def test_absence_is_written_down_with_who_wrote_it(people, other):
    row = Absence(person=other, substitute=people["specialist"], starts_on=TODAY, ends_on=TODAY)
    absences.record(row, by=other, at=NOW)
    assert (row.pk is not None, row.made_by, row.made_at) == (True, other, NOW)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2026-03-09", "2026-03-06", "Ngày cuối phải từ ngày đầu"),
        ("2026-03-01", "2026-03-04", "đã qua"),
        ("2026-03-05", "2027-03-06", "trong vòng một năm"),
    ],
)
def test_senseless_days_are_refused(people, other, first, last, sentence):
    assert sentence in asked(other, people["specialist"], first, last)


def test_substitute_is_an_officer_of_a_same_role(people, other):
    assert "không có vai trò nào cùng" in asked(other, people["clerk"])
    assert "phải là người khác" in asked(other, other)
    people["specialist"].is_active = False
    assert "không còn làm việc" in asked(other, people["specialist"])


def test_two_absences_of_one_person_do_not_overlap(people, other):
    away(other, people["specialist"])
    assert "đã được ghi vắng mặt từ 02/03/2026 đến hết 13/03/2026" in asked(other, people["specialist"], "2026-03-13")
    assert asked(other, people["specialist"], "2026-03-14", "2026-03-20") == ""


def test_days_after_an_early_return_are_free_again(people, other):
    away(other, people["specialist"], ended_on=date(2026, 3, 10))
    assert asked(other, people["specialist"], "2026-03-10") == ""
    assert "đến hết 09/03/2026" in asked(other, people["specialist"], "2026-03-09")


def test_chains_are_refused_from_both_ends(people, other):
    third = factories.make_staff("specialist")
    away(other, people["specialist"])
    assert "cũng vắng mặt" in asked(third, other)
    assert f"đang thay cho {other}" in asked(people["specialist"], third)


def test_who_may_write_down_whose(people, other):
    division = factories.make_division()
    head, leader = people["head"], people["leader"]
    outsider = factories.make_staff("auditor")
    assert [absences.may_record(by, other) for by in (other, head, leader, people["clerk"], outsider)] == [
        True, False, True, False, False,
    ]  # fmt: skip
    head.division = other.division = division
    assert absences.may_record(head, other)


def test_early_return_ends_the_substitution(people, other):
    row = absences.end(away(other, people["specialist"]), back_on=date(2026, 3, 9), by=other, at=NOW)
    days = [date(2026, 3, day) for day in (1, 2, 8, 9)]
    assert [bool(absences.covered_by(people["specialist"], on=day)) for day in days] == [False, True, True, False]
    assert row.last_on == date(2026, 3, 8)


@pytest.mark.parametrize("back_on", ["2026-03-04", "2026-03-14"])
def test_return_is_between_today_and_the_last_day(people, other, back_on):
    with pytest.raises(absences.AbsenceRefused, match="Ngày trở lại"):
        absences.end(away(other, people["specialist"]), back_on=date.fromisoformat(back_on), by=other, at=NOW)


def test_coming_absence_can_be_called_off(people, other):
    row = away(other, people["specialist"], "2026-03-09")
    row = absences.end(row, back_on=TODAY, by=other, at=NOW)
    assert absences.covered_by(people["specialist"], on=date(2026, 3, 10)) == ()
    with pytest.raises(absences.AbsenceRefused, match="đã kết thúc"):
        absences.end(row, back_on=TODAY, by=other, at=NOW)


# What the substitute may do ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("status", "step", "role", "details"),
    [
        ("submitted", "receive", "reception", {}),
        ("assigned", "open_review", "specialist", {}),
        ("head_check", "forward", "head", {}),
        ("leader_sign", "grant", "leader", {}),
        ("numbering", "seal", "clerk", {}),
    ],
)
def test_substitute_takes_the_steps_of_the_absent(people, status, step, role, details):
    """Somebody who shares one role with the absent person and holds none of the step's."""
    dossier, absent = advance(factories.make_dossier(), status, people=people), people[role]
    substitute = factories.make_staff("clerk" if role != "clerk" else "head")
    absent.groups.add(substitute.groups.get())
    with pytest.raises(StepRefused):
        workflow.take(dossier, step, by=substitute, at=NOW, **details)
    away(absent, substitute)
    after = workflow.take(dossier, step, by=substitute, at=NOW, **details)
    event = after.events.last()
    assert (event.by, event.role, event.instead_of) == (substitute, role, absent)


@pytest.mark.parametrize("day", ["2026-03-01 10:00", "2026-03-14 10:00"])
def test_substitution_holds_on_its_days_only(people, other, day):
    dossier = advance(factories.make_dossier(), "assigned", people=people)
    away(people["specialist"], other)
    with pytest.raises(StepRefused):
        workflow.take(dossier, "open_review", by=other, at=at(day))


def test_absent_person_may_still_act(people, other):
    dossier = advance(factories.make_dossier(), "assigned", people=people)
    away(people["specialist"], other)
    after = workflow.take(dossier, "open_review", by=people["specialist"], at=NOW)
    assert after.events.last().instead_of is None


def test_own_role_comes_before_the_absent_persons(people):
    dossier, second = advance(factories.make_dossier(), "head_check", people=people), factories.make_staff("head")
    away(people["head"], second)
    event = workflow.take(dossier, "forward", by=second, at=NOW).events.last()
    assert (event.role, event.instead_of) == ("head", None)


def test_substitution_ends_with_the_shared_role(people, other):
    dossier = advance(factories.make_dossier(), "assigned", people=people)
    away(people["specialist"], other)
    other.groups.set([Group.objects.get(name="clerk")])
    with pytest.raises(StepRefused):
        workflow.take(dossier, "open_review", by=other, at=NOW)


def test_substitute_may_exactly_what_the_absent_may(people, other):
    """Every step of every status: the same answers for whoever stands in as for whoever is away."""
    absent, third = with_roles(people["specialist"], "head", "leader", "reception"), factories.make_staff("specialist")
    away(absent, other)
    covering, dossier = absences.covered_by(other, on=TODAY), factories.make_dossier()
    for status, officer in product(Dossier.Status.values, (absent, third)):
        dossier.status, dossier.assigned_to, dossier.proposal = status, officer, "granted"
        assert workflow.available(dossier, other, covering) == workflow.available(dossier, absent), status


def test_dossiers_of_the_absent_are_marked_in_the_heaps(client, people, other):
    mine = advance(factories.make_dossier(), "in_review", people={**people, "specialist": other})
    theirs = advance(factories.make_dossier(), "in_review", people=people)
    away(people["specialist"], other)
    client.force_login(other)
    for tab in ("waiting", "mine"):
        found = client.get(reverse("admin:onestop_dossier_changelist"), {"tab": tab})
        lines = {line.dossier: line.instead_of for line in found.context["worklist"].lines}
        assert lines == {mine: None, theirs: people["specialist"]}
    assert f"thay cho {people['specialist']}" in found.content.decode()


@pytest.mark.parametrize("absent", [1, 3])
def test_heaps_ask_the_database_as_often_for_many_absences(client, people, other, django_assert_num_queries, absent):
    for _n in range(absent):
        person = factories.make_staff("specialist")
        advance(factories.make_dossier(), "in_review", people={**people, "specialist": person})
        away(person, other)
    client.force_login(other)
    with django_assert_num_queries(17):
        client.get(reverse("admin:onestop_dossier_changelist"), {"tab": "waiting"})


def test_control_slip_names_both(people, other):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    away(people["specialist"], other)
    draft = {"proposal": "granted", "note": "Đủ", "project_code": "9800000001"}
    dossier = workflow.take(dossier, "propose", by=other, at=NOW, **draft)
    assert dossier.drafted_by == other
    givers = [row.giver for row in registers.control(dossier)["handovers"]]
    assert givers[-1] == f"{other} (thay {people['specialist']})"


# Nobody's own draft -----------------------------------------------------------------------------------------------
@pytest.fixture
def drafted(people, other):
    """A draft before the head, put forward by a substitute of its specialist."""
    away(people["specialist"], other)
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    draft = {"proposal": "granted", "note": "Đủ", "project_code": "9800000001"}
    return workflow.take(dossier, "propose", by=other, at=NOW, **draft)


def with_roles(person, *roles):
    person.groups.add(*Group.objects.filter(name__in=roles))
    person.is_superuser = True
    person.save()
    return type(person).objects.get(pk=person.pk)


@pytest.mark.parametrize(
    ("step", "status", "role"), [("forward", "head_check", "head"), ("grant", "leader_sign", "leader")]
)
def test_neither_drafter_nor_officer_passes_the_draft(people, other, drafted, step, status, role):
    Dossier.objects.filter(pk=drafted.pk).update(status=status)
    for person in (people["specialist"], other):
        with pytest.raises(StepRefused, match=f"chính mình.*{other} trình.*{people['specialist']} thụ lý"):
            workflow.take(drafted, step, by=with_roles(person, role), at=NOW)
    assert Dossier.objects.get(pk=drafted.pk).status == status


def test_drafter_does_not_pass_it_in_a_heads_place(people, other, drafted):
    away(with_roles(people["head"], "specialist"), other, last="2026-03-12")
    with pytest.raises(StepRefused, match="kể cả qua người thay"):
        workflow.take(drafted, "forward", by=other, at=NOW)


def test_nobody_passes_it_in_the_drafters_place(people, other, drafted):
    third = factories.make_staff("clerk")
    away(with_roles(other, "head", "clerk"), third)
    with pytest.raises(StepRefused, match="kể cả qua người thay"):
        workflow.take(drafted, "forward", by=third, at=NOW)


def test_own_draft_waits_for_somebody_else(people, other, drafted):
    own = with_roles(other, "head")
    waiting = {
        person: list(Dossier.objects.filter(worklist.awaiting(person, at=NOW))) for person in (own, people["head"])
    }
    assert waiting == {own: [], people["head"]: [drafted]}


def test_draft_given_back_may_be_passed_by_its_former_drafter(people, other, drafted):
    """What counts is who drafted what stands before the head now."""
    back = workflow.take(drafted, "return_to_specialist", by=people["head"], at=NOW, note="Sửa")
    draft = {"proposal": "granted", "note": "Đủ", "project_code": "9800000001"}
    again = workflow.take(back, "propose", by=people["specialist"], at=NOW, **draft)
    after = workflow.take(again, "forward", by=with_roles(other, "head"), at=NOW)
    assert (after.status, after.drafted_by) == ("leader_sign", people["specialist"])


# The pages --------------------------------------------------------------------------------------------------------
ADD = "admin:onestop_absence_add"


def typed(person, substitute, first="2026-03-06", last="2026-03-13"):
    return {"person": person.pk, "substitute": substitute.pk, "starts_on": first, "ends_on": last, "note": "Đi học"}


def test_officer_writes_down_an_absence_of_their_own(client, people, other):
    client.force_login(other)
    answer = client.post(reverse(ADD), typed(other, people["specialist"]))
    row = Absence.objects.get()
    assert (answer.status_code, row.person, row.made_by, row.last_on) == (302, other, other, date(2026, 3, 13))


def test_page_refuses_with_the_sentence_and_keeps_what_was_typed(client, people, other):
    client.force_login(other)
    page = client.post(reverse(ADD), typed(other, people["clerk"])).content.decode()
    assert "không có vai trò nào cùng" in page and 'value="Đi học"' in page
    assert Absence.objects.count() == 0


def test_nobody_writes_down_a_strangers_absence(client, people, other):
    client.force_login(people["clerk"])
    page = client.post(reverse(ADD), typed(other, people["specialist"]))
    assert (page.status_code, Absence.objects.count()) == (200, 0)


def test_absence_is_cut_short_on_a_page_of_its_own(client, people, other):
    row = away(other, people["specialist"])
    where = reverse("admin:onestop_absence_end", args=[row.pk])
    client.force_login(people["specialist"])
    assert client.post(where, {"back_on": "2026-03-06"}).status_code == 403
    client.force_login(other)
    assert client.post(where, {"back_on": "2026-03-06"}).status_code == 302
    assert Absence.objects.get().ended_on == date(2026, 3, 6)


def test_list_shows_what_concerns_the_reader(client, people, other):
    row = away(other, people["specialist"])
    seen = {}
    for person in (other, people["specialist"], people["clerk"], people["head"], people["leader"]):
        client.force_login(person)
        page = client.get(reverse("admin:onestop_absence_changelist"))
        seen[person] = list(page.context["cl"].result_list)
    assert list(seen.values()) == [[row], [row], [], [], [row]]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_asks_the_database_as_often_for_many_rows(client, people, django_assert_num_queries, rows):
    for _n in range(rows):
        away(factories.make_staff("specialist"), people["specialist"])
    client.force_login(people["leader"])
    with django_assert_num_queries(5):
        client.get(reverse("admin:onestop_absence_changelist"))


def test_step_page_says_in_whose_place(client, people, other):
    dossier = advance(factories.make_dossier(), "assigned", people=people, start=NOW - timedelta(days=1))
    away(people["specialist"], other)
    client.force_login(other)
    where = reverse("admin:onestop_dossier_step", args=[dossier.pk, "open_review"])
    assert f"thay cho {people['specialist']} đang vắng mặt" in client.get(where).content.decode()
    assert client.post(where, {"version_no": dossier.version_no}).status_code == 302
    page = client.get(reverse("admin:onestop_dossier_change", args=[dossier.pk])).content.decode()
    assert f"thay cho {people['specialist']}" in page
