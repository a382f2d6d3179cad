"""The admin site and its base classes: scoped rows, search without diacritics, a save that never overwrites a
colleague's, deeds on pages of their own, history to read. What a single model shows stands in its app's `admin`."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial, reduce
from operator import and_, or_
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.contrib.admin.options import IncorrectLookupParameters, get_content_type_for_model
from django.contrib.admin.utils import display_for_field, unquote
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.views import LogoutView, redirect_to_login
from django.contrib.contenttypes.views import shortcut
from django.core import signing
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import DecimalField, Exists, OuterRef, Q, TextField
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import get_script_prefix, path, reverse
from django.utils import formats, timezone
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.text import capfirst, get_text_list
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from import_export.admin import ExportActionMixin, ImportMixin
from import_export.forms import ExportForm
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from izportal import roles, sheets
from izportal.cells import to_number
from izportal.folding import LONGEST_QUERY, MOST_WORDS, FoldedField, matches
from izportal.sheets import at_fields
from izportal.templatetags.badge import flag_sample

TOKEN = "as_loaded"
MOST_PARTS_TOLD = 200
NO_NUMBER = re.compile(r"\d{19}")  # SQLite compares no longer ones
CALENDAR = {"year": re.compile("[12][0-9]{3}"), "month": re.compile("[0-9]{1,2}"), "day": re.compile("[0-9]{1,2}")}
# The menu in the order of the day's work; what is not named here follows by its name.
MENU = ("onestop", "zones", "projects", "izportal")
MOST_MENUS = 200
FIRST_OF_THEIR_APP = ("Dossier", "Zone", "Plot", "Project", "Enterprise")


class Menu(list):
    """What some rights open, in one language, with what was drawn of it (`templatetags/menu.py`)."""

    def __init__(self, apps):
        super().__init__(apps)
        self.drawn = {}


class BackOffice(admin.AdminSite):
    site_header = gettext_lazy("Ban Quản lý các khu công nghiệp tỉnh Thái Nguyên")
    site_title = gettext_lazy("Quản trị cổng thông tin")
    index_title = gettext_lazy("Bàn làm việc")
    enable_nav_sidebar = True
    empty_value_display = "—"

    def login(self, request, extra_context=None):
        """There is one place to sign in; whoever has signed in without being staff is told so, not sent round."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def get_urls(self):
        at, name = "r/<path:content_type_id>/<path:object_id>/", "view_on_site"
        return [path(at, self.admin_view(_public_page), name=name), *super().get_urls()]

    def logout(self, request, extra_context=None):
        return LogoutView.as_view(next_page=reverse("home"))(request)

    def password_change(self, request, extra_context=None):
        """On the page of one's account: it writes a letter and ends the other sessions."""
        return redirect("account_change_password")

    def index(self, request, extra_context=None):
        """The desk asks for the reader's roles in any case; asked for first, they spare reckoning the menu."""
        request.user.has_role()
        return super().index(request, extra_context)

    def get_app_list(self, request, app_label=None):
        """Counter, land, register, then the ground; in each the records that people open all day. It is the same for
        all who hold the same rights, so it is kept by these where they are at hand."""
        rights = _rights(request.user)
        if rights is None:
            return self._menu(request, app_label)
        kept = (app_label, get_language(), get_script_prefix(), *rights)
        if kept not in self._menus:
            if len(self._menus) >= MOST_MENUS:
                self._menus.clear()
            self._menus[kept] = self._menu(request, app_label)
        return self._menus[kept]

    @cached_property
    def _menus(self):
        return {}

    def _menu(self, request, app_label):
        found = super().get_app_list(request, app_label)
        for app in found:
            app["models"].sort(key=lambda model: _place(FIRST_OF_THEIR_APP, model["object_name"]))
        return Menu(sorted(found, key=lambda app: _place(MENU, app["app_label"])))


def _rights(user) -> tuple | None:
    """All of a person that decides which lists they may open (`has_*_permission` without a row); None where it would
    have to be asked for."""
    if user.is_superuser or not user.is_staff:
        return user.is_active, user.is_staff, user.is_superuser
    if not user.knows_roles:
        return None
    return user.is_active, frozenset(user.get_all_permissions()), user.role_codes


