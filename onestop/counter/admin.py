"""The pages on which a clerk types in a dossier brought to the counter or sent by post: procedure, enterprise, the
sections of the form, papers, review. The deeds stand in `counter`; what comes after is a step like any other."""

import contextlib
import uuid
from functools import wraps

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from izportal import documents, lists, roles
from onestop import carrying, counter, desk, drafts, languages, papers, questions, workflow
from onestop.counter.forms import DraftSearch, HandedInForm, ProcedureSearch, StartForm, TaxCodeForm
from onestop.models import Dossier, Procedure, ProcedureVersion
from onestop.views.papers import receive_uploads
from projects import enrolment

PAGE_SIZE = 25


def may_enter(user):
    return roles.may(user, "enter_dossier")


def clerk_page(view):
    @wraps(view)
    def page(request, **address):
        if not may_enter(request.user):
            raise PermissionDenied
        return view(request, **address)

    return page


def draft_page(view):
    """A draft of the counter; what is entered already is led to its file, anything else is not there."""

    @clerk_page
    @wraps(view)
    def page(request, pk, **address):
        rows = Dossier.objects.visible_to(request.user).filter(channel__in=Dossier.BY_HAND)
        rows = rows.with_names().select_related("version", "definition", "created_by")
        dossier = get_object_or_404(rows, pk=pk)
        if request.method == "GET" and _carried(request, dossier):
            dossier = get_object_or_404(rows, pk=pk)
        return view(request, dossier, **address) if dossier.is_draft else _entered_already(request, dossier)

    return page


def _carried(request, dossier):
    """A draft that is opened is carried to the form in force, and its clerk is told."""
    now = timezone.now()
    is_carried = carrying.carry(dossier, on=timezone.localdate(now), at=now)
    if is_carried:
        messages.warning(request, _("Tờ khai của thủ tục đã có bản mới; hồ sơ được chuyển sang bản đó, hãy xem lại."))
    return is_carried


def _entered_already(request, dossier):
    messages.info(request, _("Hồ sơ đã được ghi nhận nộp nên không sửa được nữa."))
    return redirect("admin:onestop_dossier_change", dossier.pk)


def _render(request, name, title, *, status=200, **context):
    whole = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/onestop/counter/{name}.html", whole, status=status)


# Lists ------------------------------------------------------------------------------------------------------------
@clerk_page
def counter_list(request):
    """What is being typed in, the clerk's own and the colleagues'."""
    form = DraftSearch(request.GET)
    form.is_valid()
    rows = Dossier.objects.visible_to(request.user).being_entered()
    shown = form.narrow(rows, request.user).with_names().select_related("created_by").order_by("-saved_at", "pk")
    page = lists.page_of(request, shown, size=PAGE_SIZE)
    savers = counter.last_savers(page)
    lines = [(dossier, savers.get(dossier.pk, dossier.created_by)) for dossier in page]
    return _render(request, "list", _("Hồ sơ đang nhập"), form=form, page=page, lines=lines)


@clerk_page
def counter_procedures(request):
    form = ProcedureSearch(request.GET)
    form.is_valid()
    today = timezone.localdate()
    valid = ProcedureVersion.objects.filter(procedure=OuterRef("pk"), valid_from__lte=today)
    valid = valid.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    rows = form.narrow(Procedure.objects.filter(Exists(valid))).select_related("field")
    return _render(request, "procedures", _("Nhập hồ sơ: chọn thủ tục"), form=form, procedures=rows)


# The first note ---------------------------------------------------------------------------------------------------
@clerk_page
def counter_new(request, code):
    """First the tax code, by which the enterprise is looked up; then how the dossier came in and who brought it."""
    procedure = get_object_or_404(Procedure.objects.filter(code=code.replace("\x00", "")))
    form_of = counter.form_of(procedure, on=timezone.localdate())
    asked = TaxCodeForm(request.GET if "tax_code" in request.GET else None, auto_id="f-%s", label_suffix="")
    context = {"procedure": procedure, "form_of": form_of, "asked": asked, "form": asked}
    if form_of and asked.is_valid():
        tax_code = asked.cleaned_data["tax_code"]
        enterprise = enrolment.find(tax_code)
        form = StartForm(request.POST if request.method == "POST" else None, tax_code=tax_code, enterprise=enterprise)
        if request.method == "POST" and form.is_valid():
            return _begun(request, form_of, form, is_new=enterprise is None)
        context |= {"form": form, "enterprise": enterprise, "tax_code": tax_code, "key": _key(request)}
    return _render(request, "new", _("Nhập hồ sơ"), **context)


