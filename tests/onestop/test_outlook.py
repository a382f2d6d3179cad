"""What date would follow an answer: the same lines for officer and applicant, in the words of the procedure's mode."""

import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from izportal.models import CalendarDay
from onestop import outlook, papers, workflow
from onestop.models import ProcedureVersion
from tests import factories
from tests.factories import at

pytestmark = pytest.mark.django_db

NOW = at("2026-03-05 10:00")  # a Thursday


@pytest.fixture
def people(catalogue):
    CalendarDay.objects.create(day=date(2026, 1, 1), kind="off", name_vi="Tết Dương lịch")
    return factories.make_people()


def paused(people, mode="suspend", **fields):
    """Received on 3 March for ten working days; asked to be completed on the 5th."""
    ProcedureVersion.objects.update(clock_mode=mode)
    dossier = factories.advance(factories.make_dossier(**fields), "in_review", people=people)
    return workflow.take(dossier, "ask_supplement", by=people["specialist"], at=NOW, items=["x"], reason="Thiếu")


def look(dossier, typed="", when=NOW):
    awaited = papers.open_supplement(dossier)
    return outlook.of(dossier, workflow.explain(dossier), awaited, at=when, typed=typed)


def told(answers):
    return [(f"{one.day:%d/%m}", f"{one.due_at:%d/%m}") for one in answers]


def test_next_working_days_and_the_last_to_answer(people):
    found = look(paused(people))
    assert told(found.rows) == [
        ("05/03", "17/03"), ("06/03", "18/03"), ("09/03", "19/03"), ("10/03", "20/03"), ("11/03", "23/03"),
        ("26/03", "07/04"),
    ]  # fmt: skip
    assert [row.is_last for row in found.rows] == [False] * 5 + [True]


@pytest.mark.parametrize(
    ("mode", "due", "words"),
    [("suspend", "18/03", "chạy tiếp"), ("restart", "20/03", "tính lại từ đầu: 10 ngày làm việc")],
)
def test_mode_decides_the_date_and_the_words(people, mode, due, words):
    found = look(paused(people, mode), "2026-03-06")
    assert (told([found.chosen]), words in found.rule) == ([("06/03", due)], True)


@pytest.mark.parametrize("typed", ["2026-03-12", "12/03/2026", "12.3.2026"])
def test_day_is_read_as_browsers_and_people_write_it(people, typed):
    assert told([look(paused(people), typed).chosen]) == [("12/03", "24/03")]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("hôm nào", "không phải là ngày"), ("2026-02-30", "không phải là ngày"), ("04/03/2026", "đã qua"),
     ("01/01/2190", "quá xa")],
)  # fmt: skip
def test_day_that_cannot_be_is_answered_in_a_sentence(people, typed, sentence):
    found = look(paused(people), typed)
    assert (found.chosen, found.typed, sentence in found.fault) == (None, typed, True)


def test_day_after_the_last_to_answer_is_marked(people):
    assert look(paused(people), "2026-03-27").chosen.is_after is True


def test_what_is_foreseen_is_what_is_promised(people):
    """Answered on the day that was asked about, the dossier is promised the date that was told."""
    dossier = paused(people)
    foreseen = look(dossier, "2026-03-12").chosen.due_at
    dossier = workflow.take(dossier, "answer_supplement", by=dossier.created_by, at=at("2026-03-12 15:00"))
    dossier = workflow.take(dossier, "accept_supplement", by=people["specialist"], at=at("2026-03-13 09:00"))
    assert dossier.due_at == foreseen


def test_promise_with_an_apology_is_the_least(people):
    dossier = factories.advance(factories.make_dossier(), "in_review", people=people)
    when = {"by": people["leader"], "at": at("2026-03-04 09:00"), "new_due_at": at("2026-03-31 17:00")}
    workflow.take(dossier, "extend", reason="Xác minh", **when)
    dossier = workflow.take(dossier, "ask_supplement", by=people["specialist"], at=NOW, items=["x"], reason="y")
    found = look(dossier, "2026-03-06").chosen
    assert (f"{found.due_at:%d/%m}", found.is_kept) == ("31/03", True)


def test_answer_in_hand_and_running_dossiers_have_no_outlook(people):
    running = factories.advance(factories.make_dossier(), "in_review", people=people)
    dossier = paused(people)
    dossier = workflow.take(dossier, "answer_supplement", by=dossier.created_by, at=at("2026-03-06 10:00"))
    assert (look(running), look(dossier)) == (None, None)


