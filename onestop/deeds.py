"""What each step does besides moving the status: stamps, numbers, land, register, papers. Called only by `workflow`.

A deed runs inside the transaction of its step with the dossier locked; it raises `StepRefused` (or a refusal of the
land, the register or the clock) and then nothing of the step remains.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.models import CalendarDay, Rule
from izportal.workdays import Calendar
from onestop import amendments, carrying, clock, effects, gaps, numbering, opinions, papers, shapes, slips, supplements
from onestop.decisions import letters
from onestop.models import (
    Dossier,
    Opinion,
    ProcedureCase,
    ProcedureVersion,
    Promise,
    Slip,
    Supplement,
    SupplementPermit,
)
from onestop.supplements import permits
from zones import allocation
from zones.allocation import PlotTaken

Mode = ProcedureVersion.ClockMode


class StepRefused(Exception):
    """The step may not be taken; the text is a sentence for the person who tried."""


@dataclass
class Deed:
    """A step being taken: the locked dossier, who, when, the details, and what the event will say."""

    dossier: Dossier
    # A `User`; None where the time itself takes the step.
    by: Any
    at: datetime
    details: dict[str, Any]
    data: dict[str, Any] = field(default_factory=dict)
    # The absent person in whose place the step is taken.
    instead_of: Any = None

    @property
    def is_by_clock(self) -> bool:
        return self.by is None

    @cached_property
    def calendar(self):
        return CalendarDay.calendar()

    @cached_property
    def today(self):
        return timezone.localdate(self.at)

    def text(self, name: str) -> str:
        return str(self.details.get(name) or "").strip()

    def rule(self, code: str) -> int:
        return int(self._row(code).value)

    def limit(self, code: str) -> clock.Limit:
        """A time limit set by a rule, in the rule's own unit."""
        row = self._row(code)
        return clock.Limit(Decimal(row.value), row.unit)

    def _row(self, code: str) -> Rule:
        try:
            return Rule.row(code, on=self.today)
        except Rule.DoesNotExist as silent:
            raise StepRefused(
                _("Chưa có quy tắc “%(code)s” áp dụng cho ngày %(day)s; hãy báo quản trị.")
                % {"code": code, "day": f"{self.today:%d/%m/%Y}"}
            ) from silent


# Rules of the law of one field that stand before the general one, by the way in which the clock runs there.
REPLY_RULES = {Mode.SECTOR_APPRAISAL: "appraisal_reply_days"}
# Where the law of the field says nothing else, a supplement is asked for within this time of the full dossier.
NOTICE_RULES = {Mode.RESTART: "supplement_notice_days"}


def _check_complete(deed: Deed) -> None:
    """The same for whoever files: the form sound, and every paper given, held on paper or said not to be due; or noted
    at the counter as not brought."""
    dossier = deed.dossier
    faults = gaps.blocking(dossier, on=deed.today)
    if faults:
        lacking = " ".join(f"{fault.label}: {fault.sentence}" for fault in faults)
        raise StepRefused(_("Tờ khai chưa đủ: %(faults)s") % {"faults": lacking})
    missing = papers.unaccounted(dossier)
    if missing:
        raise StepRefused(_("Còn thiếu giấy tờ: %(names)s.") % {"names": "; ".join(c.name for c in missing)})


def _check_scanned(deed: Deed) -> None:
    """Whoever files here waits a moment for the scanner; what comes by another way is received and scanned after."""
    waiting = [] if deed.by.is_staff else papers.waiting(deed.dossier)
    if waiting and deed.dossier.channel == Dossier.Channel.HERE:
        raise StepRefused(papers.still_waiting(len(waiting)))


