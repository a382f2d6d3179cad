"""Whose turn a dossier is: as a condition on many rows, and as the steps that one row waits for."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from izportal.models import User
from onestop import amendments, workflow
from onestop.models import Dossier, Supplement
from onestop.supplements import permits

# Steps that may be taken but that nobody waits for: some wait for the applicant to come to the counter.
OPTIONAL = {"demand_fee", "extend", "enter", "correct", "record_answer", "record_withdrawal", "scan"}
# Decided by a leader while the dossier stays where it is.
PERMITS = ("permit_supplement", "deny_permit")
# Signed by a leader after the result was given out.
SIGNATURES = (amendments.SIGN,)
# Nobody waits for somebody to give back a draft that is not theirs to pass.
RETURNS = ("return_to_specialist", "return_from_leader")


def awaiting(user: User, *, at: datetime, covering: Sequence[User] = ()) -> Q:
    """Dossiers whose next step is this person's to take, or one of those whom they cover."""
    return any_of(turn for person in (user, *covering) for turn in _turns(person, user, at))


def any_of(conditions: Iterable[Q]) -> Q:
    found = Q(pk__in=[])
    for condition in conditions:
        found |= condition
    return found


def _turns(person: User, user: User, at: datetime) -> Iterator[Q]:
    """What one person is waited for, where `user` acts: one condition for all the steps that ask for no more than a
    status, and one for each of the others."""
    statuses: dict[tuple[bool, bool], set[str]] = {}
    for step in workflow.STEPS.values():
        if not person.has_role(*step.roles):
            continue
        is_judged = step.is_of_another or step.name in RETURNS
        if (turn := _special(step, person, at)) is not None:
            yield turn & _drafts_of_others(user, person) if is_judged else turn
        elif step.name not in OPTIONAL:
            statuses.setdefault((step.is_for_assignee, is_judged), set()).update(_onward(step))
    for (is_for_assignee, is_judged), names in statuses.items():
        turn = Q(status__in=sorted(names))
        turn = turn & Q(assigned_to=person) if is_for_assignee else turn
        yield turn & _drafts_of_others(user, person) if is_judged else turn


def _special(step: workflow.Step, user: User, at: datetime) -> Q | None:
    """Where a step is waited for by more than the status; None for every other step."""
    if step.name in PERMITS:
        return Q(status__in=step.moves) & permits.awaits(user)
    if step.name in SIGNATURES:
        return Q(status__in=step.moves) & amendments.awaits(user)
    if step.name == "accept_supplement":
        return Q(Exists(_asked().filter(answered_at__isnull=False)), status__in=_onward(step))
    if step.name == "stop":
        return Q(Exists(_asked().filter(answered_at__isnull=True, reply_by__lt=at)), status__in=_onward(step))
    return None


def _onward(step: workflow.Step) -> list[str]:
    return [status for status, after in step.moves.items() if status != after]


def _drafts_of_others(*people: User) -> Q:
    return ~Q(assigned_to__in=people) & ~Q(drafted_by__in=people)


def _asked() -> QuerySet[Supplement]:
    return Supplement.objects.filter(dossier=OuterRef("pk"), accepted_at__isnull=True)


def awaited_steps(dossier: Dossier, user: User, *, at: datetime, covering: Sequence[User] = ()) -> list[workflow.Step]:
    """The steps that this person is waited for, of a dossier from `worklist_rows`."""
    supplement = next((row for row in dossier.supplements.all() if row.accepted_at is None), None)
    open_to = {
        "accept_supplement": bool(supplement and supplement.answered_at),
        "stop": bool(supplement and not supplement.answered_at and supplement.reply_by and supplement.reply_by < at),
    }
    offered = workflow.available(dossier, user, covering)
    may_pass = any(step.is_of_another for step in offered)
    return [
        step
        for step in offered
        if step.name in (*PERMITS, *SIGNATURES)
        or step.name not in OPTIONAL
        and step.moves[dossier.status] != dossier.status
        and open_to.get(step.name, True)
        and (may_pass or step.name not in RETURNS)
    ]
