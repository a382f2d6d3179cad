"""The editions of some kinds that a reader is shown: in their language, or in Vietnamese where there is none in it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from izportal import languages
from izportal.press.models import Edition, FormerSlug, Item

# What an item of a kind cannot be shown without.
FACTS = {Item.Kind.CONSULTATION: "consultation", Item.Kind.ANSWER: "answer"}


def of_kind(*kinds: str, language: str, at: datetime) -> QuerySet[Edition]:
    rows = Edition.objects.public(at=at).filter(item__kind__in=kinds)
    for kind in FACTS.keys() & set(kinds):
        rows = rows.exclude(**{"item__kind": kind, f"item__{FACTS[kind]}": None})
    if language == languages.SOURCE:
        return rows.in_language(language)
    own = Edition.objects.public(at=at).filter(item=OuterRef("item"), language=language)
    return rows.filter(Q(language=language) | Q(~Exists(own), language=languages.SOURCE))


def moved_to(slug: str, rows: QuerySet[Edition]) -> Item | None:
    """Where a former address leads among these editions."""
    former = FormerSlug.objects.select_related("item").filter(slug=slug).first()
    return former.item if former and rows.filter(item=former.item_id).exists() else None
