"""The pages of the calendar: proposing days, the preview, its sheet, applying and dropping."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from izportal.management import calendar_file, reference, settle
from izportal.management.settle import Tally
from izportal.models import CalendarDay
from onestop import daysoff
from onestop.daysoff.forms import DaysForm
from onestop.models import CalendarChange, Dossier
from tests import factories, uploads
from tests.factories import at
from tests.izportal.test_sheets import excel

pytestmark = pytest.mark.django_db

NOW = at("2026-03-04 10:00")
GROUND = {"announcement": "12/TB-BNV", "reason": "Nghỉ bù"}
NAMED = {**GROUND, "kind": "off", "name_vi": "Nghỉ thử", "name_en": "Trial"}


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, staff, catalogue):
    settle.save(CalendarDay(day=date(2026, 1, 1), kind="off", name_vi="Tết Dương lịch"))
    person = staff("administrator")
    client.force_login(person)
    return person


def address(name, *args, model="onestop_calendarchange"):
    return reverse(f"admin:{model}_{name}", args=args)


def day_page(name, *args):
    return address(name, *args, model="izportal_calendarday")


def propose(client, days="10/03/2026", **said):
    return client.post(day_page("add"), {**NAMED, "days": days, **said})


def apply(client, change, seen=None):
    seen = seen or daysoff.look(change).digest
    return client.post(address("apply", change.pk), {"seen": seen}, follow=True)


def test_days_are_proposed_shown_and_applied(client, admin):
    dossier = factories.advance(factories.make_dossier(), "received")
    answer = propose(client, "10/03/2026\n12/03/2026 – 15/03/2026")
    change = CalendarChange.objects.get()
    assert answer.url == address("change", change.pk)
    assert CalendarDay.objects.count() == 1
    page = client.get(answer.url)
    assert (page.context["moved"], page.context["kept"], str(dossier) in page.content.decode()) == (1, 0, True)
    apply(client, change)
    days = CalendarDay.objects.filter(day__gt="2026-01-01").values_list("day", "announcement")
    assert [*days] == [(date(2026, 3, day), "12/TB-BNV") for day in (10, 12, 13)]
    dossier.refresh_from_db()
    assert dossier.due_at == at("2026-03-20 17:00")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"days": "hôm nào"}, "không phải là ngày"),
        ({"days": "10/03/2026 - 01/03/2026"}, "ngày cuối trước ngày đầu"),
        ({"days": "01/03/2026 - 30/06/2026"}, "dài hơn 31 ngày"),
        ({"days": "07/03/2026 - 08/03/2026"}, "chỉ có thứ Bảy và Chủ nhật"),
        ({"days": "1/3/2026 - 2/3/2026 - 3/3/2026"}, "một ngày hoặc một khoảng ngày"),
        ({"days": "10/03/3026"}, "không phải là ngày"),
        ({"announcement": ""}, "bắt buộc"),
        ({"reason": " "}, "bắt buộc"),
    ],
)
def test_what_cannot_be_proposed_is_said_beside_what_was_typed(client, admin, said, sentence):
    answer = propose(client, **said)
    page = answer.content.decode()
    assert (answer.status_code, sentence in page, "Nghỉ thử" in page) == (200, True, True)
    assert CalendarChange.objects.count() == 0


def test_ranges_of_make_up_days_keep_their_weekends():
    form = DaysForm({**NAMED, "kind": "make_up", "days": "07/03/2026 – 08/03/2026"})
    assert (form.is_valid(), [edit.day.day for edit in form.edits()]) == (True, [7, 8])


def test_day_moved_to_another_date_leaves_the_old_one(client, admin):
    row = CalendarDay.objects.get()
    client.post(day_page("change", row.pk), {**NAMED, "day": "02/01/2026"})
    apply(client, CalendarChange.objects.get())
    assert [(row.day, row.name_vi) for row in CalendarDay.objects.all()] == [(date(2026, 1, 2), "Nghỉ thử")]


def test_days_are_taken_out_one_by_one_and_together(client, admin):
    keys = [CalendarDay.objects.create(day=date(2026, 4, n), name_vi="Nghỉ").pk for n in (1, 2, 3)]
    client.post(day_page("delete", keys[0]), GROUND)
    chosen = {"action": "take_out", "_selected_action": keys[1:]}
    page = client.post(day_page("changelist"), chosen)
    client.post(page.url, GROUND)
    for change in CalendarChange.objects.order_by("pk"):
        apply(client, change)
    assert list(CalendarDay.objects.values_list("day", flat=True)) == [date(2026, 1, 1)]


def test_change_overtaken_by_another_dossier_is_shown_again_with_the_difference(client, admin):
    propose(client)
    change = CalendarChange.objects.get()
    seen = daysoff.look(change).digest
    factories.advance(factories.make_dossier(), "received")
    answer = apply(client, change, seen)
    page = answer.content.decode()
    assert (answer.status_code, answer.context["changed_count"], "Khác so với lần xem trước" in page) == (409, 1, True)
    assert apply(client, change, answer.context["now"].digest).status_code == 200
    assert CalendarDay.objects.filter(day="2026-03-10").count() == 1


def test_second_press_of_the_button_is_harmless_and_a_dropped_change_stays_dropped(client, admin):
    propose(client)
    change = CalendarChange.objects.get()
    seen = daysoff.look(change).digest
    assert [apply(client, change, seen).status_code for _time in range(2)] == [200, 200]
    propose(client, "11/03/2026")
    dropped = CalendarChange.objects.first()
    client.post(address("drop", dropped.pk))
    assert "đã bị bỏ" in apply(client, dropped).content.decode()
    assert CalendarDay.objects.filter(day="2026-03-11").count() == 0


def test_sheet_holds_every_promise(client, admin):
    dossier = factories.advance(factories.make_dossier(), "received")
    propose(client)
    sheet = client.get(address("csv", CalendarChange.objects.get().pk)).content.decode("utf-8-sig").splitlines()
    assert sheet[1] == (
        f'"{dossier.code}","{dossier.enterprise}","Hẹn trả kết quả","17/03/2026 17:00","18/03/2026 17:00",'
        '"18/03/2026 17:00","Lùi"'
    )


def test_list_tells_who_did_what_and_how_many_moved(client, admin):
    factories.advance(factories.make_dossier(), "received")
    propose(client)
    apply(client, CalendarChange.objects.get())
    page = client.get(address("changelist")).content.decode()
    assert ("Đã áp dụng" in page, str(admin) in page, "10/03/2026" in page) == (True, True, True)


def test_only_administrators_change_the_calendar(client, admin, staff):
    propose(client)
    change = CalendarChange.objects.get()
    client.force_login(staff("leader"))
    row = CalendarDay.objects.get()
    posts = (address("apply", change.pk), address("drop", change.pk), day_page("delete", row.pk), day_page("add"))
    assert [client.post(post, GROUND).status_code for post in posts] == [403, 403, 403, 403]
    assert client.get(address("change", change.pk)).context["may_apply"] is False


@pytest.mark.parametrize("many", [1, 3])
def test_preview_costs_the_same_however_many_move(client, admin, django_assert_num_queries, many):
    for _n in range(many):
        factories.advance(factories.make_dossier(), "received")
    propose(client)
    page = address("change", CalendarChange.objects.get().pk)
    client.get(page)
    with django_assert_num_queries(15):
        client.get(page)


# The calendar that comes with the portal -----------------------------------------------------------
def file_says(*days):
    return [{"day": day, "kind": "off", "name_vi": "Nghỉ", "name_en": "Off", "announcement": "9/TB"} for day in days]


def test_new_file_waits_for_the_administrator_where_dossiers_are_open(client, admin):
    dossier = factories.advance(factories.make_dossier(), "received")
    tally = Tally()
    for _time in range(2):
        calendar_file.load(file_says("2026-01-01", "2026-03-10"), tally, at=NOW)
    change = CalendarChange.objects.get()
    assert ([row["day"] for row in change.edits], change.announcement, len(tally.refused)) == (
        ["2026-01-01", "2026-03-10"], "9/TB", 2,
    )  # fmt: skip
    assert CalendarDay.objects.count() == 1
    apply(client, change)
    assert Dossier.objects.get(pk=dossier.pk).due_at == at("2026-03-18 17:00")
    calendar_file.load(file_says("2026-01-01", "2026-03-10"), last := Tally(), at=NOW)
    assert (last.refused, CalendarChange.objects.count()) == ([], 1)


def test_file_fills_the_calendar_of_a_portal_without_dossiers(db):
    calendar_file.load(reference.read("izportal/data/calendar.json")["days"], tally := Tally(), at=NOW)
    assert (CalendarDay.objects.count(), CalendarChange.objects.count(), tally.refused) == (45, 0, [])


# Sheets -------------------------------------------------------------------------------------------
def send_days(client, *rows, headings=("Ngày", "Loại", "Tên", "Văn bản thông báo")):
    sent = uploads.sent("lich.xlsx", excel(headings, *rows))
    return client.post(day_page("import"), {**GROUND, "import_file": sent})


def test_days_of_a_sheet_are_proposed_and_nothing_else_is_touched(client, admin):
    rows = [date(2026, 3, 10), "Ngày nghỉ", "Nghỉ thử", ""], ["14/03/2026", "Ngày làm bù", "Bù", "15/TB"]
    answer = send_days(client, *rows, ["01/01/2026", "", "", ""])
    change = CalendarChange.objects.get()
    told = [(edit["day"], edit["kind"], edit["announcement"]) for edit in change.edits]
    assert (answer.url, CalendarDay.objects.count()) == (address("change", change.pk), 1)
    assert told == [("2026-01-01", "", ""), ("2026-03-10", "off", "12/TB-BNV"), ("2026-03-14", "make_up", "15/TB")]


def test_calendar_that_comes_back_as_it_went_out_changes_nothing(client, admin):
    content = client.post(day_page("export"), {"form": "xlsx"}).getvalue()
    answer = client.post(day_page("import"), {**GROUND, "import_file": uploads.sent("lich.xlsx", content)})
    assert answer.context["form"].non_field_errors() == [
        "Lịch đã có đúng các ngày này; không có gì để thay đổi."
    ]  # fmt: skip
    assert CalendarChange.objects.count() == 0


def test_faults_of_days_are_told_at_their_cells(client, admin):
    rows = ["31/02/2026", "Ngày nghỉ", "A", ""], ["10/03/2026", "Nghỉ", "A", ""], ["11/03/2026", "Ngày nghỉ", "", ""]
    answer = send_days(client, *rows, ["11/03/2026", "Ngày nghỉ", "B", ""])
    told = [sentence.partition(":")[0] for sentence in answer.context["form"].errors["import_file"]]
    assert (told, CalendarChange.objects.count()) == (["Ô A2", "Ô B3", "Ô C4", "Ô A5"], 0)


def test_sheet_without_days_is_refused(client, admin):
    answer = send_days(client, ["x", "y"], headings=("Cột", "Khác"))
    assert list(answer.context["form"].errors) == ["import_file"]


def test_days_come_in_from_who_may_change_the_calendar(client, staff):
    client.force_login(staff("leader"))
    assert [client.get(day_page(page)).status_code for page in ("import", "template")] == [403, 403]
