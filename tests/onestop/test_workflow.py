"""Every step of a dossier from the table: the allowed ones work, every other status × step × role is refused."""

from datetime import UTC, date, timedelta
from itertools import count

import pytest
from django.contrib.auth.models import Group

from izportal.models import Notice, Rule
from onestop import amendments, opinions, workflow
from onestop.models import Dossier, Opinion, Promise, Slip, Supplement, SupplementPermit
from onestop.workflow import APPLICANT, STEPS, StepRefused
from projects import ledger
from projects.models import Change, Project, Tenure
from tests import factories
from tests.factories import advance, at
from zones.allocation import PlotTaken

ROLES = (
    "reception",
    "specialist",
    "head",
    "leader",
    "clerk",
    "register",
    "land",
    "auditor",
    "administrator",
    APPLICANT,
)
STATUSES = [status.value for status in Dossier.Status]
MOMENT = at("2026-03-03 09:15")

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(catalogue):
    return factories.make_people()


def details_for(step, people):
    """Details that satisfy the needs of any step."""
    return {
        "reason": "Lý do",
        "note": "Nội dung",
        "answer": "Đã bổ sung",
        "bodies": [opinions.Ask("Sở Xây dựng", "so@tinh.example")],
        "opinion": Opinion.objects.order_by("pk").last(),
        "position": "agrees",
        "answered_by": "Giám đốc Sở",
        "items": ["Báo cáo tài chính"],
        "to": people["specialist"],
        "proposal": "refused" if step == "refuse" else "granted",
        "project_code": "9800000001",
        "kind": "revoke",
        "ground": "undue",
        "channel": "counter",
        "new_due_at": MOMENT + timedelta(days=60),
    }


def placed(status, people, step="", channel=""):
    """A dossier put into a status with the facts that status implies, without walking there."""
    fitting = STEPS[step].channels if step else ()
    dossier = factories.make_dossier(papers=status == "draft", channel=channel or (fitting or ("here",))[0])
    if status != "draft":
        facts = {"submitted_at": MOMENT, "reference": f"XN26-{dossier.pk.hex[:6]}", "answer_by": MOMENT}
        reached = dict.fromkeys(("code",), f"H55-260303-{dossier.pk.hex[:8]}") | {
            "received_at": MOMENT,
            "due_at": MOMENT + timedelta(days=14),
            "assigned_to": people["specialist"],
            "proposal": "refused" if step == "refuse" else "granted",
            "project_code": f"98{dossier.pk.int % 10**8:08d}",
        }
        Dossier.objects.filter(pk=dossier.pk).update(status=status, **facts, **reached)
    if status.endswith("_supplement"):
        stage = "intake" if status.startswith("intake") else "review"
        answered = None if step in ("stop", "answer_supplement", "record_answer") else MOMENT
        Supplement.objects.create(
            dossier=dossier,
            stage=stage,
            cycle=1,
            reason="x",
            asked_at=MOMENT,
            asked_by=people["reception"],
            answered_at=answered,
            reply_by=MOMENT - timedelta(days=1),
        )
    if step in ("seek_permit", "permit_supplement", "deny_permit"):
        Supplement.objects.create(
            dossier=dossier, stage="review", cycle=1, reason="x", asked_at=MOMENT, asked_by=people["specialist"],
            answered_at=MOMENT, accepted_at=MOMENT,
        )  # fmt: skip
    if step in ("permit_supplement", "deny_permit"):
        SupplementPermit.objects.create(dossier=dossier, asked_at=MOMENT, asked_by=people["specialist"], why="x")
    if status == "consulting":
        Opinion.objects.create(
            dossier=dossier, body="Sở Công Thương", asked_at=MOMENT, asked_by=people["specialist"],
            reply_by=MOMENT + timedelta(days=9),
        )  # fmt: skip
    if status in ("numbering", "result_ready", "delivered") or "amendment" in step:
        Dossier.objects.filter(pk=dossier.pk).update(
            decision="granted",
            decision_number=f"{dossier.pk.hex[:6]}/QĐ",
            decided_on=MOMENT.date(),
            decided_by=people["leader"],
        )
    return Dossier.objects.get(pk=dossier.pk)


def person_of(role, dossier, people):
    if role == APPLICANT:
        return dossier.created_by
    if role in people:
        return people[role]
    return factories.make_staff(role)


