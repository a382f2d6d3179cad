"""The back office of what is published: a matter with its texts, picture, files and facts; pictures; categories."""

from django import forms
from django.contrib import admin
from django.db.models import Prefetch
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import format_lazy, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from izportal import documents, languages, roles
from izportal.backoffice import Deed, DeedForm, HistoryAdmin, PortalAdmin, SafeForm, SafeInline
from izportal.folding import fold
from izportal.press import lifecycle, pictures
from izportal.press.admin.fields import CheckedFile, figure
from izportal.press.models import Attachment, Category, Document, Edition, Item, Picture


class ItemForm(SafeForm):
    title = forms.CharField(
        label=gettext_lazy("Tiêu đề tiếng Việt"), max_length=200, required=False,
        help_text=gettext_lazy("Lưu xong, cổng mở bản nháp tiếng Việt để viết tiếp."),
        widget=forms.TextInput(attrs={"class": "vLargeTextField"}),
    )  # fmt: skip

    class Meta:
        model = Item
        fields = "__all__"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None and "slug" in self.fields:
            self.fields["slug"].required, self.fields["title"].required = False, True

    def clean_slug(self):
        """From the title where none is given; one that is taken gets a number."""
        slug = self.cleaned_data["slug"]
        if slug or self.instance.pk:
            return slug
        plain = slugify(fold(self.data.get("title", "")))[:100].strip("-") or "noi-dung"
        taken = set(Item.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
        numbered = (f"{plain}-{number}" for number in range(2, len(taken) + 3))
        return plain if plain not in taken else next(slug for slug in numbered if slug not in taken)


class AttachmentForm(SafeForm):
    upload = CheckedFile(required=False, widget=forms.FileInput(attrs={"accept": documents.ACCEPT}))

    class Meta:
        model = Attachment
        fields = ("title_vi", "title_en", "position")

    def clean(self):
        cleaned = super().clean()
        if not self.instance.pk and not cleaned.get("upload") and "upload" not in self.errors:
            self.add_error("upload", _("Hãy chọn tệp."))
        return cleaned


class AttachmentInline(SafeInline, TranslationStackedInline):
    model = Attachment
    form = AttachmentForm
    fields = ("title", "upload", "position")


class DocumentInline(SafeInline, TranslationStackedInline):
    model = Document
    fields = ("number", "issuer", "issued_on", "in_force_from", "in_force_to", "replaced_by")
    hints = {
        "in_force_from": gettext_lazy("Để trống khi chưa rõ: trang không nói là còn hiệu lực."),
        "replaced_by": gettext_lazy("Văn bản mới hơn đã có trên cổng; trang của văn bản này dẫn tới đó."),
    }
    max_num = 1
    extra = 0


def _begin(language):
    def do(row, *, by, at):
        lifecycle.write(row, language=language, by=by, at=at)
        return _("Đã mở bản nháp; hãy bấm vào bản nháp bên dưới để viết.")

    name = languages.own_name(language)
    return Deed(
        slug=f"write-{language}", label=format_lazy(gettext_lazy("Viết bản mới: {}"), name), form=DeedForm, do=do,
        may=lambda user: roles.may(user, "write_content"), refusals=(lifecycle.StepRefused,),
        is_due=lambda row: not row.editions.filter(language=language, status__in=Edition.UNFINISHED).exists(),
        explanation=gettext_lazy("Bản nháp bắt đầu bằng chữ của bản mới nhất; chưa có thì bằng bản tiếng Việt."),
    )  # fmt: skip


@admin.register(Item)
class ItemAdmin(HistoryAdmin, PortalAdmin):
    form = ItemForm
    list_display = ("name", "kind", "category", "standing", "created_at")
    list_filter = ("kind", "category")
    list_select_related = ("category",)
    search_fields = ("slug", "editions__title")
    inlines = (DocumentInline, AttachmentInline)
    readonly_fields = ("texts",)
    deeds = tuple(_begin(code) for code in languages.kept())

    def get_fieldsets(self, request, obj=None):
        first = ("title",) if obj is None else ("texts",)
        self.fieldsets = ((None, {"fields": (*first, "kind", "slug", "category", "division", "picture", "position")}),)
        return super().get_fieldsets(request, obj)

    def get_queryset(self, request):
        newest = Prefetch("editions", Edition.objects.order_by("language", "-number"), to_attr="known")
        return super().get_queryset(request).prefetch_related(newest)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if not change:
            title = form.cleaned_data["title"]
            obj.begun = lifecycle.write(obj, language="vi", by=request.user, at=timezone.now(), title=title)

    def save_formset(self, request, form, formset, change):
        if formset.model is Attachment:
            for one in formset.forms:
                if one.has_changed() and (upload := one.cleaned_data.get("upload")):
                    at = timezone.now()
                    one.instance.stored = documents.store(
                        upload, by=request.user, at=at, max_bytes=documents.limit_bytes(timezone.localdate(at))
                    )
        super().save_formset(request, form, formset, change)

    def response_add(self, request, obj, post_url_continue=None):
        super().response_add(request, obj, post_url_continue)
        return redirect("admin:press_edition_change", obj.begun.pk)

    def get_view_on_site_url(self, obj=None):
        is_out = obj is not None and Item.objects.public(at=timezone.now()).filter(pk=obj.pk).exists()
        return super().get_view_on_site_url(obj) if is_out else None

    def not_public_because(self, row):
        found = []
        for code in languages.kept():
            last = row.editions.filter(language=code).order_by("-number").first()
            if not Edition.objects.public(at=timezone.now()).filter(item=row, language=code).exists():
                why = lifecycle.why_hidden(last, at=timezone.now()) if last else [_("chưa có bài viết.")]
                found.append(f"{languages.own_name(code)}: {' '.join(map(str, why))}")
        return found

    @admin.display(description=gettext_lazy("nội dung"), ordering="slug")
    def name(self, item):
        return next((row.title for row in sorted(item.known, key=lambda row: row.language != "vi")), item.slug)

    @admin.display(description=gettext_lazy("các bản"))
    def standing(self, item):
        newest: dict[str, Edition] = {}
        for row in item.known:
            newest.setdefault(row.language, row)
        return " · ".join(f"{code.upper()}: {row.get_status_display()}" for code, row in sorted(newest.items()))

    @admin.display(description=gettext_lazy("bài viết"))
    def texts(self, item):
        rows = (
            (reverse("admin:press_edition_change", args=[row.pk]), row.language.upper(), row.number, row.title,
             row.get_status_display())
            for row in item.known
        )  # fmt: skip
        return format_html_join("", '<p><a href="{}">{} {}: {}</a> ({})</p>', rows) or "—"


class PictureForm(SafeForm):
    upload = CheckedFile(
        kinds=("jpeg", "png"), label=gettext_lazy("Tệp ảnh"),
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png"}),
        help_text=gettext_lazy("JPEG hoặc PNG. Cổng bỏ thông tin máy ảnh ghi trong tệp và làm các cỡ nhỏ hơn."),
    )  # fmt: skip

    class Meta:
        model = Picture
        fields = ("name", "alt_vi", "alt_en", "credit")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "alt_vi" in self.fields:
            self.fields["alt_vi"].required = True
        if self.instance._state.adding is False:
            self.fields.pop("upload", None)


@admin.register(Picture)
class PictureAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    form = PictureForm
    list_display = ("name", "small", "alt", "width", "height", "uploaded_at")
    search_fields = ("name", "alt_vi", "alt_en")
    readonly_fields = ("small", "pasted")

    def get_fieldsets(self, request, obj=None):
        first = ("upload",) if obj is None else ("small", "pasted")
        self.fieldsets = ((None, {"fields": (*first, "name", "alt", "credit")}),)
        return super().get_fieldsets(request, obj)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_model(self, request, obj, form, change):
        if change:
            return super().save_model(request, obj, form, change)
        told = {name: form.cleaned_data[name] for name in ("name", "alt_vi", "alt_en", "credit")}
        made = pictures.make(form.cleaned_data["upload"], by=request.user, at=timezone.now(), **told)
        obj.__dict__.update(made.__dict__)

    @admin.display(description=gettext_lazy("ảnh"))
    def small(self, picture):
        return pictures.tag(picture, alt=picture.alt or "", sizes="16rem") if picture.widths else "—"

    @admin.display(description=gettext_lazy("dán vào bài"))
    def pasted(self, picture):
        return format_html("<code>{}</code>", str(figure(picture, language="vi")))


@admin.register(Category)
class CategoryAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    list_display = ("name", "slug", "position")

    def has_delete_permission(self, request, obj=None):
        return False