def _place(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _public_page(request, content_type_id, object_id):
    """The library's own view, which takes a key of another shape for an error of the program."""
    try:
        return shortcut(request, content_type_id, object_id)
    except forms.ValidationError as error:
        raise Http404 from error


# Search -------------------------------------------------------------------------------------------
def _spellings() -> dict[str, str]:
    """For each plain letter every marked form of it, in both cases: {"d": "dDđĐ", …}."""
    found = {"d": "đĐ"}
    for code in [*range(0xC0, 0x1B5), *range(0x1EA0, 0x1EFA)]:
        base = unicodedata.normalize("NFD", chr(code))[0].lower()
        found[base] = found.get(base, "") + chr(code)
    return {letter: letter + letter.upper() + marked for letter, marked in found.items()}


_SPELLINGS = _spellings()
_MARKS = "[\u0300-\u036f]*"


def unmarked(text: str, columns: tuple[str, ...]) -> Q:
    """Rows in which every word of `text` stands in one of the columns, whatever its marks; for columns that have no
    folded twin."""
    decomposed = unicodedata.normalize("NFD", text[:LONGEST_QUERY].replace("đ", "d").replace("Đ", "D"))
    plain = "".join(c for c in decomposed if unicodedata.category(c)[0] not in "MC")
    words = [_pattern(word) for word in plain.split()[:MOST_WORDS]]
    return reduce(and_, (reduce(or_, (Q(**{f"{c}__iregex": word}) for c in columns)) for word in words), Q())


def _pattern(word: str) -> str:
    return "".join(f"[{_SPELLINGS[c]}]{_MARKS}" if c in _SPELLINGS else re.escape(c) for c in word.lower())


# Two people at one record -------------------------------------------------------------------------
def stamp(row: Any, ignored: tuple[str, ...] = ()) -> str:
    """A mark of each stored value of a row, so that a later look can tell which of them have changed."""
    values = {field.attname: field.value_from_object(row) for field in _compared(row, ignored)}
    for field in row._meta.many_to_many:
        if field.remote_field.through._meta.auto_created:
            values[field.name] = sorted(getattr(row, field.name).values_list("pk", flat=True))
    return " ".join(f"{name}:{_digest(value)}" for name, value in values.items())


def _digest(value: Any) -> str:
    value = "" if value is None else value  # a form does not tell them apart
    return hashlib.sha256(repr(value).encode()).hexdigest()[:10]


def _compared(row: Any, ignored: tuple[str, ...]) -> list[Any]:
    fields = row._meta.concrete_fields
    return [f for f in fields if not isinstance(f, FoldedField) and f.name not in ignored]


def last_saved(row: Any) -> tuple[str, Any]:
    """Who saved a row last, and when, as far as its history or the admin's log knows."""
    if hasattr(row, "history"):
        entry = row.history.select_related("history_user").first()
        found = (entry.history_user, entry.history_date) if entry else (None, None)
    else:
        entry = LogEntry.objects.filter(content_type=get_content_type_for_model(row), object_id=row.pk)
        entry = entry.select_related("user").order_by("-action_time").first()
        found = (entry.user, entry.action_time) if entry else (None, None)
    return str(found[0] or _("người khác")), found[1]


class SafeForm(forms.ModelForm):
    """Refuses to save over what somebody else has saved since the page was opened; what was typed stays on screen."""

    ignored_in_conflicts: tuple[str, ...] = ()
    as_loaded = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance._state.adding:
            self.initial[TOKEN] = stamp(self.instance, self.ignored_in_conflicts)

    @cached_property
    def changed_data(self):
        return [name for name in super().changed_data if name != TOKEN]

    def clean(self):
        """A form that says what is stored already overwrites nothing: it is a second press of the same button."""
        cleaned = super().clean()
        now = self.initial.get(TOKEN)
        if now and self.changed_data and self.data.get(self.add_prefix(TOKEN)) != now:
            self.add_error(None, forms.ValidationError(self._conflict(now), code="conflict"))
        return cleaned

    def _update_errors(self, errors):
        shown = [name for name in self.fields if name != TOKEN]
        super()._update_errors(ValidationError(at_fields(errors.update_error_dict({}), self._meta.model, shown)))

    def _conflict(self, now: str) -> str:
        who, when = last_saved(self.instance)
        return _(
            "Chưa lưu: bản ghi này đã được %(who)s sửa lúc %(when)s, sau khi bạn mở trang (%(fields)s). Những gì "
            "bạn gõ còn nguyên bên dưới. Hãy mở lại trang trong thẻ khác, đối chiếu rồi sửa trên bản mới nhất."
        ) % {
            "who": who,
            "when": formats.date_format(timezone.localtime(when), "DATETIME_FORMAT") if when else _("lúc không rõ"),
            "fields": get_text_list(self._changed_since(now), _("và")) or _("không rõ mục nào"),
        }

    def _changed_since(self, now: str) -> list[str]:
        before = set(self.data.get(self.add_prefix(TOKEN), "").split())
        names = [mark.partition(":")[0] for mark in now.split() if before and mark not in before]
        names = [name.removesuffix("_id") for name in names]
        return [str(self.instance._meta.get_field(name).verbose_name) for name in names]


class NumberField(forms.DecimalField):
    """Takes numbers as sheets do: 1.234,5 and 1,234.5 alike."""

    def to_python(self, value):
        try:
            value = to_number(value, places=self.decimal_places or 0)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        return super().to_python(value)


class LinesField(forms.CharField):
    """Browsers send line ends of their own; a text left alone has not changed."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class RowsField(forms.ModelMultipleChoiceField):
    def clean(self, value):
        for key in value or ():
            if not _may_be(self.queryset.model._meta.pk, key):
                raise forms.ValidationError(
                    self.error_messages["invalid_pk_value"], code="invalid_pk_value", params={"pk": str(key)[:40]}
                )
        return super().clean(value)


class NamedAutocomplete(AutocompleteSelect):
    """Says what to choose where nothing is chosen yet; an empty box has no name for those who do not see its label."""

    def build_attrs(self, base_attrs, extra_attrs=None):
        attrs = super().build_attrs(base_attrs, extra_attrs)
        return {**attrs, "data-placeholder": _("Chọn %(what)s") % {"what": self.field.verbose_name}}

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if _may_be(self.field.target_field, key)], attr)

    @property
    def media(self):
        return super().media + forms.Media(js=["admin/js/autocomplete.js", "js/autocomplete.js"])


# Deeds --------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Deed:
    """Something done to one record on a page of its own, at `<record>/<slug>/`.

    `form` takes the data and `row=`; `do(row, by=, at=, **cleaned)` answers a sentence for the doer and may raise one
    of `refusals`, whose text is shown. `is_due` says whether it makes sense now, `may` who is allowed.
    """

    slug: str
    label: Any
    form: type[forms.Form]
    may: Callable[[Any], bool]
    do: Callable[..., str]
    explanation: Any = ""
    refusals: tuple[type[Exception], ...] = ()
    is_due: Callable[[Any], bool] = lambda row: True
    template: str = "admin/deed.html"


class DeedForm(forms.Form):
    """Asks nothing by itself: the press of the button is the deed."""

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, **kwargs)
        self.row = row


# Base classes -------------------------------------------------------------------------------------
class PlainFields:
    """Numbers and texts as people here type them."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, DecimalField):
            kwargs |= {"form_class": NumberField, "localize": True}
        elif isinstance(db_field, TextField):
            kwargs["form_class"] = LinesField
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class SafeFormSet(forms.BaseInlineFormSet):
    """A row ticked to be deleted is not checked like the others; what a colleague has changed in it is not lost."""

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            conflicts = [error for error in form.non_field_errors().as_data() if error.code == "conflict"]
            if conflicts and self._should_delete_form(form):
                raise ValidationError(conflicts)


class SafeInline(PlainFields):
    """Rows edited under their record, each guarded like the record itself. Stands before the inline in the bases."""

    form = SafeForm
    formset = SafeFormSet
    extra = 0

    def get_fieldsets(self, request, obj=None):
        groups: list[Any] = [(name, {**options}) for name, options in super().get_fieldsets(request, obj)]
        if groups and self.has_change_permission(request, obj):
            fields = [field for field in groups[0][1]["fields"] if field != TOKEN]
            groups[0][1]["fields"] = [*fields, TOKEN]
        return groups


class PortalAdmin(PlainFields, admin.ModelAdmin):
    """What every list and form of the back office keeps to. Stands before TranslationAdmin in the bases."""

    form = SafeForm
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    # Path from a row to its zone ("zone", "plot__zone"), by which somebody's zones narrow the rows; "": no zone.
    zone_path = ""
    deeds: tuple[Deed, ...] = ()

    # Rows

    def get_queryset(self, request):
        return self._within(super().get_queryset(request), request.user)

    def _within(self, rows, user):
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(user)
        if self.zone_path and user.zones:
            rows = rows.filter(**{f"{self.zone_path}__code__in": user.zones})
        return rows

    def choices_for(self, request):
        """The rows that a form of another model may point at."""
        return self.get_queryset(request)

    def get_object(self, request, object_id, from_field=None):
        """A row about to be written is locked first and read after, so that the form compares with what stands."""
        row = super().get_object(request, object_id, from_field)
        if row is not None and request.method == "POST" and connection.in_atomic_block:
            # Not in the order of the list: PostgreSQL locks no row that is ordered through an outer join.
            list(self.model._base_manager.select_for_update().filter(pk=row.pk).order_by().values_list("pk"))
            row = super().get_object(request, object_id, from_field)
        return row

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        raise Http404

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        target = self.admin_site._registry.get(db_field.remote_field.model)
        if isinstance(target, PortalAdmin) and "queryset" not in kwargs:
            kwargs["queryset"] = target.choices_for(request)
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", NamedAutocomplete(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(db_field, request, **{"form_class": RowsField, **kwargs})

    # Search

    def get_search_results(self, request, queryset, search_term):
        """Through the folded columns where there are some; other columns are compared letter by letter."""
        columns = self.get_search_fields(request)
        folded = tuple(name for name in columns if name.endswith("folded"))
        plain = tuple(name for name in columns if name not in folded)
        if not search_term.strip() or not columns:
            return queryset, False
        if not plain:
            return matches(queryset, search_term, folded), False
        found = unmarked(search_term, plain)
        if folded:
            found |= Q(pk__in=matches(self.model._base_manager.all(), search_term, folded).values("pk"))
        return queryset.filter(found), False

    # Lists and forms

    def changelist_view(self, request, extra_context=None):
        if self._is_senseless(request):
            return self._back_to_list(request)
        return super().changelist_view(request, extra_context)

    def _is_senseless(self, request) -> bool:
        """What the library would hand on unread: a NUL, a day of no calendar, a number or a mark of no row."""
        dates = [(part, request.GET.getlist(f"{self.date_hierarchy}__{part}")) for part in CALENDAR]
        marked = request.POST.getlist(ACTION_CHECKBOX_NAME)
        return (
            "items" in request.GET  # the search form would take its value for the filters themselves
            or _holds_nul(request.GET)
            or _holds_nul(request.POST)
            or any(NO_NUMBER.search(value) for name, values in request.GET.lists() if name != "q" for value in values)
            or any(not CALENDAR[part].fullmatch(number) for part, numbers in dates for number in numbers)
            or any(not _may_be(self.opts.pk, value) for value in marked)
        )

    def _back_to_list(self, request):
        messages.error(request, _("Bộ lọc trong địa chỉ không đúng; hãy lọc lại danh sách."))
        return redirect(self._page("changelist"))

    def get_list_display(self, request):
        shown = list(super().get_list_display(request))
        return [*shown, "sample_mark"] if _has_field(self.model, "is_sample") else shown

    @admin.display(description=gettext_lazy("Dữ liệu mẫu"), ordering="is_sample")
    def sample_mark(self, row):
        return flag_sample(row)

    def get_fieldsets(self, request, obj=None):
        """The version token rides in the first group of a form that may be saved, and nowhere else."""
        groups: list[Any] = [
            (name, {**options, "fields": [field for field in options["fields"] if field != TOKEN]})
            for name, options in super().get_fieldsets(request, obj)
        ]
        if obj is not None and groups and self.has_change_permission(request, obj):
            groups[0][1]["fields"].append(TOKEN)
        return groups

    def save_model(self, request, obj, form, change):
        """Nothing is written, into the history neither, where nothing was changed."""
        if not change or form.changed_data:
            super().save_model(request, obj, form, change)

    # Deeds

    def get_urls(self):
        pages = []
        for deed in self.deeds:
            view = self.admin_site.admin_view(partial(self.deed_view, deed=deed))
            name = self._page(deed.slug).removeprefix("admin:")
            pages.append(path(f"<path:object_id>/{deed.slug}/", view, name=name))
        return [*pages, *super().get_urls()]

    def _page(self, name: str) -> str:
        return f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}"

    def deed_view(self, request, object_id, *, deed):
        is_post = request.method == "POST"
        with transaction.atomic() if is_post else nullcontext():
            row = self._row_for(request, object_id, deed)
            form = deed.form(request.POST if is_post else None, row=row)
            if is_post and form.is_valid() and (sentence := self._done(request, row, form, deed)):
                messages.success(request, sentence)
                return redirect(self._page("change"), row.pk)
        context = {
            **self.admin_site.each_context(request), "title": deed.label, "deed": deed, "form": form, "original": row,
            "opts": self.opts, "media": self.media + form.media, "is_due": is_post or deed.is_due(row),
        }  # fmt: skip
        return TemplateResponse(request, deed.template, context)

    def _row_for(self, request, object_id, deed):
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not (self.has_view_permission(request, row) and deed.may(request.user)):
            raise PermissionDenied
        return row

    def _done(self, request, row, form, deed):
        """The sentence of the deed, or None where it was refused and the form says why."""
        if not deed.is_due(row):
            form.add_error(None, _("Việc này đã được làm hoặc không còn cần nữa. Hãy mở lại trang của bản ghi."))
            return None
        try:
            sentence = deed.do(row, by=request.user, at=timezone.now(), **form.cleaned_data)
        except deed.refusals as refusal:
            form.add_error(None, str(refusal))
            return None
        self.log_change(request, row, sentence)
        return sentence

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        offered = [deed for deed in self.deeds if obj is not None and deed.may(request.user) and deed.is_due(obj)]
        context["deeds"] = [(deed.label, reverse(self._page(deed.slug), args=[obj.pk])) for deed in offered]
        return super().render_change_form(request, context, add, change, form_url, obj)


