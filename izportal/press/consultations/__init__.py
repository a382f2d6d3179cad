"""Comments on planning drafts: taken while the period runs, looked at, gathered in groups, answered to everyone by the
day that was promised, or promised anew with an apology.

Who comments needs no account: the address of the comment's page is the key. Letters stand in `letters`.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import correspondence, roles
from izportal.models import CalendarDay, Rule, User
from izportal.press import letterbox
from izportal.press.consultations import letters
from izportal.press.letterbox import Upload
from izportal.press.models import Comment, CommentGroup, PlanningDraft

Status = Comment.Status
DAYS, ANSWER_DAYS, KEPT = "consultation_days", "consultation_answer_days", "comment_kept_months"


class ConsultationRefused(Exception):
    """It cannot be done now; the text is a sentence for the reader."""


# The period ---------------------------------------------------------------------------------------
def shortest(*, on: date) -> Rule | None:
    """The rule that says how many days a draft is open to comments at least, with its source and confidence."""
    return Rule.objects.in_force(on).filter(code=DAYS).order_by("-valid_from").first()


def too_short(opens_on: date, closes_on: date) -> str:
    """Why this period cannot be, or ""."""
    rule = shortest(on=opens_on)
    days = (closes_on - opens_on).days + 1
    if rule is None or days >= int(rule.value):
        return ""
    return _("Thời gian lấy ý kiến là %(days)s ngày, ít hơn %(least)s ngày theo quy tắc “%(rule)s”.") % {
        "days": days, "least": rule.value, "rule": rule.name,
    }  # fmt: skip


def promise(closes_on: date) -> date | None:
    """The day by which answers are published, by working days after the period; None where no rule sets one."""
    days = Rule.objects.texts((ANSWER_DAYS,), on=closes_on).get(ANSWER_DAYS)
    return CalendarDay.calendar().add_working_days(closes_on, int(days)) if days else None


def renew_promise(draft: PlanningDraft) -> None:
    """As long as nobody has apologised the promise follows the period."""
    if draft.apologised_at is None and draft.answered_at is None:
        draft.promised_on = draft.first_promised_on = promise(draft.closes_on)


# Commenting ---------------------------------------------------------------------------------------
def comment(
    draft: PlanningDraft, *, form_key: UUID, said: dict[str, Any], at: datetime, by: User | None = None,
    upload: Upload = None, is_sample: bool = False,
) -> Comment:  # fmt: skip
    """Take a comment while the period runs; the same form sent again gives the comment that is there. Raises
    `ConsultationRefused` and `UploadRefused`."""

    def take() -> Comment:
        if not draft.is_open(on=timezone.localdate(at)):
            raise ConsultationRefused(_("Đồ án này không còn nhận góp ý."))
        new = letterbox.columns(Comment, "GY", form_key=form_key, at=at, by=by, upload=upload, is_sample=is_sample)
        row = Comment.objects.create(**said, **new, draft=draft, sent_at=at)
        letters.received(row)
        return row

    return correspondence.once(Comment, form_key, take)


# Gathering ----------------------------------------------------------------------------------------
@transaction.atomic
def count(row: Comment, *, group: CommentGroup | None, by: User, at: datetime) -> Comment:
    """The comment counts, alone or in a group."""
    row = _unanswered(row, by)
    if group is not None and group.draft_id != row.draft_id:
        raise ConsultationRefused(_("Chọn một nhóm ý kiến của cùng đồ án."))
    row.status, row.group, row.reason, row.seen_by, row.seen_at = Status.COUNTED, group, "", by, at
    row.save(update_fields=["status", "group", "reason", "seen_by", "seen_at"])
    return row


@transaction.atomic
def set_aside(row: Comment, *, reason: str, by: User, at: datetime) -> Comment:
    """Not a comment on this draft, or an insult: it stays on file and is told why."""
    row = _unanswered(row, by)
    row.status, row.group, row.reason, row.seen_by, row.seen_at = Status.SET_ASIDE, None, reason, by, at
    row.save(update_fields=["status", "group", "reason", "seen_by", "seen_at"])
    return row


def _unanswered(row: Comment, by: User) -> Comment:
    _check_may(by, "gather_comments")
    row = Comment.objects.select_for_update(of=("self",)).select_related("draft").get(pk=row.pk)
    if row.draft.answered_at is not None:
        raise ConsultationRefused(_("Giải trình về đồ án này đã công bố."))
    if row.erased_at is not None:
        raise ConsultationRefused(_("Dữ liệu của góp ý này đã được xóa."))
    return row


# Answering ----------------------------------------------------------------------------------------
def missing(draft: PlanningDraft, *, on: date) -> list[str]:
    """What stands in the way of publishing the answers."""
    comments, found = draft.comments.all(), []
    if on <= draft.closes_on:
        found.append(_("Thời gian lấy ý kiến chưa hết."))
    if new := comments.filter(status=Status.NEW, erased_at__isnull=True).count():
        found.append(_("Còn %(count)s góp ý chưa xem xét.") % {"count": new})
    if alone := comments.counted().filter(group__isnull=True, erased_at__isnull=True).count():
        found.append(_("Còn %(count)s góp ý chưa xếp vào nhóm.") % {"count": alone})
    if silent := draft.groups.filter(answer_vi__in=("", None)).count() + draft.groups.filter(answer_vi=None).count():
        found.append(_("Còn %(count)s nhóm ý kiến chưa có giải trình.") % {"count": silent})
    return found


@transaction.atomic
def answer(draft: PlanningDraft, *, by: User, at: datetime) -> PlanningDraft:
    """Publish what the board answers, by somebody who has written none of it; each sender gets a letter."""
    _check_may(by, "publish_content")
    draft = PlanningDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.answered_at is not None:
        raise ConsultationRefused(_("Giải trình về đồ án này đã công bố."))
    if found := missing(draft, on=timezone.localdate(at)):
        raise ConsultationRefused(" ".join(found))
    if draft.groups.filter(written_by=by).exists():
        raise ConsultationRefused(_("Bạn đã soạn giải trình; một người khác phải công bố."))
    draft.answered_at, draft.answered_by = at, by
    _save(draft, by, "answered_at", "answered_by")
    for row in draft.comments.filter(erased_at__isnull=True).exclude(status=Status.NEW):
        letters.answered(row, is_late=_is_broken(draft, timezone.localdate(at)))
    return draft


def _is_broken(draft: PlanningDraft, on: date) -> bool:
    return draft.first_promised_on is not None and on > draft.first_promised_on


@transaction.atomic
def postpone(draft: PlanningDraft, *, to: date, reason: str, by: User, at: datetime) -> PlanningDraft:
    """Apologise on the page of the draft and promise another day; the first promise stays on record."""
    _check_may(by, "publish_content")
    draft = PlanningDraft.objects.select_for_update().get(pk=draft.pk)
    if draft.answered_at is not None:
        raise ConsultationRefused(_("Giải trình về đồ án này đã công bố."))
    if to <= timezone.localdate(at) or (draft.promised_on and to <= draft.promised_on):
        raise ConsultationRefused(_("Ngày hẹn lại phải sau ngày đang hẹn và sau hôm nay."))
    draft.promised_on, draft.apology, draft.apologised_at = to, reason, at
    _save(draft, by, "promised_on", "apology", "apologised_at")
    return draft


def _save(draft: PlanningDraft, by: User, *columns: str) -> None:
    draft._history_user = by
    draft.save(update_fields=list(columns))


def _check_may(by: User, deed: str) -> None:
    if not roles.may(by, deed):
        raise ConsultationRefused(_("Bạn không làm việc này với góp ý quy hoạch."))


# Forgetting ---------------------------------------------------------------------------------------
@transaction.atomic
def erase(row: Comment, *, at: datetime) -> Comment:
    """Take out who commented and every word; what the board has summed up names nobody and stays."""
    row = Comment.objects.select_for_update().get(pk=row.pk)
    if not row.erased_at:
        correspondence.forget(row, at=at, columns=("text",))
    return row


def sweep(*, at: datetime) -> int:
    """Erase the senders of comments on drafts that were answered as long ago as the rule says; how many."""
    rows = Comment.objects.select_related("draft")
    return correspondence.sweep(rows, erase, ended="draft__answered_at", rule=KEPT, at=at)


def remind(*, at: datetime) -> int:
    """Write to the owner of every draft whose promised day has come, once for each promise; how many."""
    today = timezone.localdate(at)
    rows = PlanningDraft.objects.filter(answered_at__isnull=True, promised_on__lte=today, owner__is_active=True)
    return sum(letters.due(draft) for draft in rows.select_related("owner", "item"))
