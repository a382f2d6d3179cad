"""Whether the chain holds: every seal, every head, and that a dossier stands where its last event put it. The first
broken link is named in words that lead to it."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal.chain import LOGS, Head, Log, Tally
from izportal.models import SealedDay
from izportal.seals import CHUNK
from onestop.models import Dossier, Event

# More is not read by anybody.
MOST = 20
# Among the faults of one day a row says more than the day, and a day more than a dossier.
ROW, HEAD, STATUS = range(3)


@dataclass(frozen=True, order=True)
class Fault:
    """A broken link: `table` and `key` of the row by which it was found, `owner` is the code of its dossier or
    project."""

    day: date
    rank: int
    table: str
    key: int
    owner: str = field(compare=False, default="")
    text: str = field(compare=False, default="")


def faults() -> list[Fault]:
    """The first faults by day; two passes over the logs, in bounded memory."""
    return heapq.nsmallest(MOST, _all())


def _all() -> Iterator[Fault]:
    for log in LOGS:
        for bad in log.broken():
            yield _of_row(log, bad.row, bad.intruder)
    yield from _heads()
    yield from _strays()


def _of_row(log: Log, row: dict[str, Any], intruder: int | None) -> Fault:
    key = intruder or row["pk"]
    day, owner = timezone.localdate(row[log.moment]), log.owner_of(row["pk"])
    facts = {"key": key, "next": row["pk"], "owner": owner, "day": f"{day:%d/%m/%Y}", "table": _table(log)}
    if intruder:
        told = _("%(table)s số %(key)s của %(owner)s bị chèn thêm trước dòng số %(next)s (ngày %(day)s).")
    elif not row["seal"]:
        told = _("%(table)s số %(key)s của %(owner)s (ngày %(day)s) không có dấu: dòng do ngoài cổng chèn vào.")
    else:
        told = _(
            "%(table)s số %(key)s của %(owner)s (ngày %(day)s) không khớp dấu: dòng này bị sửa, hoặc dòng ngay trước "
            "nó bị xóa hay đổi chỗ."
        )
    return Fault(day, ROW, log.model._meta.db_table, key, owner, told % facts)


def _table(log: Log) -> str:
    return _("Diễn biến hồ sơ") if log.name == "event" else _("Thay đổi dự án")


def _heads() -> Iterator[Fault]:
    last: SealedDay | None = None
    for row in SealedDay.objects.order_by("day").iterator(chunk_size=CHUNK):
        head = Head(last)
        tallies = {log.name: head.take(_sealed(log, last, row)) for log in LOGS}
        if head.of(row) != row.head:
            yield Fault(row.day, HEAD, SealedDay._meta.db_table, row.pk, "", _of_day(row, tallies))
        last = row


def _sealed(log: Log, last: SealedDay | None, row: SealedDay) -> Iterator[tuple[int, str]]:
    since, until = getattr(last, f"last_{log.name}", 0), getattr(row, f"last_{log.name}")
    return log.rows.filter(pk__gt=since, pk__lte=until).values_list("pk", "seal").iterator(chunk_size=CHUNK)


def _of_day(row: SealedDay, tallies: dict[str, Tally]) -> str:
    events, changes = tallies["event"].count, tallies["change"].count
    facts = {"day": f"{row.day:%d/%m/%Y}", "rows": row.rows, "events": events, "changes": changes}
    facts |= {"sealed_events": row.events, "sealed_changes": row.changes}
    if (events, changes) != (row.events, row.changes):
        return (
            _(
                "Ngày %(day)s đã chốt %(sealed_events)s diễn biến hồ sơ, %(sealed_changes)s thay đổi dự án; nay còn "
                "%(events)s và %(changes)s: có dòng bị xóa hoặc chèn thêm."
            )
            % facts
        )
    told = _("Ngày %(day)s đủ %(rows)s dòng nhưng đầu chuỗi không khớp: có dòng của ngày này hoặc dòng chốt bị sửa.")
    return told % facts


def _strays() -> Iterator[Fault]:
    """Until a day is closed nothing but this tells that a dossier's last event was taken away."""
    last = Event.objects.filter(dossier=OuterRef("pk")).order_by("-pk").values("to_status")[:1]
    rows = Dossier.objects.filter(submitted_at__isnull=False).annotate(told=Subquery(last)).order_by("pk")
    stray = rows.filter(Q(told__isnull=True) | ~Q(told=F("status")))
    for row in stray.only("code", "reference", "status", "submitted_at").iterator(chunk_size=CHUNK):
        facts = {"owner": str(row), "status": row.get_status_display()}
        told = _("Hồ sơ %(owner)s ở trạng thái “%(status)s” nhưng diễn biến cuối không dẫn tới đó: thiếu diễn biến.")
        day = timezone.localdate(row.submitted_at)
        yield Fault(day, STATUS, Dossier._meta.db_table, 0, str(row), told % facts)
