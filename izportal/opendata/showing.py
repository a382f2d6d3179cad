"""The resources as the page tells them: how many rows, when last changed, which columns, where the files are."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max
from django.urls import reverse

from izportal.models import PublishedRow
from izportal.opendata import package
from izportal.opendata.asking import Question
from izportal.opendata.catalogue import RESOURCES
from izportal.opendata.resources import Resource


@dataclass(frozen=True)
class Shown:
    resource: Resource
    rows: int
    changed_at: datetime | None
    files: list[tuple[str, str]]

    @property
    def page(self) -> str:
        return reverse(self.resource.page) if self.resource.page else ""


def shown(question: Question) -> list[Shown]:
    """Every resource for one question; a fixed number of questions to the database."""
    changed = dict(PublishedRow.objects.order_by().values_list("resource").annotate(Max("changed_at")))
    return [_shown(row, question.for_what(row.takes), changed) for row in RESOURCES.values()]


def _shown(row: Resource, question: Question, changed: dict[str, datetime]) -> Shown:
    query = package.query(row, question)
    files = [(format, reverse("opendata_file", args=[row.name, format]) + query) for format in row.formats]
    last = changed.get(row.name) if row.is_tracked else max(changed.values(), default=None)
    return Shown(row, row.count(question), last, files)
