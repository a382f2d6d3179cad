"""What came, changed and went: every row that is public now is compared with what was seen of it last, so that no way
of writing is missed. Harmless when run again: what is as it was leaves no line."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.db import transaction
from django.utils import timezone

from izportal.models import PublishedDeed, PublishedRow
from izportal.opendata.asking import Question
from izportal.opendata.catalogue import RESOURCES
from izportal.opendata.columns import as_texts
from izportal.opendata.resources import Resource
from projects import figures
from projects.models import Project
from zones import balance
from zones.models import Plot

CHUNK = 2000
Reason, Deed = PublishedRow.Reason, PublishedDeed.Deed


@dataclass
class Seen:
    """A row as it is public now."""

    key: str
    digest: str
    is_sample: bool


@dataclass
class Batch:
    """What one look at a resource has to write."""

    at: datetime
    deeds: list[PublishedDeed] = field(default_factory=list)

    def note(self, rows: Iterable[PublishedRow], deed: str) -> None:
        self.deeds += [PublishedDeed(row=row, deed=deed, at=self.at, is_sample=row.is_sample) for row in rows]


def look(*, at: datetime) -> int:
    """Compare every tracked resource with what was seen of it last; how many lines the log has grown by."""
    return sum(_look_at(resource, at) for resource in RESOURCES.values() if resource.is_tracked)


@transaction.atomic
def _look_at(resource: Resource, at: datetime) -> int:
    batch, standing = Batch(at), set()
    for seen in _in_chunks(_read(resource, Question(on=timezone.localdate(at)))):
        standing |= _compare(resource, {row.key: row for row in seen}, batch)
    gone = _gone(resource, standing)
    for rows in _in_chunks(iter(gone)):
        _bury(resource, rows, batch)
    PublishedDeed.objects.bulk_create(batch.deeds, batch_size=CHUNK)
    return len(batch.deeds)


def _read(resource: Resource, question: Question) -> Iterator[Seen]:
    texts, width = as_texts(resource.columns), len(resource.columns)
    names = [column.name for column in resource.columns]
    place = names.index("is_sample") if "is_sample" in names else None
    for cells in resource.find(question):
        yield Seen(resource.key_of(cells), _digest(texts(cells[:width])), place is not None and bool(cells[place]))


def _digest(cells: Iterable[str]) -> str:
    return hashlib.blake2b("\x1f".join(cells).encode(), digest_size=16).hexdigest()


def _in_chunks(rows: Iterator) -> Iterator[list]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _compare(resource: Resource, seen: dict[str, Seen], batch: Batch) -> set[int]:
    """The rows that still stand, by id, once new and changed ones are written."""
    known = {row.key: row for row in PublishedRow.objects.filter(resource=resource.name, key__in=seen)}
    came = [
        PublishedRow(resource=resource.name, key=key, digest=row.digest, first_seen_at=batch.at, changed_at=batch.at,
                     is_sample=row.is_sample)
        for key, row in seen.items() if key not in known
    ]  # fmt: skip
    back = [row for row in known.values() if row.gone_at]
    changed = [row for key, row in known.items() if not row.gone_at and row.digest != seen[key].digest]
    for row in (*back, *changed):
        row.digest, row.changed_at, row.gone_at, row.reason = seen[row.key].digest, batch.at, None, ""
    PublishedRow.objects.bulk_update([*back, *changed], ["digest", "changed_at", "gone_at", "reason"], batch_size=500)
    made = PublishedRow.objects.bulk_create(came, batch_size=500)
    batch.note([*made, *back], Deed.ADDED)
    batch.note(changed, Deed.CHANGED)
    return {row.pk for row in (*known.values(), *made)}


def _gone(resource: Resource, standing: set[int]) -> list[int]:
    alive = PublishedRow.objects.filter(resource=resource.name, gone_at=None).order_by()
    return [pk for pk in alive.values_list("pk", flat=True).iterator(chunk_size=CHUNK) if pk not in standing]


def _bury(resource: Resource, pks: list[int], batch: Batch) -> None:
    rows = list(PublishedRow.objects.filter(pk__in=pks))
    reasons = REASONS.get(resource.name, _removed)({row.key for row in rows})
    for row in rows:
        row.gone_at = row.changed_at = batch.at
        row.reason = reasons.get(row.key, Reason.REMOVED)
    PublishedRow.objects.bulk_update(rows, ["gone_at", "changed_at", "reason"], batch_size=500)
    batch.note(rows, Deed.REMOVED)


# Why, in general words ----------------------------------------------------------------------------
def _removed(keys: set[str]) -> dict[str, str]:
    return {}


def _plots(keys: set[str]) -> dict[str, str]:
    """What is still there is invented beside real plots, is not announced, or lacks something."""
    is_sample, found = balance.counts_sample(), dict[str, str]()
    for code, sample, is_published in Plot.objects.filter(code__in=keys).values_list(
        "code", "is_sample", "is_published"
    ):
        usual = Reason.INCOMPLETE if is_published else Reason.WITHDRAWN
        found[code] = Reason.SAMPLE if sample and not is_sample else usual
    return found


def _projects(keys: set[str]) -> dict[str, str]:
    """A certificate that was void from the beginning is put right, not ended."""
    is_sample = figures.counts_sample()
    rows = Project.objects.filter(code__in=keys).values_list("code", "is_sample")
    return {code: str(Reason.SAMPLE if sample and not is_sample else Reason.CORRECTED) for code, sample in rows}


def _changes(keys: set[str]) -> dict[str, str]:
    """A line of a project that stands is gone because another line has taken its place."""
    of_projects = {key: key.rpartition(".")[0] for key in keys}
    known = _projects(set(of_projects.values()))
    return {key: known[code] for key, code in of_projects.items() if code in known}


REASONS = {"plots": _plots, "projects": _projects, "changes": _changes}
