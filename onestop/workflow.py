"""Every step of a dossier as one table, and the one function that takes a step.

The table says from which status to which, by which role (rules of the counter, section 5).
`take` locks the dossier, checks the table and the step's own guards, does the deed, writes the event and the letter,
all in one transaction. Nothing else changes a status.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.models import CalendarDay, Rule, User
from onestop import clock, effects, notices, numbering, slips
from onestop.models import Component, Dossier, Event, ProcedureCase, Promise, Slip, Supplement
from projects import mandates
from projects.ledger import LedgerRefused
from zones import allocation
from zones.allocation import PlotTaken

Status = Dossier.Status
APPLICANT = "applicant"


class StepRefused(Exception):
    """The step may not be taken; the text is a sentence for the person who tried."""


# Everything `take` may answer with instead of a step, each carrying a sentence.
REFUSALS = (StepRefused, PlotTaken, LedgerRefused, clock.ClockRefused)


@dataclass(frozen=True)
class Step:
    """One row of the table. `moves` maps the status before to the status after; equal ones leave it as it is."""

    name: str
    label: Any
    moves: dict[str, str]
    roles: tuple[str, ...]
    needs: tuple[str, ...] = ()
    is_public: bool = True
    # Only the specialist to whom the dossier is assigned.
    is_for_assignee: bool = False


def _to(target: str, *sources: str) -> dict[str, str]:
    return {str(source): str(target) for source in sources}


def _stay(*sources: str) -> dict[str, str]:
    return {str(source): str(source) for source in sources}


NOT_YET_SIGNED = (
    Status.SUBMITTED, Status.INTAKE_SUPPLEMENT, Status.RECEIVED, Status.FEE_DUE, Status.ASSIGNED, Status.IN_REVIEW,
    Status.CONSULTING, Status.REVIEW_SUPPLEMENT, Status.HEAD_CHECK,
)  # fmt: skip

STEPS = {
    step.name: step
    for step in (
        Step("submit", gettext_lazy("Nộp hồ sơ"), _to(Status.SUBMITTED, Status.DRAFT), (APPLICANT,)),
        Step("receive", gettext_lazy("Tiếp nhận, hẹn trả kết quả"), _to(Status.RECEIVED, Status.SUBMITTED), ("reception",)),
        Step(
            "ask_intake_supplement", gettext_lazy("Yêu cầu bổ sung trước tiếp nhận"),
            _to(Status.INTAKE_SUPPLEMENT, Status.SUBMITTED), ("reception",), needs=("items", "reason"),
        ),
        Step(
            "answer_supplement", gettext_lazy("Nộp bổ sung"),
            {**_to(Status.SUBMITTED, Status.INTAKE_SUPPLEMENT), **_stay(Status.REVIEW_SUPPLEMENT)}, (APPLICANT,),
        ),
        Step(
            "refuse_intake", gettext_lazy("Từ chối tiếp nhận"), _to(Status.INTAKE_REFUSED, Status.SUBMITTED), ("reception",),
            needs=("reason",),
        ),
        Step("demand_fee", gettext_lazy("Yêu cầu nộp phí, lệ phí"), _to(Status.FEE_DUE, Status.RECEIVED), ("reception",), needs=("note",)),
        Step("confirm_fee", gettext_lazy("Xác nhận đã nộp phí"), _to(Status.RECEIVED, Status.FEE_DUE), ("reception",)),
        Step(
            "assign", gettext_lazy("Phân công thụ lý"),
            {**_to(Status.ASSIGNED, Status.RECEIVED), **_stay(Status.ASSIGNED, Status.IN_REVIEW)}, ("head",), needs=("to",),
            is_public=False,
        ),
        Step(
            "open_review", gettext_lazy("Bắt đầu thẩm định"), _to(Status.IN_REVIEW, Status.ASSIGNED), ("specialist",),
            is_for_assignee=True,
        ),
        Step(
            "ask_opinion", gettext_lazy("Lấy ý kiến phối hợp"), _to(Status.CONSULTING, Status.IN_REVIEW), ("specialist",),
            needs=("note",), is_for_assignee=True,
        ),
        Step(
            "close_opinion", gettext_lazy("Kết thúc lấy ý kiến"), _to(Status.IN_REVIEW, Status.CONSULTING), ("specialist",),
            is_for_assignee=True,
        ),
        Step(
            "ask_supplement", gettext_lazy("Yêu cầu bổ sung hồ sơ"), _to(Status.REVIEW_SUPPLEMENT, Status.IN_REVIEW),
            ("specialist",), needs=("items", "reason"), is_for_assignee=True,
        ),
        Step(
            "accept_supplement", gettext_lazy("Xác nhận hồ sơ đã đủ"), _to(Status.IN_REVIEW, Status.REVIEW_SUPPLEMENT),
            ("reception", "specialist"),
        ),
        Step(
            "propose", gettext_lazy("Trình dự thảo kết quả"), _to(Status.HEAD_CHECK, Status.IN_REVIEW), ("specialist",),
            needs=("proposal", "note"), is_public=False, is_for_assignee=True,
        ),
        Step(
            "return_to_specialist", gettext_lazy("Trả lại chuyên viên"), _to(Status.IN_REVIEW, Status.HEAD_CHECK), ("head",),
            needs=("note",), is_public=False,
        ),
        Step("forward", gettext_lazy("Trình lãnh đạo ký"), _to(Status.LEADER_SIGN, Status.HEAD_CHECK), ("head",), is_public=False),
        Step(
            "return_from_leader", gettext_lazy("Không đồng ý, trả lại"), _to(Status.IN_REVIEW, Status.LEADER_SIGN), ("leader",),
            needs=("note",), is_public=False,
        ),
        Step("grant", gettext_lazy("Ký cấp"), _to(Status.NUMBERING, Status.LEADER_SIGN), ("leader",)),
        Step("refuse", gettext_lazy("Ký từ chối"), _to(Status.NUMBERING, Status.LEADER_SIGN), ("leader",), needs=("reason",)),
        Step("seal", gettext_lazy("Đóng dấu, lưu bản điện tử"), _to(Status.RESULT_READY, Status.NUMBERING), ("clerk",)),
        Step(
            "deliver", gettext_lazy("Trả kết quả"), _to(Status.DELIVERED, Status.RESULT_READY), ("clerk", "reception"),
            needs=("channel",),
        ),
        Step(
            "archive", gettext_lazy("Lưu hồ sơ"),
            _to(Status.ARCHIVED, Status.DELIVERED, Status.WITHDRAWN, Status.STOPPED), ("clerk",), is_public=False,
        ),
        Step(
            "extend", gettext_lazy("Xin lỗi và hẹn lại"), _stay(*Dossier.RUNNING), ("leader",), needs=("reason", "new_due_at"),
        ),
        Step("withdraw", gettext_lazy("Rút hồ sơ"), _to(Status.WITHDRAWN, *NOT_YET_SIGNED), (APPLICANT,)),
        Step(
            "stop", gettext_lazy("Dừng giải quyết"),
            _to(Status.STOPPED, Status.INTAKE_SUPPLEMENT, Status.REVIEW_SUPPLEMENT), ("reception", "head"), needs=("reason",),
        ),
    )
}  # fmt: skip


@dataclass
class Deed:
    """A step being taken: the locked dossier, who, when, the details, and what the event will say."""

    dossier: Dossier
    step: Step
    by: User
    at: datetime
    details: dict[str, Any]
    data: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def calendar(self):
        return CalendarDay.calendar()

    @cached_property
    def today(self):
        return timezone.localdate(self.at)

    def text(self, name: str) -> str:
        return str(self.details.get(name) or "").strip()

    def rule(self, code: str) -> int:
        return Rule.number(code, on=self.today)


@transaction.atomic
def take(dossier: Dossier, step: str, *, by: User, at: datetime, **details: Any) -> Dossier:
    """Take one step; returns the dossier as it stands afterwards.

    Raises one of `REFUSALS` with a sentence, and then nothing has changed. `details` are what `Step.needs` names:
    text (reason, note, answer), `items` (list of str), `to` (User), `proposal`, `project_code`, `new_due_at`,
    `channel`, `receiver`, `stored` (StoredFile of the sealed result).
    """
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    chosen = STEPS[step]
    before = row.status
    role = _permitted(row, chosen, by)
    deed = Deed(row, chosen, by, at, details)
    _check_needs(deed)
    if chosen.name in DEEDS:
        DEEDS[chosen.name](deed)
    row.status = chosen.moves[before]
    row.version_no += 1
    row.save()
    event = Event.objects.create(
        dossier=row, step=chosen.name, from_status=before, to_status=row.status, at=at, by=by, role=role,
        note=deed.text("reason") or deed.text("note") or deed.text("answer"), is_public=chosen.is_public, data=deed.data,
        is_sample=row.is_sample,
    )  # fmt: skip
    if chosen.is_public:
        notices.tell_applicant(event)
    return row


def available(dossier: Dossier, by: User) -> list[Step]:
    """The steps that this person may try now, in the order of the table; guards of a step are asked when it is taken."""
    return [step for step in STEPS.values() if dossier.status in step.moves and _role_for(dossier, step, by)]


def explain(dossier: Dossier, *, at: datetime) -> clock.Deadline | None:
    """How the due date comes about, day by day, from the dossier's dated facts; None before reception."""
    if dossier.received_at is None:
        return None
    return _deadline(dossier, CalendarDay.calendar())


