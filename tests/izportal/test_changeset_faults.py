"""Forty faults of many kinds planted in a workbook: each is told at its true sheet, row and column; what is sound
comes in all the same, and goes back again."""

import hashlib
import io
from datetime import date

import openpyxl
import pytest

from tests import factories
from tests.izportal.test_changesets import accept, send_file, undo
from zones.models import Plot

pytestmark = pytest.mark.django_db

HEADINGS = ["STT", "Mã lô", "KCN", "Số lô", "Loại đất", "Diện tích (m2)", "Giá thuê", "Tiền tệ", "Cách tính giá",
            "Giá tính đến ngày", "Thời hạn đất đến năm", "Mật độ xây dựng, %", "Công bố"]  # fmt: skip
LETTERS = dict(zip(HEADINGS, "ABCDEFGHIJKLM", strict=True))
# What is written where; the column where it is told, where that is another.
FAULTS = [
    ("KCN", "Sông Cong III", "KCN"), ("KCN", "", "KCN"), ("KCN", "Khu lạ", "KCN"), ("Số lô", "", "Số lô"),
    ("Số lô", "x" * 31, "Số lô"), ("Loại đất", "ruộng", "Loại đất"), ("Loại đất", "nhà trọ", "Loại đất"),
    ("Diện tích (m2)", "nhiều", "Diện tích (m2)"), ("Diện tích (m2)", "-5", "Diện tích (m2)"),
    ("Diện tích (m2)", "0", "Diện tích (m2)"), ("Diện tích (m2)", "1.2.3", "Diện tích (m2)"),
    ("Diện tích (m2)", "1,2345", "Diện tích (m2)"), ("Diện tích (m2)", "9" * 21, "Diện tích (m2)"),
    ("Diện tích (m2)", "", "Diện tích (m2)"), ("Diện tích (m2)", "99999999999", "Diện tích (m2)"),
    ("Diện tích (m2)", True, "Diện tích (m2)"), ("Diện tích (m2)", "=1/0", "Diện tích (m2)"),
    ("Giá thuê", "90", "Giá thuê"), ("Giá thuê", "-1", "Giá thuê"), ("Giá thuê", "rẻ", "Giá thuê"),
    ("Tiền tệ", "EUR", "Tiền tệ"), ("Tiền tệ", "đồng", "Tiền tệ"), ("Cách tính giá", "mỗi sào", "Cách tính giá"),
    ("Giá tính đến ngày", "31/02/2026", "Giá tính đến ngày"), ("Giá tính đến ngày", "hôm nay", "Giá tính đến ngày"),
    ("Giá tính đến ngày", "13/13/2026", "Giá tính đến ngày"), ("Giá tính đến ngày", "5", "Giá tính đến ngày"),
    ("Thời hạn đất đến năm", "2055,5", "Thời hạn đất đến năm"),
    ("Thời hạn đất đến năm", "-1", "Thời hạn đất đến năm"),
    ("Thời hạn đất đến năm", "mãi mãi", "Thời hạn đất đến năm"), ("Mật độ xây dựng, %", "101", "Mật độ xây dựng, %"),
    ("Mật độ xây dựng, %", "-1", "Mật độ xây dựng, %"), ("Mật độ xây dựng, %", "60%", "Mật độ xây dựng, %"),
    ("Công bố", "có lẽ", "Công bố"), ("Công bố", 7, "Công bố"), ("Mã lô", "SC2 / 1", "Mã lô"),
    ("Mã lô", "L" * 51, "Mã lô"), ("Mã lô", "ô-1", "Mã lô"),
    ("Mật độ xây dựng, %", "vừa", "Mật độ xây dựng, %"), ("Số lô", "A-1", "Số lô"),
]  # fmt: skip


def sound(number):
    kind, day = (
        ("Đất công nghiệp", "dat cong nghiep", "land")[number % 3],
        ("05/02/2026", date(2026, 2, 5))[number % 2],
    )
    area = ("1.234,5", "1,234.5", 1234.5, "1234,5")[number % 4]
    zone, word = ("SC2", "Sông Công 2", "KCN Sông Công II")[number % 3], ("Có", "x", "không")[number % 3]
    return [number, "", zone, f"A-{number}", kind, area, "", "", "", day, 2055, "60", word]


def workbook(many):
    """Two sheets under two lines of title each; every third row holds the next of the faults."""
    book, places, left = openpyxl.Workbook(), [], list(FAULTS)
    for name in ("Khu A", "Khu B"):
        page = book.create_sheet(name)
        page.append(["BAN QUẢN LÝ CÁC KHU CÔNG NGHIỆP"])
        page.merge_cells("A1:M1")
        page.append(["Danh sách lô đất"])
        page.append(HEADINGS)
        for _row in range(many):
            number = sum(sheet.max_row for sheet in book.worksheets)
            page.append(sound(number) if page.max_row > 3 or name == "Khu B" else sound(1))
            if left and page.max_row > 4 and page.max_row % 3 == 0:
                where, what, told = left.pop(0)
                page[f"{LETTERS[where]}{page.max_row}"] = what
                places.append((name, page.max_row, LETTERS[told]))
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), places


def told(found):
    rows = found.rows.filter(state="fault").order_by("position")
    return [(row.sheet, row.number, fault["column"]) for row in rows for fault in row.faults]


def test_forty_faults_stand_at_their_places_and_the_rest_goes_in_and_back(staff):
    factories.make_zone()
    factories.make_plot("CN-1", area_m2=9)
    keeper = staff("land")
    content, places = workbook(66)
    found = send_file(keeper, content)
    assert len(places) == 40
    assert sorted(set(told(found)) ^ set(places)) == []
    count = found.counts()
    assert (count["new"], count["fault"]) == (2 * 66 - 40, 40)
    edited = Plot.objects.create(zone=Plot.objects.get().zone, number="A-1", code="SC2-A-1", area_m2=7)
    accept(found, keeper)
    assert (found.counts()["applied"], found.counts()["conflict"]) == (2 * 66 - 41, 1)
    touched = Plot.objects.exclude(pk__in=[edited.pk]).exclude(number="CN-1").first()
    Plot.objects.filter(pk=touched.pk).update(area_m2=3)
    undo(found, keeper)
    assert set(Plot.objects.values_list("number", "area_m2")) == {("CN-1", 9), ("A-1", 7), (touched.number, 3)}
    assert (found.stored.sha256, found.state) == (hashlib.sha256(content).hexdigest(), "undone")
