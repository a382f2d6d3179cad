"""Codes by which anybody checks a paper: drawn, read as people type them, and what is told of the paper.

Told is the least that serves: kind, number, date, whether it stands, and the fingerprint of its file. No names, no
content.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onestop.models import LOOKUP_ALPHABET, Slip

SIGNS, GROUP = 12, 4
# No longer text than this is looked at: a code with every sign parted, and some dirt.
LONGEST = 60
CURRENT, REPLACED, REVOKED = "current", "replaced", "revoked"
STATES = {
    CURRENT: _("Còn hiệu lực"),
    REPLACED: _("Đã được thay bằng giấy khác"),
    REVOKED: _("Đã bị thu hồi"),
}


@dataclass(frozen=True)
class Standing:
    """What is told of a paper. `when`, `ground` and `other` say since when and why it no longer stands, and which
    paper stands in its place, or says so."""

    slip: Slip
    state: str
    when: datetime | None = None
    ground: str = ""
    other: Slip | None = None

    @property
    def label(self) -> Any:
        return STATES[self.state]

    @property
    def is_current(self) -> bool:
        return self.state == CURRENT

    @property
    def sha256(self) -> str:
        """Fingerprint of the file; empty until the file has been made."""
        return self.slip.stored.sha256 if self.slip.stored else ""


def new_code() -> str:
    return "".join(secrets.choice(LOOKUP_ALPHABET) for _place in range(SIGNS))


def cleaned(typed: str) -> str:
    """The code as it is kept: case, spaces and dashes do not matter. "" for what cannot be one."""
    signs = "".join(sign for sign in typed[:LONGEST].upper() if sign.isalnum())
    return signs if len(signs) == SIGNS and set(signs) <= set(LOOKUP_ALPHABET) else ""


def grouped(code: str) -> str:
    """ABCD-EFGH-JKMN, as it is printed and told over the phone."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def find(typed: str) -> Standing | None:
    """The paper of a code; what cannot be a code is asked for all the same, so that it takes as long."""
    code = cleaned(typed) or "-" * SIGNS
    slip = Slip.objects.select_related("stored", "replaced_by").filter(code=code).first()
    return standing(slip) if slip else None


def standing(slip: Slip) -> Standing:
    if slip.revoked_at:
        return Standing(slip, REVOKED, slip.revoked_at, slip.get_revocation_ground_display(), slip.replaced_by)
    if slip.replaced_by:
        return Standing(slip, REPLACED, slip.replaced_by.issued_at, other=slip.replaced_by)
    return Standing(slip, CURRENT)


def issued_on(slip: Slip) -> Any:
    """The day that the paper bears: of a result that of the decision, not of its seal."""
    said = slip.facts.get("decided_on")
    return datetime.fromisoformat(said).date() if said else timezone.localdate(slip.issued_at)
