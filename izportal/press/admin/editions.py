"""The back office of texts: a draft to write, the steps to publication on pages of their own, the reason why a text is
not public."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import roles
from izportal.backoffice import Deed, DeedForm, HistoryAdmin, PortalAdmin, SafeForm
from izportal.press import lifecycle, pictures
from izportal.press.admin.fields import RichText
from izportal.press.models import Edition


class EditionForm(SafeForm):
    class Meta:
        model = Edition
        fields = "__all__"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "body" in self.fields:
            self.fields["body"].widget = RichText(self.instance.language or "vi")
            for name in ("title", "summary", "sources"):
                self.fields[name].widget.attrs["lang"] = self.instance.language or "vi"
            self.fields["title"].widget.attrs["class"] = "vLargeTextField"
            for name in ("summary", "sources"):
                self.fields[name].widget.attrs["rows"] = 3
        for name in {"publish_at", "expires_at"} & set(self.fields):
            field = self.fields[name]
            for widget, part in zip(field.widget.widgets, (_("Ngày"), _("Giờ")), strict=True):
                widget.attrs["aria-label"] = f"{field.label}, {part}"

    def clean_body(self):
        return pictures.dress(self.cleaned_data["body"], language=self.instance.language)


class NoteForm(DeedForm):
    note = forms.CharField(label=gettext_lazy("Lý do"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


def _deed(step):
    def do(row, *, by, at, note=""):
        lifecycle.take(row, step.code, by=by, at=at, note=note)
        return _("Đã làm: %(step)s.") % {"step": step.label}

    return Deed(
        slug=step.code, label=step.label, form=NoteForm if step.needs_note else DeedForm, do=do,
        may=lambda user: roles.may(user, step.deed), is_due=lambda row: _is_due(step, row),
        refusals=(lifecycle.StepRefused,), explanation=EXPLANATIONS[step.code],
    )  # fmt: skip


def _is_followed(row):
    return row.status in (Edition.Status.PUBLISHED, Edition.Status.EXPIRED) or row.is_public(timezone.now())


def _is_due(step, row):
    return row.status in step.before and (step.code != "withdraw" or row.is_archived)


EXPLANATIONS = {
    "submit": gettext_lazy("Bài khóa lại và chờ trưởng phòng hoặc lãnh đạo Ban duyệt."),
    "take_back": gettext_lazy("Bài mở lại để sửa; người duyệt không còn thấy bài trong danh sách chờ."),
    "send_back": gettext_lazy("Người viết thấy lý do và sửa tiếp."),
    "review": gettext_lazy("Hãy mở trang xem trước và đọc hết. Người viết không tự duyệt bài của mình."),
    "publish": gettext_lazy("Bài hiện ngay trên cổng và thay bản đang công bố cùng ngôn ngữ."),
    "expire": gettext_lazy("Bài không còn trên cổng; địa chỉ của bài trả lời “không tìm thấy”."),
    "withdraw": gettext_lazy("Bài đã hết hạn không còn đọc được trong lưu trữ nữa."),
}


def _compare(row, *, by, at):
    lifecycle.confirm_translation(row, by=by, at=at)
    return _("Đã ghi: bản dịch vẫn đúng với bản tiếng Việt hiện nay.")


def _write_on(row, *, by, at):
    begun = lifecycle.write(row.item, language=row.language, by=by, at=at)
    told = _("Đã mở bản nháp mới từ bài này; bản đang công bố giữ nguyên tới khi bản mới được công bố.")
    address = reverse("admin:press_edition_change", args=[begun.pk])
    return format_html('{} <a href="{}">{}</a>', told, address, _("Viết tiếp bản nháp"))


@admin.register(Edition)
class EditionAdmin(HistoryAdmin, PortalAdmin):
    form = EditionForm
    list_display = ("title", "kind", "language", "status", "publish_at", "published_at", "written_by", "reviewed_by")
    list_filter = ("status", "language", "item__kind", "item__category")
    list_select_related = ("item", "written_by", "reviewed_by")
    search_fields = ("folded",)
    hints = {
        "title": gettext_lazy("Sửa sau khi công bố thì viết bản mới: bản đã trình không sửa được nữa."),
        "expires_at": gettext_lazy("Để trống thì bài ở lại tới khi có người thôi công bố."),
    }
    readonly_fields = (
        "about", "language", "number", "status", "seen", "written_by", "reviewed_by", "reviewed_at", "published_at",
        "closed_at", "note", "text",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("about", "language", "status", "seen", "title", "summary", "body", "sources")}),
        (gettext_lazy("Thời gian"), {"fields": ("publish_at", "expires_at")}),
        (
            gettext_lazy("Đã qua"),
            {
                "classes": ("collapse",),
                "fields": ("number", "written_by", "reviewed_by", "reviewed_at", "published_at", "closed_at", "note"),
            },
        ),
    )
    deeds = (
        *(_deed(step) for step in lifecycle.STEPS.values()),
        Deed(
            slug="write", label=gettext_lazy("Viết bản mới"), form=DeedForm, do=_write_on,
            may=lambda user: roles.may(user, "write_content"),
            is_due=_is_followed,
            refusals=(lifecycle.StepRefused,),
            explanation=gettext_lazy("Chữ của bài này được chép sang một bản nháp mới để sửa rồi trình duyệt."),
        ),
        Deed(
            slug="compared", label=gettext_lazy("Bản dịch vẫn đúng"), form=DeedForm, do=_compare,
            may=lambda user: roles.may(user, "write_content") or roles.may(user, "review_content"),
            is_due=lambda row: row.language != "vi" and row.original is not None,
            refusals=(lifecycle.StepRefused,),
            explanation=gettext_lazy("Bạn đã đối chiếu bản dịch với bản tiếng Việt đang công bố."),
        ),
    )  # fmt: skip

    class Media:
        css = {"all": ["css/rich.css"]}

    def has_add_permission(self, request):
        """A text begins at its matter."""
        return False

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_fieldsets(self, request, obj=None):
        """What is only read is shown as readers see it, not as its tags."""
        (name, first), *rest = super().get_fieldsets(request, obj)
        if obj is not None and not self.has_change_permission(request, obj):
            first = {**first, "fields": ["text" if field == "body" else field for field in first["fields"]]}
        return [(name, first), *rest]

    @admin.display(description=gettext_lazy("nội dung"))
    def text(self, edition):
        cleaned = mark_safe(edition.body)  # by the allow-list, when it was saved
        return format_html('<div class="rich" lang="{}">{}</div>', edition.language, cleaned)

    def get_view_on_site_url(self, obj=None):
        is_out = obj is not None and obj.is_public(timezone.now())
        return super().get_view_on_site_url(obj) if is_out else None

    def not_public_because(self, row):
        return list(lifecycle.why_hidden(row, at=timezone.now()))

    @admin.display(description=gettext_lazy("loại"), ordering="item__kind")
    def kind(self, edition):
        return edition.item.get_kind_display()

    @admin.display(description=gettext_lazy("nội dung"))
    def about(self, edition):
        address = reverse("admin:press_item_change", args=[edition.item_id])
        return format_html('<a href="{}">{}: {}</a>', address, edition.item.get_kind_display(), edition.item.slug)

    @admin.display(description=gettext_lazy("xem"))
    def seen(self, edition):
        with translation.override(edition.language):
            preview = reverse("press:preview", args=[edition.pk])
            public = edition.get_absolute_url()
        shown = format_html('<a href="{}">{}</a>', preview, _("Xem trước"))
        if edition.is_public(timezone.now()) and public:
            shown = format_html('{} · <a href="{}">{}</a>', shown, public, _("Trang công khai"))
        return shown
