"""The way of an edition from draft to expiry: one table, one function. Who reviews is never who wrote."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import languages, reasons, roles
from izportal.models import User
from izportal.press.models import Edition, Item
from izportal.templatetags.date import local

Status = Edition.Status
# What stands in the history for a step, so that it is told from a change of the text.
STEPPED = "step:"
# What somebody writes; times are part of what is reviewed.
WORDS = ("title", "summary", "body", "sources", "publish_at", "expires_at")
# What was open for reading and was followed by a newer edition.
REPLACED = "replaced"
OTHERS = {
    REPLACED: gettext_lazy("Bản mới hơn đã thay"), "compared": gettext_lazy("Đã đối chiếu với bản tiếng Việt"),
}  # fmt: skip


class StepRefused(Exception):
    """Why an edition does not go on, in the reader's language."""


@dataclass(frozen=True)
class Step:
    """`deed` names who may take it (`roles.DEEDS`); nobody reviews or publishes what they wrote."""

    code: str
    label: str | Promise
    before: tuple[str, ...]
    after: str
    deed: str
    needs_second: bool = False
    needs_note: bool = False
    is_clocks: bool = False


STEPS = {
    step.code: step
    for step in (
        Step("submit", gettext_lazy("Trình duyệt"), (Status.DRAFT,), Status.SUBMITTED, "write_content"),
        Step("take_back", gettext_lazy("Rút về sửa"), (Status.SUBMITTED,), Status.DRAFT, "write_content"),
        Step(
            "send_back", gettext_lazy("Trả lại để sửa"), (Status.SUBMITTED, Status.REVIEWED), Status.DRAFT,
            "review_content", needs_note=True,
        ),
        Step(
            "review", gettext_lazy("Duyệt"), (Status.SUBMITTED,), Status.REVIEWED, "review_content",
            needs_second=True,
        ),
        Step(
            "publish", gettext_lazy("Công bố"), (Status.REVIEWED,), Status.PUBLISHED, "publish_content",
            needs_second=True, is_clocks=True,
        ),
        Step(
            "expire", gettext_lazy("Thôi công bố"), (Status.PUBLISHED,), Status.EXPIRED, "publish_content",
            needs_note=True, is_clocks=True,
        ),
        Step(
            "withdraw", gettext_lazy("Rút khỏi lưu trữ"), (Status.EXPIRED,), Status.EXPIRED, "publish_content",
            needs_note=True,
        ),
    )
}  # fmt: skip


@transaction.atomic
def take(edition: Edition, code: str, *, by: User | None, at: datetime, note: str = "") -> Edition:
    """Take one step; `by` is None for the clock. Raises `StepRefused`; answers the edition as it stands then."""
    step = STEPS[code]
    # Two editions of one matter never pass each other.
    Item.objects.select_for_update().get(pk=edition.item_id)
    edition = Edition.objects.select_related("item__picture").get(pk=edition.pk)
    if refusal := why_not(edition, code, by=by, at=at, note=note):
        raise StepRefused(refusal)
    if step.after == Status.PUBLISHED:
        _close_older(edition, by=by, at=at)
    edition.status, edition.note = step.after, note
    if step.after == Status.DRAFT:
        edition.reviewed_by = edition.reviewed_at = None
    elif code == "review":
        edition.reviewed_by, edition.reviewed_at = by, at
        edition.original = _original(edition)
    elif code == "publish":
        # Whoever reads has had it since its hour, however late the clock came by.
        edition.published_at = edition.publish_at if by is None else at
    elif code == "expire":
        edition.closed_at = at
    return _save(edition, code, by, note)


def why_not(edition: Edition, code: str, *, by: User | None, at: datetime, note: str = "") -> str:
    """Why this person may not take this step now; empty where they may."""
    step = STEPS[code]
    if edition.status not in step.before:
        return _("Bài này đang ở tình trạng “%(status)s” nên không làm được việc “%(step)s”.") % {
            "status": edition.get_status_display(), "step": step.label,
        }  # fmt: skip
    if by is None:
        return "" if step.is_clocks else _("Việc này phải do một người làm.")
    if not roles.may(by, step.deed):
        return _("Vai trò của bạn không làm được việc “%(step)s”.") % {"step": step.label}
    if step.needs_second and by.pk in writers(edition):
        return _("Bạn đã viết hoặc sửa bài này; một người khác phải duyệt và công bố.")
    if step.needs_note and not note.strip():
        return _("Hãy ghi lý do.")
    if step.after in (Status.SUBMITTED, Status.REVIEWED, Status.PUBLISHED):
        return " ".join(faults(edition, at=at))
    return ""


def writers(edition: Edition) -> set[int]:
    """Everyone who has put a word into it, told by the words themselves."""
    lines = edition.history.order_by("history_date", "history_id").values_list("history_user_id", *WORDS)
    found, before = {edition.written_by_id}, None
    for person, *words in lines:
        if words != before:
            found.add(person)
        before = words
    return {pk for pk in found if pk is not None}


def faults(edition: Edition, *, at: datetime) -> list[str]:
    """What a reader would miss: told before it is submitted, and once more before it comes out."""
    found = []
    if not edition.body and edition.item.kind not in (Item.Kind.DOCUMENT,):
        found.append(_("Bài chưa có nội dung."))
    if edition.item.picture and not getattr(edition.item.picture, f"alt_{edition.language}"):
        found.append(
            _("Ảnh đại diện chưa có lời tả bằng %(language)s.") % {"language": edition.get_language_display()}
        )
    if 'alt=""' in edition.body or "<img" in edition.body and "alt=" not in edition.body:
        found.append(_("Trong bài có ảnh chưa có lời tả."))
    if edition.expires_at is not None and edition.expires_at <= at:
        found.append(_("Lúc hết công bố đã qua."))
    return found


