"""The editions of some kinds that a reader is shown: in their language, or in Vietnamese where there is none in it."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from izportal import languages
from izportal.press.models import Edition


def of_kind(*kinds: str, language: str, at: datetime) -> QuerySet[Edition]:
    rows = Edition.objects.public(at=at).filter(item__kind__in=kinds)
    if language == languages.SOURCE:
        return rows.in_language(language)
    own = Edition.objects.public(at=at).filter(item=OuterRef("item"), language=language)
    return rows.filter(Q(language=language) | Q(~Exists(own), language=languages.SOURCE))
