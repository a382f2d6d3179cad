"""Days of the calendar out of a sheet, as edits to be looked at with what they move; it writes nothing."""

from dataclasses import replace
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.models import CalendarDay
from izportal.resources import CalendarDayResource
from izportal.sheets import MAX_BYTES, Row, SheetRefused, headings, read
from izportal.sheets.reading import Line, letter
from onestop.daysoff.edits import COLUMNS, Edit
from onestop.daysoff.forms import MOST_DAYS, GroundForm, day_of

MOST_TOLD = 20


class SheetForm(GroundForm):
    """A row without a kind takes its day out of the calendar; days that are not in the file stay as they are."""

    import_file = forms.FileField(
        label=gettext_lazy("Tệp Excel (.xlsx) hoặc CSV (UTF-8)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        help_text=gettext_lazy(
            "Mỗi dòng một ngày. Để trống cột “Loại” là bỏ ngày đó khỏi lịch; ngày không có trong tệp giữ nguyên. "
            "Dòng không ghi văn bản thông báo theo văn bản ở trên."
        ),
    )  # fmt: skip
    field_order = ("import_file", "announcement", "reason")

    def clean_import_file(self):
        upload = self.cleaned_data["import_file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(_("Tệp quá lớn."))
        try:
            self.found = rows_of(upload.read())
        except SheetRefused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        told = [sentence for row, letters in self.found for sentence in _faults(row, letters)]
        if told:
            raise forms.ValidationError(told[:MOST_TOLD])
        if len(self.found) > MOST_DAYS:
            raise forms.ValidationError(_("Mỗi lần nhập nhiều nhất %(most)s ngày.") % {"most": MOST_DAYS})
        return upload

    def edits(self):
        days = [row.values["day"] for row, _letters in self.found]
        stored = {one.day: one for one in CalendarDay.objects.filter(day__in=days)}
        return [self._edit(row, stored.get(row.values["day"])) for row, _letters in self.found]

    def _edit(self, row, stands):
        """What the calendar says already rests on what it rested on."""
        if not row.get("kind"):
            return Edit(row.values["day"])
        said = {name: row.get(name) or "" for name in COLUMNS}
        edit = Edit(row.values["day"], **said)
        if not edit.announcement and not (stands and edit.is_done(stands)):
            edit = replace(edit, announcement=self.cleaned_data["announcement"])
        return edit


def rows_of(data):
    """(row, letters of its columns) of each row of the first page."""
    resource, sheet = CalendarDayResource(), read(data)
    lines = [Line(1, list(sheet.headers)), *(Line(n, list(row)) for n, row in zip(sheet.numbers, sheet, strict=True))]
    found = headings.found(lines, resource.known_headings(), resource.headings, set())
    if found is None or "day" not in found[0].columns:
        raise SheetRefused(_("Không có cột “Ngày”."))
    head, left = found
    places = {name: at for name, at in head.columns.items() if name in resource.fields}
    rows = [Row("", line.number, {name: line.cells[at] for name, at in places.items()}) for line in left]
    resource.clean(rows)
    _check(rows)
    letters = {name: letter(at) for name, at in places.items()}
    return [(row, letters) for row in rows]


def _check(rows):
    first: dict[date, int] = {}
    for row in rows:
        day = row.values.get("day")
        if day is None:
            if "day" not in row.faults:
                row.refuse("day", _("Thiếu ngày."))
            continue
        if first.setdefault(day, row.number) != row.number:
            row.refuse("day", _("Trùng với dòng %(row)s trong cùng tệp.") % {"row": first[day]})
        try:
            day_of(f"{day:%d/%m/%Y}")
        except forms.ValidationError as error:
            row.refuse("day", error.messages[0])
        if row.get("kind") and not row.get("name_vi"):
            row.refuse("name_vi", _("Thiếu tên ngày."))
        for name, most in (("name_vi", 200), ("name_en", 200), ("announcement", 200)):
            if len(row.get(name) or "") > most:
                row.refuse(name, _("Dài quá %(most)s ký tự.") % {"most": most})


def _faults(row, letters):
    for name, sentences in row.faults.items():
        place = f"{letters.get(name, '')}{row.number}"
        for sentence in sentences:
            yield _("Ô %(place)s: %(sentence)s") % {"place": place, "sentence": sentence}