def standing(dossier: Dossier, *, at: datetime, calendar=None) -> clock.Standing | None:
    """How a running dossier stands against its due moment; None where no clock runs."""
    if not dossier.is_running or dossier.due_at is None:
        return None
    return clock.standing(due_at=dossier.due_at, at=at, calendar=calendar or CalendarDay.calendar())


def limit_of(case: ProcedureCase) -> clock.Limit:
    return clock.Limit(case.value, case.unit)


# Guards ---------------------------------------------------------------------------------------------------------


def _permitted(dossier: Dossier, step: Step, by: User) -> str:
    """The role in which `by` takes the step; raises where the status or the person does not allow it."""
    if dossier.status not in step.moves:
        last = dossier.events.select_related("by").last()
        raise StepRefused(
            _("Không thể “%(step)s” khi hồ sơ ở trạng thái “%(status)s”%(who)s.")
            % {"step": step.label, "status": dossier.get_status_display(), "who": _by_whom(last)}
        )
    role = _role_for(dossier, step, by)
    if not role:
        raise StepRefused(_("Bạn không có quyền thực hiện bước “%(step)s” với hồ sơ này.") % {"step": step.label})
    return role


def _by_whom(event: Event | None) -> str:
    if event is None or event.by is None:
        return ""
    moment = timezone.localtime(event.at)
    return _(" (%(who)s, %(when)s)") % {"who": event.by, "when": f"{moment:%d/%m/%Y %H:%M}"}


