"""Sample change sets, as a keeper of land data would send them: one that has been applied, one with faults, one that
waits for the second person. They speak of sample plots only; a set is a sample where its sender is."""

import io
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from izportal import changesets
from izportal.changesets import marking, work
from izportal.management.sample.setting import Setting
from izportal.models import ChangeSet
from zones.models import Plot

TITLE = "MINH HỌA – số liệu giả định, không phải của lô có thật"
NOTE = "Minh họa: số liệu giả định"


def make(setting: Setting) -> None:
    plots = list(Plot.objects.filter(is_sample=True, zone__code="SC2").order_by("code")[:6])
    send = partial(_sent, setting)
    networks = ["Mã lô", "Nước cấp, m³/ngày", "Điện tại hàng rào, kVA"]
    _accept(setting, send(5, "cap-nuoc", networks, [[p.code, 120 + 10 * n, 2_000] for n, p in enumerate(plots)]))
    told: list[list[Any]] = [
        [plots[0].code, "không rõ", 2_500],
        ["SC2-KHONG-CO", 100, 1_000],
        [plots[1].code, "1.250,5", "2.000,55"],
    ]
    marking.mark(send(2, "co-loi", networks, [*told, [plots[2].code, "95,5", 2_500]]).pk)
    prices = ["Mã lô", "Giá", "Đơn vị tiền", "Cách tính giá", "Giá tính đến ngày"]
    day = setting.today.replace(day=1)
    rows = [[p.code, 78 + n, "USD", "mỗi m² cả thời hạn", day] for n, p in enumerate(plots[:3])]
    _accept(setting, send(1, "gia-thue", prices, rows))


def remove() -> None:
    """Sets of sample people, before the people go."""
    ChangeSet.objects.filter(uploaded_by__is_sample=True).delete()


def job_keys() -> list[str]:
    """How the keys of the jobs of such sets begin."""
    return [f"bang-{pk}-" for pk in ChangeSet.objects.filter(uploaded_by__is_sample=True).values_list("pk", flat=True)]


def _sent(setting: Setting, days: int, name: str, headings: list[str], rows: list[list[Any]]) -> ChangeSet:
    upload = SimpleUploadedFile(f"minh-hoa-{name}.xlsx", _workbook(headings, rows))
    change_set = changesets.begin(
        kind="plots", upload=upload, by=setting.people["land"], at=_moment(setting, days), note=NOTE
    )  # fmt: skip
    work.parse(change_set.pk)
    return change_set


def _accept(setting: Setting, change_set: ChangeSet) -> None:
    at = change_set.uploaded_at + timedelta(minutes=20)
    changesets.accept(change_set, by=setting.people["land"], at=at)
    work.apply(change_set.pk, at=at)


def _moment(setting: Setting, days: int) -> datetime:
    return setting.now - timedelta(days=days, minutes=40)


def _workbook(headings: list[str], rows: list[list[Any]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.title = "Lô đất"
    for row in ([TITLE], headings, *rows):
        book.active.append(row)
    book.save(out)
    return out.getvalue()
