"""The editions of some kinds that a reader is shown: in their language, or in Vietnamese where there is none in it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from izportal import languages
from izportal.press.models import Edition, Item

# What an item of a kind cannot be shown without.
FACTS = {Item.Kind.CONSULTATION: "consultation", Item.Kind.ANSWER: "answer"}


def of_kind(*kinds: str, language: str, at: datetime, is_archive: bool = False) -> QuerySet[Edition]:
    """`is_archive`: with those that have ended at their hour."""
    rows = _shown(at, is_archive)
    if language == languages.SOURCE:
        return _complete(rows, kinds).in_language(language)
    own = rows.filter(item=OuterRef("item"), language=language)
    return _complete(rows, kinds).filter(Q(language=language) | Q(~Exists(own), language=languages.SOURCE))


def only_in(language: str, *kinds: str, at: datetime) -> QuerySet[Edition]:
    """Those that are out in this language; none stands in."""
    return _complete(_shown(at), kinds).in_language(language)


def _shown(at: datetime, is_archive: bool = False) -> QuerySet[Edition]:
    return Edition.objects.archived(at=at) if is_archive else Edition.objects.public(at=at)


def _complete(rows: QuerySet[Edition], kinds: tuple[str, ...]) -> QuerySet[Edition]:
    rows = rows.filter(item__kind__in=kinds)
    for kind in FACTS.keys() & set(kinds):
        rows = rows.exclude(**{"item__kind": kind, f"item__{FACTS[kind]}": None})
    return rows


def at_address(rows: QuerySet[Edition], slug: str) -> Edition:
    """The one of these editions whose item has this address, or had it once: then its `slug` is another. Raises
    `Http404`."""
    found = rows.filter(item__slug=slug).first() or rows.filter(item__former_slugs__slug=slug).first()
    if found is None:
        raise Http404
    return found
