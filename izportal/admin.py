"""The back office of the ground floor: people and roles, numbers of law, stated figures, traces. The working calendar
moves the promises of dossiers, so it is kept by the counter (`onestop/daysoff`)."""

import re

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import (
    AdminPasswordChangeForm,
    AdminUserCreationForm,
    SetUnusablePasswordMixin,
    UserChangeForm,
)
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _
from django_q.models import Failure, OrmQ, Schedule, Success
from modeltranslation.admin import TranslationAdmin

from izportal import accounts, documents, factors, roles
from izportal.backoffice import Deed, HistoryAdmin, PortalAdmin, ReadOnlyAdmin, RowsField, SafeForm
from izportal.backoffice.forms import EVERYTHING
from izportal.changesets.admin import ChangeSetAdmin  # noqa: F401  registered there
from izportal.models import Act, Division, Job, Notice, Rule, StatedFigure, StoredFile, User, Wording
from izportal.outbox_admin import JobAdmin, NoticeAdmin
from izportal.wordings_admin import WordingAdmin

ZONE_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,9}")
ACTIONS = {"view": _("xem"), "add": _("thêm"), "change": _("sửa"), "delete": _("xóa")}
# The shapes of a number of law; a later row of the same rule keeps the shape of the earlier ones.
SHAPES = (re.compile(r"\d+"), re.compile(r"([01]\d|2[0-3]):[0-5]\d"))


# People -------------------------------------------------------------------------------------------
class ZoneCodes(forms.CharField):
    """A list of zone codes, typed with commas between them."""

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return list(dict.fromkeys(re.split(r"[\s,;]+", super().to_python(value).strip().upper()))) if value else []

    def validate(self, value):
        wrong = [code for code in value if not ZONE_CODE.fullmatch(code)]
        if wrong:
            raise forms.ValidationError(_("Mã khu không đúng: %(codes)s."), params={"codes": ", ".join(wrong)})
        # A slip of the keyboard would leave somebody without any zone, and nobody would see why.
        known = set(apps.get_model("zones", "Zone").objects.values_list("code", flat=True))
        if unknown := [code for code in value if code not in known]:
            raise forms.ValidationError(
                _("Không có khu mang mã %(codes)s. Các mã đang dùng: %(known)s."),
                params={"codes": ", ".join(unknown), "known": ", ".join(sorted(known))},
            )

    def run_validators(self, value):
        """The validators of a text have nothing to say about a list."""

    def has_changed(self, initial, data):
        return self.to_python(data) != (initial or [])


class RoleChoices(RowsField):
    def label_from_instance(self, group):
        return roles.label(group.name)


class PersonForm(SafeForm, UserChangeForm):
    # Signing in changes these by itself.
    ignored_in_conflicts = ("last_login", "password")

    def clean_email(self):
        return _free_email(self)

    def clean(self):
        cleaned = super().clean()
        held = {group.name for group in cleaned.get("groups") or ()}
        if held and not cleaned.get("is_staff", self.instance.is_staff):
            self.add_error("groups", _("Người giữ vai trò phải được đánh dấu “cán bộ của Ban” để vào trang nội bộ."))
        if "operator" in held and not cleaned.get("zones"):
            self.add_error("zones", _("Đơn vị vận hành khu phải có phạm vi khu; để trống là thấy mọi khu."))
        return cleaned


class NewPasswordForm(AdminPasswordChangeForm):
    # Django says the warning in English in every language; its script shows it when "off" is chosen.
    usable_password_help_text = format_lazy(
        '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
        SetUnusablePasswordMixin.usable_password_help_text,
        _("Chọn Tắt thì mật khẩu hiện có của người này mất hẳn."),
    )


class NewPersonForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "full_name", "phone", "division", "language", "is_staff")
        field_classes = {}

    def clean_email(self):
        return _free_email(self)


def _free_email(form):
    """Addresses are told apart without regard to case, as the sign-in does."""
    email = form.cleaned_data["email"].lower()
    if User.objects.filter(email__iexact=email).exclude(pk=form.instance.pk).exists():
        raise forms.ValidationError(_("Thư điện tử này đã có tài khoản."))
    return email


class RoleFilter(admin.SimpleListFilter):
    title = _("vai trò")
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return [(role.code, role.label) for role in roles.ROLES]

    def queryset(self, request, queryset):
        return queryset.filter(groups__name=self.value()) if self.value() in roles.BY_CODE else queryset


