"""The forms in the back office: their versions, and the pages on which the staff write the next one piece by piece.

Nothing is edited but a version in the making, by whoever may (`roles.DEEDS`); each page carries the version number
that it had seen, so that the second of two editors is told. What may be published says `definitions`.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.backoffice import ReadOnlyAdmin
from onestop import definitions
from onestop.definitions import conditions, edits
from onestop.definitions import preview as definition_preview
from onestop.definitions.forms import PublishForm
from onestop.definitions.pieces_admin import PiecePages, editing, may_edit, may_publish, seen_in, sent
from onestop.models import Definition, Procedure


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("tình trạng")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return definitions.State.choices

    def queryset(self, request, queryset):
        return queryset.filter(state_of(self.value())) if self.value() in definitions.State.values else queryset


def state_of(state):
    """Rows of one state; `is_replaced` stands on the rows of the list."""
    today, published = timezone.localdate(), Q(published_at__isnull=False)
    return {
        "making": ~published,
        "coming": published & Q(valid_from__gt=today),
        "in_force": published & Q(valid_from__lte=today, is_replaced=False),
        "replaced": published & Q(valid_from__lte=today, is_replaced=True),
    }[state]


class DefinitionAdmin(PiecePages, ReadOnlyAdmin):
    list_display = ("of_procedure", "number", "state", "valid_from", "drafts", "filed")
    list_display_links = ("of_procedure", "number")
    list_filter = (StateFilter, "procedure__field")
    search_fields = ("procedure__folded",)
    ordering = ("procedure__number", "-number")

    def get_queryset(self, request):
        later = Definition.objects.in_force(timezone.localdate()).filter(
            procedure=OuterRef("procedure"), valid_from__gt=OuterRef("valid_from")
        )
        is_draft = Q(dossiers__status="draft")
        rows = super().get_queryset(request).select_related("procedure", "published_by", "created_by").defer("body")
        return rows.annotate(
            is_replaced=Exists(later.order_by()),
            draft_count=Count("dossiers", filter=is_draft),
            filed_count=Count("dossiers", filter=~is_draft),
        )

    @admin.display(description=gettext_lazy("Thủ tục"), ordering="procedure__number")
    def of_procedure(self, row):
        return Truncator(row.procedure).chars(90)

    @admin.display(description=gettext_lazy("Tình trạng"))
    def state(self, row):
        return definitions.state(row, on=timezone.localdate(), is_replaced=row.is_replaced).label

    @admin.display(description=gettext_lazy("Bản nháp"), ordering="draft_count")
    def drafts(self, row):
        return row.draft_count

    @admin.display(description=gettext_lazy("Hồ sơ đã nộp"), ordering="filed_count")
    def filed(self, row):
        return row.filed_count

    def get_urls(self):
        pages = (
            ("begin/<int:procedure>/", self.begin_view, "begin"),
            ("<int:pk>/preview/", self.preview_view, "preview"),
            ("<int:pk>/differences/", self.differences_view, "differences"),
            ("<int:pk>/note/", self.note_view, "note"),
            ("<int:pk>/add/", self.piece_add_view, "add_section"),
            ("<int:pk>/add/<path:place>/", self.piece_add_view, "add_piece"),
            ("<int:pk>/copy/", self.copy_view, "copy"),
            ("<int:pk>/edit/<path:place>/", self.edit_view, "edit"),
            ("<int:pk>/remove/<path:place>/", self.remove_view, "remove"),
            ("<int:pk>/move/<path:place>/", self.move_view, "move"),
            ("<int:pk>/share/<slug:section>/", self.share_view, "share"),
            ("<int:pk>/publish/", self.publish_view, "publish"),
            ("<int:pk>/discard/", self.discard_view, "discard"),
        )
        own = [
            path(at, self.admin_site.admin_view(view), name=f"onestop_definition_{name}") for at, view, name in pages
        ]
        return [*own, *super().get_urls()]

    # What every page needs

    def _definition(self, request, pk):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Definition.objects.select_related("procedure", "created_by", "published_by"), pk=pk)

    def _show(self, request, template, title, definition=None, *, status=200, **context):
        whole = {
            **self.admin_site.each_context(request), "opts": self.opts, "title": title, "definition": definition,
            "original": definition, **context,
        }  # fmt: skip
        if definition:
            whole["state"] = definitions.state(definition, on=timezone.localdate())
        return TemplateResponse(request, f"admin/onestop/definition/{template}.html", whole, status=status)

    def _back(self, definition, anchor=""):
        address = reverse("admin:onestop_definition_change", args=[definition.pk])
        return redirect(f"{address}#{anchor}" if anchor else address)

    # The version

    def change_view(self, request, object_id, form_url="", extra_context=None):
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        definition = self._definition(request, found.pk)
        is_making = not definition.is_published
        faults = definitions.faults(definition) if is_making else []
        others = definition.procedure.definitions.defer("body")
        return self._show(
            request, "change_form", str(definition.procedure), definition, faults=faults, is_making=is_making,
            sections=definition.body["sections"], can_edit=is_making and may_edit(request.user),
            can_publish=is_making and may_publish(request.user), drafts=found.draft_count, filed=found.filed_count,
            faulty={fault.place for fault in faults}, can_begin=self._can_begin(request, others),
            names=conditions.known(definition), is_version_page=True,
            others=[(row, definitions.state(row, on=timezone.localdate())) for row in others],
        )  # fmt: skip

    def _can_begin(self, request, versions):
        return may_edit(request.user) and all(row.is_published for row in versions)

    def begin_view(self, request, procedure):
        if not may_edit(request.user):
            raise PermissionDenied
        procedure = get_object_or_404(Procedure, pk=procedure)
        refusal = ""
        if request.method == "POST":
            try:
                made = definitions.begin(procedure, by=request.user, at=timezone.now())
            except definitions.DefinitionRefused as refused:
                refusal = str(refused)
            else:
                self.log_addition(request, made, _("Lập phiên bản mới của tờ khai."))
                return self._back(made)
        title = _("Lập phiên bản mới của tờ khai")
        base = definitions.latest(procedure)
        return self._show(request, "begin", title, procedure=procedure, refusal=refusal, base=base)

    def preview_view(self, request, pk):
        definition = self._definition(request, pk)
        columns = definition_preview.columns(definition, on=timezone.localdate())
        return self._show(request, "preview", _("Xem trước tờ khai"), definition, columns=columns)

    def differences_view(self, request, pk):
        definition = self._definition(request, pk)
        base = definitions.base_of(definition)
        found = edits.differences(base.body, definition.body) if base else []
        return self._show(request, "differences", _("So với bản trước"), definition, base=base, differences=found)

    # Publishing

    def publish_view(self, request, pk):
        if not may_publish(request.user):
            raise PermissionDenied
        definition = self._definition(request, pk)
        if definition.is_published:
            return self._back(definition)
        earliest = definitions.first_day(definition, on=timezone.localdate())
        initial = {"valid_from": earliest, "version_no": definition.version_no}
        form = PublishForm(sent(request), initial=initial, auto_id="f-%s")
        if request.method == "POST" and form.is_valid() and self._published(request, definition, form):
            return self._back(definition)
        base = definitions.base_of(definition)
        return self._show(
            request, "publish", _("Ban hành tờ khai"), definition, form=form, faults=definitions.faults(definition),
            drafts=definitions.drafts_to_carry(definition), earliest=earliest, base=base,
            differences=edits.differences(base.body, definition.body) if base else [],
        )  # fmt: skip

    def _published(self, request, definition, form):
        said = form.cleaned_data
        note = {"vi": said["note_vi"], "en": said["note_en"]}
        seen = -1 if said["version_no"] is None else said["version_no"]
        try:
            done = definitions.publish(
                definition, valid_from=said["valid_from"], note=note, seen=seen, by=request.user, at=timezone.now()
            )
        except definitions.DefinitionRefused as refusal:
            form.add_error(None, str(refusal))
            return False
        sentence = _("Đã ban hành phiên bản %(number)s, áp dụng từ %(day)s.")
        sentence %= {"number": done.number, "day": f"{done.valid_from:%d/%m/%Y}"}
        self.log_change(request, done, sentence)
        messages.success(request, sentence)
        return True

    @editing
    def discard_view(self, request, definition):
        problem = ""
        if request.method == "POST":
            try:
                with transaction.atomic():
                    self.log_deletions(request, Definition.objects.filter(pk=definition.pk))
                    definitions.discard(definition, seen=seen_in(request))
            except definitions.DefinitionRefused as refusal:
                problem = str(refusal)
            else:
                messages.success(request, _("Đã bỏ phiên bản đang soạn."))
                return redirect("admin:onestop_definition_changelist")
        return self._show(request, "remove", _("Bỏ phiên bản này"), definition, problem=problem, name=str(definition))