def _begun(request, form_of, form, *, is_new):
    """The way to the first section; a second press of the same button finds the draft begun."""
    key, at = _key(request), timezone.now()
    enterprise = form.enterprise
    if is_new:
        reason = _("Ghi tại quầy khi nhập hồ sơ; chờ cán bộ sổ dự án đối chiếu.")
        enterprise = enrolment.enrol(enterprise, by=request.user, reason=reason)
    with contextlib.suppress(IntegrityError), transaction.atomic():
        dossier = counter.begin(
            key=key, form=form_of, enterprise=enterprise, handed_in=form.handed_in(), contact=form.contact(),
            channel=form.cleaned_data["channel"], language=form.cleaned_data["language"], by=request.user, at=at,
        )  # fmt: skip
        return redirect(_address(dossier, questions.definition(dossier).sections[0].key))
    return redirect("admin:counter_review", key)


def _key(request):
    """The draft's future identity travels with the form, so that a form sent twice makes one draft."""
    with contextlib.suppress(ValueError):
        return uuid.UUID(request.POST.get("key", ""))
    return uuid.uuid4()


@draft_page
def counter_entry(request, dossier):
    """How it came in, noted anew."""
    data = request.POST if request.method == "POST" else None
    form, changed = HandedInForm(data, initial=HandedInForm.noted(dossier)), None
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("channel", "language")}
        who = {"by": request.user, "seen": _seen(request), "at": timezone.now()}
        try:
            counter.amend(dossier, handed_in=form.handed_in(), **said, **who)
            return _onward(request, dossier, questions.definition(dossier).sections[0].key)
        except drafts.DraftClosed:
            return _entered_already(request, dossier)
        except counter.PartChanged as refusal:
            dossier = changed = refusal.current
    return _page(request, "entry", dossier, "entry", form=form, changed=changed)


# The form ---------------------------------------------------------------------------------------------------------
@draft_page
def counter_section(request, dossier, section):
    """A section; what is not sound yet is kept as it was typed, as on the applicant's own pages."""
    shape = questions.definition(dossier)
    part = shape.section(section) if shape else None
    if part is None:
        raise Http404
    if request.method != "POST":
        return _section_page(request, dossier, part, _opened(request, dossier, part))
    hand = drafts.Hand(_seen(request))
    try:
        form = drafts.keep(dossier, part, request.POST, hand=hand, by=request.user, at=timezone.now())
    except drafts.DraftClosed:
        return _entered_already(request, dossier)
    except drafts.DraftChanged as changed:
        theirs = drafts.differences(changed.form, changed.current)
        return _section_page(
            request, changed.current, part, changed.form, status=409, changed=changed.current, theirs=theirs
        )
    except drafts.TypedRefused as refusal:
        form = questions.SectionForm(request.POST, dossier=dossier, section=part)
        return _section_page(request, dossier, part, form, refusal=str(refusal))
    if form.is_valid() or request.POST.get("go") == "exit":
        return _onward(request, form.dossier, _after(shape, part.key), form)
    return _section_page(request, form.dossier, part, form, is_kept=True)


def _opened(request, dossier, part):
    """The section as it is kept, or as it was left unfinished, with its faults when the reader comes to mend them."""
    unfinished = dossier.typed.get(part.key)
    if unfinished and "check" in request.GET:
        return questions.SectionForm(unfinished["data"], dossier=dossier, section=part)
    form = questions.SectionForm(dossier=dossier, section=part)
    if unfinished:
        form.show(unfinished["data"])
    return form


