"""Rows of another model under a record: to edit, each guarded like the record itself, or to read, page by page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from izportal.backoffice.forms import TOKEN, WHY, PlainFields, SafeForm


class SafeFormSet(forms.BaseInlineFormSet):
    """A row ticked to be deleted is not checked like the others; what a colleague has changed in it is not lost. Why
    rows are changed is said once for the whole page."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields.pop(WHY, None)

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
            fields = [field for field in groups[0][1]["fields"] if field not in (TOKEN, WHY)]
            groups[0][1]["fields"] = [*fields, TOKEN]
        return groups


ROWS_SHOWN = 50


class PagedFormSet(forms.BaseInlineFormSet):
    """So many rows at a time; whether there are more is told without counting them."""

    def __init__(self, *args, asked=None, **kwargs):
        self.asked, self.has_more = asked if asked is not None else QueryDict(), False
        super().__init__(*args, **kwargs)

    @cached_property
    def page(self):
        said = self.asked.get(f"{self.prefix}-page", "")
        return int(said) if said.isdecimal() and 1 <= int(said[:6]) < 100_000 else 1

    def get_queryset(self):
        if not hasattr(self, "_queryset"):
            start = (self.page - 1) * ROWS_SHOWN
            rows = list(super().get_queryset()[start : start + ROWS_SHOWN + 1])
            self.has_more = len(rows) > ROWS_SHOWN
            self._queryset = rows[:ROWS_SHOWN]
        return self._queryset

    @property
    def pages(self):
        """(label, address) of the pages before and after."""
        said = ((_("Mới hơn"), self.page - 1, self.page > 1), (_("Cũ hơn"), self.page + 1, self.has_more))
        return [(label, self._address(number)) for label, number, is_there in said if is_there]

    def _address(self, number):
        asked = self.asked.copy()
        asked[f"{self.prefix}-page"] = number
        return f"?{asked.urlencode()}#{self.prefix}-group"


class ReadOnlyInline(admin.TabularInline):
    """Rows of another model under a record: to read; they are written on their own pages."""

    template = "admin/paged_rows.html"
    formset = PagedFormSet
    extra = max_num = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False
