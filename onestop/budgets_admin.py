"""Budgets of stations beside the limits of a version, and the measured pace, in the back office."""

from decimal import Decimal

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst

from izportal.backoffice import ReadOnlyAdmin, SafeFormSet, SafeInline
from izportal.models import CalendarDay
from onestop import budgets
from onestop.models import Stage, StageBudget


class BudgetFormSet(SafeFormSet):
    """The board may share out the statutory limit as it likes, but not more than there is."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for name in ("stage", "hours"):
            if name in form.fields:  # the heads of the table name no box
                form.fields[name].widget.attrs["aria-label"] = capfirst(form.fields[name].label)

    def clean(self):
        super().clean()
        rows: dict[str, Decimal] = {}
        for form in self.forms:
            said = getattr(form, "cleaned_data", None) or {}
            if said.get("stage") and said.get("hours") is not None and not said.get("DELETE"):
                rows[said["stage"]] = said["hours"]
        if not rows or any(self.errors) or not self.instance.pk:
            return
        found = budgets.excess(self.instance, rows, on=timezone.localdate(), calendar=CalendarDay.calendar())
        if found:
            raise ValidationError(budgets.sentence(*found), code="too_long")


class BudgetInline(SafeInline, admin.TabularInline):
    model = StageBudget
    formset = BudgetFormSet
    fields = ("stage", "hours")
    max_num = len(Stage)
    extra = 1


class PaceAdmin(ReadOnlyAdmin):
    list_display = ("procedure", "stage", "hours", "count", "measured_at")
    list_select_related = ("procedure",)
    list_filter = ("stage", "procedure__field")
    search_fields = ("procedure__folded",)
