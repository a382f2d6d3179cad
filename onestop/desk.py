"""What somebody at the counter has to see before deciding, and the deed itself, taken on the dossier as it was seen.

Which dossiers are shown first is told by `worklist`; what a step does, and who may take it, by `workflow`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, prefetch_related_objects
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from izportal import roles
from izportal.models import User
from onestop import (
    amendments,
    clock,
    effects,
    gaps,
    notices,
    opinions,
    outlook,
    papers,
    progress,
    questions,
    supplements,
    turns,
    workflow,
)
from onestop.lines import Now
from onestop.models import Dossier, Event, Paper, Procedure, Supplement
from onestop.supplements import changes, permits
from projects.ledger import LedgerRefused
from projects.models import Project
from zones.models import Availability


class DossierMoved(workflow.StepRefused):
    """Somebody took a step since the page was opened; the text says who, when and what."""


def act(
    dossier: Dossier, step: str, *, by: User, at: datetime, seen: int, details: Callable[[], dict[str, Any]]
) -> Dossier:
    """Take a step on the dossier as its reader saw it (`seen`: its version); raises one of `REFUSALS`.

    `details` is asked for inside the transaction, so that a file it keeps is forgotten with a refused step.
    """
    with transaction.atomic():
        now = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
        if now.version_no != seen:
            raise DossierMoved(moved(now))
        return workflow.take(now, step, by=by, at=at, **details())


def moved(dossier: Dossier) -> str:
    """Who moved the dossier last, when, and where to."""
    last = dossier.events.select_related("by").last()
    return _(
        "Chưa thực hiện: hồ sơ đã thay đổi sau khi bạn mở trang. %(who)s đã thực hiện bước “%(step)s” lúc %(when)s; "
        "hồ sơ nay ở trạng thái “%(status)s”. Những gì bạn gõ còn nguyên bên dưới."
    ) % {
        "who": last.by if last and last.by else _("Hệ thống"),
        "step": step_label(last.step) if last else "",
        "when": f"{timezone.localtime(last.at):%H:%M %d/%m/%Y}" if last else "",
        "status": dossier.get_status_display(),
    }


def done_sentence(step: workflow.Step, dossier: Dossier) -> str:
    return _("Đã thực hiện “%(step)s”. Hồ sơ %(dossier)s: %(status)s.") % {
        "step": step.label,
        "dossier": dossier,
        "status": dossier.get_status_display(),
    }


def step_label(name: str) -> str:
    return workflow.label(name)


# The step that carries a dossier on, where several may be taken.
ONWARD = {
    "receive",
    "confirm_fee",
    "assign",
    "open_review",
    "close_opinion",
    "accept_supplement",
    "propose",
    "forward",
    "seal",
    "deliver",
    "archive",
}
AS_PROPOSED = {Dossier.Decision.GRANTED: "grant", Dossier.Decision.REFUSED: "refuse"}


def main_step(dossier: Dossier, user: User, *, at: datetime, covering: Sequence[User] = ()) -> workflow.Step | None:
    """The one step that is expected of this person now."""
    names = {*ONWARD, AS_PROPOSED.get(dossier.proposal)}
    awaited = turns.awaited_steps(dossier, user, at=at, covering=covering)
    return next((step for step in awaited if step.name in names), None)


# What must be seen before deciding -------------------------------------------------------------------------------


def rivals(dossier: Dossier) -> QuerySet[Dossier]:
    """Other open dossiers that want the same plot for a new project."""
    wanting = Dossier.objects.open().filter(procedure__effect=Procedure.Effect.REGISTER, plot__isnull=False)
    return wanting.filter(plot=dossier.plot_id).exclude(pk=dossier.pk).select_related("enterprise")


@dataclass(frozen=True)
class Holding:
    """Who holds the plot that a dossier wants: itself, another dossier, or a project of the register."""

    standing: Availability
    is_own: bool
    dossier: Dossier | None = None
    project: Project | None = None


def holding(dossier: Dossier, *, at: datetime) -> Holding | None:
    """None where the dossier wants no plot, or the plot is nobody's."""
    standing = dossier.plot.standing(on=timezone.localdate(at)) if dossier.plot else None
    if standing is None or not standing.held_for:
        return None
    other = project = None
    if standing.held_for.startswith("hs:"):
        other = Dossier.objects.filter(pk=standing.held_for.removeprefix("hs:")).select_related("enterprise").first()
    else:
        project = Project.objects.filter(code=standing.held_for).first()
    own = standing.held_for == dossier.hold_key or bool(project and project.pk == dossier.project_id)
    return Holding(standing, own, other, project)


