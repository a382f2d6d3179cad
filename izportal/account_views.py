"""Pages about one's own account that the library does not have: overview, particulars, what comes after signing up."""

import logging
from http import HTTPStatus

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views as provider_views
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from requests import RequestException

from izportal import factors, sessions
from izportal.accounts import Particulars
from izportal.models import User

logger = logging.getLogger(__name__)


class DetailsForm(Particulars, forms.ModelForm):
    class Meta:
        model = User
        fields = ("full_name", "phone", "language")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["full_name"].disabled = self.instance.is_staff


def openid_connect_login(request, provider_id):
    return _told_in_words(provider_views.login, request, provider_id)


def openid_connect_callback(request, provider_id):
    return _told_in_words(provider_views.callback, request, provider_id)


def _told_in_words(view, request, provider_id):
    """A provider that is down, or says what nobody understands, is no error of the portal."""
    try:
        return view(request, provider_id)
    except (RequestException, OAuth2Error, KeyError, TypeError, ValueError, AttributeError) as fault:
        logger.warning("OpenID Connect: %s: %s", provider_id, fault)
        return render(request, "socialaccount/authentication_error.html", status=HTTPStatus.BAD_GATEWAY)


@login_required
@never_cache
def my_account(request):
    context = {
        "proofs": factors.proofs(request.user),
        "sessions": len(UserSession.objects.purge_and_list(request.user)),
    }
    return render(request, "account/my_account.html", context)


@login_required
@never_cache
def my_details(request):
    form = DetailsForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if form.is_valid():
        form.save()
        messages.success(request, _("Đã lưu."))
        return redirect("my_account")
    return render(request, "account/my_details.html", {"form": form})


@login_required
@require_POST
def my_session_end(request, pk):
    row = get_object_or_404(UserSession, pk=pk, user=request.user)
    sessions.end_one(request, row)
    messages.success(request, _("Đã kết thúc phiên đăng nhập."))
    return redirect("usersessions_list")


@login_required
def what_next(request):
    return render(request, "account/what_next.html")
