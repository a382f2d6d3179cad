"""The papers of a filing: taking files in under a size guard, one for each component, and taking them back."""

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from izportal import documents
from izportal.documents import ACCEPT, UploadRefused
from onestop import papers, questions
from onestop.views.access import applicant_page
from onestop.views.filing import filed_already, wizard


@csrf_exempt
def dossier_papers(request, **address):
    """Uploads are measured while they come in, so the guard must stand before the form is read; the inner page
    checks the token."""
    return receive_uploads(request, _papers_page, **address)


def receive_uploads(request, page, **address):
    """Read a form with files under a size guard, then open the page; a form too big to read is told as a sentence."""
    guard = papers.SizeGuard(request, most=documents.limit_bytes(timezone.localdate()))
    request.upload_handlers.insert(0, guard)
    request.size_guard, request.is_too_big = guard, False
    try:
        request.POST  # noqa: B018  reading it is what takes the files in
    except (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent):
        request.is_too_big = True
        return render(request, "onestop/_too_big.html", {"back": request.path}, status=413)
    return csrf_protect(page)(request, **address)


@applicant_page("prepare")
def _papers_page(request, dossier):
    if not dossier.is_draft:
        return filed_already(request, dossier)
    refused = _take_papers(request, dossier) if request.method == "POST" else {}
    if request.method == "POST" and not refused:
        return _after_papers(request, dossier)
    shape = questions.definition(dossier)
    demands = papers.demands(dossier)
    context = {
        **wizard(dossier, shape, "papers"), "rows": [(demand, refused.get(demand.anchor)) for demand in demands],
        "astray": papers.astray(dossier), "refused": refused, "accept": ACCEPT,
        "limit_mb": documents.limit_bytes(timezone.localdate()) // documents.MEGABYTE,
        "wanted": sum(demand.must for demand in demands), "given": sum(bool(d.must and d.paper) for d in demands),
    }  # fmt: skip
    return render(request, "onestop/dossier_papers.html", context)


def _after_papers(request, dossier):
    go = request.POST.get("go")
    if go == "exit":
        messages.success(request, _("Đã lưu bản nháp. Bạn có thể nộp tiếp bất cứ lúc nào."))
        return redirect("onestop:dossier_list")
    return redirect("onestop:dossier_review" if go == "next" else "onestop:dossier_papers", dossier.pk)


def _take_papers(request, dossier):
    """Keep every sound file; answers {input name: sentence} for the others."""
    rows = {demand.anchor: demand.component for demand in papers.demands(dossier)}
    refused = {name: sentence for name, sentence in request.size_guard.too_big.items() if name in rows}
    for name, component in rows.items():
        upload = request.FILES.get(name)
        if upload and (sentence := give(request, dossier, upload, component=component)):
            refused[name] = sentence
    ticked = {component.key for name, component in rows.items() if f"not-due-{name}" in request.POST}
    papers.declare_not_due(dossier, ticked)
    _take_back(request, dossier)
    return refused


def give(request, dossier, upload, **where):
    """Give one paper; the sentence of a refusal, or nothing."""
    try:
        papers.give(dossier=dossier, upload=upload, by=request.user, at=timezone.now(), **where)
    except UploadRefused as refusal:
        return refusal.sentence
    except papers.PaperRefused as refusal:
        return str(refusal)
    return ""


def _take_back(request, dossier):
    number = request.POST.get("take_back", "")
    paper = dossier.papers.filter(pk=int(number)).first() if number.isdecimal() and len(number) < 18 else None
    if paper:
        papers.take_back(dossier=dossier, paper=paper, at=timezone.now())
