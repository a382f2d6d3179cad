"""Drafts: begun by a first saved section, saved section by section, never one person over another.

Throwing one away stands in `papers`, since its papers go with it; filing it is a step of `workflow`.
"""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import get_language

from izportal.models import Rule, User
from onestop.models import Dossier

# What a section may have put on a draft.
KEPT = ("answers", "case", "plot", "project", "contact_name", "contact_email", "contact_phone")


class DraftChanged(Exception):
    """Somebody saved the draft after it was opened; `current` is what they left."""

    def __init__(self, current: Dossier) -> None:
        super().__init__()
        self.current = current


def begin(dossier: Dossier, *, by: User, at: datetime) -> Dossier:
    """Keep the first section of a new dossier."""
    dossier.created_by, dossier.created_at, dossier.saved_at, dossier.version_no = by, at, at, 1
    dossier.language = (get_language() or "vi")[:2]
    dossier.is_sample = dossier.enterprise.is_sample
    dossier.save(force_insert=True)
    return dossier


def save(dossier: Dossier, *, seen: int, at: datetime) -> Dossier:
    """Keep what a section put on the draft, if nobody has saved since version `seen`; raises `DraftChanged`.

    The condition stands in the UPDATE itself, so two who save at once cannot both win.
    """
    values = {name: getattr(dossier, name) for name in KEPT}
    standing = Dossier.objects.filter(pk=dossier.pk, status=Dossier.Status.DRAFT, version_no=seen)
    if not standing.update(**values, version_no=seen + 1, saved_at=at):
        raise DraftChanged(Dossier.objects.with_names().get(pk=dossier.pk))
    dossier.version_no, dossier.saved_at = seen + 1, at
    return dossier


def kept_until(dossier: Dossier):
    """The last day on which an untouched draft is kept, or None where no rule says."""
    saved_on = timezone.localdate(dossier.saved_at)
    try:
        return saved_on + timedelta(days=Rule.number("draft_kept_days", on=saved_on))
    except Rule.DoesNotExist:
        return None
