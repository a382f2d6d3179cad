"""A resource of the open data: what it is, its columns, and its rows as they stream out of the database."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from izportal.models import PublishedRow
from izportal.opendata.asking import Question
from izportal.opendata.columns import Cells, Column, Text

CHUNK = 2000
Tell = Callable[[Any], Iterator[Cells]]


def read(query: Any) -> Iterator[Any]:
    """The rows one by one; of a question to the database never more than a chunk at a time."""
    return query.iterator(chunk_size=CHUNK) if isinstance(query, QuerySet) else iter(query)


@dataclass(frozen=True)
class Rows:
    """The answer to a question, not read yet: all of it, a part of it, or how much it is."""

    query: Any
    tell: Tell = read

    def __iter__(self) -> Iterator[Cells]:
        return self.tell(self.query)

    def part(self, start: int, stop: int) -> list[Cells]:
        return list(self.tell(self.query[start:stop]))

    @property
    def count(self) -> int:
        return self.query.count() if isinstance(self.query, QuerySet) else len(self.query)


@dataclass(frozen=True)
class ForeignKey:
    column: str
    resource: str
    target: str


@dataclass(frozen=True)
class Resource:
    """`find` gives the cells of each row in the order of `columns`; where a resource `has_shapes`, one cell more: its
    geometry, or None. `keys` name a row for good. `version` gives another word after each write to what the rows rest
    on; None where they rest on the clock too. What of a question it takes stands in `takes`."""

    name: str
    title: Text
    note: Text
    about_time: Text
    columns: tuple[Column, ...]
    find: Callable[[Question], Rows]
    version: Callable[[], str] | None
    keys: tuple[str, ...] = ("code",)
    takes: tuple[str, ...] = ("as_of",)
    links: tuple[ForeignKey, ...] = ()
    rhythm: Text = ""
    has_shapes: bool = False
    is_tracked: bool = True
    # Its rows come in the order of their keys, so that a page may go on after one: no row is passed by to reach it.
    is_keyed: bool = False
    page: str = ""
    # Of what it takes, but is no column of its own.
    others: tuple[tuple[str, Any], ...] = ()
    # How many rows there are, where finding them costs more than counting.
    size: Callable[[Question], int] | None = None

    @property
    def choices(self) -> dict[str, Any]:
        return {column.name: column.choices for column in self.columns if column.choices} | dict(self.others)

    @property
    def key_places(self) -> list[int]:
        names = [column.name for column in self.columns]
        return [names.index(name) for name in self.keys]

    def count(self, question: Question) -> int:
        return self.size(question) if self.size else self.find(question).count

    def key_of(self, cells: Cells) -> str:
        return ".".join(str(cells[place]) for place in self.key_places)

    def one(self, code: str, question: Question) -> Cells | None:
        """The row of a code, or None."""
        if "\x00" in code:
            return None
        rows = self.find(replace(question, code=code))
        return next((cells for cells in rows if self.key_of(cells) == code), None)

    @property
    def formats(self) -> tuple[str, ...]:
        return ("csv", "json", "geojson") if self.has_shapes else ("csv", "json")


def by_paths(columns: Sequence[Column]) -> Tell:
    """Tells the rows of a list by the paths of the columns; a path that ends on the way gives nothing."""
    paths = [column.source.split(".") for column in columns]
    return lambda rows: (tuple(_at(row, path) for path in paths) for row in rows)


def _at(row: Any, path: Iterable[str]) -> Any:
    for step in path:
        row = getattr(row, step, None)
    return row


def touched(resource: str, question: Question) -> QuerySet[PublishedRow]:
    """The keys of the rows that the nightly comparison has seen change since a day."""
    rows = PublishedRow.objects.filter(resource=resource, changed_at__date__gte=question.updated_since)
    return rows.order_by().values("key")
