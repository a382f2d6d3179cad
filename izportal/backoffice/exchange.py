"""Sheets that come into a list: an import is tried first."""

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from import_export.admin import ImportMixin

from izportal import roles, sheets
from izportal.backoffice.exporting import ExportSheets, TemplateSheets


class ImportSheetForm(forms.Form):
    import_file = forms.FileField(
        label=gettext_lazy("Tệp Excel (.xlsx) hoặc CSV (UTF-8)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_import_file(self):
        upload = self.cleaned_data["import_file"]
        if upload.size > sheets.MAX_BYTES:
            raise forms.ValidationError(_("Tệp lớn hơn mức cho phép là 5 MB."))
        self.data_read = upload.read()
        try:
            self.sheet = sheets.read(self.data_read)
        except sheets.SheetRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if not self.sheet:
            raise forms.ValidationError(_("Bảng không có dòng dữ liệu nào dưới dòng tiêu đề."))
        return upload


class ConfirmSheetForm(forms.Form):
    """Carries the sealed receipt of a trial: which file, whose, and what it would do."""

    import_file_name = forms.CharField(widget=forms.HiddenInput)


class SheetAdmin(TemplateSheets, ImportMixin, ExportSheets):
    """A trial first, which names every fault by row and column; then the whole sheet or nothing of it."""

    import_export_change_list_template = None
    change_form_template = None
    import_deed = ""
    seal = "izportal.backoffice.import"

    def get_resource_kwargs(self, request, *args, **kwargs):
        return {"user": request.user}

    def has_import_permission(self, request):
        has_rights = self.has_add_permission(request) and self.has_change_permission(request)
        return has_rights and roles.may(request.user, self.import_deed)

    def import_action(self, request, **kwargs):
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = ImportSheetForm(request.POST, request.FILES) if request.method == "POST" else ImportSheetForm()
        if not form.is_valid():
            return self._import_page(request, form)
        name = form.cleaned_data["import_file"].name
        result = self._run(request, form.sheet, name, dry_run=True)
        confirm = None
        if result.is_sound and result.has_work:
            kept = sheets.Kept.put(form.data_read, at=timezone.now())
            receipt = {"file": kept, "name": name, "digest": result.digest, "user": request.user.pk}
            confirm = ConfirmSheetForm(initial={"import_file_name": signing.dumps(receipt, salt=self.seal)})
        return self._import_page(request, form, result=result, confirm_form=confirm)

    @method_decorator(require_POST)
    def process_import(self, request, **kwargs):
        if not self.has_import_permission(request):
            raise PermissionDenied
        receipt = self._receipt(request)
        data = sheets.Kept.take(receipt["file"]) if receipt else None
        if data is None:
            messages.error(request, _("Tệp này đã được nhập, hoặc đã quá hạn xem thử. Hãy tải tệp lên lại."))
            return redirect(self._page("import"))
        result = self._run(request, sheets.read(data), receipt["name"], expected=receipt["digest"])
        if not result.is_sound:
            return self._import_page(request, ImportSheetForm(), result=result)
        self.generate_log_entries(result, request)
        self.add_success_message(result, request)
        return redirect(self._page("changelist"))

    def _receipt(self, request):
        try:
            receipt = signing.loads(request.POST.get("import_file_name", ""), salt=self.seal, max_age=sheets.KEPT_FOR)
        except signing.BadSignature:
            return None
        return receipt if receipt["user"] == request.user.pk else None

    def _run(self, request, sheet, name, *, dry_run=False, expected=""):
        resource = self.get_import_resource_classes(request)[0](**self.get_import_resource_kwargs(request))
        return resource.import_data(sheet, dry_run=dry_run, expected=expected, user=request.user, file_name=name)

    def _import_page(self, request, form, **context):
        resource = self.get_import_resource_classes(request)[0](**self.get_import_resource_kwargs(request))
        page = {
            **self.admin_site.each_context(request), "title": _("Nhập từ tệp"), "opts": self.opts, "form": form,
            "media": self.media + form.media, "columns": resource.columns(), "max_rows": sheets.MAX_ROWS,
            "has_export_permission": self.has_export_permission(request), **context,
        }  # fmt: skip
        return TemplateResponse(request, self.import_template_name, page)

    def generate_log_entries(self, result, request):
        for kind, flag in (("new", ADDITION), ("update", CHANGE)):
            rows = [row.instance for row in result.rows if row.import_type == kind]
            LogEntry.objects.log_actions(request.user.pk, rows, flag, _("Nhập từ tệp"))

    def add_success_message(self, result, request):
        messages.success(
            request,
            _("Đã nhập: %(new)s dòng mới, %(update)s dòng sửa, %(skip)s dòng không đổi.") % dict(result.totals),
        )
