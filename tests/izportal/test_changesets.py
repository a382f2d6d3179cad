"""A file on its way into the portal: read, reviewed, accepted, approved, applied, undone; what each person may do."""

import io

import openpyxl
import pytest
from django.utils import timezone

from izportal import changesets, outbox
from izportal.changesets import marking, progress, work
from izportal.models import ChangeSet, ChangeSetRow, StoredFile
from tests import factories, uploads
from tests.factories import at
from tests.izportal.test_sheets import excel
from zones.models import Availability, Plot
from zones.resources import PlotResource

pytestmark = pytest.mark.django_db

HEADINGS = ["Mã lô", "KCN", "Số lô", "Diện tích, m²"]
MOMENT = at("2026-03-03 09:15")


@pytest.fixture
def keeper(staff):
    return staff("land")


@pytest.fixture
def leader(staff):
    return staff("leader")


def send(by, *rows, kind="plots", name="lo.xlsx", headings=HEADINGS):
    return send_file(by, excel(headings, *rows), kind=kind, name=name)


def send_file(by, content, *, kind="plots", name="lo.xlsx"):
    change_set = changesets.begin(kind=kind, upload=uploads.sent(name, content), by=by, at=MOMENT)
    return worked(change_set)


def worked(change_set):
    outbox.drain()
    change_set.refresh_from_db()
    return change_set


def accept(change_set, by, **options):
    changesets.accept(change_set, by=by, at=timezone.now(), **options)
    return worked(change_set)


def undo(change_set, by):
    changesets.undo(change_set, by=by, at=timezone.now())
    return worked(change_set)


def states(change_set):
    return list(change_set.rows.order_by("position").values_list("number", "state"))


def faults(change_set):
    told = change_set.rows.exclude(faults=[]).order_by("position")
    return [(row.number, fault["column"], fault["sentence"]) for row in told for fault in row.faults]


# Reading ------------------------------------------------------------------------------------------
def test_file_is_kept_read_and_compared(keeper):
    factories.make_plot("CN-05", area_m2=65000)
    factories.make_plot("CN-06", area_m2=65000)
    rows = ["SC2-CN-05", "", "", 70000], ["SC2-CN-06", "", "", 65000], ["", "SC2", "CN-07", 5], ["", "SC2", "", 5]
    found = send(keeper, *rows)
    assert states(found) == [(2, "changed"), (3, "unchanged"), (4, "new"), (5, "fault")]
    assert (found.state, len(found.stored.sha256), StoredFile.objects.filter(pk=found.stored_id).exists()) == (
        "ready", 64, True,
    )  # fmt: skip
    first = found.rows.first()
    assert (first.before, first.after, first.key) == ({"area_m2": "65000"}, {"area_m2": "70000"}, "SC2-CN-05")
    assert Plot.objects.count() == 2


def test_titles_above_and_numbering_beside_are_passed_over(keeper):
    factories.make_zone()
    head, row = ["STT", "Khu CN", "Ký hiệu lô", "Diện tích (m2)"], [1, "SC2", "CN-01", "1.234,5"]
    found = send_file(keeper, excel(["DANH SÁCH LÔ ĐẤT"], [], head, row))
    assert (states(found), found.remarks) == ([(4, "new")], ["Tiêu đề cột ở dòng 3; các dòng trên là tên bảng."])
    assert found.rows.get().after["area_m2"] == "1234.5"


def test_several_sheets_keep_their_places(keeper):
    factories.make_zone()
    book = openpyxl.Workbook()
    for name, number in (("Khu A", "CN-01"), ("Khu B", "CN-02"), ("Ghi chép", None)):
        page = book.create_sheet(name)
        if number:
            page.append(HEADINGS)
            page.append(["", "SC2", number, 5])
        else:
            page.append(["tự do"])
    del book["Sheet"]
    out = io.BytesIO()
    book.save(out)
    found = send_file(keeper, out.getvalue())
    assert list(found.rows.values_list("sheet", "number", "state")) == [("Khu A", 2, "new"), ("Khu B", 2, "new")]
    assert found.remarks == ["Trang “Ghi chép” không có dòng tiêu đề quen; cổng bỏ qua."]


