"""The progress table used for QĐ 766/QĐ-TTg, by field of administration or by division, on the page and in Excel.

Its columns were read in a provincial system: received, settled (national statuses 9, 10 and 7), in work, paused
(5, 6 and 8). The portal adds how many results were corrected and revoked.
"""

from collections.abc import Iterable
from typing import Any

import tablib
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.models import Division
from izportal.sheets import Excel
from onestop.models import Field
from onestop.record import Record, Tally

# (head of the group, its columns: (mark, head)).
COLUMNS = (
    (
        gettext_lazy("Tiếp nhận"),
        (
            ("received", gettext_lazy("Tổng")),
            ("carried", gettext_lazy("Kỳ trước chuyển sang")),
            ("new", gettext_lazy("Trong kỳ")),
            ("online", gettext_lazy("Trực tuyến")),
            ("counter", gettext_lazy("Trực tiếp")),
            ("post", gettext_lazy("Bưu chính")),
        ),
    ),
    (
        gettext_lazy("Đã giải quyết"),
        (
            ("closed", gettext_lazy("Tổng")),
            ("closed_early", gettext_lazy("Trước hạn")),
            ("closed_on_time", gettext_lazy("Đúng hạn")),
            ("closed_late", gettext_lazy("Quá hạn")),
        ),
    ),
    (
        gettext_lazy("Đang giải quyết"),
        (
            ("in_work", gettext_lazy("Tổng")),
            ("in_work_in_time", gettext_lazy("Trong hạn")),
            ("in_work_late", gettext_lazy("Quá hạn")),
        ),
    ),
    (
        gettext_lazy("Tạm dừng"),
        (
            ("held", gettext_lazy("Tổng")),
            ("held_in_time", gettext_lazy("Trong hạn")),
            ("held_late", gettext_lazy("Quá hạn")),
        ),
    ),
    (
        gettext_lazy("Kết quả đã cấp"),
        (
            ("corrected", gettext_lazy("Đính chính")),
            ("revoked", gettext_lazy("Thu hồi")),
        ),
    ),
)
MARKS = tuple(mark for _group, columns in COLUMNS for mark, _head in columns)
FIELD, DIVISION = "field", "division"
# In an address, the dossiers that no division has.
NO_DIVISION = "none"


def rows(record: Record, by: str) -> list[Tally]:
    """One row for each field or division, dossiers of no division last."""
    if by == FIELD:
        return record.by(FIELD, [(field.pk, field, field.code) for field in Field.objects.all()])
    groups: list[tuple[Any, Any, str]] = [(row.pk, row, row.code) for row in Division.objects.all()]
    told = record.by(DIVISION, [*groups, (None, _("Chưa phân phòng"), NO_DIVISION)])
    return told if told[-1].lives else told[:-1]


def sheet(record: Record, by: str) -> bytes:
    """An .xlsx file: a line of heads, a line for each row, and the sum; codes are text and nothing is a formula."""
    names = [_("Mã"), _("Lĩnh vực") if by == FIELD else _("Phòng giải quyết")]
    heads = [f"{group}: {head}" for group, columns in COLUMNS for _mark, head in columns]
    table = tablib.Dataset(headers=[*names, *heads], title=_("Tiến độ"))
    for tally in rows(record, by):
        table.append([getattr(tally.of, "code", ""), str(tally.of), *_numbers(tally)])
    table.append(["", _("Tổng cộng"), *_numbers(record.total)])
    for line in notes(record):
        table.append([""] + [line] + [None] * len(MARKS))
    return Excel().export_data(table)


def _numbers(tally: Tally) -> Iterable[int]:
    return [tally.counts[mark] for mark in MARKS]


def notes(record: Record) -> list[str]:
    """What the table says of itself under its last line."""
    from_to = {"first": f"{record.period.first:%d/%m/%Y}", "last": f"{record.period.last:%d/%m/%Y}"}
    said = [
        _("Kỳ báo cáo: từ %(first)s đến %(last)s.") % from_to,
        _("Tính đến %(moment)s, theo sổ hồ sơ của cổng.") % {"moment": _moment(record)},
        _("Yêu cầu bổ sung khi thẩm định trong kỳ: %(made)s lần, trong đó %(beyond)s lần vượt số lần cho phép.")
        % {"made": record.total.requests, "beyond": record.total.requests_beyond},
        _("Cột theo bảng tiến độ phục vụ Quyết định 766/QĐ-TTg; cách xếp cột chờ Ban xác nhận."),
        _("Nhóm cột “Kết quả đã cấp” do cổng thêm: kết quả đính chính, thu hồi trong kỳ, kể cả kết quả cấp trước kỳ."),
    ]
    return [*said, _("Dữ liệu minh họa.")] if record.is_sample and record.lives else said


def _moment(record: Record) -> str:
    return f"{timezone.localtime(record.until):%d/%m/%Y %H:%M}"
