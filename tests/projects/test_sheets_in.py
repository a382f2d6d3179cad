"""Sheets of the register on their way in: each row is a deed with its decision, approved by a second person where
money or status moves, and voided where the set is undone."""

from datetime import date
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from izportal import changesets
from izportal.workbooks import columns_of
from projects import ledger
from projects.models import Change, Enterprise, Investor, Project, Report, Tenure
from projects.resources import ReportResource
from tests import factories
from tests.factories import at
from tests.izportal.test_changesets import accept, faults, send, states, undo, worked
from tests.projects import reporting

pytestmark = pytest.mark.django_db

DECISION = ["Số quyết định", "Ngày quyết định"]
DECIDED = ["77/QĐ-BQL", date(2026, 3, 1)]


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(at("2026-03-04 10:00"), tick=False):
        yield


@pytest.fixture
def keeper(staff):
    return staff("register")


@pytest.fixture
def leader(staff):
    return staff("leader")


def applied(keeper, leader, kind, headings, *rows):
    """Sent, accepted, approved where that is asked for."""
    found = accept(send(keeper, *rows, kind=kind, headings=headings), keeper)
    if found.state == "awaiting":
        changesets.approve(found, by=leader, at=timezone.now())
    return worked(found)


def entered(project):
    return [(row.kind, row.decision_number, row.capital_usd) for row in project.changes.as_known().order_by("pk")[1:]]


# Projects -----------------------------------------------------------------------------------------
NEW = ["Mã số dự án", "Tên dự án", "Nguồn vốn", "KCN", "MST", "Mã ngành", "Vốn đăng ký, USD", "Thời hạn đến ngày"]


def test_new_project_is_entered_with_its_decision(keeper, leader):
    factories.make_zone()
    factories.make_sector()
    enterprise = factories.make_enterprise(tax_code="0100000001")
    row = ["0098", "Nhà máy thử", "FDI", "Sông Công II", "0100000001", "25", "1.500.000", date(2060, 1, 1)]
    row[2] = "Vốn nước ngoài (FDI)"
    found = applied(keeper, leader, "projects", [*NEW, *DECISION], [*row, *DECIDED])
    project = Project.objects.get()
    assert (states(found), project.enterprise, project.term_until) == ([(2, "applied")], enterprise, date(2060, 1, 1))
    change = project.changes.get()
    assert (change.kind, change.capital_usd, change.decision_number) == ("issued", 1_500_000, "77/QĐ-BQL")
    assert (change.note, change.recorded_by) == (f"change set {found.pk}", leader)


def test_new_project_without_what_it_must_have_is_refused_at_each_column(keeper):
    found = send(keeper, ["0098", "", None, None], kind="projects", headings=["Mã số dự án", "Tên dự án", *DECISION])
    assert [(column, sentence) for _row, column, sentence in faults(found)] == [
        ("", "Dự án mới phải có cột này."), ("", "Dự án mới phải có cột này."), ("", "Dự án mới phải có cột này."),
        ("B", "Dự án mới phải có cột này."), ("C", "Thiếu số quyết định."), ("D", "Thiếu ngày quyết định."),
    ]  # fmt: skip


CHANGED = ["Mã số dự án", "Vốn đăng ký, USD", "Thời hạn đến ngày", "Tình trạng", "Tên dự án", *DECISION]


def test_known_project_is_changed_by_the_deeds(keeper, leader):
    project = factories.make_project("9811112222", name="Cũ")
    row = ["9811112222", 13_000_000, date(2066, 1, 1), "Tạm ngừng", "Mới", *DECIDED]
    found = applied(keeper, leader, "projects", CHANGED, row)
    project.refresh_from_db()
    assert (found.state, project.name_vi, project.term_until) == ("applied", "Mới", date(2066, 1, 1))
    assert entered(project) == [
        ("capital", "77/QĐ-BQL", 500_000), ("term", "77/QĐ-BQL", 0), ("suspended", "77/QĐ-BQL", 0),
    ]  # fmt: skip


