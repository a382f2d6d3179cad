"""Some kinds of content in one language as an Atom feed, the newest first; no other language stands in."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest
from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from izportal.press import readable
from izportal.press.models import Edition

MOST_ENTRIES, LONGEST = 30, 300
# An address may change one day; the mark of an entry stays.
MARK = f"tag:{urlsplit(settings.SITE_URL).hostname},2026:press"


def atom(*kinds: str, title: str, name: str, page: str, at: datetime) -> HttpResponse:
    """`name` and `page` name the addresses of the feed and of the list that it follows."""
    language = get_language() or settings.LANGUAGE_CODE
    board = _("Ban Quản lý các khu công nghiệp tỉnh Thái Nguyên")
    feed = Atom1Feed(
        title=f"{title} · {board}", link=settings.SITE_URL + reverse(page), description="", language=language,
        feed_url=settings.SITE_URL + reverse(name), feed_guid=f"{MARK}/{'+'.join(kinds)}/{language}",
        author_name=board,
    )  # fmt: skip
    for edition in _newest(kinds, language, at):
        feed.add_item(
            title=_title(edition), link=settings.SITE_URL + edition.item.get_absolute_url(),
            # Whoever reads the feed takes this for HTML.
            description=escape(_told(edition)), unique_id=f"{MARK}/{edition.item_id}/{language}",
            pubdate=edition.first_at, updateddate=edition.last_at,
            categories=[edition.item.category.name] if edition.item.category else [],
        )  # fmt: skip
    return HttpResponse(feed.writeString("utf-8"), content_type=Atom1Feed.content_type)


def _newest(kinds: tuple[str, ...], language: str, at: datetime) -> list[Edition]:
    """What the board answers to comments is news of its draft."""
    first = Coalesce("published_at", "publish_at")
    answered = F("item__consultation__answered_at")
    rows = readable.only_in(language, *kinds, at=at).annotate(first_at=first)
    rows = rows.annotate(last_at=Greatest("first_at", Coalesce(answered, "first_at")))
    rows = rows.select_related("item__category", "item__document", "item__consultation")
    return list(rows.order_by("-last_at", "-pk")[:MOST_ENTRIES])


def _title(edition: Edition) -> str:
    return f"[{_('Minh họa')}] {edition.title}" if edition.item.is_sample else edition.title


def _told(edition: Edition) -> str:
    document, draft = getattr(edition.item, "document", None), getattr(edition.item, "consultation", None)
    facts: list[str] = []
    if document:
        facts += [document.number, document.issuer, f"{document.issued_on:%d/%m/%Y}" if document.issued_on else ""]
    if draft:
        told = _("Lấy ý kiến %(since)s – %(until)s") % {
            "since": f"{draft.opens_on:%d/%m/%Y}", "until": f"{draft.closes_on:%d/%m/%Y}",
        }  # fmt: skip
        facts += [told, _("Ban đã công bố giải trình") if draft.answered_at else ""]
    said = edition.summary or edition.words[:LONGEST]
    return ". ".join(filter(None, (" · ".join(filter(None, facts)), said)))
