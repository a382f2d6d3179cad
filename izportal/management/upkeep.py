"""What the portal does for itself, as often as one likes: throws away old drafts and stray files, and compares the
land with the register. It changes no record of the board."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import documents
from onestop import drafts, papers
from onestop.models import Dossier
from projects.models import Tenure
from zones.models import Availability, Plot

# A file may be written well before the row that names it is committed.
STRAY_AFTER = timedelta(days=1)


def expire_drafts(*, at: datetime) -> int:
    """Throw away unfiled drafts that nobody has touched for as long as the rule `draft_kept_days` says."""
    today, expired = timezone.localdate(at), 0
    for dossier in Dossier.objects.filter(status=Dossier.Status.DRAFT):
        last = drafts.kept_until(dossier)
        if last is not None and last < today:
            papers.discard(dossier)
            expired += 1
    return expired


def sweep_files(*, at: datetime) -> int:
    return documents.sweep(before=at - STRAY_AFTER)


def differences(*, on: date) -> Iterator[str]:
    """Where the land says that a plot is leased and the register does not say to the same project, or the reverse."""
    land = dict(
        Plot.objects.with_status(on=on).filter(status=Availability.Status.LEASED).values_list("code", "held_for")
    )
    register = dict(Tenure.objects.standing(on=on).values_list("plot__code", "project__code"))
    for code in sorted(land.keys() | register.keys()):
        if land.get(code) != register.get(code):
            facts = {
                "plot": code,
                "land": land.get(code) or _("không cho thuê"),
                "register": register.get(code) or _("không có"),
            }
            yield _("Lô %(plot)s: quỹ đất ghi %(land)s, sổ dự án ghi %(register)s.") % facts
