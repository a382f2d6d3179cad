"""The decision by which a result is corrected or revoked, as a letter in the wording that staff keep (`decisions`).

A correction names the paper that it replaces, says line by line what was wrong, and holds the whole of the result as
it stands from now on: the letter that was signed, filled anew, so that nobody has to lay two papers beside each other.
A revocation names the paper that no longer stands and says what it takes back in the register.
"""

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from izportal.models import User
from onestop import slips, verification
from onestop.amendments import inverse
from onestop.decisions import letters, marks
from onestop.decisions.placeholders import CORRECTED, REVOKED, Mending, Named
from onestop.effects import Difference
from onestop.models import Amendment, Dossier, Slip

LANGUAGES = ("vi", "en")
# In which wording an amendment is said.
DECISIONS: dict[str, str] = {Amendment.Kind.CORRECT: CORRECTED, Amendment.Kind.REVOKE: REVOKED}


def draft(row: Amendment, *, on: date) -> letters.Draft | None:
    """What would be signed on a day; None where no wording has been published."""
    return _drafted(row, _mending(row, on=on), on)


def sign(row: Amendment, *, by: User, at: datetime) -> letters.Letter | None:
    """The letter as it is signed, made before the register changes; raises `letters.LetterRefused`."""
    on = timezone.localdate(at)
    mending = replace(_mending(row, on=on), number=row.number or "", signed_on=on, signer=str(by))
    found = _drafted(row, mending, on)
    letters.check(found)
    return found.letter if found else None


def _drafted(row: Amendment, mending: Mending, on: date) -> letters.Draft | None:
    return letters.amending(row.dossier, mending, decision=DECISIONS[row.kind], reason=row.reason, on=on)


def lines(found: list[Difference]) -> list[tuple[str, str, str]]:
    """(label, old, new) in words; what the public totals make of it is no part of the paper."""
    return [
        (str(line.label), inverse.told(line.old, line.kind), inverse.told(line.new, line.kind))
        for line in found
        if not line.is_total
    ]


def _mending(row: Amendment, *, on: date) -> Mending:
    dossier = row.dossier
    paper, told = slips.standing_result(dossier), {}
    for language in LANGUAGES:
        with translation.override(language):
            told[language] = lines(inverse.preview(row, on=on))
    return Mending(
        paper=_name(dossier, paper.facts if paper else {}),
        old_number=paper.number if paper else dossier.decision_number or "",
        old_day=verification.issued_on(paper) if paper else dossier.decided_on or on,
        ground=Slip.Ground(row.ground).label, lines=told,
        renewed=_renewed(row) if row.kind == Amendment.Kind.CORRECT else {},
    )  # fmt: skip


def _name(dossier: Dossier, facts: dict[str, Any]) -> Named:
    """What the paper in force calls itself."""
    letter = facts.get("letter") or letters.signed(dossier)
    if letter:
        return Named(letter["vi"]["heading"], (letter["en"] or letter["vi"])["heading"])
    version = dossier.version
    plain = version.result_vi if dossier.decision == Dossier.Decision.GRANTED else ""
    return Named(plain or "Văn bản từ chối giải quyết hồ sơ", version.result_en if plain else "Refusal of a dossier")


# The whole of the result from now on ------------------------------------------------------------------------------
def _renewed(row: Amendment) -> dict[str, list[dict[str, Any]]]:
    """Its paragraphs by language."""
    dossier = copy.copy(row.dossier)
    dossier.answers = inverse.standing_answers(dossier) | {k: v for k, v in row.values.items() if k != inverse.LINES}
    letter, mended = letters.renewed(dossier), list(_phrases(row))
    if letter is None:
        return {language: [_all_else_stands(language)] for language in LANGUAGES}
    return {
        "vi": list(_paragraphs(letter["vi"], mended)),
        # Phrases are mended in Vietnamese alone, so that the English would still say what was wrong.
        "en": list(_paragraphs(letter["en"] or letter["vi"], [])) if not mended else [_only_vietnamese()],
    }


def _phrases(row: Amendment) -> Iterator[list[str]]:
    """Wrong and right words of the paper, of earlier corrections first."""
    earlier = row.dossier.amendments.filter(kind=Amendment.Kind.CORRECT, signed_at__isnull=False)
    for one in (*earlier.order_by("signed_at", "pk"), row):
        yield from one.values.get(inverse.LINES, [])


def _all_else_stands(language: str) -> dict[str, Any]:
    """Of a result from before there were letters, of which only the paper itself says all."""
    with translation.override(language):
        said = _("Ngoài các dòng đính chính nêu trên, các nội dung khác giữ nguyên như trên giấy được thay.")
    return {"no": 0, "kind": marks.PARAGRAPH, "lines": [[[said, ""]]]}


def _only_vietnamese() -> dict[str, Any]:
    with translation.override("en"):
        return {"no": 0, "kind": marks.PARAGRAPH, "lines": [[[_("(Đoạn này chỉ có tiếng Việt.)"), ""]]]}


def _paragraphs(said: dict[str, Any], mended: list[list[str]]) -> Iterator[dict[str, Any]]:
    yield {"no": 0, "kind": marks.CENTRE, "lines": [[[said["heading"], letters.BOLD]]]}
    runs = [run for block in said["blocks"] for line in block["lines"] for run in line]
    for wrong, right in mended:
        places = [run for run in runs if wrong in run[0]]
        # A phrase that stands in several places is mended by the line that names it, not by guessing.
        if len(places) == 1 and places[0][0].count(wrong) == 1:
            places[0][0] = places[0][0].replace(wrong, right)
    for block in said["blocks"]:
        if block["kind"] != marks.AT_FOOT:
            yield {**block, "no": block["no"] + 1}
