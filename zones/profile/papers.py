"""The papers on which a zone rests: decisions named in the books, and the documents kept of it, by number and date."""

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.templatetags.area import ha
from zones.models import Document, Phase, Zone, ZoneArea

# The last group of a symbol names who signs: 222/QĐ-TTg, 886/TTg-KTN, 1130/QĐ-UBND.
ISSUERS = (
    (re.compile(r"\bTTg\b"), gettext_lazy("Thủ tướng Chính phủ")),
    (re.compile(r"\bUBND\b"), gettext_lazy("Ủy ban nhân dân tỉnh")),
)


@dataclass
class Paper:
    """`subjects` say what it decides of this zone; `replaced_by` is a number with its day, empty where nothing is
    known of a later paper."""

    number: str
    issued_on: datetime.date | None = None
    subjects: list[str] = field(default_factory=list)
    issuer: str = ""
    kind: str = ""
    replaced_by: str = ""
    source: str = ""
    confidence: str = ""
    document: Document | None = None

    def says(self, subject: str) -> None:
        if subject not in self.subjects:
            self.subjects.append(subject)


def of(
    zone: Zone, *, areas: Iterable[ZoneArea], phases: Iterable[Phase], documents: Iterable[Document]
) -> list[Paper]:
    """One line for each paper, newest first, those without a day last."""
    found: dict[str, Paper] = {}
    for line in [*_decisions(zone, list(areas), phases), *(_kept(document) for document in documents)]:
        paper = found.setdefault(_key(line.number) or f"-{len(found)}", line)
        for subject in line.subjects:
            paper.says(subject)
        for name in ("issued_on", "kind", "replaced_by", "source", "document"):
            setattr(paper, name, getattr(paper, name) or getattr(line, name))
    for paper in found.values():
        paper.issuer = paper.issuer or issuer_of(paper.number)
    return sorted(found.values(), key=lambda paper: (paper.issued_on or datetime.date.min, paper.number), reverse=True)


def issuer_of(number: str) -> str:
    return next((str(issuer) for symbol, issuer in ISSUERS if symbol.search(number)), "")


def _key(number: str) -> str:
    return re.sub(r"\s", "", number).casefold()


def _decisions(zone: Zone, areas: list[ZoneArea], phases: Iterable[Phase]) -> Iterator[Paper]:
    if zone.established_by:
        sure = zone.confidence.get("established", "") if isinstance(zone.confidence, dict) else ""
        yield Paper(zone.established_by, zone.established_on, [_("Thành lập hoặc đưa vào quy hoạch")], confidence=sure)
    for phase in phases:
        if phase.decision or phase.decided_on:
            subject = _("Chấp thuận, thành lập: %(phase)s") % {"phase": phase.name}
            yield Paper(phase.decision, phase.decided_on, [subject], confidence=phase.confidence)
    yield from _of_areas(areas)


def _of_areas(areas: list[ZoneArea]) -> Iterator[Paper]:
    dated = [area for area in areas if area.decision and area.effective_on]
    for place, area in enumerate(dated):
        later = dated[place + 1] if place + 1 < len(dated) else None
        subject = _("Diện tích khu: %(area)s") % {"area": ha(area.area_ha)}
        replaced = ""
        if later and later.area_ha != area.area_ha:
            said = {"number": later.decision, "day": f"{later.effective_on:%d/%m/%Y}"}
            replaced = _("về diện tích: %(number)s ngày %(day)s") % said
        yield Paper(
            area.decision, area.effective_on, [subject], replaced_by=replaced, source=area.source,
            confidence=area.confidence,
        )  # fmt: skip


def _kept(document: Document) -> Paper:
    newer = document.replaced_by
    replaced = " ".join(part for part in (newer.number or newer.title, _issued(newer)) if part) if newer else ""
    return Paper(
        document.number, document.issued_on, [document.title], issuer=document.issuer,
        kind=document.get_kind_display(), replaced_by=replaced, source=document.source, document=document,
    )  # fmt: skip


def _issued(document: Document) -> str:
    return _("ngày %(day)s") % {"day": f"{document.issued_on:%d/%m/%Y}"} if document.issued_on else ""