def put_before(step, dossier, by, people):
    """The draft on which two steps rest."""
    if step in ("sign_amendment", "drop_amendment"):
        drafter = people["specialist"] if step == "sign_amendment" else by
        said = {"kind": "revoke", "ground": "undue", "reason": "Sai thẩm quyền"}
        amendments.draft(dossier, **said, values={}, by=drafter, at=MOMENT)


ALLOWED = [(step.name, status, role) for step in STEPS.values() for status in step.moves for role in step.roles]


@pytest.mark.parametrize(("step", "status", "role"), ALLOWED)
def test_step_allowed_moves_and_writes_one_event(people, step, status, role):
    dossier = placed(status, people, step)
    by = person_of(role, dossier, people)
    put_before(step, dossier, by, people)
    after = workflow.take(dossier, step, by=by, at=MOMENT, **details_for(step, people))
    event = dossier.events.get()
    assert after.status == STEPS[step].moves[status] == event.to_status
    assert (event.step, event.from_status, event.by, event.role) == (step, status, by, role)


def is_allowed(step, status, role, channel):
    return (step, status, role) in ALLOWED and channel in (STEPS[step].channels or (channel,))


@pytest.mark.parametrize("channel", ["here", "counter"])
@pytest.mark.parametrize("status", STATUSES)
def test_every_other_status_step_and_role_is_not_offered(people, status, channel):
    dossier = placed(status, people, channel=channel)
    for role in ROLES:
        offered = {step.name for step in workflow.available(dossier, person_of(role, dossier, people))}
        assert {step for step in offered if not is_allowed(step, status, role, channel)} == set(), role


@pytest.mark.parametrize("status", STATUSES)
def test_every_other_status_and_step_is_refused(people, status):
    """Each step by one of those roles that may not take it, in turn; what is offered, all of them are asked above."""
    dossier, turn = placed(status, people), count()
    persons = {role: person_of(role, dossier, people) for role in ROLES}
    for step in STEPS:
        others = [role for role in ROLES if not is_allowed(step, status, role, "here")]
        with pytest.raises(StepRefused):
            by = persons[others[next(turn) % len(others)]]
            workflow.take(dossier, step, by=by, at=MOMENT, **details_for(step, people))
    dossier.refresh_from_db()
    assert (dossier.status, dossier.events.count()) == (status, 0)


def test_available_lists_what_the_role_may_try(people):
    dossier = placed("submitted", people)
    names = [step.name for step in workflow.available(dossier, people["reception"])]
    assert names == ["receive", "ask_intake_supplement", "refuse_intake"]
    assert [step.name for step in workflow.available(dossier, dossier.created_by)] == ["withdraw"]


def test_specialist_of_another_dossier_is_refused(people):
    dossier = placed("assigned", people)
    other = factories.make_staff("specialist")
    with pytest.raises(StepRefused):
        workflow.take(dossier, "open_review", by=other, at=MOMENT)


def test_stranger_may_not_submit_anothers_draft(catalogue, stranger):
    dossier = factories.make_dossier()
    with pytest.raises(StepRefused):
        workflow.take(dossier, "submit", by=stranger, at=MOMENT)
    assert Dossier.objects.get(pk=dossier.pk).status == "draft"


def test_preparer_without_right_to_sign_may_not_submit(catalogue, enterprise):
    preparer = factories.make_user(mandate_of=enterprise, capacity="prepare")
    dossier = factories.make_dossier(enterprise=enterprise, by=preparer)
    with pytest.raises(StepRefused):
        workflow.take(dossier, "submit", by=preparer, at=MOMENT)


def test_submit_draws_reference_and_answer_moment(catalogue):
    dossier = factories.make_dossier()
    after = workflow.take(dossier, "submit", by=dossier.created_by, at=at("2026-03-14 22:10"))
    assert after.reference == "XN26-000001"
    assert after.answer_by == at("2026-03-16 17:00")
    assert list(after.slips.values_list("form", "number")) == [(Slip.Form.ACKNOWLEDGEMENT, "XN26-000001")]


def test_submit_without_a_demanded_paper_is_refused(catalogue):
    dossier = factories.make_dossier(papers=False)
    with pytest.raises(StepRefused, match="Giấy tờ de-nghi; Giấy tờ tai-chinh"):
        workflow.take(dossier, "submit", by=dossier.created_by, at=MOMENT)


def test_submit_of_an_incomplete_form_is_refused(catalogue):
    dossier = factories.make_dossier(answers=factories.answers_for("1.009664", objective="", capital_usd=None))
    with pytest.raises(StepRefused, match="Mục tiêu của dự án.*Tổng vốn đầu tư bằng USD"):
        workflow.take(dossier, "submit", by=dossier.created_by, at=MOMENT)


