"""Public pages of the content: news with their archive and feed, pages about the board, documents, files, pictures."""

from datetime import MAXYEAR, MINYEAR
from itertools import groupby

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from izportal import documents
from izportal.kept_pages import kept
from izportal.lists import page_of
from izportal.press import feed, pictures, readable, version
from izportal.press.forms import NEWS_KINDS, DocumentFilter, ItemFilter
from izportal.press.models import Attachment, Edition, Item, Picture
from izportal.press.readers import Reading

Kind = Item.Kind
# What is still read, at its own address, once its time is over.
ARCHIVED = (*NEWS_KINDS, Kind.DOCUMENT)
A_YEAR = "public, max-age=31536000, immutable"


def of_kinds(*kinds, at, is_archive=False):
    """What a reader finds in the lists, the newest first."""
    rows = readable.of_kind(*kinds, language=get_language(), at=at, is_archive=is_archive).select_related(
        "item__category", "item__picture"
    )
    return rows.annotate(came_at=Coalesce("published_at", "publish_at")).order_by("-came_at", "-pk")


# News and notices ---------------------------------------------------------------------------------
@kept(version.now)
def item_list(request):
    rows = of_kinds(*NEWS_KINDS, at=timezone.now())
    years = rows.annotate(year=ExtractYear("came_at")).order_by("-year").values_list("year", flat=True).distinct()
    form = ItemFilter(request.GET, years=years)
    found = _narrowed(rows, form.cleaned_data) if form.is_valid() else rows.none()
    context = {"form": form, "page_obj": page_of(request, found), "here": get_language()}
    return render(request, "press/item_list.html", context)


def _narrowed(rows, asked):
    columns = {
        "kind": "item__kind", "category": "item__category__slug", "year": "came_at__year", "month": "came_at__month",
    }  # fmt: skip
    chosen = {column: asked[name] for name, column in columns.items() if asked[name]}
    return rows.filter(**chosen).holding(asked["q"])


@kept(version.now)
def item_archive(request):
    """Every month in which something came out, by year; with what has ended since."""
    rows = of_kinds(*NEWS_KINDS, at=timezone.now(), is_archive=True).order_by()
    counted = (
        rows.annotate(year=ExtractYear("came_at"), month=ExtractMonth("came_at"))
        .values("year", "month").annotate(count=Count("pk")).order_by("-year", "-month")
    )  # fmt: skip
    years = [(year, list(months)) for year, months in groupby(counted, key=lambda row: row["year"])]
    return render(request, "press/item_archive.html", {"years": years})


@kept(version.now)
def item_year(request, year):
    if not MINYEAR < year < MAXYEAR:
        raise Http404
    at, month = timezone.now(), request.GET.get("month", "")
    rows = of_kinds(*NEWS_KINDS, at=at, is_archive=True).filter(came_at__year=year)
    if month.isdecimal() and len(month) < 3:
        rows = rows.filter(came_at__month=int(month))
    page = page_of(request, rows)
    for row in page.object_list:
        row.is_ended = row.has_ended(at)
    context = {"year": year, "month": month, "page_obj": page, "here": get_language()}
    return render(request, "press/item_year.html", context, status=200 if page.object_list else 404)


@kept(version.now)
def item_feed(request):
    return feed.atom(
        *NEWS_KINDS, title=_("Tin tức và thông báo"), name="press:item_feed", page="press:item_list", at=timezone.now()
    )


@kept(version.now)
def item_detail(request, slug):
    return _shown(request, slug, NEWS_KINDS, "press/item_detail.html", is_archive=True)


# Pages and documents ------------------------------------------------------------------------------
@kept(version.now)
def page_list(request):
    rows = of_kinds(Kind.PAGE, at=timezone.now()).order_by("item__position", "item__slug")
    return render(request, "press/page_list.html", {"rows": rows, "here": get_language()})


@kept(version.now)
def page_detail(request, slug):
    return _shown(request, slug, (Kind.PAGE,), "press/page_detail.html")


