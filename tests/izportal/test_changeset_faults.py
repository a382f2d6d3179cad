"""Forty faults of many kinds planted in a workbook: each is told at its true sheet, row and column; what is sound
comes in all the same, and goes back again."""

import hashlib
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from izportal.models import ChangeSetRow
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
    """Two sheets under two lines of title each, the forty faults spread over both; where they are, and the numbers of
    the plots of all other rows."""
    book, places, whole, step = openpyxl.Workbook(), [], [], 2 * many // (len(FAULTS) + 1)
    for name in ("Khu A", "Khu B"):
        page = book.create_sheet(name)
        page.append(["BAN QUẢN LÝ CÁC KHU CÔNG NGHIỆP"])
        page.merge_cells("A1:M1")
        page.append(["Danh sách lô đất"])
        page.append(HEADINGS)
        for line in range(4, many + 4):
            number = len(places) + len(whole) + 1
            page.append(sound(number))
            if number % step or len(places) == len(FAULTS):
                whole.append(f"A-{number}")
                continue
            where, what, told = FAULTS[len(places)]
            page[f"{LETTERS[where]}{line}"] = what
            places.append((name, line, LETTERS[told]))
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)
    return out.getvalue(), places, whole


def told(found):
    rows = found.rows.filter(state="fault").order_by("position")
    return [(row.sheet, row.number, fault["column"]) for row in rows for fault in row.faults]


def stand(numbers):
    zone = factories.make_zone()
    Plot.objects.bulk_create([Plot(zone=zone, number=one, code=f"SC2-{one}", area_m2=7) for one in numbers])


@pytest.mark.parametrize("many", [66, pytest.param(2_500, marks=pytest.mark.prove)])
def test_forty_faults_stand_at_their_places_and_the_rest_goes_in_and_back(staff, many):
    keeper = staff("land")
    content, places, whole = workbook(many)
    known = whole[::10]
    stand(known)
    found = send_file(keeper, content)
    assert (len(places), sorted(set(told(found)) ^ set(places))) == (40, [])
    assert counted(found) == {"new": len(whole) - len(known), "changed": len(known), "fault": 40}
    Plot.objects.filter(number=known[1]).update(area_m2=8)
    accept(found, keeper)
    assert counted(found) == {"applied": len(whole) - 1, "conflict": 1, "fault": 40}
    assert Plot.objects.filter(area_m2=Decimal("1234.5")).count() == Plot.history.count() == len(whole) - 1
    Plot.objects.filter(number=known[2]).update(area_m2=3)
    undo(found, keeper)
    assert counted(found) == {"undone": len(whole) - 2, "refused_undo": 1, "conflict": 1, "fault": 40}
    stands = dict.fromkeys(known, 7) | {known[1]: 8, known[2]: 3}
    assert dict(Plot.objects.values_list("number", "area_m2")) == stands
    with found.stored.file.open("rb") as kept:
        assert kept.read() == content
    assert (found.stored.sha256, found.state) == (hashlib.sha256(content).hexdigest(), "undone")


def counted(found):
    return {state: many for state, many in found.counts().items() if state in ChangeSetRow.State.values and many}
