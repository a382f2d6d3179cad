"""The control slip (Mẫu 06) and the register (Mẫu 07) of TT 03/2025/TT-VPCP, read from what has happened.

Nothing is kept for them: they are the events, promises and stamps of the dossiers in the order of the forms.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

import tablib
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import languages
from izportal.models import CalendarDay
from izportal.sheets import Excel
from izportal.templatetags.area import grouped
from izportal.workdays import Calendar
from onestop import budgets, clock, workflow
from onestop.models import Dossier, Event, Promise, Slip
from onestop.periods import Period
from onestop.step_forms import CHANNELS

CONTROL_MARK, REGISTER_MARK = "PKS", "STD"
Status = Dossier.Status


# Mẫu 06: through whose hands -------------------------------------------------------------------------------------
APPLICANT, COUNTER, OFFICER, HEAD, LEADER, CLERK, PARTNERS = (
    "applicant", "counter", "officer", "head", "leader", "clerk", "partners",
)  # fmt: skip
# In whose hands a dossier of each status is; the officer's and the head's bear the name of their division.
KEEPERS: dict[str, str] = {
    Status.SUBMITTED: COUNTER, Status.INTAKE_SUPPLEMENT: APPLICANT, Status.INTAKE_REFUSED: APPLICANT,
    Status.RECEIVED: COUNTER, Status.FEE_DUE: APPLICANT, Status.ASSIGNED: OFFICER, Status.IN_REVIEW: OFFICER,
    Status.CONSULTING: PARTNERS, Status.REVIEW_SUPPLEMENT: APPLICANT, Status.HEAD_CHECK: HEAD,
    Status.LEADER_SIGN: LEADER, Status.NUMBERING: CLERK, Status.RESULT_READY: COUNTER, Status.DELIVERED: APPLICANT,
    Status.WITHDRAWN: APPLICANT, Status.STOPPED: APPLICANT, Status.ARCHIVED: CLERK,
}  # fmt: skip
UNITS = {
    APPLICANT: gettext_lazy("Tổ chức, cá nhân nộp hồ sơ"),
    COUNTER: gettext_lazy("Bộ phận tiếp nhận và trả kết quả"),
    OFFICER: gettext_lazy("Chuyên viên thụ lý"),
    HEAD: gettext_lazy("Lãnh đạo phòng"),
    LEADER: gettext_lazy("Lãnh đạo Ban"),
    CLERK: gettext_lazy("Văn thư"),
    PARTNERS: gettext_lazy("Cơ quan phối hợp"),
}
# Steps that are taken by the one who receives.
TAKEN_IN = {"receive", "accept_supplement", "confirm_fee", "close_opinion", "archive"}
OUTSIDE = {APPLICANT, PARTNERS}


@dataclass(frozen=True)
class Handover:
    """One block of the control slip, in words of the language that is active when they are read. `verdict` measures
    the giver against `due`; both are empty where nothing is measured: outside the board, and after the clock has
    stopped. `station` is what the giver has spent of the office's own budget, where that is asked for."""

    dossier: Dossier
    events: Sequence[Event]
    place: int
    due: datetime | None = None
    verdict: str = ""
    station: budgets.Station | None = None

    @property
    def event(self) -> Event:
        return self.events[self.place]

    @property
    def title(self) -> str:
        return workflow.label(self.event.step)

    @property
    def from_unit(self) -> str:
        return _unit(self.dossier, _from_and_to(self.event)[0])

    @property
    def to_unit(self) -> str:
        return _unit(self.dossier, _from_and_to(self.event)[1])

    @property
    def giver(self) -> str:
        event = self.event
        return _outsider(self.dossier, event, _from_and_to(event)[0]) if event.step in TAKEN_IN else _giver(event)

    @property
    def receiver(self) -> str:
        return _receiver(self.dossier, self.events, self.place, _from_and_to(self.event)[1])

    @property
    def outcome(self) -> str:
        return str(clock.OUTCOMES[self.verdict]) if self.verdict else ""


def control(dossier: Dossier, *, is_bilingual: bool = False, budget: "Budget | None" = None) -> dict[str, Any]:
    """What the control slip of a received dossier says, in the language that is active or in two. `budget` is for the
    board's own eyes: the form travels with the dossier and has no such field."""
    events = list(dossier.events.select_related("by", "instead_of"))
    promises, calendar = list(dossier.promises.all()), CalendarDay.calendar()
    partners = dict.fromkeys(dossier.opinions.order_by("asked_at", "pk").values_list("body", flat=True))
    receipt = dossier.slips.filter(form=Slip.Form.RECEIPT).first()
    number = receipt.number.rpartition("/")[0] if receipt else ""
    return {
        **_sheet("06", gettext_lazy("Phiếu kiểm soát quá trình giải quyết hồ sơ"), is_bilingual),
        "dossier": dossier, "number": f"{number}/{CONTROL_MARK}" if number else "", "dated": dossier.received_at,
        "partners": list(partners), "unit": dossier.division,
        "handovers": [
            _handover(dossier, events, place, promises, calendar, budget)
            for place, event in enumerate(events)
            if _changes_hands(event)
        ],
        "is_sample": dossier.is_sample, "budget": budget,
    }  # fmt: skip


