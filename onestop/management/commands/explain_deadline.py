"""Print when a dossier is due and, day by day, why, for staff who must account for a date."""

import json
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import translation
from django.utils.translation import gettext as _

from izportal.models import CalendarDay
from izportal.workdays import Calendar
from onestop.clock import (
    FIRST_YEAR,
    LAST_YEAR,
    MODES,
    NONE,
    UNITS,
    WORKING_DAY,
    ClockRefused,
    Day,
    Deadline,
    Limit,
    Pause,
    deadline,
)

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")


class Command(BaseCommand):
    help = "In hạn trả kết quả và lý do của từng ngày được tính hoặc không được tính."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--received", metavar="MOMENT", help="thời điểm tiếp nhận, ví dụ 2026-03-03T09:15")
        parser.add_argument("--limit", metavar="N", help="thời hạn, nhận nửa ngày: 3, 0.5, 0,5")
        parser.add_argument("--unit", default=WORKING_DAY, help=", ".join(UNITS))
        parser.add_argument("--mode", default=NONE, help=", ".join(MODES))
        parser.add_argument(
            "--pause",
            metavar="FROM,TO",
            nargs="+",
            action="extend",
            default=[],
            help="một lần chờ bổ sung; “FROM,” nếu còn đang chờ; lặp lại được",
        )
        parser.add_argument("--second-limit", metavar="N", help="thời hạn giai đoạn hai của two_phase_suspend")
        parser.add_argument("--cap", metavar="N", help="thời gian tối đa sau khi nhận đủ hồ sơ bổ sung")
        parser.add_argument("--json", action="store_true", help="in dạng JSON")

    def handle(self, *args, **options):
        with translation.override("vi"):
            try:
                result = _explained(options)
            except ClockRefused as refusal:
                raise CommandError(str(refusal)) from None
            self.stdout.write(_as_json(result) if options["json"] else "\n".join(_as_text(result)))


def _explained(options) -> Deadline:
    for name in ("received", "limit"):
        if options[name] is None:
            raise CommandError(_("Thiếu tham số --%(name)s.") % {"name": name})
    unit = options["unit"]
    return deadline(
        received_at=_moment(options["received"]),
        limit=Limit(options["limit"], unit),
        mode=options["mode"],
        pauses=[_pause(text) for text in _listed(options["pause"])],
        second_limit=_optional_limit(options["second_limit"], unit),
        cap=_optional_limit(options["cap"], unit),
        calendar=_calendar(),
    )


def _listed(pauses) -> list:
    return [pauses] if isinstance(pauses, str) else list(pauses or ())


def _optional_limit(value, unit: str) -> Limit | None:
    return None if value is None else Limit(value, unit)


def _calendar() -> Calendar:
    # Before the first migration or load the announced calendar of the portal's own data file still answers.
    try:
        migrated = CalendarDay._meta.db_table in connection.introspection.table_names()
        if migrated and CalendarDay.objects.exists():
            return CalendarDay.calendar()
    except DatabaseError:
        raise CommandError(_("Không đọc được lịch làm việc từ cơ sở dữ liệu.")) from None
    return Calendar.from_file()


def _moment(text) -> datetime:
    if isinstance(text, datetime):
        return text
    try:
        moment = datetime.fromisoformat(str(text).strip())
    except ValueError:
        raise CommandError(
            _("Không đọc được thời điểm “%(text)s”; hãy viết như 2026-03-03T09:15.") % {"text": text}
        ) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        limits = {"text": text, "first": FIRST_YEAR, "last": LAST_YEAR}
        raise CommandError(_("Thời điểm “%(text)s” phải trong khoảng năm %(first)s–%(last)s.") % limits)
    return moment


def _pause(text) -> Pause:
    since, comma, until = str(text).partition(",")
    if not comma or not since.strip() or "," in until:
        raise CommandError(
            _("Không đọc được lần tạm dừng “%(text)s”; hãy viết TỪ,ĐẾN hoặc “TỪ,” nếu còn đang chờ.") % {"text": text}
        )
    return Pause(_moment(since), _moment(until) if until.strip() else None)


def _as_json(result: Deadline) -> str:
    facts = result.facts
    return json.dumps(
        {
            "due_at": result.due_at.isoformat() if result.due_at else None,
            "received_at": facts.received_at.isoformat(),
            "limit": {"value": float(facts.limit.value), "unit": facts.limit.unit},
            "mode": facts.mode,
            "capped": result.is_capped,
            "announced": result.announced,
            "note": result.note,
            "paused_since": result.paused_since.isoformat() if result.paused_since else None,
            "days": [_day_as_json(day) for day in result.days],
        },
        ensure_ascii=False,
        indent=1,
    )


def _day_as_json(day: Day) -> dict:
    return {
        "date": day.date.isoformat(),
        "counted": day.counted,
        "number": day.number,
        "hours": None if day.hours is None else round(float(day.hours), 4),
        "kind": day.kind,
        "reason": day.reason,
        "phase": day.phase,
        "is_due": day.is_due,
    }


def _as_text(result: Deadline):
    note = f" ({result.note})" if result.note else ""
    if result.due_at:
        yield _("Hạn trả kết quả: %(due)s") % {"due": f"{result.due_at:%d/%m/%Y %H:%M}"} + note
    else:
        since = {"since": f"{result.paused_since:%d/%m/%Y %H:%M}"}
        yield _("Chưa có hạn trả kết quả: tạm dừng từ %(since)s, chờ bổ sung hồ sơ.") % since + note
    received = {"received": f"{result.facts.received_at:%d/%m/%Y %H:%M}", "limit": result.facts.limit}
    yield _("Tiếp nhận: %(received)s. Thời hạn: %(limit)s.") % received
    if result.is_capped:
        yield _("Áp dụng mức tối đa %(cap)s sau khi nhận đủ hồ sơ bổ sung.") % {"cap": result.facts.cap}
    yield ""
    for day in result.days:
        yield _day_as_text(day)


def _day_as_text(day: Day) -> str:
    count = "" if day.number is None else str(day.number)
    mark = _("tính") if day.counted else _("không tính")
    due = " " + _("← HẠN") if day.is_due else ""
    return f"{day.date:%d/%m/%Y}  {WEEKDAYS[day.date.weekday()]:<8}  {mark:<10}  {count:>4}  {day.reason}{due}"
