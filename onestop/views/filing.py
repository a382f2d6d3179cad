"""Filing: a draft section by section, its papers, the review, and the moment it is handed in."""

import contextlib
import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from izportal.models import CalendarDay, Rule
from onestop import clock, drafts, papers, questions, shapes, workflow
from onestop.models import Dossier
from onestop.views.access import applicant_page
from onestop.views.catalogue import find_procedure, limit_words, national_url
from projects import mandates
from zones.models import Availability, Plot

REFUSALS = workflow.REFUSALS


@never_cache
@login_required
def dossier_new(request, code):
    """The first section; the draft is made only when it is saved."""
    if request.user.is_staff:
        return redirect("admin:index")
    now = timezone.now()
    procedure = find_procedure(code)
    today = timezone.localdate(now)
    version, pinned = procedure.version_on(today), shapes.in_force(procedure, on=today)
    if not (procedure.is_filed_here and version and pinned):
        context = {
            "procedure": procedure,
            "obstacle": "elsewhere",
            "national_url": national_url(version) if version else "",
        }
        return render(request, "onestop/dossier_new.html", context)
    enterprises = mandates.enterprises_of(request.user, "prepare")
    if not enterprises:
        return render(request, "onestop/dossier_new.html", {"procedure": procedure, "obstacle": "mandate"})
    shape = shapes.of(pinned)
    dossier = _blank(procedure, version, pinned, enterprises, _key(request))
    if Dossier.objects.visible_to(request.user).filter(pk=dossier.pk).exists():
        return redirect("onestop:dossier_edit", dossier.pk, shape.sections[0].key)
    form = _section_form(request, dossier, shape.sections[0], enterprises=enterprises)
    note = _preselect(request, form)
    if request.method == "POST" and form.is_valid():
        with contextlib.suppress(IntegrityError), transaction.atomic():  # a second click on the same form
            drafts.begin(form.apply(), by=request.user, at=now)
        return _onward(request, dossier, shape, shape.sections[0])
    context = {**wizard(dossier, shape, shape.sections[0].key), "form": form, "note": note, "key": dossier.pk}
    return render(request, "onestop/dossier_new.html", context)


def _key(request):
    """The draft's future identity travels with the form, so that a form sent twice makes one draft."""
    with contextlib.suppress(ValueError):
        return uuid.UUID(request.POST.get("key", ""))
    return uuid.uuid4()


def _blank(procedure, version, pinned, enterprises, key):
    case = shapes.first_case(version, shapes.of(pinned))
    whose = {"enterprise": enterprises[0]} if len(enterprises) == 1 else {}
    return Dossier(id=key, procedure=procedure, version=version, definition=pinned, case=case, **whose)


def _section_form(request, dossier, section, **more):
    data = request.POST if request.method == "POST" else None
    return questions.SectionForm(data, dossier=dossier, section=section, user=request.user, **more)


def _preselect(request, form):
    """Start with the plot that the reader comes from; a sentence where it cannot be had."""
    code = request.GET.get("plot", "").replace("\x00", "")
    if not code or "plot" not in form.fields:
        return ""
    plot = Plot.objects.filter(is_published=True).with_status(on=form.on).filter(code=code).first()
    if plot and plot.status in (*Availability.FREE, Availability.Status.RESERVED):
        form.initial["plot"] = plot
        return ""
    return _("Lô bạn chọn không còn trống hoặc chưa sẵn sàng. Hãy chọn lô khác trong danh sách.")


@applicant_page("prepare")
def dossier_edit(request, dossier, section):
    shape = questions.definition(dossier)
    part = shape.section(section) if shape else None
    if part is None:
        raise Http404
    if not dossier.is_draft:
        return filed_already(request, dossier)
    form = _section_form(request, dossier, part)
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            drafts.save(form.apply(), seen=_seen(request), at=timezone.now())
            return _onward(request, dossier, shape, part)
        except drafts.DraftChanged as changed:
            if not changed.current.is_draft:
                return filed_already(request, dossier)
            context["theirs"] = questions.differences(form, changed.current)
            context["changed"] = dossier = changed.current
    context = {**wizard(dossier, shape, part.key), **context, "dossier": dossier}
    return render(request, "onestop/dossier_edit.html", context)


def _seen(request):
    with contextlib.suppress(ValueError):
        return int(request.POST.get("version_no", "")[:9])
    return -1


def _onward(request, dossier, shape, part):
    if request.POST.get("go") == "exit":
        messages.success(request, _("Đã lưu bản nháp. Bạn có thể nộp tiếp bất cứ lúc nào."))
        return redirect("onestop:dossier_list")
    after = shape.after(part.key)
    if after:
        return redirect("onestop:dossier_edit", dossier.pk, after.key)
    return redirect("onestop:dossier_papers", dossier.pk)


