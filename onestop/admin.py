"""The counter's back office: the catalogue with its dated versions, and the dossiers to find, read and act on.

A dossier is never edited, by nobody: each step has an address of its own and a small form (`step_forms`), guarded by
the workflow.
"""

from functools import partial

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, models
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from izportal import documents, roles
from izportal.backoffice import (
    HistoryAdmin,
    PortalAdmin,
    ReadOnlyAdmin,
    ReadOnlyInline,
    SafeForm,
    SafeInline,
    SheetAdmin,
)
from izportal.backoffice.forms import EVERYTHING
from izportal.models import CalendarDay
from izportal.outdated.admin import OutdatedFilter, translations_checked
from onestop import absences, desk, kept, registers_admin, slips, step_forms, what_next, workflow
from onestop.absences.admin import AbsenceAdmin
from onestop.amendments import forms as amendment_forms
from onestop.amendments.admin import AmendmentAdmin, amendment_pdf_view
from onestop.budgets_admin import BudgetInline, PaceAdmin
from onestop.component_admin import ComponentAdmin
from onestop.counter import admin as counter_admin
from onestop.counter import steps as counter_steps
from onestop.daysoff.admin import CalendarChangeAdmin, CalendarDayAdmin
from onestop.decisions import admin as decisions_admin
from onestop.decisions.admin import DecisionTemplateAdmin
from onestop.definitions.admin import DefinitionAdmin
from onestop.exchange import admin as exchange_admin
from onestop.handover import admin as handover_admin
from onestop.hints import LIMIT_HINTS, VERSION_HINTS
from onestop.intake.admin import IntakeCallAdmin, IntakeSystemAdmin
from onestop.models import (
    Absence,
    Amendment,
    CalendarChange,
    Component,
    DecisionTemplate,
    Definition,
    Dossier,
    Field,
    IntakeCall,
    IntakeSystem,
    Leg,
    Message,
    Opinion,
    Pace,
    Procedure,
    ProcedureCase,
    ProcedureVersion,
    SupplementItem,
    SupplementPermit,
    Survey,
)
from onestop.opinions import forms as opinion_forms
from onestop.opinions.admin import OpinionAdmin
from onestop.records_admin import RECORDS
from onestop.resources import ProcedureResource
from onestop.route.admin import LegAdmin
from onestop.signing import admin as signing_admin
from onestop.supplements import forms as supplement_forms
from onestop.supplements.admin import SupplementItemAdmin, SupplementPermitAdmin
from onestop.survey_admin import SurveyAdmin
from onestop.views import windows
from onestop.worklist import Line, Now, Worklist


@admin.register(Field)
class FieldAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    list_display = ("name", "code", "division", "position")
    list_select_related = ("division",)
    search_fields = ("name_vi", "name_en", "code")
    list_filter = ("division",)


# The catalogue ----------------------------------------------------------------------------------------------------
class VersionInline(ReadOnlyInline):
    model = ProcedureVersion
    fields = ("valid_from", "valid_to", "clock_mode", "online_level", "confidence")
    verbose_name_plural = gettext_lazy("các phiên bản (mở từng phiên bản để sửa)")


class DefinitionInline(ReadOnlyInline):
    model = Definition
    fields = readonly_fields = ("number", "valid_from", "published_at", "published_by")
    verbose_name_plural = gettext_lazy("các phiên bản tờ khai")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("published_by").defer("body")


@admin.register(Procedure)
class ProcedureAdmin(SheetAdmin, PortalAdmin, HistoryAdmin, TranslationAdmin):
    resource_classes = [ProcedureResource]
    export_name = "thu-tuc"
    list_display = ("number", "code", "name", "field", "effect", "is_filed_here")
    list_display_links = ("code", "name")
    list_select_related = ("field",)
    list_filter = ("field", "effect", "is_filed_here", OutdatedFilter)
    actions = (translations_checked,)
    search_fields = ("folded",)
    fields = ("number", "code", "local_suffix", "name", "field", "effect", "is_filed_here")
    autocomplete_fields = ("field",)
    inlines = (VersionInline, DefinitionInline)

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        response = super().render_change_form(request, context, add, change, form_url, obj)
        if obj is not None and roles.may(request.user, "edit_form"):
            url = reverse("admin:onestop_definition_begin", args=[obj.pk])
            response.context_data["deeds"] = [*response.context_data["deeds"], (_("Lập phiên bản tờ khai"), url)]
        return response

    def get_readonly_fields(self, request, obj=None):
        """What a grant does is part of the program, and a code stands on issued papers."""
        return ("effect", "code") if obj else ("effect",)

    def has_delete_permission(self, request, obj=None):
        return False


