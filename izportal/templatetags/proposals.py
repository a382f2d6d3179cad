"""Which change sets wait for the reader's word, on the first page of the back office."""

from django import template
from django.db.models import Count, Q

from izportal import changesets, roles
from izportal.models import ChangeSet
from izportal.sheets import IMPORTED

register = template.Library()


@register.inclusion_tag("admin/izportal/changeset/_desk.html", takes_context=True)
def proposals_desk(context):
    """Those that somebody else has sent, and those that need a second person."""
    user = context["request"].user
    takes = [kind for kind in IMPORTED if changesets.may_accept(kind, user)]
    approves = [kind for kind, table in IMPORTED.items() if not user.zones and roles.may(user, table.second_deed)]
    if not (takes or approves):
        return {}
    ready = Q(state=ChangeSet.State.READY, kind__in=takes)
    second = Q(state=ChangeSet.State.AWAITING, kind__in=approves) & ~Q(accepted_by=user)
    rows = ChangeSet.objects.visible_to(user).exclude(uploaded_by=user).order_by()
    return rows.aggregate(ready=Count("pk", filter=ready), second=Count("pk", filter=second))