def test_receive_draws_code_due_date_promise_and_receipt(people):
    dossier = advance(factories.make_dossier(), "submitted", people=people)
    after = workflow.take(dossier, "receive", by=people["reception"], at=at("2026-03-16 10:30"))
    assert (after.code, after.due_at) == ("H55-260316-0001", at("2026-03-30 17:00"))
    assert list(after.promises.values_list("number", "promised_at")) == [(1, at("2026-03-30 17:00"))]
    assert after.slips.filter(form=Slip.Form.RECEIPT).get().facts["due_at"].startswith("2026-03-30T")
    assert (after.plot.standing(on=MOMENT.date() + timedelta(days=20)).status) == "reserved"


def test_receive_uses_the_limit_of_the_chosen_case(people):
    dossier = advance(factories.make_dossier(case="th2"), "received", people=people, start=at("2026-03-03 09:15"))
    assert dossier.due_at == at("2026-03-10 17:00")


def test_rival_is_received_told_so_and_its_grant_refused(people):
    plot = factories.make_plot()
    first = advance(factories.make_dossier(plot=plot), "leader_sign", people=people)
    rival = advance(factories.make_dossier(plot=plot), "leader_sign", people=people)
    assert rival.events.get(step="receive").data["rival"] == "reserved"
    with pytest.raises(PlotTaken):
        workflow.take(rival, "grant", by=people["leader"], at=MOMENT)
    assert Dossier.objects.get(pk=rival.pk).decision_number is None
    granted = workflow.take(first, "grant", by=people["leader"], at=MOMENT)
    assert Tenure.objects.get().project == granted.project


@pytest.mark.parametrize("status", ["received", "in_review", "head_check"])
def test_withdrawal_frees_the_plot(people, status):
    dossier = advance(factories.make_dossier(), status, people=people)
    workflow.take(dossier, "withdraw", by=dossier.created_by, at=MOMENT, note="Đổi kế hoạch")
    assert dossier.plot.standing(on=MOMENT.date()).status == "available"


def test_rivals_withdrawal_leaves_the_holders_reservation(people):
    plot = factories.make_plot()
    advance(factories.make_dossier(plot=plot), "received", people=people)
    rival = advance(factories.make_dossier(plot=plot), "received", people=people)
    workflow.take(rival, "withdraw", by=rival.created_by, at=MOMENT)
    assert plot.standing(on=MOMENT.date()).status == "reserved"


def test_grant_registers_project_occupies_plot_and_numbers_decision(people):
    dossier = advance(factories.make_dossier(), "leader_sign", people=people, project_code="9812345678")
    after = workflow.take(dossier, "grant", by=people["leader"], at=MOMENT)
    project = Project.objects.get(code="9812345678")
    change = project.changes.get()
    assert (after.status, after.decision, after.decision_number) == ("numbering", "granted", "1/2026/QĐ-BQL")
    assert (after.project, after.outcome, change.kind, change.decision_number) == (
        project,
        change,
        "issued",
        "1/2026/QĐ-BQL",
    )
    assert (change.capital_usd, change.exchange_rate, change.area_m2) == (12500000, 26250, 65000)
    assert (after.plot.standing(on=MOMENT.date()).status, after.plot.standing(on=MOMENT.date()).held_for) == (
        "leased",
        "9812345678",
    )


def test_grant_adjusts_capital_by_the_difference(people):
    enterprise = factories.make_enterprise()
    project = factories.make_project(usd="12500000", enterprise=enterprise)
    dossier = factories.make_dossier("1.009647", project=project, enterprise=enterprise)
    dossier = advance(dossier, "numbering", people=people)
    assert (dossier.outcome.kind, dossier.outcome.capital_usd) == ("capital", 7500000)
    assert ledger.position(project).usd == 20000000


