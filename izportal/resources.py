"""The sheet of the working calendar. A day off moves the promises of dossiers, so what comes in is proposed, with
every promise that moves, before it is applied (`onestop/daysoff/sheet.py`)."""

from izportal.cells import ChoiceCell, DateCell
from izportal.models import CalendarDay
from izportal.sheets import SheetResource, column


class CalendarDayResource(SheetResource):
    day = column("Ngày", "day", DateCell())
    kind = column("Loại", "kind", ChoiceCell(CalendarDay.Kind.choices))
    name_vi = column("Tên", "name_vi")
    name_en = column("Tên tiếng Anh", "name_en")
    announcement = column("Văn bản thông báo", "announcement")

    synonyms = {"name_vi": ("Tên ngày nghỉ",), "announcement": ("Căn cứ", "Thông báo")}
    identity = told_by = ("day",)

    class Meta(SheetResource.Meta):
        model = CalendarDay
        fields = ("day", "kind", "name_vi", "name_en", "announcement")

    def key_of(self, row):
        return row.values["day"].isoformat() if row.get("day") else ""