def promise_if_received(dossier: Dossier, *, at: datetime) -> clock.Deadline | None:
    """The deadline that a reception at this moment would promise; nothing is written."""
    as_if = Dossier.objects.select_related("case", "version").get(pk=dossier.pk)
    as_if.received_at = at
    return workflow.explain(as_if)


def differences(dossier: Dossier, *, at: datetime) -> tuple[list[effects.Difference], str]:
    """What a grant would change, and the sentence that says why it cannot be told."""
    try:
        return effects.preview(dossier, on=timezone.localdate(at)), ""
    except LedgerRefused as refused:
        return [], str(refused)


def why_not(dossier: Dossier, step: workflow.Step, user: User, covering: Sequence[User] = ()) -> str:
    """Why this person may not take this step now, for themselves or those whom they cover; "" where they may try."""
    if step in workflow.available(dossier, user, covering):
        return ""
    if not any(person.has_role(*step.roles) for person in (user, *covering)):
        who = ", ".join(roles.label(role) for role in step.roles)
        return _("Bước “%(step)s” dành cho: %(who)s.") % {"step": step.label, "who": who}
    if step.channels and dossier.channel not in step.channels:
        return _("Bước “%(step)s” không dùng cho hồ sơ nộp theo cách này (%(channel)s).") % {
            "step": step.label,
            "channel": dossier.get_channel_display(),
        }
    for room in (permits, amendments):
        if dossier.status in step.moves and (sentence := room.why_closed(dossier, step.name)):
            return sentence
    if dossier.status in step.moves and (sentence := workflow.own_draft(dossier, step, user, covering)):
        return sentence
    if dossier.status in step.moves and step.proposal:
        return _("Quyết định khác với dự thảo được trình; hãy trả lại để trình lại.")
    if dossier.status in step.moves:
        officer = dossier.assigned_to or _("chưa phân công")
        return _("Bước “%(step)s” chỉ do người thụ lý hồ sơ thực hiện (%(officer)s).") % {
            "step": step.label,
            "officer": officer,
        }
    last = dossier.events.select_related("by").last()
    return _("Không thể “%(step)s” khi hồ sơ ở trạng thái “%(status)s”. Việc gần nhất: %(last)s.") % {
        "step": step.label,
        "status": dossier.get_status_display(),
        "last": told(last) if last else "",
    }


def told(event: Event) -> str:
    """Who, what and when of an event, in a few words."""
    return _("%(who)s, “%(step)s”, %(when)s") % {
        "who": event.by or _("Hệ thống"),
        "step": step_label(event.step),
        "when": f"{timezone.localtime(event.at):%H:%M %d/%m/%Y}",
    }


# The sight that each step needs, by the name of the partial that shows it.
SIGHTS: dict[str, tuple[str, ...]] = {
    "receive": ("promise", "lacks", "completeness", "rivalry"),
    "ask_intake_supplement": ("lacks", "completeness", "asked"),
    "refuse_intake": ("lacks", "completeness"),
    "record_answer": ("answered", "lacks"),
    "assign": ("officer",),
    "ask_supplement": ("asked", "outlook"),
    "accept_supplement": ("answered",),
    "stop": ("answered",),
    "ask_opinion": ("opinions",),
    "record_opinion": ("opinions",),
    "withdraw_opinion": ("opinions",),
    "close_opinion": ("opinions",),
    "propose": ("proposal", "opinions", "effect", "rivalry"),
    "return_to_specialist": ("proposal",),
    "forward": ("proposal", "opinions", "effect", "rivalry"),
    "return_from_leader": ("proposal",),
    "grant": ("proposal", "opinions", "effect", "rivalry"),
    "refuse": ("proposal", "opinions"),
    "seal": ("decision",),
    "deliver": ("decision",),
    "draft_amendment": ("decision",),
    "sign_amendment": ("decision",),
    "drop_amendment": ("decision",),
    "extend": ("extension",),
}