@kept(version.now)
def document_list(request):
    at = timezone.now()
    rows = of_kinds(Kind.DOCUMENT, at=at).select_related("item__document", "item__document__replaced_by")
    rows = rows.order_by(F("item__document__issued_on").desc(nulls_last=True), "-pk")
    years = rows.filter(item__document__issued_on__isnull=False).order_by("-item__document__issued_on__year")
    form = DocumentFilter(
        request.GET, years=years.values_list("item__document__issued_on__year", flat=True).distinct()
    )
    found = rows.none()
    if form.is_valid():
        year = form.cleaned_data["year"]
        found = (rows.filter(item__document__issued_on__year=year) if year else rows).holding(form.cleaned_data["q"])
    page = page_of(request, found)
    page.object_list = [Reading(row, get_language(), at) for row in page.object_list]
    return render(request, "press/document_list.html", {"form": form, "page_obj": page})


@kept(version.now)
def document_feed(request):
    return feed.atom(
        Kind.DOCUMENT, title=_("Văn bản, quyết định"), name="press:document_feed", page="press:document_list",
        at=timezone.now(),
    )  # fmt: skip


@kept(version.now)
def document_detail(request, slug):
    return _shown(request, slug, (Kind.DOCUMENT,), "press/document_detail.html", is_archive=True)


def _shown(request, slug, kinds, template, is_archive=False):
    """The page of an item; an address that it once had leads to the one that it has now."""
    at = timezone.now()
    rows = readable.of_kind(*kinds, language=get_language(), at=at, is_archive=is_archive).select_related(
        "item__category", "item__picture", "item__division", "item__document__replaced_by__item", "original"
    )
    edition = readable.at_address(rows.prefetch_related("item__attachments__stored"), slug)
    if edition.item.slug != slug:
        return redirect(edition.item, permanent=True)
    return render(request, template, _page(Reading(edition, get_language(), at)))


def _page(reading):
    siblings = ()
    if reading.item.kind == Kind.PAGE:
        siblings = of_kinds(Kind.PAGE, at=reading.at).order_by("item__position", "item__slug")
    return {"reading": reading, "edition": reading.edition, "share": reading.share, "siblings": siblings}


# What is not for everyone -------------------------------------------------------------------------
@never_cache
def preview(request, pk):
    """The page as it will be, for those who write and review it."""
    if not request.user.has_perm("press.view_edition"):
        raise Http404
    rows = Edition.objects.visible_to(request.user).select_related("item__picture", "item__category")
    edition = get_object_or_404(rows, pk=pk)
    context = _page(Reading(edition, edition.language, timezone.now()))
    response = render(request, "press/preview.html", {**context, "is_preview": True})
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def attachment(request, slug, pk):
    """A file of an item that is out or in the archive, or that this person may preview."""
    known = Q(item__slug=slug) | Q(item__former_slugs__slug=slug)
    found = get_object_or_404(Attachment.objects.select_related("stored", "item").filter(known).distinct(), pk=pk)
    rows, at = Edition.objects.filter(item=found.item_id), timezone.now()
    is_out = (rows.archived(at=at) if found.item.kind in ARCHIVED else rows.public(at=at)).exists()
    if not is_out and not _may_preview(request.user, found.item_id):
        raise Http404
    if found.item.slug != slug:
        return redirect(found, permanent=True)
    return documents.serve(found.stored, as_attachment=False)


def _may_preview(user, item_id):
    return user.has_perm("press.view_edition") and Item.objects.visible_to(user).filter(pk=item_id).exists()


def picture(request, pk, width, extension):
    """Its name changes with its content, so whoever has it keeps it."""
    found = get_object_or_404(Picture, pk=pk, extension=extension)
    if width not in found.widths:
        raise Http404
    try:
        content = pictures.storage().open(pictures.path_of(found, width), "rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, content_type=pictures.TYPES[extension])
    response["Cache-Control"], response["X-Content-Type-Options"] = A_YEAR, "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
