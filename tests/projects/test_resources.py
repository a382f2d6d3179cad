"""The sheet of projects: what goes out, typed, with the position of today."""

from datetime import date
from decimal import Decimal

import pytest

from izportal import sheets
from projects import ledger
from projects.resources import ProjectResource
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db


def only_row():
    table = ProjectResource().export()
    return dict(zip(table.headers, table[0], strict=True))


def test_project_goes_out_with_its_position():
    enterprise = factories.make_enterprise(tax_code="0100000001")
    factories.make_project("9811112222", plot=factories.make_plot(), enterprise=enterprise, name="=Nhà máy")
    row = only_row()
    assert (row["Mã số dự án"], row["Mã số thuế"], row["Khu công nghiệp"]) == ("9811112222", "0100000001", "SC2")
    assert (row["Tình trạng"], row["Nguồn vốn"]) == ("Còn hiệu lực", "Vốn nước ngoài (FDI)")
    assert (row["Vốn đăng ký, USD"], row["Diện tích đất, m²"]) == (Decimal("12500000"), Decimal("65000"))
    assert row["Cấp lần đầu ngày"] == date(2021, 5, 10)


def test_ended_project_goes_out_with_nothing_left():
    project = factories.make_project()
    basis = ledger.Basis("9/QĐ-BQL", date(2026, 3, 3))
    ledger.terminate(project=project, basis=basis, by=factories.make_user(), at=at("2026-03-03 09:15"))
    row = only_row()
    assert (row["Tình trạng"], row["Vốn đăng ký, USD"]) == ("Đã chấm dứt", 0)


def test_project_without_an_enterprise_goes_out_with_empty_cells():
    factories.make_project()
    row = only_row()
    assert (row["Tổ chức kinh tế"], row["Mã số thuế"], row["Thời hạn đến ngày"]) == ("", "", None)


@pytest.mark.parametrize("form", sheets.FORMATS)
def test_name_of_a_project_is_never_a_formula(form):
    factories.make_project("9811112222", name="=cmd|'/C calc'!A0")
    sheet = sheets.read(form().export_data(ProjectResource().export()))
    assert sheet[0][:2] == ("9811112222", "'=cmd|'/C calc'!A0")