def sights(step: str, dossier: Dossier, *, at: datetime) -> dict[str, Any]:
    """What the page of a step shows beside its form."""
    return {name: LOOKS[name](dossier, at) for name in SIGHTS.get(step, ())}


def _promise(dossier: Dossier, at: datetime) -> dict[str, Any]:
    return {"deadline": promise_if_received(dossier, at=at), "limit": workflow.limit_of(dossier.case)}


def _completeness(dossier: Dossier, at: datetime) -> dict[str, Any]:
    """Each component of the case with the paper that answers it, and the papers that answer none."""
    demands = papers.demands(dossier)
    answering = {demand.paper for demand in demands}
    return {
        "demands": demands,
        "others": [paper for paper in papers.current(dossier) if paper not in answering],
        "missing": [demand.component for demand in demands if demand.is_missing],
    }


def lacks(dossier: Dossier, at: datetime) -> list[questions.Fault]:
    """What the form still lacks of a dossier that was entered by hand; nothing once it is received."""
    return gaps.of(dossier, on=timezone.localdate(at)) if dossier.status in Dossier.INTAKE else []


def _rivalry(dossier: Dossier, at: datetime) -> dict[str, Any]:
    return {"holding": holding(dossier, at=at), "rivals": list(rivals(dossier))}


def _effect(dossier: Dossier, at: datetime) -> dict[str, Any]:
    lines, refusal = differences(dossier, at=at)
    return {"lines": lines, "refusal": refusal}


def _answered(dossier: Dossier, at: datetime) -> dict[str, Any]:
    """The open request, what came in reply, and the date that would hold once it is found complete."""
    supplement = supplements.with_lines(dossier.supplements.filter(accepted_at__isnull=True)).last()
    deadline = workflow.explain(dossier)
    is_reckoned = deadline and supplement and supplement.answered_at
    told = changes.of(supplement) if supplement else []
    return {
        "supplement": supplement,
        "changes": told,
        "papers": _given_besides(dossier, supplement, told) if supplement else [],
        "deadline": deadline.if_completed(supplement.answered_at) if is_reckoned else None,
    }


def _extension(dossier: Dossier, at: datetime) -> dict[str, Any]:
    return {"promises": list(dossier.promises.all()), "is_done": dossier.events.filter(step="extend").exists()}


def _asked(dossier: Dossier, at: datetime) -> dict[str, Any]:
    rows = list(dossier.supplements.select_related("asked_by"))
    return {"supplements": rows, "permit": permits.unspent(dossier)}


LOOKS: dict[str, Callable[[Dossier, datetime], Any]] = {
    "promise": _promise,
    "lacks": lacks,
    "completeness": _completeness,
    "rivalry": _rivalry,
    "effect": _effect,
    "answered": _answered,
    "extension": _extension,
    "asked": _asked,
    "permit": lambda dossier, at: permits.awaiting(dossier),
    "requests": lambda dossier, at: _requests(dossier),
    "outlook": lambda dossier, at: outlook.if_asked(dossier, workflow.explain(dossier), at=at),
    "opinions": lambda dossier, at: {"rows": opinions.table_of(dossier, at=at)},
    "proposal": lambda dossier, at: {"on": timezone.localdate(at)},
    "officer": lambda dossier, at: {},
    "decision": lambda dossier, at: {},
}


def given_in_reply(dossier: Dossier, supplement: Supplement) -> list[Paper]:
    """Papers handed in between the request and its acceptance."""
    rows = dossier.papers.filter(given_at__gt=supplement.asked_at).select_related("component", "stored")
    return list(rows.filter(given_at__lte=supplement.accepted_at) if supplement.accepted_at else rows)


def _given_besides(dossier: Dossier, supplement: Supplement, told: list[changes.Change]) -> list[Paper]:
    """Those that answer none of its lines."""
    named = {change.paper for change in told}
    return [paper for paper in given_in_reply(dossier, supplement) if paper not in named]


