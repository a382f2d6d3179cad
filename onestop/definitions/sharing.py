"""A section that procedures of one family have in common: changed once, offered to all that have it as it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from izportal.models import User
from onestop import definitions
from onestop.definitions import edits
from onestop.definitions.checks import check
from onestop.models import Definition, Procedure

# What makes two sections the same; how a section is called may differ from form to form.
CONTENT = ("questions", "checks")
WORDS = ("title", "step", "hint")


@dataclass(frozen=True)
class Sharer:
    """A procedure with the same section: its newest form or the one being made, and why it cannot take the change."""

    procedure: Procedure
    definition: Definition
    place: edits.Place
    obstacle: str = ""

    @property
    def is_being_made(self) -> bool:
        return not self.definition.is_published


def sharers(definition: Definition, section: Mapping[str, Any]) -> list[Sharer]:
    """The other procedures whose form holds a section of the same origin, in the order of the catalogue."""
    base = definitions.base_of(definition)
    before = _of_origin(base.body, section.get("shared")) if base and section.get("shared") else None
    if before is None:
        return []
    found = []
    for other in _newest(exclude=definition.procedure_id):
        theirs = _of_origin(other.body, section["shared"])
        if theirs is not None:
            found.append(Sharer(other.procedure, other, (theirs["key"],), _obstacle(before, section, theirs)))
    return found


def _newest(*, exclude: int) -> list[Definition]:
    """Of each other procedure the version being made, else the newest published."""
    rows = Definition.objects.exclude(procedure=exclude).select_related("procedure").order_by("procedure", "number")
    return sorted({row.procedure_id: row for row in rows}.values(), key=lambda row: row.procedure.number)


def _of_origin(body: Mapping[str, Any], shared: str | None) -> dict[str, Any] | None:
    return next((section for section in body["sections"] if section.get("shared") == shared), None)


def _obstacle(before: Mapping, now: Mapping, theirs: Mapping) -> str:
    if _content(theirs) == _content(now):
        return _("đã giống bản này")
    if _content(theirs) == _content(before):
        return ""
    mine, other = ({question["key"] for question in part["questions"]} for part in (before, theirs))
    if mine == other:
        return _("phần này của thủ tục đó đã được sửa khác đi")
    lines = {key: question for part in (before, theirs) for question in part["questions"] for key in [question["key"]]}
    labels = ", ".join(edits.say(lines[key]["label"]) for key in sorted(mine ^ other))
    return _("phần này của thủ tục đó hỏi khác: %(labels)s") % {"labels": labels}


def _content(section: Mapping) -> list[Any]:
    return [section.get(name) or [] for name in CONTENT]


@transaction.atomic
def share(
    definition: Definition, section: Mapping[str, Any], *, among: set[int], by: User, at: datetime
) -> list[tuple[Procedure, str]]:
    """Put the section into the versions being made of the procedures chosen (by number in the table), making one where
    there is none. Answers each with the sentence why it could not be done, or nothing."""
    base = definitions.base_of(definition)
    before = _of_origin(base.body, section["shared"]) if base else None
    chosen = [sharer for sharer in sharers(definition, section) if sharer.procedure.pk in among]
    return [(sharer.procedure, _give(sharer, section, before or section, by, at)) for sharer in chosen]


def _give(sharer: Sharer, section: Mapping, before: Mapping, by: User, at: datetime) -> str:
    if sharer.obstacle:
        return sharer.obstacle
    theirs = edits.find(sharer.definition.body, sharer.place) or {}
    same = [name for name in WORDS if theirs.get(name) == before.get(name)]
    changed = {**theirs, **{name: section[name] for name in (*CONTENT, *same) if name in section}}
    body = edits.put(sharer.definition.body, sharer.place, changed)
    faults = set(check(body, procedure=sharer.procedure)) - set(
        check(sharer.definition.body, procedure=sharer.procedure)
    )
    if faults:
        return str(min(faults, key=str))
    try:
        making = sharer.definition if sharer.is_being_made else definitions.begin(sharer.procedure, by=by, at=at)
        definitions.keep(making, body, seen=making.version_no, at=at)
    except definitions.DefinitionRefused as refusal:
        return str(refusal)
    return ""
