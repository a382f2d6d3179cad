"""Zones and plots by the sheet: what goes in, what is refused at which cell, what goes out."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from izportal import changesets, outbox, sheets
from izportal.models import ChangeSet
from tests import factories, uploads
from zones.models import Phase, Plot, Zone
from zones.resources import PlotResource, ZoneResource

pytestmark = pytest.mark.django_db

HEADINGS = ["Mã lô", "Khu công nghiệp", "Số lô", "Diện tích, m²"]


def sheet(headings, *rows):
    lines = [";".join(f'"{cell}"' for cell in row) for row in (headings, *rows)]
    return "\n".join(lines).encode()


def run(table, *, resource=PlotResource, dry_run=False, user=None):
    """The change set of a sheet, its valid rows applied unless it is only tried."""
    sender = user or factories.make_staff("land")
    upload = uploads.sent("bang.xlsx" if table.startswith(b"PK") else "bang.csv", table)
    found = changesets.begin(kind=resource.name, upload=upload, by=sender, at=timezone.now())
    outbox.drain()
    found.refresh_from_db()
    if not dry_run and found.rows.filter(state__in=("new", "changed")).exists():
        changesets.accept(found, by=sender, at=timezone.now())
        if ChangeSet.objects.get(pk=found.pk).state == "awaiting":
            changesets.approve(found, by=factories.make_staff("leader"), at=timezone.now())
        outbox.drain()
        found.refresh_from_db()
    return found


def states(found):
    return list(found.rows.values_list("state", flat=True))


def faults(found):
    return [
        (row.number, fault["column"], fault["heading"], fault["value"], fault["sentence"])
        for row in found.rows.all()
        for fault in row.faults
    ]


@pytest.fixture
def zone():
    factories.make_zone("diem-thuy", "DT", "Điềm Thụy")
    return factories.make_zone()


# In -----------------------------------------------------------------------------------------------
def test_new_plot_comes_in_with_its_facts(zone):
    headings = [*HEADINGS, "Loại", "Giá", "Đơn vị tiền", "Cách tính giá", "Giá tính đến ngày", "Công bố"]
    row = [
        "",
        "KCN Sông Công 2",
        "CN-07",
        "65.000,5",
        "nha xuong xay san",
        "92",
        "USD",
        "mỗi m² cả thời hạn",
        "5/2/2026",
        "Không",
    ]
    result = run(sheet(headings, row))
    plot = Plot.objects.get()
    assert faults(result) == []
    assert (plot.code, plot.zone, plot.number, plot.area_m2) == ("SC2-CN-07", zone, "CN-07", Decimal("65000.5"))
    assert (plot.kind, plot.price, plot.price_basis, plot.price_on) == ("factory", 92, "m2_term", date(2026, 2, 5))
    assert (plot.is_published, plot.is_sample) == (False, False)


def test_known_plot_changes_only_in_the_columns_given(zone):
    plot = factories.make_plot("CN-05", price=90, price_currency="USD", price_basis="m2_term")
    run(sheet(["ma lo", "DIỆN TÍCH (m²)"], ["sc2-cn-05", "70000"]))
    plot.refresh_from_db()
    assert (plot.code, plot.area_m2, plot.price) == ("SC2-CN-05", 70000, 90)


def test_known_plot_is_found_by_zone_and_number(zone):
    plot = factories.make_plot("CN-05")
    result = run(sheet(["KCN", "Số lô", "Diện tích"], ["SC2", "cn-05", "70.000"]))
    plot.refresh_from_db()
    assert (states(result), plot.area_m2, plot.number) == (["applied"], 70000, "cn-05")


def test_empty_cell_clears_what_may_be_empty_and_keeps_what_may_not(zone):
    plot = factories.make_plot("CN-05", price=90, price_currency="USD", price_basis="m2_term")
    headings = ["Mã lô", "Số lô", "Loại", "Công bố", "Giá", "Đơn vị tiền", "Cách tính giá"]
    assert faults(run(sheet(headings, ["SC2-CN-05", "", "", "", "", "", ""]))) == []
    plot.refresh_from_db()
    assert (plot.number, plot.kind, plot.is_published, plot.price) == ("CN-05", "land", True, None)


def test_unchanged_row_is_counted_and_leaves_no_history(zone):
    plot = factories.make_plot("CN-05")
    result = run(sheet(HEADINGS, ["SC2-CN-05", "SC2", "CN-05", "65000"]))
    assert (states(result), plot.history.count()) == (["unchanged"], 1)


def test_import_says_in_the_history_where_it_came_from(zone):
    plot = factories.make_plot("CN-05")
    found = run(sheet(["Mã lô", "Diện tích"], ["SC2-CN-05", "70000"]))
    assert plot.history.first().history_change_reason == f"change set {found.pk}"


def test_phase_is_looked_for_in_the_zone_of_the_plot(zone):
    Phase.objects.create(zone=Zone.objects.get(code="DT"), slug="giai-doan-2", name_vi="Giai đoạn 2")
    right = Phase.objects.create(zone=zone, slug="giai-doan-1", name_vi="Giai đoạn 1")
    headings = [*HEADINGS, "Giai đoạn"]
    result = run(
        sheet(headings, ["", "SC2", "1", "5", "giai đoạn I"], ["", "SC2", "2", "5", "Giai đoạn 2"]), dry_run=True
    )
    assert result.rows.get(state="new").after["phase"] == right.pk
    assert faults(result) == [
        (3, "E", "Khu, giai đoạn", "Giai đoạn 2", "Không có “Giai đoạn 2” trong khu này. Có phải “Giai đoạn 1”?")
    ]


def test_status_is_read_by_nobody(zone):
    plot = factories.make_plot("CN-05")
    result = run(sheet(["Mã lô", "Tình trạng", "Giữ cho"], ["SC2-CN-05", "Đã cho thuê", "MAU-1"]))
    standing = plot.standing(on=timezone.localdate()).status
    assert (standing, plot.availabilities.count(), states(result)) == ("available", 1, ["unchanged"])
    assert result.remarks == ["Chỉ để xem, không nhập: Tình trạng, Giữ cho."]


# Faults -------------------------------------------------------------------------------------------
def test_each_fault_is_told_by_row_and_column(zone):
    rows = ["", "Sông Cong III", "CN-07", "nhiều"], ["", "", "", "5"], ["", "SC2", "CN-08", "-5"]
    assert faults(run(sheet(HEADINGS, *rows), dry_run=True)) == [
        (2, "B", "Khu công nghiệp", "Sông Cong III",
         "Không có khu công nghiệp “Sông Cong III” trong phạm vi của bạn. Có phải “Sông Công II”?"),
        (2, "D", "Diện tích, m²", "nhiều", "“nhiều” không phải là số. Ví dụ số đúng: 1.234,5."),
        (3, "B", "Khu công nghiệp", "", "Thiếu khu công nghiệp (hoặc mã lô)."),
        (3, "C", "Số lô", "", "Thiếu số lô (hoặc mã lô)."),
        (4, "D", "Diện tích, m²", "-5", "Diện tích lô phải lớn hơn 0."),
    ]  # fmt: skip


def test_code_that_no_address_can_carry_is_refused_at_its_cell(zone):
    result = run(sheet(HEADINGS, ["SC2-CN-05/1", "SC2", "CN-05/1", "1"]), dry_run=True)
    assert faults(result) == [
        (2, "A", "Mã lô", "SC2-CN-05/1",
         "Mã chỉ gồm chữ cái không dấu, chữ số, dấu chấm, gạch ngang và gạch dưới."),
    ]  # fmt: skip


@pytest.mark.parametrize(("number", "code"), [("CN-05/1", "SC2-CN-05-1"), ("Lô Đ 7 (mới)", "SC2-Lo-D-7-moi")])
def test_usual_code_is_one_that_an_address_can_carry(zone, number, code):
    run(sheet(HEADINGS, ["", "SC2", number, "65000"]))
    plot = Plot.objects.get()
    assert (plot.number, plot.code, plot.get_absolute_url()) == (number, code, f"/quy-dat/{code}/")


def test_rule_of_several_columns_is_told_at_one_of_them(zone):
    factories.make_plot("CN-05")
    rows = ["SC2-X", "SC2", "CN-05", "1", ""], ["SC2-Y", "SC2", "CN-06", "1", "92"]
    result = run(sheet([*HEADINGS, "Giá"], *rows), dry_run=True)
    assert faults(result) == [
        (2, "C", "Số lô", "CN-05", "Số lô này đã có trong khu."),
        (3, "E", "Giá", "92", "Giá phải có đơn vị tiền và cách tính."),
    ]


def test_trial_writes_nothing(zone):
    result = run(sheet(HEADINGS, ["", "SC2", "CN-07", "65000"]), dry_run=True)
    assert (states(result), Plot.objects.count()) == (["new"], 0)


def test_plot_twice_in_a_sheet_is_refused(zone):
    result = run(sheet(HEADINGS, ["SC2-CN-07", "SC2", "CN-07", "1"], ["", "SC2", "CN-07", "2"]), dry_run=True)
    assert faults(result)[0] == (3, "C", "Số lô", "CN-07", "Trùng với dòng 2 trong cùng tệp.")


def test_plot_of_another_zone_is_refused(zone):
    factories.make_plot("CN-05")
    result = run(sheet(HEADINGS, ["SC2-CN-05", "Điềm Thụy", "CN-05", "1"]), dry_run=True)
    assert faults(result) == [(2, "B", "Khu công nghiệp", "Điềm Thụy", "Lô SC2-CN-05 thuộc khu Sông Công II.")]


def test_strange_and_doubled_columns_are_told(zone):
    result = run(sheet(["Mã lô", "Diện tich m2 ", "Diện tích, m²", "Ghi chú"], ["A", "1", "1", "x"]), dry_run=True)
    assert [(fault[1], fault[-1]) for fault in faults(result)[:2]] == [
        ("C", "Cột này bị lặp; cổng chỉ đọc cột B."),
        ("D", "Không có cột này trong mẫu, cổng không đọc. Có phải “Giữ cho”?"),
    ]


def test_keeper_of_some_zones_imports_into_those_only(zone, staff):
    factories.make_plot("CN-05")
    keeper = staff("land", zones=["DT"])
    result = run(sheet(["Mã lô", "Diện tích"], ["SC2-CN-05", "1"]), user=keeper)
    assert faults(result) == [(2, "A", "Mã lô", "SC2-CN-05", "Lô này ngoài phạm vi của bạn.")]


# Zones --------------------------------------------------------------------------------------------
def test_zone_comes_in_by_its_code(zone):
    result = run(
        sheet(["Mã KCN", "Chủ đầu tư", "Vĩ độ"], ["sc2", "Công ty Hạ tầng", "21,48013"]), resource=ZoneResource
    )
    zone.refresh_from_db()
    assert faults(result) == []
    assert (zone.code, zone.developer_vi, zone.latitude) == ("SC2", "Công ty Hạ tầng", Decimal("21.48013"))


def test_new_zone_without_its_names_is_refused_at_their_columns(zone):
    headings = ["Mã khu", "Đường dẫn", "Tên khu công nghiệp", "Tên gọi ngắn"]
    result = run(sheet(headings, ["MOI", "khu moi", "", ""]), resource=ZoneResource, dry_run=True)
    assert [(row, column) for row, column, *_rest in faults(result)] == [(2, "B"), (2, "C"), (2, "D")]


# Out ----------------------------------------------------------------------------------------------
def test_what_goes_out_comes_in_again_without_a_change(zone):
    factories.make_plot("CN-05", price=90, price_currency="USD", price_basis="m2_term", description_vi="=1+1; -5")
    for form in sheets.FORMATS:
        result = run(form().export_data(PlotResource().export()))
        assert (faults(result), states(result)) == ([], ["unchanged"])


def test_plot_goes_out_with_its_status_and_no_formula(zone):
    factories.make_plot("CN-05", description_vi="=HYPERLINK(1)")
    table = PlotResource().export()
    written = dict(zip(table.headers, sheets.read(sheets.Csv().export_data(table))[0], strict=True))
    assert (written["Mã lô"], written["Khu công nghiệp"], written["Diện tích, m²"]) == ("SC2-CN-05", "SC2", "65000")
    assert (written["Tình trạng"], written["Công bố"], written["Mô tả"]) == ("Còn trống", "Có", "'=HYPERLINK(1)")


def test_zones_go_out(zone):
    table = ZoneResource().export()
    assert table["Mã khu"] == ["DT", "SC2"]
