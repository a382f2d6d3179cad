"""The announced calendar that comes with the portal. Under open dossiers it changes nothing by itself: it is put
before the administrator as a change to be looked at and applied (`onestop/daysoff`)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from izportal.management.settle import Tally, settle
from izportal.models import CalendarDay
from onestop import daysoff
from onestop.models import CalendarChange, Dossier


def load(rows: list[dict[str, Any]], tally: Tally, *, at: datetime) -> None:
    waiting: set[str] = set()
    is_free = not Dossier.objects.open().exists()

    def is_closed(row: CalendarDay) -> bool:
        if not is_free:
            waiting.add(str(row.day))
        return not is_free

    settle(CalendarDay, rows, key=("day",), tally=tally, is_closed=is_closed)
    if waiting and _propose([row for row in rows if row["day"] in waiting], at):
        tally.refused.append(
            _(
                "Lịch mới có %(count)s ngày khác lịch đang dùng; "
                "xem trước và áp dụng ở “Các lần sửa lịch” của trang quản trị."
            )
            % {"count": len(waiting)}
        )


def _propose(rows: list[dict[str, Any]], at: datetime) -> bool:
    """Once for the same days: what the board has dropped does not come again. Says whether it waits."""
    edits = [daysoff.Edit.read(row) for row in rows]
    written = [edit.written() for edit in sorted(edits)]
    known = next((row for row in CalendarChange.objects.filter(drafted_by=None) if row.edits == written), None)
    if known is not None:
        return known.is_waiting
    announcement = next((edit.announcement for edit in edits if edit.announcement), _("Lịch đi kèm cổng thông tin"))
    daysoff.draft(edits, announcement=announcement, reason=_("Lịch nghỉ được công bố."), by=None, at=at)
    return True