def test_undone_project_is_as_it_was(keeper, leader, staff):
    project = factories.make_project("9811112222", name="Cũ")
    row = ["9811112222", 13_000_000, date(2066, 1, 1), "Tạm ngừng", "Mới", *DECIDED]
    found = undo(applied(keeper, leader, "projects", CHANGED, row), staff("register"))
    project.refresh_from_db()
    assert (states(found), project.name_vi, project.term_until) == ([(2, "undone")], "Cũ", None)
    now = ledger.position(project)
    assert (now.usd, ledger.status_of(project), project.changes.count()) == (12_500_000, "in_force", 7)


def test_project_that_was_entered_is_not_taken_back(keeper, leader, staff):
    factories.make_zone()
    factories.make_sector()
    row = ["0098", "Nhà máy", "Vốn nước ngoài (FDI)", "SC2", None, "25", 5, None]
    found = undo(applied(keeper, leader, "projects", [*NEW, *DECISION], [*row, *DECIDED]), staff("register"))
    assert (states(found), Project.objects.count()) == ([(2, "refused_undo")], 1)


def test_money_waits_for_a_second_person_and_a_name_does_not(keeper):
    factories.make_project("9811112222")
    headings = ["Mã số dự án", "Tên dự án", "Vốn đăng ký, USD", *DECISION]
    named = accept(
        send(keeper, ["9811112222", "Mới", 12_500_000, None, None], kind="projects", headings=headings), keeper
    )
    money = accept(
        send(keeper, ["9811112222", "Mới", 13_000_000, *DECIDED], kind="projects", headings=headings), keeper
    )
    assert (named.state, money.state) == ("applied", "awaiting")


def test_change_without_a_decision_is_refused(keeper):
    factories.make_project("9811112222")
    found = send(keeper, ["9811112222", 5], kind="projects", headings=["Mã số dự án", "Vốn đăng ký, USD"])
    assert [sentence for *_place, sentence in faults(found)] == ["Thiếu số quyết định.", "Thiếu ngày quyết định."]


def test_what_only_a_correction_mends_is_refused(keeper):
    factories.make_project("9811112222")
    headings = ["Mã số dự án", "Nguồn vốn", *DECISION]
    found = send(keeper, ["9811112222", "Vốn trong nước (DDI)", *DECIDED], kind="projects", headings=headings)
    assert faults(found) == [(2, "B", "Cột này chỉ sửa bằng “Hiệu đính” trên trang của dự án.")]


def test_row_that_the_ledger_refuses_is_held_and_the_others_are_written(keeper, leader):
    for code in ("9811112222", "9811112223"):
        factories.make_project(code, on=date(2021, 5, 10))
    headings = ["Mã số dự án", "Vốn đăng ký, USD", *DECISION]
    rows = ["9811112222", 1, "1", date(2020, 1, 1)], ["9811112223", 1, *DECIDED]
    found = applied(keeper, leader, "projects", headings, *rows)
    assert states(found) == [(2, "conflict"), (3, "applied")]
    assert faults(found) == [(2, "", "Ngày quyết định trước ngày cấp giấy chứng nhận lần đầu.")]


# Changes ------------------------------------------------------------------------------------------
ENTRY = ["Mã số dự án", "Loại", "Thay đổi vốn, USD", *DECISION]


def test_changes_are_entered_one_after_the_other_and_voided(keeper, leader, staff):
    project = factories.make_project("9811112222")
    rows = (
        ["9811112222", "Điều chỉnh vốn", -500_000, *DECIDED],
        ["9811112222", "Tạm ngừng", None, "78", date(2026, 3, 2)],
    )
    found = applied(keeper, leader, "changes", ENTRY, *rows)
    assert entered(project) == [("capital", "77/QĐ-BQL", -500_000), ("suspended", "78", 0)]
    undone = undo(found, staff("register"))
    assert (states(undone), ledger.position(project).usd) == ([(2, "undone"), (3, "undone")], 12_500_000)


