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
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from requests import RequestException

from izportal import digests, factors, sessions, wordings
from izportal.accounts import Particulars
from izportal.models import Notice, User

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


class LettersForm(forms.Form):
    letters = forms.ChoiceField(
        label=gettext_lazy("Cách nhận thư"), choices=User.Letters.choices, widget=forms.RadioSelect
    )


@login_required
@never_cache
def my_letters(request):
    """One letter for each matter, or one a day; and which letters never wait."""
    form = LettersForm(request.POST or None, initial={"letters": request.user.letters})
    if form.is_valid():
        sent = digests.choose(request.user, form.cleaned_data["letters"])
        messages.success(request, _saved(sent))
        return redirect("my_letters")
    urgent, waiting = wordings.kinds_for(request.user)
    context = {
        "form": form, "urgent": urgent, "waiting": waiting, "hour": f"{digests.hour_of(timezone.now()):%H:%M}",
        "held": Notice.objects.filter(user=request.user, is_held=True).count(),
    }  # fmt: skip
    return render(request, "account/my_letters.html", context)


def _saved(sent):
    if not sent:
        return _("Đã lưu.")
    words = ngettext(
        "Đã lưu. %(count)s thư đang chờ được gửi ngay.", "Đã lưu. %(count)s thư đang chờ được gửi ngay.", sent
    )
    return words % {"count": sent}


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
