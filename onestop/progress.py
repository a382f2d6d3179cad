"""Where a dossier stands, in the applicant's words: who acts next and by when, the strip of stages, what has happened.

Reads only; which step may be taken, and what it does, is the business of `workflow`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from onestop import clock, notices, workflow
from onestop.models import Amendment, Dossier, Event, Slip, Supplement

Status = Dossier.Status

STAGES = (
    (gettext_lazy("Tiếp nhận"), (Status.SUBMITTED, Status.INTAKE_SUPPLEMENT)),
    (
        gettext_lazy("Thẩm định"),
        (
            *(Status.RECEIVED, Status.FEE_DUE, Status.ASSIGNED, Status.IN_REVIEW, Status.CONSULTING),
            Status.REVIEW_SUPPLEMENT,
        ),
    ),
    (gettext_lazy("Trình ký"), (Status.HEAD_CHECK, Status.LEADER_SIGN, Status.NUMBERING)),
    (gettext_lazy("Trả kết quả"), (Status.RESULT_READY, Status.DELIVERED, Status.ARCHIVED)),
)  # fmt: skip

# Words of the national portal for its ten codes; beside them stands our own, finer status.
NATIONAL = {
    1: gettext_lazy("Mới đăng ký"),
    2: gettext_lazy("Được tiếp nhận"),
    3: gettext_lazy("Không được tiếp nhận"),
    4: gettext_lazy("Đang xử lý"),
    5: gettext_lazy("Yêu cầu bổ sung giấy tờ"),
    6: gettext_lazy("Yêu cầu thực hiện nghĩa vụ tài chính"),
    7: gettext_lazy("Công dân yêu cầu rút hồ sơ"),
    8: gettext_lazy("Dừng xử lý"),
    9: gettext_lazy("Đã xử lý xong"),
    10: gettext_lazy("Đã trả kết quả"),
}

KINDS = {
    Status.INTAKE_SUPPLEMENT: ("warn", "s-soon"),
    Status.REVIEW_SUPPLEMENT: ("warn", "s-soon"),
    Status.FEE_DUE: ("warn", "s-soon"),
    Status.INTAKE_REFUSED: ("bad", "s-late"),
    Status.STOPPED: ("bad", "s-late"),
    Status.WITHDRAWN: ("line", ""),
    Status.RESULT_READY: ("ok", "s-done"),
    Status.DELIVERED: ("ok", "s-done"),
    Status.ARCHIVED: ("ok", "s-done"),
    Status.DRAFT: ("line", ""),
}

FORM_OF_STEP = {
    "submit": Slip.Form.ACKNOWLEDGEMENT,
    "receive": Slip.Form.RECEIPT,
    "ask_intake_supplement": Slip.Form.SUPPLEMENT,
    "ask_supplement": Slip.Form.SUPPLEMENT,
    "refuse_intake": Slip.Form.REFUSAL,
    "extend": Slip.Form.APOLOGY,
    "withdraw": Slip.Form.STOP,
    "record_withdrawal": Slip.Form.STOP,
    "stop": Slip.Form.STOP,
    "sign_amendment": Slip.Form.RESULT,
    "revoke_result": Slip.Form.REVOCATION,
}


@dataclass(frozen=True)
class Move:
    """What happens next, who has to act, and by when (None: no date is set)."""

    sentence: str
    by: datetime | None = None
    is_yours: bool = False


@dataclass(frozen=True)
class Badge:
    """A status as the `tag` component shows it."""

    text: str
    kind: str
    shape: str


@dataclass(frozen=True)
class Line:
    """An entry of the `timeline` component."""

    at: datetime | None
    title: str
    note: str = ""
    state: str = ""
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class Square:
    """A day of the `ruler` component."""

    on: object
    marks: str


def badge(dossier: Dossier, *, has_answered: bool = False, amended: Iterable[Amendment] = ()) -> Badge:
    """The status in the applicant's words; `has_answered` when the answer to a request is with the office."""
    if any(row.kind == Amendment.Kind.REVOKE for row in amended):
        return Badge(_("Kết quả đã bị thu hồi"), "bad", "s-late")
    kind, shape = KINDS.get(Status(dossier.status), ("", ""))
    if dossier.decision == Dossier.Decision.REFUSED and dossier.status in Dossier.SETTLED:
        return Badge(_("Từ chối giải quyết"), "bad", "s-late")
    if dossier.status == Status.ARCHIVED:
        return _filed_away(dossier)
    if dossier.status not in (Status.INTAKE_SUPPLEMENT, Status.REVIEW_SUPPLEMENT):
        return Badge(dossier.get_status_display(), kind, shape)
    # To the applicant a request is one thing, before reception and after.
    return Badge(_("Đã gửi bổ sung"), "", "") if has_answered else Badge(_("Chờ bạn bổ sung"), kind, shape)


def _filed_away(dossier: Dossier) -> Badge:
    """The archive is the board's business: the applicant reads how the dossier ended."""
    if dossier.ended_at:
        return Badge(_("Đã kết thúc, không có kết quả"), "line", "")
    return Badge(str(Status.DELIVERED.label), *KINDS[Status.DELIVERED])


def national(dossier: Dossier) -> tuple[int, str] | None:
    """The national code and its words, or None for a draft, which is not told to anybody."""
    code = dossier.national_code
    return (code, str(NATIONAL[code])) if code else None