@pytest.mark.parametrize("kind", ["Cấp mới", "Điều chỉnh diện tích đất", "Chuyển nhượng", "Hiệu đính"])
def test_change_that_a_sheet_cannot_say_is_told_its_deed(keeper, kind):
    factories.make_project("9811112222")
    found = send(keeper, ["9811112222", kind, None, *DECIDED], kind="changes", headings=ENTRY)
    [(row, column, sentence)] = faults(found)
    assert (row, column, "vào sổ" in sentence) == (2, "B", True)


def test_change_that_stands_is_never_edited(keeper, leader):
    factories.make_project("9811112222")
    row = ["9811112222", "Điều chỉnh vốn", 5, *DECIDED]
    applied(keeper, leader, "changes", ENTRY, row)
    assert states(send(keeper, row, kind="changes", headings=ENTRY)) == [(2, "unchanged")]
    edited = send(keeper, ["9811112222", "Điều chỉnh vốn", 6, *DECIDED], kind="changes", headings=ENTRY)
    assert faults(edited) == [
        (2, "C", "Dòng đã vào sổ không sửa được; hãy dùng “Hiệu đính” trên trang của thay đổi này.")
    ]  # fmt: skip
    assert Change.objects.count() == 2


# Tenures ------------------------------------------------------------------------------------------
LAND = ["Mã số dự án", "Mã lô", "Diện tích thuê, m²", *DECISION]


def test_plot_is_let_resized_and_handed_back(keeper, leader):
    plot = factories.make_plot()
    project = factories.make_project("9811112222", zone=plot.zone)
    seen = []
    for area, day in ((500, 1), (600, 2), (0, 3)):
        row = ["9811112222", plot.code, area, f"{day}/QĐ", date(2026, 3, day)]
        assert applied(keeper, leader, "tenures", LAND, row).state == "applied"
        seen.append([tenure.area_m2 for tenure in ledger.held(project)])
    assert (seen, [row.area_m2 for row in project.changes.order_by("pk")[1:]]) == (
        [[500], [600], []],
        [500, 100, -600],
    )


def test_plot_that_another_has_is_held(keeper, leader):
    plot = factories.make_plot()
    factories.make_project("9811112221", plot=plot)
    factories.make_project("9811112222", zone=plot.zone)
    found = applied(keeper, leader, "tenures", LAND, ["9811112222", plot.code, 500, *DECIDED])
    assert (states(found), faults(found)) == ([(2, "conflict")], [(2, "", "Lô SC2-CN-05 đã cho thuê.")])


def test_let_plot_is_free_again_where_the_set_is_undone(keeper, leader, staff):
    plot = factories.make_plot()
    project = factories.make_project("9811112222", zone=plot.zone)
    found = applied(keeper, leader, "tenures", LAND, ["9811112222", plot.code, 500, *DECIDED])
    undone = undo(found, staff("register"))
    assert (states(undone), ledger.held(project), plot.standing(on=date(2026, 3, 4)).status) == (
        [(2, "undone")], [], "handed_back",
    )  # fmt: skip


def test_tenure_that_has_ended_is_not_changed(keeper, leader):
    plot = factories.make_plot()
    project = factories.make_project("9811112222", plot=plot)
    applied(keeper, leader, "tenures", LAND, ["9811112222", plot.code, 0, *DECIDED])
    ended = Tenure.objects.get(project=project, ended_on__isnull=False)
    headings = [*LAND, "Khóa của cổng"]
    found = send(keeper, ["9811112222", plot.code, 7, *DECIDED, str(ended.pk)], kind="tenures", headings=headings)
    assert [row[:2] for row in faults(found)] == [(2, "C")]


# Reports ------------------------------------------------------------------------------------------
def paper(**changed):
    """A row of a report on paper: headings and cells."""
    headings = {column.path: column.heading for column in columns_of(ReportResource())}
    said = {"paper_on": date(2026, 10, 2), "paper_number": "12/BC"}
    said |= {name.replace("--", "__"): value for name, value in reporting.sheet().items()} | changed
    return ["Kỳ báo cáo", "Mã số dự án", *(headings[name] for name in said)], list(said.values())


