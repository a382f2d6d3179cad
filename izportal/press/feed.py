"""News and notices of one language as an Atom feed, the newest first; no other language stands in."""

from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from izportal.press.models import Edition

MOST_ENTRIES = 30


def atom(request: HttpRequest, editions: list[Edition], *, page: str) -> HttpResponse:
    feed = Atom1Feed(
        title=_("Tin tức và thông báo của Ban Quản lý các khu công nghiệp tỉnh Thái Nguyên"),
        link=request.build_absolute_uri(page), description="", language=get_language(),
        feed_url=request.build_absolute_uri(),
    )  # fmt: skip
    for edition in editions:
        address = request.build_absolute_uri(edition.item.get_absolute_url())
        feed.add_item(
            title=edition.title, link=address, description=edition.summary or edition.words[:300],
            # Its address may change one day; the entry stays the same.
            unique_id=f"tag:{request.get_host()},2026:press/{edition.item_id}/{edition.language}",
            pubdate=edition.first_at, updateddate=edition.out_at,
            categories=[edition.item.category.name] if edition.item.category else [],
        )  # fmt: skip
    return HttpResponse(feed.writeString("utf-8"), content_type=Atom1Feed.content_type)
