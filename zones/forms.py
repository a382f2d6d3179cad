"""What a reader may ask of the land: the filters of the two lists."""

import datetime
import re
import unicodedata
from decimal import Decimal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import get_format
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.folding import LONGEST_QUERY
from izportal.lists import FilterForm, day_field
from izportal.templatetags.area import NBSP, grouped
from zones import reach
from zones.criteria import ANY, FREE, MEASURES, Wish
from zones.models import Availability, Plot, Zone

# What an address may hold besides the fields: the page, and what other sites hang on to their links.
NOT_FILTERS = re.compile(r"page|utm_\w+|fbclid|gclid|zarsrc")
NUMBER = re.compile(r"\d{1,10}(\.\d{1,6})?")
NOT_A_NUMBER = gettext_lazy("Hãy ghi bằng số, ví dụ 3,5.")
NOT_HECTARES = gettext_lazy("Hãy ghi diện tích bằng số héc-ta, ví dụ 3,5.")
LAST_DAY = datetime.date(2100, 12, 31)
DATA = [
    ("", gettext_lazy("Mọi dữ liệu")),
    ("real", gettext_lazy("Dữ liệu thật")),
    ("sample", gettext_lazy("Dữ liệu minh họa")),
]
BASES = dict(Plot.PriceBasis.choices)
PRICES = [
    (f"{currency.lower()}_{basis}", format_lazy("{} {}", currency, BASES[basis]))
    for currency in ("USD", "VND")
    for basis in ("m2_term", "m2_year", "m2_month")
]


class QuantityInput(forms.TextInput):
    """Shows a number of the address, which has a point in every language, as the reader's language writes it."""

    def format_value(self, value):
        plain = plain_number(str(value or ""))
        return grouped(Decimal(plain), at_most=6) if NUMBER.fullmatch(plain) else super().format_value(value)


class QuantityField(forms.CharField):
    """A number typed with a comma or a point, with or without its unit; a sign between thousands is read as the
    reader's language writes it."""

    def __init__(self, *, unit="", sentence=NOT_A_NUMBER, **kwargs):
        widget = QuantityInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        self.unit, self.sentence = unit, sentence
        super().__init__(max_length=30, widget=widget, **kwargs)

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        plain = plain_number(_close(typed).removesuffix(_close(self.unit)))
        if not NUMBER.fullmatch(plain):
            raise forms.ValidationError(self.sentence)
        return Decimal(plain)


def _close(text):
    """Without spaces, with m³ as m3 and kVA as kva: a unit is typed in many ways."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", str(text))).casefold()


def plain_number(text):
    """The number with a point and nothing between thousands, as far as that can be told."""
    between_thousands = get_format("THOUSAND_SEPARATOR")
    if re.fullmatch(rf"\d{{1,3}}({re.escape(between_thousands)}\d{{3}})+([.,]\d+)?", text):
        text = text.replace(between_thousands, "")
    return text.replace(",", ".")


def in_address(value):
    """A value as every language reads it from an address: three decimals would look like thousands."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return f"{text}0" if re.fullmatch(r"\d{1,3}\.\d{3}", text) else text
    return value.isoformat() if isinstance(value, datetime.date) else value


class DefaultedField(forms.ChoiceField):
    """Where the address leaves the choice out, the page shows the default."""

    def bound_data(self, data, initial):
        return data or initial


def _measure(code):
    return QuantityField(label=MEASURES[code].label, unit=MEASURES[code].unit)


class SearchedForm(FilterForm):
    """A question about the land: once it is sound, `data` is its address in one order, with defaults left out."""

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        self.reaches = reach.of_zones(Zone.objects.all())
        self.fields["sector"].choices = list(reach.sectors(self.reaches).items())

    def clean(self):
        cleaned = super().clean()
        low, high = cleaned.get("min_area"), cleaned.get("max_area")
        if low is not None and high is not None and low > high:
            self.add_error("max_area", _("Diện tích đến phải lớn hơn hoặc bằng diện tích từ."))
        if not self.errors:
            self.data = self._ordered({name: self._said(name) for name in self.fields})
        return cleaned

    def _said(self, name):
        """What the address says of a field, each value as every language reads it."""
        value = self.cleaned_data[name]
        if isinstance(value, list):
            return [code for code, _label in self.fields[name].choices if code in value]
        return [in_address(value)] if value not in (None, "") else []

    def _ordered(self, state):
        """The address: what is said of each field, in the order of the form, what is usual left out."""
        raise NotImplementedError


