"""The past of a record, to read, and any two versions of it side by side."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.contrib.admin.utils import display_for_field, unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from simple_history.admin import SimpleHistoryAdmin
from simple_history.models import DeletedObject
from simple_history.template_utils import HistoricalRecordContextHelper

from izportal.backoffice.rows import has_field
from izportal.folding import FoldedField

MOST_PARTS_TOLD = 200


def is_told(model, name: str) -> bool:
    """Not so columns that follow others by themselves: folded texts, and the one that stands for two languages."""
    return not (isinstance(model._meta.get_field(name), FoldedField) or has_field(model, f"{name}_vi"))


class ReadableChanges(HistoricalRecordContextHelper):
    """What a version changed, in the words of the forms and without the columns that follow others by themselves."""

    def context_for_delta_changes(self, delta):
        told = [change for change in delta.changes if is_told(self.model, change.field)]
        return super().context_for_delta_changes(replace(delta, changes=told))

    def prepare_delta_change_value(self, change, value):
        value = super().prepare_delta_change_value(change, value)
        if isinstance(value, DeletedObject):
            return "—" if value.pk is None else _("bản ghi đã xóa (số %(number)s)") % {"number": value.pk}
        if isinstance(value, bool):
            return _("Có") if value else _("Không")
        if value in (None, ""):
            return "—"
        return display_for_field(value, self.model._meta.get_field(change.field), "—")


def changes_between(older, newer, model):
    """What differs between two versions, in the words of the forms."""
    return ReadableChanges(model, newer).context_for_delta_changes(
        newer.diff_against(older, foreign_keys_are_objs=True)
    )


def _chosen(row, data):
    """The two versions of this row that were asked for, the older first."""
    asked = {data.get(name, "") for name in ("older", "newer")}
    keys = [int(key) for key in asked if key.isdecimal() and len(key) < 19]
    return list(row.history.filter(pk__in=keys).select_related("history_user").order_by("history_date", "pk"))


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
                    changes = changes_between(older, row, model)
                    row.history_delta_changes = changes
            told += [row for row in rows if row.history_user_id or row.history_type != "+"]
        return sorted(told, key=lambda row: row.history_date, reverse=True)[:MOST_PARTS_TOLD]

    # Two versions side by side

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_compare"
        page = self.admin_site.admin_view(require_safe(self.compare_view))
        # Before the library's page of one version, whose address would take this one.
        return [path("<path:object_id>/history/compare/", page, name=name), *super().get_urls()]

    def compare_view(self, request, object_id):
        row = self.get_object(request, unquote(object_id))
        if row is None:
            raise Http404
        if not self.has_view_history_permission(request, row):
            raise PermissionDenied
        versions = _chosen(row, request.GET)
        if len(versions) != 2:
            messages.error(request, _("Hãy chọn hai bản khác nhau để so sánh."))
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", object_id)
        older, newer = versions
        changes = changes_between(older, newer, self.model)
        context = {
            **self.admin_site.each_context(request), "opts": self.opts, "original": row, "versions": versions,
            "changes": changes, "title": _("So sánh hai bản: %(name)s") % {"name": row},
        }  # fmt: skip
        return TemplateResponse(request, "admin/compare.html", context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_history", object_id)

    def history_view_title(self, request, obj):
        return _("Lịch sử thay đổi: %(name)s") % {"name": obj}

    def get_historical_record_context_helper(self, request, historical_record):
        return ReadableChanges(self.model, historical_record)

    def revert_disabled(self, request, obj=None):
        return True
