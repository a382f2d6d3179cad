"""Putting an enterprise into the register that comes to the board for the first time: at the counter, from another
system, with a mandate. What the register knows already is not touched from here."""

from django.db import IntegrityError, transaction

from izportal.models import User
from projects.models import Enterprise


def find(tax_code: str) -> Enterprise | None:
    return Enterprise.objects.filter(tax_code=tax_code).first()


def enrol(enterprise: Enterprise, *, by: User | None, reason: str) -> Enterprise:
    """Save a new row, unsaved and checked as it comes; its history says who entered it and why.

    Two at once make one row: the second gets the first's.
    """
    enterprise._history_user, enterprise._change_reason = by, reason
    try:
        with transaction.atomic():
            enterprise.save(force_insert=True)
    except IntegrityError:
        return Enterprise.objects.get(tax_code=enterprise.tax_code)
    return enterprise
