"""Who may open a page of the counter: applicants their own dossiers, and papers also the staff who may read them.
No browser keeps such a page: the next person at the same machine would find it by the back button."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from onestop import carrying, shapes
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
            if capacity == "prepare" and dossier.is_draft:
                if sent_elsewhere := _of_old_form(request, dossier, view.__name__, rest.get("section")):
                    return sent_elsewhere
                if request.method == "GET" and _carry(dossier):
                    dossier = find(request.user, pk)
            return view(request, dossier, **rest)

        return page

    return decorate


def _carry(dossier):
    """A draft that is opened is carried to the form in force. What a page of the old form sends is kept on that form
    first, since only reading carries."""
    now = timezone.now()
    return carrying.carry(dossier, on=timezone.localdate(now), at=now)


def _of_old_form(request, dossier, page, section):
    """Where a page opened before the draft was carried is sent on: nothing is filed on a form not in force, and what
    was typed for questions that are gone is set aside. None where the page may go on."""
    if request.method != "POST":
        return None
    if page == "dossier_review" and _carry(dossier):
        messages.warning(request, _("Biểu mẫu vừa thay đổi nên hồ sơ chưa nộp. Hãy xem lại từng phần rồi nộp."))
        return redirect("onestop:dossier_review", dossier.pk)
    if carrying.rescue(dossier, request.POST):
        messages.warning(
            request, _("Biểu mẫu vừa thay đổi; phần bạn gõ cho câu hỏi cũ được giữ trong khung bên dưới.")
        )
    shape = shapes.of_dossier(dossier) if section else None
    if dossier.carried_from_id and shape and shape.section(section) is None:
        return redirect("onestop:dossier_review", dossier.pk)
    return None


def reader_page(view):
    """A paper that everybody may read who may open its dossier."""

    @wraps(view)
    @never_cache
    @login_required
    def page(request, pk, **rest):
        return view(request, find(request.user, pk), **rest)

    return page