def _role_for(dossier: Dossier, step: Step, by: User) -> str:
    if APPLICANT in step.roles and not by.is_staff and mandates.may(by, dossier.enterprise, "sign"):
        return APPLICANT
    if not by.is_staff:
        return ""
    role = next((role for role in step.roles if by.has_role(role)), "")
    is_others = step.is_for_assignee and dossier.assigned_to_id != by.pk
    return "" if is_others else role


def _check_needs(deed: Deed) -> None:
    names = {
        "reason": _("lý do"), "note": _("nội dung"), "items": _("danh mục cần bổ sung"), "to": _("người được phân công"),
        "proposal": _("đề xuất"), "new_due_at": _("thời hạn mới"), "channel": _("cách trả kết quả"),
    }  # fmt: skip
    missing = [names[name] for name in deed.step.needs if not (deed.text(name) and deed.details[name])]
    if missing:
        raise StepRefused(_("Còn thiếu: %(names)s.") % {"names": ", ".join(missing)})


def missing_papers(dossier: Dossier) -> list[Component]:
    """Components that the case demands and no current paper answers."""
    given = set(dossier.papers.filter(replaced_at__isnull=True).values_list("component_id", flat=True))
    wanted = dossier.version.components.all()
    return [c for c in wanted if c.is_demanded_in(dossier.case.key) and c.pk not in given]


# Deeds of the steps, each a few lines; those not here only move the status ----------------------------------------


