"""The desk on the first page of the back office, and how a preview's values are written."""

from django import template
from django.template.loader import render_to_string
from django.urls import reverse

from izportal import roles
from onestop import budgets, effects, kept, pace, signing, worklist
from onestop.models import READERS, Dossier

register = template.Library()

FULL, SHORT, MOST_LATE = 12, 5, 10
# The heaps of the desk, in the order in which they are read; the first is the reader's own.
HEAPS = ("waiting", "late", "today", "unanswered", "unread")


@register.simple_tag(takes_context=True)
def desk(context):
    """What waits for the reader, what is late, due today or unanswered; a hint for those outside the counter."""
    request = context["request"]
    if not (request.user.is_superuser or request.user.has_role(*READERS)):
        return render_to_string("admin/onestop/_desk.html", {"is_counter": False})
    return kept.part(request, "desk", lambda: render_to_string("admin/onestop/_desk.html", _told(request.user)))


def _told(user):
    now, rows = worklist.Now.read(user), Dossier.objects.visible_to(user)
    counts = worklist.counts(rows, user, now)
    most = {key: FULL if key == HEAPS[0] else SHORT for key in HEAPS if counts[key]}
    lines = worklist.nearest(rows, user, now, most)
    heaps = [{"tab": worklist.TABS[key], "count": counts[key], "lines": lines.get(key, [])} for key in HEAPS]
    may_enter = roles.may(user, "enter_dossier")
    queues = [queue for queue in signing.QUEUES.values() if user.has_role(*queue.roles)]
    return {
        "is_counter": True, "heaps": heaps, "own": heaps[0], "others": heaps[1:],
        "queues": queues, "week": week(rows, user, now), "may_enter": may_enter,
        "being_entered": rows.being_entered().count() if may_enter else 0,
        "list_url": reverse("admin:onestop_dossier_changelist"),
    }  # fmt: skip


def week(rows, user, now, most=MOST_LATE):
    """What will be late this week at today's pace, with the dossiers named; None for those who settle nothing."""
    theirs = pace.scope(rows, user)
    if theirs is None:
        return None
    told = pace.forecast(theirs, at=now.at, calendar=now.calendar, shares=now.shares, few=now.few)
    named = pace.rows_of(told.late[:most], theirs) if told.late else {}
    lines = [
        {"dossier": named[row.pk], "due_at": row.due_at, "finish": told.finish(row), "cases": row.cases}
        for row in told.late[:most]
        if row.pk in named
    ]
    return {"told": told, "lines": lines}


@register.inclusion_tag("admin/onestop/dossier/_stations.html")
def stations(dossier, now):
    """The budgets of the stations beside what they have taken, of a dossier that has been filed."""
    return {"stations": budgets.of(dossier, at=now.at, calendar=now.calendar)}


@register.filter
def as_kind(value, kind):
    return effects.written(value, kind)
