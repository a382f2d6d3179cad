"""How a listing's word is shown: its freshness as shape and word, and what of it waits on the desk."""

from django import template
from django.db.models import Count, Q
from django.utils import timezone

from izportal import roles
from zones import confirmation, freshness, utilities
from zones.models import Enquiry, Plot, UtilityCapacity, Zone

register = template.Library()

# Freshness → the shape and colour of its tag; solid words, never colour alone.
TAGS = {
    freshness.State.FRESH: ("ok", "s-ok"),
    freshness.State.AGEING: ("warn", "s-soon"),
    freshness.State.STALE: ("bad", "s-late"),
}


@register.inclusion_tag("components/tag.html")
def freshness_state(state):
    kind, shape = TAGS[state]
    return {"text": state.label, "kind": kind, "shape": shape}


@register.inclusion_tag("admin/zones/_desk.html", takes_context=True)
def land_desk(context):
    """How many listings of the reader's zones wait for a word, were told to have changed, or cannot be published, and
    how many enquiries wait for an answer."""
    user, today = context["request"].user, timezone.localdate()
    if not roles.may(user, "confirm_plot"):
        return {}
    rows = Plot.objects.visible_to(user)
    waiting = rows.waiting_for_word(on=today)
    stale = freshness.in_state(waiting, freshness.State.STALE, on=today).count()
    counts = {
        "stale": stale,
        "ageing": waiting.count() - stale,
        "changed": confirmation.changed(rows).count(),
        "incomplete": rows.filter(Plot.incomplete(), is_published=True).count(),
        "untotalled": _untotalled(user, on=today),
        **_enquiries(user, at=timezone.now()),
    }
    return {"of_land": counts, "is_empty": not any(counts.values())}


def _enquiries(user, *, at):
    late = Q(status__in=Enquiry.AWAITED, due_at__lt=at)
    counted = {"asked": Count("pk", filter=Q(status=Enquiry.Status.NEW)), "late": Count("pk", filter=late)}
    return Enquiry.objects.visible_to(user).order_by().aggregate(**counted)


def _untotalled(user, *, on):
    """Zones of the reader of which nobody knows what is left of a network, for want of a total of commitments."""
    rows = UtilityCapacity.objects.filter(zone__in=Zone.objects.editable_by(user))
    return utilities.without_total(rows, on=on).aggregate(zones=Count("zone", distinct=True))["zones"]
