"""Results mended after they were signed: drafted by one person, signed by another, with a decision of their own.

A correction issues a new paper in the place of the old one, a revocation one that says that it no longer stands; both
enter the inverse in the register (`inverse`) in the same transaction, exactly as whoever signs has read it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.models import User
from onestop import numbering, slips, verification
from onestop.amendments import inverse, letter
from onestop.decisions import facts, letters
from onestop.effects import Difference
from onestop.models import Amendment, Dossier, Slip
from projects import ledger

DRAFT, SIGN, DROP = "draft_amendment", "sign_amendment", "drop_amendment"
STEPS = (DRAFT, SIGN, DROP)


class AmendmentRefused(Exception):
    """A result is not corrected or revoked; the text is a sentence for the person who tried."""


# What stands ------------------------------------------------------------------------------------------------------
def signed_of(dossier: Dossier) -> list[Amendment]:
    """The amendments in force, in the order in which they were signed."""
    return slips.amendments_of(dossier)


def shown(dossier: Dossier) -> list[Amendment]:
    """What the applicant is shown; nothing is asked of a dossier that has no result yet."""
    return signed_of(dossier) if dossier.completed_at else []


def open_of(dossier: Dossier) -> Amendment | None:
    """The draft that waits for a signature."""
    rows = dossier.amendments.filter(signed_at__isnull=True, dropped_at__isnull=True)
    return rows.select_related("drafted_by", "dossier").first()


def is_revoked(dossier: Dossier) -> bool:
    return dossier.amendments.filter(kind=Amendment.Kind.REVOKE, signed_at__isnull=False).exists()


def with_state(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Dossiers that say without a further question whether an amendment is open, and whether the result is revoked."""
    theirs = Amendment.objects.filter(dossier=OuterRef("pk"))
    drafted = theirs.filter(signed_at__isnull=True, dropped_at__isnull=True)
    revoked = theirs.filter(kind=Amendment.Kind.REVOKE, signed_at__isnull=False)
    return rows.annotate(has_amendment=Exists(drafted), has_lost_result=Exists(revoked))


def awaits(user: User) -> Q:
    """Dossiers with a draft that this leader may sign."""
    drafted = Amendment.objects.filter(dossier=OuterRef("pk"), signed_at__isnull=True, dropped_at__isnull=True)
    return Q(Exists(drafted.exclude(drafted_by=user)))


def of_archived() -> Iterable[Any]:
    """The dossiers in the archive whose result somebody drafts to mend: keys alone."""
    drafted = Amendment.objects.filter(signed_at__isnull=True, dropped_at__isnull=True)
    return drafted.filter(dossier__status=Dossier.Status.ARCHIVED).order_by().values_list("dossier_id", flat=True)


def is_closed(dossier: Dossier, step: str) -> bool:
    """Is this a step on amendments, and not open now? Asks nothing of a dossier from `with_state`."""
    if step not in STEPS:
        return False
    if step != DRAFT or not dossier.decision:
        return not (dossier.decision and _has_draft(dossier))
    is_lost = dossier.has_lost_result if hasattr(dossier, "has_lost_result") else is_revoked(dossier)
    return _has_draft(dossier) or is_lost


def why_closed(dossier: Dossier, step: str) -> str:
    """The same in words; "" for every other step, and where it is open."""
    if not is_closed(dossier, step):
        return ""
    if not dossier.decision:
        return _("Hồ sơ này kết thúc mà không có kết quả nên không có gì để đính chính, thu hồi.")
    if step != DRAFT:
        return _nothing_open(dossier)
    if _has_draft(dossier):
        return _("Đã có một dự thảo đang chờ ký; hãy bỏ dự thảo đó trước khi soạn lại.")
    return _("Kết quả này đã bị thu hồi.")


def _has_draft(dossier: Dossier) -> bool:
    return dossier.has_amendment if hasattr(dossier, "has_amendment") else open_of(dossier) is not None


def _nothing_open(dossier: Dossier) -> str:
    """Somebody else was quicker: who, what and when."""
    last = signed_of(dossier)[-1:]
    if not last:
        return _("Hồ sơ này không có dự thảo đính chính, thu hồi nào đang chờ ký.")
    row = last[0]
    assert row.signed_at is not None
    return _("Không còn dự thảo nào chờ ký: %(who)s đã ký “%(what)s” số %(number)s lúc %(when)s.") % {
        "who": row.signed_by, "what": row.get_kind_display(), "number": row.number,
        "when": f"{timezone.localtime(row.signed_at):%H:%M %d/%m/%Y}",
    }  # fmt: skip