def _submit(deed: Deed) -> None:
    dossier = deed.dossier
    missing = missing_papers(dossier)
    if missing:
        raise StepRefused(_("Còn thiếu giấy tờ: %(names)s.") % {"names": "; ".join(c.name for c in missing)})
    dossier.is_sample = dossier.enterprise.is_sample
    dossier.submitted_at = deed.at
    dossier.answer_by = clock.reply_by(deed.at, deed.rule("first_answer_hours"), deed.calendar)
    dossier.reference = numbering.reference(dossier, deed.at)
    dossier.save()
    slips.issue(dossier, Slip.Form.ACKNOWLEDGEMENT, by=deed.by, at=deed.at)


def _receive(deed: Deed) -> None:
    dossier = deed.dossier
    rival = _reserve(deed)
    dossier.received_at = deed.at
    dossier.division = dossier.procedure.field.division
    dossier.due_at = _deadline(dossier, deed.calendar).due_at
    dossier.code = numbering.code(dossier, deed.at)
    dossier.save()
    _promise(deed, dossier.due_at)
    slips.issue(dossier, Slip.Form.RECEIPT, by=deed.by, at=deed.at)
    deed.data = {"due_at": dossier.due_at.isoformat(), "rival": rival}


def _reserve(deed: Deed) -> str:
    """Reception of a new project holds its plot; a rival dossier is received all the same, and told so."""
    dossier = deed.dossier
    if dossier.plot is None or dossier.procedure.effect != dossier.procedure.Effect.REGISTER:
        return ""
    try:
        with transaction.atomic():
            basis = dossier.reference or ""
            allocation.reserve(plot=dossier.plot, held_for=dossier.hold_key, basis=basis, by=deed.by, at=deed.at)
    except PlotTaken as taken:
        return str(taken)
    return ""


def _release(deed: Deed) -> None:
    dossier = deed.dossier
    if dossier.plot is not None:
        basis = dossier.code or dossier.reference or ""
        allocation.release(plot=dossier.plot, held_for=dossier.hold_key, basis=basis, by=deed.by, at=deed.at)


def _ask(deed: Deed, stage: str) -> Supplement:
    dossier = deed.dossier
    cycle = dossier.supplements.filter(stage=stage).count() + 1
    days = deed.rule("supplement_reply_days")
    reply_by = deed.calendar.close_of(deed.calendar.working_day_from(deed.today + timedelta(days=days)))
    return Supplement.objects.create(
        dossier=dossier, stage=stage, cycle=cycle, items=[str(item) for item in deed.details["items"]],
        reason=deed.text("reason"), asked_at=deed.at, asked_by=deed.by, reply_by=reply_by, is_sample=dossier.is_sample,
    )  # fmt: skip


def _ask_intake_supplement(deed: Deed) -> None:
    if deed.dossier.supplements.filter(stage=Supplement.Stage.INTAKE).exists():
        raise StepRefused(_("Chỉ được yêu cầu bổ sung một lần trước khi tiếp nhận; hãy tiếp nhận hoặc từ chối."))
    supplement = _ask(deed, Supplement.Stage.INTAKE)
    slips.issue(deed.dossier, Slip.Form.SUPPLEMENT, by=deed.by, at=deed.at, supplement=supplement)


def _ask_supplement(deed: Deed) -> None:
    dossier = deed.dossier
    most = dossier.version.max_supplements
    if most is not None and dossier.supplements.filter(stage=Supplement.Stage.REVIEW).count() >= most:
        raise StepRefused(_("Thủ tục này chỉ cho yêu cầu bổ sung %(most)s lần.") % {"most": most})
    supplement = _ask(deed, Supplement.Stage.REVIEW)
    slips.issue(dossier, Slip.Form.SUPPLEMENT, by=deed.by, at=deed.at, supplement=supplement)


def _open_supplement(deed: Deed) -> Supplement:
    return deed.dossier.supplements.select_for_update().get(accepted_at__isnull=True)


def _answer_supplement(deed: Deed) -> None:
    dossier, supplement = deed.dossier, _open_supplement(deed)
    supplement.answered_at, supplement.answer = deed.at, deed.text("answer")
    if supplement.stage == Supplement.Stage.INTAKE:
        # Back at the counter: reception has its working hours anew (rules of the counter, section 5.1).
        supplement.accepted_at = deed.at
        dossier.answer_by = clock.reply_by(deed.at, deed.rule("first_answer_hours"), deed.calendar)
    supplement.save()


