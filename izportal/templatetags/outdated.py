"""Translations older than their source: told beside the text in public, and counted on the desk of who mends them."""

from django import template
from django.contrib.auth import get_permission_codename
from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst

from izportal import languages, outdated
from izportal.outdated.admin import OLDER

register = template.Library()


@register.inclusion_tag("components/outdated.html")
def outdated_texts(*rows):
    """One sentence where what the reader reads of these rows is an older translation."""
    now = languages.here()
    if now == languages.SOURCE:
        return {}
    found = [
        one for row in rows if row is not None for one in outdated.of(row) if one.language in languages.chain(now)
    ]
    return {"since": max((one.since for one in found), default=None)}


@register.inclusion_tag("admin/izportal/_outdated_desk.html", takes_context=True)
def translation_desk(context):
    user = context["request"].user
    heaps = [heap for model in outdated.models() if (heap := _heap(user, model))]
    return {"heaps": heaps}


def _heap(user, model):
    meta = model._meta
    if not user.has_perm(f"{meta.app_label}.{get_permission_codename('change', meta)}"):
        return None
    try:
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    except NoReverseMatch:
        return None
    count = outdated.count(model)
    name = capfirst(meta.verbose_name)
    return {"count": count, "name": name, "url": f"{address}?translation={OLDER}"} if count else None
