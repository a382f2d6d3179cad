"""Pages of the hand-over in the back office: choose, see what will happen, and read what did."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from onestop import absences, handover
from onestop.handover.forms import HandoverForm, OfficerForm

KEPT = "handover"


def pages(office):
    """Addresses under the dossiers of the back office; `office` is their admin."""
    named = (
        ("handover/", handover_page, "handover"),
        ("handover/result/", require_safe(result_page), "handover_result"),
    )
    return [path(at, office.admin_site.admin_view(_of(office, view)), name=f"onestop_dossier_{name}")
            for at, view, name in named]  # fmt: skip


def _of(office, view):
    def page(request):
        covering = absences.covered_by(request.user, on=timezone.localdate())
        if not any(person.has_role(*handover.STEP.roles) for person in (request.user, *covering)):
            raise PermissionDenied
        return view(request, office, covering)

    return page


def handover_page(request, office, covering):
    """Asked for with an officer's name, or posted from the worklist with what was ticked there; then once with the
    receiver, to see what will happen, and once more to do it."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    if request.method != "POST" and "officer" not in request.GET:
        return _page(request, office, officers=OfficerForm())
    if request.method != "POST":
        return _of_officer(request, office, covering)
    stage = request.POST.get("stage", "choose")
    picked, about = _picked(request, office)
    is_whole = about["is_whole"]
    if not picked.rows:
        messages.warning(request, _("Chưa chọn hồ sơ nào để bàn giao."))
        return redirect("admin:onestop_dossier_changelist")
    asked = {"count": len(picked.rows), "is_whole": is_whole}
    if stage == "choose":
        return _choose(request, office, covering, picked, about, HandoverForm(**asked))
    form = HandoverForm(request.POST, is_confirming=stage == "do", **asked)
    if not form.is_valid():
        return _choose(request, office, covering, picked, about, form, is_confirming="sure" in form.errors)
    if stage == "do":
        return _do(request, picked, form, covering)
    return _choose(request, office, covering, picked, about, form, is_confirming=True)


def _of_officer(request, office, covering):
    form = OfficerForm(request.GET)
    if not form.is_valid():
        return _page(request, office, officers=form)
    officer = form.cleaned_data["officer"]
    picked = handover.of_officer(office.get_queryset(request), officer)
    if not picked.rows:
        form.add_error("officer", _("%(who)s không có hồ sơ nào bàn giao được.") % {"who": officer})
        return _page(request, office, officers=form)
    about = {"is_whole": True, "name": _("Toàn bộ hồ sơ của %(who)s") % {"who": officer}}
    return _choose(request, office, covering, picked, about, HandoverForm(count=len(picked.rows), is_whole=True))


def _picked(request, office):
    """What the worklist, or the page before this one, says is to be handed over."""
    rows, said = office.get_queryset(request), request.POST
    if said.get("which") == "heap":
        picked, name = handover.heap(rows, said.get("query", ""), request.user)
        return picked, {"is_whole": True, "name": _("Tất cả hồ sơ của mục “%(heap)s”") % {"heap": name}}
    marks = said.getlist("shown" if said.get("which") == "page" else "dossier")
    about = {"is_whole": said.get("is_whole") == "1", "name": said.get("name", "")[:300]}
    return handover.marked(rows, marks), about


def _choose(request, office, covering, picked, about, form, *, is_confirming=False):
    to = form.cleaned_data.get("to") if is_confirming else None
    planned = handover.plan(picked, to=to, by=request.user, covering=covering)
    able = sum(not row.obstacle for row in planned)
    return _page(
        request, office, status=409 if is_confirming and form.errors else 200, form=form, planned=planned, about=about,
        picked=picked, able=able, to=to, is_confirming=is_confirming, most=handover.MOST,
    )  # fmt: skip


def _page(request, office, *, status=200, **context):
    return office._page(request, "handover", _("Bàn giao hồ sơ"), status=status, **context)


def _do(request, picked, form, covering):
    to, note = form.cleaned_data["to"], form.cleaned_data["note"]
    done = handover.carry_out(picked, to=to, note=note, by=request.user, at=timezone.now(), covering=covering)
    request.session[KEPT] = {"to": str(to), "lines": [one.as_kept() for one in done]}
    count = sum(one.is_done for one in done)
    words = ngettext("Đã bàn giao %(count)s hồ sơ cho %(to)s.", "Đã bàn giao %(count)s hồ sơ cho %(to)s.", count)
    (messages.success if count else messages.warning)(request, words % {"count": count, "to": to})
    return redirect("admin:onestop_dossier_handover_result")


def result_page(request, office, covering):
    kept = request.session.get(KEPT)
    if kept is None:
        return redirect("admin:onestop_dossier_changelist")
    done = [line for line in kept["lines"] if line["is_done"]]
    refused = [line for line in kept["lines"] if not line["is_done"]]
    return office._page(request, "handover_result", _("Kết quả bàn giao"), to=kept["to"], done=done, refused=refused)