def _accept_supplement(deed: Deed) -> None:
    dossier, supplement = deed.dossier, _open_supplement(deed)
    if supplement.answered_at is None:
        raise StepRefused(_("Người nộp chưa gửi hồ sơ bổ sung."))
    supplement.accepted_at = deed.at
    supplement.save()
    due_at = _deadline(dossier, deed.calendar).due_at
    if due_at != dossier.due_at:
        dossier.due_at = due_at
        _promise(deed, due_at, reason=_("Hồ sơ được bổ sung; thời hạn tính lại theo quy định."), ground=dossier.version.get_clock_mode_display())
    deed.data = {"due_at": due_at.isoformat()}


def _assign(deed: Deed) -> None:
    person = deed.details["to"]
    if not (person.is_staff and person.has_role("specialist")):
        raise StepRefused(_("Chỉ phân công cho chuyên viên."))
    deed.dossier.assigned_to = person
    deed.dossier.division = person.division or deed.dossier.division
    deed.data = {"to": str(person)}


def _propose(deed: Deed) -> None:
    dossier = deed.dossier
    dossier.proposal, dossier.proposal_note = deed.text("proposal"), deed.text("note")
    if dossier.proposal not in (Dossier.Decision.GRANTED, Dossier.Decision.REFUSED):
        raise StepRefused(_("Đề xuất phải là cấp hoặc từ chối."))
    is_new_project = dossier.procedure.effect == dossier.procedure.Effect.REGISTER
    if is_new_project and dossier.proposal == Dossier.Decision.GRANTED:
        dossier.project_code = deed.text("project_code")
        if not dossier.project_code:
            raise StepRefused(_("Nhập mã số dự án lấy từ Hệ thống thông tin quốc gia về đầu tư."))
        if dossier.project_code.upper().startswith("MAU") != dossier.is_sample:
            raise StepRefused(_("Mã bắt đầu bằng MAU dùng cho hồ sơ mẫu và chỉ cho hồ sơ mẫu."))


def _forward(deed: Deed) -> None:
    if deed.dossier.assigned_to_id == deed.by.pk:
        raise StepRefused(_("Không ai duyệt dự thảo do chính mình trình."))


def _decide(deed: Deed, decision: str) -> None:
    dossier = deed.dossier
    if dossier.assigned_to_id == deed.by.pk:
        raise StepRefused(_("Không ai ký dự thảo do chính mình trình."))
    if dossier.proposal != decision:
        raise StepRefused(_("Quyết định khác với dự thảo được trình; hãy trả lại để trình lại."))
    dossier.decision, dossier.decided_on, dossier.decided_by = decision, deed.today, deed.by
    dossier.decision_number = numbering.decision(dossier, deed.at)
    deed.data = {"decision_number": dossier.decision_number}


def _grant(deed: Deed) -> None:
    _decide(deed, Dossier.Decision.GRANTED)
    deed.dossier.save()
    deed.dossier.outcome = effects.apply(deed.dossier, by=deed.by, at=deed.at)


def _refuse(deed: Deed) -> None:
    _decide(deed, Dossier.Decision.REFUSED)
    _release(deed)


def _seal(deed: Deed) -> None:
    dossier = deed.dossier
    dossier.result_file = deed.details.get("stored")
    dossier.completed_at = deed.at
    deed.data = {"outcome": clock.outcome(dossier.due_at, deed.at, deed.calendar)}


def _deliver(deed: Deed) -> None:
    if deed.text("channel") not in ("electronic", "counter", "post"):
        raise StepRefused(_("Cách trả kết quả không có trong danh mục."))
    deed.dossier.delivered_at = deed.at
    deed.data = {"channel": deed.text("channel"), "receiver": deed.text("receiver")}