def _section_page(request, dossier, part, form, **more):
    note = questions.definition(dossier).note
    texts = {"section_hint": questions.say(part.hint), "form_note": questions.say(note)}
    return _page(request, "section", dossier, part.key, form=form, **texts, **more)


def _after(shape, key):
    after = shape.after(key)
    return after.key if after else "papers"


def _seen(request):
    with contextlib.suppress(ValueError):
        return int(request.POST.get("version_no", "")[:9])
    return -1


def _onward(request, dossier, key, form=None):
    if request.POST.get("go") != "exit":
        return redirect(_address(dossier, key))
    if form is None or form.is_valid():
        messages.success(request, _("Đã lưu. Bạn hoặc đồng nghiệp mở lại hồ sơ từ danh sách này để nhập tiếp."))
    else:
        messages.warning(request, _("Đã giữ nguyên những gì bạn gõ; còn mục chưa hợp lệ, hãy sửa trước khi ghi nhận."))
    return redirect("admin:counter_list")


def _address(dossier, key):
    if key in ("entry", "papers", "review"):
        return reverse(f"admin:counter_{key}", args=[dossier.pk])
    return reverse("admin:counter_section", args=[dossier.pk, key])


def _page(request, name, dossier, here, *, faults=None, status=200, **context):
    """A page of one draft, with the strip of its parts and what each of them lacks."""
    faults = questions.faults(dossier) if faults is None else faults
    shape = questions.definition(dossier)
    titles = [("entry", _("Tiếp nhận tại quầy, qua bưu chính"))]
    titles += [(section.key, questions.say(section.title)) for section in shape.sections]
    titles += [("papers", _("Giấy tờ")), ("review", _("Kiểm tra và ghi nhận"))]
    lacking = {fault.section for fault in faults if fault.blocks}
    if papers.unaccounted(dossier):
        lacking.add("papers")
    parts = [
        {"title": title, "url": _address(dossier, key), "is_here": key == here, "is_lacking": key in lacking}
        for key, title in titles
    ]
    keys = [key for key, _title in titles]
    before = _address(dossier, keys[keys.index(here) - 1]) if here != "entry" else reverse("admin:counter_list")
    return _render(
        request, name, dict(titles)[here], status=status, dossier=dossier, parts=parts, before=before,
        kept_until=drafts.kept_until(dossier), saver=_saver(dossier), **context,
    )  # fmt: skip


def _saver(dossier):
    return counter.last_savers([dossier]).get(dossier.pk, dossier.created_by)


# Papers -----------------------------------------------------------------------------------------------------------
@csrf_exempt
@clerk_page
def counter_papers(request, **address):
    """Uploads are measured while they come in, so the guard must stand before the form is read; the inner page
    checks the token."""
    return receive_uploads(request, _papers_page, **address)


@draft_page
def _papers_page(request, dossier):
    try:
        refused = _take_papers(request, dossier) if request.method == "POST" else {}
    except drafts.DraftClosed:
        return _entered_already(request, dossier)
    if request.method == "POST" and not refused:
        go = request.POST.get("go")
        return _onward(request, dossier, "review" if go == "next" else "papers")
    limit = documents.limit_bytes(timezone.localdate())
    demands = papers.demands(dossier)
    return _page(
        request, "papers", dossier, "papers", rows=[(demand, refused.get(demand.anchor)) for demand in demands],
        astray=papers.astray(dossier), refused=refused, accept=documents.ACCEPT, held=papers.HELD,
        limit_mb=limit // documents.MEGABYTE,
    )  # fmt: skip


def _take_papers(request, dossier):
    """Keep every sound file and how the others are held; answers {input name: sentence} for what was refused."""
    rows = {demand.anchor: demand.component for demand in papers.demands(dossier)}
    refused = {name: sentence for name, sentence in request.size_guard.too_big.items() if name in rows}
    for name, component in rows.items():
        upload = request.FILES.get(name)
        if upload and (sentence := _give(request, dossier, upload, component)):
            refused[name] = sentence
    _take_back(request, dossier)
    return refused | _hold(request, dossier, rows)