def test_crash_between_decision_and_register_leaves_neither(people, monkeypatch):
    dossier = advance(factories.make_dossier(), "leader_sign", people=people)
    monkeypatch.setattr(ledger.deeds, "append", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        workflow.take(dossier, "grant", by=people["leader"], at=MOMENT)
    kept = Dossier.objects.get(pk=dossier.pk)
    assert (kept.status, kept.decision_number, Project.objects.count(), Change.objects.count()) == (
        "leader_sign",
        None,
        0,
        0,
    )
    assert kept.plot.standing(on=MOMENT.date()).status == "reserved"


def test_grant_number_given_back_by_a_refused_grant_is_used_next(people):
    plot = factories.make_plot()
    first = advance(factories.make_dossier(plot=plot), "leader_sign", people=people)
    rival = advance(factories.make_dossier(plot=plot), "leader_sign", people=people)
    with pytest.raises(PlotTaken):
        workflow.take(rival, "grant", by=people["leader"], at=MOMENT)
    assert workflow.take(first, "grant", by=people["leader"], at=MOMENT).decision_number == "1/2026/QĐ-BQL"


def test_leader_may_not_decide_against_the_draft(people):
    dossier = advance(factories.make_dossier(), "leader_sign", people=people)
    with pytest.raises(StepRefused, match="khác với dự thảo"):
        workflow.take(dossier, "refuse", by=people["leader"], at=MOMENT, reason="Không phù hợp quy hoạch")


def test_nobody_signs_their_own_draft(people):
    people["specialist"].groups.add(Group.objects.get(name="head"))
    dossier = advance(factories.make_dossier(), "head_check", people=people)
    with pytest.raises(StepRefused, match="chính mình"):
        workflow.take(dossier, "forward", by=people["specialist"], at=MOMENT)


def test_supplement_stops_the_clock_and_moves_the_promise(people):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    assert dossier.due_at == at("2026-03-17 17:00")
    dossier = workflow.take(
        dossier,
        "ask_supplement",
        by=people["specialist"],
        at=at("2026-03-05 10:00"),
        items=["Báo cáo tài chính"],
        reason="Thiếu năm 2025",
    )
    assert dossier.is_paused
    dossier = workflow.take(
        dossier, "answer_supplement", by=dossier.created_by, at=at("2026-03-12 15:00"), answer="Đã nộp"
    )
    dossier = workflow.take(dossier, "accept_supplement", by=people["reception"], at=at("2026-03-13 09:00"))
    # Two days used (4 and 5 March); eight remain from the day after the answer, 13 March.
    assert (dossier.status, dossier.due_at) == ("in_review", at("2026-03-24 17:00"))
    assert [promise.promised_at for promise in dossier.promises.all()] == [
        at("2026-03-17 17:00"),
        at("2026-03-24 17:00"),
    ]


def test_second_review_supplement_is_refused(people):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    ask = {"items": ["x"], "reason": "y"}
    dossier = workflow.take(dossier, "ask_supplement", by=people["specialist"], at=MOMENT, **ask)
    dossier = workflow.take(dossier, "answer_supplement", by=dossier.created_by, at=MOMENT, answer="z")
    dossier = workflow.take(dossier, "accept_supplement", by=people["reception"], at=MOMENT)
    with pytest.raises(StepRefused, match="chỉ cho yêu cầu bổ sung 1 lần"):
        workflow.take(dossier, "ask_supplement", by=people["specialist"], at=MOMENT, **ask)


def test_intake_supplement_gives_reception_its_hours_anew(people):
    dossier = advance(factories.make_dossier(), "submitted", people=people)
    dossier = workflow.take(
        dossier, "ask_intake_supplement", by=people["reception"], at=MOMENT, items=["x"], reason="y"
    )
    dossier = workflow.take(dossier, "answer_supplement", by=dossier.created_by, at=at("2026-03-05 10:00"), answer="z")
    assert (dossier.status, dossier.answer_by) == ("submitted", at("2026-03-06 10:00"))
    with pytest.raises(StepRefused, match="1 lần trước khi tiếp nhận"):
        workflow.take(dossier, "ask_intake_supplement", by=people["reception"], at=MOMENT, items=["x"], reason="y")


def test_stop_waits_until_the_answer_time_is_over(people):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    dossier = workflow.take(dossier, "ask_supplement", by=people["specialist"], at=MOMENT, items=["x"], reason="y")
    with pytest.raises(StepRefused, match="Chưa hết hạn"):
        workflow.take(dossier, "stop", by=people["head"], at=MOMENT + timedelta(days=1), reason="Không trả lời")
    after = workflow.take(dossier, "stop", by=people["head"], at=MOMENT + timedelta(days=60), reason="Không trả lời")
    assert (after.status, after.plot.standing(on=(MOMENT + timedelta(days=60)).date()).status) == (
        "stopped",
        "available",
    )


def test_supplement_is_answered_within_working_days(people):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    asked = {"by": people["specialist"], "items": ["x"], "reason": "y"}
    dossier = workflow.take(dossier, "ask_supplement", at=at("2026-04-20 10:00"), **asked)
    # Fifteen working days over 27 and 30 April and 1 May, which are off.
    assert dossier.supplements.get().reply_by == at("2026-05-14 17:00")


def test_construction_appraisal_is_answered_within_its_own_days(people):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    dossier.version.clock_mode = "sector_appraisal"
    dossier.version.save()
    asked = {"by": people["specialist"], "items": ["x"], "reason": "y"}
    dossier = workflow.take(dossier, "ask_supplement", at=at("2026-03-05 10:00"), **asked)
    assert dossier.supplements.get().reply_by == at("2026-03-25 17:00")


def test_supplement_in_a_restart_procedure_is_asked_for_within_three_working_days(people):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    dossier.version.clock_mode = "restart"
    dossier.version.save()
    asked = {"by": people["specialist"], "items": ["x"], "reason": "y"}
    with pytest.raises(StepRefused, match="06/03/2026 17:00"):
        workflow.take(dossier, "ask_supplement", at=at("2026-03-06 17:01"), **asked)
    after = workflow.take(dossier, "ask_supplement", at=at("2026-03-06 17:00"), **asked)
    assert after.status == "review_supplement"


def test_answer_is_sent_once(people):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    asked = {"by": people["specialist"], "items": ["x"], "reason": "y"}
    dossier = workflow.take(dossier, "ask_supplement", at=at("2026-03-05 10:00"), **asked)
    dossier = workflow.take(dossier, "answer_supplement", by=dossier.created_by, at=at("2026-03-06 10:00"))
    with pytest.raises(StepRefused, match="06/03/2026 10:00"):
        workflow.take(dossier, "answer_supplement", by=dossier.created_by, at=at("2026-03-09 10:00"))
    assert dossier.supplements.get().answered_at == at("2026-03-06 10:00")


def test_extended_date_is_not_taken_back_by_a_supplement(people):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    new = {"reason": "Chờ ý kiến Sở", "new_due_at": at("2026-04-20 17:00")}
    dossier = workflow.take(dossier, "extend", by=people["leader"], at=at("2026-03-05 09:00"), **new)
    asked = {"by": people["specialist"], "items": ["x"], "reason": "y"}
    dossier = workflow.take(dossier, "ask_supplement", at=at("2026-03-05 10:00"), **asked)
    dossier = workflow.take(dossier, "answer_supplement", by=dossier.created_by, at=at("2026-03-06 10:00"))
    dossier = workflow.take(dossier, "accept_supplement", by=people["reception"], at=at("2026-03-06 11:00"))
    assert (dossier.due_at, dossier.promises.count()) == (at("2026-04-20 17:00"), 2)


def test_draft_of_a_version_no_longer_in_force_is_not_filed(people):
    dossier = factories.make_dossier()
    dossier.version.valid_to = at("2026-03-02 12:00").date()
    dossier.version.save()
    with pytest.raises(StepRefused, match="không có quy định nào đang áp dụng"):
        workflow.take(dossier, "submit", by=dossier.created_by, at=MOMENT)
    assert Dossier.objects.get().status == "draft"


def test_step_without_its_rule_is_refused_in_words(people):
    dossier = factories.make_dossier()
    Rule.objects.filter(code="first_answer_hours").delete()
    with pytest.raises(StepRefused, match="first_answer_hours"):
        workflow.take(dossier, "submit", by=dossier.created_by, at=MOMENT)


def test_steps_after_midnight_belong_to_the_day_in_hanoi(people):
    """00:30 in Hanoi is still the day before in UTC."""
    night = at("2026-03-04 00:30").astimezone(UTC)
    dossier = advance(factories.make_dossier(), "result_ready", people=people, start=night)
    change, tenure = dossier.outcome, Tenure.objects.get()
    assert (dossier.code, dossier.decided_on) == ("H55-260304-0001", date(2026, 3, 4))
    assert (change.effective_on, tenure.starts_on, dossier.project.certificate_on) == (date(2026, 3, 4),) * 3
    days = [date(2026, 3, 3), date(2026, 3, 4)]
    assert [dossier.plot.standing(on=day).status for day in days] == ["available", "leased"]
    # Received outside hours on the 4th: the day of reception is not counted.
    assert dossier.due_at == at("2026-03-18 17:00")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"proposal": "maybe"}, "cấp hoặc từ chối"),
        ({"project_code": " "}, "Nhập mã số dự án"),
        ({"project_code": "mau-0001"}, "chỉ cho hồ sơ mẫu"),
    ],
)
def test_senseless_proposal_is_refused(people, said, sentence):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    details = {"proposal": "granted", "note": "Đủ", "project_code": "9800000001", **said}
    with pytest.raises(StepRefused, match=sentence):
        workflow.take(dossier, "propose", by=people["specialist"], at=MOMENT, **details)
    assert (Dossier.objects.get().status, Dossier.objects.get().proposal) == ("in_review", "")


