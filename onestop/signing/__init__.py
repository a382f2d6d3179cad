"""Drafts that wait to be approved by a head or signed by a leader, what each reader has read of them, and several
taken one after another. Nothing is taken here that its reader has not had before them as it now stands.

What is read: `brief`. The step is the workflow's own and its guards hold here as everywhere, for everybody.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import documents
from izportal.models import User
from onestop import absences, desk, workflow, worklist
from onestop.models import Dossier, Reading

# So many are taken with one press: what one person can have read.
MOST = 40


@dataclass(frozen=True)
class Queue:
    """Drafts in one status, and the steps by which they go on."""

    key: str
    title: Any
    deed: Any
    confirm: Any
    status: str
    steps: tuple[str, ...]

    @property
    def roles(self) -> set[str]:
        return {role for name in self.steps for role in workflow.STEPS[name].roles}


QUEUES = {
    queue.key: queue
    for queue in (
        Queue(
            "sign", gettext_lazy("Chờ ký"), gettext_lazy("Ký các hồ sơ đã chọn"), gettext_lazy("Xác nhận ký"),
            Dossier.Status.LEADER_SIGN, ("grant", "refuse"),
        ),
        Queue(
            "approve", gettext_lazy("Chờ duyệt"), gettext_lazy("Trình lãnh đạo các hồ sơ đã chọn"),
            gettext_lazy("Xác nhận trình lãnh đạo"), Dossier.Status.HEAD_CHECK, ("forward",),
        ),
    )
}  # fmt: skip


class NotRead(workflow.StepRefused):
    """The draft was not read by this person as it stands; the text says what to do."""


# What waits -------------------------------------------------------------------------------------------------------
def waiting(
    rows: QuerySet[Dossier], user: User, queue: Queue, *, at: datetime, covering: Sequence[User] = ()
) -> QuerySet[Dossier]:
    """The nearest due first; `covering` are the absent people in whose place the reader acts."""
    theirs = worklist.awaiting(user, at=at, covering=covering)
    return worklist.urgent_first(rows.filter(theirs, status=queue.status))


def queue_of(dossier: Dossier) -> Queue | None:
    return next((queue for queue in QUEUES.values() if queue.status == dossier.status), None)


def step_of(dossier: Dossier, user: User, *, at: datetime) -> workflow.Step | None:
    """The step by which this person, or as a substitute, would approve or sign the draft; None where it is not theirs
    to take."""
    queue = queue_of(dossier)
    covering = absences.covered_by(user, on=timezone.localdate(at)) if queue else ()
    steps = workflow.available(dossier, user, covering) if queue else []
    return next((step for step in steps if queue and step.name in queue.steps), None)


def is_own(dossier: Dossier, user: User) -> bool:
    """Did this person make the draft? Nobody approves or signs their own."""
    return user.pk in (dossier.assigned_to_id, dossier.drafted_by_id)


# What was read ----------------------------------------------------------------------------------------------------
def note_reading(dossier: Dossier, *, by: User, at: datetime) -> None:
    """The brief of this version was before somebody who may approve or sign it; the first time is kept."""
    if step_of(dossier, by, at=at):
        Reading.objects.get_or_create(
            dossier=dossier, by=by, version_no=dossier.version_no, defaults={"at": at}
        )  # fmt: skip


def readings(dossiers: Iterable[Dossier], user: User) -> dict[UUID, datetime]:
    """When this person read each of the dossiers as it now stands, in one question; the others are left out."""
    versions = {dossier.pk: dossier.version_no for dossier in dossiers}
    rows = Reading.objects.filter(by=user, dossier__in=list(versions))
    told = rows.values_list("dossier_id", "version_no", "at")
    return {pk: at for pk, version, at in told if versions[pk] == version}


def has_read(dossier: Dossier, user: User, *, version: int) -> bool:
    return Reading.objects.filter(dossier=dossier, by=user, version_no=version).exists()


# Taking -----------------------------------------------------------------------------------------------------------
def take(dossier: Dossier, *, by: User, at: datetime, seen: int, details: dict[str, Any] | None = None) -> Dossier:
    """Approve or sign one draft as it was read (`seen`: its version), in a transaction of its own; raises one of
    `workflow.REFUSALS`. Without details a refusal takes the reason of the draft."""
    if dossier.version_no != seen:
        raise NotRead(changed(dossier))
    if not has_read(dossier, by, version=seen):
        raise NotRead(_("Bạn chưa đọc tóm tắt của hồ sơ này ở phiên bản hiện tại."))
    step = step_of(dossier, by, at=at)
    if step is None:
        raise workflow.StepRefused(_("Bước này không thuộc quyền của bạn."))
    told = details if details is not None else as_drafted(step, dossier)
    return desk.act(dossier, step.name, by=by, at=at, seen=seen, details=lambda: told)


def as_drafted(step: workflow.Step, dossier: Dossier) -> dict[str, Any]:
    """Only a refusal says its reason to the applicant; the appraisal behind a grant stays with the board."""
    return {"reason": dossier.proposal_note} if step.name == "refuse" else {}


def changed(dossier: Dossier) -> str:
    last = dossier.events.select_related("by").last()
    return _("Hồ sơ đã thay đổi sau khi bạn đọc: %(who)s, “%(step)s”, %(when)s. Hãy đọc lại tóm tắt.") % {
        "who": (last and last.by) or _("Hệ thống"),
        "step": desk.step_label(last.step) if last else "",
        "when": f"{timezone.localtime(last.at):%H:%M %d/%m/%Y}" if last else "",
    }


@dataclass(frozen=True)
class Outcome:
    """What became of one of several; `sentence` says why it was not taken."""

    dossier: Dossier
    sentence: str = ""

    @property
    def is_done(self) -> bool:
        return not self.sentence


def take_several(chosen: Iterable[tuple[Dossier, int]], *, by: User, at: datetime) -> list[Outcome]:
    """Each (dossier, version seen) on its own and in this order: one that is refused leaves the others as they are."""
    return [_outcome(dossier, seen, by, at) for dossier, seen in chosen]


def _outcome(dossier: Dossier, seen: int, by: User, at: datetime) -> Outcome:
    try:
        return Outcome(take(dossier, by=by, at=at, seen=seen))
    except (*workflow.REFUSALS, documents.PdfUnavailable) as refusal:
        return Outcome(dossier, str(refusal))
    except DatabaseError:
        return Outcome(dossier, _("Hệ thống đang bận, hồ sơ này chưa thay đổi; hãy thử lại."))