class PlotFilterForm(SearchedForm):
    """The whole state of the search."""

    # `map` chooses the zone whose plan stands beside the list.
    QUIET = ("sort", "map")

    q = forms.CharField(label=gettext_lazy("Từ khóa"), max_length=LONGEST_QUERY)
    status = DefaultedField(
        label=gettext_lazy("Tình trạng"),
        initial=FREE,
        choices=[
            (FREE, gettext_lazy("Mọi lô còn trống")),
            (ANY, gettext_lazy("Mọi tình trạng")),
            *Availability.Status.choices,
        ],
    )
    by = forms.DateField(
        label=gettext_lazy("Dùng được từ ngày"),
        widget=forms.DateInput(attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"}),
        validators=[
            MinValueValidator(timezone.localdate, gettext_lazy("Hãy chọn hôm nay hoặc một ngày sau hôm nay.")),
            MaxValueValidator(LAST_DAY, gettext_lazy("Ngày muộn nhất có thể chọn là 31/12/2100.")),
        ],
        error_messages={
            "invalid": gettext_lazy("Không đọc được ngày này; hãy ghi theo dạng ngày/tháng/năm, ví dụ 30/09/2027.")
        },
    )
    kind = forms.MultipleChoiceField(
        label=gettext_lazy("Loại mặt bằng"), choices=Plot.Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    zone = forms.MultipleChoiceField(label=gettext_lazy("Khu công nghiệp"), widget=forms.CheckboxSelectMultiple)
    min_area = QuantityField(
        label=gettext_lazy("Diện tích từ, ha"), unit="ha",
        sentence=NOT_HECTARES
    )  # fmt: skip
    max_area = QuantityField(
        label=gettext_lazy("Diện tích đến, ha"), unit="ha",
        sentence=NOT_HECTARES
    )  # fmt: skip
    price = _measure("price")
    price_in = DefaultedField(label=gettext_lazy("Đơn vị giá"), initial="usd_m2_term", choices=PRICES)
    power = _measure("power")
    water = _measure("water")
    wastewater = _measure("wastewater")
    load = _measure("load")
    height = _measure("height")
    coverage = _measure("coverage")
    term = _measure("term")
    port = _measure("port")
    airport = _measure("airport")
    junction = _measure("junction")
    sector = forms.MultipleChoiceField(label=gettext_lazy("Ngành nghề"), widget=forms.CheckboxSelectMultiple)
    unstated = forms.MultipleChoiceField(
        label=gettext_lazy("Chưa ghi"),
        choices=[
            *((code, measure.short) for code, measure in MEASURES.items()),
            ("sector", gettext_lazy("Ngành nghề")),
        ],
    )
    data = forms.ChoiceField(label=gettext_lazy("Dữ liệu"), initial="", choices=DATA)
    sort = DefaultedField(
        label=gettext_lazy("Sắp xếp"),
        initial="zone",
        choices=[
            ("zone", gettext_lazy("Khu, rồi số lô")),
            ("large", gettext_lazy("Diện tích lớn trước")),
            ("small", gettext_lazy("Diện tích nhỏ trước")),
        ],
    )
    map = forms.ChoiceField(label=gettext_lazy("Sơ đồ của khu"), initial="")

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        zones = [(place.zone.slug, place.zone.short_name) for place in self.reaches]
        self.fields["zone"].choices = self.fields["map"].choices = zones
        self.fields["status"].initial = self._usual_status(self.data)
        self.unread = [name[:40] for name in self.data if name not in self.fields and not NOT_FILTERS.fullmatch(name)]

    @property
    def unread_sentence(self):
        """Which parts of the address are no filter, so that nothing was narrowed by them."""
        if not self.unread:
            return ""
        sentence = _("Địa chỉ có phần không phải bộ lọc nên không lọc được theo: %(names)s.")
        return sentence % {"names": ", ".join(self.unread)}

    @staticmethod
    def _usual_status(state):
        """Who names a plot wants that plot, taken or not; who only looks around wants what is free."""
        return ANY if state.get("q") else FREE

    def _ordered(self, state):
        usual = {name: [field.initial] for name, field in self.fields.items()}
        usual["status"] = [self._usual_status({"q": "".join(state["q"])})]
        if not state["price"]:
            state = {**state, "price_in": []}
        ordered = QueryDict(mutable=True)
        for name in self.fields:
            if state[name] and state[name] != usual[name]:
                ordered.setlist(name, state[name])
        return ordered

    def address(self, **changes):
        """This search with some fields changed, from its first page; None or an empty list leaves a field out."""
        state = {name: self.data.getlist(name) for name in self.fields}
        # The usual state depends on the words: what stands now is kept when they go.
        state["status"] = state["status"] or [self.fields["status"].initial]
        for name, value in changes.items():
            state[name] = value if isinstance(value, list) else [value] if value else []
        return f"?{self._ordered(state).urlencode()}"

    @cached_property
    def query(self):
        """The address without its question mark, for a page which is told where the reader comes from."""
        return self.address()[1:]

    def _without(self, name, value):
        if name == "status":
            return self.address(status=FREE)
        return self.address(**{name: [kept for kept in self.data.getlist(name) if kept != value]})

    def _words(self, name, value):
        if name == "price_in":
            return ""
        if name == "unstated":
            return _("%(group)s: chưa ghi") % {"group": super()._words(name, value)}
        if name == "by":
            return f"{self.fields[name].label}: {self.cleaned_data[name]:%d/%m/%Y}" if self.is_valid() else value
        if not isinstance(self.fields[name], QuantityField):
            return super()._words(name, value)
        if not self.is_valid():
            return f"{self.fields[name].label}: {value}"
        number = f"{grouped(self.cleaned_data[name], at_most=6)}{NBSP}{self._unit(name)}"
        is_least = MEASURES[name].is_least if name in MEASURES else name == "min_area"
        said = {"name": MEASURES[name].short if name in MEASURES else _("Diện tích"), "number": number}
        return _("%(name)s từ %(number)s") % said if is_least else _("%(name)s không quá %(number)s") % said

    def _unit(self, name):
        return dict(PRICES)[self.chosen("price_in")] if name == "price" else self.fields[name].unit

    @property
    def asked(self):
        """The measures that the search asks about, price aside: each row of the list says its own."""
        ticked = self.data.getlist("unstated")
        return [code for code in MEASURES if code != "price" and (code in ticked or self.data.get(code))]

    @cached_property
    def chips(self):
        """The unit of a price stands in the chip of the price; that words look among all plots stands in one too."""
        chips = [chip for chip in super().chips if chip["text"]]
        if self.data.get("q") and not self.data.get("status"):
            chips.insert(1, {"text": dict(self.fields["status"].choices)[ANY], "href": self.address(status=FREE)})
        return chips

    @property
    def wish(self):
        said = self.cleaned_data
        limits = ((code, said[code]) for code in MEASURES if said[code] is not None)
        currency, _by, basis = self.chosen("price_in").partition("_")
        return Wish(
            q=said["q"], zones=tuple(said["zone"]), kinds=tuple(said["kind"]), sectors=tuple(said["sector"]),
            status=self.chosen("status"), by=said["by"], min_ha=said["min_area"], max_ha=said["max_area"],
            data=said["data"], limits=tuple(limits), price_in=(currency.upper(), basis),
            unstated=tuple(said["unstated"]),
        )  # fmt: skip

    def measures(self, codes):
        """For the page: each group with its field, and whether what says nothing will do."""
        ticked = self.data.getlist("unstated")
        return [
            {"code": code, "field": self[code], "measure": MEASURES[code], "is_open": code in ticked} for code in codes
        ]

    @property
    def works(self):
        return self.measures(["power", "water", "wastewater", "load", "height", "coverage", "term"])

    @property
    def ways(self):
        return self.measures(["port", "airport", "junction"])

    @property
    def has_works(self):
        return self._uses(self.works)

    @property
    def has_ways(self):
        return self._uses(self.ways)

    @property
    def is_sector_open(self):
        return "sector" in self.data.getlist("unstated")

    @property
    def has_sectors(self):
        return self.is_sector_open or bool(self.data.getlist("sector") or self["sector"].errors)

    def _uses(self, groups):
        """A folded part of the form stands open while something in it is asked for."""
        return any(group["is_open"] or self.data.get(group["code"]) for group in groups)

    @property
    def money(self):
        return self.measures(["price"])[0]


class ZoneFilterForm(FilterForm):
    QUIET = ("sort", "on")

    q = forms.CharField(label=gettext_lazy("Từ khóa"), max_length=LONGEST_QUERY)
    sort = forms.ChoiceField(
        label=gettext_lazy("Sắp xếp"),
        initial="place",
        choices=[
            ("place", gettext_lazy("Thứ tự của Ban")),
            ("free", gettext_lazy("Diện tích còn trống")),
            ("occupancy", gettext_lazy("Tỷ lệ lấp đầy")),
        ],
    )
    on = day_field(gettext_lazy("Diện tích vào ngày"))

    @property
    def day(self):
        return self.cleaned_data.get("on") or timezone.localdate()