@pytest.mark.parametrize(
    ("step", "status", "role", "sentence"),
    [("forward", "head_check", "head", "Không ai duyệt"), ("grant", "leader_sign", "leader", "Không ai ký")],
)
def test_nobody_passes_a_draft_of_their_own(people, step, status, role, sentence):
    dossier = advance(factories.make_dossier(), status, people=people)
    Dossier.objects.filter(pk=dossier.pk).update(assigned_to=people[role])
    with pytest.raises(StepRefused, match=sentence):
        workflow.take(dossier, step, by=people[role], at=MOMENT)
    assert Dossier.objects.get().status == status


def test_dossier_is_assigned_to_a_specialist_only(people):
    dossier = advance(factories.make_dossier(), "received", people=people)
    with pytest.raises(StepRefused, match="Chỉ phân công cho chuyên viên"):
        workflow.take(dossier, "assign", by=people["head"], at=MOMENT, to=people["clerk"])
    assert Dossier.objects.get().assigned_to is None


def test_answered_supplement_is_looked_at_before_it_is_stopped(people):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    asked = {"by": people["specialist"], "items": ["x"], "reason": "y"}
    dossier = workflow.take(dossier, "ask_supplement", at=MOMENT, **asked)
    with pytest.raises(StepRefused, match="chưa gửi"):
        workflow.take(dossier, "accept_supplement", by=people["reception"], at=MOMENT)
    dossier = workflow.take(dossier, "answer_supplement", by=dossier.created_by, at=MOMENT)
    with pytest.raises(StepRefused, match="đã gửi bổ sung"):
        workflow.take(dossier, "stop", by=people["head"], at=MOMENT + timedelta(days=60), reason="Không trả lời")