def test_formula_counts_as_its_value_and_is_told(keeper):
    factories.make_plot("CN-05")

    def calculated(page):
        page["D2"] = "=1+1"

    found = send_file(keeper, excel(HEADINGS, ["SC2-CN-05", "", "", None], change=calculated))
    assert faults(found) == [(2, "D", "Ô là công thức chưa có kết quả. Hãy dán giá trị thay cho công thức.")]
    assert found.rows.get().formulas == ["Diện tích, m²"]


def test_file_without_the_columns_is_refused_whole(keeper):
    found = send(keeper, ["x", "y"], headings=["Họ tên", "Tuổi"])
    assert (found.state, found.rows.count()) == ("refused", 0)
    assert "Không tìm thấy dòng tiêu đề nào" in found.remarks[-1]


def test_reading_again_begins_from_the_first_row(keeper):
    factories.make_zone()
    found = send(keeper, ["", "SC2", "CN-07", 5])
    ChangeSet.objects.update(state="parsing")
    work.parse(found.pk)
    assert (states(found), ChangeSetRow.objects.count()) == ([(2, "new")], 1)


def test_reading_stops_when_asked(keeper):
    factories.make_zone()
    upload = uploads.sent("lo.xlsx", excel(HEADINGS, ["", "SC2", "CN-07", 5]))
    found = changesets.begin(kind="plots", upload=upload, by=keeper, at=MOMENT)
    progress.ask_to_stop(found.pk)
    assert (worked(found).state, found.rows.count()) == ("cancelled", 0)


def test_row_edited_since_its_export_is_a_conflict(keeper):
    plot = factories.make_plot("CN-05")
    token = PlotResource(keeper).tokens([plot.pk])[plot.pk]
    row = [plot.code, "SC2", "CN-05", 70000, f"{plot.pk}:{token}"]
    headings = [*HEADINGS, "Khóa của cổng"]
    assert states(send(keeper, row, headings=headings)) == [(2, "changed")]
    Plot.objects.update(price_on="2026-01-01")
    assert states(send(keeper, row, headings=headings, name="b.xlsx")) == [(2, "conflict")]


def test_key_of_another_record_is_a_fault(keeper):
    plot = factories.make_plot("CN-05")
    factories.make_plot("CN-06")
    found = send(keeper, ["SC2-CN-06", "", "", 5, str(plot.pk)], headings=[*HEADINGS, "Khóa của cổng"])
    assert [sentence for _n, _c, sentence in faults(found)] == ["Khóa ẩn của dòng này là của “CN-05 · Sông Công II”."]


# Accepting ----------------------------------------------------------------------------------------
def test_valid_rows_are_applied_with_their_history(keeper):
    plot = factories.make_plot("CN-05")
    rows = ["SC2-CN-05", "", "", 70000], ["", "SC2", "Lô Đ 7", 5], ["", "SC2", "x", "nhiều"]
    found = accept(send(keeper, *rows), keeper)
    new = Plot.objects.get(code="SC2-Lo-D-7")
    plot.refresh_from_db()
    assert (found.state, states(found)) == ("applied", [(2, "applied"), (3, "applied"), (4, "fault")])
    assert (plot.area_m2, new.area_m2, "lo d 7" in new.folded) == (70000, 5, True)
    reason = f"change set {found.pk}"
    told = [(row.history_type, row.history_user, row.history_change_reason) for row in (
        plot.history.first(), new.history.get())]  # fmt: skip
    assert told == [("~", keeper, reason), ("+", keeper, reason)]


def test_only_picked_rows_are_applied(keeper):
    factories.make_zone()
    found = send(keeper, ["", "SC2", "CN-07", 5], ["", "SC2", "CN-08", 5])
    accept(found, keeper, rows=[found.rows.last().pk])
    assert (states(found), Plot.objects.get().number) == ([(2, "new"), (3, "applied")], "CN-08")
    accept(found, keeper)
    assert Plot.objects.count() == 2


def test_nothing_to_accept_is_told(keeper):
    factories.make_zone()
    found = send(keeper, ["", "SC2", "CN-07", "nhiều"])
    with pytest.raises(changesets.ChangeSetRefused, match="Không có dòng hợp lệ"):
        accept(found, keeper)


