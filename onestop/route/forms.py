"""What the reader says of their project, in the address of the page: who they are, and by when they want to work."""

from datetime import timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onestop.route import Choice
from projects.models import Project

YEARS = 10
MOST_MONTHS = 60


class RouteForm(forms.Form):
    origin = forms.ChoiceField(
        label=_("Nhà đầu tư"),
        required=False,
        choices=((Project.Origin.FDI, _("Nước ngoài")), (Project.Origin.DDI, _("Trong nước"))),
        widget=forms.RadioSelect,
    )
    by = forms.DateField(
        label=_("Muốn hoạt động từ ngày"),
        required=False,
        widget=forms.DateInput(attrs={"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "autocomplete": "off"}),
        error_messages={"invalid": _("Đây không phải là ngày; hãy nhập ngày/tháng/năm.")},
    )
    months = forms.IntegerField(
        label=_("Xây dựng, lắp đặt trong (tháng)"),
        required=False,
        min_value=0,
        max_value=MOST_MONTHS,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    also = forms.MultipleChoiceField(
        label=_("Dự án thuộc trường hợp nào?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sector = forms.CharField(label=_("Mã ngành (VSIC)"), required=False, max_length=5)

    def __init__(self, data, *, conditions, has_sectors):
        super().__init__({"origin": Project.Origin.FDI, **_plain(data)}, auto_id="route-%s")
        self.fields["also"].choices = conditions
        if not has_sectors:
            del self.fields["sector"]

    def clean_by(self):
        day, today = self.cleaned_data["by"], timezone.localdate()
        if day and day <= today:
            raise forms.ValidationError(_("Ngày này đã qua; hãy chọn một ngày sau hôm nay."))
        if day and day > today + timedelta(days=366 * YEARS):
            raise forms.ValidationError(_("Ngày này quá xa; hãy chọn trong vòng mười năm."))
        return day

    def choice(self, *, kind):
        """As far as it could be read: what is wrong is told beside its field, and the rest still stands."""
        said = self.cleaned_data
        return Choice(
            origin=said.get("origin") or Project.Origin.FDI, kind=kind, sector=said.get("sector") or "",
            also=frozenset(said.get("also") or ()), months=said.get("months") or 0,
        )  # fmt: skip


def _plain(data):
    """The address may be written by anybody: single values as text, the ticks as a list."""
    said = {name: data[name] for name in ("origin", "by", "months", "sector") if data.get(name)}
    return {**said, "also": data.getlist("also")}
