"""The deeds of the register as pages of the back office: what will happen is shown first, and done when it is seen."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import roles
from izportal.backoffice import Deed
from projects import ledger
from projects.admin import forms
from projects.admin.sight import sight
from projects.models import Change, Project
from zones.allocation import PlotTaken

REFUSALS = (ledger.LedgerRefused, PlotTaken)
TEMPLATE = "admin/projects/project/deed.html"


def may_keep(user):
    return roles.may(user, "keep_ledger")


def _status(project):
    """The list reads it with the row."""
    return getattr(project, "status", None) or ledger.status_of(project)


def _is_alive(project):
    return _status(project) not in (Project.Status.TERMINATED, Project.Status.REVOKED)


def _is_asleep(project):
    return _status(project) == Project.Status.SUSPENDED


def _is_awake(project):
    return _status(project) == Project.Status.IN_FORCE


def _entered(change):
    said = {"kind": change.get_stands_as_display(), "number": change.decision_number}
    return _("Đã ghi vào sổ: %(kind)s theo %(number)s.") % said


def _adjust(project, *, capital, **said):
    return _entered(ledger.adjust_capital(project=project, to=capital, **said))


def _terminate(project, **said):
    return _entered(ledger.terminate(project=project, **said))


def _revoke(project, **said):
    return _entered(ledger.terminate(project=project, is_revoked=True, **said))


def _transfer(project, *, enterprise, origin, **said):
    return _entered(ledger.transfer(project=project, enterprise=enterprise, origin=origin, **said))


def _of(verb):
    return lambda project, **said: _entered(verb(project=project, **said))


def _schedule(project, **said):
    return _("Đã ghi mốc tiến độ: %(kind)s.") % {"kind": ledger.schedule(project=project, **said).get_kind_display()}


def _correct(change, *, by, **said):
    zone = said["said"].get("zone")
    if zone and by.zones and zone.code not in by.zones:
        raise ledger.LedgerRefused(_("Bạn chỉ chuyển được dự án sang khu công nghiệp mà bạn phụ trách."))
    ledger.correct(change=change, by=by, **said)
    return _("Đã hiệu đính; dòng cũ vẫn đọc được.")


def _annul(change, **said):
    ledger.annul(change=change, **said)
    return _("Đã hủy dòng thay đổi; dòng cũ vẫn đọc được.")


def _deed(slug, label, form, do, explanation="", *, is_due=_is_alive, template=TEMPLATE):
    return Deed(
        slug=slug, label=label, form=form, do=do, may=may_keep, explanation=explanation, refusals=REFUSALS,
        is_due=is_due, template=template,
    )  # fmt: skip


OF_PROJECT = (
    _deed("capital", gettext_lazy("Điều chỉnh vốn"), forms.CapitalForm, _adjust,
          gettext_lazy("Ghi tổng vốn mới như trên giấy; sổ tự tính phần tăng, giảm.")),
    _deed("land", gettext_lazy("Điều chỉnh đất"), forms.LandForm, _of(ledger.change_land),
          gettext_lazy("Ghi diện tích của từng lô sau quyết định; một lô chỉ giao cho một dự án.")),
    _deed("term", gettext_lazy("Điều chỉnh thời hạn"), forms.TermForm, _of(ledger.extend),
          gettext_lazy("Thời hạn thuê của các lô đi theo thời hạn dự án.")),
    _deed("transfer", gettext_lazy("Chuyển nhượng"), forms.TransferForm, _transfer,
          gettext_lazy("Ghi mọi nhà đầu tư sau chuyển nhượng, cả người ở lại; ai không được ghi thì thôi góp vốn.")),
    _deed("content", gettext_lazy("Điều chỉnh nội dung"), forms.ContentForm, _of(ledger.reclassify),
          gettext_lazy("Ngành, loại dự án, tổ chức kinh tế theo giấy chứng nhận điều chỉnh.")),
    _deed("suspend", gettext_lazy("Tạm ngừng"), forms.BasisForm, _of(ledger.suspend),
          gettext_lazy("Dự án tạm ngừng vẫn còn hiệu lực và vẫn giữ đất."), is_due=_is_awake),
    _deed("resume", gettext_lazy("Hoạt động trở lại"), forms.BasisForm, _of(ledger.resume), is_due=_is_asleep),
    _deed("terminate", gettext_lazy("Chấm dứt"), forms.BasisForm, _terminate,
          gettext_lazy("Vốn và đất ra khỏi số liệu, các lô được trả lại. Ghi nhầm thì hủy dòng này.")),
    _deed("revoke", gettext_lazy("Thu hồi"), forms.BasisForm, _revoke,
          gettext_lazy("Vốn và đất ra khỏi số liệu, các lô được trả lại. Ghi nhầm thì hủy dòng này.")),
    _deed("milestone", gettext_lazy("Ghi tiến độ"), forms.MilestoneForm, _schedule,
          gettext_lazy("Ngày theo giấy và ngày thực tế của một mốc; ghi lại thì thay dòng cũ."),
          template="admin/deed.html"),
)  # fmt: skip


def _stands(change):
    return not Change.objects.filter(supersedes=change).exists() and change.stands_as != Change.Kind.CORRECTION


def _can_be_void(change):
    return _stands(change) and change.stands_as != Change.Kind.ISSUED


OF_CHANGE = (
    _deed("correct", gettext_lazy("Hiệu đính"), forms.CorrectForm, _correct,
          gettext_lazy("Sửa dòng ghi sai so với giấy. Dòng mới đứng vào chỗ dòng cũ; số liệu “như đã biết” "
                       "trước hôm nay không đổi."), is_due=_stands),
    _deed("annul", gettext_lazy("Hủy dòng ghi nhầm"), forms.BasisForm, _annul,
          gettext_lazy("Dòng này coi như không có; lô đất đã giao hoặc đã trả theo dòng này trở lại như trước."),
          is_due=_can_be_void),
)  # fmt: skip


class PreviewedDeeds:
    """Deeds whose effect is shown before they are done. Stands before `PortalAdmin` in the bases."""

    def _done(self, request, row, form, deed):
        if not isinstance(form, forms.SeenForm) or not deed.is_due(row):
            return super()._done(request, row, form, deed)
        project = row if isinstance(row, Project) else row.project
        try:
            seen = tried(request, form, project, lambda at: deed.do(row, by=request.user, at=at, **form.cleaned_data))
        except deed.refusals as refusal:
            form.add_error(None, str(refusal))
            return None
        return super()._done(request, self._fresh(row), form, deed) if seen else None

    def _fresh(self, row):
        """As the database has it: the trial has left its marks on the row in hand."""
        return type(row)._default_manager.get(pk=row.pk)


def tried(request, form, project, do):
    """Is what would happen now what the reader has seen? If not, the form shows it."""
    at = timezone.now()
    trial = ledger.tried(lambda: do(at), project=project, on=timezone.localdate(at))
    found = sight(trial, form.cleaned_data)
    if request.POST.get("seen") == found.mark:
        return True
    form.show(found)
    return False


class Entering:
    """Entering a certificate that came through no dossier, at `enter/`."""

    def get_urls(self):
        page = path("enter/", self.admin_site.admin_view(self.enter_view), name="projects_project_enter")
        return [page, *super().get_urls()]

    def enter_view(self, request):
        if not (may_keep(request.user) and self.has_view_permission(request)):
            raise PermissionDenied
        form = forms.RegisterForm(request.POST or None, zones=request.user.zones)
        with transaction.atomic():
            change = self._entered(request, form) if request.method == "POST" and form.is_valid() else None
        if change is not None:
            sentence = _entered(change)
            self.log_addition(request, change.project, sentence)
            messages.success(request, sentence)
            return redirect("admin:projects_project_change", change.project_id)
        context = {
            **self.admin_site.each_context(request), "title": _("Nhập giấy chứng nhận"), "form": form,
            "opts": self.opts, "media": self.media + form.media,
        }  # fmt: skip
        return TemplateResponse(request, "admin/projects/project/enter.html", context)

    def _entered(self, request, form):
        def do(at):
            return ledger.register(**form.entry, by=request.user, at=at)

        try:
            return do(timezone.now()) if tried(request, form, None, do) else None
        except REFUSALS as refusal:
            form.add_error(None, str(refusal))
            return None
