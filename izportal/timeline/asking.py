"""What somebody asks of the line of time: person, days, table, record, words."""

from datetime import datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from izportal.folding import matches
from izportal.lists import FilterForm
from izportal.models import User
from izportal.timeline import Asked, Source, readable

MOST_PEOPLE = 200


class TimelineForm(FilterForm):
    who = forms.CharField(label=_("Người"), max_length=100)
    since = forms.DateField(label=_("Từ ngày"), widget=forms.TextInput(attrs={"placeholder": "dd/mm/yyyy"}))
    until = forms.DateField(label=_("Đến ngày"), widget=forms.TextInput(attrs={"placeholder": "dd/mm/yyyy"}))
    table = forms.ChoiceField(label=_("Loại bản ghi"))
    key = forms.CharField(label=_("Khóa bản ghi"), max_length=60)
    q = forms.CharField(label=_("Chữ trong mã, tên, lý do"), max_length=100)
    after = forms.CharField(max_length=200, widget=forms.HiddenInput)
    QUIET = ("after",)

    def __init__(self, data, *, user, **kwargs):
        super().__init__(data, **kwargs)
        self.sources: list[Source] = readable(user)
        named = sorted((source.label, source.code) for source in self.sources)
        self.fields["table"].choices = [("", _("Tất cả")), *((code, label) for label, code in named)]

    def clean_key(self):
        """Only keys of the chosen table can be told apart from one another."""
        key, table = self.cleaned_data["key"], self.cleaned_data.get("table")
        if key and not table:
            raise forms.ValidationError(_("Hãy chọn loại bản ghi trước khi nhập khóa."))
        source = next((source for source in self.sources if source.code == table), None)
        if key and source:
            _check(source, key)
        return key

    def clean_after(self):
        """The place behind which to go on: moment, table and key, as the page before wrote them."""
        text = self.cleaned_data["after"]
        if not text:
            return None
        moment, _sign, rest = text.partition("|")
        code, _sign, pk = rest.partition("|")
        source = next((source for source in self.sources if source.code == code), None)
        try:
            at = datetime.fromisoformat(moment)
            place = (at, code, source.lines._meta.pk.to_python(pk)) if source and timezone.is_aware(at) else None
        except (ValueError, forms.ValidationError):
            place = None
        if place is None:
            raise forms.ValidationError(_("Không có trang này trong danh sách."))
        return place

    @property
    def asked(self):
        said = self.cleaned_data
        until = said["until"] and said["until"] + timedelta(days=1)
        return Asked(
            since=_start(said["since"]), until=_start(until), people=self._people(), table=said["table"],
            key=said["key"], text=said["q"],
        )  # fmt: skip

    def _people(self):
        name = self.cleaned_data["who"]
        if not name:
            return None
        return tuple(matches(User.objects.all(), name).values_list("pk", flat=True)[:MOST_PEOPLE])


def _check(source, key):
    column = source.lines._meta.get_field(source.key)
    try:
        column.to_python(key)
    except forms.ValidationError as error:
        raise forms.ValidationError(_("Khóa này không đúng dạng của loại bản ghi đã chọn.")) from error


def _start(day):
    return day and timezone.make_aware(datetime.combine(day, time.min))