def _hold(request, dossier, rows):
    """Keep how each paper without a file is held; {"": sentence} where a colleague has just said otherwise."""
    how = {component.key: request.POST.get(f"held-{name}", "") for name, component in rows.items()}
    not_due = [key for key, said in how.items() if said == "not_due"]
    try:
        counter.hold(dossier, held=how, not_due=not_due, by=request.user, seen=_seen(request), at=timezone.now())
    except counter.PartChanged as changed:
        dossier.answers, dossier.version_no = changed.current.answers, changed.current.version_no
        told = _("%(who)s vừa sửa phần này. Tệp bạn gửi đã được nhận; hãy xem lại các lựa chọn bên dưới rồi lưu.")
        return {"": told % {"who": _saver(changed.current)}}
    return {}


def _give(request, dossier, upload, component):
    """Give one paper; the sentence of a refusal, or nothing."""
    try:
        papers.give(dossier=dossier, upload=upload, by=request.user, at=timezone.now(), component=component)
    except documents.UploadRefused as refusal:
        return refusal.sentence
    except papers.PaperRefused as refusal:
        return str(refusal)
    return ""


def _take_back(request, dossier):
    number = request.POST.get("take_back", "")
    paper = dossier.papers.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    if paper:
        papers.take_back(dossier=dossier, paper=paper, at=timezone.now())


# Review and the end -----------------------------------------------------------------------------------------------
@draft_page
def counter_review(request, dossier):
    if request.method == "POST" and may_enter(request.user):
        languages.choose(dossier, is_bilingual="bilingual" in request.POST, by=request.user, at=timezone.now())
    faults, missing = questions.faults(dossier), papers.unaccounted(dossier)
    blocking = [fault for fault in faults if fault.blocks]
    problem = _enter(request, dossier, blocking or missing) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        return redirect("admin:onestop_dossier_step", dossier.pk, _next_step(dossier, blocking))
    shape = questions.definition(dossier)
    sections = zip(shape.sections, questions.render(dossier, request.LANGUAGE_CODE), strict=True)
    return _page(
        request, "review", dossier, "review", faults=faults, problem=problem, missing=missing,
        blocking=[(fault, _address(dossier, fault.section)) for fault in blocking],
        mild=[(fault, _address(dossier, fault.section)) for fault in faults if not fault.blocks],
        sections=[(_address(dossier, section.key), title, facts) for section, (title, facts) in sections],
        demands=papers.demands(dossier),
        may_enter=workflow.STEPS["enter"] in workflow.available(dossier, request.user),
    )  # fmt: skip


def _next_step(dossier, blocking):
    """Reception; where something was not said or not brought, the request for it."""
    return "ask_intake_supplement" if blocking or papers.missing(dossier) else "receive"


def _enter(request, dossier, lacking):
    """File the draft; the sentence of what stands in the way, or nothing. A second press finds it filed."""
    is_as_received = "as_received" in request.POST
    if lacking and not is_as_received:
        return _("Hồ sơ chưa đủ; hãy nhập các mục ghi bên dưới, hoặc xác nhận nhập như hồ sơ đã nhận.")
    try:
        counter.enter(dossier, by=request.user, seen=_seen(request), at=timezone.now(), is_incomplete=is_as_received)
    except drafts.DraftClosed:
        return ""
    except counter.PartChanged as changed:
        dossier.version_no, who = changed.current.version_no, _saver(changed.current)
        return _("%(who)s vừa sửa hồ sơ này. Kiểm tra lại nội dung bên dưới rồi ghi nhận.") % {"who": who}
    except workflow.REFUSALS as refusal:
        return str(refusal)
    messages.success(request, _("Đã ghi nhận hồ sơ. Cấp Mẫu 01, 02 hoặc 03 cho người nộp bằng bước dưới đây."))
    return ""


# Set right after entering -----------------------------------------------------------------------------------------
def entered_page(view):
    """A dossier entered by hand and not yet received, for whoever may still correct what was typed in."""

    @clerk_page
    @wraps(view)
    def page(request, pk, **address):
        rows = Dossier.objects.visible_to(request.user).filter(channel__in=Dossier.BY_HAND)
        rows = rows.with_names().select_related("version", "definition", "created_by")
        dossier = get_object_or_404(rows, pk=pk)
        if dossier.is_draft:
            return redirect("admin:counter_review", dossier.pk)
        if sentence := desk.why_not(dossier, workflow.STEPS["correct"], request.user):
            messages.warning(request, sentence)
            return redirect("admin:onestop_dossier_change", dossier.pk)
        return view(request, dossier, **address)

    return page


