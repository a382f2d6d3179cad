"""Pages about personal data: what the portal does with them, what it keeps of the reader, giving out and erasing."""

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from izportal import roles
from izportal.models import Act, User
from izportal.privacy import erasure
from izportal.privacy.export import bundle
from izportal.privacy.kept import PLACES, kept_of

SHOWN = 10
LAW = "91/2025/QH15"


class SureForm(forms.Form):
    """Typing one's own address shows that the press was meant."""

    email = forms.CharField(
        label=gettext_lazy("Gõ lại thư điện tử của tài khoản này để xác nhận"), max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email"}),
    )  # fmt: skip

    use_required_attribute = False

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.person = person

    def clean_email(self):
        if self.cleaned_data["email"].strip().lower() != self.person.email.lower():
            raise forms.ValidationError(_("Địa chỉ này không phải thư điện tử của tài khoản."))
        return self.person.email


class LetterForm(SureForm):
    basis = forms.CharField(
        label=gettext_lazy("Căn cứ: số, ngày văn bản đề nghị và cách đã xác minh người đề nghị"), max_length=300
    )
    field_order = ("basis", "email")


def privacy(request):
    """The public page: what is kept of whom, why, how long, and what one may ask for."""
    law = Act.objects.filter(number=LAW).first()
    return render(request, "izportal/privacy.html", {"places": PLACES, "law": law})


@never_cache
@login_required
def my_data(request):
    context = {"kept": kept_of(request.user, most=SHOWN), "why_not": erasure.why_not(request.user, by=request.user)}
    return render(request, "izportal/my_data.html", context)


@never_cache
@login_required
@reauthentication_required
def my_data_export(request):
    at = timezone.now()
    response = HttpResponse(bundle(request.user, at=at), content_type="application/zip")
    name = f"du-lieu-cua-toi-{timezone.localdate(at):%Y-%m-%d}.zip"
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@never_cache
@login_required
@reauthentication_required
def my_data_erase(request):
    person = User.objects.get(pk=request.user.pk)
    form = SureForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid() and _erased(form, by=person):
        logout(request)
        messages.success(request, _("Đã xóa dữ liệu cá nhân của bạn. Thư xác nhận được gửi tới địa chỉ cũ."))
        return redirect("privacy")
    context = {"form": form, "places": PLACES, "why_not": erasure.why_not(person, by=person)}
    return render(request, "izportal/my_data_erase.html", context, status=422 if form.errors else 200)


def person_erase(request, pk):
    """For a request that came by letter; stands beside the account in the back office."""
    if not roles.may(request.user, "keep_people"):
        raise PermissionDenied
    person = get_object_or_404(User, pk=pk)
    form = LetterForm(request.POST if request.method == "POST" else None, person=person)
    if request.method == "POST" and form.is_valid() and (erased := _erased(form, by=request.user)):
        said = _("Đã xóa dữ liệu cá nhân. Căn cứ: %(basis)s") % {"basis": form.cleaned_data["basis"]}
        LogEntry.objects.log_actions(request.user.pk, [erased], CHANGE, said, single_object=True)
        messages.success(request, said)
        return redirect("admin:izportal_user_change", pk)
    context = {
        **admin.site.each_context(request), "title": _("Xóa dữ liệu cá nhân"), "person": person, "form": form,
        "places": PLACES, "why_not": erasure.why_not(person, by=request.user),
    }  # fmt: skip
    return render(request, "izportal/person_erase.html", context, status=422 if form.errors else 200)


def _erased(form, *, by):
    try:
        return erasure.erase(form.person, by=by, at=timezone.now())
    except erasure.ErasureRefused as refusal:
        form.add_error(None, str(refusal))
    return None