def test_row_edited_meanwhile_is_held(keeper):
    plot = factories.make_plot("CN-05")
    found = send(keeper, ["SC2-CN-05", "", "", 70000], ["", "SC2", "CN-08", 5])
    Plot.objects.update(area_m2=66000)
    accept(found, keeper)
    plot.refresh_from_db()
    assert (states(found), plot.area_m2) == ([(2, "conflict"), (3, "applied")], 66000)
    assert faults(found) == [(2, "", "Đã có người sửa bản ghi này sau khi tệp được đọc.")]


def test_new_row_that_a_colleague_entered_meanwhile_is_held(keeper):
    factories.make_zone()
    found = send(keeper, ["", "SC2", "CN-08", 5])
    factories.make_plot("CN-08", area_m2=9)
    accept(found, keeper)
    assert (states(found), Plot.objects.get().area_m2) == ([(2, "conflict")], 9)


def test_applying_twice_changes_nothing_more(keeper):
    factories.make_zone()
    found = accept(send(keeper, ["", "SC2", "CN-08", 5]), keeper)
    work.apply(found.pk)
    assert (Plot.objects.count(), Plot.history.count()) == (1, 1)


def test_applying_stops_when_asked_and_keeps_nothing(keeper):
    factories.make_zone()
    found = send(keeper, ["", "SC2", "CN-08", 5])
    changesets.accept(found, by=keeper, at=MOMENT)
    progress.ask_to_stop(found.pk)
    assert (worked(found).state, Plot.objects.count(), states(found)) == ("ready", 0, [(2, "new")])


# The second person --------------------------------------------------------------------------------
PRICED = [*HEADINGS, "Giá", "Đơn vị tiền", "Cách tính giá"]


def priced(keeper):
    factories.make_zone()
    return accept(send(keeper, ["", "SC2", "CN-08", 5, 90, "USD", "m2_term"], headings=PRICED), keeper)


def test_money_waits_for_a_second_person(keeper, leader):
    found = priced(keeper)
    assert (found.state, Plot.objects.count(), changesets.approvers(found)) == ("awaiting", 0, [leader])
    for person in (keeper, factories.make_user()):
        with pytest.raises(changesets.ChangeSetRefused, match="phải là người khác"):
            changesets.approve(found, by=person, at=MOMENT)
    changesets.approve(found, by=leader, at=MOMENT)
    assert (worked(found).state, Plot.objects.get().price) == ("applied", 90)
    assert Plot.history.get().history_user == leader


def test_second_person_sends_back_with_a_reason(keeper, leader):
    found = changesets.send_back(priced(keeper), by=leader, at=MOMENT, reason="giá sai")
    assert (found.state, found.remarks) == ("ready", [f"{leader} trả lại: giá sai"])


def test_who_sent_money_does_not_undo_it(keeper, leader):
    found = priced(keeper)
    changesets.approve(found, by=leader, at=MOMENT)
    with pytest.raises(changesets.ChangeSetRefused, match="không được tự hoàn tác"):
        changesets.undo(worked(found), by=keeper, at=MOMENT)


# Undoing ------------------------------------------------------------------------------------------
def test_undo_puts_back_all_but_what_was_touched_since(keeper):
    plots = [factories.make_plot(number, area_m2=65000) for number in ("CN-01", "CN-02")]
    found = accept(send(keeper, *[[p.code, "", "", 1] for p in plots], ["", "SC2", "CN-03", 5]), keeper)
    Plot.objects.filter(pk=plots[1].pk).update(area_m2=2)
    undo(found, keeper)
    assert dict(Plot.objects.values_list("number", "area_m2")) == {"CN-01": 65000, "CN-02": 2}
    assert (found.state, states(found)) == ("undone", [(2, "undone"), (3, "refused_undo"), (4, "undone")])
    assert faults(found) == [(3, "", "Đã có người sửa bản ghi này sau khi nhập.")]
    assert plots[0].history.first().history_change_reason == f"change set {found.pk} ↶"
    assert Plot.history.filter(history_type="-").get().history_user == keeper


