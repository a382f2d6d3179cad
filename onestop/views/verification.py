"""Checking a paper by its code, without an account: whether it still stands, and whether a file is the one issued."""

from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from izportal.guessing import Guesses
from onestop import verification
from onestop.forms import VerifyForm


@require_safe
def verify(request):
    form = VerifyForm(request.GET if "code" in request.GET else None)
    if form.is_valid():
        return redirect("onestop:verify_code", verification.grouped(form.cleaned_data["code"]))
    return render(request, "onestop/verify.html", {"form": form})


@require_safe
@never_cache
def verify_code(request, code):
    """A code that is nobody's and any code after too many wrong tries get the same answer, after the same work."""
    guesses = Guesses(request, "verify")
    is_stopped, standing = guesses.are_too_many, verification.find(code)
    if is_stopped or standing is None:
        guesses.count()
        form = VerifyForm(initial={"code": code.replace("\x00", "")[: verification.LONGEST]})
        return render(request, "onestop/verify_code.html", {"form": form}, status=404)
    context = {"standing": standing, "slip": standing.slip, "code": verification.grouped(standing.slip.code)}
    context["issued_on"] = verification.issued_on(standing.slip)
    return render(request, "onestop/verify_code.html", context)
