"""The back office of planning drafts under consultation: the period, groups of comments with the answers, and the
comments to look at one by one."""

from django import forms
from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from izportal import roles
from izportal.backoffice import Deed, DeedForm, ExportSheets, HistoryAdmin, PortalAdmin, SafeForm
from izportal.backoffice.inlines import SafeInline
from izportal.correspondence.desk import CorrespondenceAdmin, erasing, lines, may
from izportal.models import User
from izportal.press import consultations
from izportal.press.admin.questions import DropForm, PostponeForm, StoredPage
from izportal.press.models import Comment, CommentGroup, Item, PlanningDraft
from izportal.press.models.consultations import latest_title
from izportal.press.resources import CommentResource

REFUSALS = (consultations.ConsultationRefused,)
Status = Comment.Status


# Drafts -------------------------------------------------------------------------------------------
class PlanningDraftForm(SafeForm):
    class Meta:
        model = PlanningDraft
        fields = "__all__"

    def clean(self):
        said = super().clean()
        opens, closes = said.get("opens_on"), said.get("closes_on")
        if opens and closes and opens <= closes and (sentence := consultations.too_short(opens, closes)):
            self.add_error("closes_on", sentence)
        return said


class CommentGroupInline(SafeInline, TranslationStackedInline):
    """Once the answers are published they stand as a second person let them out."""

    model = CommentGroup
    fields = ("summary", "answer", "position")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and "rows" in field.widget.attrs:
            field.widget.attrs["rows"] = 4
        return field

    def has_add_permission(self, request, obj=None):
        return _is_unanswered(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return _is_unanswered(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return _is_unanswered(obj) and super().has_delete_permission(request, obj)


def _answer(row, *, by, at):
    consultations.answer(row, by=by, at=at)
    return _("Đã công bố tiếp thu, giải trình và gửi thư cho người góp ý.")


def _postpone(row, *, by, at, to, reason):
    consultations.postpone(row, to=to, reason=reason, by=by, at=at)
    return _("Đã xin lỗi trên trang đồ án và hẹn lại.")


def _is_unanswered(row):
    return row is None or row.answered_at is None


DRAFT_DEEDS = (
    Deed(
        slug="answer", label=gettext_lazy("Công bố giải trình"), form=DeedForm, do=_answer, may=may("publish_content"),
        is_due=_is_unanswered, refusals=REFUSALS,
        explanation=gettext_lazy("Mọi nhóm ý kiến và giải trình hiện trên trang đồ án; người góp ý nhận thư."),
    ),
    Deed(
        slug="postpone", label=gettext_lazy("Xin lỗi, hẹn lại"), form=PostponeForm, do=_postpone,
        may=may("publish_content"), is_due=_is_unanswered, refusals=REFUSALS,
        explanation=gettext_lazy("Lời xin lỗi, lý do và ngày hẹn mới hiện trên trang đồ án."),
    ),
)  # fmt: skip


@admin.register(PlanningDraft)
class PlanningDraftAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    form = PlanningDraftForm
    inlines = [CommentGroupInline]
    deeds = DRAFT_DEEDS
    list_display = ("__str__", "zone", "opens_on", "closes_on", "promised_on", "answered_at", "told_comments", "owner")
    list_filter = ("zone",)
    list_select_related = ("item", "zone", "owner")
    search_fields = ("item__slug", "item__editions__folded")
    date_hierarchy = "closes_on"
    view_on_site = False
    fieldsets = (
        (None, {"fields": ("item", "zone", "opens_on", "closes_on", "basis", "basis_confidence", "owner")}),
        (
            gettext_lazy("Giải trình"),
            {"fields": ("first_promised_on", "promised_on", "apology", "apologised_at", "answered_at", "answered_by")},
        ),
    )  # fmt: skip
    readonly_fields = (
        "first_promised_on", "promised_on", "apology", "apologised_at", "answered_at", "answered_by",
    )  # fmt: skip

    def get_queryset(self, request):
        new = Count("comments", filter=Q(comments__status=Status.NEW))
        return super().get_queryset(request).titled().annotate(all_comments=Count("comments"), new_comments=new)

    def get_object(self, request, object_id, from_field=None):
        # PostgreSQL locks no row that is grouped; the verbs take their locks.
        return admin.ModelAdmin.get_object(self, request, object_id, from_field)

    def has_change_permission(self, request, obj=None):
        return _is_unanswered(obj) and super().has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "item":
            here = request.resolver_match.kwargs.get("object_id")
            free = Q(consultation=None) | Q(consultation__pk=here) if here else Q(consultation=None)
            rows = Item.objects.visible_to(request.user).filter(free, kind=Item.Kind.CONSULTATION)
            kwargs["queryset"] = rows.annotate(title=latest_title("pk"))
        elif db_field.name == "owner":
            gathering = roles.DEEDS["gather_comments"]
            kwargs["queryset"] = User.objects.filter(is_active=True, groups__name__in=gathering).distinct()
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "item":
            field.label_from_instance = lambda item: item.title or str(item)
        return field

    def save_model(self, request, obj, form, change):
        consultations.renew_promise(obj)
        super().save_model(request, obj, form, change)

    def save_formset(self, request, form, formset, change):
        """Whoever changes a word of a group has written it; who publishes the answers is somebody else."""
        for row in formset.save(commit=False):
            row.written_by = request.user
            row.save()
        for row in formset.deleted_objects:
            row.delete()

    @admin.display(description=gettext_lazy("góp ý (chờ xem)"))
    def told_comments(self, row):
        return f"{row.all_comments} ({row.new_comments})"


# Comments -----------------------------------------------------------------------------------------
class CountForm(DeedForm):
    group: forms.ModelChoiceField = forms.ModelChoiceField(
        label=gettext_lazy("Nhóm ý kiến"), queryset=CommentGroup.objects.none(), required=False,
        empty_label=gettext_lazy("Xếp nhóm sau"),
    )  # fmt: skip
    summary = lines(gettext_lazy("Hoặc lập nhóm mới: tóm tắt ý kiến, không nêu tên"), required=False)

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.fields["group"].queryset = CommentGroup.objects.filter(draft=row.draft_id)
        self.initial["group"] = row.group_id

    def clean(self):
        said = self.cleaned_data
        if said.get("group") and said.get("summary"):
            self.add_error("summary", _("Chọn một nhóm đã có hoặc lập nhóm mới, không cả hai."))
        return said


def _count(row, *, by, at, group, summary):
    if summary:
        group = CommentGroup.objects.create(
            draft=row.draft, summary_vi=summary, written_by=by, is_sample=row.is_sample
        )
    consultations.count(row, group=group, by=by, at=at)
    return _("Góp ý %(reference)s được tổng hợp.") % {"reference": row.reference}


def _set_aside(row, *, by, at, reason):
    consultations.set_aside(row, reason=reason[:300], by=by, at=at)
    return _("Góp ý %(reference)s không được tổng hợp.") % {"reference": row.reference}


SIGHT = "admin/press/comment/deed.html"
COMMENT_DEEDS = (
    Deed(
        slug="count", label=gettext_lazy("Tổng hợp"), form=CountForm, do=_count, may=may("gather_comments"),
        refusals=REFUSALS, template=SIGHT,
        explanation=gettext_lazy("Góp ý được tính và xếp vào một nhóm; Ban giải trình theo nhóm."),
    ),
    Deed(
        slug="set-aside", label=gettext_lazy("Không tổng hợp"), form=DropForm, do=_set_aside, refusals=REFUSALS,
        may=may("gather_comments"), template=SIGHT,
        explanation=gettext_lazy("Chỉ dùng cho thư không góp ý về đồ án này; người gửi đọc được lý do."),
    ),
    erasing(
        consultations.erase,
        gettext_lazy("Tên, liên hệ, nội dung và tệp bị xóa; phần tổng hợp không nêu tên ai được giữ."),
    ),
)  # fmt: skip


class DraftFilter(admin.SimpleListFilter):
    title = gettext_lazy("đồ án")
    parameter_name = "draft"

    def lookups(self, request, model_admin):
        rows = PlanningDraft.objects.visible_to(request.user).titled().select_related("item")
        return [(str(row.pk), str(row)) for row in rows]

    def queryset(self, request, queryset):
        asked = self.value() or ""
        return queryset.filter(draft=int(asked)) if asked.isdecimal() and len(asked) < 18 else queryset


@admin.register(Comment)
class CommentAdmin(StoredPage, ExportSheets, CorrespondenceAdmin):
    resource_classes = [CommentResource]
    zone_path = "draft__zone"
    export_name = "gop-y-quy-hoach"
    list_display = ("reference", "status", "of_draft", "group", "who", "sent_at")
    list_filter = ("status", DraftFilter, "is_sample")
    list_select_related = ("draft__item", "group")
    search_fields = ("reference", "name", "organisation", "email", "text")
    date_hierarchy = "sent_at"
    deeds = COMMENT_DEEDS
    fieldsets = (
        (None, {"fields": ("reference", "of_draft", "status", "reason", "group", "sent_at", "seen_by", "seen_at")}),
        (gettext_lazy("Góp ý"), {"fields": ("text", "file", "spoken")}),
        (gettext_lazy("Người góp ý"), {"fields": ("name", "organisation", "email", "phone", "consented_at")}),
        (None, {"fields": ("erased_at", "is_sample")}),
    )

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(draft_title=latest_title("draft__item"))

    @admin.display(description=gettext_lazy("đồ án"), ordering="draft")
    def of_draft(self, row):
        return row.draft_title or row.draft

    @admin.display(description=gettext_lazy("người góp ý"), ordering="name")
    def who(self, row):
        return row.organisation or row.name or "—"
