"""Who may open a page of the counter: applicants their own dossiers, and papers also the staff who may read them.
No browser keeps such a page: the next person at the same machine would find it by the back button."""

from functools import wraps

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.cache import never_cache

from onestop.models import Dossier
from projects import mandates


def find(user, pk) -> Dossier:
    """The dossier, with the rows that every page names; 404 for whoever may not know of it."""
    rows = (
        Dossier.objects.visible_to(user)
        .with_names()
        .select_related("version", "created_by", "division", "result_file")
    )
    return get_object_or_404(rows, pk=pk)


def applicant_page(capacity):
    """A page of somebody who acts for the enterprise; staff are led to the same dossier in the back office."""

    def decorate(view):
        @wraps(view)
        @never_cache
        @login_required
        def page(request, pk, **rest):
            dossier = find(request.user, pk)
            if request.user.is_staff:
                return redirect("admin:onestop_dossier_change", dossier.pk)
            if not mandates.may(request.user, dossier.enterprise, capacity):
                raise PermissionDenied
            return view(request, dossier, **rest)

        return page

    return decorate


def reader_page(view):
    """A paper that everybody may read who may open its dossier."""

    @wraps(view)
    @never_cache
    @login_required
    def page(request, pk, **rest):
        return view(request, find(request.user, pk), **rest)

    return page
