"""The page of the search over the whole portal: the first of each kind, or all of one kind in pages."""

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from izportal import site_search
from izportal.lists import SearchForm, page_of
from izportal.site_search import nearby
from izportal.site_search.kinds import KINDS


@require_safe
def opensearch(request):
    """How browsers may search the portal from their own address line (OpenSearch 1.1)."""
    answer = render(request, "izportal/opensearch.xml", content_type="application/opensearchdescription+xml")
    answer["Cache-Control"] = "public, max-age=86400"
    return answer


class PortalSearchForm(SearchForm):
    kind = forms.ChoiceField(label=_("Nhóm kết quả"))

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = [(code, kind.label) for code, kind in KINDS.items()]


def search(request):
    form = PortalSearchForm(request.GET)
    query, code = (form.cleaned_data["q"], form.cleaned_data["kind"]) if form.is_valid() else ("", "")
    found = {}
    if query:
        today = timezone.localdate()
        found = _of_one(request, query, KINDS[code], today) if code else _of_all(request, query, today)
        if not found["total"]:
            found |= {"meant": _meant(request, query), "words": _apart(query)}
    return render(request, "izportal/search.html", {"form": form, "query": query, "total": 0, **found})


def _of_all(request, query, today):
    groups = site_search.look(query, user=request.user, on=today)
    return {"groups": groups, "total": sum(group.total for group in groups)}


def _of_one(request, query, kind, today):
    rows = site_search.found(kind, query, user=request.user, on=today)
    page = page_of(request, rows, is_deep=True)
    listing = reverse(kind.listing, query={"q": query, **dict(kind.filters)}) if kind.listing else ""
    hits = site_search.hits_of(kind, page.object_list, query)
    return {"kind": kind, "page_obj": page, "hits": hits, "total": page.paginator.count, "listing": listing}


def _meant(request, query):
    """Another spelling, where it finds something."""
    meant = nearby.suggestion(query)
    return meant if meant and site_search.is_there(meant, user=request.user) else ""


def _apart(query):
    """The words one by one, where there are several."""
    words = list(dict.fromkeys(query.split()))
    return words if 1 < len(words) <= nearby.MOST_MENDED else []
