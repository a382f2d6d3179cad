"""The pages of a followed search: the form that asks for letters, and behind a signed address its confirmation and
its end."""

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from izportal.guessing import Guesses, by_secret, sealed_page
from zones import watches
from zones.forms import PlotFilterForm
from zones.watches import letters
from zones.watches.forms import WatchForm

RATE = "enquiries_per_hour"
_of_search = by_secret(watches.by_token, "watch-link", page=sealed_page)


@never_cache
def watch_new(request):
    """The search comes as `q`, the address of its list; one that cannot be read is not followed."""
    search = PlotFilterForm(QueryDict(request.GET.get("q", "")[: letters.LONGEST_QUERY]))
    if not search.is_valid() or search.unread:
        return render(request, "zones/watch_new.html", {"search": search}, status=400)
    form, status = WatchForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        if form.is_valid() and _is_asked(request, form, search):
            messages.success(request, _("Đã gửi thư xác nhận. Hãy mở thư và bấm xác nhận để bắt đầu theo dõi."))
            return redirect(f"{reverse('zones:plot_list')}{search.address()}".removesuffix("?"))
        status = 422
    elif request.user.is_authenticated:
        form.initial["email"] = request.user.email
    return render(request, "zones/watch_new.html", _told(search) | {"form": form}, status=status)


def _is_asked(request, form, search):
    tries = Guesses(request, "watch", rule=RATE)
    if tries.are_too_many:
        form.add_error(None, _("Địa chỉ mạng của bạn vừa gửi quá nhiều yêu cầu. Hãy gửi lại sau một giờ."))
        return False
    tries.count()
    if not form.is_robot:
        email = form.cleaned_data["email"]
        query = search.address(sort=None, map=None)[1:]
        watches.ask(email=email, query=query, language=get_language(), at=timezone.now())
    return True


@_of_search
def watch_detail(request, token, watch):
    if request.method == "POST":
        watches.confirm(watch, at=timezone.now())
        return redirect("zones:watch_detail", token)
    context = _told(watches.form_of(watch)) | {"watch": watch, "token": token}
    return render(request, "zones/watch_detail.html", context)


@_of_search
def watch_end(request, token, watch):
    """One press, or the one click of a mail program, which sends no cookie."""
    is_ended = request.method == "POST"
    context = _told(watches.form_of(watch)) | {"token": token, "is_ended": is_ended}
    if is_ended:
        watches.end(watch)
    return render(request, "zones/watch_end.html", context)


def _told(search):
    return {"search": search, "words": letters.words_of(search), "list_query": search.query}