def test_extension_is_once_and_before_expiry(people):
    dossier = advance(factories.make_dossier(), "in_review", people=people)
    new = {"reason": "Chờ ý kiến Sở", "new_due_at": at("2026-03-20 17:00")}
    with pytest.raises(StepRefused, match="quá thời điểm"):
        workflow.take(dossier, "extend", by=people["leader"], at=at("2026-03-17 09:00"), **new)
    dossier = workflow.take(dossier, "extend", by=people["leader"], at=at("2026-03-16 09:00"), **new)
    assert [p.promised_at for p in dossier.promises.all()] == [at("2026-03-17 17:00"), at("2026-03-20 17:00")]
    with pytest.raises(StepRefused, match="một lần"):
        workflow.take(
            dossier,
            "extend",
            by=people["leader"],
            at=at("2026-03-16 10:00"),
            reason="x",
            new_due_at=at("2026-03-27 17:00"),
        )


def test_whole_way_ends_delivered_and_archived(people):
    dossier = advance(factories.make_dossier(), "archived", people=people)
    assert [event.step for event in dossier.events.all()] == [
        step for step, _role, _details in factories.path(people, "")
    ]
    assert Notice.objects.count() == 6


def test_sample_dossier_draws_from_series_of_its_own(people):
    mau = factories.make_enterprise("Công ty Mẫu", is_sample=True)
    sample = advance(factories.make_dossier(enterprise=mau), "numbering", people=people, project_code="MAU-0001")
    real = advance(factories.make_dossier(), "numbering", people=people)
    assert (sample.reference, sample.code, sample.decision_number) == (
        "MAU-XN26-000001",
        "H55.MAU-260303-0001",
        "MAU-1/2026/QĐ-BQL",
    )
    assert (real.reference, real.code, real.decision_number) == ("XN26-000001", "H55-260303-0001", "1/2026/QĐ-BQL")
    assert Promise.objects.filter(is_sample=True).count() == 1


def test_available_offers_the_leader_only_what_was_proposed(people):
    dossier = placed("leader_sign", people, "refuse")
    offered = [step.name for step in workflow.available(dossier, people["leader"])]
    assert offered == ["return_from_leader", "refuse", "extend"]