@pytest.fixture
def owing():
    reporting.make_period()
    return reporting.make_subject(code="9811112222")


@time_machine.travel(at("2026-10-05 09:00"), tick=False)
def test_report_on_paper_is_filed_and_mended_by_a_new_version(keeper, leader, owing):
    headings, row = paper()
    assert applied(keeper, leader, "reports", headings, ["2026-Q3", "9811112222", *row]).state == "applied"
    first = Report.objects.get()
    assert (first.is_from_paper, first.paper_on, first.values["net_revenue"]["period"]) == (
        True, date(2026, 10, 2), "500000",
    )  # fmt: skip
    headings, row = paper(workers_vietnamese__total=121, cause="Cộng sai")
    mended = applied(keeper, leader, "reports", headings, ["2026-Q3", "9811112222", *row])
    assert (mended.state, faults(mended)) == ("applied", [])
    last = Report.objects.as_known().get()
    assert (last.number, last.cause, last.values["workers"]["total"]) == (2, "Cộng sai", "126")


@time_machine.travel(at("2026-10-05 09:00"), tick=False)
def test_fault_of_a_report_is_told_at_its_number(keeper, owing):
    headings, row = paper(net_revenue__period=None, paper_on=None)
    found = send(keeper, ["2026-Q3", "9811112222", *row], kind="reports", headings=headings)
    place = next(at for at, name in enumerate(headings) if name.startswith("Doanh thu thuần (net_revenue, trong"))
    assert faults(found) == [
        (2, "C", "Báo cáo nhập từ bản giấy phải có ngày của bản giấy."),
        (2, chr(ord("A") + place), "Chưa ghi; ghi 0 nếu không phát sinh."),
    ]  # fmt: skip


# People -------------------------------------------------------------------------------------------
def test_enterprises_come_in_by_their_tax_code(keeper, leader):
    factories.make_enterprise("Cũ", "0100000001", phone="1")
    headings = ["Mã số thuế", "Tên tổ chức kinh tế", "Điện thoại"]
    rows = ["0100000001", "Mới", "0208 3"], ["0100000002", "Hai", ""], ["010", "Ba", ""], ["", "Bốn", ""]
    found = applied(keeper, leader, "enterprises", headings, *rows)
    assert [row[:2] for row in faults(found)] == [(4, "A"), (5, "A")]
    assert list(Enterprise.objects.order_by("tax_code").values_list("tax_code", "name_vi", "phone")) == [
        ("0100000001", "Mới", "0208 3"), ("0100000002", "Hai", ""),
    ]  # fmt: skip


def test_investors_of_one_name_are_told_apart(keeper, leader):
    one = factories.make_investor("Kim", identifier="1")
    factories.make_investor("Lee")
    factories.make_investor("Lee")
    headings = ["Tên nhà đầu tư", "Quốc tịch", "Số định danh", "Loại"]
    rows = ["Kim", "KR", "1", "Cá nhân"], ["Kim", "kr", "2", "Tổ chức"], ["Lee", "KR", "", ""], ["Park", "XX", "", ""]
    found = applied(keeper, leader, "investors", headings, *rows)
    one.refresh_from_db()
    assert [row[:2] for row in faults(found)] == [(4, "A"), (5, "B")]
    assert (one.kind, Investor.objects.filter(name="Kim").count()) == ("individual", 2)


def test_sum_of_the_register_is_the_sheet_of_its_projects(keeper, leader):
    """What goes out after rows came in says what they said."""
    factories.make_project("9811112222")
    headings = ["Mã số dự án", "Vốn đăng ký, USD", *DECISION]
    applied(keeper, leader, "projects", headings, ["9811112222", Decimal("123.45"), *DECIDED])
    again = send(keeper, ["9811112222", "123,45", None, None], kind="projects", headings=headings)
    assert (states(again), faults(again)) == ([(2, "unchanged")], [])