def filed_already(request, dossier):
    messages.info(request, _("Hồ sơ đã nộp nên không sửa được nữa."))
    return redirect(dossier)


def wizard(dossier, shape, here, faults=None):
    """What every page of filing shows around its form: the steps, the procedure, how to get help."""
    is_new = dossier._state.adding
    if faults is None:
        faults = [] if is_new else questions.faults(dossier)
    lacking = {fault.section for fault in faults if fault.blocks}
    if not is_new and papers.missing(dossier):
        lacking.add("papers")
    section = shape.section(here)
    return {
        "dossier": dossier, "procedure": dossier.procedure, "shape": shape, "section": section,
        "section_title": questions.say(section.title) if section else "",
        "section_hint": questions.say(section.hint) if section else "",
        "form_note": questions.say(shape.note),
        "steps": _steps(dossier, shape, here, lacking, is_new), "is_new": is_new,
        "limit": limit_words([dossier.case]) if dossier.case_id else "",
        "kept_until": None if is_new else drafts.kept_until(dossier),
        "before": shape.before(here) if section else shape.sections[-1],
    }  # fmt: skip


def _steps(dossier, shape, here, lacking, is_new):
    """The strip: the steps of the form, then papers and review; a step is done when none of its sections lacks."""
    rows = [(name, [(section.key, questions.say(section.title)) for section in part]) for name, part in shape.steps()]
    rows += [(_("Giấy tờ"), [("papers", "")]), (_("Kiểm tra và nộp"), [("review", "")])]
    steps = []
    for name, part in rows:
        keys = [key for key, _title in part]
        is_done = not is_new and keys != ["review"] and not lacking.intersection(keys)
        state = "current" if here in keys else "done" if is_done else "later"
        url = "" if is_new else questions.address(dossier, keys[0])
        steps.append({"name": name, "state": state, "note": dict(part).get(here, ""), "url": url})
    return steps


# Review and submission ----------------------------------------------------------------------------
@applicant_page("prepare")
def dossier_review(request, dossier):
    if not dossier.is_draft:
        return redirect(dossier)
    may_sign = mandates.may(request.user, dossier.enterprise, "sign")
    faults = questions.faults(dossier)
    missing = papers.missing(dossier)
    blocking = [fault for fault in faults if fault.blocks]
    problem = _submit(request, dossier, blocking or missing) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        return redirect(dossier)
    shape = questions.definition(dossier)
    sections = zip(shape.sections, questions.render(dossier, request.LANGUAGE_CODE), strict=True)
    context = {
        **wizard(dossier, shape, "review", faults), "may_sign": may_sign, "problem": problem, "missing": missing,
        "blocking": [(fault, questions.address(dossier, fault.section)) for fault in blocking],
        "mild": [(fault, questions.address(dossier, fault.section)) for fault in faults if not fault.blocks],
        "sections": [(section.key, title, facts) for section, (title, facts) in sections],
        "demands": papers.demands(dossier), "is_ready": not (blocking or missing), **_outlook(dossier),
    }  # fmt: skip
    return render(request, "onestop/dossier_review.html", context)


def _outlook(dossier):
    """What filing now would lead to: the answer of the counter, and the date if it is received at once."""
    now, calendar = timezone.now(), CalendarDay.calendar()
    hours = Rule.number("first_answer_hours", on=timezone.localdate(now))
    return {
        "answer_by": clock.reply_by(now, hours, calendar),
        "due_at": clock.end_of(now, workflow.limit_of(dossier.case), calendar),
    }


def _submit(request, dossier, lacking):
    """File the draft; the sentence of what stands in the way, or nothing. A second click finds it filed."""
    if lacking:
        return _("Hồ sơ chưa đủ; hãy bổ sung các mục ghi bên dưới rồi nộp.")
    if "declare" not in request.POST:
        return _("Đánh dấu vào ô cam kết trước khi nộp.")
    if _seen(request) != dossier.version_no:
        return _("Bản nháp vừa được người khác sửa. Kiểm tra lại nội dung bên dưới rồi nộp.")
    try:
        workflow.take(dossier, "submit", by=request.user, at=timezone.now())
    except REFUSALS as refusal:
        dossier.refresh_from_db()
        return "" if not dossier.is_draft else str(refusal)
    messages.success(request, _("Đã nộp hồ sơ. Ban đã gửi xác nhận qua thư điện tử."))
    return ""


@applicant_page("prepare")
def dossier_discard(request, dossier):
    if not dossier.is_draft:
        return filed_already(request, dossier)
    if request.method == "POST":
        papers.discard(dossier)
        messages.success(request, _("Đã xóa bản nháp."))
        return redirect("onestop:dossier_list")
    return render(request, "onestop/dossier_discard.html", {"dossier": dossier})
