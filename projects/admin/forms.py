"""Forms of the register's deeds: each asks for what the decision says, for its number and date, and for the reason."""

from decimal import Decimal

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.backoffice.forms import LinesField, NamedAutocomplete, NumberField, may_be
from izportal.backoffice.rows import DeedForm
from izportal.lists import SearchForm
from izportal.templatetags.area import grouped
from projects import ledger, worklists
from projects.models import Change, Classification, Contribution, Milestone, Project
from zones.models import Plot, Zone

MOST_SHARES = 4
ZERO = Decimal(0)


class Day(forms.DateField):
    widget = AdminDateWidget

    def __init__(self, label, **options):
        super().__init__(label=label, **options)


class Amount(NumberField):
    def __init__(self, label, *, digits=22, **options):
        options = {"required": False, "max_digits": digits, "decimal_places": 2, "localize": True, **options}
        super().__init__(label=label, **options)

    def prepare_value(self, value):
        """As people read it, with its groups."""
        return grouped(value) if isinstance(value, Decimal) else value


class Line(forms.CharField):
    def __init__(self, label, **options):
        super().__init__(label=label, **{"max_length": 200, **options})


class Row(forms.ModelChoiceField):
    """A row of the register, found by typing; `column` is a column that points at such rows."""

    def __init__(self, column, **options):
        widget = NamedAutocomplete(column, admin.site)
        rows = column.remote_field.model._default_manager.all()
        super().__init__(queryset=rows, widget=widget, **{"label": capfirst(column.verbose_name), **options})

    def to_python(self, value):
        if value not in self.empty_values and not may_be(self.queryset.model._meta.pk, value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class SeenForm(DeedForm):
    """Carries the mark of the preview that was on the screen; filled from a second press of the button."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=64)
    sight = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)

    def show(self, sight):
        """Show what would happen; what was typed stays."""
        self.sight, self.is_other = sight, bool(self.data.get("seen"))
        self.data = self.data.copy()
        self.data["seen"] = sight.mark


class BasisForm(SeenForm):
    decision_number = Line(gettext_lazy("Số quyết định, giấy chứng nhận"), max_length=100)
    decision_on = Day(gettext_lazy("Ngày quyết định"))
    note = LinesField(
        label=gettext_lazy("Lý do, nội dung"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Ghi vào dòng thay đổi; người đọc sổ sau này cần hiểu vì sao."),
    )  # fmt: skip

    def order_fields(self, field_order):
        """What the decision says first, then the decision itself."""
        last = ("decision_number", "decision_on", "note", "seen")
        super().order_fields([*(name for name in self.fields if name not in last), *last])

    def clean(self):
        said = super().clean()
        if {"decision_number", "decision_on"} <= set(said):
            said["basis"] = ledger.Basis(said.pop("decision_number").strip(), said.pop("decision_on"))
        said.pop("seen", None)
        return said


class CapitalFields(forms.Form):
    usd = Amount(gettext_lazy("Vốn đăng ký, USD"), digits=18)
    vnd = Amount(gettext_lazy("Vốn đăng ký, VND"))
    rate = Amount(
        gettext_lazy("Tỷ giá, VND/USD"), digits=12,
        help_text=gettext_lazy("Chỉ khi giấy ghi cả hai loại tiền; kèm ngày và nguồn tỷ giá."),
    )  # fmt: skip
    rate_on = Day(gettext_lazy("Tỷ giá ngày"), required=False)
    rate_source = Line(gettext_lazy("Nguồn tỷ giá"), required=False)

    def clean(self):
        said = super().clean()
        rate, rate_on, source = (said.pop(name, None) for name in ("rate", "rate_on", "rate_source"))
        usd, vnd = said.pop("usd", None) or ZERO, said.pop("vnd", None) or ZERO
        said["capital"] = ledger.Capital(usd, vnd, rate or None, rate_on if rate else None, source if rate else "")
        return said


class CapitalForm(CapitalFields, BasisForm):
    def __init__(self, *args, row, **kwargs):
        now = ledger.position(row)
        super().__init__(*args, row=row, initial={"usd": now.usd or None, "vnd": now.vnd or None}, **kwargs)


class TermForm(BasisForm):
    until = Day(
        gettext_lazy("Thời hạn mới đến ngày"), required=False,
        help_text=gettext_lazy("Để trống nếu giấy không còn ghi thời hạn."),
    )  # fmt: skip

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, initial={"until": row.term_until}, **kwargs)


class SharesFields(forms.Form):
    """Who brings in what, a few lines of it; a line without an investor says nothing."""

    def __init__(self, *args, shares=(), **kwargs):
        super().__init__(*args, **kwargs)
        for n in range(max(MOST_SHARES, len(shares) + 1)):
            share = shares[n] if n < len(shares) else None
            column = Contribution._meta.get_field("investor")
            label = _("Nhà đầu tư %(number)s") % {"number": n + 1}
            self.fields[f"investor_{n}"] = Row(
                column, label=label, required=False, initial=share and share.investor_id
            )
            self.fields[f"share_usd_{n}"] = Amount(
                _("Vốn góp, USD"), digits=18, initial=share and share.capital_usd, min_value=0
            )
            self.fields[f"share_vnd_{n}"] = Amount(_("Vốn góp, VND"), initial=share and share.capital_vnd, min_value=0)

    def clean(self):
        said, shares = super().clean(), []
        for n in range(sum(name.startswith("investor_") for name in self.fields)):
            investor, usd, vnd = (said.pop(f"{name}_{n}", None) for name in ("investor", "share_usd", "share_vnd"))
            if investor:
                shares.append(ledger.Share(investor, usd, vnd))
            elif usd or vnd:
                self.add_error(f"investor_{n}", _("Hãy chọn nhà đầu tư của số vốn góp này."))
        said["shares"] = shares
        return said


class TransferForm(SharesFields, BasisForm):
    enterprise = Row(Classification._meta.get_field("enterprise"), required=False)
    origin = forms.ChoiceField(label=gettext_lazy("Nguồn vốn"), choices=Project.Origin.choices)

    def __init__(self, *args, row, **kwargs):
        initial = {"enterprise": row.enterprise_id, "origin": row.origin}
        super().__init__(*args, row=row, initial=initial, shares=ledger.standing_shares(row), **kwargs)
        self.order_fields(None)


class ContentForm(BasisForm):
    sector = Row(Classification._meta.get_field("sector"))
    kind = forms.ChoiceField(label=gettext_lazy("Loại dự án"), choices=Project.Kind.choices)
    enterprise = Row(Classification._meta.get_field("enterprise"), required=False)

    def __init__(self, *args, row, **kwargs):
        initial = {"sector": row.sector_id, "kind": row.kind, "enterprise": row.enterprise_id}
        super().__init__(*args, row=row, initial=initial, **kwargs)


class PlotChoice(forms.ModelChoiceField):
    def label_from_instance(self, plot):
        return f"{plot.code} · {plot.area_m2:,.2f} m²".replace(",", " ").replace(".", ",")


def free_plots(zone=None):
    """Plots that can be let today."""
    return Plot.objects.free(on=timezone.localdate()).filter(**({"zone": zone} if zone else {}))


class LandForm(BasisForm):
    """Each plot that the project holds with its area, 0 to give it back; and one more."""

    def __init__(self, *args, row, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        self.held = {f"area_{tenure.plot_id}": tenure for tenure in ledger.held(row)}
        for name, tenure in self.held.items():
            self.fields[name] = Amount(
                _("Lô %(plot)s, m²") % {"plot": tenure.plot.code}, digits=12, required=True, min_value=0,
                initial=tenure.area_m2, help_text=_("Ghi 0 để trả lại lô."),
            )  # fmt: skip
        self.fields["plot"] = PlotChoice(
            label=_("Thuê thêm lô"), required=False, queryset=free_plots(row.zone), empty_label=_("Không thuê thêm")
        )
        self.fields["plot_area"] = Amount(
            _("Diện tích lô thuê thêm, m²"), digits=12, min_value=0, help_text=_("Để trống nếu thuê cả lô.")
        )
        self.order_fields(None)

    def clean(self):
        said = super().clean()
        areas = {tenure.plot: said.pop(name, None) for name, tenure in self.held.items()}
        parcels = [ledger.Parcel(plot, area) for plot, area in areas.items() if area is not None]
        plot, area = said.pop("plot", None), said.pop("plot_area", None)
        if plot:
            parcels.append(ledger.Parcel(plot, area or plot.area_m2))
        said["parcels"] = parcels
        return said


class MilestoneForm(DeedForm):
    kind = forms.ChoiceField(label=gettext_lazy("Mốc tiến độ"), choices=Milestone.Kind.choices)
    planned_on = Day(gettext_lazy("Phải xong ngày"), required=False)
    actual_on = Day(gettext_lazy("Thực tế ngày"), required=False)
    basis = Line(gettext_lazy("Căn cứ"), help_text=gettext_lazy("Giấy chứng nhận, báo cáo hoặc biên bản."))
    note = LinesField(
        label=gettext_lazy("Ghi chú"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class CorrectForm(SharesFields, BasisForm):
    """The change as it should have been. What a change of this kind does not say is not asked."""

    day = Day(gettext_lazy("Ngày hiệu lực"))
    usd = Amount(gettext_lazy("Thay đổi vốn, USD"), digits=18)
    vnd = Amount(gettext_lazy("Thay đổi vốn, VND"))
    area_m2 = Amount(gettext_lazy("Thay đổi diện tích, m²"), digits=12)
    origin = forms.ChoiceField(label=gettext_lazy("Nguồn vốn"), choices=Project.Origin.choices)
    kind = forms.ChoiceField(label=gettext_lazy("Loại dự án"), choices=Project.Kind.choices)
    sector = Row(Classification._meta.get_field("sector"))
    zone = forms.ModelChoiceField(label=gettext_lazy("Khu công nghiệp"), queryset=Zone.objects.all(), empty_label=None)
    enterprise = Row(Classification._meta.get_field("enterprise"), required=False)
    term_until = Day(gettext_lazy("Thời hạn đến ngày"), required=False)

    FACTS = ("origin", "kind", "sector", "zone", "enterprise", "term_until")

    def __init__(self, *args, row, **kwargs):
        self.classed = ledger.classified_by(row)
        shares = ledger.shares_by(row)
        initial = {"day": row.effective_on, "usd": row.capital_usd, "vnd": row.capital_vnd, "area_m2": row.area_m2}
        if self.classed:
            initial |= {name: getattr(self.classed, name) for name in self.FACTS}
        super().__init__(*args, row=row, initial=initial, shares=shares, **kwargs)
        self.has_shares = bool(shares) or row.stands_as == Change.Kind.ISSUED
        self._leave_out(row)
        self.order_fields(None)

    def _leave_out(self, row):
        out = [] if self.classed else list(self.FACTS)
        if self.classed and row.stands_as != Change.Kind.ISSUED:
            out.append("zone")
        if not (row.capital_usd or row.capital_vnd or row.stands_as == Change.Kind.CAPITAL):
            out += ["usd", "vnd"]
        if not row.area_m2 or row.stands_as in Change.ENDING:
            out.append("area_m2")
        if not self.has_shares:
            out += [name for name in self.fields if name.startswith(("investor_", "share_"))]
        for name in out:
            del self.fields[name]

    def clean(self):
        said = super().clean()
        shares, was = said.pop("shares"), [(s.investor, s.capital_usd, s.capital_vnd) for s in self.shares_now()]
        told = {name: said.pop(name, None) for name in self.FACTS if name in self.fields}
        right = {name: value for name, value in told.items() if value != getattr(self.classed, name)}
        row = self.row
        usd, vnd = said.pop("usd", row.capital_usd), said.pop("vnd", row.capital_vnd)
        capital = ledger.Capital(usd or ZERO, vnd or ZERO, row.exchange_rate, row.rate_on, row.rate_source)
        area, day = said.pop("area_m2", row.area_m2), said.pop("day", None)
        is_same = [(share.investor, share.usd, share.vnd) for share in shares] == was
        said |= {
            "capital": capital, "area_m2": area or ZERO, "effective_on": day, "said": right,
            "shares": None if is_same or not self.has_shares else shares,
        }  # fmt: skip
        if not self.errors and self._says_nothing(said):
            self.add_error(None, _("Chưa sửa gì so với dòng đang đứng."))
        return said

    def shares_now(self):
        return ledger.shares_by(self.row)

    def _says_nothing(self, said):
        row = self.row
        return (
            (said["capital"].usd, said["capital"].vnd, said["area_m2"], said["effective_on"])
            == (row.capital_usd, row.capital_vnd, row.area_m2, row.effective_on)
            and not said["said"]
            and said["shares"] is None
        )


class RegisterForm(CapitalFields, SharesFields, BasisForm):
    """A certificate as printed that did not come through a dossier."""

    AS_PRINTED = (
        "code", "name", "name_en", "origin", "kind", "sector", "objective", "enterprise", "zone", "plot", "area_m2",
        "term_until", "usd", "vnd", "rate", "rate_on", "rate_source",
    )  # fmt: skip

    code = Line(gettext_lazy("Mã số dự án"), max_length=40)
    name = Line(gettext_lazy("Tên dự án"), max_length=400)
    name_en = Line(gettext_lazy("Tên dự án bằng tiếng Anh"), max_length=400, required=False)
    origin = forms.ChoiceField(label=gettext_lazy("Nguồn vốn"), choices=Project.Origin.choices)
    kind = forms.ChoiceField(label=gettext_lazy("Loại dự án"), choices=Project.Kind.choices)
    sector = Row(Classification._meta.get_field("sector"))
    objective = LinesField(
        label=gettext_lazy("Mục tiêu"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    enterprise = Row(Classification._meta.get_field("enterprise"), required=False)
    zone = forms.ModelChoiceField(label=gettext_lazy("Khu công nghiệp"), queryset=Zone.objects.none())
    plot = PlotChoice(
        label=gettext_lazy("Lô đất"), required=False, queryset=Plot.objects.none(),
        empty_label=gettext_lazy("Không gắn lô đất"),
    )  # fmt: skip
    area_m2 = Amount(gettext_lazy("Diện tích thuê, m²"), digits=12, help_text=gettext_lazy("Để trống nếu thuê cả lô."))
    term_until = Day(gettext_lazy("Thời hạn đến ngày"), required=False)

    def __init__(self, *args, row=None, zones=None, **kwargs):
        super().__init__(*args, row=row, **kwargs)
        rows = Zone.objects.all()
        self.fields["zone"].queryset = rows.filter(code__in=zones) if zones else rows
        self.fields["plot"].queryset = free_plots().filter(zone__in=self.fields["zone"].queryset)
        rest = [name for name in self.fields if name not in self.AS_PRINTED]
        self.fields = {name: self.fields[name] for name in (*self.AS_PRINTED, *rest)}
        self.order_fields(None)

    def clean(self):
        said = super().clean()
        capital, shares, basis = said.pop("capital"), said.pop("shares"), said.get("basis")
        plot, area, note = said.pop("plot", None), said.pop("area_m2", None), said.pop("note", "")
        said.pop("basis", None)
        self.deed = {
            "what": said, "capital": capital, "shares": shares, "basis": basis, "plot": plot, "note": note,
            "area_m2": (area or plot.area_m2) if plot else ZERO,
        }  # fmt: skip
        return said

    @property
    def entry(self):
        """What `ledger.register` takes; the number of the first certificate is that of its decision."""
        basis = self.deed["basis"]
        what = ledger.Particulars(certificate_number=basis.number, **self.deed["what"])
        return {**self.deed, "what": what}


# Lists --------------------------------------------------------------------------------------------
class WorkForm(SearchForm):
    QUIET = ("list", "sort")

    list = forms.ChoiceField(
        label=gettext_lazy("Danh sách"), initial=worklists.LATE.key, widget=forms.HiddenInput,
        choices=[(row.key, row.label) for row in worklists.LISTS.values()],
    )  # fmt: skip
    zone = forms.ChoiceField(label=gettext_lazy("Khu công nghiệp"), initial="")
    sort = forms.CharField(max_length=20, widget=forms.HiddenInput)
    field_order = ("q", "zone", "list", "sort")

    def __init__(self, data, **kwargs):
        super().__init__(data, **kwargs)
        zones = [(zone.slug, zone.short_name) for zone in Zone.objects.all()]
        self.fields["zone"].choices = [("", _("Mọi khu công nghiệp")), *zones]