class Budget:
    """How long each station may take beside the statutory limit, in working hours (`budgets`)."""

    def __init__(self, dossier: Dossier, *, at: datetime):
        self.calendar = CalendarDay.calendar()
        self.limit = budgets.limit_hours(dossier.case, self.calendar)
        self.stations = {row.stage: row for row in budgets.of(dossier, at=at, calendar=self.calendar)}

    @property
    def total(self) -> Decimal:
        return sum((row.hours for row in self.stations.values()), Decimal())

    def at(self, events: Sequence[Event], place: int) -> budgets.Station | None:
        """What the station that gives the dossier away had spent by then; None where nobody of the board had it."""
        event = events[place]
        stage = budgets.STATIONS.get(event.from_status)
        if stage is None or event.from_status == event.to_status:
            return None
        moves = [budgets.Move(row.step, row.from_status, row.to_status, row.at) for row in events[: place + 1]]
        _here, taken = budgets.spent(moves, self.calendar, until=None)
        spent = budgets.in_hours(taken.get(stage, budgets.NO_TIME))
        return replace(self.stations[stage], spent=spent, is_here=True)


def _changes_hands(event: Event) -> bool:
    if event.step in ("receive", "assign"):
        return True
    after_receipt = event.from_status not in ("", Status.DRAFT, *Dossier.INTAKE)
    return after_receipt and KEEPERS[event.from_status] != KEEPERS[event.to_status]


def _handover(
    dossier: Dossier, events: Sequence[Event], place: int, promises: Sequence[Promise], calendar: Calendar,
    budget: Budget | None,
) -> Handover:  # fmt: skip
    event = events[place]
    due, verdict = _measured(dossier, event, _from_and_to(event)[0], promises, calendar)
    return Handover(dossier, events, place, due, verdict, budget.at(events, place) if budget else None)


def _from_and_to(event: Event) -> tuple[str, str]:
    """A dossier handed over goes from officer to officer, whatever state it is in."""
    if event.step == "assign":
        return (OFFICER if event.data.get("from") else HEAD), OFFICER
    return APPLICANT if event.step == "receive" else KEEPERS[event.from_status], KEEPERS[event.to_status]


def _giver(event: Event) -> str:
    before = event.data.get("from") if event.step == "assign" else ""
    return (
        _("%(giver)s, do %(head)s phân công lại") % {"giver": before, "head": _doer(event)} if before else _doer(event)
    )


def _doer(event: Event) -> str:
    """Who took the step; with the absent person in whose place."""
    if event.instead_of is None:
        return str(event.by or "")
    return _("%(who)s (thay %(absent)s)") % {"who": event.by, "absent": event.instead_of}


def _unit(dossier: Dossier, keeper: str) -> str:
    is_of_division = keeper in (OFFICER, HEAD) and dossier.division
    return f"{dossier.division} ({UNITS[keeper]})" if is_of_division else str(UNITS[keeper])


def _receiver(dossier: Dossier, events: Sequence[Event], place: int, taking: str) -> str:
    """Who took it in; of a step taken by the giver, whoever acted next in the same place."""
    event = events[place]
    if event.step in TAKEN_IN:
        return _doer(event)
    if named := event.data.get("to") or event.data.get("receiver"):
        return named
    if taking in OUTSIDE:
        return _outsider(dossier, event, taking)
    after = (later for later in events[place + 1 :] if KEEPERS.get(later.from_status) == taking)
    return next((_doer(later) for later in after if later.by), "")


def _outsider(dossier: Dossier, event: Event, keeper: str) -> str:
    if keeper == PARTNERS:
        return "; ".join(event.data.get("bodies", []))
    return dossier.handed_in.get("name") or dossier.enterprise.name if keeper == APPLICANT else ""


def _measured(
    dossier: Dossier, event: Event, giving: str, promises: Sequence[Promise], calendar: Calendar
) -> tuple[datetime | None, str]:
    """The time limit known at the hand-over, and how the hand-over stands against it: at reception the moment by
    which the office had to answer, later the promise that held."""
    if event.step == "receive":
        due = dossier.answer_by
    elif giving in OUTSIDE or event.from_status not in Dossier.RUNNING:
        due = None
    else:
        due = next((row.promised_at for row in reversed(promises) if row.made_at <= event.at), None)
    return due, clock.outcome(due, event.at, calendar) if due else ""


