"""How the desk shows what people have written to the board and still wait for."""

from django import template
from django.db.models import Count, Q
from django.utils import timezone

from izportal.press.admin.questions import heaps
from izportal.press.models import Comment, PlanningDraft, Question

register = template.Library()


@register.inclusion_tag("admin/press/_voices_desk.html", takes_context=True)
def voices_desk(context):
    """Questions of each heap, comments that nobody has looked at, drafts whose promised day is near or past."""
    user, at = context["request"].user, timezone.now()
    counts = {}
    if user.has_perm("press.view_question"):
        found = {key: Count("pk", filter=heap) for key, heap in heaps(user, at).items() if key != "answered"}
        counts |= Question.objects.order_by().aggregate(**found)
    if user.has_perm("press.view_comment"):
        counts["comments"] = Comment.objects.filter(status=Comment.Status.NEW, erased_at__isnull=True).count()
        today = timezone.localdate(at)
        closed = Q(answered_at__isnull=True, closes_on__lt=today)
        counts |= PlanningDraft.objects.order_by().aggregate(
            unanswered=Count("pk", filter=closed), broken=Count("pk", filter=closed & Q(promised_on__lt=today))
        )
    return {"voices": counts, "is_empty": not any(counts.values())}
