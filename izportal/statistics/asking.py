"""A question about a figure as an address says it: read, checked, and told where it cannot be read."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.indicators import FILTERS, REAL, SAMPLE, Asked, Indicator, read_moment
from izportal.lists import FIRST_DAY, FilterForm, day_field
from projects import figures
from projects.models import Country, Project, Sector
from zones.models import Zone

DATA = (("", gettext_lazy("Như số đang công bố")), (REAL, gettext_lazy("Dữ liệu thật")),
        (SAMPLE, gettext_lazy("Dữ liệu minh họa")))  # fmt: skip


class MomentField(forms.CharField):
    """A day, which stands for its end, or a moment to the microsecond as a permanent address says it."""

    sentence = gettext_lazy("Không đọc được thời điểm này; hãy ghi ngày/tháng/năm, ví dụ 30/09/2025.")

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = read_moment(text)
        except ValueError:
            day = day_field(self.label).clean(text)
            moment = read_moment(day.isoformat())
        if timezone.localdate(moment) < FIRST_DAY:
            raise forms.ValidationError(gettext_lazy("Ngày sớm nhất có thể chọn là 01/01/1990."))
        return moment


class AskedForm(FilterForm):
    on = day_field(gettext_lazy("Tính đến hết ngày"))
    known = MomentField(label=gettext_lazy("Theo sổ đã ghi đến hết ngày"), max_length=40)
    since = day_field(gettext_lazy("Kỳ bắt đầu từ ngày"))
    zone = forms.ChoiceField(label=gettext_lazy("Khu công nghiệp"))
    origin = forms.ChoiceField(
        label=gettext_lazy("Nguồn vốn"), choices=[("", gettext_lazy("FDI và DDI")), *Project.Origin.choices]
    )
    sector = forms.ChoiceField(label=gettext_lazy("Ngành (VSIC)"))
    country = forms.ChoiceField(label=gettext_lazy("Nước, vùng lãnh thổ của nhà đầu tư"))
    rate = day_field(gettext_lazy("Quy ra USD theo tỷ giá ngày"))
    data = forms.ChoiceField(label=gettext_lazy("Dữ liệu"), choices=DATA)  # type: ignore[assignment]

    QUIET: tuple[str, ...] = ("sort", "data")  # type: ignore[assignment]

    def __init__(self, data: Any, **kwargs: Any):
        super().__init__(data, **kwargs)
        self._offer("zone", gettext_lazy("Mọi khu"), [(row.slug, row.short_name) for row in Zone.objects.all()])
        self._offer("sector", gettext_lazy("Mọi ngành"), [(row.code, str(row)) for row in Sector.objects.all()])
        self._offer("country", gettext_lazy("Mọi nước"), [(row.code, row.name) for row in Country.objects.all()])

    def _offer(self, name: str, everything: Any, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", everything), *choices]

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors and said["since"] and said["since"] > (said["on"] or timezone.localdate()):
            self.add_error("since", _("Kỳ phải bắt đầu không muộn hơn ngày tính đến."))
        return said

    # Asked at once; everything else is folded away until it is wanted.
    FIRST = ("on", "by", "before_on", "before_known")

    @property
    def first(self) -> list[Any]:
        return [field for field in self.visible_fields() if field.name in self.FIRST]

    @property
    def rest(self) -> list[Any]:
        return [field for field in self.visible_fields() if field.name not in (*self.FIRST, "sort")]

    @property
    def is_narrow(self) -> bool:
        return any(field.name not in self.QUIET and (field.data or field.errors) for field in self.rest)

    @property
    def asked(self) -> Asked:
        said = self.cleaned_data
        filters = {name: said[name] for name in FILTERS}
        is_sample = said["data"] == SAMPLE if said["data"] else figures.counts_sample()
        day = said["on"] or timezone.localdate()
        days = {"on": day, "known": _past(said["known"]), "since": said["since"], "rate_on": said["rate"]}
        return Asked(**days, is_sample=is_sample, **filters)


def _past(moment: datetime | None) -> datetime | None:
    """What is known at a moment to come is not settled yet: it is what is known now."""
    return moment if moment and moment <= timezone.now() else None


class FigureForm(AskedForm):
    """Of one figure: with the filters that it takes, and an order of its records."""

    sort = forms.ChoiceField(label=gettext_lazy("Sắp xếp"))

    def __init__(self, data: Any, *, indicator: Indicator, **kwargs: Any):
        self.indicator = indicator
        super().__init__(data, **kwargs)
        self.sortable = [column for column in indicator.source.columns if column.is_sortable]
        keys = [column.key for column in self.sortable]
        self.fields["sort"].choices = [
            ("", _("Thứ tự của sổ")), *[(f"{sign}{key}", key) for key in keys for sign in ("", "-")],
        ]  # fmt: skip
        taken = (
            *indicator.filters, *(["since"] if indicator.is_flow else []), *(["rate"] if indicator.takes_rate else [])
        )  # fmt: skip
        for name in (*FILTERS, "since", "rate"):
            if name not in taken:
                self.fields[name].widget = forms.HiddenInput()


class ChangesForm(FigureForm):
    """Two answers to one question: at another day, or by what was known at another moment."""

    before_on = day_field(gettext_lazy("So với số liệu tính đến ngày"))
    before_known = MomentField(label=gettext_lazy("So với sổ đã ghi đến hết ngày"), max_length=40)

    @property
    def before(self) -> Asked:
        """A period that is moved keeps its first day."""
        said, asked = self.cleaned_data, self.asked
        day = said["before_on"] or asked.on
        return asked.of(on=day, known=_past(said["before_known"]), since=asked.since or asked.start)
