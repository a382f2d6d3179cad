"""What the portal does for itself, as often as one likes: throws away old drafts and stray files, reads kept files
again, and compares the land with the register. It changes no record of the board."""

import math
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import chunks, documents, exports, outbox
from izportal.changesets import sweeping
from izportal.models import StoredFile
from onestop import carrying, drafts, papers
from onestop.intake import files as intake_files
from onestop.models import Dossier
from projects.models import Tenure
from zones.models import Availability, Plot

# A file may be written well before the row that names it is committed.
STRAY_AFTER = timedelta(days=1)
# Longer than this no file waits where the scanner answers.
SCANNED_WITHIN = timedelta(hours=1)


def expire_drafts(*, at: datetime) -> int:
    """Throw away unfiled drafts that nobody has touched for as long as the rule `draft_kept_days` says."""
    today, expired = timezone.localdate(at), 0
    for dossier in Dossier.objects.filter(status=Dossier.Status.DRAFT):
        last = drafts.kept_until(dossier)
        if last is not None and last < today:
            papers.discard(dossier)
            expired += 1
    return expired


def carry_drafts(*, at: datetime) -> int:
    """Carry the drafts that nobody opens to the forms and the rules that came into force, so that their people are
    written to; how many were carried."""
    on = timezone.localdate(at)
    return sum(carrying.carry(dossier, on=on, at=at) for dossier in carrying.behind(on=on))


def sweep_files(*, at: datetime) -> int:
    """Files that no row names, files in pieces that nobody has gone on with, and files sent in for no dossier."""
    given_up = chunks.sweep(before=at - timedelta(days=settings.UPLOAD_KEPT_DAYS)) + intake_files.sweep(at=at)
    return documents.sweep(before=at - STRAY_AFTER) + given_up


def sweep_exports(*, at: datetime) -> int:
    return exports.sweep(before=at - STRAY_AFTER)


def sweep_change_sets(*, at: datetime) -> int:
    """Close the imports that nobody goes on with, and forget the rows of those that nobody may undo any more."""
    return sweeping.sweep(at=at)


def sweep_jobs(*, at: datetime) -> int:
    """Forget what the worker has done long ago; what failed or was given up stays."""
    return outbox.sweep(before=at - timedelta(days=settings.JOB_KEPT_DAYS))


def scan_again(*, at: datetime) -> int:
    """Have the scanner asked once more where the worker has given up or was never asked; how many files wait."""
    waiting = StoredFile.objects.filter(state=StoredFile.State.PENDING, uploaded_at__lt=at - SCANNED_WITHIN)
    for stored in waiting:
        documents.ask_scanner(stored)
    return len(waiting)


def reread_files(*, at: datetime) -> int:
    """One night's share of the kept files is compared with their hashes; how many were read."""
    share = math.ceil(StoredFile.objects.count() / settings.REREAD_NIGHTS)
    documents.reread(at=at, most=share)
    return share


def damages() -> Iterator[str]:
    """Every kept file that was last found changed or gone."""
    for stored in StoredFile.objects.filter(is_intact=False).order_by("reread_at", "pk"):
        read_on = f"{timezone.localtime(stored.reread_at):%d/%m/%Y %H:%M}" if stored.reread_at else "–"
        facts = {"name": stored.name, "path": stored.file.name, "when": read_on}
        yield _("Tệp “%(name)s” (%(path)s) không còn khớp với mã băm khi đọc lại lúc %(when)s.") % facts


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