def _file(deed: Deed, *, may_lack: bool = False) -> None:
    dossier = deed.dossier
    if obstacle := carrying.why_not(dossier, on=deed.today):
        raise StepRefused(obstacle)
    if not may_lack:
        _check_complete(deed)
    dossier.is_sample = dossier.enterprise.is_sample
    if dossier.definition_id is None:
        dossier.definition = shapes.in_force(dossier.procedure, on=deed.today)
    dossier.submitted_at = deed.at
    dossier.answer_by = clock.reply_by(deed.at, deed.rule("first_answer_hours"), deed.calendar)
    dossier.reference = numbering.reference(dossier, deed.at)


def _submit(deed: Deed) -> None:
    _check_scanned(deed)
    _file(deed)
    slips.issue(deed.dossier, Slip.Form.ACKNOWLEDGEMENT, by=deed.by, at=deed.at)
    if deed.text("filed_at"):  # the moment at the system that sent it in
        deed.data = {"filed_at": deed.text("filed_at")}


def _enter(deed: Deed) -> None:
    """Typed in by a clerk. Nothing is acknowledged: whoever stands at the counter is answered by Mẫu 01, 02 or 03.
    What came in with gaps is registered as it came where the clerk says so (`is_incomplete`), never received."""
    dossier, may_lack = deed.dossier, bool(deed.details.get("is_incomplete"))
    lacking = gaps.names(gaps.blocking(dossier, on=deed.today)) if may_lack else []
    _file(deed, may_lack=may_lack)
    said = dossier.handed_in
    words = _("Người nộp: %(who)s, được ủy quyền.") if said.get("is_authorised") else _("Người nộp: %(who)s.")
    note = [words % {"who": said.get("name") or dossier.contact_name}]
    deed.data = {"channel": dossier.channel}
    if lacking:
        note.append(_("Tờ khai nhập như đã nhận, còn thiếu: %(names)s.") % {"names": "; ".join(lacking)})
        deed.data["lacking"] = lacking
    deed.details = {**deed.details, "note": " ".join(note)}


def _correct(deed: Deed) -> None:
    """The clerk's copy of the form set right; what the section said before stays in the event."""
    gaps.put(deed.dossier, deed.details.get("kept", {}))
    deed.data = {"changes": deed.details.get("changes", [])}


def _check_brought(deed: Deed) -> None:
    """NĐ 61/2018 Art 17(1): what is incomplete at the counter is answered by Mẫu 02 or 03, not received."""
    lacking = gaps.names(gaps.of(deed.dossier, on=deed.today))
    if lacking:
        raise StepRefused(
            _("Tờ khai còn thiếu: %(names)s. Hãy yêu cầu bổ sung (Mẫu 02) hoặc từ chối tiếp nhận (Mẫu 03).")
            % {"names": "; ".join(lacking)}
        )
    missing = papers.missing(deed.dossier) if deed.dossier.is_by_hand else []
    if missing:
        raise StepRefused(
            _("Còn thiếu giấy tờ: %(names)s. Hãy yêu cầu bổ sung (Mẫu 02) hoặc từ chối tiếp nhận (Mẫu 03).")
            % {"names": "; ".join(component.name for component in missing)}
        )


def _receive(deed: Deed) -> None:
    dossier = deed.dossier
    _check_brought(deed)
    rival = _reserve(deed)
    _settle_case(deed)
    dossier.received_at = deed.at
    dossier.division = dossier.procedure.field.division
    dossier.due_at = _due(deed)
    dossier.code = numbering.code(dossier, deed.at)
    dossier.save()
    _promise(deed, dossier.due_at)
    slips.issue(dossier, Slip.Form.RECEIPT, by=deed.by, at=deed.at)
    deed.data |= {"due_at": dossier.due_at.isoformat(), "rival": rival}


def _settle_case(deed: Deed) -> None:
    """Some cases, such as the duty to consult a ministry, are the office's to find, not the applicant's to choose."""
    case = deed.details.get("case")
    if case is None or case == deed.dossier.case:
        return
    if case.version_id != deed.dossier.version_id or case.chosen_by != ProcedureCase.ChosenBy.OFFICER:
        raise StepRefused(_("Trường hợp này không do cán bộ tiếp nhận xác định."))
    deed.dossier.case = case
    deed.data["case"] = case.key


