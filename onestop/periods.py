"""The stretch of time that a figure of the counter is about: a month, a quarter, a year or any span of days, as the
address of the page says it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.lists import FIRST_DAY, FilterForm, day_field
from izportal.workdays import months_later

ONE_DAY = timedelta(1)
FORM = re.compile(r"(?P<year>\d{4})(-Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?", re.ASCII)
ROMAN = ("I", "II", "III", "IV")
# What the list of periods offers; any other may stand in the address.
MONTHS, QUARTERS, YEARS = 12, 8, 5


@dataclass(frozen=True)
class Period:
    """Both days count. `code` is the period's name in an address, "" for a span of days."""

    first: date
    last: date
    code: str = field(default="", compare=False)

    def __str__(self) -> str:
        if not self.code:
            days = {"first": f"{self.first:%d/%m/%Y}", "last": f"{self.last:%d/%m/%Y}"}
            return _("từ %(first)s đến %(last)s") % days
        found = FORM.fullmatch(self.code)
        if found and found["quarter"]:
            return _("Quý %(quarter)s/%(year)s") % {"quarter": ROMAN[int(found["quarter"]) - 1], "year": found["year"]}
        if found and found["month"]:
            return _("Tháng %(month)s/%(year)s") % {"month": int(found["month"]), "year": found["year"]}
        return _("Năm %(year)s") % {"year": self.code}

    @property
    def start(self) -> datetime:
        return timezone.make_aware(datetime.combine(self.first, time.min))

    def until(self, at: datetime) -> datetime:
        """The last moment of the period, or now where it is still running."""
        return min(timezone.make_aware(datetime.combine(self.last, time.max)), at)

    @property
    def query(self) -> dict[str, str]:
        """As an address says it."""
        if self.code:
            return {"period": self.code}
        return {"since": self.first.isoformat(), "until": self.last.isoformat()}

    def months(self, at: datetime) -> Iterator["Period"]:
        """The months of the period that have begun, cut to its days."""
        last = min(self.last, timezone.localdate(at))
        month = self.first.replace(day=1)
        while month <= last:
            whole = of(f"{month:%Y-%m}")
            yield (
                whole
                if self.first <= whole.first and whole.last <= self.last
                else Period(max(whole.first, self.first), min(whole.last, self.last))
            )
            month = months_later(month, 1)


def of(code: str) -> Period:
    """`2026`, `2026-Q3` or `2026-03`; ValueError for anything else."""
    found = FORM.fullmatch(code)
    if found is None or not FIRST_DAY.year <= int(found["year"]) <= 9998:
        raise ValueError(code)
    year = int(found["year"])
    first, length = date(year, 1, 1), 12
    if found["quarter"]:
        first, length = date(year, 3 * int(found["quarter"]) - 2, 1), 3
    elif found["month"]:
        first, length = date(year, int(found["month"]), 1), 1
    return Period(first, months_later(first, length) - ONE_DAY, code)


def offered(today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """The periods that a list offers, the newest first."""
    month = today.replace(day=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    months = [f"{months_later(month, -n):%Y-%m}" for n in range(MONTHS)]
    starts = [months_later(quarter, -3 * n) for n in range(QUARTERS)]
    quarters = [f"{day.year}-Q{(day.month + 2) // 3}" for day in starts]
    years = [str(today.year - n) for n in range(YEARS)]
    groups = ((_("Năm"), years), (_("Quý"), quarters), (_("Tháng"), months))
    return [(name, [(code, str(of(code))) for code in codes]) for name, codes in groups]


class PeriodField(forms.CharField):
    """One of the periods offered, or any other that the address names in the same way."""

    def clean(self, value: Any) -> Period | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            found = of(text)
        except ValueError:
            raise forms.ValidationError(
                _("Không đọc được kỳ này; hãy chọn trong danh sách, hoặc ghi như 2026, 2026-Q3, 2026-09.")
            ) from None
        if found.first > timezone.localdate():
            raise forms.ValidationError(_("Kỳ này chưa bắt đầu; hãy chọn một kỳ không muộn hơn hôm nay."))
        return found


class PeriodForm(FilterForm):
    """The year that runs, where nothing is asked for."""

    period = PeriodField(label=gettext_lazy("Kỳ"), max_length=7)
    since = day_field(gettext_lazy("hoặc từ ngày"))
    until = day_field(gettext_lazy("đến ngày"))

    def __init__(self, data: Mapping[str, Any], **kwargs: Any):
        super().__init__(data, **kwargs)
        chosen = data.get("period", "")
        groups: list[Any] = offered(timezone.localdate())
        known = {code for _name, choices in groups for code, _label in choices}
        others = [(chosen, _readable(chosen))] if chosen and chosen not in known else []
        self.fields["period"].widget = forms.Select(choices=[("", _("Năm nay")), *others, *groups])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if self.errors:
            return said
        since, until = said["since"], said["until"]
        if said["period"] and (since or until):
            self.add_error("period", _("Chọn kỳ, hoặc ghi ngày bắt đầu và kết thúc; không dùng cả hai."))
        elif since and until and since > until:
            self.add_error("until", _("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
        elif until and not since:
            self.add_error("since", _("Ghi cả ngày bắt đầu."))
        return said

    @property
    def chosen_period(self) -> Period:
        said = self.cleaned_data
        if said["since"]:
            return Period(said["since"], said["until"] or timezone.localdate())
        return said["period"] or of(str(timezone.localdate().year))


def _readable(code: str) -> str:
    try:
        return str(of(code))
    except ValueError:
        return code[:20]
