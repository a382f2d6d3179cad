"""Pages of a letter about listings: its link shows those listings alone and takes one answer.

A link that was used, has run out or never was gets one and the same page, and what was typed there is given back.
"""

from django.core.exceptions import NON_FIELD_ERRORS
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from izportal.guessing import Guesses, sealed_page, slowed
from zones import confirmation
from zones.confirmation.forms import ListingsForm


@sealed_page
def listing_confirm(request, token):
    now = timezone.now()
    letter = confirmation.by_link(token, at=now)
    if letter is None:
        return _used_or_gone(request, token)
    form = ListingsForm(request.POST if request.method == "POST" else None, plots=confirmation.plots_of(letter))
    if request.method == "POST" and form.is_valid() and _taken(form, letter, now):
        return redirect("zones:listing_confirmed")
    context = {"letter": letter, "form": form}
    is_refused = form.has_error(NON_FIELD_ERRORS, "refused")
    return render(request, "zones/listing_confirm.html", context, status=409 if is_refused else 200)


@require_safe
def listing_confirmed(request):
    """Says only that the board has an answer: whoever opens it learns nothing."""
    return render(request, "zones/listing_confirmed.html")


def _taken(form, letter, now):
    try:
        confirmation.answer(letter, form.answers, at=now)
    except confirmation.WordRefused as refusal:
        form.add_error(None, form.refused(str(refusal)))
        return False
    return True


def _used_or_gone(request, token):
    """Sent twice by one press: the same words get the same receipt."""
    used = confirmation.by_used_link(token) if request.method == "POST" else None
    if used is not None:
        form = ListingsForm(request.POST, plots=list(used.plots.all()))
        if form.is_valid() and confirmation.is_answered_so(token, form.answers):
            return redirect("zones:listing_confirmed")
    return _gone(request)


def _gone(request):
    """The same for every reason; tries are counted, so that guessing is slowed."""
    guesses = Guesses(request, "listing")
    is_slowed = guesses.are_too_many
    guesses.count()
    notes = [value for name, value in request.POST.items() if name.startswith("note_") and value.strip()]
    context = {"typed": "\n\n".join(notes).replace("\0", "")}
    response = render(request, "zones/listing_gone.html", context, status=404)
    return slowed(response) if is_slowed else response
