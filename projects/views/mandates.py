"""Pages of somebody who acts for enterprises: my mandates, asking for one, who else acts, and ending one."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from izportal import documents
from izportal.doorkeeper import SizeGuard
from izportal.lists import page_of
from projects import mandates
from projects.forms import MandateRequestForm
from projects.models import Enterprise, Mandate, MandateRequest


def applicant_page(view):
    """For people who have signed in; staff do this in the back office. No browser keeps the page."""

    @wraps(view)
    @never_cache
    @login_required
    def page(request, **address):
        return redirect("admin:index") if request.user.is_staff else view(request, **address)

    return page


@applicant_page
def mandate_list(request):
    today = timezone.localdate()
    held = Mandate.objects.filter(user=request.user).select_related("enterprise").order_by("ended_at", "enterprise")
    context = {
        "page_obj": page_of(request, MandateRequest.objects.visible_to(request.user)),
        "mandates": _lines(held, today),
    }
    return render(request, "projects/mandate_list.html", context)


def _lines(rows, today):
    """Each mandate with its state today, and the days left where it ends soon."""
    soon = max(mandates.reminder_days(on=today), default=0)
    return [_line(mandate, today, soon) for mandate in rows]


def _line(mandate, today, soon):
    state = mandate.state_on(today)
    is_in_force = state == Mandate.State.IN_FORCE
    left = (mandate.until - today).days if mandate.until and is_in_force else None
    is_soon = left is not None and left <= soon
    return {"mandate": mandate, "state": state, "is_in_force": is_in_force, "left": left, "is_soon": is_soon}


# Asking -------------------------------------------------------------------------------------------
@csrf_exempt
def mandate_request_new(request):
    """The letter is measured while it comes in, so the guard stands before the form is read; the inner page checks
    the token."""
    request.upload_handlers.insert(0, SizeGuard(request, most=documents.limit_bytes(timezone.localdate())))
    return csrf_protect(_request_page)(request)


@applicant_page
def _request_page(request):
    of = _mandate_to_change(request)
    initial = {"tax_code": of.enterprise.tax_code, "name": of.enterprise.name, "capacity": of.capacity} if of else {}
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = MandateRequestForm(*given, initial=initial, too_big=request.upload_handlers[0].too_big)
    if request.method == "POST" and form.is_valid() and _asked(request, form):
        messages.success(request, _("Đã gửi đề nghị. Ban xem xét và báo cho bạn qua thư điện tử."))
        return redirect("projects:mandate_list")
    context = {"form": form, "of": of, "accept": documents.ACCEPT, "limit_mb": form.limit_mb}
    return render(request, "projects/mandate_request_new.html", context, status=422 if form.errors else 200)


def _mandate_to_change(request):
    number = request.GET.get("mandate", "")
    key = int(number) if number.isdecimal() and len(number) < 18 else 0
    return Mandate.objects.filter(pk=key, user=request.user).select_related("enterprise").first()


def _asked(request, form):
    try:
        return mandates.ask(by=request.user, at=timezone.now(), **form.said)
    except documents.UploadRefused as refusal:
        form.add_error("paper", refusal.sentence)
    except mandates.MandateRefused as refusal:
        form.add_error(None, str(refusal))
    return None


@applicant_page
def mandate_request_withdraw(request, pk):
    row = get_object_or_404(MandateRequest.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        try:
            mandates.withdraw(row, by=request.user, at=timezone.now())
        except mandates.MandateRefused as refusal:
            messages.info(request, str(refusal))
        else:
            messages.success(request, _("Đã rút đề nghị."))
        return redirect("projects:mandate_list")
    return render(request, "projects/mandate_request_withdraw.html", {"row": row})


@applicant_page
def mandate_paper(request, pk):
    row = get_object_or_404(MandateRequest.objects.visible_to(request.user).select_related("paper"), pk=pk)
    if row.paper is None:
        raise Http404
    return documents.serve(row.paper)


# Who acts -----------------------------------------------------------------------------------------
@applicant_page
def enterprise_people(request, tax_code):
    enterprise = get_object_or_404(Enterprise.objects.visible_to(request.user), tax_code=tax_code)
    today = timezone.localdate()
    people = mandates.people_of(enterprise).order_by("user__full_name", "pk")
    context = {
        "enterprise": enterprise,
        "people": _lines(people, today),
        "may_end": mandates.may(request.user, enterprise, mandates.Capacity.SIGN),
    }
    return render(request, "projects/enterprise_people.html", context)


@applicant_page
def mandate_end(request, pk):
    seen = Enterprise.objects.visible_to(request.user)
    mandate = get_object_or_404(Mandate.objects.in_force().select_related("user", "enterprise"), pk=pk)
    if mandate.user_id != request.user.pk and not seen.filter(pk=mandate.enterprise_id).exists():
        raise Http404
    if not mandates.may_end(request.user, mandate):
        raise PermissionDenied
    is_own = mandate.user_id == request.user.pk
    if request.method == "POST":
        return _ended(request, mandate, is_own)
    context = {"mandate": mandate, "is_own": is_own, "is_last": mandates.is_last_signer(mandate)}
    return render(request, "projects/mandate_end.html", context)


def _ended(request, mandate, is_own):
    try:
        mandates.end(mandate, by=request.user, at=timezone.now())
    except mandates.MandateRefused as refusal:
        messages.info(request, str(refusal))
    else:
        messages.success(request, _("Đã chấm dứt ủy quyền, có hiệu lực ngay."))
    if is_own:
        return redirect("projects:mandate_list")
    return redirect("projects:enterprise_people", mandate.enterprise.tax_code)
