"""Following: my dossiers, one dossier with its clock and its papers, withdrawing, downloading."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from izportal import documents, folding
from izportal.lists import page_of
from izportal.models import CalendarDay
from onestop import (
    clock,
    exchange,
    languages,
    opinions,
    outlook,
    papers,
    progress,
    questions,
    slips,
    supplements,
    workflow,
    worklist,
)
from onestop.forms import WithdrawForm
from onestop.models import Dossier, Slip, Supplement
from onestop.supplements import changes
from onestop.views.access import applicant_page, reader_page
from onestop.views.catalogue import limit_words
from onestop.views.exchange import talk
from projects import mandates

GROUPS = {
    "draft": (gettext_lazy("Bản nháp"), (Dossier.Status.DRAFT,)),
    "yours": (gettext_lazy("Chờ bạn"), Dossier.WAITING_FOR_APPLICANT),
    "board": (gettext_lazy("Ban đang giải quyết"), ("submitted", *Dossier.RUNNING)),
    "result": (gettext_lazy("Có kết quả"), Dossier.SETTLED),
    "ended": (gettext_lazy("Đã kết thúc, không kết quả"), Dossier.ENDED_WITHOUT_RESULT),
}

# The answer to a request is with the office.
ANSWERED = Exists(
    Supplement.objects.filter(dossier=OuterRef("pk"), accepted_at__isnull=True, answered_at__isnull=False)
)


@never_cache
@login_required
def dossier_list(request):
    if request.user.is_staff:
        return redirect("admin:index")
    now = timezone.now()
    group = request.GET.get("group", "")
    query = request.GET.get("q", "")[: folding.LONGEST_QUERY]
    rows = folding.matches(Dossier.objects.visible_to(request.user), query)
    if group in GROUPS:
        rows = rows.filter(status__in=GROUPS[group][1])
    if group == "yours":
        rows = rows.exclude(ANSWERED)
    # What was touched last comes first, drafts among the rest.
    rows = rows.order_by(Coalesce("submitted_at", "saved_at").desc(), "pk")
    page = page_of(request, rows.values_list("pk", flat=True))
    calendar, soon = CalendarDay.calendar(), workflow.soon_days(on=timezone.localdate(now))
    has_mandate = mandates.enterprises_of(request.user).exists()
    listed = [
        {
            "dossier": row,
            "badge": progress.badge(row, has_answered=row.has_answered),
            "standing": _standing(row, now, calendar, soon),
        }
        for row in _rows(page.object_list)
    ]
    context = {
        "page_obj": page, "rows": listed, "total": page.paginator.count,
        "group": group, "query": query.replace("\x00", ""),
        "groups": [(key, name) for key, (name, _states) in GROUPS.items()],
        "has_mandate": has_mandate, "asked": () if has_mandate else mandates.asked_by(request.user),
    }  # fmt: skip
    return render(request, "onestop/dossier_list.html", context)


def _rows(keys):
    """The dossiers of a page in its order, with what their lines read."""
    named = Dossier.objects.filter(pk__in=list(keys)).select_related("procedure", "enterprise", "plot__zone")
    named = named.annotate(has_answered=ANSWERED, unread=exchange.unread_by_applicant())
    found = named.defer(*worklist.UNREAD_COLUMNS).in_bulk()
    return [found[key] for key in keys if key in found]


def _standing(dossier, now, calendar, soon):
    """For the `due` mark: paused and finished dossiers have a state, too, but no days."""
    if dossier.is_paused:
        return clock.Standing("paused", 0)
    if dossier.status in (Dossier.Status.DELIVERED, Dossier.Status.ARCHIVED) and not dossier.ended_at:
        return clock.Standing("done", 0)
    return workflow.standing(dossier, at=now, calendar=calendar, soon=soon)


@applicant_page("view")
def dossier_detail(request, dossier):
    if dossier.is_draft:
        may_prepare = mandates.may(request.user, dossier.enterprise, "prepare")
        return redirect(f"onestop:{'dossier_review' if may_prepare else 'dossier_as_officer'}", dossier.pk)
    now = timezone.now()
    events = list(dossier.events.all())
    issued = list(dossier.slips.all())
    supplement, result = papers.open_supplement(dossier), slips.result_of(dossier)
    told = clock_of(dossier, now, supplement)
    context = {
        "dossier": dossier, "national": progress.national(dossier), "now": now,
        "badge": progress.badge(
            dossier, has_answered=bool(supplement and supplement.answered_at), amended=result.amended
        ),
        "move": None if result.is_revoked else progress.next_move(dossier, supplement),
        "stages": progress.stages(dossier, events),
        "lines": progress.lines(dossier, events, issued), "slips": issued, "papers": papers.current(dossier),
        "promises": list(dossier.promises.all()),
        "supplements": [(row, changes.of(row)) for row in supplements.with_lines(dossier.supplements.all())],
        "may_answer": bool(supplement and not supplement.answered_at and dossier.awaits_applicant),
        "limit": limit_words([dossier.case]), "answers": questions.render(dossier, request.LANGUAGE_CODE),
        "may_choose_languages": not languages.why_not(dossier, request.user),
        "may_withdraw": any(step.name == "withdraw" for step in workflow.available(dossier, request.user)),
        "opinions": opinions.outline(dossier), "talk": talk(request, dossier),
        "amendments": result.amended, "outcome": dossier.outcome, "result": result, **told,
        "outlook": outlook.of(
            dossier, told.get("deadline"), supplement, at=now, typed=request.GET.get("answer_on", "")
        ),
    }  # fmt: skip
    return render(request, "onestop/dossier_detail.html", context)


def clock_of(dossier, now, supplement):
    """The ruler and the state of the limit, while a clock runs or rests."""
    if not (dossier.is_running or dossier.is_paused):
        return {}
    deadline = workflow.explain(dossier)
    if deadline is None:
        return {}
    answered_at = supplement.answered_at if supplement else None
    soon = workflow.soon_days(on=timezone.localdate(now))
    ruler = clock.ruler(outlook.shown(deadline, supplement), now, soon=soon, promised=dossier.due_at)
    return {
        "deadline": deadline, "ruler_days": progress.squares(ruler), "ruler_summary": progress.summary(ruler),
        "ruler": ruler, "answered_at": answered_at, "standing": _resting(dossier, deadline, now, soon),
    }  # fmt: skip


def _resting(dossier, deadline, now, soon):
    """A request sent after the due moment stops nothing: late is late."""
    calendar = deadline.facts.calendar
    if dossier.is_paused and not deadline.is_paused:
        return clock.standing(due_at=deadline.due_at, at=now, calendar=calendar, soon=soon)
    return _standing(dossier, now, calendar, soon)


@applicant_page("sign")
def dossier_withdraw(request, dossier):
    if not any(step.name == "withdraw" for step in workflow.available(dossier, request.user)):
        messages.info(request, _("Hồ sơ ở trạng thái này không rút được."))
        return redirect(dossier)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            workflow.take(dossier, "withdraw", by=request.user, at=timezone.now(), note=form.cleaned_data["note"])
        except workflow.REFUSALS as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Đã rút hồ sơ."))
            return redirect(dossier)
    return render(request, "onestop/dossier_withdraw.html", {"dossier": dossier, "form": form})


# Papers handed out --------------------------------------------------------------------------------
@reader_page
def paper_download(request, dossier, paper):
    row = get_object_or_404(dossier.papers.select_related("stored"), pk=paper)
    return documents.serve(row.stored, as_attachment="show" not in request.GET)


@reader_page
def slip_detail(request, dossier, slip):
    row = get_object_or_404(dossier.slips.select_related("dossier"), pk=slip)
    template, context = slips.page(row)
    return render(request, template, {**context, "dossier": dossier, "pdf_url": _pdf_address(row)})


def _pdf_address(slip):
    return reverse("onestop:slip_download", args=[slip.dossier_id, slip.pk])


@reader_page
def slip_download(request, dossier, slip):
    row = get_object_or_404(Slip, pk=slip, dossier=dossier)
    try:
        stored = row.stored or slips.freeze(row.pk)
    except documents.PdfUnavailable as missing:
        messages.warning(request, missing.sentence)
        return redirect("onestop:slip_detail", dossier.pk, row.pk)
    return documents.serve(stored)


@reader_page
def result_download(request, dossier):
    """The paper that stands; of a revoked result the page of the dossier says what became of it."""
    result = slips.result_of(dossier)
    if result.is_revoked:
        messages.error(request, _("Kết quả này đã bị thu hồi nên không còn bản nào có hiệu lực để tải."))
        return redirect(dossier)
    try:
        stored = slips.result_file(result)
    except documents.PdfUnavailable as missing:
        messages.warning(request, missing.sentence)
        return redirect("onestop:slip_detail", dossier.pk, result.paper.pk)
    if stored is None:
        raise Http404
    return documents.serve(stored)
