"""The one function that takes a step of a dossier, and who may.

`step_table` says from which status to which, by which role.
`take` locks the dossier, checks the table and the step's own guards, does the deed, writes the event and the letter,
all in one transaction. Nothing else changes a status.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.models import CalendarDay, Rule, User
from izportal.workdays import Calendar
from onestop import absences, amendments, clock, notices, seals
from onestop.decisions.letters import LetterRefused
from onestop.deeds import DEEDS, Deed, StepRefused, deadline, limit_of
from onestop.models import Dossier, Event
from onestop.opinions import OpinionRefused
from onestop.step_table import APPLICANT, CLOCK, STEPS, SYSTEM, Step, label
from onestop.supplements import permits
from projects import mandates
from projects.ledger import LedgerRefused
from zones.allocation import PlotTaken

__all__ = [
    "APPLICANT",
    "CLOCK",
    "REFUSALS",
    "STEPS",
    "SYSTEM",
    "Capacity",
    "Step",
    "StepRefused",
    "available",
    "capacity",
    "explain",
    "label",
    "limit_of",
    "own_draft",
    "soon_days",
    "standing",
    "take",
]

# Everything `take` may answer with instead of a step, each carrying a sentence.
REFUSALS = (
    StepRefused, PlotTaken, LedgerRefused, clock.ClockRefused, OpinionRefused, LetterRefused, permits.PermitRefused,
    amendments.AmendmentRefused,
)  # fmt: skip
# Rows that nearly every step reads, fetched with the dossier: many may be waiting for what it has locked.
NEEDED = ("procedure", "version", "case", "enterprise", "plot", "created_by", "system")


@transaction.atomic
def take(dossier: Dossier, step: str, *, by: User | None, at: datetime, **details: Any) -> Dossier:
    """Take one step; returns the dossier as it stands afterwards. `by` is nobody where the time itself takes it.

    Raises one of `REFUSALS` with a sentence, and then nothing has changed. `details` are what `Step.needs` names:
    text (reason, note, answer), `items` (of `supplements.Wanted`, or words), `answered`, `to` (User),
    `proposal`, `project_code`, `new_due_at`,
    `channel`, `receiver`, `stored` (StoredFile of the sealed result).
    """
    row = Dossier.objects.select_for_update(of=("self",)).select_related(*NEEDED).get(pk=dossier.pk)
    chosen = STEPS[step]
    before = row.status
    standing_in = _permitted(row, chosen, by, at)
    deed = Deed(row, by, at, details, instead_of=standing_in.instead_of)
    _check_needs(chosen, deed)
    if chosen.name in DEEDS:
        DEEDS[chosen.name](deed)
    row.status = chosen.moves[before]
    row.version_no += 1
    row.save()
    event = Event(
        dossier=row,
        step=chosen.name,
        from_status=before,
        to_status=row.status,
        at=at,
        by=by,
        role=standing_in.role,
        instead_of=standing_in.instead_of,
        note=deed.text("reason") or deed.text("note") or deed.text("answer"),
        is_public=chosen.is_public,
        data=deed.data,
        is_sample=row.is_sample,
    )
    seals.write(event)
    if chosen.is_public:
        notices.tell_applicant(event)
    return row


def available(dossier: Dossier, by: User, covering: Sequence[User] = ()) -> list[Step]:
    """The steps that this person may try now, in the order of the table; guards are asked when a step is taken.
    `covering` are the absent people in whose place they act (`absences.covered_by`)."""
    fitting = [step for step in STEPS.values() if step.proposal in ("", dossier.proposal)]
    theirs = [step for step in fitting if dossier.status in step.moves and capacity(dossier, step, by, covering)]
    rooms = (permits, amendments)
    return [step for step in theirs if not any(room.is_closed(dossier, step.name) for room in rooms)]


def explain(dossier: Dossier, *, calendar: Calendar | None = None) -> clock.Deadline | None:
    """How the due date comes about, day by day, from the dossier's dated facts; None before reception."""
    if dossier.received_at is None:
        return None
    return deadline(dossier, calendar or CalendarDay.calendar())


def soon_days(*, on: date) -> int:
    """From how many working days on a due date is called near; 0 where no rule says."""
    try:
        return Rule.number("due_soon_days", on=on)
    except Rule.DoesNotExist:
        return 0


def standing(dossier: Dossier, *, at: datetime, calendar: Calendar, soon: int) -> clock.Standing | None:
    """How a running dossier stands against its due moment; None where no clock runs."""
    if not dossier.is_running or dossier.due_at is None:
        return None
    return clock.standing(due_at=dossier.due_at, at=at, calendar=calendar, soon=soon)