def test_request_is_supposed_before_it_is_made(people):
    dossier = factories.advance(factories.make_dossier(), "in_review", people=people)
    found = outlook.if_asked(dossier, workflow.explain(dossier), at=NOW)
    assert (found.is_asked, told(found.rows)[:2]) == (False, [("05/03", "17/03"), ("06/03", "18/03")])


def test_request_that_stops_nothing_is_not_supposed(people):
    """Late is late; and an appraisal pauses once."""
    late = factories.advance(factories.make_dossier(), "in_review", people=people)
    assert outlook.if_asked(late, workflow.explain(late), at=at("2026-03-20 09:00")) is None
    dossier = paused(people, "sector_appraisal")
    dossier = workflow.take(dossier, "answer_supplement", by=dossier.created_by, at=NOW)
    dossier = workflow.take(dossier, "accept_supplement", by=people["specialist"], at=NOW)
    assert outlook.if_asked(dossier, workflow.explain(dossier), at=at("2026-03-09 09:00")) is None


# The pages ----------------------------------------------------------------------------------------
def tables(page):
    """Every table of days, as lines of plain text."""
    found = re.findall(
        r'<table class="(?:ledger ledger--tight|desk__table)">\s*<thead><tr><th scope="col">(.*?)</table>', page, re.S
    )
    rows = [re.findall(r"<tr[^>]*>(.*?)</tr>", table.partition("<tbody>")[2], re.S) for table in found]
    return [[re.sub(r"<[^>]+>| +", " ", row).split() for row in table] for table in rows]


@pytest.mark.parametrize("prefix", ["", "/en"])
@time_machine.travel(NOW, tick=False)
def test_officer_and_applicant_read_the_same_lines(client, people, enterprise_user, prefix):
    dossier = paused(people, by=enterprise_user)
    pages = []
    for person, address in (
        (enterprise_user, reverse("onestop:dossier_detail", args=[dossier.pk])),
        (people["specialist"], reverse("admin:onestop_dossier_change", args=[dossier.pk])),
    ):
        client.force_login(person)
        page = client.get(f"{address}?answer_on=2026-03-12").content.decode()
        pages.append([table for table in tables(page) if any("12/03/2026" in row for row in table)])
    applicant, officer = pages
    assert len(applicant) >= 1
    assert sorted(map(str, applicant)) == sorted(map(str, officer))


@time_machine.travel(NOW, tick=False)
def test_applicant_is_told_of_the_day_and_of_a_slip_of_the_pen(client, people, enterprise_user):
    dossier = paused(people, by=enterprise_user)
    client.force_login(enterprise_user)
    told_of = client.get(dossier.get_absolute_url(), {"answer_on": "2026-03-12"}).content.decode()
    plain = re.sub(r"<[^>]+>", "", told_of)
    assert "Nếu bạn nộp bổ sung đủ vào thứ Năm 12/03/2026 thì hẹn trả là thứ Ba 24/03/2026." in plain
    slip = client.get(dossier.get_absolute_url(), {"answer_on": "\0<b>"})
    assert (slip.status_code, "không phải là ngày" in slip.content.decode()) == (200, True)


@time_machine.travel(NOW, tick=False)
def test_fee_that_is_owed_stops_nothing_and_the_page_says_so(client, people, enterprise_user):
    dossier = factories.advance(factories.make_dossier(by=enterprise_user), "received", people=people)
    dossier = workflow.take(dossier, "demand_fee", by=people["reception"], at=NOW, note="500.000 đồng")
    client.force_login(enterprise_user)
    page = client.get(dossier.get_absolute_url())
    assert (page.context["outlook"], "không tạm dừng trong lúc chờ nộp phí" in page.content.decode()) == (None, True)


@time_machine.travel(NOW, tick=False)
def test_officer_sees_the_dates_before_asking(client, people):
    dossier = factories.advance(factories.make_dossier(), "in_review", people=people)
    client.force_login(people["specialist"])
    page = client.get(reverse("admin:onestop_dossier_step", args=[dossier.pk, "ask_supplement"])).content.decode()
    assert ("Nếu yêu cầu bổ sung hôm nay" in page, "thứ Sáu 06/03/2026" in page, 'name="answer_on"' in page) == (
        True, True, False,
    )  # fmt: skip
