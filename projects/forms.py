"""What a reader may ask of the register: the filters of the list of projects, and a mandate for an enterprise."""

import re
import unicodedata

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal import documents
from izportal.folding import LONGEST_QUERY
from izportal.lists import AsOfForm
from projects.models import (
    Classification,
    Contribution,
    Country,
    Mandate,
    MandateRequest,
    Project,
    Sector,
    tax_code_shape,
)
from zones.forms import DATA
from zones.models import Zone

IN_FORCE, ANY = "in_force", "any"
SORTS = [
    ("", _("Mới cấp trước")),
    ("first", _("Cấp sớm nhất trước")),
    ("capital", _("Vốn lớn trước: FDI, rồi DDI")),
]


class ProjectFilterForm(AsOfForm):
    """`on` and `known` are those of the figures, so that a figure can show the list of its records."""

    q = forms.CharField(label=_("Từ khóa"), max_length=LONGEST_QUERY)
    zone = forms.ChoiceField(label=_("Khu công nghiệp"), initial="")
    origin = forms.ChoiceField(
        label=_("Nguồn vốn"), initial="", choices=[("", _("FDI và DDI")), *Project.Origin.choices]
    )
    sector = forms.ChoiceField(label=_("Ngành (VSIC)"), initial="")
    country = forms.ChoiceField(label=_("Nước, vùng lãnh thổ của nhà đầu tư"), initial="")
    status = forms.ChoiceField(
        label=_("Tình trạng"),
        initial=IN_FORCE,
        choices=[
            (IN_FORCE, _("Còn hiệu lực (kể cả tạm ngừng)")),
            (ANY, _("Mọi tình trạng")),
            *[choice for choice in Project.Status.choices if choice[0] != IN_FORCE],
        ],
    )
    data = forms.ChoiceField(label=_("Dữ liệu"), initial="", choices=DATA)
    sort = forms.ChoiceField(label=_("Sắp xếp"), initial="", choices=SORTS)

    field_order = ["q", "status", "zone", "origin", "sector", "country", "on", "known", "data"]

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        held = Contribution.objects.filter(investor__country=OuterRef("pk"))
        countries = Country.objects.filter(Exists(held))
        # Those of former classes too: the list may be asked for as it was on a day.
        sectors = Sector.objects.filter(Exists(Classification.objects.filter(sector=OuterRef("pk"))))
        self._offer("zone", _("Mọi khu"), [(zone.slug, zone.short_name) for zone in Zone.objects.all()])
        self._offer("sector", _("Mọi ngành"), [(sector.code, str(sector)) for sector in sectors])
        self._offer("country", _("Mọi nước"), [(country.code, country.name) for country in countries])

    @property
    def filters(self):
        """The fields that narrow the list."""
        return [field for field in self if field.name not in self.QUIET]

    def _offer(self, name, everything, choices):
        self.fields[name].choices = [("", everything), *choices]

    @property
    def any_status_address(self):
        """The same question asked of projects of every status."""
        return self.address(status=ANY)


# Mandates -----------------------------------------------------------------------------------------
CAPACITIES = [
    (Mandate.Capacity.VIEW, _("Xem: theo dõi hồ sơ, tải giấy tờ và kết quả; không sửa, không nộp")),
    (Mandate.Capacity.PREPARE, _("Chuẩn bị hồ sơ: như trên, và khai, sửa, tải giấy tờ lên; không nộp")),
    (Mandate.Capacity.SIGN, _("Ký và nộp hồ sơ: như trên, và nộp, rút hồ sơ, chấm dứt ủy quyền của đồng nghiệp")),
]


class Text(forms.CharField):
    """Composed letters, whatever the keyboard sent."""

    def to_python(self, value):
        return unicodedata.normalize("NFC", super().to_python(value))


class UntilField(forms.DateField):
    """The last day of a mandate; empty: no end is set."""

    def __init__(self, **options):
        widget = forms.DateInput(attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"})
        super().__init__(required=False, widget=widget, label=_("Đến hết ngày"), **options)

    def validate(self, value):
        super().validate(value)
        if value and value < timezone.localdate():
            raise forms.ValidationError(gettext("Ngày này đã qua; hãy chọn hôm nay hoặc một ngày sau."))


def text_field(name, *, label, help_text="", required=False, rows=0, of=MandateRequest):
    """A text field as long as its column."""
    longest = of._meta.get_field(name).max_length or 2000
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return Text(label=label, help_text=help_text, required=required, max_length=longest, widget=widget)


class MandateRequestForm(forms.Form):
    """The same for every tax code: it does not tell which enterprises the portal knows."""

    tax_code = Text(
        label=_("Mã số thuế của tổ chức kinh tế"), max_length=20,
        help_text=_("10 chữ số; đơn vị phụ thuộc ghi thêm gạch ngang và 3 chữ số."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num", "autocomplete": "off"}),
    )  # fmt: skip
    name = text_field("name", label=_("Tên tổ chức kinh tế"), required=True)
    address = text_field(
        "address", label=_("Địa chỉ trụ sở"), help_text=_("Ban cần mục này khi tổ chức chưa có trong sổ dự án.")
    )
    representative = text_field("representative", label=_("Người đại diện theo pháp luật"))
    capacity = forms.ChoiceField(label=_("Quyền đề nghị"), choices=CAPACITIES, widget=forms.RadioSelect)
    until = UntilField(help_text=_("Để trống nếu không định ngày kết thúc."))
    position = text_field(
        "position", label=_("Chức vụ hoặc quan hệ với tổ chức"), required=True,
        help_text=_("Ví dụ: kế toán trưởng; công ty tư vấn theo hợp đồng."),
    )  # fmt: skip
    is_representative = forms.BooleanField(label=_("Tôi là người đại diện theo pháp luật"), required=False)
    paper = forms.FileField(
        label=_("Giấy ủy quyền hoặc giấy giới thiệu"), required=False, max_length=255,
        widget=forms.FileInput(attrs={"accept": documents.ACCEPT}), allow_empty_file=True,
    )  # fmt: skip
    note = text_field("note", label=_("Lời nhắn cho Ban"), rows=3)

    use_required_attribute = False

    def __init__(self, *args, too_big=(), **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.too_big = dict(too_big)
        self.limit_mb = documents.limit_bytes(timezone.localdate()) // documents.MEGABYTE
        self.fields["paper"].help_text = gettext(
            "PDF, ảnh, Word hoặc Excel, không quá %(limit)s MB. Không cần nếu bạn là người đại diện theo pháp luật."
        ) % {"limit": self.limit_mb}

    def clean_tax_code(self):
        digits = re.sub(r"[\s.\-–]", "", self.cleaned_data["tax_code"])
        code = f"{digits[:10]}-{digits[10:]}" if len(digits) == 13 else digits
        tax_code_shape(code)
        return code

    def clean(self):
        said = super().clean()
        if "paper" in self.too_big:
            self.add_error("paper", self.too_big["paper"])
        elif not said.get("paper") and not said.get("is_representative") and "paper" not in self.errors:
            self.add_error("paper", gettext("Hãy chọn tệp giấy ủy quyền hoặc giấy giới thiệu."))
        return said

    @property
    def said(self):
        """What `mandates.ask` takes."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in ("is_representative", "paper")}
        return {**said, "upload": self.cleaned_data["paper"]}
