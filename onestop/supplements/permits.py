"""Leave for one request beyond the number that the procedure permits: sought by the officer, given or denied by a
leader who is not the one who asks, in writing; one leave, one request."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from izportal.models import User
from onestop.models import Dossier, Supplement, SupplementPermit


class PermitRefused(Exception):
    """Leave is not asked for or given; the text is a sentence for the person who tried."""


def is_spent(dossier: Dossier) -> bool:
    """Have all requests been made that the procedure permits?"""
    most = dossier.version.max_supplements
    made = [row for row in dossier.supplements.all() if row.stage == Supplement.Stage.REVIEW]
    return most is not None and len(made) >= most


def needed(dossier: Dossier) -> str:
    return _(
        "Thủ tục này chỉ cho yêu cầu bổ sung %(most)s lần. Muốn yêu cầu thêm, hãy xin lãnh đạo cho phép, nêu lý do."
    ) % {"most": dossier.version.max_supplements}


def unspent(dossier: Dossier) -> SupplementPermit | None:
    return dossier.permits.unspent().last()


def awaiting(dossier: Dossier) -> SupplementPermit | None:
    return dossier.permits.awaiting().last()


def seek(dossier: Dossier, *, why: str, by: User, at: datetime) -> SupplementPermit:
    """Raises `PermitRefused` where leave is not needed, is asked for already or has not been used yet."""
    if sentence := why_closed(dossier, "seek_permit"):
        raise PermitRefused(sentence)
    return SupplementPermit.objects.create(
        dossier=dossier, why=why, asked_by=by, asked_at=at, is_sample=dossier.is_sample
    )


def decide(dossier: Dossier, *, is_given: bool, reason: str, by: User, at: datetime) -> SupplementPermit:
    permit = awaiting(dossier)
    if permit is None:
        raise PermitRefused(why_closed(dossier, "permit_supplement"))
    if permit.asked_by_id == by.pk:
        raise PermitRefused(_("Người đề nghị không tự cho phép; hãy để lãnh đạo khác quyết định."))
    permit.is_given, permit.reason, permit.decided_by, permit.decided_at = is_given, reason, by, at
    permit.save()
    return permit


# Which steps are open ---------------------------------------------------------------------------------------------
def with_permits(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Dossiers that say without a further question whether leave is asked for, or given and not used."""
    theirs = SupplementPermit.objects.filter(dossier=OuterRef("pk"))
    return rows.annotate(awaits_permit=Exists(theirs.awaiting()), has_permit=Exists(theirs.unspent()))


def awaits(user: User) -> Q:
    """Dossiers on which this leader has to decide."""
    asked = SupplementPermit.objects.filter(dossier=OuterRef("pk")).awaiting().exclude(asked_by=user)
    return Q(Exists(asked))


def is_closed(dossier: Dossier, step: str) -> bool:
    return bool(why_closed(dossier, step))


def why_closed(dossier: Dossier, step: str) -> str:
    """Why a step on requests beyond the number is not open now; "" for every other step, and where it is open."""
    if step in ("permit_supplement", "deny_permit"):
        return "" if _awaits(dossier) else _("Hồ sơ này không có đề nghị nào đang chờ quyết định.")
    if step not in ("ask_supplement", "seek_permit"):
        return ""
    if not is_spent(dossier):
        return _("Chưa cần xin phép: thủ tục còn cho yêu cầu bổ sung.") if step == "seek_permit" else ""
    if step == "ask_supplement":
        return "" if _has(dossier) else needed(dossier)
    if _awaits(dossier):
        return _("Đã có đề nghị đang chờ lãnh đạo quyết định.")
    return _("Lãnh đạo đã cho phép; hãy gửi yêu cầu bổ sung.") if _has(dossier) else ""


def _awaits(dossier: Dossier) -> bool:
    known = getattr(dossier, "awaits_permit", None)
    return dossier.permits.awaiting().exists() if known is None else known


def _has(dossier: Dossier) -> bool:
    known = getattr(dossier, "has_permit", None)
    return dossier.permits.unspent().exists() if known is None else known
