"""Sheets that come into a list: the file is sent here; what becomes of it stands in its change set."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import changesets, sheets
from izportal.backoffice.exporting import ExportSheets, TemplateSheets
from izportal.backoffice.many import EditMany
from izportal.models import ChangeSet
from izportal.sheets.reading import look


class ImportSheetForm(forms.Form):
    """The very same file is taken again only by whoever says so."""

    import_file = forms.FileField(
        label=gettext_lazy("Tệp Excel (.xlsx) hoặc CSV (UTF-8)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    note = forms.CharField(label=gettext_lazy("Lời nhắn cho người xem"), max_length=500, required=False)
    again = forms.BooleanField(label=gettext_lazy("Vẫn gửi lại tệp này"), required=False)

    def __init__(self, *args, kind, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.kind, self.user, self.former = kind, user, None

    def clean_import_file(self):
        upload = self.cleaned_data["import_file"]
        try:
            found = look(upload)
        except sheets.SheetRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        former = ChangeSet.objects.visible_to(self.user).same_file(kind=self.kind, sha256=found.sha256).first()
        if former is not None and not self.data.get("again"):
            self.former = former
            raise forms.ValidationError(_("Đúng tệp này đã được gửi trước đây."))
        return upload


class SheetAdmin(EditMany, TemplateSheets, ExportSheets):
    """A list into which sheets come: its resource says who may send them."""

    change_form_template = None

    def get_urls(self):
        view = self.admin_site.admin_view(self.import_view)
        return [path("import/", view, name=self._page("import").removeprefix("admin:")), *super().get_urls()]

    @property
    def _resource(self):
        return self.resource_classes[0]

    def has_import_permission(self, request):
        has_rights = self.has_add_permission(request) and self.has_change_permission(request)
        return has_rights and changesets.may_send(self._resource.name, request.user)

    def import_view(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied
        sent = (request.POST, request.FILES) if request.method == "POST" else ()
        form = ImportSheetForm(*sent, kind=self._resource.name, user=request.user)
        if form.is_bound and form.is_valid():
            change_set = changesets.begin(
                kind=self._resource.name, upload=form.cleaned_data["import_file"], by=request.user,
                at=timezone.now(), note=form.cleaned_data["note"],
            )  # fmt: skip
            return redirect("admin:izportal_changeset_change", change_set.pk)
        page = {
            **self.admin_site.each_context(request), "title": _("Nhập từ Excel"), "opts": self.opts, "form": form,
            "media": self.media + form.media, "columns": self._resource(request.user).columns(),
            "max_rows": sheets.MAX_ROWS, "template": self._page("template"), "export": self._page("export"),
        }  # fmt: skip
        return TemplateResponse(request, "admin/sheets/import.html", page, status=422 if form.is_bound else 200)
