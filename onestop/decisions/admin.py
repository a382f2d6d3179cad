"""The wordings in the back office: the list, the draft with all that may be filled in, the preview, publishing.

A published wording is read only; the next version begins as its copy. What may be said in one, and who may publish,
says `wordings`.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import documents, roles
from izportal.backoffice import Deed, PortalAdmin
from onestop import languages
from onestop.decisions import forms, letters, placeholders, sheets, wordings
from onestop.models import DecisionTemplate, Dossier


def may_publish(user):
    return roles.may(user, "publish_decision_template")


def may_edit(user):
    return roles.may(user, "edit_decision_template")


class DecisionTemplateAdmin(PortalAdmin):
    list_display = ("heading_vi", "whose", "decision", "version_no", "state", "valid_from", "published_by")
    list_select_related = ("procedure", "published_by")
    list_filter = ("decision", ("published_at", admin.EmptyFieldListFilter))
    search_fields = ("procedure__folded", "heading_vi")
    ordering = ("procedure__number", "decision", "-version_no")
    fields = ("procedure", "decision", "version_no", "state", "source", "heading_vi", "body_vi", "heading_en",
              "body_en", "valid_from")  # fmt: skip
    readonly_fields = ("procedure", "decision", "version_no", "state", "source")
    actions = None
    deeds = (
        Deed(
            slug="publish", label=gettext_lazy("Ban hành mẫu"), form=forms.PublishForm, do=forms.publish,
            may=may_publish, is_due=lambda row: not row.is_published, refusals=(wordings.WordingRefused,),
            explanation=gettext_lazy(
                "Mẫu đã ban hành không sửa được nữa. Dự thảo trình từ ngày áp dụng trở đi dùng lời văn này."
            ),
        ),
    )  # fmt: skip

    def get_queryset(self, request):
        return wordings.with_state(super().get_queryset(request), on=timezone.localdate())

    @admin.display(description=gettext_lazy("Thủ tục"), ordering="procedure__number")
    def whose(self, row):
        return row.procedure.code if row.procedure else _("Mẫu chung")

    @admin.display(description=gettext_lazy("Tình trạng"))
    def state(self, row):
        return wordings.state(row, on=timezone.localdate()).label

    @admin.display(description=gettext_lazy("Nguồn lời văn"))
    def source(self, row):
        if row.is_of_portal:
            return _("Lời văn đi kèm cổng, chờ Ban xác nhận")
        return _("Ban soạn (%(who)s)") % {"who": row.made_by or "—"}

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.is_published)

    def has_delete_permission(self, request, obj=None):
        return bool(obj) and self.has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        """Whoever wrote last is the author, who does not publish it."""
        if form.changed_data:
            obj.made_by, obj.made_at = request.user, timezone.now()
        super().save_model(request, obj, form, change)

    def get_urls(self):
        pages = (
            ("begin/", self.begin_view, "begin"),
            ("<int:pk>/preview/", self.preview_view, "preview"),
            ("<int:pk>/preview/pdf/", self.preview_pdf_view, "preview_pdf"),
        )
        own = [
            path(at, self.admin_site.admin_view(view), name=f"onestop_decisiontemplate_{name}")
            for at, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def _show(self, request, template, title, row=None, *, status=200, **context):
        whole = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": title, "original": row, **context,
        }  # fmt: skip
        return TemplateResponse(request, f"admin/onestop/decisiontemplate/{template}.html", whole, status=status)

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"may_begin": may_edit(request.user)})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        response = super().render_change_form(request, context, add, change, form_url, obj)
        if obj is None:
            return response
        today, context = timezone.localdate(), response.context_data
        context["deeds"] = [*context["deeds"], (_("Xem trước"), reverse(self._page("preview"), args=[obj.pk]))]
        if obj.is_published and may_edit(request.user):
            context["deeds"].append((_("Lập phiên bản mới"), f"{reverse(self._page('begin'))}?of={obj.pk}"))
        context |= {
            "faults": [] if obj.is_published else wordings.faults(obj, on=today),
            "names": [
                (row.name, row.label)
                for row in placeholders.PLACEHOLDERS.values()
                if placeholders.fits(row.name, obj.decision)
            ],
            "answers": list(placeholders.answers_of(obj.procedure, on=today).items()),
        }
        return response

    # Beginning

    def begin_view(self, request):
        if not may_edit(request.user):
            raise PermissionDenied
        of = request.GET.get("of", "")
        base = DecisionTemplate.objects.filter(pk=int(of)).first() if of.isdecimal() and len(of) < 10 else None
        initial = {"procedure": base.procedure_id, "decision": base.decision} if base else {"decision": "granted"}
        form = forms.BeginForm(request.POST if request.method == "POST" else None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                made = wordings.begin(**form.cleaned_data, by=request.user, at=timezone.now())
            except wordings.WordingRefused as refused:
                form.add_error(None, str(refused))
            else:
                self.log_addition(request, made, _("Lập phiên bản mới của mẫu văn bản."))
                return redirect(self._page("change"), made.pk)
        return self._show(request, "begin", _("Lập mẫu văn bản kết quả"), form=form)

    # Preview

    def preview_view(self, request, pk):
        row = self._row(request, pk)
        dossier, sentence = self._chosen(request, row)
        letter = sheets.letter(row, dossier, on=timezone.localdate())
        typed = request.GET.get("dossier", "")[:60].replace("\x00", "")
        return self._show(
            request, "preview", _("Xem trước"), row, letter=letter, dossier=dossier, typed=typed,
            sentence=sentence, faults=[] if row.is_published else wordings.faults(row, on=timezone.localdate()),
            query=f"?dossier={dossier.code}" if dossier else "",
        )  # fmt: skip

    def preview_pdf_view(self, request, pk):
        row = self._row(request, pk)
        dossier, _sentence = self._chosen(request, row)
        letter = sheets.letter(row, dossier, on=timezone.localdate())
        try:
            content = sheets.pdf(letter, is_bilingual=bool(letter["en"]), at=timezone.now(), dossier=dossier)
        except documents.PdfUnavailable as missing:
            messages.warning(request, missing.sentence)
            return redirect(self._page("preview"), row.pk)
        return sheets.answer(content)

    def _row(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(DecisionTemplate.objects.select_related("procedure"), pk=pk)

    def _chosen(self, request, row):
        """The dossier that the reader named and may see; and a sentence where there is none such."""
        code = request.GET.get("dossier", "").strip()[:60].replace("\x00", "")
        if not code:
            return None, ""
        rows = Dossier.objects.visible_to(request.user).exclude(status=Dossier.Status.DRAFT)
        found = rows.filter(Q(code=code) | Q(reference=code)).with_names().select_related("version").first()
        if found is None:
            return None, _("Không có hồ sơ mang mã này; đang hiện dữ liệu minh họa.")
        if row.procedure_id and found.procedure_id != row.procedure_id:
            return None, _("Hồ sơ này thuộc thủ tục khác; đang hiện dữ liệu minh họa.")
        return found, ""


# Of one dossier ---------------------------------------------------------------------------------
def draft_view(dossier_admin, request, pk):
    """The text that would be signed, as the dossier and what is typed at the step stand; nothing is written."""
    dossier = dossier_admin._dossier(request, pk)
    typed = request.POST if request.method == "POST" else {}
    if dossier.is_draft:
        raise Http404
    sheets.as_typed(dossier, typed)
    found = None
    if dossier.proposal:
        found = letters.draft(dossier, decision=dossier.proposal, on=timezone.localdate())
    return dossier_admin._page(request, "draft", _("Dự thảo văn bản"), dossier=dossier, draft=found)


def draft_pdf_view(dossier_admin, request, pk):
    dossier = dossier_admin._dossier(request, pk)
    today, now = timezone.localdate(), timezone.now()
    found = letters.draft(dossier, decision=dossier.proposal, on=today) if dossier.proposal else None
    if found is None:
        raise Http404
    try:
        content = sheets.pdf(found.letter, is_bilingual=dossier.is_bilingual, at=now, dossier=dossier)
    except documents.PdfUnavailable as missing:
        messages.warning(request, missing.sentence)
        return redirect("admin:onestop_dossier_draft", pk)
    return sheets.answer(content)


def languages_view(dossier_admin, request, pk):
    """The counter notes the languages that were asked for there."""
    dossier = dossier_admin._dossier(request, pk)
    try:
        languages.choose(dossier, is_bilingual="bilingual" in request.POST, by=request.user, at=timezone.now())
    except languages.LanguagesRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("admin:onestop_dossier_change", pk)
