"""A dossier as the officer sees it: the same parts of the desk's page, for those who file it, to be read only."""

from django.shortcuts import render
from django.utils import timezone

from onestop import desk, questions
from onestop.views.access import applicant_page


@applicant_page("view")
def dossier_as_officer(request, dossier):
    context = {
        "dossier": dossier, "sight": desk.LOOKS["completeness"](dossier, timezone.now()),
        "sections": [(title, lines) for title, lines in questions.render(dossier, request.LANGUAGE_CODE) if lines],
        "papers": list(dossier.papers.select_related("component", "stored", "given_by")),
        "paper_page": "onestop:paper_download", "is_unfinished": bool(dossier.typed),
    }  # fmt: skip
    return render(request, "onestop/dossier_as_officer.html", context)
