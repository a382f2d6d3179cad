"""Reporting by those who act for an enterprise: what is owed, the sheet, its review, and what was filed."""

from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from izportal import documents, windows
from izportal.lists import page_of
from izportal.templatetags.date import clock
from projects import mandates
from projects.models import Enterprise, Project, Report, ReportPeriod
from projects.reports import duties, filing, showing
from projects.views.mandates import applicant_page


# What is owed -------------------------------------------------------------------------------------
@applicant_page
def report_list(request):
    """What is owed comes first, then what is coming; every version that was filed stands below."""
    today = timezone.localdate()
    enterprises = Enterprise.objects.visible_to(request.user)
    rows = duties.of_enterprises(enterprises, periods=showing.periods_on(today))
    filed = Report.objects.visible_to(request.user).as_known().with_answer().with_names()
    context = {
        "owed": showing.owed(rows, today),
        "coming": [duty for duty in rows if duty.period.state_on(today) == ReportPeriod.State.COMING],
        "page_obj": page_of(request, filed),
        "has_enterprise": mandates.enterprises_of(request.user).exists(),
    }
    return render(request, "projects/report_list.html", context)


# One report ---------------------------------------------------------------------------------------
def of_report(view):
    """Hands the period and the subject of the address to a page; a stranger finds nothing there."""

    @wraps(view)
    def page(request, period, subject, **address):
        found, row = _find(request.user, period, subject)
        return view(request, found, row, **address)

    return page


def _find(user, period, subject):
    found = get_object_or_404(ReportPeriod, code=period.replace("\0", ""))
    mine = Project.objects.filter(enterprise__in=mandates.enterprises_of(user))
    row = duties.find(user, found, subject.replace("\0", ""), among=mine)
    if row is None or found.state_on(timezone.localdate()) == ReportPeriod.State.COMING:
        raise Http404
    return found, row


@windows.keeps_typing
@applicant_page
@of_report
def report_edit(request, period, subject):
    if not filing.may_prepare(request.user, subject.project):
        return _only_read(request, period, subject)
    if request.method != "POST":
        return _sheet(request, period, subject)
    if request.POST.get("go") == "discard":
        return _discard(request, period, subject)
    form = filing.open_form(period, subject, request.POST)
    try:
        filing.keep(form, seen=windows.seen_in(request), by=request.user, at=timezone.now())
    except filing.DraftChanged as changed:
        return _sheet(request, period, subject, form=form, changed=changed.draft)
    except filing.ReportRefused as refusal:
        return _sheet(request, period, subject, form=form, refusal=str(refusal))
    windows.settle(request)
    if request.POST.get("go") == "exit":
        messages.success(request, _("Đã lưu bản nháp."))
        return redirect("projects:report_list")
    if form.is_valid():
        return redirect("projects:report_review", period=period.code, subject=subject.code)
    return _sheet(request, period, subject, form=form)


