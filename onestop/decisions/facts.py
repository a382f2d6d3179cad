"""What the paper of a result says besides its letter: the decision in lines, the register's sums after it.

Plain values, for the paper is frozen; a decision speaks Vietnamese.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from izportal.models import User
from izportal.templatetags.money import usd, vnd
from onestop.decisions import letters
from onestop.models import Dossier
from projects.models import Change, Project


def of_result(dossier: Dossier, letter: letters.Letter | None = None, *, is_scan: bool) -> dict[str, Any]:
    """The letter that was signed, and the decision in lines of (label, value); a decision speaks Vietnamese."""
    is_granted = dossier.decision == Dossier.Decision.GRANTED
    plain = dossier.version.result if is_granted else _("Văn bản từ chối giải quyết hồ sơ")
    absent = letters.absent(dossier)
    return {
        "code": dossier.code, "reference": dossier.reference, "letter": letter, "signer": str(dossier.decided_by),
        "absent": absent,
        "heading": letter["vi"]["heading"] if letter else plain, "is_bilingual": dossier.is_bilingual,
        "is_scan": is_scan, "decided_on": dossier.decided_on.isoformat() if dossier.decided_on else None,
        "lines": [(label, str(value)) for label, value in _lines(dossier, absent) if value],
    }  # fmt: skip


@dataclass(frozen=True)
class Amended:
    """What a correction or revocation says of itself: number and day of the paper it takes the place of, why, and what
    changes (label, old, new). `absent` is in whose place it was signed."""

    number: str
    day: date
    reason: str
    lines: list[tuple[str, str, str]]
    absent: str = ""


def of_correction(
    dossier: Dossier, said: Amended, letter: letters.Letter | None, *, by: User, on: date
) -> dict[str, Any]:
    """The facts of the paper that is valid from now on; without a letter its lines say what was mended."""
    facts = of_result(dossier, letter, is_scan=False)
    number, day = said.number, f"{said.day:%d/%m/%Y}"
    which = _("số %(number)s ngày %(day)s") % {"number": number, "day": day}
    kept = [line for line in facts["lines"] if line[0] != _("Người ký")]
    if letter is None:
        facts["heading"] = _("%(paper)s (đính chính giấy số %(number)s ngày %(day)s)") % {
            "paper": facts["heading"], "number": number, "day": day,
        }  # fmt: skip
    amends = {"number": number, "on": day, "reason": said.reason, "lines": said.lines, "by": str(by)}
    return facts | {
        "decided_on": on.isoformat(), "signer": str(by), "absent": said.absent, "amends": amends,
        "lines": [(_("Đính chính giấy"), which), *kept, (_("Người ký"), _signed(str(by), said.absent))],
    }  # fmt: skip


def of_revocation(
    dossier: Dossier, said: Amended, letter: letters.Letter | None, *, by: User, on: date
) -> dict[str, Any]:
    """The facts of the decision by which a result no longer stands; without a letter its lines say what it does."""
    which = _("số %(number)s ngày %(day)s") % {"number": said.number, "day": f"{said.day:%d/%m/%Y}"}
    lines = [
        (_("Thu hồi giấy"), which), *_matter_lines(dossier), (_("Lý do"), said.reason),
        *((label, f"{old} → {new}") for label, old, new in said.lines),
        (_("Người ký"), _signed(str(by), said.absent)),
    ]  # fmt: skip
    return {
        "code": dossier.code, "reference": dossier.reference, "letter": letter, "signer": str(by),
        "absent": said.absent, "heading": letter["vi"]["heading"] if letter else _("Quyết định thu hồi kết quả"),
        "is_bilingual": dossier.is_bilingual, "is_scan": False, "decided_on": on.isoformat(),
        "lines": [(label, str(value)) for label, value in lines if value],
    }  # fmt: skip


def _signed(signer: str, absent: str) -> str:
    in_place_of = _("(thay %(absent)s, theo phân công)") % {"absent": absent} if absent else ""
    return " ".join(filter(None, [signer, in_place_of]))


def _lines(dossier: Dossier, absent: str) -> list[tuple[str, Any]]:
    return [
        *_matter_lines(dossier),
        *_capital_lines(dossier),
        (_("Người ký"), _signed(str(dossier.decided_by or ""), absent)),
    ]


def _matter_lines(dossier: Dossier) -> list[tuple[str, Any]]:
    enterprise, project = dossier.enterprise, dossier.project
    return [
        (_("Hồ sơ"), dossier.code),
        (_("Tổ chức"), f"{enterprise.name} ({enterprise.tax_code})"),
        (_("Thủ tục"), dossier.procedure.name),
        (_("Dự án"), f"{project.code} · {project.name}" if project else ""),
        (_("Lô đất"), dossier.plot.code if dossier.plot else ""),
    ]


def _capital_lines(dossier: Dossier) -> list[tuple[str, Any]]:
    """What the register says since the decision, where the decision changed it."""
    change = dossier.outcome
    if change is None:
        return []
    told = []
    if change.kind != Change.Kind.ISSUED:
        told += [(_("Thay đổi vốn đăng ký"), _money(change.capital_usd, usd))]
        told += [(_("Thay đổi vốn đăng ký"), _money(change.capital_vnd, vnd))]
    registered = Project.objects.with_position(on=dossier.decided_on).filter(pk=dossier.project_id).first()
    if registered:
        told += [(_("Vốn đăng ký"), _money(registered.registered_usd, usd))]
        told += [(_("Vốn đăng ký"), _money(registered.registered_vnd, vnd))]
    return told


def _money(value: Any, told: Any) -> str:
    return told(value) if value else ""
