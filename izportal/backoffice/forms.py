"""Forms and fields of the back office: a save that never overwrites a colleague's, numbers and texts as people here
type them."""

import hashlib
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import DecimalField, TextField
from django.utils import formats, timezone
from django.utils.functional import cached_property
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.backoffice.conflicts import Conflicts
from izportal.cells import to_number
from izportal.folding import FoldedField
from izportal.reasons import LONGEST
from izportal.sheets import at_fields

TOKEN, WHY = "as_loaded", "change_reason"
EVERYTHING = ("*",)
ELSEWHERE = gettext_lazy(
    "Những gì bạn gõ còn nguyên bên dưới. Hãy mở lại trang trong thẻ khác, đối chiếu rồi sửa trên bản mới nhất."
)
CHOOSE = gettext_lazy("Những gì bạn gõ còn nguyên bên dưới. Với mỗi mục khác nhau, hãy chọn bản được giữ rồi lưu lại.")
AGAIN = gettext_lazy("Họ không sửa mục nào bạn đang sửa: hãy xem lại bên dưới rồi lưu lần nữa.")


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
    """Who saved a row last, and when, as far as its history knows."""
    entry = row.history.select_related("history_user").first() if hasattr(row, "history") else None
    found = (entry.history_user, entry.history_date) if entry else (None, None)
    return str(found[0] or _("người khác")), found[1]


class SafeForm(Conflicts, forms.ModelForm):
    """Never saves over what somebody else has saved since the page was opened: what was typed stays on screen beside
    it, and the person chooses."""

    ignored_in_conflicts: tuple[str, ...] = ()
    # The fields that nobody changes without saying why; `EVERYTHING`: all of them.
    needs_why: tuple[str, ...] = ()
    as_loaded = forms.CharField(required=False, widget=forms.HiddenInput)
    change_reason = forms.CharField(
        required=False, max_length=LONGEST, label=gettext_lazy("Vì sao sửa"),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Được ghi vào lịch sử cùng người sửa và giờ sửa. Ví dụ: theo Công văn số 12/CV-BQL."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance._state.adding:
            self.initial[TOKEN] = stamp(self.instance, self.ignored_in_conflicts)

    @cached_property
    def changed_data(self):
        return [name for name in super().changed_data if name not in (TOKEN, WHY)]

    def clean(self):
        """A form that says what is stored already overwrites nothing: it is a second press of the same button."""
        cleaned = super().clean()
        now = self.initial.get(TOKEN)
        if now and self.changed_data and self.data.get(self.add_prefix(TOKEN)) != now:
            changed = self._changed_since(now)
            if not self.settled(now=now, changed=changed):
                self.add_error(None, forms.ValidationError(self._conflict(changed), code="conflict"))
        if now and (fields := self._unexplained()):
            said = _("Hãy nêu vì sao sửa %(fields)s.") % {"fields": get_text_list(fields, _("và"))}
            self.add_error(WHY if WHY in self.fields else None, said)
        return cleaned

    def _unexplained(self) -> list[str]:
        changed = [] if self.data.get(self.add_prefix(WHY), "").strip() else self.changed_data
        needing = [name for name in changed if self.needs_why == EVERYTHING or name in self.needs_why]
        return [str(self.fields[name].label or name).lower() for name in needing]

    def _update_errors(self, errors):
        shown = [name for name in self.fields if name not in (TOKEN, WHY)]
        super()._update_errors(ValidationError(at_fields(errors.update_error_dict({}), self._meta.model, shown)))

    def _conflict(self, changed: list[str]) -> str:
        who, when = last_saved(self.instance)
        known = changed if self.data.get(self.add_prefix(TOKEN)) else []
        names = [str(self.instance._meta.get_field(name).verbose_name) for name in known]
        said = _("Chưa lưu: bản ghi này đã được %(who)s sửa lúc %(when)s, sau khi bạn mở trang (%(fields)s).") % {
            "who": who,
            "when": formats.date_format(timezone.localtime(when), "DATETIME_FORMAT") if when else _("lúc không rõ"),
            "fields": get_text_list(names, _("và")) or _("không rõ mục nào"),
        }
        next_step = ELSEWHERE if self.prefix else CHOOSE if self.differences else AGAIN
        return f"{said} {next_step}"

    def is_as_loaded(self, name: str) -> bool:
        """Does the form say what stood there when the page was opened?"""
        attname = self.instance._meta.get_field(name).attname
        value = self.cleaned_data.get(name)
        return f"{attname}:{_digest(getattr(value, 'pk', value))}" in self.data.get(self.add_prefix(TOKEN), "").split()

    def _changed_since(self, now: str) -> list[str]:
        before = set(self.data.get(self.add_prefix(TOKEN), "").split())
        names = [mark.partition(":")[0] for mark in now.split() if mark not in before]
        return [name.removesuffix("_id") for name in names]


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
            if not may_be(self.queryset.model._meta.pk, key):
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
        return super().optgroups(name, [key for key in value if may_be(self.field.target_field, key)], attr)

    @property
    def media(self):
        return super().media + forms.Media(js=["admin/js/autocomplete.js", "js/autocomplete.js"])


def may_be(key, value) -> bool:
    """Could a row have this value in its key? What could not is not asked of the database: each engine stumbles over
    another kind of nonsense."""
    try:
        key.clean(value, None)
    except forms.ValidationError:
        return False
    return "\0" not in str(value)


class PlainFields:
    """Numbers and texts as people here type them, and beside a field what somebody new would not know of it."""

    hints: dict[str, Any] = {}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        field = self._plain_field(db_field, request, **kwargs)
        if field is not None and db_field.name in self.hints:
            field.help_text = self.hints[db_field.name]
        return field

    def _plain_field(self, db_field, request, **kwargs):
        if isinstance(db_field, DecimalField):
            kwargs |= {"form_class": NumberField, "localize": True}
        elif isinstance(db_field, TextField):
            kwargs["form_class"] = LinesField
        return super().formfield_for_dbfield(db_field, request, **kwargs)