@admin.register(User)
class PersonAdmin(PortalAdmin, UserAdmin):
    form = PersonForm
    add_form = NewPersonForm
    change_password_form = NewPasswordForm
    list_display = ("full_name", "email", "division", "held_roles", "is_staff", "is_active", "last_login")
    list_filter = ("is_staff", "is_active", RoleFilter, "division")
    list_select_related = ("division",)
    search_fields = ("folded",)
    ordering = ("full_name", "id")
    autocomplete_fields = ("division",)
    deeds = (
        Deed(
            slug="remove-factors", label=_("Gỡ lớp bảo vệ thứ hai"), form=factors.RemovalForm, do=factors.remove,
            may=lambda user: roles.may(user, "keep_people"), is_due=lambda person: factors.proofs(person) > 0,
            refusals=(factors.FactorRefused,),
            explanation=_(
                "Khi người này mất điện thoại và hết mã khôi phục. Mọi phiên đăng nhập của họ kết thúc, họ nhận một "
                "bức thư; việc này được ghi vào lịch sử."
            ),
        ),
    )  # fmt: skip
    readonly_fields = ("is_superuser", "date_joined", "last_login", "is_sample")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Người"), {"fields": ("full_name", "phone", "division", "language")}),
        (_("Vai trò"), {"fields": ("is_active", "is_staff", "groups", "zones", "is_superuser")}),
        (_("Dấu vết"), {"fields": ("date_joined", "last_login", "is_sample")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "full_name", "phone", "division", "language", "is_staff")}),
        (_("Mật khẩu"), {"fields": ("usable_password", "password1", "password2")}),
    )

    def get_queryset(self, request):
        """Whoever only looks after mandates sees the accounts of applicants, not those of colleagues."""
        rows = super().get_queryset(request).prefetch_related("groups")
        keeps = roles.may(request.user, "keep_people") or request.user.has_role("auditor")
        return rows if keeps else rows.filter(is_staff=False)

    def get_fieldsets(self, request, obj=None):
        """The button that sets a new password is for those who may press it; roles that are only read stand there by
        their names."""
        groups = super().get_fieldsets(request, obj)
        if obj is not None and not self.has_change_permission(request, obj):
            groups[0][1]["fields"].remove("password")
        if obj is not None and (obj == request.user or not self.has_change_permission(request, obj)):
            for _heading, options in groups:
                options["fields"] = ["held_roles" if name == "groups" else name for name in options["fields"]]
        return groups

    def get_readonly_fields(self, request, obj=None):
        """Nobody gives rights to themselves, and only a command makes a superuser."""
        own = ("is_active", "is_staff", "groups", "held_roles", "zones") if obj == request.user else ()
        return (*super().get_readonly_fields(request, obj), *own)

    def has_change_permission(self, request, obj=None):
        may = super().has_change_permission(request, obj) and roles.may(request.user, "keep_people")
        is_theirs = obj is None or not obj.is_superuser or request.user.is_superuser
        return may and is_theirs and (obj is None or obj.erased_at is None)

    def has_delete_permission(self, request, obj=None):
        """People are switched off: their name stands on what they did."""
        return False

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "zones":
            return ZoneCodes(required=False, label=capfirst(db_field.verbose_name), help_text=db_field.help_text)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name != "groups":
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        return RoleChoices(
            Group.objects.filter(name__in=roles.BY_CODE), required=False, label=_("Vai trò"),
            widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        # The sign-in keeps addresses of its own; an old one would still open the account.
        if not change or "email" in form.changed_data:
            accounts.vouch(obj)

    @admin.display(description=_("vai trò"))
    def held_roles(self, person):
        return ", ".join(roles.label(group.name) for group in person.groups.all()) or "—"


class RoleAdmin(ReadOnlyAdmin):
    """Roles come from the table in `roles`; here they are read."""

    list_display = ("role", "name", "holders")
    search_fields = ("name",)
    fields = ("role", "name", "holders", "rights")
    readonly_fields = fields

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(people=Count("user"))

    @admin.display(description=_("vai trò"), ordering="name")
    def role(self, group):
        return roles.label(group.name)

    @admin.display(description=_("số người giữ"), ordering="people")
    def holders(self, group):
        return group.people

    @admin.display(description=_("được làm"))
    def rights(self, group):
        role = roles.BY_CODE.get(group.name)
        return format_html_join("", "<p>{}: {}</p>", _rights(role)) if role else "—"


def _rights(role):
    """(name of the records, what may be done with them) for each kind of record a role may open."""
    found = {}
    for right in sorted(role.permissions):
        action, _sign, name = right.partition(".")[2].partition("_")
        found.setdefault((right.partition(".")[0], name), set()).add(action)
    for key, actions in found.items():
        model = apps.get_model(*key)
        words = ", ".join(str(word) for action, word in ACTIONS.items() if action in actions)
        yield capfirst(model._meta.verbose_name_plural), words


admin.site.unregister(Group)
admin.site.register(Group, RoleAdmin)
# Addresses follow the account; edited apart they would let somebody in by a second name. Factors, sessions and keys of
# providers are secrets, and each is ended on a page that asks.
admin.site.unregister([EmailAddress, Authenticator, UserSession, SocialAccount, SocialApp, SocialToken])


@admin.register(Division)
class DivisionAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    list_display = ("code", "name", "is_active")
    list_filter = ("is_active",)
    search_fields = ("code", "name_vi", "name_en")


# Law and figures ----------------------------------------------------------------------------------
class RuleForm(SafeForm):
    def clean(self):
        cleaned = super().clean()
        code, value = cleaned.get("code"), cleaned.get("value")
        if code and value:
            for other in Rule.objects.filter(code=code).exclude(pk=self.instance.pk).values_list("value", flat=True):
                if any(shape.fullmatch(other) and not shape.fullmatch(value) for shape in SHAPES):
                    self.add_error("value", _("Giá trị phải cùng dạng với “%(value)s”.") % {"value": other})
                    break
        return cleaned


@admin.register(Rule)
class RuleAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    form = RuleForm
    needs_why = EVERYTHING
    list_display = ("code", "name", "value", "unit", "article", "valid_from", "valid_to", "confidence")
    list_filter = ("confidence",)
    date_hierarchy = "valid_from"
    search_fields = ("code", "name_vi", "name_en", "article")


@admin.register(Act)
class ActAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    needs_why = EVERYTHING
    list_display = ("number", "title", "issuer", "signed_on", "in_force_from", "in_force_to", "replaced_by")
    list_filter = ("confidence",)
    list_select_related = ("replaced_by",)
    date_hierarchy = "signed_on"
    search_fields = ("folded",)
    autocomplete_fields = ("replaced_by",)


@admin.register(StatedFigure)
class StatedFigureAdmin(HistoryAdmin, PortalAdmin, TranslationAdmin):
    needs_why = ("value", "as_of", "period", "source_vi")
    list_display = ("indicator", "value", "as_of", "period", "is_at_least", "is_derived", "source")
    list_filter = ("indicator", "is_derived")
    date_hierarchy = "as_of"
    search_fields = ("indicator", "source_vi", "source_en", "note_vi", "note_en")


# Traces -------------------------------------------------------------------------------------------
@admin.register(StoredFile)
class StoredFileAdmin(ReadOnlyAdmin):
    spans_zones = True
    list_display = ("name", "mime", "weight", "state", "is_intact", "uploaded_by", "uploaded_at")
    list_filter = ("is_intact", "state", "mime")
    list_select_related = ("uploaded_by",)
    date_hierarchy = "uploaded_at"
    search_fields = ("name", "sha256", "uploaded_by__folded")
    fields = (
        *("name", "opened", "mime", "weight", "pages", "sha256", "uploaded_by", "uploaded_at", "state", "held"),
        *("scanned_at", "is_intact", "reread_at", "is_sample"),
    )
    readonly_fields = fields

    def get_urls(self):
        page = path(
            "<uuid:object_id>/file/", self.admin_site.admin_view(self.file_view), name="izportal_storedfile_file"
        )
        return [page, *super().get_urls()]

    def file_view(self, request, object_id):
        stored = self.get_object(request, str(object_id))
        if stored is None:
            raise Http404
        if not self.has_view_permission(request, stored):
            raise PermissionDenied
        return documents.serve(stored)

    @admin.display(description=_("cỡ"), ordering="size")
    def weight(self, stored):
        return filesizeformat(stored.size)

    @admin.display(description=_("vì sao chưa mở được"))
    def held(self, stored):
        return documents.why_held(stored)

    @admin.display(description=_("tệp"))
    def opened(self, stored):
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:izportal_storedfile_file", args=[stored.pk]), _("Tải về")
        )


admin.site.register(Notice, NoticeAdmin)
admin.site.register(Job, JobAdmin)
admin.site.register(Wording, WordingAdmin)


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    spans_zones = True
    list_display = ("action_time", "user", "content_type", "object_repr", "action_flag", "said")
    list_filter = ("action_flag", ("content_type", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "content_type")
    date_hierarchy = "action_time"
    search_fields = ("object_repr", "user__folded")
    fields = ("action_time", "user", "content_type", "object_id", "object_repr", "action_flag", "said")
    readonly_fields = fields

    @admin.display(description=_("nội dung"))
    def said(self, entry):
        return entry.get_change_message()


# The library's own pages run any function that somebody names.
admin.site.unregister([Failure, OrmQ, Schedule, Success])
