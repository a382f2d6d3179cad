"""The register's worklists on the desk, and how their cells are written."""

import datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from izportal import roles
from izportal.templatetags.area import absent, number
from izportal.templatetags.date import day
from projects import worklists

register = template.Library()


@register.inclusion_tag("admin/projects/_work.html", takes_context=True)
def work_desk(context):
    """How much of each list waits, for those who keep the register, and what waits for a signature."""
    user, counts = context["request"].user, []
    if roles.may(user, "keep_ledger"):
        counts = [(row, count) for row, count in worklists.counts(user, on=timezone.localdate()) if count]
    return {"counts": counts, "to_sign": worklists.forms_to_sign(user)}


@register.filter
def in_cell(value):
    if value is None or value == "":
        return absent()
    if isinstance(value, datetime.date):
        return day(value)
    return number(value) if isinstance(value, Decimal) else value
