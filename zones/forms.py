"""What a reader may ask of the land: the filters of the two lists."""

import re
from decimal import Decimal

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from izportal.folding import LONGEST_QUERY
from izportal.lists import FilterForm
from zones.models import Availability, Plot, Zone
from zones.search import ANY, FREE, Wish

NUMBER = re.compile(r"\d{1,6}(\.\d{1,6})?")
DATA = [
    ("", gettext_lazy("Mọi dữ liệu")),
    ("real", gettext_lazy("Dữ liệu thật")),
    ("sample", gettext_lazy("Dữ liệu minh họa")),
]


class HectaresField(forms.CharField):
    """Hectares typed with a comma or a point; a sign between thousands is read as the reader's language writes it."""

    def __init__(self, **kwargs):
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=20, widget=widget, **kwargs)

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        plain = self._plain(re.sub(r"\s|ha$", "", typed.strip()))
        if not NUMBER.fullmatch(plain):
            raise forms.ValidationError(_("Hãy ghi diện tích bằng số héc-ta, ví dụ 3,5."))
        return Decimal(plain)

    @staticmethod
    def _plain(text):
        between_thousands = "," if get_language() == "en" else "."
        if re.fullmatch(rf"\d{{1,3}}(\{between_thousands}\d{{3}})+([.,]\d+)?", text):
            text = text.replace(between_thousands, "")
        return text.replace(",", ".")


class PlotFilterForm(FilterForm):
    q = forms.CharField(label=gettext_lazy("Từ khóa"), max_length=LONGEST_QUERY)
    kind = forms.MultipleChoiceField(
        label=gettext_lazy("Loại mặt bằng"), choices=Plot.Kind.choices, widget=forms.CheckboxSelectMultiple
    )
    zone = forms.MultipleChoiceField(label=gettext_lazy("Khu công nghiệp"), widget=forms.CheckboxSelectMultiple)
    min_area = HectaresField(label=gettext_lazy("Diện tích từ, ha"))
    max_area = HectaresField(label=gettext_lazy("Diện tích đến, ha"))
    status = forms.ChoiceField(
        label=gettext_lazy("Tình trạng"),
        initial=FREE,
        choices=[
            (FREE, gettext_lazy("Còn trống (mọi dạng)")),
            (ANY, gettext_lazy("Mọi tình trạng")),
            *Availability.Status.choices,
        ],
    )
    data = forms.ChoiceField(label=gettext_lazy("Dữ liệu"), initial="", choices=DATA)
    sort = forms.ChoiceField(
        label=gettext_lazy("Sắp xếp"),
        initial="zone",
        choices=[
            ("zone", gettext_lazy("Khu, rồi số lô")),
            ("large", gettext_lazy("Diện tích lớn trước")),
            ("small", gettext_lazy("Diện tích nhỏ trước")),
        ],
    )

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["zone"].choices = [(zone.slug, zone.short_name) for zone in Zone.objects.all()]
        # Who names a plot wants that plot, taken or not; who only looks around wants what is free.
        if self.data.get("q") and not self.data.getlist("status"):
            self.data["status"] = ANY

    def _without(self, name, value):
        return self.address(status=FREE) if name == "status" else super()._without(name, value)

    def clean(self):
        cleaned = super().clean()
        low, high = cleaned.get("min_area"), cleaned.get("max_area")
        if low is not None and high is not None and low > high:
            self.add_error("max_area", _("Diện tích đến phải lớn hơn hoặc bằng diện tích từ."))
        return cleaned

    @property
    def wish(self):
        said = self.cleaned_data
        return Wish(
            q=said["q"], zones=tuple(said["zone"]), kinds=tuple(said["kind"]), status=self.chosen("status"),
            min_ha=said["min_area"], max_ha=said["max_area"], data=said["data"],
        )  # fmt: skip


class ZoneFilterForm(FilterForm):
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
