"""Sheets out of a list and into it: what is filtered is exported; an import is tried first."""

from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from import_export.admin import ExportActionMixin, ImportMixin
from import_export.forms import ExportForm

from izportal import roles, sheets


class ExportSheetForm(ExportForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choice = self.fields["format"]
        choice.label, choice.initial = _("Loại tệp"), "0"
        choice.choices = [pair for pair in choice.choices if pair[0]]
        choice.widget = forms.RadioSelect(choices=choice.choices)


class ExportSheets(ExportActionMixin):
    """Gives exactly the rows and the order of the list as it is filtered; whoever reads the list may export it."""

    change_form_template = None
    export_form_class = ExportSheetForm
    skip_export_form_from_action = True
    export_name = ""

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def export_action(self, request):
        try:
            return self._back_to_list(request) if self._is_senseless(request) else super().export_action(request)
        except IncorrectLookupParameters:
            return self._back_to_list(request)

    def get_export_formats(self):
        return sheets.FORMATS

    def get_resource_kwargs(self, request, *args, **kwargs):
        return {"user": request.user}

    def get_valid_export_item_pks(self, request):
        return self.get_queryset(request).values_list("pk", flat=True)

    def get_export_filename(self, request, queryset, file_format):
        return f"{self.export_name}-{timezone.localdate():%Y-%m-%d}.{file_format.get_extension()}"

    def get_actions(self, request):
        actions = super().get_actions(request)
        if "export_admin_action" in actions:
            function, name, _label = actions["export_admin_action"]
            actions["export_admin_action"] = (function, name, _("Xuất các dòng đã chọn ra Excel"))
        return actions


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


class SheetAdmin(ImportMixin, ExportSheets):
    """A trial first, which names every fault by row and column; then the whole sheet or nothing of it."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    import_deed = ""
    seal = "izportal.backoffice.import"

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
