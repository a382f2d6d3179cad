"""The control slip and the register: what they read from the events, who sees them, and as which files."""

from io import BytesIO

import openpyxl
import pytest
from django.urls import reverse
from pypdf import PdfReader

from onestop import periods, registers, workflow
from onestop.models import Dossier
from tests import factories
from tests.factories import at

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
YEAR = periods.of("2026")


@pytest.fixture
def people(catalogue):
    return factories.make_people()


@pytest.fixture
def walked(people):
    """`walked("delivered")`: a dossier brought to a status, every step at one moment."""
    return lambda status, start="2026-03-03 09:15", **fields: factories.advance(
        factories.make_dossier(**fields), status, people=people, start=at(start)
    )


def take(dossier, people, *steps):
    for moment, role, step, details in steps:
        dossier = workflow.take(dossier, step, by=people[role], at=at(moment), **details)
    return dossier


def told(dossier):
    return [(row.event.step, row.giver, row.receiver, row.outcome) for row in registers.control(dossier)["handovers"]]


# Mẫu 06 -----------------------------------------------------------------------------------------------------------
def test_control_slip_has_a_block_for_each_hand_over(walked, people):
    dossier = walked("delivered")
    firm, who = dossier.enterprise.name, {role: str(person) for role, person in people.items()}
    early = "trước hạn"
    assert told(dossier) == [
        ("receive", firm, who["reception"], early),
        ("assign", who["head"], who["specialist"], early),
        ("propose", who["specialist"], who["head"], early),
        ("forward", who["head"], who["leader"], early),
        ("grant", who["leader"], who["clerk"], early),
        ("seal", who["clerk"], who["clerk"], early),
        ("deliver", who["clerk"], "Người nộp", ""),
    ]


def test_control_slip_names_the_units(walked):
    rows = registers.control(walked("leader_sign"))["handovers"]
    assert [(row.from_unit, row.to_unit) for row in rows[1:]] == [
        ("Phòng Quản lý đầu tư (Lãnh đạo phòng)", "Phòng Quản lý đầu tư (Chuyên viên thụ lý)"),
        ("Phòng Quản lý đầu tư (Chuyên viên thụ lý)", "Phòng Quản lý đầu tư (Lãnh đạo phòng)"),
        ("Phòng Quản lý đầu tư (Lãnh đạo phòng)", "Lãnh đạo Ban"),
    ]


def test_control_slip_bears_the_number_of_the_receipt(walked):
    assert registers.control(walked("received"))["number"] == "1/2026/PKS"


def test_a_return_and_a_late_step_stand_in_the_control_slip(walked, people):
    dossier = take(
        walked("head_check"), people,
        ("2026-03-10 10:00", "head", "return_to_specialist", {"note": "Bổ sung căn cứ"}),
        ("2026-03-17 16:00", "specialist", "propose", {"proposal": "granted", "note": "Đã sửa", "project_code": "98"}),
        ("2026-03-18 09:00", "head", "forward", {}),
    )  # fmt: skip
    rows = registers.control(dossier)["handovers"][-3:]
    assert [(row.event.step, row.outcome) for row in rows] == [
        ("return_to_specialist", "trước hạn"), ("propose", "đúng hạn"), ("forward", "quá hạn"),
    ]  # fmt: skip
    assert rows[0].event.note == "Bổ sung căn cứ"


def test_a_step_is_measured_by_the_promise_that_held_then(walked, people):
    dossier = take(
        walked("head_check"), people,
        ("2026-03-12 09:00", "leader", "extend", {"reason": "Chờ ý kiến", "new_due_at": at("2026-03-31 17:00")}),
        ("2026-03-18 09:00", "head", "forward", {}),
    )  # fmt: skip
    rows = registers.control(dossier)["handovers"]
    assert [f"{row.due:%d/%m}" for row in rows[-2:]] == ["17/03", "31/03"]
    assert rows[-1].outcome == "trước hạn"


def test_what_the_applicant_does_is_not_measured(walked, people):
    dossier = take(
        walked("in_review"), people,
        ("2026-03-04 09:00", "specialist", "ask_supplement", {"items": ["Báo cáo"], "reason": "Thiếu"}),
    )  # fmt: skip
    workflow.take(dossier, "answer_supplement", by=dossier.created_by, at=at("2026-03-09 09:00"), answer="Đã nộp")
    dossier = take(dossier, people, ("2026-03-09 10:00", "specialist", "accept_supplement", {}))
    rows = told(dossier)[-2:]
    firm, officer = dossier.enterprise.name, str(people["specialist"])
    assert rows == [("ask_supplement", officer, firm, "trước hạn"), ("accept_supplement", firm, officer, "")]


