"""The sheet of procedures: what stands outside their versions comes in, a new one does not."""

import pytest

from tests import factories
from tests.izportal.test_changesets import accept, faults, send, states

pytestmark = pytest.mark.django_db

HEADINGS = ["Mã thủ tục", "Tên thủ tục", "Tên tiếng Anh", "STT", "Nhận hồ sơ tại cổng"]


@pytest.fixture
def administrator(staff):
    return staff("administrator")


def test_names_come_in_and_a_known_procedure_is_found_by_its_code(administrator):
    procedure = factories.make_procedure("1.009645", "Cũ", number=7)
    found = send(administrator, ["1.009645", "Mới", "", 8, "Có"], kind="procedures", headings=HEADINGS)
    assert (states(found), accept(found, administrator).state) == ([(2, "changed")], "applied")
    procedure.refresh_from_db()
    assert (procedure.name_vi, procedure.name_en, procedure.number) == ("Mới", None, 8)
    assert procedure.history.first().history_change_reason == f"change set {found.pk}"


def test_whether_dossiers_are_taken_here_waits_for_a_second_person(administrator):
    factories.make_procedure("1.009645", "Tên", number=7)
    found = send(administrator, ["1.009645", "Tên", "", 7, "Không"], kind="procedures", headings=HEADINGS)
    assert accept(found, administrator).state == "awaiting"


def test_new_procedure_does_not_come_in(administrator):
    found = send(administrator, ["1.000001", "Tên", "", 9, "Không"], kind="procedures", headings=HEADINGS)
    sentence = "Thủ tục mới được lập trên trang thủ tục, cùng phiên bản đầu tiên của nó."
    assert (2, "A", sentence) in faults(found)