@entered_page
def counter_corrections(request, dossier):
    """On to the first section that lacks something, or the first."""
    faults = desk.lacks(dossier, timezone.now())
    shape = questions.definition(dossier)
    key = faults[0].section if faults else shape.sections[0].key
    return redirect("admin:counter_correct", dossier.pk, key)


@entered_page
def counter_correct(request, dossier, section):
    part = questions.definition(dossier).section(section)
    if part is None:
        raise Http404
    if request.method != "POST":
        return _correct_page(request, dossier, part, _opened(request, dossier, part))
    try:
        form = counter.correct(dossier, part, request.POST, by=request.user, seen=_seen(request), at=timezone.now())
    except counter.PartChanged as changed:
        form = questions.SectionForm(request.POST, dossier=changed.current, section=part)
        return _correct_page(request, changed.current, part, form, status=409, refusal=desk.moved(changed.current))
    except workflow.REFUSALS as refusal:
        form = questions.SectionForm(request.POST, dossier=dossier, section=part)
        return _correct_page(request, dossier, part, form, status=409, refusal=str(refusal))
    return _corrected(request, dossier, part) if form.is_valid() else _correct_page(request, dossier, part, form)


def _corrected(request, dossier, part):
    """On to what is still lacking; once nothing is, to the answer that is waited for, or to reception."""
    dossier = Dossier.objects.with_names().select_related("version", "definition").get(pk=dossier.pk)
    messages.success(request, _("Đã lưu phần “%(part)s” của tờ khai.") % {"part": questions.say(part.title)})
    if faults := desk.lacks(dossier, timezone.now()):
        return redirect("admin:counter_correct", dossier.pk, faults[0].section)
    is_waiting = dossier.status == Dossier.Status.INTAKE_SUPPLEMENT
    return redirect("admin:onestop_dossier_step", dossier.pk, "record_answer" if is_waiting else "receive")


def _correct_page(request, dossier, part, form, *, status=200, refusal=""):
    lacking = {fault.section for fault in desk.lacks(dossier, timezone.now())}
    parts = [
        {
            "title": questions.say(section.title), "is_here": section.key == part.key,
            "url": reverse("admin:counter_correct", args=[dossier.pk, section.key]),
            "is_lacking": section.key in lacking,
        }
        for section in questions.definition(dossier).sections
    ]  # fmt: skip
    return _render(
        request, "correct", questions.say(part.title), status=status, dossier=dossier, parts=parts, form=form,
        refusal=refusal, section_hint=questions.say(part.hint), saver=_saver(dossier),
    )  # fmt: skip


@draft_page
def counter_discard(request, dossier):
    if request.method == "POST":
        papers.discard(dossier)
        messages.success(request, _("Đã xóa hồ sơ đang nhập."))
        return redirect("admin:counter_list")
    return _render(request, "discard", _("Xóa hồ sơ đang nhập"), dossier=dossier, saver=_saver(dossier))


def pages(site):
    """The addresses, under those of the dossiers."""
    found = (
        ("counter/", counter_list),
        ("counter/new/", counter_procedures),
        ("counter/new/<str:code>/", counter_new),
        ("counter/<uuid:pk>/", counter_entry),
        ("counter/<uuid:pk>/sections/<slug:section>/", counter_section),
        ("counter/<uuid:pk>/papers/", counter_papers),
        ("counter/<uuid:pk>/review/", counter_review),
        ("counter/<uuid:pk>/discard/", counter_discard),
        ("counter/<uuid:pk>/corrections/", counter_corrections),
        ("counter/<uuid:pk>/corrections/<slug:section>/", counter_correct),
    )
    return [path(at, site.admin_view(view), name=view.__name__) for at, view in found]