def _reserve(deed: Deed) -> str:
    """Reception of a new project holds its plot; a rival dossier is received all the same, and told so.

    Returns the status that stood in the way, kept as a word of the register: it is read in two languages."""
    dossier = deed.dossier
    if dossier.plot is None or dossier.procedure.effect != dossier.procedure.Effect.REGISTER:
        return ""
    try:
        with transaction.atomic():
            basis = dossier.reference or ""
            allocation.reserve(plot=dossier.plot, held_for=dossier.hold_key, basis=basis, by=deed.by, at=deed.at)
    except PlotTaken as taken:
        return taken.status
    return ""


def _release(deed: Deed) -> None:
    dossier = deed.dossier
    if dossier.plot is not None:
        basis = dossier.code or dossier.reference or ""
        allocation.release(plot=dossier.plot, held_for=dossier.hold_key, basis=basis, by=deed.by, at=deed.at)


def _ask(deed: Deed, stage: str, permit: SupplementPermit | None = None) -> None:
    dossier = deed.dossier
    limit = deed.limit(REPLY_RULES.get(Mode(dossier.version.clock_mode), "supplement_reply_days"))
    reply_by = clock.stop_if_no_answer_after(deed.at, limit, deed.calendar)
    supplement = supplements.ask(
        dossier, deed.details["items"], stage=stage, reason=deed.text("reason"), by=deed.by, at=deed.at,
        reply_by=reply_by, permit=permit,
    )  # fmt: skip
    slips.issue(dossier, Slip.Form.SUPPLEMENT, by=deed.by, at=deed.at, supplement=supplement)


def _ask_intake_supplement(deed: Deed) -> None:
    most = deed.rule("max_intake_supplements")
    if deed.dossier.supplements.filter(stage=Supplement.Stage.INTAKE).count() >= most:
        raise StepRefused(
            _("Chỉ được yêu cầu bổ sung %(most)s lần trước khi tiếp nhận; hãy tiếp nhận hoặc từ chối.")
            % {"most": most}
        )
    _ask(deed, Supplement.Stage.INTAKE)


def _ask_supplement(deed: Deed) -> None:
    """Beyond the permitted number only with a leader's leave, which this request uses up."""
    permit = None
    if permits.is_spent(deed.dossier):
        permit = permits.unspent(deed.dossier)
        if permit is None:
            raise StepRefused(permits.needed(deed.dossier))
    _check_notice_in_time(deed)
    _ask(deed, Supplement.Stage.REVIEW, permit)


def _seek_permit(deed: Deed) -> None:
    permits.seek(deed.dossier, why=deed.text("reason"), by=deed.by, at=deed.at)


def _permit_supplement(deed: Deed) -> None:
    permits.decide(deed.dossier, is_given=True, reason=deed.text("reason"), by=deed.by, at=deed.at)


def _deny_permit(deed: Deed) -> None:
    permits.decide(deed.dossier, is_given=False, reason=deed.text("reason"), by=deed.by, at=deed.at)


def _check_notice_in_time(deed: Deed) -> None:
    """NĐ 61/2018 Art 19(4), for fields whose own law says nothing else."""
    rule = NOTICE_RULES.get(Mode(deed.dossier.version.clock_mode))
    if rule is None:
        return
    start = deadline(deed.dossier, deed.calendar).clock_start
    last = clock.supplement_notice_by(start, deed.limit(rule), deed.calendar)
    if deed.at > last:
        raise StepRefused(_("Đã quá thời hạn được yêu cầu bổ sung (%(when)s).") % {"when": _told(last)})


def _open_supplement(deed: Deed) -> Supplement:
    return deed.dossier.supplements.select_for_update().get(accepted_at__isnull=True)


