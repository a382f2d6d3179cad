"""Capacities and commitments by the sheet: what goes in, what is refused at which cell, what goes out."""

from datetime import date

import pytest
from django.urls import reverse

from izportal import sheets
from tests import factories
from tests.zones.test_resources import faults, run, sheet, states
from tests.zones.test_utilities import capacity, promise
from zones.models import Phase, UtilityCapacity, UtilityCommitment
from zones.utilities.resources import CapacityResource, CommitmentResource

pytestmark = pytest.mark.django_db
CAPACITIES = ["Khu công nghiệp", "Loại hạ tầng", "Công suất", "Từ ngày", "Nguồn", "Số liệu ngày"]
COMMITMENTS = ["Khu công nghiệp", "Loại hạ tầng", "Mức cam kết", "Từ ngày", "Nguồn", "Số liệu ngày"]
WATER = ["SC2", "cap nuoc", "14.000", "1/1/2020", "QĐ 1", "30/6/2026"]
TOTAL = [*WATER[:2], "0", *WATER[3:], "Có"]


def test_capacity_comes_in_with_its_phase(zone):
    phase = Phase.objects.create(zone=zone, slug="giai-doan-1", name_vi="Giai đoạn 1")
    result = run(sheet([*CAPACITIES, "Khu, giai đoạn"], [*WATER, "giai đoạn I"]), resource=CapacityResource)
    row = UtilityCapacity.objects.get()
    assert (faults(result), row.zone, row.phase, row.kind, row.amount) == ([], zone, phase, "water", 14000)
    assert (row.effective_on, row.stated_on, row.is_sample) == (date(2020, 1, 1), date(2026, 6, 30), False)


def test_sheet_sent_twice_changes_nothing(zone):
    for resource, row, more in ((CapacityResource, WATER, []), (CommitmentResource, TOTAL, ["Là tổng đã cam kết"])):
        table = sheet([*CAPACITIES, *more], row)
        assert [states(run(table, resource=resource)) for _time in range(2)] == [["applied"], ["unchanged"]]


def test_same_row_with_another_amount_is_changed(zone):
    row = capacity(zone, 9000)
    headings, cells = [*CAPACITIES, "Đến hết ngày"], [*WATER[:2], "8.500,5", *WATER[3:], "31/12/2027"]
    result = run(sheet(headings, cells), resource=CapacityResource)
    row.refresh_from_db()
    assert (states(result), str(row.amount), row.ends_on) == (["applied"], "8500.5", date(2027, 12, 31))


def test_commitment_names_a_plot_of_its_zone_by_code_or_number(zone):
    factories.make_zone("diem-thuy", "DT", "Điềm Thụy")
    plot = factories.make_plot("CN-05")
    rows = [["SC2", *WATER[1:], "cn-05"], ["Điềm Thụy", *WATER[1:], "SC2-CN-05"]]
    result = run(sheet([*COMMITMENTS, "Cho lô"], rows[0]), resource=CommitmentResource)
    assert (faults(result), UtilityCommitment.objects.get().plot) == ([], plot)
    wrong = run(sheet([*COMMITMENTS, "Cho lô"], *rows), resource=CommitmentResource, dry_run=True)
    assert faults(wrong) == [(3, "G", "Cho lô", "SC2-CN-05", "Không có lô “SC2-CN-05” trong khu này.")]


def test_each_fault_is_told_at_its_cell(zone):
    none = ["SC2", "Cấp điện", "0", *WATER[3:]]
    rows = [["", *WATER[1:]], ["SC2", "cáp quang", *WATER[2:]], none, WATER, WATER]
    result = run(sheet(CAPACITIES, *rows), resource=CapacityResource, dry_run=True)
    assert [fault[:2] for fault in faults(result)] == [(2, "A"), (3, "B"), (4, "C"), (6, "E")]
    assert [fault[-1] for fault in faults(result)][0::3] == [
        "Thiếu khu công nghiệp.",
        "Trùng với dòng 5 trong cùng tệp.",
    ]


def test_total_has_no_last_day(zone):
    table = sheet([*COMMITMENTS, "Là tổng đã cam kết", "Đến hết ngày"], [*TOTAL, "31/12/2027"])
    sentences = [fault[-1] for fault in faults(run(table, resource=CommitmentResource))]
    assert sentences == ["Tổng đã cam kết không có ngày cuối, không của riêng lô hay dự án nào."]
    assert UtilityCommitment.objects.count() == 0


def test_rows_that_cannot_be_told_apart_are_changed_by_hand(zone):
    for amount in (9000, 8000):
        capacity(zone, amount)
    result = run(sheet(CAPACITIES, WATER), resource=CapacityResource)
    assert [fault[-1] for fault in faults(result)] == ["Cổng có nhiều dòng như dòng này; hãy sửa từng dòng trên cổng."]


def test_operator_brings_in_only_the_own_zone(zone, staff):
    factories.make_zone("diem-thuy", "DT", "Điềm Thụy")
    operator = staff("operator", zones=["DT"])
    result = run(sheet(CAPACITIES, WATER), resource=CapacityResource, user=operator)
    assert [fault[-1] for fault in faults(result)] == ["Không có khu công nghiệp “SC2” trong phạm vi của bạn."]


def test_what_goes_out_comes_back_in_unchanged(zone):
    promise(zone, 300, plot=factories.make_plot("CN-05"), held_for="DA-1", ends_on=date(2030, 1, 1))
    promise(zone, 4000, is_total=True)
    capacity(zone, 9000, phase=Phase.objects.create(zone=zone, slug="giai-doan-1", name_vi="Giai đoạn 1"))
    for resource, number in ((CapacityResource, 1), (CommitmentResource, 2)):
        result = run(sheets.Excel().export_data(resource().export()), resource=resource)
        assert (faults(result), states(result)) == ([], ["unchanged"] * number)


@pytest.mark.parametrize("kind", ["capacity", "commitment"])
def test_list_is_exported_and_imported_by_who_keeps_the_land(client, zone, staff, kind):
    capacity(zone, 9000)
    promise(zone, 0, is_total=True)
    found = {}
    for role in ("land", "operator", "head"):
        client.force_login(staff(role))
        pages = [reverse(f"admin:zones_utility{kind}_{deed}") for deed in ("export", "import")]
        found[role] = [client.get(page).status_code for page in pages]
    assert found == {"land": [200, 200], "operator": [200, 200], "head": [200, 403]}
