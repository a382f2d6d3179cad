"""Dossiers that a clerk types in for somebody at the counter or for a sender by post: begun, carried on by whoever of
the clerks is free, entered. What a section holds is told by `questions`, what entering does by `workflow`."""

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils import timezone, translation

from izportal import documents
from izportal.models import User
from onestop import drafts, gaps, papers, questions, shapes, workflow
from onestop.models import Component, Definition, Dossier, Paper, Procedure, ProcedureVersion
from onestop.questions import NOT_DUE
from onestop.shapes import Section, say
from projects.models import Enterprise

# What is noted beside the sections of the form; the names under which a draft remembers their saves.
ENTRY, PAPERS = Dossier.HANDED_IN, Dossier.ON_PAPER


class PartChanged(Exception):
    """A colleague saved the same after it was opened; `current` is the draft as they left it."""

    def __init__(self, current: Dossier) -> None:
        super().__init__()
        self.current = current


@dataclass(frozen=True)
class HandedIn:
    """How a dossier came in: who stands there or wrote, in whose name; of a letter also when and under which number
    it was posted. Kept on the dossier, printed on its slips."""

    name: str
    identity: str = ""
    is_authorised: bool = False
    authority: str = ""
    posted_on: date | None = None
    item_number: str = ""

    @property
    def facts(self) -> dict[str, Any]:
        """JSON-safe, blanks left out."""
        said = {**asdict(self), "posted_on": self.posted_on.isoformat() if self.posted_on else ""}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class Contact:
    """Where the applicant is told of each step; without an e-mail nothing is sent and the slips are handed over."""

    name: str
    phone: str = ""
    email: str = ""


# From the first note to the dossier -------------------------------------------------------------------------------
def form_of(procedure: Procedure, *, on: date) -> tuple[ProcedureVersion, Definition] | None:
    """The version and the form under which a dossier is entered on a day; None where one of them is missing."""
    version, definition = procedure.version_on(on), shapes.in_force(procedure, on=on)
    return (version, definition) if version and definition else None


def begin(
    *, key: uuid.UUID, form: tuple[ProcedureVersion, Definition], enterprise: Enterprise, channel: str, language: str,
    handed_in: HandedIn, contact: Contact, by: User, at: datetime,
) -> Dossier:  # fmt: skip
    """A draft of the counter, in the applicant's language; `key` makes a form sent twice one draft."""
    version, definition = form
    dossier = Dossier(
        id=key, procedure=version.procedure, version=version, definition=definition, enterprise=enterprise,
        case=shapes.first_case(version, shapes.of(definition)), channel=channel, answers={ENTRY: handed_in.facts},
        contact_name=contact.name, contact_phone=contact.phone, contact_email=contact.email,
        saves={ENTRY: _save(1, by=by, at=at)},
    )  # fmt: skip
    with translation.override(language):
        return drafts.begin(dossier, by=by, at=at)


def amend(
    dossier: Dossier, *, channel: str, language: str, handed_in: HandedIn, by: User, seen: int, at: datetime
) -> Dossier:
    """Note anew how the dossier came in; raises `PartChanged` and `drafts.DraftClosed`."""
    said = {ENTRY: handed_in.facts}
    return _keep(dossier, ENTRY, said, by=by, seen=seen, at=at, channel=channel, language=language)


def hold(
    dossier: Dossier, *, held: Mapping[str, str], not_due: Collection[str], by: User, seen: int, at: datetime
) -> Dossier:
    """Keep which papers lie on paper (component key → key of `papers.HELD`), and which are not due; raises as
    `amend` does."""
    on_paper = {key: how for key, how in held.items() if how in papers.HELD or how == papers.LACKING}
    said = {NOT_DUE: sorted(not_due), Dossier.ON_PAPER: on_paper}
    return _keep(dossier, PAPERS, said, by=by, seen=seen, at=at)


