"""What was once given away and is no more, and what came, changed and went from night to night."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from izportal.models import PublishedDeed, PublishedRow
from izportal.opendata import versions
from izportal.opendata.asking import Question
from izportal.opendata.columns import BOOLEAN, DATETIME, Column
from izportal.opendata.resources import Resource, Rows

TRACKED = tuple((name, name) for name in ("zones", "phases", "plots", "projects", "changes", "procedures"))
RESOURCE = Column("resource", "resource", _("Tập dữ liệu"), choices=TRACKED, is_required=True)

TOMBSTONE_COLUMNS = (
    RESOURCE,
    Column("code", "key", _("Mã bản ghi"), is_required=True),
    Column("published_at", "first_seen_at", _("Công bố từ"), DATETIME, is_required=True),
    Column("gone_at", "gone_at", _("Thôi công bố lúc"), DATETIME, is_required=True),
    Column("reason", "reason", _("Lý do thôi công bố"), choices=PublishedRow.Reason.choices, is_required=True),
    Column("is_sample", "is_sample", _("Dữ liệu minh họa"), BOOLEAN, is_required=True),
)
LOG_COLUMNS = (
    Column("at", "at", _("Lúc"), DATETIME, is_required=True),
    Column("resource", "row__resource", _("Tập dữ liệu"), choices=TRACKED, is_required=True),
    Column("code", "row__key", _("Mã bản ghi"), is_required=True),
    Column("deed", "deed", _("Việc"), choices=PublishedDeed.Deed.choices, is_required=True),
    Column("is_sample", "is_sample", _("Dữ liệu minh họa"), BOOLEAN, is_required=True),
)


def tombstones(question: Question) -> Rows:
    rows = PublishedRow.objects.filter(gone_at__isnull=False, gone_at__date__lte=question.on)
    if question.resource:
        rows = rows.filter(resource=question.resource)
    if question.updated_since:
        rows = rows.filter(gone_at__date__gte=question.updated_since)
    return Rows(_cells(rows.order_by("resource", "key"), TOMBSTONE_COLUMNS))


def log(question: Question) -> Rows:
    rows = PublishedDeed.objects.filter(at__date__lte=question.on)
    if question.resource:
        rows = rows.filter(row__resource=question.resource)
    if question.updated_since:
        rows = rows.filter(at__date__gte=question.updated_since)
    return Rows(_cells(rows.order_by("at", "pk"), LOG_COLUMNS))


def _cells(rows: QuerySet[Any], columns: tuple[Column, ...]) -> QuerySet[Any]:
    return rows.values_list(*(column.source for column in columns))


BY_NIGHT = _("Mỗi đêm, bằng cách so mọi bản ghi đang công khai với lần trước, dù thay đổi đến từ đâu.")
RESOURCES = (
    Resource(
        "tombstones", _("Bản ghi thôi công bố"),
        _("Những bản ghi từng có trong các tập dữ liệu và nay không còn, thôi từ lúc nào, vì sao."),
        _("Những bản ghi đã thôi công bố đến hết ngày tính."),
        TOMBSTONE_COLUMNS, tombstones, versions.of_past, keys=("resource", "code"),
        takes=("as_of", "resource", "updated_since"), rhythm=BY_NIGHT, is_tracked=False,
    ),
    Resource(
        "log", _("Nhật ký thay đổi"),
        _("Mỗi đêm, bản ghi nào được thêm, sửa, gỡ ở tập dữ liệu nào."),
        _("Những dòng ghi đến hết ngày tính."),
        LOG_COLUMNS, log, versions.of_past, keys=("at", "resource", "code"),
        takes=("as_of", "resource", "updated_since"), rhythm=BY_NIGHT, is_tracked=False,
    ),
)  # fmt: skip
