"""A search of land followed by letter: asked for, confirmed from the mailbox itself, told of when something changes,
stopped by one click. Nobody needs an account; whoever stops, or never confirms, leaves nothing behind."""

from datetime import datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone, translation

from izportal.models import Notice
from zones import search
from zones.forms import PlotFilterForm
from zones.models import Plot, SearchWatch
from zones.watches import letters

# A letter tells of at most so many plots; of a search that finds more, the first ones are followed.
MOST = 300
TO_CONFIRM = timedelta(days=7)
# Between two letters about one search; a little less than a day, so that a daily run is never a minute too early.
PAUSE = timedelta(hours=20)


@transaction.atomic
def ask(*, email: str, query: str, language: str, at: datetime) -> SearchWatch:
    """Write to an address that it is to confirm; asked again, at most one such letter a day."""
    told = {"language": language, "asked_at": at}
    watch, _is_new = SearchWatch.objects.get_or_create(email=email.lower(), query=query, defaults=told)
    letters.confirm(watch, token_of(watch), at=at)
    return watch


@transaction.atomic
def confirm(watch: SearchWatch, *, at: datetime) -> None:
    """From now on its reader is told what changes; once is enough."""
    row = SearchWatch.objects.select_for_update().get(pk=watch.pk)
    if row.confirmed_at is None:
        row.confirmed_at, row.seen = at, _signs(_found(row, at))
        row.save(update_fields=["confirmed_at", "seen"])


@transaction.atomic
def end(watch: SearchWatch) -> None:
    """The address, the search and what was written about it go."""
    Notice.objects.filter(key__startswith=letters.key_of(watch)).delete()
    watch.delete()


def of_address(email: str) -> QuerySet[SearchWatch]:
    return SearchWatch.objects.filter(email__iexact=email)


def token_of(watch: SearchWatch) -> str:
    return Signer(salt="zones.watches").sign(watch.key.hex)


def by_token(token: str) -> SearchWatch | None:
    try:
        return SearchWatch.objects.filter(key=Signer(salt="zones.watches").unsign(token)).first()
    except BadSignature:
        return None


def form_of(watch: SearchWatch) -> PlotFilterForm:
    """The search, in the language of the moment."""
    return PlotFilterForm(QueryDict(watch.query))


def tell(*, at: datetime) -> int:
    """Write to each confirmed reader whose search finds something else than the last letter knew; how many letters."""
    due = SearchWatch.objects.filter(confirmed_at__isnull=False).exclude(told_at__gt=at - PAUSE)
    return sum(_tell_one(pk, at) for pk in due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _tell_one(pk: int, at: datetime) -> bool:
    watch = SearchWatch.objects.select_for_update().filter(pk=pk).first()
    if watch is None:
        return False
    found = _found(watch, at)
    if found is None:
        letters.ended(watch, at=at)
        watch.delete()
        return True
    signs = _signs(found)
    if signs == watch.seen:
        return False
    letters.news(watch, found, signs, token_of(watch), at=at)
    watch.seen, watch.told_at = signs, at
    watch.save(update_fields=["seen", "told_at"])
    return True


def sweep(*, at: datetime) -> int:
    """Forget what nobody has confirmed; how many."""
    old = SearchWatch.objects.filter(confirmed_at__isnull=True, asked_at__lt=at - TO_CONFIRM)
    for watch in list(old):
        end(watch)
    return len(old)


def _found(watch: SearchWatch, at: datetime) -> list[Plot] | None:
    """What the public sees of the search; None where it cannot be read any more."""
    with translation.override(watch.language):
        form = form_of(watch)
        if not form.is_valid():
            return None
        rows, on = Plot.objects.published(), timezone.localdate(at)
        found = search.plots(rows, form.wish, on=on, sort=form.chosen("sort"), reaches=form.reaches)
        return list(search.named(found.defer("outline")[:MOST], form.reaches))


def _signs(found: list[Plot] | None) -> dict[str, str]:
    return {plot.code: _sign(plot) for plot in found or ()}


def _sign(plot: Plot) -> str:
    """What a letter says of a plot, alike in every language."""
    price = f"{plot.price} {plot.price_currency} {plot.price_basis}" if plot.price is not None else ""
    return f"{plot.status} {plot.area_m2} {price} {plot.term_until or ''}".strip()