SHORT_TEXTS = {models.TextField: {"widget": AdminTextareaWidget(attrs={"rows": 3})}}


class LimitInline(SafeInline, TranslationStackedInline):
    model = ProcedureCase
    hints = LIMIT_HINTS
    fields = (
        "label",
        ("key", "is_default", "position", "chosen_by"),
        ("value", "unit", "counted_from"),
        ("second_value", "cap"),
    )


class ComponentInline(SafeInline, TranslationStackedInline):
    model = Component
    fields = (
        "name",
        ("key", "form_code", "position"),
        ("required", "originals", "copies", "is_verified"),
        "condition",
        "cases",
    )
    show_change_link = True

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "cases":
            kwargs["widget"] = forms.Textarea(attrs={"rows": 2})
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class VersionForm(SafeForm):
    class Meta:
        model = ProcedureVersion
        exclude = ()
        widgets = {
            "acts": forms.CheckboxSelectMultiple,
            "sources": forms.Textarea(attrs={"rows": 3}),
            "channels": forms.Textarea(attrs={"rows": 2}),
        }


@admin.register(ProcedureVersion)
class ProcedureVersionAdmin(PortalAdmin, HistoryAdmin, TranslationAdmin):
    """Once a real dossier has come in under a version, what its clock and its papers rest on stays as it was: the law
    changes by a new version, from a date on."""

    form = VersionForm
    needs_why = EVERYTHING
    formfield_overrides = SHORT_TEXTS
    hints = VERSION_HINTS
    list_display = ("procedure", "valid_from", "valid_to", "clock_mode", "online_level", "confidence")
    list_select_related = ("procedure",)
    list_filter = ("clock_mode", "online_level", "confidence", "procedure__field")
    search_fields = ("procedure__folded",)
    autocomplete_fields = ("procedure",)
    inlines = (LimitInline, BudgetInline, ComponentInline)
    history_of_parts = ((ProcedureCase, "version"), (Component, "version"))
    SETTLED_BY_USE = ("procedure", "valid_from", "clock_mode", "max_supplements")

    def _is_in_use(self, version):
        return version is not None and version.dossiers.filter(is_sample=False).exclude(status="draft").exists()

    def get_readonly_fields(self, request, obj=None):
        return self.SETTLED_BY_USE if self._is_in_use(obj) else ()

    def get_inlines(self, request, obj):
        return (LimitsToRead, BudgetInline, ComponentsToRead) if self._is_in_use(obj) else self.inlines

    def has_delete_permission(self, request, obj=None):
        return False

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if self._is_in_use(obj) and self.has_change_permission(request, obj):
            messages.info(
                request,
                _(
                    "Đã có hồ sơ nộp theo phiên bản này nên thời hạn và thành phần hồ sơ giữ nguyên; "
                    "thay đổi thì thêm phiên bản mới."
                ),
            )
        return super().render_change_form(request, context, add, change, form_url, obj)


class LimitsToRead(ReadOnlyInline):
    model = ProcedureCase
    fields = ("label", "key", "value", "unit", "second_value", "cap", "counted_from", "is_default")
    show_change_link = False


class ComponentsToRead(ReadOnlyInline):
    model = Component
    fields = ("name", "key", "form_code", "originals", "copies", "required", "condition", "cases", "is_verified")


# What each step asks of the person who takes it.
STEP_FORMS = {
    **step_forms.FORMS, **counter_steps.FORMS, **opinion_forms.FORMS, **supplement_forms.FORMS,
    **amendment_forms.FORMS,
}  # fmt: skip


