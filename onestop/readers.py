"""Who gets the letters of a dossier. It belongs to the enterprise: when the one who filed it no longer acts for the
enterprise, those who do are told in their place."""

from dataclasses import dataclass

from django.utils import timezone

from izportal.models import User
from onestop.models import Dossier
from projects import mandates
from projects.models import Mandate

GONE = (Mandate.State.ENDED, Mandate.State.EXPIRED)


@dataclass(frozen=True)
class Reader:
    email: str
    user: User | None = None


def readers_of(dossier: Dossier) -> list[Reader]:
    """The contact that the dossier names, else whoever filed it; where that person has left, everybody who prepares or
    signs for the enterprise besides the contact, and failing all of them the enterprise's own address."""
    filer = _filer(dossier)
    contact = dossier.contact_email if _still_good(dossier) else ""
    if filer is None:
        return [Reader(contact)] if contact else []
    if filer.is_active and mandates.may(filer, dossier.enterprise, mandates.Capacity.VIEW):
        return [Reader(contact or filer.email, filer)]
    found = {contact.lower(): Reader(contact)} if contact else {}
    for mandate in mandates.people_of(dossier.enterprise, mandates.Capacity.PREPARE).order_by("pk"):
        found.setdefault(mandate.user.email.lower(), Reader(mandate.user.email, mandate.user))
    fallback = dossier.enterprise.email
    return list(found.values()) or ([Reader(fallback)] if fallback else [])


def _filer(dossier: Dossier) -> User | None:
    """None where the board or another system entered the dossier: whoever typed it is no reader."""
    by_others = dossier.is_by_hand or dossier.system_id or dossier.created_by.is_staff
    return None if by_others else dossier.created_by


def _still_good(dossier: Dossier) -> bool:
    """An address is no longer the enterprise's where it is the account of somebody who has left."""
    if not dossier.contact_email:
        return False
    held = Mandate.objects.filter(enterprise=dossier.enterprise, user__email__iexact=dossier.contact_email).first()
    return held is None or held.state_on(timezone.localdate()) not in GONE
