"""The forms that come with the portal: files in which families of procedures share sections and questions, composed
into bodies that stand for themselves and loaded as numbered versions.

A procedure without a form gets number 1, valid from the first day of its version in the catalogue. A file that says
something else later (a new release of the portal) becomes the next number, from today on, as long as every version of
that form came from files. As soon as somebody at the board has published a version or is making one, the form is
theirs: the file changes nothing any more, and the run says so. What an invented person of the sample data published
counts as nobody's once the sample data are gone.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from izportal.management.settle import Tally
from onestop.models import Definition, Dossier, Procedure

FORMS: Path = settings.BASE_DIR / "onestop" / "data" / "forms"
# Who files, in which case, how to reach them: the first questions of every form.
APPLICANT = FORMS / "_applicant.json"
THEIRS = "{form}: biểu mẫu đã do Ban quản lý; tệp đi kèm phần mềm khác bản đang dùng và không được nạp"


# Composing ----------------------------------------------------------------------------------------
def codes() -> list[str]:
    """The procedures that come with a form."""
    return sorted(path.stem for path in FORMS.glob("[0-9]*.json"))


@cache
def compose(code: str) -> dict[str, Any] | None:
    """The body that the files describe for a procedure; None where they hold no form for it."""
    if code not in codes():
        return None
    raw, applicant = _read(FORMS / f"{code}.json"), _read(APPLICANT)
    first, *rest = raw["sections"]
    first = {**applicant, **first, "questions": [*applicant["questions"], *first["questions"]]}
    body = {name: raw[name] for name in ("note", "closed_cases") if raw.get(name)}
    return {**body, "sections": [_section(section) for section in (first, *rest)]}


def _read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def _shared() -> dict[str, dict[str, dict]]:
    """Sections and questions that procedures of one family have in common, by their key."""
    found: dict[str, dict[str, dict]] = {"sections": {}, "questions": {}}
    for path in sorted(set(FORMS.glob("_*.json")) - {APPLICANT}):
        raw = _read(path)
        for kind, known in found.items():
            again = known.keys() & raw.get(kind, {}).keys()
            if again:
                raise ValueError(f"{path.name}: {kind} {sorted(again)} are shared already")
            known |= raw.get(kind, {})
    return found


def _section(raw: dict) -> dict:
    """A section as written, or a shared one (`use`) with what is said beside it, added (`add`), left out (`drop`)."""
    shared = {**_shared()["sections"][raw["use"]], "shared": raw["use"]} if "use" in raw else {}
    said = {key: value for key, value in raw.items() if key not in ("use", "add", "drop")}
    whole = {"key": raw.get("use"), **shared, **said}
    asked = [_question(row) for row in (*whole["questions"], *raw.get("add", ()))]
    return {**whole, "questions": [row for row in asked if row["key"] not in raw.get("drop", ())]}


def _question(raw: dict) -> dict:
    if "use" in raw:
        raw = {"key": raw["use"], **_shared()["questions"][raw["use"]], **{k: v for k, v in raw.items() if k != "use"}}
    return {**raw, "columns": [_question(column) for column in raw["columns"]]} if "columns" in raw else raw


# Loading ------------------------------------------------------------------------------------------
def load(tally: Tally, *, start: date, at: datetime) -> None:
    """Bring the versions in line with the files, and pin dossiers that have none to the first."""
    for procedure in Procedure.objects.filter(code__in=codes()).order_by("number"):
        stored = list(procedure.definitions.order_by("number"))
        for row in _new_versions(procedure, stored, tally, start, at):
            row.save(force_insert=True)
            tally.created[Definition] += 1
    _pin()


def _pin() -> None:
    unpinned = Dossier.objects.filter(definition=None)
    for procedure in set(unpinned.values_list("procedure", flat=True)):
        first = Definition.objects.published().filter(procedure=procedure).order_by("number").first()
        if first is not None:
            unpinned.filter(procedure=procedure).update(definition=first)


def _new_versions(
    procedure, stored: list[Definition], tally: Tally, start: date, at: datetime
) -> Iterator[Definition]:
    body = compose(procedure.code)
    if stored and stored[-1].body == body:
        tally.unchanged[Definition] += 1
    elif any(row.created_by_id for row in stored):
        tally.kept.append(THEIRS.format(form=procedure.code))
    elif not stored:
        yield Definition(procedure=procedure, number=1, body=body, valid_from=start, created_at=at, published_at=at)
    else:
        last = stored[-1]
        day = max(timezone.localdate(at), (last.valid_from or start) + timedelta(days=1))
        yield Definition(
            procedure=procedure, number=last.number + 1, body=body, valid_from=day, created_at=at, published_at=at,
            note_vi="Biểu mẫu mới đi kèm phiên bản phần mềm.", note_en="New form that comes with this release.",
        )  # fmt: skip
