"""The text of a decision, made from its wording and the dossier: shown as a draft, and frozen when it is signed.

A letter is plain values (JSON), so that what was signed stays as it was: the heading and the paragraphs in each
language, each paragraph a kind, its place in the wording, and lines of runs [text, mark]. Marks: "b" bold, and in a
draft "missing" for what the dossier does not say and "later" for what comes with the signature.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from onestop.decisions import marks, placeholders, wordings
from onestop.decisions.marks import Paragraph, Piece
from onestop.models import DecisionTemplate, Dossier, Event

MISSING, LATER, BOLD = "missing", "later", "b"
Letter = dict[str, Any]
# What a hole is filled with: its text, lines or paragraphs, and the mark they bear.
Fill = tuple[str | list[Any], str]
# Holes of several lines that are a paragraph by themselves, and the kind of paragraph that they make.
LISTED = {
    placeholders.GROUNDS: "grounds", placeholders.MENDED: marks.LIST, placeholders.UNDONE: marks.LIST,
}  # fmt: skip


class LetterRefused(Exception):
    """The decision cannot be put forward or signed so; the text is a sentence for the person who tried."""


@dataclass(frozen=True)
class Draft:
    """A letter as it would be signed now; `missing` are the labels of what the dossier does not say."""

    template: DecisionTemplate
    letter: Letter
    missing: tuple[str, ...] = ()
    has_no_place: bool = False


# Before the signature -----------------------------------------------------------------------------
def draft(dossier: Dossier, *, decision: str, on: date, reason: str = "") -> Draft | None:
    """What would be signed on a day; None where no wording has been published for it."""
    template = _template(dossier, decision, on)
    if template is None:
        return None
    return _drafted(template, placeholders.Matter(dossier, on, reason or dossier.proposal_note))


def _drafted(template: DecisionTemplate, matter: placeholders.Matter) -> Draft:
    dossier, names = matter.dossier, set(_names(template))
    lacking = [name for name in _ordered(template) if _lacks(name, matter, template)]
    labels = tuple(placeholders.label(name, dossier) for name in lacking)
    has_no_place = bool(dossier.proposal_text) and not matter.mending and placeholders.OWN_WORDS not in names
    letter = _letter(template, _filler(matter))
    if matter.mending:
        labels = tuple(dict.fromkeys((*labels, *_holes(letter))))
    return Draft(template, letter, labels, has_no_place)


def _holes(letter: Letter) -> Iterator[str]:
    """What the result that is printed anew lacks by now, though its own wording is not the one that is signed."""
    lines = (line for block in letter["vi"]["blocks"] for line in block["lines"])
    yield from (text.strip("[]") for line in lines for text, mark in line if mark == MISSING)


def put_forward(dossier: Dossier, *, on: date) -> DecisionTemplate | None:
    """The wording in which the proposal is put forward, kept with the draft; raises `LetterRefused`."""
    dossier.decision_template = None
    found = draft(dossier, decision=dossier.proposal, on=on)
    check(found)
    return found.template if found else None


def sign(dossier: Dossier, *, on: date, reason: str = "") -> Letter | None:
    """The letter as it is signed, number, day and signer included; raises `LetterRefused`. None: no wording."""
    found = draft(dossier, decision=dossier.decision, on=on, reason=reason)
    check(found)
    return found.letter if found else None


def check(found: Draft | None) -> None:
    if found and found.missing:
        raise LetterRefused(
            _("Văn bản “%(name)s” chưa lập được vì hồ sơ chưa có: %(missing)s.")
            % {"name": found.template.heading_vi, "missing": "; ".join(found.missing)}
        )
    if found and found.has_no_place:
        raise LetterRefused(
            _("Mẫu “%(name)s” không có chỗ cho đoạn riêng; hãy bỏ đoạn riêng hoặc báo người giữ mẫu.")
            % {"name": found.template.heading_vi}
        )


# Of a correction, a revocation ----------------------------------------------------------------------
def amending(dossier: Dossier, mending: placeholders.Mending, *, decision: str, reason: str, on: date) -> Draft | None:
    """The decision that corrects or revokes a result, as it would be signed now; None where no wording has been
    published."""
    template = wordings.in_force(dossier.procedure, decision, on=on)
    return _drafted(template, placeholders.Matter(dossier, on, reason, mending)) if template else None


def renewed(dossier: Dossier) -> Letter | None:
    """The letter that was signed, filled anew from what the dossier says; None where there is none to fill."""
    event = _signature(dossier)
    letter = event.data.get("letter") if event else None
    template = DecisionTemplate.objects.filter(pk=letter["template"]["id"]).first() if letter else None
    if event is None or template is None:
        return None
    return _letter(template, _filler(placeholders.Matter(dossier, dossier.decided_on or event.at.date(), event.note)))


# After it -----------------------------------------------------------------------------------------
def signed(dossier: Dossier) -> Letter | None:
    """The letter that was signed; None for a decision of before there were wordings."""
    event = _signature(dossier)
    return event.data.get("letter") if event else None


def absent(dossier: Dossier) -> str:
    """In whose place the decision was signed; "" where the signer signed in a role of their own."""
    event = _signature(dossier)
    return str(event.instead_of) if event and event.instead_of else ""


def _signature(dossier: Dossier) -> Event | None:
    return dossier.events.filter(step__in=("grant", "refuse")).select_related("instead_of").last()


def rows(letter: Letter, *, is_bilingual: bool) -> list[dict[str, Any]]:
    """The paragraphs as they are printed: Vietnamese, and where asked for the English after each."""
    said = [{"lang": "vi", **block} for block in letter["vi"]["blocks"]]
    if not is_bilingual or not letter["en"]:
        return said
    told = said + [{"lang": "en", **block} for block in letter["en"]["blocks"]]
    # By place in the wording; sorting keeps the Vietnamese before the English.
    return sorted(told, key=lambda block: block["no"])


def body(letter: Letter, *, is_bilingual: bool) -> dict[str, list[dict[str, Any]]]:
    """The same, what goes to the foot beside the signature apart."""
    printed = rows(letter, is_bilingual=is_bilingual)
    return {
        "blocks": [block for block in printed if block["kind"] != marks.AT_FOOT],
        "foot": [block for block in printed if block["kind"] == marks.AT_FOOT],
    }


# With nobody's dossier ----------------------------------------------------------------------------
def sample(template: DecisionTemplate, *, on: date) -> Letter:
    """The wording filled with invented values."""
    with translation.override("vi"):
        answers = placeholders.answers_of(template.procedure, on=on)
    return _letter(template, lambda name: (_sample(name, answers), ""))


def of_dossier(template: DecisionTemplate, dossier: Dossier, *, on: date) -> Letter:
    """The wording filled from a dossier, holes marked."""
    return _letter(template, _filler(placeholders.Matter(dossier, on, dossier.proposal_note)))


def _sample(name: str, answers: dict[str, str]) -> str | list[Any]:
    is_known = name in placeholders.PLACEHOLDERS or name in answers
    return placeholders.sample(name, answers) if is_known else f"{{{name}}}"


# Filling in ---------------------------------------------------------------------------------------
def _template(dossier: Dossier, decision: str, on: date) -> DecisionTemplate | None:
    kept = dossier.decision_template
    if kept is not None and kept.decision == decision:
        return kept
    return wordings.in_force(dossier.procedure, decision, on=on)


def _ordered(template: DecisionTemplate) -> Iterator[str]:
    """Each name once, as it first comes; what a wording demands, its optional names left out."""
    text = f"{template.heading_vi}\n\n{template.body_vi}"
    pieces = [piece for part in marks.read(text) for line in part.lines for piece in line]
    yield from dict.fromkeys(piece.text for piece in pieces if piece.is_hole and not piece.is_optional)


def _names(template: DecisionTemplate) -> Iterator[str]:
    yield from marks.holes(f"{template.heading_vi} {template.body_vi}")


def _lacks(name: str, matter: placeholders.Matter, template: DecisionTemplate) -> bool:
    row = placeholders.PLACEHOLDERS.get(name)
    if row and row.is_optional or row and row.is_later and not matter.number:
        return False
    return not placeholders.value(name, matter)


def _filler(matter: placeholders.Matter) -> Callable[[str], Fill]:
    def fill(name: str) -> Fill:
        found = placeholders.value(name, matter)
        row = placeholders.PLACEHOLDERS.get(name)
        if found or row and row.is_optional:
            return found, ""
        if row and row.is_later:
            return f"[{placeholders.label(name)}]", LATER
        return f"[{placeholders.label(name, matter.dossier)}]", MISSING

    return fill


def _letter(template: DecisionTemplate, fill: Callable[[str], Fill]) -> Letter:
    texts = {"vi": (template.heading_vi, template.body_vi), "en": (template.heading_en, template.body_en)}
    said = {
        language: _said(*texts[language], fill, language)
        for language in texts
        if language == "vi" or texts[language][1]
    }
    about = {"id": template.pk, "version_no": template.version_no, "is_of_portal": template.is_of_portal}
    return {"template": about, "vi": said["vi"], "en": said.get("en")}


def _said(heading: str, text: str, fill: Callable[[str], Fill], language: str) -> dict[str, Any]:
    with translation.override(language):
        named = [run for part in marks.read(heading) for run in _runs(part.lines[0], fill) or ()]
        blocks = [block for part in marks.read(text) for block in _blocks(part, fill, language)]
    return {"heading": "".join(run[0] for run in named), "blocks": blocks}


def _blocks(part: Paragraph, fill: Callable[[str], Fill], language: str) -> Iterator[dict[str, Any]]:
    if part.lone_hole == placeholders.OWN_WORDS:
        yield from _own_words(part, fill, language)
    elif part.lone_hole == placeholders.RENEWED:
        yield from _renewed(part, fill)
    elif part.lone_hole in LISTED:
        value, mark = fill(part.lone_hole)
        lines = [[[line, mark]] for line in ([value] if isinstance(value, str) else value)]
        yield {"no": part.no, "kind": LISTED[part.lone_hole], "lines": lines}
    else:
        lines = [runs for line in part.lines if (runs := _runs(line, fill)) is not None]
        if lines:
            yield {"no": part.no, "kind": part.kind, "lines": lines}


def _own_words(part: Paragraph, fill: Callable[[str], Fill], language: str) -> Iterator[dict[str, Any]]:
    """What the specialist wrote for this dossier, in Vietnamese alone; its braces are braces."""
    text = fill(part.lone_hole)[0]
    if text and language == "en":
        yield {"no": part.no, "kind": "p", "lines": [[[_("(Đoạn này chỉ có tiếng Việt.)"), ""]]]}
        return
    for own in marks.read(str(text), has_holes=False):
        lines = [[[piece.text, BOLD if piece.is_bold else ""] for piece in line] for line in own.lines]
        yield {"no": part.no, "kind": own.kind, "lines": lines}


def _renewed(part: Paragraph, fill: Callable[[str], Fill]) -> Iterator[dict[str, Any]]:
    """Paragraphs of another letter in the place of this one, each in its order for two languages side by side."""
    found, mark = fill(part.lone_hole)
    if isinstance(found, str):
        yield {"no": part.no, "kind": marks.PARAGRAPH, "lines": [[[found, mark]]]}
        return
    for block in found:
        yield {**block, "no": part.no + (block["no"] + 1) / 1000}


def _runs(line: tuple[Piece, ...], fill: Callable[[str], Fill]) -> list[list[str]] | None:
    """A line filled in; None where it is left out, for something optional in it has no value."""
    told = []
    for piece in line:
        if not piece.is_hole:
            told.append([piece.text, BOLD if piece.is_bold else ""])
            continue
        value, mark = fill(piece.text)
        if piece.is_optional and (not value or mark == MISSING):
            return None
        told.append([_joined(value), mark or (BOLD if piece.is_bold else "")])
    return told


def _joined(value: str | list[Any]) -> str:
    return value if isinstance(value, str) else " ".join(line for line in value if isinstance(line, str))