# The dossier ------------------------------------------------------------------------------------------------------
@admin.register(Dossier)
class DossierAdmin(ReadOnlyAdmin):
    search_fields = ("folded",)

    def get_urls(self):
        pages = (
            ("<uuid:pk>/papers/<int:paper>/", require_safe(self.paper_view), "paper"),
            ("<uuid:pk>/slips/<int:slip>/", require_safe(self.slip_view), "slip"),
            ("<uuid:pk>/slips/<int:slip>/pdf/", require_safe(self.slip_pdf_view), "slip_pdf"),
            ("<uuid:pk>/opinions/<int:opinion>/", require_safe(self.opinion_view), "opinion"),
            ("<uuid:pk>/result/", require_safe(self.result_view), "result"),
            ("<uuid:pk>/draft/", partial(decisions_admin.draft_view, self), "draft"),
            ("<uuid:pk>/languages/", require_POST(partial(decisions_admin.languages_view, self)), "languages"),
            ("<uuid:pk>/draft/pdf/", partial(decisions_admin.draft_pdf_view, self), "draft_pdf"),
            ("<uuid:pk>/amendment/pdf/", require_safe(partial(amendment_pdf_view, self)), "amendment_pdf"),
        )
        own = [path(at, self.admin_site.admin_view(view), name=f"onestop_dossier_{name}") for at, view, name in pages]
        step = windows.keeps_typing(self.admin_site.admin_view(self.step_view))
        own.append(path("<uuid:pk>/step/<slug:step>/", step, name="onestop_dossier_step"))
        issued, exchanged = registers_admin.pages(self), exchange_admin.pages(self)
        at_counter, handed_over = counter_admin.pages(self.admin_site), handover_admin.pages(self)
        signed = signing_admin.pages(self)
        return [*at_counter, *handed_over, *issued, *signed, *exchanged, *own, *super().get_urls()]

    def _dossier(self, request, pk):
        """A dossier that this person may read; anything else is not there."""
        named = (
            self.get_queryset(request).with_names().select_related("version", "decided_by", "result_file", "outcome")
        )
        return get_object_or_404(named, pk=pk)

    def _page(self, request, template, title, *, status=200, **context):
        whole = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, **context}
        return TemplateResponse(request, f"admin/onestop/dossier/{template}.html", whole, status=status)

    def changelist_view(self, request, extra_context=None):
        if not self.has_view_permission(request):
            raise PermissionDenied
        parts = kept.part(request, "worklist", lambda: Worklist(request, self.get_queryset(request)).parts())
        return self._page(request, "change_list", _("Hồ sơ cần xử lý"), **parts)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The whole file, to be read."""
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if found.is_draft:
            return redirect("admin:counter_review", found.pk)
        dossier, now = self._dossier(request, found.pk), Now.read(request.user)
        supposed = request.GET.get("answer_on", "")
        file = desk.file_of(dossier, user=request.user, now=now, answer_on=supposed)
        file |= exchange_admin.file_view(request, dossier) | {"now": now}
        return self._page(request, "change_form", str(dossier), line=Line(dossier, now, request.user), **file)

    # Steps

    def step_view(self, request, pk, step):
        dossier, chosen = self._dossier(request, pk), workflow.STEPS.get(step)
        if chosen is None:
            raise Http404
        if dossier.is_draft:
            return redirect("admin:counter_review", dossier.pk)
        if chosen.name == "correct" and not desk.why_not(dossier, chosen, request.user):
            return redirect("admin:counter_corrections", dossier.pk)
        is_post, at = request.method == "POST", timezone.now()
        form = self._form(request, dossier, chosen, at) if chosen.name in STEP_FORMS else None
        covering = absences.covered_by(request.user, on=timezone.localdate(at))
        refusal = desk.why_not(dossier, chosen, request.user, covering)
        holds_the_role = any(person.has_role(*chosen.roles) for person in (request.user, *covering))
        may_have_been_overtaken = is_post and form and form.seen != dossier.version_no and holds_the_role
        if form is None or (refusal and not may_have_been_overtaken):
            return self._page(request, "step_closed", chosen.label, status=403, dossier=dossier, sentence=refusal)
        if is_post and (done := self._taken(request, dossier, chosen, form, at)):
            return done
        status = 409 if is_post and form.is_refused else 200
        if form.is_bound and not is_post:
            messages.warning(request, windows.SENT_TOO_LATE)
        sights = {} if refusal else desk.sights(chosen.name, dossier, at=at)
        sights["capacity"] = workflow.capacity(dossier, chosen, request.user, covering)
        return self._page(
            request, "step", chosen.label, status=status, dossier=dossier, step=chosen, form=form,
            window=windows.window_for(request), **sights,
        )  # fmt: skip

    def _form(self, request, dossier, step, at):
        typed = (request.POST, request.FILES) if request.method == "POST" else (windows.unsent(request), None)
        return STEP_FORMS[step.name](*typed, dossier=dossier, by=request.user, at=at)

    def _taken(self, request, dossier, step, form, at):
        """The way back to the dossier once the step is taken; None where the form has something to say."""
        if form.seen != dossier.version_no:
            form.refuse(desk.moved(dossier))
        if not form.is_valid():
            return None
        try:
            after = desk.act(dossier, step.name, by=request.user, at=at, seen=form.seen, details=form.details)
        except (*workflow.REFUSALS, documents.PdfUnavailable) as refusal:
            form.refuse(str(refusal))
            return None
        except documents.UploadRefused as refusal:
            form.refuse(" ".join(refusal.messages))
            return None
        except OperationalError:
            form.refuse(_("Hệ thống đang bận, hồ sơ này chưa thay đổi; hãy thử lại."))
            return None
        windows.settle(request)
        messages.success(request, self._done(step, after, at))
        return redirect("admin:onestop_dossier_change", dossier.pk)

    def _done(self, step, dossier, at):
        """What was done; with the slip that it issued, to be printed for whoever stands at the counter."""
        sentence = f"{desk.done_sentence(step, dossier)} {what_next.NEXT.get(step.name, '')}".strip()
        slip = dossier.slips.filter(issued_at=at).last()
        if slip is None or not dossier.is_by_hand:
            return sentence
        address = reverse("admin:onestop_dossier_slip", args=[dossier.pk, slip.pk])
        return format_html('{} <a href="{}">{}</a>', sentence, address, _("In %(slip)s") % {"slip": slip})

    # Papers

    def paper_view(self, request, pk, paper):
        found = get_object_or_404(self._dossier(request, pk).papers.select_related("stored"), pk=paper)
        return documents.serve(found.stored)

    def opinion_view(self, request, pk, opinion):
        rows = self._dossier(request, pk).opinions.filter(stored__isnull=False).select_related("stored")
        return documents.serve(get_object_or_404(rows, pk=opinion).stored)

    def slip_view(self, request, pk, slip):
        found = get_object_or_404(self._dossier(request, pk).slips, pk=slip)
        template, context = slips.page(found)
        pdf_url = reverse("admin:onestop_dossier_slip_pdf", args=[pk, slip])
        return TemplateResponse(request, template, {**context, "pdf_url": pdf_url})

    def slip_pdf_view(self, request, pk, slip):
        found = get_object_or_404(self._dossier(request, pk).slips, pk=slip)
        try:
            return documents.serve(slips.freeze(found.pk), as_attachment=False)
        except documents.PdfUnavailable as missing:
            messages.warning(request, missing.sentence)
            return redirect("admin:onestop_dossier_slip", pk, slip)

    def result_view(self, request, pk):
        """The paper of the result that stands."""
        result = slips.result_of(self._dossier(request, pk))
        try:
            stored = slips.result_file(result)
        except documents.PdfUnavailable as missing:
            messages.warning(request, missing.sentence)
            return redirect("admin:onestop_dossier_slip", pk, result.paper.pk)
        if stored is None:
            raise Http404
        return documents.serve(stored)


for model, page in RECORDS.items():
    admin.site.register(model, page)
admin.site.register(CalendarDay, CalendarDayAdmin)
admin.site.register(CalendarChange, CalendarChangeAdmin)
admin.site.register(Definition, DefinitionAdmin)
admin.site.register(DecisionTemplate, DecisionTemplateAdmin)
admin.site.register(Component, ComponentAdmin)
admin.site.register(IntakeSystem, IntakeSystemAdmin)
admin.site.register(IntakeCall, IntakeCallAdmin)
admin.site.register(Survey, SurveyAdmin)
admin.site.register(Opinion, OpinionAdmin)
admin.site.register(Leg, LegAdmin)
admin.site.register(Absence, AbsenceAdmin)
admin.site.register(Amendment, AmendmentAdmin)
admin.site.register(Pace, PaceAdmin)
admin.site.register(SupplementItem, SupplementItemAdmin)
admin.site.register(SupplementPermit, SupplementPermitAdmin)
admin.site.register(Message, exchange_admin.MessageAdmin)
