"""The desk on the first page of the back office, and how a preview's values are written."""

from django import template

from izportal import roles
from izportal.templatetags import area, money
from onestop import worklist
from onestop.models import READERS, Dossier

register = template.Library()

FULL, SHORT = 12, 5
# The heaps of the desk, in the order in which they are read; the first is the reader's own.
HEAPS = ("waiting", "late", "today", "unanswered")
WRITTEN = {"usd": money.usd, "vnd": money.vnd, "m2": area.m2, "count": area.number}


@register.inclusion_tag("admin/onestop/_desk.html", takes_context=True)
def desk(context):
    """What waits for the reader, what is late, due today or unanswered; a hint for those outside the counter."""
    user = context["request"].user
    if not (user.is_superuser or user.has_role(*READERS)):
        return {"user": user, "is_counter": False}
    now, rows = worklist.Now.read(), Dossier.objects.visible_to(user)
    counts = worklist.counts(rows, user, now)
    heaps = [_heap(key, rows, user, now, counts[key]) for key in HEAPS]
    may_enter = roles.may(user, "enter_dossier")
    return {
        "user": user, "is_counter": True, "now": now, "heaps": heaps, "own": heaps[0], "others": heaps[1:],
        "may_enter": may_enter, "being_entered": rows.being_entered().count() if may_enter else 0,
    }  # fmt: skip


def _heap(key, rows, user, now, count):
    tab = worklist.TABS[key]
    nearest = worklist.worklist_rows(worklist.urgent_first(rows.filter(tab.where(now, user))))
    shown = nearest[: FULL if key == HEAPS[0] else SHORT]
    return {"tab": tab, "count": count, "lines": [worklist.Line(dossier, now, user) for dossier in shown]}


@register.filter
def as_kind(value, kind):
    """A value of a preview in its own unit; an absent one as the mark of absence."""
    if value is None or value == "":
        return area.absent()
    return WRITTEN[kind](value) if kind in WRITTEN else value
