"""What went wrong after the commits, on the first page of the back office for whoever may try again."""

from django import template
from django.db.models import Count, Q

from izportal import roles
from izportal.models import Job

register = template.Library()


@register.inclusion_tag("admin/izportal/_desk.html", takes_context=True)
def job_desk(context):
    if not roles.may(context["request"].user, "retry_job"):
        return {"count": 0}
    given_up = Count("pk", filter=Q(given_up_at__isnull=False))
    return Job.objects.troubled().aggregate(count=Count("pk"), given_up=given_up)
