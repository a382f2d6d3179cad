"""Some columns of many rows changed at once, out of a list: the values are chosen here, looked at row by row as a
change set, and written from there."""

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.changesets import editing
from izportal.sheets import MAX_ROWS

SENT, CHOSEN, VALUE = "edit-many", "chosen", "value-"


class ManyForm(forms.Form):
    """Which columns, and what each is to say; a chosen column left empty is emptied."""

    chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Các cột cần sửa"),
        error_messages={"required": gettext_lazy("Hãy chọn ít nhất một cột.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Vì sao sửa"), max_length=90, widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Một lý do cho mọi dòng; được ghi vào lịch sử của từng dòng."),
    )  # fmt: skip

    def __init__(self, *args, resource, **kwargs):
        super().__init__(*args, **kwargs)
        self.resource, self.columns = resource, editing.columns_of(resource)
        self.fields["chosen"].choices = [(name, field.column_name) for name, field in self.columns.items()]
        for name, field in self.columns.items():
            self.fields[f"{VALUE}{name}"] = _value_field(field)

    def clean(self):
        cleaned = super().clean() or {}
        for name in cleaned.get("chosen", ()):
            if fault := editing.fault_of(self.resource, name, cleaned.get(f"{VALUE}{name}", "")):
                self.add_error(f"{VALUE}{name}", fault)
        return cleaned

    @property
    def values(self):
        return {name: self.cleaned_data[f"{VALUE}{name}"] for name in self.cleaned_data["chosen"]}

    @property
    def lines(self):
        """(name of the column, is it chosen, its field) for the page."""
        chosen = self["chosen"].value() or ()
        return [(name, name in chosen, self[f"{VALUE}{name}"]) for name in self.columns]


def _value_field(field):
    options = field.widget.options()
    if not options:
        return forms.CharField(label=field.column_name, required=False, max_length=2000, help_text=field.widget.hint)
    choices = [("", "—"), *((option, option) for option in options)]
    return forms.ChoiceField(label=field.column_name, required=False, choices=choices)


class EditMany:
    """Stands before the admin in the bases; whoever may send sheets into the list may change many rows of it."""

    @admin.action(description=gettext_lazy("Sửa một số cột của các dòng đã chọn…"), permissions=["import"])
    def edit_many(self, request, queryset):
        if not self.has_import_permission(request):
            raise PermissionDenied
        sent = request.POST if SENT in request.POST else None
        form = ManyForm(sent, resource=self._resource(request.user))
        count = queryset.count()
        if form.is_bound and form.is_valid() and count <= MAX_ROWS:
            change_set = editing.edit(
                kind=self._resource.name, keys=queryset.order_by("pk").values_list("pk", flat=True).iterator(),
                values=form.values, by=request.user, at=timezone.now(), reason=form.cleaned_data["reason"],
            )  # fmt: skip
            return redirect("admin:izportal_changeset_change", change_set.pk)
        page = {
            **self.admin_site.each_context(request), "title": _("Sửa nhiều dòng"), "opts": self.opts, "form": form,
            "count": count, "is_too_many": count > MAX_ROWS, "most": MAX_ROWS, "sent": SENT,
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME), "chosen_name": ACTION_CHECKBOX_NAME,
            "across": request.POST.get("select_across", "0"),
        }  # fmt: skip
        return TemplateResponse(request, "admin/sheets/many.html", page, status=422 if form.is_bound else 200)

    def get_actions(self, request):
        actions = super().get_actions(request)
        if not actions or "_popup" in request.GET or "edit_many" in actions:
            return actions
        if self.has_import_permission(request) and (found := self.get_action("edit_many")):
            actions["edit_many"] = found
        return actions