def test_control_slip_tells_the_board_what_each_station_spent_of_its_budget(walked, people):
    dossier = take(
        walked("head_check"), people,
        ("2026-03-05 09:15", "head", "return_to_specialist", {"note": "Bổ sung căn cứ"}),
        ("2026-03-06 09:15", "specialist", "propose", {"proposal": "granted", "note": "x", "project_code": "98"}),
    )  # fmt: skip
    sheet = registers.control(dossier, budget=registers.Budget(dossier, at=at("2026-03-06 10:00")))
    spent = [(row.event.step, row.station and str(row.station.spent)) for row in sheet["handovers"]]
    assert spent == [
        ("receive", "0.0"), ("assign", "0.0"), ("propose", "0.0"), ("return_to_specialist", "16.0"),
        ("propose", "8.0"),
    ]  # fmt: skip
    assert (sheet["budget"].limit, sheet["budget"].total <= sheet["budget"].limit) == (80, True)


def test_budgets_stand_on_the_screen_of_staff_and_on_no_paper(client, walked, people):
    dossier = walked("leader_sign")
    client.force_login(people["leader"])
    page = client.get(reverse("admin:onestop_dossier_control", args=[dossier.pk])).content.decode()
    pdf = client.get(reverse("admin:onestop_dossier_control_pdf", args=[dossier.pk]))
    text = " ".join("".join(one.extract_text() for one in PdfReader(BytesIO(pdf.content)).pages).split())
    assert (page.count('class="no-print handover__own"'), "Mức nội bộ" in page) == (5, True)
    assert "Mức nội bộ" not in text and "giờ làm việc" not in text
    client.force_login(dossier.created_by)
    assert "Mức nội bộ" not in client.get(dossier.get_absolute_url()).content.decode()


def test_sheets_are_in_two_languages_on_request(client, walked, people):
    dossier = walked("leader_sign")
    client.force_login(people["leader"])
    control = reverse("admin:onestop_dossier_control_pdf", args=[dossier.pk])
    for address in (control, reverse("admin:onestop_dossier_register_pdf") + "?period=2026"):
        joint = "&" if "?" in address else "?"
        texts = {}
        for choice in ("one", "both"):
            pdf = PdfReader(BytesIO(client.get(f"{address}{joint}languages={choice}").content))
            texts[choice] = " ".join("".join(one.extract_text() for one in pdf.pages).split())
        assert ["RECEPTION AND RESULT DELIVERY" in texts[choice] for choice in texts] == [False, True]


def test_control_slip_is_in_the_languages_of_the_dossier_unless_asked_otherwise(client, walked, people):
    dossier = walked("leader_sign")
    Dossier.objects.filter(pk=dossier.pk).update(is_bilingual=True)
    client.force_login(people["leader"])
    address = reverse("admin:onestop_dossier_control", args=[dossier.pk])
    both, one = (client.get(address, query) for query in ({}, {"languages": "one"}))
    assert (both.context["is_bilingual"], one.context["is_bilingual"]) == (True, False)
    assert ('href="?languages=one"' in both.content.decode(), 'class="en"' in one.content.decode()) == (True, False)


@pytest.mark.parametrize("status", ["in_review", "delivered"])
def test_control_slip_asks_the_database_a_fixed_number_of_times(walked, status, django_assert_num_queries):
    dossier = Dossier.objects.with_names().select_related("division").get(pk=walked(status).pk)
    with django_assert_num_queries(6):
        registers.control(dossier)


def test_there_is_no_control_slip_before_reception(client, walked, people):
    client.force_login(people["reception"])
    address = reverse("admin:onestop_dossier_control", args=[walked("submitted").pk])
    assert client.get(address).status_code == 404


def test_control_slip_as_page_and_as_pdf_say_the_same(client, walked, people):
    dossier = walked("leader_sign")
    client.force_login(people["leader"])
    page = client.get(reverse("admin:onestop_dossier_control", args=[dossier.pk])).content.decode()
    pdf = client.get(reverse("admin:onestop_dossier_control_pdf", args=[dossier.pk]))
    text = " ".join("".join(one.extract_text() for one in PdfReader(BytesIO(pdf.content)).pages).split())
    for words in (dossier.code, "1/2026/PKS", str(people["specialist"]), "Lãnh đạo Ban"):
        assert words in page and words in text
    assert "no-store" in pdf["Cache-Control"]


# Mẫu 07 -----------------------------------------------------------------------------------------------------------
def listed(**period):
    return registers.lines(registers.received(Dossier.objects.all(), periods.Period(**period) if period else YEAR))


