"""Lists out of the back office: exactly the rows and the order on the screen, at once or, where there are many, by the
worker with a page that tells how far it is; and the empty form of what comes in."""

import tempfile
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from izportal import exports, workbooks
from izportal.export_models import Export

AT_ONCE = 5_000
REFRESHED_AFTER = 2


class ExportForm(forms.Form):
    form = forms.ChoiceField(
        label=gettext_lazy("Loại tệp"), choices=Export.Form.choices, initial=Export.Form.EXCEL,
        widget=forms.RadioSelect,
    )  # fmt: skip


class ExportSheets:
    """Whoever reads a list may export it. `resource_classes` holds what names the columns, `export_name` the file's
    name."""

    resource_classes: list[Any] = []
    export_name = ""

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def get_urls(self):
        pages = (
            ("export/", self.export_view, "export"),
            ("export/<uuid:pk>/", require_safe(self.export_wait_view), "export_wait"),
            ("export/<uuid:pk>/stop/", require_POST(self.export_stop_view), "export_stop"),
            ("export/<uuid:pk>/file/", require_safe(self.export_file_view), "export_file"),
        )
        wrap = self.admin_site.admin_view
        ours = [path(at, wrap(view), name=self._page(name).removeprefix("admin:")) for at, view, name in pages]
        return [*ours, *super().get_urls()]

    # What is exported

    def sheet_of(self, request):
        return self.resource_classes[0](user=request.user)

    def exported(self, request):
        """The table of the list as it is filtered and ordered, and its number of rows."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        found = self.get_changelist_instance(request)
        return workbooks.table_of(self.sheet_of(request), found.queryset), found.result_count

    def export_view(self, request):
        try:
            if self._is_senseless(request):
                return self._back_to_list(request)
            table, count = self.exported(request)
        except IncorrectLookupParameters:
            return self._back_to_list(request)
        form = ExportForm(request.POST if request.method == "POST" else None)
        if not form.is_valid():
            return self._export_page(request, table, count, form)
        chosen = form.cleaned_data["form"]
        if count > workbooks.MOST_ROWS and chosen == Export.Form.EXCEL:
            form.add_error("form", _("Excel không chứa quá 1.048.575 dòng; hãy lọc bớt hoặc chọn CSV."))
            return self._export_page(request, table, count, form)
        return self._handed(table, chosen) if count <= AT_ONCE else self._asked(request, chosen, count)

    def _export_page(self, request, table, count, form):
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": _("Xuất Excel"), "form": form,
            "count": count, "table": table, "is_long": count > AT_ONCE, "back": self._page("changelist"),
        }  # fmt: skip
        status = 422 if form.is_bound else 200
        return TemplateResponse(request, "admin/sheets/export.html", context, status=status)

    def _handed(self, table, form):
        target = _temporary()
        exports.produce(table, form, target)
        return _file(target, f"{self.export_name}-{timezone.localdate():%Y-%m-%d}.{form}", form)

    def _asked(self, request, form, count):
        row = exports.ask(
            model=self.opts.label, query=request.GET.urlencode(), form=form, language=get_language(), total=count,
            by=request.user, at=timezone.now(),
        )  # fmt: skip
        return redirect(self._page("export_wait"), row.pk)

    # A long one

    def _export(self, request, pk):
        if not self.has_export_permission(request):
            raise PermissionDenied
        return get_object_or_404(Export, pk=pk, asked_by=request.user, model=self.opts.label)

    def export_wait_view(self, request, pk):
        row = self._export(request, pk)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": _("Xuất Excel"), "row": row,
            "query": row.query, "trouble": exports.trouble(row) if row.is_unfinished else None,
        }  # fmt: skip
        answer = TemplateResponse(request, "admin/sheets/export_wait.html", context)
        answer["Cache-Control"] = "private, no-store"
        if row.is_unfinished:
            answer["Refresh"] = str(REFRESHED_AFTER)
        return answer

    def export_stop_view(self, request, pk):
        row = self._export(request, pk)
        if exports.stop(row, by=request.user):
            messages.success(request, _("Đã dừng xuất danh sách."))
        return redirect(self._page("export_wait"), row.pk)

    def export_file_view(self, request, pk):
        row = self._export(request, pk)
        if row.state != Export.State.DONE:
            raise Http404
        try:
            content = row.file.storage.open(row.file.name, "rb")
        except FileNotFoundError as error:
            raise Http404 from error
        return _file(content, f"{self.export_name}-{timezone.localdate(row.asked_at):%Y-%m-%d}.{row.form}", row.form)

    # On the list

    def sheet_links(self, request, query=""):
        """(label, address) of each button of the list."""
        may = self.has_export_permission(request)
        return [(_("Xuất Excel"), f"{reverse(self._page('export'))}{query}")] if may else []

    def changelist_view(self, request, extra_context=None):
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        extra = {"sheet_links": self.sheet_links(request, query), **(extra_context or {})}
        return super().changelist_view(request, extra)

    def get_actions(self, request):
        found = super().get_actions(request)
        if self.has_export_permission(request):
            found["export_chosen"] = (_export_chosen, "export_chosen", _("Xuất các dòng đã chọn ra Excel"))
        return found


def _export_chosen(of, request, rows):
    if rows.count() > AT_ONCE:  # all of the list was chosen
        query = QueryDict(request.GET.urlencode())
        return redirect(f"{reverse(of._page('export'))}?{query.urlencode()}")
    return of._handed(workbooks.table_of(of.sheet_of(request), rows), Export.Form.EXCEL)


class TemplateSheets:
    """The empty form of a table that comes in: its headings, its lists and how each column is filled in."""

    def get_urls(self):
        view = self.admin_site.admin_view(require_safe(self.template_view))
        return [path("template/", view, name=self._page("template").removeprefix("admin:")), *super().get_urls()]

    def template_view(self, request):
        if not self.has_import_permission(request):
            raise PermissionDenied
        target = _temporary()
        workbooks.write_excel(workbooks.table_of(self.sheet_of(request), None), target)
        return _file(target, f"mau-{self.export_name}.xlsx", Export.Form.EXCEL)

    def sheet_links(self, request, query=""):
        may = self.has_import_permission(request)
        ours = [(_("Nhập từ Excel"), reverse(self._page("import")))] if may else []
        return [*ours, *super().sheet_links(request, query)]


def _temporary():
    """Closed by the answer that sends it."""
    return tempfile.TemporaryFile()


def _file(content, name, form):
    content.seek(0)
    answer = FileResponse(content, as_attachment=True, filename=name, content_type=exports.MIMES[form])
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
