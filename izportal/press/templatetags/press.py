"""Pictures in their widths, and the newest of the news for the home page."""

from django import template
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language

from izportal.press import pictures, readable
from izportal.press.forms import NEWS_KINDS

register = template.Library()
MOST_ON_HOME = 4


@register.simple_tag
def picture_tag(picture, alt):
    return pictures.tag(picture, alt=alt, is_lazy=False)


@register.inclusion_tag("press/_newest.html")
def newest_items():
    """One question."""
    rows = readable.of_kind(*NEWS_KINDS, language=get_language(), at=timezone.now())
    rows = rows.select_related("item__category").annotate(came_at=Coalesce("published_at", "publish_at"))
    return {"rows": list(rows.order_by("-came_at", "-pk")[:MOST_ON_HOME]), "here": get_language()}