def test_new_row_on_which_others_rest_is_not_taken_away(keeper):
    factories.make_zone()
    found = accept(send(keeper, ["", "SC2", "CN-03", 5]), keeper)
    Availability.objects.create(plot=Plot.objects.get(), status="available", effective_on=MOMENT.date())
    undo(found, keeper)
    assert (Plot.objects.count(), states(found)) == (1, [(2, "refused_undo")])


def test_rows_go_away_together_but_for_the_one_in_the_way(keeper):
    factories.make_zone()
    found = accept(send(keeper, *[["", "SC2", f"CN-{number}", 5] for number in range(5)]), keeper)
    held = Plot.objects.get(number="CN-3")
    Availability.objects.create(plot=held, status="available", effective_on=MOMENT.date())
    undo(found, keeper)
    assert list(Plot.objects.all()) == [held]
    assert [state for _number, state in states(found)] == ["undone"] * 3 + ["refused_undo", "undone"]
    assert set(Plot.history.filter(history_type="-").values_list("history_user", "history_change_reason")) == {
        (keeper.pk, f"change set {found.pk} ↶"),
    }  # fmt: skip


# Proposals ----------------------------------------------------------------------------------------
def test_proposal_is_a_set_of_one_row(keeper, leader):
    plot = factories.make_plot("CN-05")
    found = changesets.propose(
        kind="plots", rows=[{"code": plot.code, "area_m2": "70.000"}], by=keeper, at=MOMENT, note="đo lại", record=plot
    )  # fmt: skip
    accept(found, keeper)
    plot.refresh_from_db()
    assert (plot.area_m2, found.state, found.note) == (70000, "applied", "đo lại")


# The file with its faults -------------------------------------------------------------------------
def test_marked_file_shows_each_fault_at_its_cell(keeper):
    factories.make_zone()
    found = send(keeper, ["", "SC2", "CN-07", "nhiều"])
    with found.marked.file.open("rb") as content:
        book = openpyxl.load_workbook(content)
    told, page = book.worksheets
    assert page["D2"].comment.text == "“nhiều” không phải là số. Ví dụ số đúng: 1.234,5."
    assert [cell.value for cell in told[2]][1:5] == [2, "D", "Diện tích, m²", "nhiều"]


def marked_of(found):
    with found.marked.file.open("rb") as content:
        return openpyxl.load_workbook(content)


@pytest.mark.parametrize("kind", ["csv", "long"])
def test_file_written_anew_keeps_every_value_in_its_cell(keeper, monkeypatch, kind):
    factories.make_zone()
    rows = [["Danh sách lô"], HEADINGS, ["", "SC2", "007", "nhiều"], [], ["", "SC2", "=1+1", "5"], ["x"]]
    if kind == "csv":
        content, name = "\n".join(";".join(row) for row in rows).encode(), "lo.csv"
    else:
        monkeypatch.setattr(marking, "MOST_KEPT_AS_IT_IS", 0)
        content, name = excel(*rows[:4], ["", "SC2", "x", 5], ["x"]), "lo.xlsx"
    found = send_file(keeper, content, name=name)
    told, page = marked_of(found).worksheets
    assert [row[1:3] for row in told.iter_rows(min_row=2, values_only=True)] == [
        (3, "D"), (6, "B"), (6, "C"), (6, "D"),
    ]  # fmt: skip
    values = [list(row) for row in page.iter_rows(values_only=True)]
    assert values[2:5] == [
        [None, "SC2", "007", "nhiều"],
        [None] * 4,
        [None, "SC2", *(["'=1+1", "5"] if kind == "csv" else ["x", 5])],
    ]
    assert (page["D3"].comment.text, page["D3"].fill.fgColor.rgb) == (told["F2"].value, "FFF2B8B5")


def test_page_of_faults_is_passed_over_when_the_marked_file_comes_back(keeper):
    factories.make_zone()
    found = send(keeper, ["", "SC2", "CN-07", "nhiều"])
    with found.marked.file.open("rb") as content:
        again = send_file(keeper, content.read(), name="lai.xlsx")
    assert (faults(again), again.remarks) == (faults(found), [])
