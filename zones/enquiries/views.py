"""The public pages of enquiries: the form, which needs no account, and the page behind the secret address."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from izportal import correspondence
from izportal.correspondence.pages import by_secret, erase_page, known_of
from izportal.guessing import Guesses, slowed
from zones import enquiries
from zones.enquiries import figures, snapshot
from zones.enquiries import origin as origins
from zones.enquiries.forms import EnquiryForm, SayForm
from zones.models import Enquiry

RATE = "enquiries_per_hour"
OPENED = Enquiry.objects.select_related("zone", "plot")


@never_cache
def enquiry_new(request):
    at = timezone.now()
    origin = origins.read(request.GET, user=request.user, at=at)
    if request.method == "POST":
        form = EnquiryForm(request.POST, origin=origin, at=at)
        if form.is_valid():
            return _sent(request, form, origin, at)
        return _form_page(request, form, origin, at, status=422)
    return _form_page(request, EnquiryForm(origin=origin, at=at, initial=known_of(request.user)), origin, at)


def _sent(request, form, origin, at):
    """The same form sent again leads to the enquiry that it has made."""
    enquiry, tries = correspondence.taken(Enquiry, form.form_key), Guesses(request, "enquiry", rule=RATE)
    if enquiry is None:
        if tries.are_too_many:
            form.add_error(None, _("Địa chỉ mạng của bạn vừa gửi quá nhiều yêu cầu. Hãy gửi lại sau một giờ."))
            return slowed(_form_page(request, form, origin, at))
        tries.count()
        enquiry = enquiries.ask(
            form_key=form.form_key, said=form.said, origin=origin.kind, seen=origin.seen, at=at, zone=origin.zone,
            plot=origin.plot,
        )  # fmt: skip
        messages.success(request, _("Đã nhận yêu cầu %(reference)s.") % {"reference": enquiry.reference})
    return redirect("zones:enquiry_detail", correspondence.token_of(enquiry))


def _form_page(request, form, origin, at, status=200):
    context = {
        "form": form, "origin": origin, "seen": snapshot.lines(origin.seen), "seen_at": at,
        "due_at": enquiries.due(at=at), "confirmed_on": snapshot.confirmed_on(origin.seen),
        "pace": figures.pace(at=at),
    }  # fmt: skip
    return render(request, "zones/enquiry_new.html", context, status=status)


@by_secret(OPENED)
def enquiry_detail(request, token, enquiry):
    at, status = timezone.now(), 200
    form = SayForm(request.POST if request.method == "POST" else None, at=at)
    if form.is_bound:
        if form.is_valid() and _is_said(request, form, enquiry, at):
            return redirect("zones:enquiry_detail", token)
        status = 422
    context = {
        "enquiry": enquiry, "token": token, "form": form, "replies": enquiry.replies.select_related("by"),
        "seen": snapshot.lines(enquiry.seen), "seen_at": snapshot.moment(enquiry.seen),
        "confirmed_on": snapshot.confirmed_on(enquiry.seen), "is_late": enquiry.is_late(at=at),
    }  # fmt: skip
    return render(request, "zones/enquiry_detail.html", context, status=status)


def _is_said(request, form, enquiry, at):
    tries = Guesses(request, "enquiry-say")
    try:
        if tries.are_too_many:
            raise enquiries.EnquiryRefused(_("Bạn vừa gửi quá nhiều tin. Hãy gửi lại sau một giờ."))
        enquiries.say(enquiry, text=form.cleaned_data["text"], at=at, form_key=form.form_key)
    except enquiries.EnquiryRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    tries.count()
    messages.success(request, _("Đã gửi đến Ban."))
    return True


@by_secret(OPENED)
def enquiry_erase(request, token, enquiry):
    done = _("Đã xóa tên, liên hệ và nội dung của yêu cầu %(reference)s.")
    return erase_page(
        request, token, enquiry, "zones/enquiry_erase.html", erase=enquiries.erase, done=done, to="zones:enquiry_new"
    )
