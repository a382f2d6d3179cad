"""Lists that a reader narrows through the address: the base of every filter form, and the page asked for."""

import datetime

from django import forms
from django.core.paginator import InvalidPage, Page, Paginator
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.folding import LONGEST_QUERY
from izportal.inputs import Written

PAGE_SIZE = 20
# No industrial zone of the province is older; a date before it is a slip of the hand.
FIRST_DAY = datetime.date(1990, 1, 1)
SENTENCES = {
    "invalid_choice": gettext_lazy("Không có lựa chọn này; hãy chọn lại trong danh sách."),
    "null_characters_not_allowed": gettext_lazy("Nội dung có ký tự không đọc được; hãy gõ lại."),
    "max_length": gettext_lazy("Nội dung dài quá %(limit_value)d ký tự; hãy rút ngắn."),
}


class FilterForm(forms.Form):
    """A form read from the query string: a wrong or repeated value is told, never passed over in silence."""

    # Fields that order or pick rows without narrowing the question: no chip, not counted as a filter.
    QUIET = ("sort",)
    default_renderer = Written

    def __init__(self, data, **kwargs):
        super().__init__(self._filled(data), label_suffix="", **kwargs)
        for field in self.fields.values():
            field.required = False
            field.error_messages = {**field.error_messages, **SENTENCES}

    @staticmethod
    def _filled(data):
        """The query string without blank values: a field sent empty is a field left open."""
        filled = data.copy()
        for name in data:
            filled.setlist(name, [value for value in data.getlist(name) if value.strip()])
        return filled

    def clean(self):
        for name, field in self.fields.items():
            given = set(self.data.getlist(name)) if not isinstance(field, forms.MultipleChoiceField) else ()
            if len(given) > 1:
                self.add_error(name, _("Bộ lọc này chỉ nhận một giá trị; địa chỉ đang ghi nhiều giá trị khác nhau."))
        return self.cleaned_data

    def chosen(self, name):
        """The value to go by: what was chosen, else the field's default."""
        return self.cleaned_data.get(name) or self.fields[name].initial

    @property
    def chips(self):
        """Each filter in use as words, with the address that leaves it out."""
        return [
            {"text": self._words(name, value), "href": self._without(name, value)}
            for name, field in self.fields.items()
            if name not in self.QUIET
            for value in self.data.getlist(name)
            if value != field.initial
        ]

    def _words(self, name, value):
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return dict(field.choices).get(value, value)
        return f"{field.label}: {value}"

    def _without(self, name, value):
        rest = self.data.copy()
        rest.setlist(name, [kept for kept in rest.getlist(name) if kept != value])
        rest.pop("page", None)
        return f"?{rest.urlencode()}"

    def address(self, **changes):
        """This form's address with some fields changed; None or an empty list leaves a field out."""
        rest = self.data.copy()
        rest.pop("page", None)
        for name, value in changes.items():
            rest.setlist(name, value if isinstance(value, list) else [value] if value else [])
        return f"?{rest.urlencode()}"


class SearchForm(FilterForm):
    q = forms.CharField(label=gettext_lazy("Từ khóa"), max_length=LONGEST_QUERY)


def day_field(label):
    sentence = gettext_lazy("Không đọc được ngày này; hãy ghi theo dạng ngày/tháng/năm, ví dụ 30/09/2025.")
    earliest = MinValueValidator(FIRST_DAY, gettext_lazy("Ngày sớm nhất có thể chọn là 01/01/1990."))
    latest = MaxValueValidator(timezone.localdate, gettext_lazy("Hãy chọn một ngày không muộn hơn hôm nay."))
    widget = forms.DateInput(attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"})
    return forms.DateField(
        label=label, widget=widget, validators=[earliest, latest], error_messages={"invalid": sentence}
    )


class AsOfForm(FilterForm):
    """The day that figures are true on, and the day by whose end the records had to be entered."""

    on = day_field(gettext_lazy("Số liệu tính đến"))
    known = day_field(gettext_lazy("Theo sổ đã ghi đến hết ngày"))

    @property
    def day(self):
        return self.cleaned_data["on"] or timezone.localdate()

    @property
    def moment(self):
        """The last moment of the day `known`, or None for all that is known now."""
        known = self.cleaned_data["known"]
        return known and timezone.make_aware(datetime.datetime.combine(known, datetime.time.max))


def by_code(rows, code):
    """The row of this code, whatever the case of its letters; 404 where there is none."""
    found = {} if "\x00" in code else {row.code: row for row in rows.filter(code__iexact=code)}
    if not found:
        raise Http404
    return found.get(code) or next(iter(found.values()))


def page_of(request, rows, *, size=PAGE_SIZE, count=None, is_deep=False) -> Page:
    """The page that the address asks for; a page that does not exist comes empty, with the sentence in `trouble`;
    `numbers` are the pages worth a link, with gaps. `count` spares the question where the caller has counted. Of rows
    that reckon much about themselves, and may be very many, the keys are read first (`is_deep`)."""
    paginator = Paginator(rows, size)
    if count is not None:
        paginator.count = count
    asked = request.GET.getlist("page") or ["1"]
    try:
        if len(set(asked)) > 1:
            raise InvalidPage
        page, trouble = paginator.page(asked[0]), ""
    except InvalidPage:
        page, trouble = Page([], 1, paginator), _("Không có trang này trong danh sách.")
    if is_deep and not trouble:
        keys = list(page.object_list.prefetch_related(None).values_list("pk", flat=True))
        page.object_list = rows.filter(pk__in=keys)
    page.trouble = trouble
    page.numbers = list(paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return page
