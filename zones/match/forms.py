"""The need as the address says it: each criterion may be left open, and each has its weight."""

from decimal import Decimal

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy

from izportal.lists import SENTENCES
from zones.forms import DefaultedField, PlotFilterForm, QuantityField, SearchedForm
from zones.match import AT_MOST, CODES, Demand, Need, Weight
from zones.utility_models import UNITS, Utility

FIELDS = PlotFilterForm.base_fields
# The least power factor at which reactive power is not charged; a demand in kW is read as kVA by it.
POWER_FACTOR = Decimal("0.9")
KVA = {"kva": Decimal(1), "mva": Decimal(1000), "mw": 1000 / POWER_FACTOR}
# The day is no criterion with a weight: what is not free by then cannot be had.
WEIGHED = CODES[1:]
INPUTS = {"area": ("min_area", "max_area"), "power": ("power", "power_in"), "price": ("price", "price_in")}
UNIT_OF = {"power_in": "power", "price_in": "price"}
# The parts of the page, in the order of its criteria.
PARTS = (
    (gettext_lazy("Mặt bằng cần tìm"), ("kind", "area", "sector")),
    (gettext_lazy("Hạ tầng khu còn lại vào ngày cần"), ("power", "water", "wastewater")),
    (gettext_lazy("Công trình và thời hạn"), ("height", "load", "coverage", "term")),
    (gettext_lazy("Giá và kết nối"), ("price", "port", "airport", "junction")),
)


def _weight():
    return DefaultedField(
        label=gettext_lazy("Mức quan trọng"), initial=Weight.NORMAL.value, choices=Weight.choices, required=False,
        error_messages=SENTENCES,
    )  # fmt: skip


def _network(label, kind):
    return QuantityField(label=label, unit=UNITS[kind])


class MatchForm(SearchedForm):
    """The whole need."""

    QUIET = ("price_in", "power_in", *(f"w_{code}" for code in WEIGHED))

    by = FIELDS["by"]
    kind = FIELDS["kind"]
    min_area, max_area = FIELDS["min_area"], FIELDS["max_area"]
    sector = FIELDS["sector"]
    power = _network(gettext_lazy("Công suất điện cần, từ"), Utility.POWER)
    power_in = DefaultedField(
        label=gettext_lazy("Đơn vị công suất"),
        initial="kva",
        choices=[("kva", "kVA"), ("mva", "MVA"), ("mw", "MW")],
    )
    water = _network(gettext_lazy("Nước cấp cần, từ"), Utility.WATER)
    wastewater = _network(gettext_lazy("Nước thải cần xả, từ"), Utility.WASTEWATER)
    height, load, coverage, term = FIELDS["height"], FIELDS["load"], FIELDS["coverage"], FIELDS["term"]
    price, price_in = FIELDS["price"], FIELDS["price_in"]
    port, airport, junction = FIELDS["port"], FIELDS["airport"], FIELDS["junction"]

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        self.fields |= {f"w_{code}": _weight() for code in WEIGHED}

    def _ordered(self, state):
        """The weight and the unit of nothing are left out as well."""
        ordered = QueryDict(mutable=True)
        for name, field in self.fields.items():
            if state[name] and state[name] != [field.initial] and self._is_of_something(name, state):
                ordered.setlist(name, state[name])
        return ordered

    @staticmethod
    def _is_of_something(name, state):
        if name.startswith("w_"):
            return any(state[field] for field in INPUTS.get(name[2:], (name[2:],)) if field not in UNIT_OF)
        return name not in UNIT_OF or bool(state[UNIT_OF[name]])

    def address(self, **changes):
        """This need with some fields changed; None or an empty list leaves a field out."""
        state = {name: self.data.getlist(name) for name in self.fields}
        for name, value in changes.items():
            state[name] = value if isinstance(value, list) else [value] if value else []
        return f"?{self._ordered(state).urlencode()}"

    def softer(self, code):
        """The address with a criterion that excludes nothing any more."""
        return self.address(by=None) if code == "by" else self.address(**{f"w_{code}": None})

    @property
    def is_asked(self):
        return bool(self.data)

    @property
    def need(self):
        """Today, where no day is named."""
        currency, _by, basis = self.chosen("price_in").partition("_")
        demands = (self._demand(code) for code in WEIGHED)
        by = self.cleaned_data["by"] or timezone.localdate()
        return Need(by, tuple(demand for demand in demands if demand), (currency.upper(), basis))

    def _demand(self, code):
        said, weight = self.cleaned_data, self.chosen(f"w_{code}")
        if code in ("kind", "sector"):
            return Demand(code, weight, options=frozenset(said[code])) if said[code] else None
        low, high = (said["min_area"], said["max_area"]) if code == "area" else self._bounds(code)
        return Demand(code, weight, low, high) if low is not None or high is not None else None

    def _bounds(self, code):
        value = self.cleaned_data[code]
        if code == "power" and value is not None:
            value = (value * KVA[self.chosen("power_in")]).quantize(Decimal("0.1"))
        return (None, value) if code in AT_MOST else (value, None)

    @property
    def parts(self):
        """For the page: each part with its criteria, the fields of each and its weight."""
        return [
            {"title": title, "rows": [{"code": code, "fields": self._fields(code), "weight": self[f"w_{code}"]}
                                      for code in codes]}
            for title, codes in PARTS
        ]  # fmt: skip

    def _fields(self, code):
        return [self[name] for name in INPUTS.get(code, (code,))]
