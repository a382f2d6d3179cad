"""Drafts: begun by a first section, kept section by section while it is typed, never one person over another.

Throwing one away stands in `papers`, since its papers go with it; filing it is a step of `workflow`.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import languages
from izportal.models import Rule, User
from onestop import entries, questions
from onestop.models import Dossier
from onestop.shapes import Section

# What a section may put on a draft.
KEPT = ("answers", "case", "plot", "project", "contact_name", "contact_email", "contact_phone")
# Letters of unsound text that a draft keeps for one section; sound answers are bounded by their fields.
MOST_TYPED = 200_000
BEGINNING = {"enterprise", "case"}


@dataclass(frozen=True)
class Hand:
    """Who writes from where: the version that the page had seen, its window, and how often it has typed.

    A window never meets itself, so an answer lost on the way makes nobody choose between two texts of their own.
    """

    seen: int
    window: str = ""
    turn: int = 0


class DraftChanged(Exception):
    """Somebody saved the section after it was opened: `form` is what was typed, `current` what they left."""

    def __init__(self, form: questions.SectionForm, current: Dossier) -> None:
        super().__init__()
        self.form, self.current = form, current

    @property
    def save(self) -> dict[str, Any]:
        """Who saved it and when; a section that nobody has saved yet is as old as its draft."""
        row = self.current
        begun = {"by": row.created_by_id, "at": row.created_at.isoformat()}
        return row.saves.get(self.form.section.key, begun)


class DraftClosed(Exception):
    """The draft was filed meanwhile; nothing of it can be changed."""


class TypedRefused(Exception):
    """What was typed can be kept neither as an answer nor as text; the argument is a sentence."""


def begin(dossier: Dossier, *, by: User, at: datetime) -> Dossier:
    """Keep the first section of a new dossier."""
    dossier.created_by, dossier.created_at, dossier.saved_at, dossier.version_no = by, at, at, 1
    dossier.language = languages.here()
    dossier.is_sample = dossier.enterprise.is_sample
    dossier.save(force_insert=True)
    return dossier


def begin_with(form: questions.SectionForm, *, hand: Hand, by: User, at: datetime) -> Dossier | None:
    """Begin a draft with its first section as far as it is typed; None until that says whose it is and which case."""
    dossier = form.dossier
    if form.is_valid():
        form.apply()
    elif BEGINNING & form.errors.keys():
        return None
    else:
        for key in BEGINNING & form.cleaned_data.keys():
            setattr(dossier, key, form.cleaned_data[key])
        dossier.typed = {form.section.key: _unsound(form, by=by, at=at)}
    dossier.saves = {form.section.key: _save(1, hand, by=by, at=at)}
    return begin(dossier, by=by, at=at)


@transaction.atomic
def keep(
    dossier: Dossier, section: Section, data: Any, *, hand: Hand, by: User, at: datetime
) -> questions.SectionForm:
    """Keep a section: sound answers among the answers, anything else as it was typed; the form knows which.

    Other sections may be saved by others meanwhile. Raises `DraftChanged` when this one was, `DraftClosed`,
    `TypedRefused`, and `Dossier.DoesNotExist` when the draft was thrown away.
    """
    row = locked(dossier)
    form = questions.SectionForm(data, dossier=row, section=section, user=by)
    before = _content(row, section)
    if form.is_valid():
        form.apply()
        row.typed.pop(section.key, None)
    else:
        row.typed[section.key] = _unsound(form, by=by, at=at)
    is_new = _content(row, section) != before
    if is_new and _is_overtaken(row, section, hand):
        raise DraftChanged(form, Dossier.objects.with_names().get(pk=row.pk))
    if is_new:
        row.version_no, row.saved_at = row.version_no + 1, at
        row.saves[section.key] = _save(row.version_no, hand, by=by, at=at)
    elif section.key in row.saves:
        row.saves[section.key] |= {"window": hand.window, "turn": hand.turn}
    row.save(update_fields=[*KEPT, "typed", "saves", "version_no", "saved_at"])
    return form


def locked(dossier: Dossier) -> Dossier:
    """The draft as it stands, held until the transaction ends."""
    rows = Dossier.objects.with_names().select_related("version", "definition").select_for_update(of=("self",))
    row = rows.get(pk=dossier.pk)
    if not row.is_draft:
        raise DraftClosed
    return row


def _content(row: Dossier, section: Section) -> Any:
    columns = [getattr(row, name) for name in KEPT]
    return columns, row.typed.get(section.key, {}).get("data")


def _is_overtaken(row: Dossier, section: Section, hand: Hand) -> bool:
    last = row.saves.get(section.key, {"no": 0, "window": ""})
    if hand.window and hand.window == last["window"]:
        return False
    return not last["no"] <= hand.seen <= row.version_no


def _unsound(form: questions.SectionForm, *, by: User, at: datetime) -> dict[str, Any]:
    raw = form.raw()
    text = json.dumps(raw, ensure_ascii=False)
    if "\\u0000" in text:
        raise TypedRefused(_("Có ký tự không lưu được trong phần vừa gõ; hãy xóa ký tự đó rồi lưu lại."))
    if len(text) > MOST_TYPED:
        raise TypedRefused(_("Phần này dài quá mức có thể giữ khi chưa hợp lệ; hãy rút ngắn rồi lưu lại."))
    return {"data": raw, "at": at.isoformat(), "by": by.pk}


def _save(number: int, hand: Hand, *, by: User, at: datetime) -> dict[str, Any]:
    return {"no": number, "at": at.isoformat(), "by": by.pk, "window": hand.window, "turn": hand.turn}


# Two texts side by side ---------------------------------------------------------------------------
def differences(mine: questions.SectionForm, current: Dossier) -> list[tuple[str, str, str]]:
    """Where a section as typed says otherwise than the draft now: (label, theirs in words, mine in words)."""
    theirs = questions.SectionForm(dossier=current, section=mine.section, user=mine.user, is_kept=True)
    left, right = theirs.raw(), mine.raw()
    found = []
    for key, field in mine.fields.items():
        entry = theirs.fields.get(key, field)
        if _worth(entry, left.get(key)) != _worth(field, right.get(key)):
            found.append((str(field.label), _words(entry, left.get(key)), _words(field, right.get(key))))
    return found


def _worth(entry: Any, typed: Any) -> Any:
    """What typed text comes to: “12.500” and “12500” are one number; text that is unsound stands for itself."""
    try:
        worth = entry.keep(entry.clean(typed))
    except ValidationError:
        worth = typed
    return None if worth in ("", []) else worth


def _words(entry: Any, typed: Any) -> str:
    if typed in (None, "", []):
        return _("để trống")
    try:
        return entry.words(entry.keep(entry.clean(typed)))
    except ValidationError:
        return _rows(entry, typed) if isinstance(entry, entries.TableEntry) else str(typed)


def _rows(entry: entries.TableEntry, typed: list[dict[str, Any]]) -> str:
    """Rows of which a cell is unsound, each cell as it was typed."""
    rows = [{key: cell for key, cell in row.items() if cell} for row in typed]
    told = ["; ".join(f"{entry.columns[key].label}: {cell}" for key, cell in row.items()) for row in rows]
    return "\n".join(f"{number}. {line}" for number, line in enumerate(told, 1))


def kept_until(dossier: Dossier):
    """The last day on which an untouched draft is kept, or None where no rule says."""
    saved_on = timezone.localdate(dossier.saved_at)
    try:
        return saved_on + timedelta(days=Rule.number("draft_kept_days", on=saved_on))
    except Rule.DoesNotExist:
        return None