def _close_older(edition: Edition, *, by: User | None, at: datetime) -> None:
    older = Edition.objects.filter(item=edition.item_id, language=edition.language, status=Status.PUBLISHED)
    for row in older:
        row.status, row.closed_at, row.note = Status.EXPIRED, at, ""
        _save(row, REPLACED, by, "")


def _original(edition: Edition) -> Edition | None:
    """The Vietnamese edition that a translation was compared with when it was reviewed."""
    if edition.language == languages.SOURCE:
        return None
    own = Edition.objects.filter(item=edition.item_id, language=languages.SOURCE).order_by("-number")
    return own.exclude(status=Status.DRAFT).first() or own.first()


def _spoken(rest: str) -> str:
    code, _space, note = rest.partition(" ")
    label = str(STEPS[code].label if code in STEPS else OTHERS.get(code, code))
    return f"{label}: {note}" if note else label


reasons.SPOKEN[STEPPED] = _spoken


def _save(edition: Edition, code: str, by: User | None, note: str) -> Edition:
    edition._change_reason = f"{STEPPED}{code} {note}".strip()[:100]
    edition._history_user = by
    edition.save()
    del edition._change_reason, edition._history_user
    return edition


@transaction.atomic
def confirm_translation(edition: Edition, *, by: User, at: datetime) -> Edition:
    """Somebody has compared a translation with the Vietnamese edition of today, and it still says the same."""
    edition = Edition.objects.select_for_update().get(pk=edition.pk)
    if not roles.may(by, "review_content") and not roles.may(by, "write_content"):
        raise StepRefused(_("Vai trò của bạn không làm được việc này."))
    edition.original = _original(edition)
    return _save(edition, "compared", by, "")


# Writing ------------------------------------------------------------------------------------------
@transaction.atomic
def write(item: Item, *, language: str, by: User | None, at: datetime, **texts: Any) -> Edition:
    """Begin the next edition in a language with the words of the last one, or of the Vietnamese one where there is
    none; raises `StepRefused` where one is unfinished."""
    Item.objects.select_for_update().get(pk=item.pk)
    keep_time(at=at, rows=item.editions.all())
    known = list(item.editions.filter(language=language).order_by("-number"))
    if known and known[0].status in Edition.UNFINISHED:
        raise StepRefused(_("Ngôn ngữ này đang có một bản chưa công bố; hãy viết tiếp bản đó."))
    last = known[0] if known else item.editions.filter(language=languages.SOURCE).order_by("-number").first()
    words = {name: getattr(last, name) for name in ("title", "summary", "body", "sources")} if last else {}
    edition = Edition(
        item=item, language=language, number=known[0].number + 1 if known else 1, written_by=by,
        **{**words, **texts},
    )  # fmt: skip
    edition._history_user = by
    edition.save()
    del edition._history_user
    return edition


# The clock ----------------------------------------------------------------------------------------
def keep_time(*, at: datetime, rows: QuerySet[Edition] | None = None) -> dict[str, int]:
    """Note what came out and what ended at its hour, of all or of `rows`; readers have seen it so since then."""
    rows = Edition.objects.all() if rows is None else rows
    due = rows.filter(status=Status.REVIEWED, publish_at__lte=at).order_by("publish_at", "pk")
    published = sum(_by_clock(edition, "publish", at) for edition in due)
    ended = rows.filter(status=Status.PUBLISHED, expires_at__lte=at).order_by("pk")
    return {"published": published, "expired": sum(_by_clock(edition, "expire", at) for edition in ended)}


def _by_clock(edition: Edition, code: str, at: datetime) -> bool:
    """Another may have taken the step meanwhile."""
    try:
        take(edition, code, by=None, at=at)
    except StepRefused:
        return False
    return True


# Told ---------------------------------------------------------------------------------------------
def why_hidden(edition: Edition, *, at: datetime) -> Iterator[str]:
    """Why a stranger does not read this edition now, and what is to be done; nothing where they do."""
    if edition.is_public(at):
        newer = Edition.objects.public(at=at).filter(item=edition.item_id, language=edition.language).first()
        if newer is not None and newer.pk != edition.pk:
            yield _("Một bản mới hơn của bài đang được công bố.")
        return
    yield from _standing(edition)
    if edition.status in (Status.DRAFT, Status.SUBMITTED):
        yield from faults(edition, at=at)


def _standing(edition: Edition) -> Iterator[str]:
    match edition.status:
        case Status.DRAFT:
            yield _("Bài còn là bản nháp; người viết chưa trình duyệt.")
            if edition.note:
                yield _("Lý do trả lại: %(note)s") % {"note": edition.note}
        case Status.SUBMITTED:
            yield _("Bài đang chờ một người khác duyệt (trưởng phòng hoặc lãnh đạo Ban).")
        case Status.REVIEWED if edition.publish_at:
            yield _("Bài đã duyệt và tự công bố lúc %(when)s.") % {
                "when": f"{local(edition.publish_at):%d/%m/%Y %H:%M}"
            }
        case Status.REVIEWED:
            yield _("Bài đã duyệt nhưng chưa ai bấm công bố.")
        case Status.PUBLISHED:
            yield _("Bài đã hết hạn công bố; chỉ còn trong lưu trữ.")
        case Status.EXPIRED if edition.is_archived:
            yield _("Bài đã hết hạn công bố; chỉ còn trong lưu trữ.")
        case Status.EXPIRED:
            yield _("Bài đã thôi công bố.") + (f" {edition.note}" if edition.note else "")