def _requests(dossier: Dossier) -> list[tuple[Supplement, list[changes.Change], list[Paper]]]:
    """Every request with its lines, before and after, and the papers that came besides."""
    told = [(row, changes.of(row)) for row in supplements.with_lines(dossier.supplements.all())]
    return [(row, lines, _given_besides(dossier, row, lines)) for row, lines in told]


# The file of a dossier --------------------------------------------------------------------------------------------


def file_of(dossier: Dossier, *, user: User, now: Now, answer_on: str = "") -> dict[str, Any]:
    """All that the board holds on a dossier, for the page on which nothing can be changed; `answer_on` is the day, as
    typed, on which the reader supposes an answer of the applicant."""
    at, covering = now.at, now.covering
    # Asked for by the clock, by the steps and by the page.
    prefetch_related_objects([dossier], "supplements")
    deadline, awaited = workflow.explain(dossier, calendar=now.calendar), papers.open_supplement(dossier)
    ruler = _ruler(deadline and outlook.shown(deadline, awaited), dossier, now)
    gaps_left = lacks(dossier, at)
    steps = workflow.available(dossier, user, covering)
    return {
        "dossier": dossier,
        "steps": steps,
        "main_step": main_step(dossier, user, at=at, covering=covering),
        "kind": progress.KINDS.get(dossier.status, ("", "")),
        "limit": workflow.limit_of(dossier.case),
        "deadline": deadline,
        "outlook": _outlook(dossier, deadline, awaited, steps, at, answer_on),
        "ruler": ruler,
        "squares": progress.squares(ruler) if ruler else [],
        "ruler_summary": progress.summary(ruler) if ruler else "",
        "sections": [
            (title, lines) for title, lines in questions.render(dossier, translation.get_language()) if lines
        ],
        "papers": list(dossier.papers.select_related("component", "stored", "given_by")),
        "supplements": _requests(dossier),
        "amendments": list(dossier.amendments.select_related("drafted_by", "signed_by", "dropped_by").reverse()),
        "permits": list(dossier.permits.select_related("asked_by", "decided_by")),
        "events": [Happening(event) for event in reversed(dossier.events.select_related("by", "instead_of"))],
        "promises": list(dossier.promises.select_related("made_by")),
        "slips": list(dossier.slips.select_related("stored")),
        "lacks": gaps_left,
        "may_correct": workflow.STEPS["correct"] in steps,
        "opinions": LOOKS["opinions"](dossier, at),
        "rivalry": _rivalry(dossier, at),
        # Nothing can be said of what a form would change that does not say it yet.
        "effect": _effect(dossier, at) if dossier.is_open and not dossier.decision and not gaps_left else None,
    }


def _outlook(
    dossier: Dossier, deadline: clock.Deadline | None, awaited: Supplement | None, steps: list[workflow.Step],
    at: datetime, typed: str,
) -> outlook.Outlook | None:  # fmt: skip
    if any(step.name == "ask_supplement" for step in steps):
        return outlook.if_asked(dossier, deadline, at=at, typed=typed)
    return outlook.of(dossier, deadline, awaited, at=at, typed=typed)


def _ruler(deadline: clock.Deadline | None, dossier: Dossier, now: Now) -> clock.Ruler | None:
    """As it stood when the clock stopped, for a dossier that is settled or at an end."""
    if deadline is None:
        return None
    try:
        until = dossier.completed_at or dossier.ended_at or now.at
        return clock.ruler(deadline, until, soon=now.soon_days, promised=dossier.due_at)
    except clock.ClockRefused:
        return None


@dataclass(frozen=True)
class Happening:
    """An event in words."""

    event: Event

    @property
    def title(self) -> str:
        return step_label(self.event.step)

    @property
    def role(self) -> str:
        return roles.label(self.event.role) if self.event.role else ""

    @property
    def rivalry(self) -> list[str]:
        return notices.rivalry(self.event)

    @property
    def changes(self) -> list[list[str]]:
        """Of a correction: [place, text before, text after] each."""
        return self.event.data.get("changes", [])
