"""The forms by which days are added, changed and removed; each yields edits, none writes anything."""

import re
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.cells import to_date
from izportal.models import CalendarDay
from onestop.daysoff.edits import Edit, spread

FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)
MOST_DAYS = 200
LONGEST_RANGE = 31
RANGE = re.compile(r"\s+(?:-|–|đến|to)\s+|\s*–\s*", re.IGNORECASE)


class GroundForm(forms.Form):
    """What every change rests on."""

    announcement = forms.CharField(
        label=gettext_lazy("Văn bản thông báo"), max_length=200,
        help_text=gettext_lazy("Số, ngày và cơ quan ban hành; in vào lý do hẹn lại của từng hồ sơ."),
    )  # fmt: skip
    reason = forms.CharField(
        label=gettext_lazy("Lý do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Người nộp đọc được, trên trang hồ sơ và trong thư."),
    )  # fmt: skip

    def __init__(self, *args, rows=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = list(rows)

    def edits(self) -> list[Edit]:
        """To take the days out of the calendar."""
        return [Edit(row.day) for row in self.rows]


class NamedForm(GroundForm):
    kind = forms.ChoiceField(label=gettext_lazy("Loại"), choices=CalendarDay.Kind.choices)
    name_vi = forms.CharField(label=gettext_lazy("Tên"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Tên tiếng Anh"), max_length=200, required=False)

    def _edit(self, day: date) -> Edit:
        said = {name: self.cleaned_data[name] for name in ("kind", "name_vi", "name_en", "announcement")}
        return Edit(day, **said)


class DaysForm(NamedForm):
    """Several days at once, one or a range on each line."""

    days = forms.CharField(
        label=gettext_lazy("Các ngày"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Mỗi dòng một ngày (16/02/2027) hoặc một khoảng (15/02/2027 – 19/02/2027). Trong khoảng ngày nghỉ, "
            "thứ Bảy và Chủ nhật được bỏ qua."
        ),
    )  # fmt: skip
    field_order = ("days", "kind", "name_vi", "name_en", "announcement", "reason")

    def clean_days(self):
        lines = [line.strip() for line in self.cleaned_data["days"].splitlines() if line.strip()]
        return [ends_of(line) for line in lines]

    def clean(self):
        cleaned = super().clean()
        if "days" in cleaned and "kind" in cleaned:
            days = {day for ends in cleaned["days"] for day in spread(*ends, cleaned["kind"])}
            if len(days) > MOST_DAYS:
                self.add_error("days", _("Mỗi lần nhập nhiều nhất %(most)s ngày.") % {"most": MOST_DAYS})
            elif not days:
                self.add_error("days", _("Khoảng này chỉ có thứ Bảy và Chủ nhật."))
            cleaned["each"] = sorted(days)
        return cleaned

    def edits(self) -> list[Edit]:
        return [self._edit(day) for day in self.cleaned_data["each"]]


class DayForm(NamedForm):
    """One day of the calendar; moved to another date it leaves the old one."""

    day = forms.CharField(label=gettext_lazy("Ngày"))
    field_order = ("day", "kind", "name_vi", "name_en", "announcement", "reason")

    def clean_day(self):
        day = day_of(self.cleaned_data["day"])
        if day != self.rows[0].day and CalendarDay.objects.filter(day=day).exists():
            raise forms.ValidationError(_("Ngày %(day)s đã có trong lịch.") % {"day": f"{day:%d/%m/%Y}"})
        return day

    def edits(self) -> list[Edit]:
        new, old = self._edit(self.cleaned_data["day"]), self.rows[0].day
        return [new] if new.day == old else [Edit(old), new]


def ends_of(line: str) -> tuple[date, date]:
    """The first and the last day that a line names."""
    parts = RANGE.split(line)
    if len(parts) > 2:
        raise forms.ValidationError(
            _("Dòng “%(line)s” không phải là một ngày hoặc một khoảng ngày.") % {"line": line[:60]}
        )
    ends = [day_of(part) for part in parts]
    if ends[-1] < ends[0]:
        raise forms.ValidationError(_("Khoảng “%(line)s”: ngày cuối trước ngày đầu.") % {"line": line[:60]})
    if (ends[-1] - ends[0]).days > LONGEST_RANGE:
        raise forms.ValidationError(
            _("Khoảng “%(line)s” dài hơn %(most)s ngày.") % {"line": line[:60], "most": LONGEST_RANGE}
        )
    return ends[0], ends[-1]


def day_of(text: str) -> date:
    try:
        day = to_date(text.strip())
    except ValueError:
        day = None
    if day is None or not FIRST <= day <= LAST:
        raise forms.ValidationError(
            _("“%(text)s” không phải là ngày; viết ngày/tháng/năm, như 16/02/2027.") % {"text": text[:40]}
        )
    return day
