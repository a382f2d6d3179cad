"""The sheet of phases: known by zone and code, kept within the zones of its sender."""

from decimal import Decimal

import pytest

from tests import factories
from tests.izportal.test_changesets import accept, faults, send, states
from zones.models import Phase

pytestmark = pytest.mark.django_db

HEADINGS = ["KCN", "Mã", "Tên khu, giai đoạn", "Diện tích, ha", "Độ tin cậy"]


def test_phases_come_in_by_zone_and_code(staff):
    zone, keeper = factories.make_zone(), staff("land")
    Phase.objects.create(zone=zone, slug="gd-1", name_vi="Cũ", confidence="high")
    rows = ["Sông Công II", "GD-1", "Giai đoạn 1", "195,27", ""], ["SC2", "gd-2", "Giai đoạn 2", "", ""]
    found = accept(send(keeper, *rows, ["SC2", "", "x", "", ""], kind="phases", headings=HEADINGS), keeper)
    assert states(found) == [(2, "applied"), (3, "applied"), (4, "fault")]
    assert list(Phase.objects.order_by("slug").values_list("slug", "name_vi", "area_ha", "confidence")) == [
        ("gd-1", "Giai đoạn 1", Decimal("195.27"), "high"), ("gd-2", "Giai đoạn 2", None, "unverified"),
    ]  # fmt: skip


def test_phase_of_another_zone_is_refused(staff):
    zone = factories.make_zone()
    Phase.objects.create(zone=zone, slug="gd-1", name_vi="Cũ")
    factories.make_zone("diem-thuy", "DT", "Điềm Thụy")
    found = send(staff("land", zones=["DT"]), ["SC2", "gd-1", "Mới", "", ""], kind="phases", headings=HEADINGS)
    assert [row[:2] for row in faults(found)][:1] == [(2, "A")]
