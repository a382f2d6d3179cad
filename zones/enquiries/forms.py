"""What an enquiry asks of its sender; each form is sealed and counts once, however often it is sent."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal.backoffice import NumberField
from izportal.correspondence.forms import SealedForm, WriterForm, words
from zones.models import Enquiry, Plot

FARTHEST = timedelta(days=366 * 30)
NEEDS = ("kind", "area_from", "area_to", "needed_on", "power_kva", "water_m3_day", "wastewater_m3_day",
         "clear_height_m")  # fmt: skip


def _amount(name, label):
    column = Enquiry._meta.get_field(name)
    return NumberField(
        label=label, required=False, max_digits=column.max_digits, decimal_places=column.decimal_places,
        min_value=Decimal(0), widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        localize=True, error_messages={"min_value": _("Không ghi số âm.")},
    )  # fmt: skip


class EnquiryForm(WriterForm):
    country = words(_("Nước, vùng lãnh thổ"), most=100, required=True, autocomplete="country-name")
    kind = forms.ChoiceField(label=_("Loại mặt bằng"), required=False)
    area_from = _amount("area_from", _("Diện tích từ"))
    area_to = _amount("area_to", _("Diện tích đến"))
    area_unit = forms.ChoiceField(label=_("Đơn vị diện tích"), choices=Enquiry.Unit.choices)
    needed_on = forms.DateField(
        label=_("Cần mặt bằng từ ngày"), required=False,
        widget=forms.DateInput(attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"}),
        error_messages={"invalid": _("Hãy ghi ngày/tháng/năm, ví dụ 30/06/2027.")},
        validators=[
            MinValueValidator(timezone.localdate, _("Ngày này đã qua; hãy chọn hôm nay hoặc một ngày sau.")),
            MaxValueValidator(lambda: timezone.localdate() + FARTHEST, _("Ngày này quá xa.")),
        ],
    )  # fmt: skip
    power_kva = _amount("power_kva", _("Điện, kVA"))
    water_m3_day = _amount("water_m3_day", _("Nước sạch, m³/ngày"))
    wastewater_m3_day = _amount("wastewater_m3_day", _("Nước thải, m³/ngày"))
    clear_height_m = _amount("clear_height_m", _("Chiều cao thông thủy, m"))
    note = words(_("Điều bạn muốn hỏi"), rows=6)
    consent = forms.BooleanField(
        label=_("Tôi đồng ý để Ban dùng thông tin trên chỉ nhằm trả lời yêu cầu này"),
        error_messages={"required": _("Ban chỉ nhận yêu cầu khi bạn đồng ý.")},
    )

    field_order = ["note"]
    WHO = ("name", "organisation", "country", "email", "phone", "language")
    COLUMNS = (*WHO, "area_unit", "note", *NEEDS)

    def __init__(self, data=None, *, origin, **kwargs):
        known = kwargs.pop("initial", {})
        super().__init__(data, initial={"area_unit": Enquiry.Unit.HA, **origin.initial, **known}, **kwargs)
        self.fields["email"].help_text = gettext("Ban trả lời vào địa chỉ này.")
        self.origin = origin
        self.fields["kind"].choices = [("", gettext("Chưa rõ")), *Plot.Kind.choices]

    def clean(self):
        said = super().clean()
        low, high = said.get("area_from"), said.get("area_to")
        if low is not None and high is not None and low > high:
            self.add_error("area_to", gettext("Diện tích đến phải lớn hơn hoặc bằng diện tích từ."))
        wants = any(said.get(name) not in (None, "") for name in NEEDS)
        is_about_land = self.origin.plot is not None or self.origin.zone is not None
        if not (said.get("note") or wants or is_about_land or self.errors):
            self.add_error("note", gettext("Hãy viết điều bạn muốn hỏi, hoặc ghi ít nhất một nhu cầu bên dưới."))
        return said


class SayForm(SealedForm):
    text = words(_("Viết thêm cho Ban"), rows=5, required=True)
