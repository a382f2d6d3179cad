"""The papers kept on a project: put in, read and taken out by the board's own people; the public never sees one."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import documents
from izportal.backoffice import LinesField
from projects.admin.deeds import may_keep
from projects.admin.forms import Day, Line
from projects.models import ProjectDocument


class PaperForm(forms.Form):
    kind = forms.ChoiceField(label=gettext_lazy("Loại giấy tờ"), choices=ProjectDocument.Kind.choices)
    title = Line(gettext_lazy("Tên giấy tờ"), max_length=300)
    number = Line(gettext_lazy("Số"), max_length=100, required=False)
    issued_on = Day(gettext_lazy("Ngày"), required=False)
    upload = forms.FileField(
        label=gettext_lazy("Tệp"), max_length=255, widget=forms.FileInput(attrs={"accept": documents.ACCEPT})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.limit = documents.limit_bytes(timezone.localdate())
        self.fields["upload"].help_text = _("PDF, ảnh, Word hoặc Excel, không quá %(limit)s MB.") % {
            "limit": self.limit // documents.MEGABYTE
        }


class RemoveForm(forms.Form):
    reason = LinesField(
        label=gettext_lazy("Lý do gỡ"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Tệp vẫn được lưu cùng lý do, nhưng không còn trên trang dự án."),
    )  # fmt: skip


class Papers:
    """The pages of a project's papers, under the project."""

    def get_urls(self):
        pages = (
            ("<path:object_id>/papers/add/", self.paper_add_view, "paper_add"),
            ("<path:object_id>/papers/<int:pk>/", self.paper_view, "paper"),
            ("<path:object_id>/papers/<int:pk>/remove/", self.paper_remove_view, "paper_remove"),
        )
        named = [
            path(where, self.admin_site.admin_view(view), name=f"projects_project_{name}")
            for where, view, name in pages
        ]
        return [*named, *super().get_urls()]

    def _project(self, request, object_id, *, to_write=False):
        project = self.get_object(request, object_id)
        if project is None:
            raise Http404
        if not self.has_view_permission(request, project) or (to_write and not may_keep(request.user)):
            raise PermissionDenied
        return project

    def paper_add_view(self, request, object_id):
        project = self._project(request, object_id, to_write=True)
        form = PaperForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                return self._kept(request, project, form)
            except documents.UploadRefused as refusal:
                form.add_error("upload", str(refusal))
        return self._paper_page(request, project, form, _("Thêm giấy tờ"))

    def _kept(self, request, project, form):
        said, at = {**form.cleaned_data}, timezone.now()
        with transaction.atomic():
            page = reverse("admin:projects_project_change", args=[project.pk])
            stored = documents.store(
                said.pop("upload"), by=request.user, at=at, max_bytes=form.limit, is_sample=project.is_sample,
                page=page,
            )  # fmt: skip
            row = ProjectDocument.objects.create(
                project=project, stored=stored, added_by=request.user, added_at=at, is_sample=project.is_sample, **said
            )
            sentence = _("Đã thêm giấy tờ “%(title)s”.") % {"title": row.title}
            self.log_change(request, project, sentence)
        messages.success(request, sentence)
        return redirect(page)

    def paper_view(self, request, object_id, pk):
        row = self._paper(self._project(request, object_id), pk)
        return documents.serve(row.stored, as_attachment="show" not in request.GET)

    def paper_remove_view(self, request, object_id, pk):
        project = self._project(request, object_id, to_write=True)
        row, form = self._paper(project, pk), RemoveForm(request.POST or None, label_suffix="")
        if request.method != "POST" or not form.is_valid():
            return self._paper_page(request, project, form, _("Gỡ giấy tờ “%(title)s”") % {"title": row.title})
        row.removed_at, row.removed_by, row.reason = timezone.now(), request.user, form.cleaned_data["reason"]
        row.save()
        sentence = _("Đã gỡ giấy tờ “%(title)s”.") % {"title": row.title}
        self.log_change(request, project, sentence)
        messages.success(request, sentence)
        return redirect("admin:projects_project_change", project.pk)

    def _paper(self, project, pk):
        row = project.documents.filter(pk=pk, removed_at__isnull=True).select_related("stored").first()
        if row is None:
            raise Http404
        return row

    def _paper_page(self, request, project, form, title):
        context = {
            **self.admin_site.each_context(request), "title": title, "form": form, "original": project,
            "opts": self.opts, "media": self.media + form.media, "is_upload": isinstance(form, PaperForm),
        }  # fmt: skip
        return TemplateResponse(request, "admin/projects/project/paper.html", context)
