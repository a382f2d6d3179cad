"""The sheet of the working calendar. It goes out only: a day off moves the promises of dossiers, so days come in where
the promises are shown first (`onestop/daysoff`)."""

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
