"""A search as an Atom feed: the plots that it finds, those that changed last first."""

from collections.abc import Iterable
from datetime import date, datetime, time

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from izportal.templatetags.area import grouped
from zones.models import Availability, Plot

MOST_ENTRIES = 50


def atom(request: HttpRequest, plots: Iterable[Plot], *, words: list[str], page: str) -> HttpResponse:
    """`plots` come with their status; `words` tell the search, `page` is the address of its list."""
    feed = Atom1Feed(
        title=" · ".join([_("Đất và nhà xưởng"), *map(str, words)]),
        link=request.build_absolute_uri(page),
        description="",
        language=get_language(),
        feed_url=request.build_absolute_uri(),
    )
    for plot in sorted(plots, key=_changed_on, reverse=True)[:MOST_ENTRIES]:
        address = request.build_absolute_uri(plot.get_absolute_url())
        changed = timezone.make_aware(datetime.combine(_changed_on(plot), time.min))
        feed.add_item(
            title=_("Lô %(number)s, %(zone)s") % {"number": plot.number, "zone": plot.zone.short_name},
            link=address,
            description=_line(plot),
            # The same entry comes again, and is shown as new, once its state has changed.
            unique_id=f"{address}#{_changed_on(plot):%Y-%m-%d}",
            updateddate=changed,
            pubdate=changed,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=Atom1Feed.content_type)


def _changed_on(plot: Plot) -> date:
    return max(day for day in (plot.status_since, plot.confirmed_on, plot.price_on, date.min) if day)


def _line(plot: Plot) -> str:
    state = Availability.Status(plot.status).label if plot.status else _("Chưa ghi nhận")
    parts = [plot.get_kind_display(), f"{grouped(plot.area_ha, at_most=4)} ha", state]
    return ", ".join([*map(str, parts), *([_("Minh họa")] if plot.is_sample else [])])