def _answer_supplement(deed: Deed) -> None:
    dossier, supplement = deed.dossier, _open_supplement(deed)
    if supplement.answered_at is not None:
        raise StepRefused(
            _("Bổ sung đã gửi lúc %(when)s; Ban đang kiểm tra.") % {"when": _told(supplement.answered_at)}
        )
    _check_scanned(deed)
    supplements.close(supplement, dossier, deed.details.get("answered", supplements.NOTHING))
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
    due_at = promised(dossier, deadline(dossier, deed.calendar))
    if due_at != dossier.due_at:
        dossier.due_at = due_at
        _promise(
            deed,
            due_at,
            reason=_("Hồ sơ được bổ sung; thời hạn tính lại theo quy định."),
            ground=dossier.version.get_clock_mode_display(),
        )
    deed.data = {"due_at": due_at.isoformat()}


def _assign(deed: Deed) -> None:
    person, before = deed.details["to"], deed.dossier.assigned_to
    if not (person.is_staff and person.has_role("specialist")):
        raise StepRefused(_("Chỉ phân công cho chuyên viên."))
    deed.dossier.assigned_to = person
    deed.dossier.division = person.division or deed.dossier.division
    deed.data = {"to": str(person)} | ({"from": str(before)} if before else {})


def _ask_opinion(deed: Deed) -> None:
    told = {name: deed.details.get(name) for name in ("days", "ground", "silence", "silence_ground")}
    asked = opinions.ask(
        deed.dossier, deed.details["bodies"], question=deed.text("note"), by=deed.by, at=deed.at,
        calendar=deed.calendar, papers=deed.details.get("papers", ()),
        shows_project=deed.details.get("shows_project", True), **told,
    )  # fmt: skip
    deed.data = {"bodies": [one.body for one in asked], "reply_by": asked[0].reply_by.isoformat()}


def _opinion_of(deed: Deed) -> Opinion:
    opinion = deed.details["opinion"]
    if opinion.dossier_id != deed.dossier.pk:
        raise StepRefused(_("Ý kiến này thuộc hồ sơ khác."))
    return opinion


def _record_opinion(deed: Deed) -> None:
    """What came on paper, with the day on which it came."""
    opinion = _opinion_of(deed)
    opinions.answer(
        opinion, position=deed.text("position"), text=deed.text("answer"), answered_by=deed.text("answered_by"),
        upload=deed.details.get("scan"), answered_at=deed.details.get("answered_at"), recorded_by=deed.by, at=deed.at,
    )  # fmt: skip
    deed.data = {"body": opinion.body}


def _withdraw_opinion(deed: Deed) -> None:
    opinion = opinions.withdraw(_opinion_of(deed), reason=deed.text("reason"), at=deed.at)
    deed.data = {"body": opinion.body}


def _close_opinion(deed: Deed) -> None:
    deed.data = opinions.close(deed.dossier, reason=deed.text("note"), at=deed.at)


def _propose(deed: Deed) -> None:
    dossier = deed.dossier
    dossier.proposal, dossier.proposal_note = deed.text("proposal"), deed.text("note")
    dossier.drafted_by = deed.by
    dossier.proposal_text = deed.text("text")
    if dossier.proposal not in (Dossier.Decision.GRANTED, Dossier.Decision.REFUSED):
        raise StepRefused(_("Đề xuất phải là cấp hoặc từ chối."))
    is_new_project = dossier.procedure.effect == dossier.procedure.Effect.REGISTER
    if is_new_project and dossier.proposal == Dossier.Decision.GRANTED:
        dossier.project_code = deed.text("project_code")
        if not dossier.project_code:
            raise StepRefused(_("Nhập mã số dự án lấy từ Hệ thống thông tin quốc gia về đầu tư."))
        if dossier.project_code.upper().startswith("MAU") != dossier.is_sample:
            raise StepRefused(_("Mã bắt đầu bằng MAU dùng cho hồ sơ mẫu và chỉ cho hồ sơ mẫu."))
    dossier.decision_template = letters.put_forward(dossier, on=deed.today)


