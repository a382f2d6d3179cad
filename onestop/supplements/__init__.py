"""Requests to complete a dossier, line by line: what is asked for, what stood there, and what came in its place.

Which step asks, answers or stops stands in `workflow`; how a line is answered in `replies`, what has changed in
`changes`, leave for one request more in `permits`, and what follows when nobody answers in `lapses`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from izportal import languages
from izportal.models import User
from onestop import papers
from onestop.models import Component, Dossier, Supplement, SupplementItem, SupplementPermit
from onestop.supplements import places

Kind = SupplementItem.Kind
LONGEST_LABEL = 600


@dataclass(frozen=True)
class Wanted:
    """One thing to ask for: a paper (`component`), an answer of the form (`section`, `question`), or anything else.
    `label` is in the language of the dossier."""

    label: str
    wrong: str = ""
    ground: str = ""
    component: Component | None = None
    section: str = ""
    question: str = ""

    @property
    def kind(self) -> str:
        return Kind.PAPER if self.component else Kind.ANSWER if self.question else Kind.OTHER


def read(item: Wanted | str, dossier: Dossier) -> Wanted:
    """Plain words are something else, unless they begin with the name of a paper that the procedure asks for."""
    if isinstance(item, Wanted):
        return item
    text = str(item).strip()
    for component in dossier.version.components.all():
        for name in filter(None, (component.name_vi, component.name_en)):
            if text == name or text.startswith(f"{name}:"):
                wrong = text.removeprefix(name).removeprefix(":").strip()
                return Wanted(name[:LONGEST_LABEL], wrong, component=component)
    return Wanted(text) if len(text) <= LONGEST_LABEL else Wanted(text[: LONGEST_LABEL - 10] + "…", text)


def ask(
    dossier: Dossier, items: Iterable[Wanted | str], *, stage: str, reason: str, by: User, at: datetime,
    reply_by: datetime, permit: SupplementPermit | None = None,
) -> Supplement:  # fmt: skip
    """Write a request down with what stands now at each place it asks about; inside the transaction of its step."""
    cycle, version = dossier.supplements.filter(stage=stage).count() + 1, dossier.version
    supplement = Supplement.objects.create(
        dossier=dossier, stage=stage, cycle=cycle, reason=reason, asked_at=at, asked_by=by, reply_by=reply_by,
        permit=permit, no_answer=version.no_answer, no_answer_ground=version.no_answer_ground,
        is_sample=dossier.is_sample,
    )  # fmt: skip
    standing = {paper.component_id: paper for paper in papers.current(dossier) if paper.component_id}
    wanted = (read(item, dossier) for item in items)
    with languages.speaking(dossier.language):
        lines = [_line(supplement, number, row, standing) for number, row in enumerate(wanted, 1)]
    SupplementItem.objects.bulk_create(lines)
    return supplement


def _line(supplement: Supplement, number: int, row: Wanted, standing: Mapping[int, Any]) -> SupplementItem:
    dossier = supplement.dossier
    place = places.find(dossier, row.section, row.question) if row.kind == Kind.ANSWER else None
    return SupplementItem(
        supplement=supplement, position=number, kind=row.kind, component=row.component, section=row.section,
        question=row.question, label=row.label, wrong=row.wrong, ground=row.ground,
        paper_before=standing.get(row.component.pk) if row.component else None,
        answer_before=place.kept if place else None, is_sample=supplement.is_sample,
    )  # fmt: skip


@dataclass(frozen=True)
class Answered:
    """What came in reply besides papers: words for a line, and answers of the form, both by the line's number."""

    replies: Mapping[int, str]
    changes: Mapping[int, Any]


NOTHING = Answered({}, {})


def close(supplement: Supplement, dossier: Dossier, answered: Answered) -> None:
    """Keep with each line what came in its place, and put sound answers on the dossier, which its step saves."""
    given = {item.number: item.paper for item in papers.items(dossier, supplement)}
    changed = []
    for line in supplement.lines.all():
        place = places.of_line(dossier, line)
        if place and line.position in answered.changes:
            place.put(answered.changes[line.position])
            changed.append(place)
        line.reply = answered.replies.get(line.position, "")
        line.paper_after, line.answer_after = given.get(line.position), place.kept if place else None
        line.save(update_fields=["reply", "paper_after", "answer_after"])
    places.settle(dossier, changed)
    supplement.typed = {}


def with_lines(rows: QuerySet[Supplement]) -> QuerySet[Supplement]:
    """With everything that is shown of a request, in two queries."""
    shown = SupplementItem.objects.select_related("component", "paper_before__stored", "paper_after__stored")
    return rows.select_related("asked_by", "permit__decided_by").prefetch_related(Prefetch("lines", shown))


def facts(supplement: Supplement) -> Iterator[dict[str, str]]:
    """The lines as a paper prints them."""
    for line in supplement.lines.all():
        yield {"label": line.label, "wrong": line.wrong, "ground": line.ground}
