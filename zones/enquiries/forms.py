"""What an enquiry asks of its sender; each form is sealed and counts once, however often it is sent."""

import unicodedata
import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from django import forms
from django.core import signing
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from izportal import languages
from izportal.backoffice import NumberField
from zones.models import Enquiry, Plot

LONGEST = 4000
SEAL = "zones.enquiry.form"
# Nobody reads and fills the form so quickly.
QUICKEST = timedelta(seconds=3)
FARTHEST = timedelta(days=366 * 30)
NEEDS = ("kind", "area_from", "area_to", "needed_on", "power_kva", "water_m3_day", "wastewater_m3_day",
         "clear_height_m")  # fmt: skip
COLUMNS = ("name", "organisation", "country", "email", "phone", "language", "area_unit", "note", *NEEDS)


class Text(forms.CharField):
    """Composed letters, whatever the keyboard sent."""

    def to_python(self, value):
        return unicodedata.normalize("NFC", super().to_python(value)).replace("\r\n", "\n")


class SealedForm(forms.Form):
    """A form with a ticket that says which form it is and when it was opened; and a box that people do not see."""

    ticket = forms.CharField(required=False, widget=forms.HiddenInput)
    website = forms.CharField(
        label=_("Để trống ô này"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": -1}),
    )

    use_required_attribute = False

    def __init__(self, data=None, *, at, **kwargs):
        super().__init__(data, label_suffix="", **kwargs)
        self.at = at
        self.initial["ticket"] = seal(at)

    def clean(self):
        said = super().clean()
        self.form_key, opened = unseal(self.data.get("ticket", ""))
        if said.get("website"):
            self.add_error(None, gettext("Biểu mẫu có một ô ẩn phải để trống. Hãy xóa ô đó rồi gửi lại."))
        if self.form_key is None:
            self._seal_anew()
            self.add_error(None, gettext("Trang này đã cũ. Nội dung còn nguyên bên dưới; hãy bấm gửi lần nữa."))
        elif self.at - opened < QUICKEST:
            self.add_error(
                None, gettext("Biểu mẫu được gửi quá nhanh nên chưa nhận. Hãy xem lại rồi bấm gửi lần nữa.")
            )
        return said

    def _seal_anew(self):
        self.data = self.data.copy()
        self.data["ticket"] = seal(self.at - QUICKEST)


def seal(at):
    return signing.dumps({"key": str(uuid.uuid4()), "at": at.isoformat()}, salt=SEAL)


def unseal(ticket):
    """(key of the form, when it was opened), or (None, None) for what was not sealed here."""
    try:
        said = signing.loads(ticket, salt=SEAL)
    except signing.BadSignature:
        return None, None
    return uuid.UUID(said["key"]), datetime.fromisoformat(said["at"])


def _text(name, label, *, rows=0, required=False, **attrs):
    longest = Enquiry._meta.get_field(name).max_length or LONGEST
    widget = forms.Textarea(attrs={"rows": rows, **attrs}) if rows else forms.TextInput(attrs=attrs)
    return Text(label=label, max_length=longest, required=required, widget=widget)


def _amount(name, label):
    column = Enquiry._meta.get_field(name)
    return NumberField(
        label=label, required=False, max_digits=column.max_digits, decimal_places=column.decimal_places,
        min_value=Decimal(0), widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        localize=True, error_messages={"min_value": _("Không ghi số âm.")},
    )  # fmt: skip


class EnquiryForm(SealedForm):
    name = _text("name", _("Họ và tên"), required=True, autocomplete="name")
    organisation = _text("organisation", _("Tổ chức, doanh nghiệp"), autocomplete="organization")
    country = _text("country", _("Nước, vùng lãnh thổ"), required=True, autocomplete="country-name")
    email = forms.EmailField(
        label=_("Thư điện tử"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Ban trả lời vào địa chỉ này."),
    )  # fmt: skip
    phone = _text("phone", _("Điện thoại"), autocomplete="tel", inputmode="tel")
    language = forms.ChoiceField(label=_("Ngôn ngữ trả lời"), choices=languages.choices)
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
    note = _text("note", _("Điều bạn muốn hỏi"), rows=6)
    consent = forms.BooleanField(
        label=_("Tôi đồng ý để Ban dùng thông tin trên chỉ nhằm trả lời yêu cầu này"),
        error_messages={"required": _("Ban chỉ nhận yêu cầu khi bạn đồng ý.")},
    )

    field_order = ["note"]
    WHO = ("name", "organisation", "country", "email", "phone", "language")

    def __init__(self, data=None, *, origin, **kwargs):
        initial = {"language": (get_language() or "vi"), "area_unit": Enquiry.Unit.HA, **origin.initial}
        super().__init__(data, initial=initial, **kwargs)
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

    @property
    def said(self):
        """The columns of the enquiry."""
        return {name: self.cleaned_data[name] for name in COLUMNS}

    @property
    def who(self):
        return [self[name] for name in self.WHO]


class SayForm(SealedForm):
    text = Text(label=_("Viết thêm cho Ban"), max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))