def test_register_lists_what_was_received_in_the_order_of_reception(walked):
    later, first = walked("received", "2026-03-04 08:00"), walked("received", "2026-03-03 08:00")
    walked("submitted")
    assert [(line.number, line.dossier) for line in listed()] == [(1, first), (2, later)]


def test_register_keeps_to_its_period(walked):
    dossier = walked("received", "2026-03-31 16:59")
    march, april = periods.of("2026-03"), periods.of("2026-04")
    rows = Dossier.objects.all()
    assert [list(registers.received(rows, month)) for month in (march, april)] == [[dossier], []]


def test_register_says_how_and_when_the_result_was_returned(walked, people):
    delivered, open_one = walked("delivered"), walked("in_review")
    withdrawn = walked("received")
    workflow.take(withdrawn, "withdraw", by=withdrawn.created_by, at=at("2026-03-05 09:00"), note="Đổi kế hoạch")
    found = {line.dossier.pk: (line.returned_at, line.way) for line in listed()}
    assert found == {
        delivered.pk: (at("2026-03-03 09:15"), "Tại Một cửa"),
        open_one.pk: (None, ""),
        withdrawn.pk: (at("2026-03-05 09:00"), "Đã rút hồ sơ"),
    }


@pytest.mark.parametrize("count", [1, 3])
def test_register_asks_the_database_a_fixed_number_of_times(
    client, walked, people, count, django_assert_num_queries
):  # fmt: skip
    for _one in range(count):
        walked("delivered")
    client.force_login(people["clerk"])
    address = reverse("admin:onestop_dossier_register")
    client.get(address, {"period": "2026"})
    with django_assert_num_queries(6):
        shown = client.get(address, {"period": "2026"})
    assert len(shown.context["lines"]) == count


def test_register_is_paged_and_numbers_run_on(client, walked, people, monkeypatch):
    monkeypatch.setattr("onestop.registers_admin.PAGE_SIZE", 2)
    for _one in range(3):
        walked("received")
    client.force_login(people["clerk"])
    second = client.get(reverse("admin:onestop_dossier_register"), {"period": "2026", "page": "2"})
    assert [line.number for line in second.context["lines"]] == [3]


@pytest.mark.parametrize("asked", [{"period": "2026-13"}, {"since": "31/02/2026"}, {"page": "x"}, {"page": "99"}])
def test_a_senseless_period_or_page_gets_a_page(client, walked, people, asked):
    walked("received")
    client.force_login(people["clerk"])
    shown = client.get(reverse("admin:onestop_dossier_register"), asked)
    assert (shown.status_code, shown.context["lines"]) == (200, [])


def test_register_as_excel_has_typed_cells_in_the_order_of_the_form(client, walked, people):
    dossier = walked("delivered")
    client.force_login(people["clerk"])
    answer = client.get(reverse("admin:onestop_dossier_register_book"), {"period": "2026"})
    sheet = openpyxl.load_workbook(BytesIO(answer.content)).active
    heads, row = ([cell.value for cell in line] for line in sheet.iter_rows(max_row=2))
    assert heads == [str(name) for name in registers.COLUMNS]
    assert row[:2] == [1, dossier.code] and f"{row[6]:%H:%M %d/%m/%Y}" == "09:15 03/03/2026"
    assert "so-theo-doi-ho-so-20260101-20261231.xlsx" in answer["Content-Disposition"]


def test_excel_takes_no_name_for_a_formula(client, walked, people):
    walked("received", enterprise=factories.make_enterprise("=HYPERLINK(1)"))
    client.force_login(people["clerk"])
    answer = client.get(reverse("admin:onestop_dossier_register_book"), {"period": "2026"})
    cell = openpyxl.load_workbook(BytesIO(answer.content)).active["D2"]
    assert (cell.value, cell.data_type) == ("'=HYPERLINK(1)", "s")


def test_a_period_too_long_for_one_file_is_told(client, walked, people, monkeypatch):
    monkeypatch.setattr(registers, "MOST_LINES", 1)
    walked("received"), walked("received")
    client.force_login(people["clerk"])
    answer = client.get(reverse("admin:onestop_dossier_register_book"), {"period": "2026"}, follow=True)
    assert "hãy chọn kỳ ngắn hơn" in answer.content.decode()


def test_register_pdf_is_the_page_that_is_shown(client, walked, people):
    dossier = walked("delivered")
    client.force_login(people["clerk"])
    pdf = client.get(reverse("admin:onestop_dossier_register_pdf"), {"period": "2026"})
    page = PdfReader(BytesIO(pdf.content)).pages[0]
    text = page.extract_text()
    assert page.mediabox.width > page.mediabox.height
    assert [words for words in ("SỔ THEO DÕI HỒ SƠ", dossier.code, "2026/STD") if words not in text] == []