# Mẫu 07: the register of a period --------------------------------------------------------------------------------
# More lines than this are asked for in shorter periods.
MOST_LINES = 20_000
COLUMNS = (
    gettext_lazy("STT"), gettext_lazy("Mã hồ sơ"), gettext_lazy("Tên thủ tục hành chính"),
    gettext_lazy("Tên tổ chức, cá nhân"), gettext_lazy("Địa chỉ, số điện thoại"),
    gettext_lazy("Cơ quan chủ trì giải quyết"), gettext_lazy("Nhận hồ sơ"), gettext_lazy("Hẹn trả kết quả"),
    gettext_lazy("Trả kết quả lúc"), gettext_lazy("Phương thức nhận kết quả"), gettext_lazy("Ký nhận"),
)  # fmt: skip


class RegisterTooLong(Exception):
    """The period has more lines than one file holds; the text is a sentence for the reader."""


@dataclass(frozen=True)
class Line:
    """One dossier of the register, in the order of `COLUMNS`."""

    number: int
    dossier: Dossier

    @property
    def contact(self) -> str:
        dossier = self.dossier
        return ", ".join(filter(None, [dossier.enterprise.address, dossier.contact_phone or dossier.enterprise.phone]))

    @property
    def returned_at(self) -> datetime | None:
        return self.dossier.delivered_at or self.dossier.ended_at

    @property
    def way(self) -> str:
        """How the result was handed over; of a dossier without a result, how it ended."""
        if self.dossier.ended_at:
            return str(Status(self.dossier.status).label if not self._is_archived else _("Kết thúc không có kết quả"))
        return str(dict(CHANNELS).get((self.dossier.handed_over or {}).get("channel", ""), ""))

    @property
    def _is_archived(self) -> bool:
        return self.dossier.status == Status.ARCHIVED

    @property
    def cells(self) -> list[Any]:
        dossier = self.dossier
        return [
            self.number, dossier.code, dossier.procedure.name, dossier.enterprise.name, self.contact,
            str(dossier.division or ""), dossier.received_at, dossier.due_at, self.returned_at, self.way, "",
        ]  # fmt: skip


def received(rows: QuerySet[Dossier], period: Period) -> QuerySet[Dossier]:
    """The dossiers received in a period, in the order of reception, with what a line of the register names."""
    after = timezone.make_aware(datetime.combine(period.last + timedelta(1), time.min))
    delivery = Event.objects.filter(dossier=OuterRef("pk"), step="deliver").order_by("-at").values("data")[:1]
    within = rows.filter(received_at__gte=period.start, received_at__lt=after)
    named = within.select_related("procedure", "enterprise", "division").annotate(handed_over=Subquery(delivery))
    return named.order_by("received_at", "code")


def lines(rows: Iterable[Dossier], *, first: int = 1) -> list[Line]:
    return [Line(number, dossier) for number, dossier in enumerate(rows, start=first)]


def register(
    page_lines: Sequence[Line], period: Period, *, at: datetime, is_bilingual: bool = False
) -> dict[str, Any]:
    """What a sheet of the register says, in the language that is active or in two."""
    return {
        **_sheet("07", gettext_lazy("Sổ theo dõi hồ sơ"), is_bilingual),
        "lines": page_lines, "period": period, "columns": COLUMNS,
        "number": f"{period.first.year}/{REGISTER_MARK}", "dated": timezone.localtime(at), "is_wide": True,
        "last_number": page_lines[-1].number if page_lines else 0,
        "is_sample": any(line.dossier.is_sample for line in page_lines),
    }  # fmt: skip


def book(rows: QuerySet[Dossier]) -> bytes:
    """The whole register of a period as an Excel file; raises `RegisterTooLong`."""
    if rows.count() > MOST_LINES:
        raise RegisterTooLong(
            _("Kỳ này có hơn %(most)s hồ sơ; hãy chọn kỳ ngắn hơn để xuất Excel.") % {"most": grouped(MOST_LINES)}
        )
    table = tablib.Dataset(headers=[str(name) for name in COLUMNS], title=_("Sổ theo dõi hồ sơ"))
    for line in lines(rows.iterator(chunk_size=2000)):
        table.append(line.cells)
    return Excel().export_data(table)


def _sheet(form: str, title: Any, is_bilingual: bool) -> dict[str, Any]:
    """What the printed shell needs besides the facts; of two languages the Vietnamese leads."""
    language = "vi" if is_bilingual else languages.spoken(languages.here())
    body = f"onestop/slips/form_{form}.html"
    return {"title": title, "language": language, "is_bilingual": is_bilingual, "body": body}
