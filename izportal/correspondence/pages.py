"""The pages of correspondence: what a form may fill in, the page behind the secret address, and its end."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from izportal import guessing
from izportal.correspondence import by_link


def by_secret(rows):
    """For a view that takes the token and the one of `rows` that it opens."""
    return guessing.by_secret(partial(by_link, rows), f"{rows.model.__name__.lower()}-link")


def known_of(user):
    """What a form may fill in of whoever is signed in."""
    return {"name": user.full_name, "email": user.email, "phone": user.phone} if user.is_authenticated else {}


def erase_page(request, token, row, template, *, erase, done, to):
    """The writer takes their data back; the address is not there afterwards."""
    if request.method == "POST":
        erase(row, at=timezone.now())
        messages.success(request, done % {"reference": row.reference})
        return redirect(to)
    opts = row._meta
    back = reverse(f"{opts.app_label}:{opts.model_name}_detail", args=[token])
    return render(request, template, {"row": row, "back": back})
