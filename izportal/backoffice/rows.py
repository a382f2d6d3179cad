"""What every list, form and inline of the back office keeps to: scoped rows, filters that make sense, deeds on pages
of their own."""

import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.core.exceptions import FieldDoesNotExist, PermissionDenied
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.backoffice.changelists import KeptCount, RowList
from izportal.backoffice.deleting import Deleting
from izportal.backoffice.forms import (
    TOKEN,
    WHY,
    NamedAutocomplete,
    PlainFields,
    RowsField,
    SafeForm,
    may_be,
)
from izportal.backoffice.inlines import PagedFormSet
from izportal.backoffice.search import unmarked
from izportal.folding import matches
from izportal.reasons import because
from izportal.templatetags.badge import flag_sample

NO_NUMBER = re.compile(r"\d{19}")  # SQLite compares no longer ones
CALENDAR = {"year": re.compile("[12][0-9]{3}"), "month": re.compile("[0-9]{1,2}"), "day": re.compile("[0-9]{1,2}")}


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


class PortalAdmin(PlainFields, Deleting, admin.ModelAdmin):
    """What every list and form of the back office keeps to. Stands before TranslationAdmin in the bases."""

    form = SafeForm
    list_per_page = 50
    # The rows of a list are counted once, as it is narrowed; where that costs much, anew only when `counted_as_of`
    # gives another word than before.
    show_full_result_count = False
    counted_as_of: Callable[[], str] | None = None
    show_facets = admin.ShowFacets.NEVER
    # Path from a row to its zone ("zone", "plot__zone"), by which somebody's zones narrow the rows; "": no zone.
    zone_path = ""
    # Rows that may tell of any zone, and do not say of which: nobody who keeps to some zones sees them.
    spans_zones = False
    # As `SafeForm.needs_why`.
    needs_why: tuple[str, ...] = ()
    deeds: tuple[Deed, ...] = ()

    # Rows

    def get_queryset(self, request):
        return self._within(super().get_queryset(request), request.user)

    def _within(self, rows, user):
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(user)
        if self.spans_zones and user.zones:
            return rows.none()
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
            rows = self.model._base_manager.order_by()
            # Each part by its own index, which a condition with OR would pass by.
            parts = rows.filter(found).values("pk"), matches(rows, search_term, folded).values("pk")
            return queryset.filter(pk__in=parts[0].union(parts[1])), False
        return queryset.filter(found), False

    # Lists and forms

    def get_changelist(self, request, **kwargs):
        return RowList

    def get_paginator(self, request, queryset, per_page, *args, **kwargs):
        if self.counted_as_of is None:
            return super().get_paginator(request, queryset, per_page, *args, **kwargs)
        return KeptCount(queryset, per_page, *args, **kwargs, version=self.counted_as_of())

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
            or any(not may_be(self.opts.pk, value) for value in marked)
        )

    def _back_to_list(self, request):
        messages.error(request, _("Bộ lọc trong địa chỉ không đúng; hãy lọc lại danh sách."))
        return redirect(self._page("changelist"))

    def get_list_display(self, request):
        shown = list(super().get_list_display(request))
        return [*shown, "sample_mark"] if has_field(self.model, "is_sample") else shown

    @admin.display(description=gettext_lazy("Dữ liệu mẫu"), ordering="is_sample")
    def sample_mark(self, row):
        return flag_sample(row)

    def get_fieldsets(self, request, obj=None):
        """The version token rides in the first group of a form that may be saved, and nowhere else; why it is saved is
        asked at its foot."""
        groups: list[Any] = [
            (name, {**options, "fields": [field for field in options["fields"] if field not in (TOKEN, WHY)]})
            for name, options in super().get_fieldsets(request, obj)
        ]
        if obj is not None and groups and self.has_change_permission(request, obj):
            groups[0][1]["fields"].append(TOKEN)
            if hasattr(self.model, "history") and issubclass(self.form, SafeForm):
                groups.append((None, {"fields": [WHY]}))
        return groups

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        if change:
            form.needs_why = self.needs_why
        return form

    def changeform_view(self, request, *args, **kwargs):
        """Rows of every kind that a page saves are saved for the reason given on it."""
        with because(request.POST.get(WHY, "").strip()):
            return super().changeform_view(request, *args, **kwargs)

    def get_formset_kwargs(self, request, obj, inline, prefix):
        asked = {"asked": request.GET} if issubclass(inline.formset, PagedFormSet) else {}
        asked |= super().get_formset_kwargs(request, obj, inline, prefix)
        target = self.admin_site._registry.get(inline.model)
        if request.user.zones and isinstance(target, PortalAdmin):
            # Under a record of no zone may stand rows of any.
            asked["queryset"] = target._within(asked["queryset"], request.user)
        return asked

    def save_model(self, request, obj, form, change):
        """Nothing is written, into the history neither, where nothing was changed."""
        if not change or form.changed_data:
            super().save_model(request, obj, form, change)

    def not_public_because(self, row) -> list[str]:
        """Why the public does not see a row, a sentence each; none where it does or is not meant to."""
        return []

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
            with because(form.cleaned_data.get("reason") or deed.label):
                sentence = deed.do(row, by=request.user, at=timezone.now(), **form.cleaned_data)
        except deed.refusals as refusal:
            form.add_error(None, str(refusal))
            return None
        self.log_change(request, row, sentence)
        return sentence

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        offered = [deed for deed in self.deeds if obj is not None and deed.may(request.user) and deed.is_due(obj)]
        context["deeds"] = [(deed.label, reverse(self._page(deed.slug), args=[obj.pk])) for deed in offered]
        context["not_public"] = self.not_public_because(obj) if obj is not None else []
        return super().render_change_form(request, context, add, change, form_url, obj)


def unticked(row, name: str) -> str:
    """A reason why the public does not see a row: its box is empty."""
    return _("Ô “%(name)s” chưa được chọn.") % {"name": capfirst(row._meta.get_field(name).verbose_name)}


def _holds_nul(data) -> bool:
    """It would reach PostgreSQL, which takes it for an error of the program."""
    return any("\0" in value for _name, values in data.lists() for value in values)


def has_field(model, name: str) -> bool:
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
    """Dated facts: superseded by another row, never changed; the list says which rows still stand, and begins with
    what was recorded last."""

    ordering = ("-id",)

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
