"""One page on a dossier for whoever approves or signs it: what is asked, by when, what stands behind the draft, what a
grant would change and what nobody has confirmed. Reads only; `signing` notes who read it."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pypdf
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import documents
from izportal.models import CalendarDay, Confidence, StoredFile
from izportal.templatetags.badge import due_word
from izportal.workdays import Calendar
from onestop import clock, desk, workflow
from onestop.models import Dossier, Event, Supplement

# Shapes that the type of a paper has, beside the word: a brief is read in print too.
SIGNS = {"late": "▲", "today": "●", "soon": "●", "running": "○", "paused": "■"}
RETURNS = ("return_to_specialist", "return_from_leader")


@dataclass(frozen=True)
class Room:
    """How much of each text and list a page takes; what is cut off says so and stands in the file."""

    note: int
    remark: int
    answer: int
    rows: int


# A screen that may be as long as it likes, and a sheet of A4: the next room is tried where a page does not hold it.
SCREEN = Room(*[100_000] * 3, rows=1000)
PAPER = (Room(900, 400, 140, rows=5), Room(500, 200, 90, rows=3), Room(250, 100, 60, rows=2))


def paper_of(dossier: Dossier, *, at: datetime, language: str) -> bytes:
    """The brief as a tagged PDF of one page; raises `documents.PdfUnavailable`."""
    told, content = brief_of(dossier, at=at), b""
    for room in PAPER:
        sheet = {**told, "room": room, "language": language}
        context = {**sheet, "brief": sheet, "body": "onestop/slips/brief.html"}
        content = documents.render_pdf("onestop/slips/pdf.html", context, language=language)
        if len(pypdf.PdfReader(io.BytesIO(content)).pages) == 1:
            break
    return content


def brief_of(dossier: Dossier, *, at: datetime) -> dict[str, Any]:
    """Everything that the page says, in the language that is active."""
    calendar = CalendarDay.calendar()
    deadline, events = workflow.explain(dossier, calendar=calendar), list(dossier.events.select_related("by"))
    completeness, opinions = desk.LOOKS["completeness"](dossier, at), desk.LOOKS["opinions"](dossier, at)["rows"]
    promises = list(dossier.promises.all())
    return {
        "title": _("Tóm tắt hồ sơ trình ký"),
        "dossier": dossier, "room": SCREEN, "dated": at, "is_sample": dossier.is_sample,
        "due": _due(dossier, at, calendar), "limit": workflow.limit_of(dossier.case),
        "reckoning": reckoning(dossier, deadline, len(promises), at),
        "completeness": completeness, "given": [row for row in completeness["demands"] if row.paper or row.on_paper],
        "supplements": list(dossier.supplements.all()), "opinions": opinions,
        "rivalry": desk.LOOKS["rivalry"](dossier, at),
        "effect": desk.LOOKS["effect"](dossier, at) if _is_grant(dossier) else None,
        "remark": _last(events, "forward"), "returns": [row for row in reversed(events) if row.step in RETURNS],
        "unverified": list(unverified(dossier, deadline, completeness, opinions)),
    }  # fmt: skip


def _is_grant(dossier: Dossier) -> bool:
    return dossier.proposal == Dossier.Decision.GRANTED and not dossier.decision


def _last(events: list[Event], step: str) -> Event | None:
    """The last remark made at a step, where it still belongs to this draft."""
    said = None
    for event in events:
        said = event if event.step == step and event.note else None if event.step == "propose" else said
    return said


def _due(dossier: Dossier, at: datetime, calendar: Calendar) -> dict[str, str]:
    """Shape and word of the time limit; of a dossier whose clock stands still, that it does."""
    soon = workflow.soon_days(on=timezone.localdate(at))
    standing = workflow.standing(dossier, at=at, calendar=calendar, soon=soon)
    if standing is None:
        return {"sign": SIGNS["paused"], "state": "paused", "word": dossier.get_status_display()}
    is_just_late = standing.state == clock.LATE and not standing.days
    word = _("Quá hạn") if is_just_late else due_word(standing.state, standing.days)
    return {"sign": SIGNS[standing.state], "state": standing.state, "word": word}


def reckoning(dossier: Dossier, deadline: clock.Deadline | None, promises: int, at: datetime) -> str:
    """How the due date comes about, in one line."""
    if deadline is None or dossier.received_at is None:
        return ""
    said = [_("Tiếp nhận %(when)s") % {"when": _moment(dossier.received_at)}]
    if deadline.clock_start.date() != timezone.localtime(dossier.received_at).date():
        said.append(_("tính lại từ %(when)s khi đủ hồ sơ") % {"when": _moment(deadline.clock_start)})
    if held := _held(deadline, at):
        said.append(_("trừ %(days)s ngày làm việc chờ người nộp") % {"days": held})
    if deadline.due_at:
        said.append(_("hạn theo quy định %(when)s") % {"when": _moment(deadline.due_at)})
    if promises > 1:
        said.append(_("ngày hẹn thứ %(number)s") % {"number": promises})
    return "; ".join(said) + (f" ({deadline.note})." if deadline.note else ".")


def _held(deadline: clock.Deadline, at: datetime) -> int:
    try:
        return clock.ruler(deadline, at, soon=0).held
    except clock.ClockRefused:
        return 0


def _moment(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M %d/%m/%Y}"


# What nobody has confirmed ----------------------------------------------------------------------------------------
def unverified(
    dossier: Dossier, deadline: clock.Deadline | None, completeness: dict[str, Any], opinions: list[Any]
) -> Iterator[str]:
    """A sentence for each thing on which the decision rests and that was not checked."""
    version, settled = dossier.version, Confidence.settled()
    if version.confidence not in settled:
        yield _("Nội dung thủ tục: %(confidence)s.") % {"confidence": version.get_confidence_display()}
    if version.clock_confidence not in settled:
        yield _("Cách tính thời hạn: %(confidence)s.") % {"confidence": version.get_clock_confidence_display()}
    if deadline and deadline.note:
        yield _("Ngày nghỉ của năm chưa công bố, ngày hẹn có thể đổi.")
    if unread := sum(not row.component.is_verified for row in completeness["demands"]):
        yield _("%(count)s thành phần hồ sơ chưa đối chiếu với văn bản.") % {"count": unread}
    if bodies := [row.body for row in opinions if not row.is_proven]:
        yield _("Căn cứ lấy ý kiến chưa đối chiếu: %(bodies)s.") % {"bodies": "; ".join(dict.fromkeys(bodies))}
    if waiting := [row.paper.stored.name for row in completeness["demands"] if _is_waiting(row.paper)]:
        yield _("Tệp chưa quét xong mã độc: %(names)s.") % {"names": "; ".join(waiting)}
    if any(row.stage == Supplement.Stage.REVIEW and not row.accepted_at for row in dossier.supplements.all()):
        yield _("Yêu cầu bổ sung chưa được xác nhận đủ.")


def _is_waiting(paper: Any) -> bool:
    return bool(paper) and paper.stored.state == StoredFile.State.PENDING
