"""The search over the whole portal: what of each kind its reader may see and holds every word asked for, best first.

What can be found stands in `kinds`, how the words are shown in `excerpts`, what a misspelt word may mean in `nearby`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, QuerySet, Subquery, Value
from django.utils.safestring import SafeString

from izportal.folding import holding, rank
from izportal.site_search.excerpts import excerpt, holds_all, marked
from izportal.site_search.kinds import KINDS, Kind

MOST_OF_A_GROUP = 5
EXACT = 0  # the rank of a whole name or code


class Hit(NamedTuple):
    """A row with its title and, where the title alone does not say why it was found, the words that do."""

    row: Any
    title: SafeString
    excerpt: SafeString


@dataclass
class Group:
    kind: Kind
    total: int
    hits: list[Hit]
    is_exact: bool


def look(query: str, *, user: Any, on: date) -> list[Group]:
    """The first rows of each kind that holds the words: first the kinds in which something bears that very name or
    code, then as the kinds stand."""
    groups = [_group(kind, query, user, on) for kind in KINDS.values()]
    return sorted((group for group in groups if group.total), key=lambda group: not group.is_exact)


def found(kind: Kind, query: str, *, user: Any, on: date) -> QuerySet:
    """Every row of a kind that holds the words, in order, each as its line shows it."""
    rows = kind.shown(kind.visible(user), on)
    return _ordered(_held(kind, query, rows), query)


def is_there(query: str, *, user: Any) -> bool:
    return any(_held(kind, query, kind.visible(user)).exists() for kind in KINDS.values())


def hits_of(kind: Kind, rows: Any, query: str) -> list[Hit]:
    return [_hit(kind, row, query) for row in rows]


def _group(kind: Kind, query: str, user: Any, on: date) -> Group:
    """Counted and put in order by one look at the words; only what is shown is read in full."""
    held = _held(kind, query, kind.visible(user))
    # A sum beside the first rows: over them it would put all rows in order, not only the first.
    total = held.order_by().annotate(all=Value(1)).values("all").annotate(total=Count("pk")).values("total")
    first = _ordered(held, query).annotate(total=Subquery(total)).values_list("pk", "place", "total")
    best = list(first[:MOST_OF_A_GROUP])
    places = {pk: place for place, (pk, _rank, _total) in enumerate(best)}
    shown = kind.shown(kind.visible(user), on).filter(pk__in=places) if places else []
    rows = sorted(shown, key=lambda row: places[row.pk])
    return Group(kind, best[0][2] if best else 0, hits_of(kind, rows, query), bool(best) and best[0][1] == EXACT)


def _held(kind: Kind, query: str, rows: QuerySet) -> QuerySet:
    """By the words; a number that a row is known by elsewhere counts as well."""
    by_words, by_number = holding(query), kind.known_by(query)
    if by_words is None:
        return rows.none()
    return rows.filter(by_words | by_number if by_number else by_words)


def _ordered(rows: QuerySet, query: str) -> QuerySet:
    return rows.annotate(place=rank(query)).order_by("place", *rows.model._meta.ordering)


def _hit(kind: Kind, row: Any, query: str) -> Hit:
    title, *others = kind.words(row)
    if holds_all(title, query):
        return Hit(row, marked(title, query), SafeString())
    best = next((text for text in others if holds_all(text, query)), None)
    if best is None:
        best = max(others, key=lambda text: len(excerpt(text, query)), default="")
    return Hit(row, marked(title, query), excerpt(best, query))
