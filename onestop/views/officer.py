"""A dossier as the officer sees it: the same parts of the desk's page, for those who file it, to be read only."""

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from onestop import desk, questions
from onestop.views.access import applicant_page
from projects import mandates


@applicant_page("view")
def dossier_as_officer(request, dossier):
    context = {
        "dossier": dossier, "sight": desk.LOOKS["completeness"](dossier, timezone.now()),
        "sections": [(title, lines) for title, lines in questions.render(dossier, request.LANGUAGE_CODE) if lines],
        "papers": list(dossier.papers.select_related("component", "stored", "given_by")),
        "paper_page": "onestop:paper_download", "is_unfinished": bool(dossier.typed),
        "back": _back(request.user, dossier),
    }  # fmt: skip
    return render(request, "onestop/dossier_as_officer.html", context)


def _back(user, dossier):
    """(address, words) of the page that this reader comes from."""
    if not dossier.is_draft:
        return dossier.get_absolute_url(), _("Về hồ sơ")
    if mandates.may(user, dossier.enterprise, "prepare"):
        return reverse("onestop:dossier_review", args=[dossier.pk]), _("Về trang kiểm tra và nộp")
    return reverse("onestop:dossier_list"), _("Hồ sơ của tôi")