def _sheet(request, period, subject, *, form=None, changed=None, refusal=""):
    """As it was just sent, as it was sent too late, or as it is kept."""
    draft = changed or filing.draft_of(period, subject)
    typed = windows.unsent(request) if form is None else None
    if form is None and typed is not None:
        form = filing.open_form(period, subject, typed)
        form = type(form)(initial=form.raw, **form.about)
    if form is None:
        check = draft.typed if draft and "check" in request.GET else None
        form = filing.open_form(period, subject, check, draft=draft)
    context = {
        "form": form, "period": period, "subject": subject, "draft": draft, "refusal": refusal,
        "is_unsent": typed is not None, "window": windows.window_for(request), "turn": request.POST.get("turn", 0),
        "version_no": draft.version_no if draft else 0, "seen": windows.seen_in(request), **showing.about(form),
        **(showing.conflict(form, changed, request.user) if changed else {}),
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 409 if changed else 200
    return render(request, "projects/report_edit.html", context, status=status)


def _only_read(request, period, subject):
    filed = filing.standing(period, subject)
    if filed is None:
        raise Http404
    return redirect(filed)


def _discard(request, period, subject):
    draft = filing.draft_of(period, subject)
    if draft is not None:
        filing.discard(draft, by=request.user)
    messages.success(request, _("Đã bỏ bản nháp."))
    return redirect("projects:report_list")


@never_cache
@require_POST
def report_keep(request, period, subject):
    """Keep the sheet as it stands in the reader's browser; answers JSON, whoever asks."""
    by, _window = windows.window_of(request)
    address = reverse("projects:report_edit", args=[period, subject])
    if not request.user.is_authenticated or by not in (None, request.user.pk):
        url = reverse("account_login", query={"next": address})
        sentence = _("Phiên làm việc đã hết hạn. Những gì bạn gõ còn trên thiết bị này.")
        return _told("signed_out", sentence, status=401, url=url)
    found, row = _find(request.user, period, subject)
    if not filing.may_prepare(request.user, row.project):
        return _told("refused", _("Bạn không được ủy quyền soạn báo cáo này; phần vừa gõ chưa được lưu."), status=403)
    form = filing.open_form(found, row, request.POST)
    try:
        draft = filing.keep(form, seen=windows.seen_in(request), by=request.user, at=timezone.now())
    except filing.DraftChanged as changed:
        return _conflict(request, form, changed.draft)
    except filing.ReportRefused as refusal:
        return _told("refused", str(refusal), status=413)
    windows.settle(request)
    sentence = _("Đã lưu trên cổng lúc %(time)s") % {"time": clock(draft.changed_at)}
    return _told("saved", sentence, version_no=draft.version_no)


def _conflict(request, form, draft):
    context = {**showing.conflict(form, draft, request.user), "address": form.address}
    html = render_to_string("projects/_report_changed.html", context, request)
    sentence = _("Chưa lưu: báo cáo vừa được sửa ở nơi khác")
    return _told("conflict", sentence, status=409, html=html, version_no=draft.version_no)


def _told(state, sentence, *, status=200, **more):
    return JsonResponse({"state": state, "sentence": sentence, **more}, status=status)


# Reviewing and filing -----------------------------------------------------------------------------
@applicant_page
@of_report
def report_review(request, period, subject):
    """Everything as it will be filed; whoever signs for the enterprise files it here."""
    draft = filing.draft_of(period, subject)
    if draft is None:
        filed = filing.standing(period, subject)
        return redirect(filed or reverse("projects:report_edit", args=[period.code, subject.code]))
    if request.method == "POST" and (filed := _submitted(request, draft)):
        return redirect(filed)
    draft = filing.draft_of(period, subject) or draft
    form = filing.open_form(period, subject, draft.typed)
    is_sound = form.is_valid()
    context = {
        "form": form, "period": period, "subject": subject, "draft": draft, "is_sound": is_sound,
        "may_sign": filing.may_sign(request.user, subject.project), **showing.about(form),
        "parts": showing.parts_of_form(form) if is_sound else [],
    }  # fmt: skip
    return render(request, "projects/report_review.html", context, status=200 if is_sound else 422)


def _submitted(request, draft):
    try:
        report = filing.submit(draft, seen=windows.seen_in(request), by=request.user, at=timezone.now())
    except filing.DraftChanged:
        messages.warning(request, _("Báo cáo vừa được sửa ở nơi khác; hãy xem lại rồi nộp."))
    except filing.ReportRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        facts = {"reference": report.reference}
        messages.success(request, _("Đã nộp báo cáo. Số biên nhận: %(reference)s.") % facts)
        return report
    return None


# What was filed -----------------------------------------------------------------------------------
@applicant_page
def report_detail(request, period, subject, number):
    report = _version(request.user, period, subject, number)
    context = {**showing.of_version(report), "may_prepare": filing.may_prepare(request.user, report.project)}
    return render(request, "projects/report_detail.html", context)


@never_cache
@login_required
def report_pdf(request, period, subject, number):
    """The version on paper, in the reader's language; staff who may read it get it too."""
    report = _version(request.user, period, subject, number)
    context = {**showing.of_version(report), "language": get_language()}
    try:
        content = documents.render_pdf(showing.PAPER, context, language=get_language())
    except documents.PdfUnavailable as trouble:
        messages.warning(request, trouble.sentence)
        return redirect(report)
    headers = {"Content-Disposition": f'inline; filename="{report.reference}.pdf"', "Cache-Control": "private"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _version(user, period, subject, number):
    code, _colon, slug = subject.replace("\0", "").partition(":")
    where = {"phase__slug": slug} if _colon else {"phase": None}
    rows = Report.objects.visible_to(user).with_answer().with_names()
    return get_object_or_404(rows, period__code=period.replace("\0", ""), project__code=code, number=number, **where)
