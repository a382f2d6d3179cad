"""Translations older than their source: told beside the text in public, and counted on the desk of who mends them."""

from django import template
from django.contrib.admin import site
from django.contrib.auth import get_permission_codename
from django.urls import reverse
from django.utils.text import capfirst

from izportal import languages, outdated
from izportal.outdated.admin import OLDER, OutdatedFilter

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
    lists = {model: url for model in outdated.models() if (url := _list_for(context["request"].user, model))}
    counts = outdated.counts(lists)
    heaps = [
        {"count": counts[model], "name": capfirst(model._meta.verbose_name), "url": f"{url}?translation={OLDER}"}
        for model, url in lists.items()
        if counts[model]
    ]
    return {"heaps": heaps}


def _list_for(user, model):
    """The list in which this person may mend rows of a kind; empty where they may not, or where there is none."""
    meta = model._meta
    if not user.has_perm(f"{meta.app_label}.{get_permission_codename('change', meta)}"):
        return ""
    site_admin = site.get_model_admin(model) if site.is_registered(model) else None
    if site_admin is None or OutdatedFilter not in site_admin.list_filter:
        return ""
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