def _decide(deed: Deed, decision: str) -> None:
    dossier = deed.dossier
    if dossier.proposal != decision:
        raise StepRefused(_("Quyết định khác với dự thảo được trình; hãy trả lại để trình lại."))
    dossier.decision, dossier.decided_on, dossier.decided_by = decision, deed.today, deed.by
    dossier.decision_number = numbering.decision(dossier, deed.at)
    # Before the register changes: the letter says what was asked for, as its draft did.
    letter = letters.sign(dossier, on=deed.today, reason=deed.text("reason"))
    deed.data = {"decision_number": dossier.decision_number, "letter": letter}


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
    if dossier.result_file:
        slips.issue_result(dossier, stored=dossier.result_file, by=deed.by, at=deed.at)
    dossier.completed_at = deed.at
    deed.data = {"outcome": clock.outcome(_known(dossier.due_at), deed.at, deed.calendar)}


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
    last = clock.apology_by(_known(dossier.due_at), deed.calendar, deed.rule("apology_before_days"))
    if deed.at > last:
        raise StepRefused(_("Đã quá thời điểm được xin lỗi và hẹn lại (%(when)s).") % {"when": _told(last)})
    if new <= _known(dossier.due_at):
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
    opinions.end(deed.dossier, at=deed.at)
    _release(deed)
    slips.issue(
        deed.dossier,
        Slip.Form.STOP,
        by=deed.by,
        at=deed.at,
        reason=deed.text("note") or _("Theo đề nghị của người nộp."),
        stopped_by="applicant",
        fee=_fee(deed.dossier),
    )


def _stop(deed: Deed) -> None:
    """Only after the applicant's time to answer has run out without an answer; by the clock alone only where the
    request said so."""
    supplement = _open_supplement(deed)
    if deed.is_by_clock and not supplement.stops_by_itself:
        raise StepRefused(_("Theo phiếu yêu cầu, việc dừng giải quyết do cán bộ xem xét."))
    if supplement.answered_at is not None:
        raise StepRefused(_("Người nộp đã gửi bổ sung; hãy xem xét trước khi dừng."))
    if supplement.reply_by and deed.at <= supplement.reply_by:
        raise StepRefused(_("Chưa hết hạn bổ sung (%(when)s).") % {"when": _told(supplement.reply_by)})
    deed.dossier.ended_at = deed.at
    _close_supplement(deed)
    _release(deed)
    slips.issue(
        deed.dossier, Slip.Form.STOP, by=deed.by, at=deed.at, reason=deed.text("reason"),
        stopped_by="clock" if deed.is_by_clock else "office", fee=_fee(deed.dossier),
    )  # fmt: skip


def _fee(dossier: Dossier) -> str:
    """How a fee stands: "paid" as somebody confirmed, "due" where one was asked for, "" where none was."""
    asked = dossier.events.filter(step__in=("demand_fee", "confirm_fee")).order_by("pk").last()
    return {"demand_fee": "due", "confirm_fee": "paid"}[asked.step] if asked else ""


def _close_supplement(deed: Deed) -> None:
    deed.dossier.supplements.filter(accepted_at__isnull=True).update(accepted_at=deed.at)


def _draft_amendment(deed: Deed) -> None:
    said = {name: deed.text(name) for name in ("kind", "ground", "reason")}
    row = amendments.draft(deed.dossier, **said, values=deed.details.get("values") or {}, by=deed.by, at=deed.at)
    deed.data = {"kind": row.kind}


def _sign_amendment(deed: Deed) -> None:
    """The applicant is told what was signed, and why."""
    seen, absent = deed.details.get("seen"), deed.instead_of
    row = amendments.sign(deed.dossier, seen=seen, by=deed.by, at=deed.at, instead_of=absent)
    deed.details = {**deed.details, "reason": row.reason}
    deed.data = {"kind": row.kind, "decision": row.number, "told": f"{row.kind}_result"}