def _extend(deed: Deed) -> None:
    """NĐ 61/2018 Art 19(9): before expiry, with apology and reason, to a new date, once."""
    dossier, new = deed.dossier, deed.details["new_due_at"]
    done = dossier.events.filter(step="extend").count()
    if done >= deed.rule("max_extensions"):
        raise StepRefused(_("Hồ sơ đã được hẹn lại; pháp luật chỉ cho hẹn lại một lần."))
    last = clock.apology_by(dossier.due_at, deed.calendar, deed.rule("apology_before_days"))
    if deed.at > last:
        raise StepRefused(_("Đã quá thời điểm được xin lỗi và hẹn lại (%(when)s).") % {"when": f"{timezone.localtime(last):%d/%m/%Y %H:%M}"})
    if new <= dossier.due_at:
        raise StepRefused(_("Ngày hẹn mới phải sau ngày hẹn cũ."))
    old, dossier.due_at = dossier.due_at, new
    dossier.save()
    _promise(deed, new, reason=deed.text("reason"), ground="NĐ 61/2018/NĐ-CP, Điều 19 khoản 9")
    slips.issue(dossier, Slip.Form.APOLOGY, by=deed.by, at=deed.at, old_due_at=old, reason=deed.text("reason"))
    deed.data = {"due_at": new.isoformat()}


def _refuse_intake(deed: Deed) -> None:
    deed.dossier.ended_at = deed.at
    slips.issue(deed.dossier, Slip.Form.REFUSAL, by=deed.by, at=deed.at, reason=deed.text("reason"))


def _withdraw(deed: Deed) -> None:
    deed.dossier.ended_at = deed.at
    _close_supplement(deed)
    _release(deed)
    slips.issue(deed.dossier, Slip.Form.STOP, by=deed.by, at=deed.at, reason=deed.text("note") or _("Theo đề nghị của người nộp."))


def _stop(deed: Deed) -> None:
    """Only after the applicant's time to answer has run out without an answer."""
    supplement = _open_supplement(deed)
    if supplement.answered_at is not None:
        raise StepRefused(_("Người nộp đã gửi bổ sung; hãy xem xét trước khi dừng."))
    if supplement.reply_by and deed.at <= supplement.reply_by:
        raise StepRefused(_("Chưa hết hạn bổ sung (%(when)s).") % {"when": f"{timezone.localtime(supplement.reply_by):%d/%m/%Y %H:%M}"})
    deed.dossier.ended_at = deed.at
    _close_supplement(deed)
    _release(deed)
    slips.issue(deed.dossier, Slip.Form.STOP, by=deed.by, at=deed.at, reason=deed.text("reason"))


def _close_supplement(deed: Deed) -> None:
    deed.dossier.supplements.filter(accepted_at__isnull=True).update(accepted_at=deed.at)


DEEDS: dict[str, Callable[[Deed], None]] = {
    "submit": _submit, "receive": _receive, "ask_intake_supplement": _ask_intake_supplement,
    "answer_supplement": _answer_supplement, "refuse_intake": _refuse_intake, "assign": _assign,
    "ask_supplement": _ask_supplement, "accept_supplement": _accept_supplement, "propose": _propose, "forward": _forward,
    "grant": _grant, "refuse": _refuse, "seal": _seal, "deliver": _deliver, "extend": _extend, "withdraw": _withdraw,
    "stop": _stop,
}  # fmt: skip


# The clock ----------------------------------------------------------------------------------------------------


def _deadline(dossier: Dossier, calendar) -> clock.Deadline:
    """The statutory deadline from the dossier's facts. The clock runs again from the day the full dossier came in."""
    case = dossier.case
    rows = dossier.supplements.filter(stage=Supplement.Stage.REVIEW).order_by("asked_at")
    pauses = [clock.Pause(row.asked_at, row.answered_at if row.accepted_at else None) for row in rows]

    def second(value: Decimal | None) -> clock.Limit | None:
        return clock.Limit(value, case.unit) if value is not None else None

    return clock.deadline(
        received_at=dossier.received_at, limit=limit_of(case), calendar=calendar, mode=dossier.version.clock_mode,
        pauses=pauses, second_limit=second(case.second_value), cap=second(case.cap),
    )  # fmt: skip


def _promise(deed: Deed, promised_at: datetime, *, reason: str = "", ground: str = "") -> Promise:
    number = deed.dossier.promises.count() + 1
    return Promise.objects.create(
        dossier=deed.dossier, number=number, promised_at=promised_at, reason=reason, ground=ground, made_at=deed.at,
        made_by=deed.by, is_sample=deed.dossier.is_sample,
    )  # fmt: skip