# The deeds --------------------------------------------------------------------------------------------------------
def draft(
    dossier: Dossier, *, kind: str, ground: str, reason: str, values: dict[str, Any], by: User, at: datetime
) -> Amendment:
    """Write down what is to be signed; refused where the register would refuse it today."""
    if sentence := why_closed(dossier, DRAFT):
        raise AmendmentRefused(sentence)
    if kind not in Amendment.Kind.values or ground not in filter(None, Slip.Ground.values):
        raise AmendmentRefused(_("Chọn đính chính hoặc thu hồi, và loại lý do."))
    if kind == Amendment.Kind.CORRECT and not values:
        raise AmendmentRefused(_("Chưa sửa nội dung nào."))
    said = values if kind == Amendment.Kind.CORRECT else {}
    row = Amendment.objects.create(
        dossier=dossier, kind=kind, ground=ground, reason=reason, values=said, drafted_at=at, drafted_by=by,
        is_sample=dossier.is_sample,
    )  # fmt: skip
    letters.check(letter.draft(row, on=timezone.localdate(at)))
    _try(row, by, at)
    return row


def mark(row: Amendment, *, on: date) -> str:
    """The fingerprint of what a signature on a day would do: to the register, and in which wording it is said."""
    drafted = letter.draft(row, on=on)
    return inverse.mark(inverse.printed(row, on=on), drafted.template.pk if drafted else None)


def sign(
    dossier: Dossier, *, by: User, at: datetime, seen: str | None = None, instead_of: User | None = None
) -> Amendment:
    """Draw the number, enter the inverse in the register and mend the paper. `seen` is the mark of the preview that
    the signer read (`mark`); refused where register or wording say something else by now."""
    row = open_of(dossier)
    if row is None:
        raise AmendmentRefused(why_closed(dossier, SIGN))
    if row.drafted_by_id in (by.pk, instead_of.pk if instead_of else None):
        raise AmendmentRefused(_("Không ai ký dự thảo do chính mình soạn."))
    today = timezone.localdate(at)
    inverse.lock(row)
    lines = inverse.printed(row, on=today)
    if seen is not None and seen != mark(row, on=today):
        raise AmendmentRefused(
            _("Sổ dự án hoặc mẫu văn bản đã thay đổi sau khi bạn mở trang; hãy đọc lại nội dung dưới đây rồi ký.")
        )
    row.number = numbering.decision(dossier, at)
    # Before the register changes: what was wrong is still there to be named.
    said = letter.sign(row, by=by, at=at)
    row.signed_at, row.signed_by, row.effect = at, by, inverse.kept(lines)
    row.change = inverse.apply(row, basis=ledger.Basis(row.number, today), by=by, at=at)
    row.slip = _mend_paper(row, lines, said, str(instead_of or ""))
    row.save()
    return row


def drop(dossier: Dossier, *, note: str, by: User, at: datetime) -> Amendment:
    """Give a draft up: by whoever wrote it, or by a leader."""
    row = open_of(dossier)
    if row is None:
        raise AmendmentRefused(why_closed(dossier, DROP))
    if row.drafted_by_id != by.pk and not by.has_role("leader"):
        raise AmendmentRefused(_("Dự thảo chỉ do người soạn (%(who)s) hoặc lãnh đạo bỏ.") % {"who": row.drafted_by})
    row.dropped_at, row.dropped_by, row.drop_note = at, by, note
    row.save(update_fields=["dropped_at", "dropped_by", "drop_note"])
    return row


class _Tried(Exception):
    """The register would take it."""


def _try(row: Amendment, by: User, at: datetime) -> None:
    """Enter the inverse and take it back at once: what the register refuses is refused at the desk, not at the
    signature."""
    try:
        with transaction.atomic():
            inverse.apply(row, basis=ledger.Basis(str(row), timezone.localdate(at)), by=by, at=at)
            raise _Tried
    except _Tried:
        return


def _mend_paper(row: Amendment, lines: list[Difference], said: letters.Letter | None, absent: str) -> Any:
    assert row.signed_by is not None and row.signed_at is not None
    old, dossier = slips.standing_result(row.dossier), row.dossier
    amended = facts.Amended(
        number=old.number if old else dossier.decision_number or "",
        day=verification.issued_on(old) if old else dossier.decided_on or timezone.localdate(row.signed_at),
        reason=row.reason, lines=letter.lines(lines), absent=absent,
    )  # fmt: skip
    deed: dict[str, Any] = {"number": row.number or "", "said": amended, "letter": said, "by": row.signed_by}
    if row.kind == Amendment.Kind.REVOKE:
        return slips.revoke_result(dossier, ground=row.ground, at=row.signed_at, **deed)
    return slips.correct_result(dossier, at=row.signed_at, **deed)