def _may_be(key, value) -> bool:
    """Could a row have this value in its key? What could not is not asked of the database: each engine stumbles over
    another kind of nonsense."""
    try:
        key.clean(value, None)
    except forms.ValidationError:
        return False
    return "\0" not in str(value)


def _holds_nul(data) -> bool:
    """It would reach PostgreSQL, which takes it for an error of the program."""
    return any("\0" in value for _name, values in data.lists() for value in values)


def _has_field(model, name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


class ReadOnlyAdmin(PortalAdmin):
    """Rows that are written elsewhere, for everyone, superuser included."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class RecordedAdmin(ReadOnlyAdmin):
    """Dated facts: superseded by another row, never changed; the list says which rows still stand."""

    def get_queryset(self, request):
        newer = self.model._base_manager.filter(supersedes=OuterRef("pk"))
        return super().get_queryset(request).annotate(is_superseded=Exists(newer))

    def get_list_display(self, request):
        return [*list(super().get_list_display(request)), "recorded_at", "recorded_by", "stands"]

    def get_list_select_related(self, request):
        chosen = super().get_list_select_related(request)
        return ["recorded_by", *(chosen if isinstance(chosen, (list, tuple)) else ())]

    @admin.display(description=gettext_lazy("còn giá trị"), boolean=True, ordering="is_superseded")
    def stands(self, row):
        return not row.is_superseded


class ReadOnlyInline(admin.TabularInline):
    """Rows of another model under a record: to read; they are written on their own pages."""

    extra = max_num = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class ReadableChanges(HistoricalRecordContextHelper):
    """What a version changed, in the words of the forms and without the columns that follow others by themselves."""

    def context_for_delta_changes(self, delta):
        told = [change for change in delta.changes if self._is_told(change.field)]
        return super().context_for_delta_changes(replace(delta, changes=told))

    def _is_told(self, name):
        is_derived = isinstance(self.model._meta.get_field(name), FoldedField) or _has_field(self.model, f"{name}_vi")
        return not is_derived

    def prepare_delta_change_value(self, change, value):
        value = super().prepare_delta_change_value(change, value)
        if isinstance(value, bool):
            return _("Có") if value else _("Không")
        if value in (None, ""):
            return "—"
        return display_for_field(value, self.model._meta.get_field(change.field), "—")


class HistoryAdmin(SimpleHistoryAdmin):
    """The past of a record, to read. Nothing is turned back from there: it would overwrite what came after."""

    object_history_template = "admin/history.html"
    # What is edited on the same page, by model and the key that points here; its past is told there as well.
    history_of_parts: tuple[tuple[Any, str], ...] = ()

    def history_view(self, request, object_id, extra_context=None):
        # The library shows the history of rows that this reader may not see, as if they had been deleted.
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404
        return super().history_view(request, object_id, {"parts": self._parts(unquote(object_id))})

    def _parts(self, object_id):
        """The last deeds on the parts, newest first, without what came with the reference data."""
        told = []
        for model, key in self.history_of_parts:
            past = model.history.filter(**{key: object_id}).select_related("history_user")
            rows = list(past.order_by(model._meta.pk.attname, "history_date", "history_id"))
            for older, row in zip([None, *rows], rows, strict=False):
                row.part = f"{capfirst(model._meta.verbose_name)}: {row.instance}"
                if row.history_type == "~" and older is not None:
                    changes = ReadableChanges(model, row).context_for_delta_changes(row.diff_against(older))
                    row.history_delta_changes = changes
            told += [row for row in rows if row.history_user_id or row.history_type != "+"]
        return sorted(told, key=lambda row: row.history_date, reverse=True)[:MOST_PARTS_TOLD]

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", object_id)

    def history_view_title(self, request, obj):
        return _("Lịch sử thay đổi: %(name)s") % {"name": obj}

    def get_historical_record_context_helper(self, request, historical_record):
        return ReadableChanges(self.model, historical_record)

    def revert_disabled(self, request, obj=None):
        return True


# Sheets -------------------------------------------------------------------------------------------
class ExportSheetForm(ExportForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choice = self.fields["format"]
        choice.label, choice.initial = _("Loại tệp"), "0"
        choice.choices = [pair for pair in choice.choices if pair[0]]
        choice.widget = forms.RadioSelect(choices=choice.choices)


class ExportSheets(ExportActionMixin):
    """Gives exactly the rows and the order of the list as it is filtered; whoever reads the list may export it."""

    change_form_template = None
    export_form_class = ExportSheetForm
    skip_export_form_from_action = True
    export_name = ""

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def export_action(self, request):
        try:
            return self._back_to_list(request) if self._is_senseless(request) else super().export_action(request)
        except IncorrectLookupParameters:
            return self._back_to_list(request)

    def get_export_formats(self):
        return sheets.FORMATS

    def get_resource_kwargs(self, request, *args, **kwargs):
        return {"user": request.user}

    def get_valid_export_item_pks(self, request):
        return self.get_queryset(request).values_list("pk", flat=True)

    def get_export_filename(self, request, queryset, file_format):
        return f"{self.export_name}-{timezone.localdate():%Y-%m-%d}.{file_format.get_extension()}"

    def get_actions(self, request):
        actions = super().get_actions(request)
        if "export_admin_action" in actions:
            function, name, _label = actions["export_admin_action"]
            actions["export_admin_action"] = (function, name, _("Xuất các dòng đã chọn ra Excel"))
        return actions


class ImportSheetForm(forms.Form):
    import_file = forms.FileField(
        label=gettext_lazy("Tệp Excel (.xlsx) hoặc CSV (UTF-8)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def clean_import_file(self):
        upload = self.cleaned_data["import_file"]
        if upload.size > sheets.MAX_BYTES:
            raise forms.ValidationError(_("Tệp lớn hơn mức cho phép là 5 MB."))
        self.data_read = upload.read()
        try:
            self.sheet = sheets.read(self.data_read)
        except sheets.SheetRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if not self.sheet:
            raise forms.ValidationError(_("Bảng không có dòng dữ liệu nào dưới dòng tiêu đề."))
        return upload


class ConfirmSheetForm(forms.Form):
    """Carries the sealed receipt of a trial: which file, whose, and what it would do."""

    import_file_name = forms.CharField(widget=forms.HiddenInput)


class SheetAdmin(ImportMixin, ExportSheets):
    """A trial first, which names every fault by row and column; then the whole sheet or nothing of it."""

    import_export_change_list_template = "admin/import_export/change_list_import_export.html"
    import_deed = ""
    seal = "izportal.backoffice.import"

    def has_import_permission(self, request):
        has_rights = self.has_add_permission(request) and self.has_change_permission(request)
        return has_rights and roles.may(request.user, self.import_deed)

    def import_action(self, request, **kwargs):
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = ImportSheetForm(request.POST, request.FILES) if request.method == "POST" else ImportSheetForm()
        if not form.is_valid():
            return self._import_page(request, form)
        name = form.cleaned_data["import_file"].name
        result = self._run(request, form.sheet, name, dry_run=True)
        confirm = None
        if result.is_sound and result.has_work:
            kept = sheets.Kept.put(form.data_read, at=timezone.now())
            receipt = {"file": kept, "name": name, "digest": result.digest, "user": request.user.pk}
            confirm = ConfirmSheetForm(initial={"import_file_name": signing.dumps(receipt, salt=self.seal)})
        return self._import_page(request, form, result=result, confirm_form=confirm)

    @method_decorator(require_POST)
    def process_import(self, request, **kwargs):
        if not self.has_import_permission(request):
            raise PermissionDenied
        receipt = self._receipt(request)
        data = sheets.Kept.take(receipt["file"]) if receipt else None
        if data is None:
            messages.error(request, _("Tệp này đã được nhập, hoặc đã quá hạn xem thử. Hãy tải tệp lên lại."))
            return redirect(self._page("import"))
        result = self._run(request, sheets.read(data), receipt["name"], expected=receipt["digest"])
        if not result.is_sound:
            return self._import_page(request, ImportSheetForm(), result=result)
        self.generate_log_entries(result, request)
        self.add_success_message(result, request)
        return redirect(self._page("changelist"))

    def _receipt(self, request):
        try:
            receipt = signing.loads(request.POST.get("import_file_name", ""), salt=self.seal, max_age=sheets.KEPT_FOR)
        except signing.BadSignature:
            return None
        return receipt if receipt["user"] == request.user.pk else None

    def _run(self, request, sheet, name, *, dry_run=False, expected=""):
        resource = self.get_import_resource_classes(request)[0](**self.get_import_resource_kwargs(request))
        return resource.import_data(sheet, dry_run=dry_run, expected=expected, user=request.user, file_name=name)

    def _import_page(self, request, form, **context):
        resource = self.get_import_resource_classes(request)[0](**self.get_import_resource_kwargs(request))
        page = {
            **self.admin_site.each_context(request), "title": _("Nhập từ tệp"), "opts": self.opts, "form": form,
            "media": self.media + form.media, "columns": resource.columns(), "max_rows": sheets.MAX_ROWS,
            "has_export_permission": self.has_export_permission(request), **context,
        }  # fmt: skip
        return TemplateResponse(request, self.import_template_name, page)

    def generate_log_entries(self, result, request):
        for kind, flag in (("new", ADDITION), ("update", CHANGE)):
            rows = [row.instance for row in result.rows if row.import_type == kind]
            LogEntry.objects.log_actions(request.user.pk, rows, flag, _("Nhập từ tệp"))

    def add_success_message(self, result, request):
        messages.success(
            request,
            _("Đã nhập: %(new)s dòng mới, %(update)s dòng sửa, %(skip)s dòng không đổi.") % dict(result.totals),
        )
