"""How the desk shows what people have written to the board and still wait for."""

from django import template
from django.utils import timezone

from izportal import roles
from izportal.correspondence import desk
from izportal.press.admin.questions import heaps
from izportal.press.models import Comment, Edition, PlanningDraft, Question

register = template.Library()


@register.inclusion_tag("admin/press/_voices_desk.html", takes_context=True)
def voices_desk(context):
    """Questions of each heap, comments that nobody has looked at, drafts whose promised day is near or past, and
    texts that wait for a second person."""
    user, at = context["request"].user, timezone.now()
    found = {}
    if user.has_perm("press.view_question"):
        found |= {key: Question.objects.filter(heap) for key, heap in heaps(user, at).items() if key != "answered"}
    if user.has_perm("press.view_comment"):
        found |= _of_drafts(user, timezone.localdate(at))
    if user.has_perm("press.view_edition"):
        found |= _of_texts(user)
    told = desk.counts(found)
    return {"voices": told, "is_empty": not any(told.values())}


def _of_texts(user):
    """For whoever reviews and publishes, what waits for them; for whoever wrote, what came back."""
    rows, found = Edition.objects.visible_to(user), {}
    if roles.may(user, "review_content"):
        found["submitted"] = rows.filter(status=Edition.Status.SUBMITTED)
    if roles.may(user, "publish_content"):
        found["reviewed"] = rows.filter(status=Edition.Status.REVIEWED, publish_at__isnull=True)
    if roles.may(user, "write_content"):
        found["returned"] = rows.filter(status=Edition.Status.DRAFT, written_by=user).exclude(note="")
    return found


def _of_drafts(user, today):
    drafts = PlanningDraft.objects.filter(answered_at__isnull=True, closes_on__lt=today)
    comments = Comment.objects.filter(status=Comment.Status.NEW, erased_at__isnull=True)
    if user.zones:
        drafts, comments = drafts.filter(zone__code__in=user.zones), comments.filter(draft__zone__code__in=user.zones)
    return {"comments": comments, "unanswered": drafts, "broken": drafts.filter(promised_on__lt=today)}