# Guards ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Capacity:
    """In which role somebody takes a step, and in whose place where that person is away."""

    role: str
    instead_of: User | None = None


def _permitted(dossier: Dossier, step: Step, by: User | None, at: datetime) -> Capacity:
    """How `by` takes the step; raises where the status or the person does not allow it."""
    if dossier.status not in step.moves:
        last = dossier.events.select_related("by").last()
        raise StepRefused(
            _("Không thể “%(step)s” khi hồ sơ ở trạng thái “%(status)s”%(who)s.")
            % {"step": step.label, "status": dossier.get_status_display(), "who": _by_whom(last)}
        )
    if by is None and step.is_by_clock:
        return Capacity(CLOCK)
    covering: Sequence[User] = ()
    found = by and capacity(dossier, step, by)
    if by and not found:
        covering = absences.covered_by(by, on=timezone.localdate(at))
        found = capacity(dossier, step, by, covering)
    if not found:
        refused = _("Bạn không có quyền thực hiện bước “%(step)s” với hồ sơ này.") % {"step": step.label}
        raise StepRefused(by and own_draft(dossier, step, by, covering) or refused)
    return found


def _by_whom(event: Event | None) -> str:
    if event is None or event.by is None:
        return ""
    moment = timezone.localtime(event.at)
    return _(" (%(who)s, %(when)s)") % {"who": event.by, "when": f"{moment:%d/%m/%Y %H:%M}"}


def capacity(dossier: Dossier, step: Step, by: User, covering: Sequence[User] = ()) -> Capacity | None:
    """How this person may take the step, whatever the status: in a role of their own first, else in the place of one
    of those whom they cover; None where they may not."""
    if step.channels and dossier.channel not in step.channels:
        return None
    if APPLICANT in step.roles:
        role = _applicants_role(dossier, by)
        return Capacity(role) if role else None
    if _is_own_draft(dossier, step, by):
        return None
    for person in (by, *covering):
        role = _officers_role(dossier, step, person)
        if role and not _is_own_draft(dossier, step, person):
            return Capacity(role, None if person == by else person)
    return None


def _applicants_role(dossier: Dossier, by: User) -> str:
    if dossier.system and dossier.system.account_id == by.pk:
        return SYSTEM
    is_theirs = not by.is_staff and mandates.may(by, dossier.enterprise, "sign")
    return APPLICANT if is_theirs else ""


def _officers_role(dossier: Dossier, step: Step, by: User) -> str:
    if not by.is_staff:
        return ""
    is_others = step.is_for_assignee and dossier.assigned_to_id != by.pk
    roles = [role for role in step.roles if not (is_others and role == "specialist")]
    return next((role for role in roles if by.has_role(role)), "")


def _is_own_draft(dossier: Dossier, step: Step, person: User) -> bool:
    return step.is_of_another and person.pk in (dossier.drafted_by_id, dossier.assigned_to_id)


def own_draft(dossier: Dossier, step: Step, by: User, covering: Sequence[User] = ()) -> str:
    """Why somebody who holds the role all the same may not approve or sign this draft; "" where it is another's."""
    held = [person for person in (by, *covering) if _officers_role(dossier, step, person)]
    if not held or not any(_is_own_draft(dossier, step, person) for person in (by, *held)):
        return ""
    if step.name == "forward":
        rule = _("Không ai duyệt dự thảo do chính mình trình hoặc thụ lý, kể cả qua người thay.")
    else:
        rule = _("Không ai ký dự thảo do chính mình trình hoặc thụ lý, kể cả qua người thay.")
    who = {"drafter": dossier.drafted_by or dossier.assigned_to, "officer": dossier.assigned_to}
    return " ".join([rule, _("Dự thảo do %(drafter)s trình, hồ sơ do %(officer)s thụ lý.") % who])


def _check_needs(step: Step, deed: Deed) -> None:
    names = {
        "reason": _("lý do"),
        "note": _("nội dung"),
        "items": _("danh mục cần bổ sung"),
        "to": _("người được phân công"),
        "proposal": _("đề xuất"),
        "new_due_at": _("thời hạn mới"),
        "channel": _("cách trả kết quả"),
        "answer": _("nội dung bổ sung"),
        "bodies": _("cơ quan được lấy ý kiến"),
        "opinion": _("cơ quan đã hỏi"),
        "position": _("ý kiến"),
        "kind": _("việc cần làm"),
        "ground": _("loại lý do"),
        "answered_by": _("người trả lời, chức vụ"),
    }
    missing = [names[name] for name in step.needs if not (deed.text(name) and deed.details[name])]
    if missing:
        raise StepRefused(_("Còn thiếu: %(names)s.") % {"names": ", ".join(missing)})