def next_move(dossier: Dossier, supplement: Supplement | None = None) -> Move | None:
    """Who does what next; None once nothing more will happen."""
    if dossier.awaits_applicant and supplement and supplement.answered_at:
        return Move(_("Ban kiểm tra hồ sơ bổ sung bạn đã gửi."))
    if dossier.status in (Status.INTAKE_SUPPLEMENT, Status.REVIEW_SUPPLEMENT):
        return Move(
            _("Bạn nộp bổ sung theo phiếu yêu cầu."), supplement.reply_by if supplement else None, is_yours=True
        )
    sentences: dict[str, tuple[str, datetime | None]] = {
        Status.DRAFT: (_("Bạn hoàn thành tờ khai, giấy tờ rồi nộp hồ sơ."), None),
        Status.SUBMITTED: (_("Bộ phận Một cửa kiểm tra và trả lời việc tiếp nhận."), dossier.answer_by),
        Status.FEE_DUE: (_("Bạn nộp phí, lệ phí theo thông báo."), None),
        Status.RESULT_READY: (_("Bạn nhận kết quả: tải bản điện tử hoặc đến Bộ phận Một cửa."), None),
    }
    if dossier.status in sentences:
        sentence, by = sentences[dossier.status]
        return Move(sentence, by, is_yours=dossier.status in (Status.DRAFT, Status.FEE_DUE, Status.RESULT_READY))
    if dossier.is_running:
        return Move(_("Ban giải quyết và trả kết quả."), dossier.due_at)
    return None


# The strip of stages ------------------------------------------------------------------------------
def stages(dossier: Dossier, events: Iterable[Event]) -> list[dict]:
    """The four public stages with the day each was reached; none for a draft or a dossier that ended on the way."""
    here = next((place for place, (_name, states) in enumerate(STAGES) if dossier.status in states), None)
    if here is None or dossier.ended_at:
        return []
    reached = _reached(events)
    is_over = dossier.status in (Status.DELIVERED, Status.ARCHIVED)
    return [
        {"name": name, "note": _stage_note(dossier, place, here, reached), "state": _stage_state(place, here, is_over)}
        for place, (name, _states) in enumerate(STAGES)
    ]


def _reached(events: Iterable[Event]) -> dict[int, datetime]:
    found: dict[int, datetime] = {}
    for event in events:
        for place, (_name, states) in enumerate(STAGES):
            if event.to_status in states:
                found.setdefault(place, event.at)
    return found


def _stage_state(place: int, here: int, is_over: bool) -> str:
    if place < here or is_over:
        return "done"
    return "current" if place == here else "later"


def _stage_note(dossier: Dossier, place: int, here: int, reached: dict[int, datetime]) -> str:
    if place <= here and place in reached:
        return clock_day(reached[place])
    is_last = place == len(STAGES) - 1
    return _("hẹn %(day)s") % {"day": clock_day(dossier.due_at)} if is_last and dossier.due_at else ""


def clock_day(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y}"


# What has happened --------------------------------------------------------------------------------
def lines(dossier: Dossier, events: Iterable[Event], slips: Iterable[Slip]) -> list[Line]:
    """The public events, newest first, under the date that is still to come."""
    issued = {(slip.form, slip.issued_at): slip for slip in slips}
    shown = [event for event in events if event.is_public]
    past = [_line(event, issued, is_last=event is shown[-1]) for event in shown]
    if dossier.is_running:
        past.append(Line(dossier.due_at, _("Hẹn trả kết quả"), state="next"))
    return past[::-1]


def _title(event: Event) -> str:
    """A signature that may mean one of two things is named after what it meant."""
    told = event.data.get("told")
    return str(notices.SUBJECTS[told]) if told in notices.SUBJECTS else workflow.label(event.step)


def _line(event: Event, issued: dict, *, is_last: bool) -> Line:
    form = FORM_OF_STEP.get(event.data.get("told", ""), FORM_OF_STEP.get(event.step))
    slip = issued.get((form, event.at))
    said = notices.said(event)
    return Line(
        at=event.at,
        title=_title(event),
        note=" ".join(filter(None, [notices.sentence(event), f"“{said}”" if said else "", *notices.rivalry(event)])),
        state="now" if is_last else "",
        url=reverse("onestop:slip_detail", args=[slip.dossier_id, slip.pk]) if slip else "",
        link=slip.get_form_display() if slip else "",
    )


# The clock ----------------------------------------------------------------------------------------
def squares(ruler: clock.Ruler) -> list[Square]:
    """The days of a ruler for the component that draws it."""
    return [Square(cell.day, " ".join(cell.states)) for week in ruler.weeks for cell in week.cells if cell.states]


def summary(ruler: clock.Ruler) -> str:
    """The ruler in words."""
    total = ruler.done + ruler.left
    said = ngettext("Đã qua %(done)s trên %(total)s ngày", "Đã qua %(done)s trên %(total)s ngày", total)
    held = ngettext("tạm dừng %(held)s ngày", "tạm dừng %(held)s ngày", ruler.held) if ruler.held else ""
    words = [said % {"done": ruler.done, "total": total}, held % {"held": ruler.held} if held else ""]
    if ruler.first_due_at:
        days = {"first": clock_day(ruler.first_due_at), "now": clock_day(ruler.due_at)}
        words.append(_("hạn theo quy định %(first)s, đã hẹn lại %(now)s") % days)
    return ", ".join(filter(None, words)) + "."
