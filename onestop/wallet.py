"""The wallet of an enterprise (kho giấy tờ): what was filed once and may be given again, with its date and its hash.
Nothing is copied: the paper given again names the same kept file. Never from one enterprise to another."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext as _

from izportal import folding
from izportal.models import StoredFile, User
from onestop import papers
from onestop.models import Component, Dossier, Paper
from projects.models import Enterprise

# How far back, and how many for one component: an offer is a convenience, the whole wallet is one click away.
MOST_OFFERS = 3
MOST_LOOKED_AT = 500


def papers_of(enterprise: Enterprise, query: str = "") -> QuerySet[Paper]:
    """One paper for each file that the enterprise has filed and may give again, the newest first.

    A file that stands in several dossiers is listed with the first of them.
    """
    fit = Paper.objects.reusable().filter(dossier__enterprise=enterprise)
    first = fit.order_by().values("stored").annotate(first=Min("pk")).values("first")
    rows = Paper.objects.filter(pk__in=first).select_related("stored", "component", "dossier__procedure")
    return folding.matches(rows, query, ("folded", "dossier__folded")).order_by("-given_at", "-pk")


def uses(listed: Iterable[Paper]) -> dict[UUID, list[Paper]]:
    """Where each file of a page of the wallet stands, in every filed dossier: one question for the whole page."""
    kept = {paper.stored_id for paper in listed}
    rows = Paper.objects.standing().filter(stored__in=kept, dossier__submitted_at__isnull=False)
    found: dict[UUID, list[Paper]] = {key: [] for key in kept}
    for paper in rows.select_related("dossier", "component").order_by("given_at", "pk"):
        found[paper.stored_id].append(paper)
    return found


def offers(dossier: Dossier, components: Iterable[Component]) -> dict[int, list[Paper]]:
    """By component: what the enterprise gave before for the same form, or under the same name; one question."""
    asked = list(components)
    held = list(papers_of(dossier.enterprise)[:MOST_LOOKED_AT]) if asked else []
    known = [(paper, _names(paper.component)) for paper in held if paper.component]
    return {
        component.pk: [paper for paper, names in known if names & _names(component)][:MOST_OFFERS]
        for component in asked
    }


def _names(component: Component) -> set[str]:
    words = (component.form_code and f"form {component.form_code}", component.name_vi)
    return {folding.fold(word) for word in words if word}


def find(dossier: Dossier, pk: int) -> Paper | None:
    """A paper that may be given again in this dossier: of the enterprise's wallet, or standing elsewhere in it."""
    of_wallet = Q(pk__in=Paper.objects.reusable().filter(dossier__enterprise=dossier.enterprise).values("pk"))
    of_dossier = Q(pk__in=Paper.objects.standing().filter(dossier=dossier, stored__is_intact=True).values("pk"))
    return Paper.objects.select_related("stored").filter(of_wallet | of_dossier).filter(pk=pk).first()


@transaction.atomic
def take(
    *, dossier: Dossier, paper: Paper, by: User, at: datetime, component: Component | None = None, title: str = ""
) -> Paper:
    """Give a paper of the wallet again; raises `papers.PaperRefused`. Taking the same one twice changes nothing."""
    row = papers.taking(dossier)
    # Locked, and read anew: the scanner or the nightly reading may have found something since the page was shown.
    StoredFile.objects.select_for_update().get(pk=paper.stored_id)
    source = find(row, paper.pk)
    if source is None:
        raise papers.PaperRefused(_("Giấy tờ này không còn dùng lại được; hãy tải lên tệp khác."))
    standing = next((known for known in papers.current(row) if papers.is_at(known, component, title)), None)
    if standing and standing.stored_id == source.stored_id:
        return standing
    return papers.put(row, source.stored, by=by, at=at, component=component, title=title, taken_from=source)