def _drop_amendment(deed: Deed) -> None:
    amendments.drop(deed.dossier, note=deed.text("note"), by=deed.by, at=deed.at)


DEEDS: dict[str, Callable[[Deed], None]] = {
    "submit": _submit,
    "enter": _enter,
    "correct": _correct,
    "receive": _receive,
    "ask_intake_supplement": _ask_intake_supplement,
    "answer_supplement": _answer_supplement,
    "record_answer": _answer_supplement,
    "refuse_intake": _refuse_intake,
    "assign": _assign,
    "ask_opinion": _ask_opinion,
    "record_opinion": _record_opinion,
    "withdraw_opinion": _withdraw_opinion,
    "close_opinion": _close_opinion,
    "ask_supplement": _ask_supplement,
    "seek_permit": _seek_permit,
    "permit_supplement": _permit_supplement,
    "deny_permit": _deny_permit,
    "accept_supplement": _accept_supplement,
    "propose": _propose,
    "grant": _grant,
    "refuse": _refuse,
    "seal": _seal,
    "deliver": _deliver,
    "draft_amendment": _draft_amendment,
    "sign_amendment": _sign_amendment,
    "drop_amendment": _drop_amendment,
    "extend": _extend,
    "withdraw": _withdraw,
    "record_withdrawal": _withdraw,
    "stop": _stop,
}


# The clock and the promise ----------------------------------------------------------------------------------------


def limit_of(case: ProcedureCase) -> clock.Limit:
    return clock.Limit(case.value, case.unit)


def deadline(dossier: Dossier, calendar: Calendar) -> clock.Deadline:
    """The statutory deadline from the facts of a received dossier. The clock runs again from the day the full dossier
    came in, not from the day an officer found it full."""
    case = dossier.case
    rows = [row for row in dossier.supplements.all() if row.stage == Supplement.Stage.REVIEW]
    pauses = [clock.Pause(row.asked_at, row.answered_at if row.accepted_at else None) for row in rows]

    def second(value: Decimal | None) -> clock.Limit | None:
        return clock.Limit(value, case.unit) if value is not None else None

    return clock.deadline(
        received_at=_known(dossier.received_at),
        limit=limit_of(case),
        calendar=calendar,
        mode=dossier.version.clock_mode,
        pauses=pauses,
        second_limit=second(case.second_value),
        cap=second(case.cap),
    )


def promised(dossier: Dossier, completed: clock.Deadline) -> datetime:
    """The date to promise once the dossier is complete. One promised beyond the limit before (with an apology, or by a
    day off that was taken back) is not taken back because the dossier came in sooner."""
    due_at, before, kept = _known(completed.due_at), completed.before_last_pause(), dossier.due_at
    if kept is None or kept <= due_at:
        return due_at
    is_beyond = before is not None and kept > before
    return kept if is_beyond or dossier.events.filter(step="extend").exists() else due_at


def _due(deed: Deed) -> datetime:
    return _known(deadline(deed.dossier, deed.calendar).due_at)


def _known(moment: datetime | None) -> datetime:
    """A moment that the status implies; the database holds to it, so its absence is a fault, told as a refusal."""
    if moment is None:
        raise StepRefused(_("Hồ sơ thiếu mốc thời gian cần cho bước này; hãy báo quản trị."))
    return moment


def _told(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y %H:%M}"


def _promise(deed: Deed, promised_at: datetime, *, reason: str = "", ground: str = "") -> Promise:
    number = deed.dossier.promises.count() + 1
    return Promise.objects.create(
        dossier=deed.dossier, number=number, promised_at=promised_at, reason=reason, ground=ground, made_at=deed.at,
        made_by=deed.by, is_sample=deed.dossier.is_sample,
    )  # fmt: skip
