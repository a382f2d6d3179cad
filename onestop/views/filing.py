"""Filing: a draft section by section, its papers, the review, and the moment it is handed in."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import IntegrityError, transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from izportal.models import CalendarDay, Rule, User
from onestop import carrying, clock, drafts, languages, papers, questions, shapes, workflow
from onestop.models import Dossier, Procedure
from onestop.views.access import applicant_page
from onestop.views.catalogue import find_procedure, limit_words, national_url
from onestop.views.windows import hand_of, keeps_typing, key_of, seen_in, settle, unsent, window_for
from projects import mandates
from zones.models import Availability, Plot

REFUSALS = workflow.REFUSALS


@dataclass(frozen=True)
class Opening:
    """A dossier about to be begun on its first section, or what stands in the way of it."""

    procedure: Procedure
    obstacle: str = ""
    national_url: str = ""
    # What the board has been asked already by somebody who may not file yet.
    asked: Any = ()
    dossier: Dossier | None = None
    shape: shapes.Shape | None = None
    enterprises: Any = None
    # The draft that an earlier sending of the same page has begun.
    begun: Dossier | None = None

    @property
    def section(self):
        return self.shape.sections[0]


def opening(request, code):
    procedure, today = find_procedure(code), timezone.localdate()
    version, pinned = procedure.version_on(today), shapes.in_force(procedure, on=today)
    if not (procedure.is_filed_here and version and pinned):
        return Opening(procedure, "elsewhere", national_url(version) if version else "")
    enterprises = mandates.enterprises_of(request.user, "prepare")
    if not enterprises:
        return Opening(procedure, "mandate", asked=mandates.asked_by(request.user))
    dossier = _blank(procedure, version, pinned, enterprises, key_of(request))
    begun = Dossier.objects.visible_to(request.user).with_names().filter(pk=dossier.pk).first()
    return Opening(procedure, "", "", (), dossier, shapes.of(pinned), enterprises, begun)


def _blank(procedure, version, pinned, enterprises, key):
    case = shapes.first_case(version, shapes.of(pinned))
    whose = {"enterprise": enterprises[0]} if len(enterprises) == 1 else {}
    return Dossier(id=key, procedure=procedure, version=version, definition=pinned, case=case, **whose)


@never_cache
@keeps_typing
@login_required
def dossier_new(request, code):
    """The first section; the draft is made only when something of it is saved."""
    if request.user.is_staff:
        return redirect("admin:index")
    start = opening(request, code)
    if start.obstacle:
        return render(request, "onestop/dossier_new.html", vars(start))
    if start.begun:
        return dossier_edit(request, pk=start.begun.pk, section=start.section.key)
    dossier, typed = start.dossier, unsent(request) if request.method == "GET" else None
    form = questions.SectionForm(
        request.POST if request.method == "POST" else None,
        dossier=dossier, section=start.section, user=request.user, enterprises=start.enterprises,
    )  # fmt: skip
    note = _preselect(request, form)
    if typed:
        form.show(_raw(typed, form))
    if request.method == "POST" and _begin(request, form):
        return _onward(request, dossier, start.shape, start.section, form)
    context = {
        **wizard(dossier, start.shape, start.section.key), "form": form, "note": note, "code": code,
        **_page(request, typed, keep=reverse("onestop:dossier_begin", args=[code])),
        "key": (typed or {}).get("key") or dossier.pk,
    }  # fmt: skip
    return render(request, "onestop/dossier_new.html", context)


def _begin(request, form):
    """Is the draft begun? Not while it is unknown whose it is or which case it files."""
    try:
        with transaction.atomic():
            begun = drafts.begin_with(form, hand=hand_of(request), by=request.user, at=timezone.now())
            if begun:
                carrying.begun_from(begun, request.POST)
    except IntegrityError:  # a second click on the same form
        begun = True
    except drafts.TypedRefused:
        begun = False
    if begun:
        settle(request)
    return bool(begun)


def _page(request, typed, *, keep):
    """What the script of the form, or a second sending, needs to know of this page."""
    sent = typed if typed is not None else request.POST
    return {
        "window": (typed or {}).get("window") or window_for(request), "is_unsent": bool(typed),
        "turn": sent.get("turn") or 0, "keep": keep,
    }  # fmt: skip


def _raw(typed, form):
    """Typed fields as `form.show` takes them; read by a form of the same questions."""
    return type(form)(typed, dossier=form.dossier, section=form.section, user=form.user).raw()


def _preselect(request, form):
    """Start with the plot that the reader comes from; a sentence where it cannot be had."""
    code = request.GET.get("plot", "").replace("\x00", "")
    if not code or "plot" not in form.fields:
        return ""
    plot = Plot.objects.published().with_status(on=form.on).filter(code=code).first()
    if plot and plot.status in (*Availability.FREE, Availability.Status.RESERVED):
        form.initial["plot"] = plot
        return ""
    return _("Lô bạn chọn không còn trống hoặc chưa sẵn sàng. Hãy chọn lô khác trong danh sách.")


@keeps_typing
@applicant_page("prepare")
def dossier_edit(request, dossier, section):
    shape = questions.definition(dossier)
    part = shape.section(section) if shape else None
    if part is None:
        raise Http404
    if not dossier.is_draft:
        return filed_already(request, dossier)
    if request.method != "POST":
        return _section_page(request, dossier, shape, part)
    try:
        form = drafts.keep(dossier, part, request.POST, hand=hand_of(request), by=request.user, at=timezone.now())
    except drafts.DraftClosed:
        return filed_already(request, dossier)
    except drafts.DraftChanged as changed:
        told = {**conflict(request, changed), "seen": seen_in(request)}
        return _section_page(request, changed.current, shape, part, changed.form, **told)
    except drafts.TypedRefused as refusal:
        form = questions.SectionForm(request.POST, dossier=dossier, section=part, user=request.user)
        return _section_page(request, dossier, shape, part, form, refusal=str(refusal))
    settle(request)
    if form.is_valid() or request.POST.get("go") == "exit":
        return _onward(request, form.dossier, shape, part, form)
    return _section_page(request, form.dossier, shape, part, form)


def _section_page(request, dossier, shape, part, form=None, **more):
    """A section as it was just sent (`form`), as it was left unfinished, or as it is kept."""
    typed = unsent(request) if form is None else None
    unfinished = dossier.typed.get(part.key) if form is None and typed is None else None
    if form is None:
        form = _opened(request, dossier, part, typed, unfinished)
    context = {
        **wizard(dossier, shape, part.key), "form": form, "unfinished": unfinished, **more,
        "unfinished_at": unfinished and datetime.fromisoformat(unfinished["at"]),
        "version_no": typed.get("version_no") if typed else dossier.version_no,
        **_page(request, typed, keep=reverse("onestop:dossier_keep", args=[dossier.pk, part.key])),
    }  # fmt: skip
    return render(request, "onestop/dossier_edit.html", context)


def _opened(request, dossier, part, typed, unfinished):
    whose = {"dossier": dossier, "section": part, "user": request.user}
    if unfinished and "check" in request.GET:
        return questions.SectionForm(unfinished["data"], **whose)
    form = questions.SectionForm(**whose)
    if typed is not None:
        form.show(_raw(typed, form))
    elif unfinished:
        form.show(unfinished["data"])
    return form


def conflict(request, changed):
    """Who saved the section meanwhile, when, and what differs."""
    saver = User.objects.filter(pk=changed.save["by"]).first()
    place = [changed.current.pk, changed.form.section.key]
    return {
        "saver": saver, "is_own": saver == request.user, "changed_at": datetime.fromisoformat(changed.save["at"]),
        "differences": drafts.differences(changed.form, changed.current), "is_conflict": True,
        "address": reverse("onestop:dossier_edit", args=place),
    }  # fmt: skip


def _onward(request, dossier, shape, part, form):
    go = request.POST.get("go")
    if go == "exit":
        _say_farewell(request, form)
        return redirect("onestop:dossier_list")
    if go == "stay" or not form.is_valid():
        address = reverse("onestop:dossier_edit", args=[dossier.pk, part.key])
        return redirect(address if form.is_valid() else f"{address}?check=1")
    after = shape.after(part.key)
    if after:
        return redirect("onestop:dossier_edit", dossier.pk, after.key)
    return redirect("onestop:dossier_papers", dossier.pk)


def _say_farewell(request, form):
    if form.is_valid():
        messages.success(request, _("Đã lưu bản nháp. Bạn có thể nộp tiếp bất cứ lúc nào."))
    else:
        messages.warning(request, _("Đã giữ nguyên những gì bạn gõ; còn mục chưa hợp lệ, hãy sửa trước khi nộp."))


def filed_already(request, dossier):
    messages.info(request, _("Hồ sơ đã nộp nên không sửa được nữa."))
    return redirect(dossier)


def wizard(dossier, shape, here, faults=None, missing=None):
    """What every page of filing shows around its form: the steps, the procedure, how to get help."""
    is_new = dossier._state.adding
    if faults is None:
        faults = [] if is_new else questions.faults(dossier)
    if missing is None:
        missing = [] if is_new else papers.missing(dossier)
    lacking = {fault.section for fault in faults if fault.blocks} | ({"papers"} if missing else set())
    section = shape.section(here)
    return {
        "dossier": dossier, "procedure": dossier.procedure, "shape": shape, "section": section,
        "section_title": questions.say(section.title) if section else "",
        "section_hint": questions.say(section.hint) if section else "",
        "form_note": questions.say(shape.note),
        "steps": _steps(dossier, shape, here, lacking, is_new), "is_new": is_new,
        "limit": limit_words([dossier.case]) if dossier.case_id else "",
        "saves": json.dumps({key: [save["window"], save["turn"]] for key, save in dossier.saves.items()}),
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
        note, place = dict(part).get(here, ""), _place_in(part, here)
        steps.append({"name": name, "state": state, "note": note, "place": place, "url": url})
    return steps


def _place_in(part, here):
    """Which of several sections of its step one stands in."""
    keys = [key for key, _title in part]
    if here not in keys or len(keys) == 1:
        return ""
    return _("phần %(number)d trên %(total)d") % {"number": keys.index(here) + 1, "total": len(keys)}


# Review and submission ----------------------------------------------------------------------------
@applicant_page("prepare")
def dossier_review(request, dossier):
    if not dossier.is_draft:
        return redirect(dossier)
    may_sign = mandates.may(request.user, dossier.enterprise, "sign")
    if request.method == "POST" and may_sign:
        languages.choose(dossier, is_bilingual="bilingual" in request.POST, by=request.user, at=timezone.now())
    faults = questions.faults(dossier)
    demands, waiting = papers.demands(dossier), papers.waiting(dossier)
    missing = [demand.component for demand in demands if demand.is_missing]
    blocking = [fault for fault in faults if fault.blocks]
    problem = _submit(request, dossier, blocking or missing) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        return redirect(dossier)
    shape = questions.definition(dossier)
    sections = zip(shape.sections, questions.render(dossier, request.LANGUAGE_CODE), strict=True)
    context = {
        **wizard(dossier, shape, "review", faults, missing), "may_sign": may_sign, "problem": problem,
        "missing": missing, "waiting": waiting,
        "is_undeclared": bool(problem) and "declare" not in request.POST,
        "blocking": [(fault, _mending(dossier, fault)) for fault in blocking],
        "mild": [(fault, _mending(dossier, fault)) for fault in faults if not fault.blocks],
        "sections": [(section.key, title, facts) for section, (title, facts) in sections],
        "demands": demands, "is_ready": not (blocking or missing or waiting), **_outlook(dossier),
    }  # fmt: skip
    return render(request, "onestop/dossier_review.html", context)


def _mending(dossier, fault):
    """Where a fault is mended; text left unfinished is opened with its faults."""
    address = questions.address(dossier, fault.section)
    return f"{address}?check=1" if fault.section in dossier.typed else address


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
    if seen_in(request) != dossier.version_no:
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
