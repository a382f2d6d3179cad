"""Pages about one's own account that the library does not have: overview, particulars, what comes after signing up."""

from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from izportal import factors, sessions
from izportal.accounts import Particulars
from izportal.models import User


class DetailsForm(Particulars, forms.ModelForm):
    class Meta:
        model = User
        fields = ("full_name", "phone", "language")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["full_name"].disabled = self.instance.is_staff


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