@transaction.atomic
def _keep(
    dossier: Dossier, part: str, said: Mapping[str, Any], *, by: User, seen: int, at: datetime, **columns: Any
) -> Dossier:
    """Put reserved answers and columns on the draft; blank answers are let go, and what is kept already is no news."""
    row = drafts.locked(dossier)
    answers = {key: value for key, value in {**row.answers, **said}.items() if value or key not in said}
    if answers == row.answers and all(getattr(row, name) == value for name, value in columns.items()):
        return row
    if row.saves.get(part, {"no": 0})["no"] > seen:
        raise PartChanged(row)
    for name, value in columns.items():
        setattr(row, name, value)
    row.answers, row.version_no, row.saved_at = answers, row.version_no + 1, at
    row.saves[part] = _save(row.version_no, by=by, at=at)
    row.save(update_fields=["answers", "version_no", "saved_at", "saves", *columns])
    return row


def _save(number: int, *, by: User, at: datetime) -> dict[str, Any]:
    return {"no": number, "at": at.isoformat(), "by": by.pk, "window": "", "turn": 0}


def last_savers(rows: Iterable[Dossier]) -> dict[uuid.UUID, User]:
    """Who saved each draft last, of those whose saves are told, in one query."""
    last = {row.pk: max(row.saves.values(), key=lambda save: save["no"])["by"] for row in rows if row.saves}
    people = User.objects.in_bulk(set(last.values()))
    return {pk: people[by] for pk, by in last.items() if by in people}


def scan(dossier: Dossier, component: Component, upload: File, *, by: User, at: datetime) -> Paper:
    """Put the scan of a paper in its place that was received on paper; inside the transaction of its step.

    Raises `documents.UploadRefused`.
    """
    found = documents.inspect(upload, max_bytes=documents.limit_bytes(timezone.localdate(at)))
    stored = documents.keep(upload, found, by=by, at=at, is_sample=dossier.is_sample)
    return papers.put(dossier, stored, by=by, at=at, component=component)


def bring(dossier: Dossier, held: Mapping[str, str]) -> None:
    """Note of papers brought in answer to a request how they are held; inside the transaction of its step."""
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    on_paper = {**row.answers.get(Dossier.ON_PAPER, {}), **{k: how for k, how in held.items() if how in papers.HELD}}
    row.answers[Dossier.ON_PAPER] = on_paper
    row.save(update_fields=["answers"])


@transaction.atomic
def enter(dossier: Dossier, *, by: User, seen: int, at: datetime, is_incomplete: bool = False) -> Dossier:
    """File the draft as it was seen; what the applicant did not say or bring may be lacking where the clerk says so.

    Raises `PartChanged`, `drafts.DraftClosed` or a refusal of `workflow`.
    """
    row = drafts.locked(dossier)
    if row.version_no != seen:
        raise PartChanged(row)
    return workflow.take(row, "enter", by=by, at=at, is_incomplete=is_incomplete)


@transaction.atomic
def correct(
    dossier: Dossier, section: Section, data: Any, *, by: User, seen: int, at: datetime
) -> questions.SectionForm:
    """Set a section of a dossier right that is entered and not yet received: from the paper, or from the answer to a
    request. Only sound text is taken, since the event tells for ever what it changed.

    Raises `PartChanged` and a refusal of `workflow`.
    """
    rows = Dossier.objects.with_names().select_related("version", "definition").select_for_update(of=("self",))
    row = rows.get(pk=dossier.pk)
    if row.version_no != seen:
        raise PartChanged(row)
    form = questions.SectionForm(data, dossier=row, section=section, user=by)
    changes = drafts.differences(form, row) if form.is_valid() else []
    if not form.is_valid() or not changes and section.key not in row.typed:
        return form
    form.apply()
    row.typed.pop(section.key, None)
    row.saved_at = at
    said = {"kept": gaps.kept_of(row), "changes": changes, "note": gaps.told(say(section.title), changes)}
    workflow.take(row, "correct", by=by, at=at, **said)
    return form
