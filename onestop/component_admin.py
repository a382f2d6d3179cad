"""The official form beside each paper of the catalogue: put up, replaced or taken away by staff, also while dossiers
run under the version, since neither a clock nor what is asked rests on it."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin

from izportal import documents
from izportal.backoffice import HistoryAdmin, PortalAdmin, SafeForm
from onestop.models import Component


class FormFileForm(SafeForm):
    upload = forms.FileField(
        label=gettext_lazy("Tệp biểu mẫu mới"), required=False,
        help_text=gettext_lazy("Biểu mẫu do văn bản quy định; ai cũng tải được từ trang của thủ tục."),
    )  # fmt: skip
    is_taken_away = forms.BooleanField(label=gettext_lazy("Gỡ biểu mẫu đang có"), required=False)

    class Meta:
        model = Component
        fields = ()

    def clean_upload(self):
        upload = self.cleaned_data["upload"]
        if upload:
            try:
                self.found = documents.inspect(upload, max_bytes=documents.limit_bytes(timezone.localdate()))
            except documents.UploadRefused as refusal:
                raise ValidationError(refusal.messages) from refusal
        return upload


class ComponentAdmin(PortalAdmin, HistoryAdmin, TranslationAdmin):
    form = FormFileForm
    list_display = ("name", "of_procedure", "form_code", "has_form")
    list_select_related = ("version__procedure", "form_file")
    list_filter = ("version__procedure__field",)
    search_fields = ("name_vi", "name_en", "form_code", "version__procedure__folded")
    ordering = ("version__procedure__number", "position")
    fields = readonly_fields = ("version", "name", "form_code", "required", "condition", "given")

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fields(self, request, obj=None):
        asked = ("upload", "is_taken_away") if self.has_change_permission(request, obj) else ()
        return (*self.readonly_fields, *asked)

    def save_model(self, request, obj, form, change):
        upload = form.cleaned_data.get("upload")
        if upload:
            obj.form_file = documents.keep(upload, form.found, by=request.user, at=timezone.now())
        elif form.cleaned_data.get("is_taken_away"):
            obj.form_file = None
        super().save_model(request, obj, form, change)

    @admin.display(description=gettext_lazy("Thủ tục"), ordering="version__procedure__number")
    def of_procedure(self, row):
        return row.version.procedure.code

    @admin.display(description=gettext_lazy("Có tệp"), boolean=True, ordering="form_file")
    def has_form(self, row):
        return row.form_file_id is not None

    @admin.display(description=gettext_lazy("Tệp đang có"))
    def given(self, row):
        if row.form_file is None:
            return _("chưa có")
        where = reverse("onestop:form_download", args=[row.version.procedure.code, row.pk])
        return format_html('<a href="{}">{}</a>', where, row.form_file.name)
