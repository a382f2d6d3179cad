"""The survey after delivery: who may answer, once, when, and what of it the public reads."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from izportal.models import Notice, Rule
from onestop import periods, survey
from onestop.models import Dossier, Survey
from tests import factories
from tests.factories import at
from tests.lives import lived, rated

pytestmark = pytest.mark.django_db
SAID = {"total_time": 2, "contacts": 1, "bodies": 2, "attitude": 0, "comment": "Chờ lâu ở quầy"}
NOW = at("2026-04-01 09:00")
YEAR = periods.of("2026")


@pytest.fixture
def delivered(make_dossier, enterprise_user):
    return factories.advance(make_dossier(by=enterprise_user), "delivered")


def test_answer_keeps_the_points_and_who_gave_them(delivered, enterprise_user):
    row, is_new = survey.answer(delivered, by=enterprise_user, at=NOW, said=SAID)
    assert (row.total_time, row.contacts, row.bodies, row.attitude, row.comment) == (2, 1, 2, 0, "Chờ lâu ở quầy")
    assert (is_new, row.answered_by, row.answered_at, row.is_sample) == (True, enterprise_user, NOW, False)


def test_second_answer_changes_nothing(delivered):
    first, _new = survey.answer(delivered, by=None, at=NOW, said=SAID)
    second, is_new = survey.answer(delivered, by=None, at=NOW + timedelta(1), said={**SAID, "attitude": 2})
    assert (second.pk, is_new, second.attitude, second.answered_at) == (first.pk, False, 0, NOW)


@pytest.mark.parametrize("status", ["submitted", "in_review", "result_ready"])
def test_nothing_is_asked_before_delivery(make_dossier, status):
    dossier = factories.advance(make_dossier(), status)
    with pytest.raises(survey.SurveyRefused, match="sau khi kết quả đã trả"):
        survey.answer(dossier, by=None, at=NOW, said=SAID)
    assert (survey.is_open(dossier), Survey.objects.count()) == (False, 0)


def test_an_archived_dossier_may_still_be_judged(make_dossier):
    dossier = factories.advance(make_dossier(), "archived")
    assert survey.is_open(dossier)
    survey.answer(dossier, by=None, at=NOW, said=SAID)
    assert not survey.is_open(dossier)


@pytest.mark.django_db(transaction=True)
def test_four_answers_at_once_leave_one(make_dossier):
    dossier = factories.advance(make_dossier(), "delivered")
    made = []

    def send(points):
        try:
            made.append(survey.answer(dossier, by=None, at=NOW, said={**SAID, "attitude": points})[1])
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[n % 3]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()
    assert (sorted(made), Survey.objects.count()) == ([False, False, False, True], 1)


# In sum ---------------------------------------------------------------------------------------------------------


def test_averages_of_each_index(catalogue):
    for points in ((2, 2, 2, 2), (2, 1, 0, 2), (2, 1, 2, 2), (2, 1, 2, 1), (1, 1, 2, 0)):
        rated(lived(done="03-10"), points)
    found = survey.results(YEAR, at=NOW)
    assert found.count == 5
    assert [(q.index, points) for q, points in found.averages] == [
        (1, Decimal("1.8")), (3, Decimal("1.2")), (4, Decimal("1.6")), (7, Decimal("1.4")),
    ]  # fmt: skip


def test_too_few_answers_give_no_average(catalogue):
    for _n in range(4):
        rated(lived(done="03-10"))
    found = survey.results(YEAR, at=NOW)
    assert (found.count, found.few, found.averages) == (4, 5, ())


def test_results_are_those_of_the_period_and_the_procedure(catalogue):
    Rule.objects.filter(code="few_dossiers").update(value="1")
    rated(lived(done="03-10"))
    rated(lived(done="03-10", code="1.009647"))
    rated(lived(done="03-10"), when=at("2025-12-31 09:00"))
    assert survey.results(YEAR, at=NOW).count == 2
    assert survey.results(YEAR, at=NOW, procedure=catalogue["1.009647"]).count == 1


def test_samples_are_counted_only_while_nothing_is_real(catalogue):
    rated(lived(done="03-10", is_sample=True))
    assert survey.results(YEAR, at=NOW).count == 1
    rated(lived(done="03-10"))
    rated(lived(done="03-11"))
    assert survey.results(YEAR, at=NOW).count == 2


# Pages ----------------------------------------------------------------------------------------------------------

POSTED = {"total_time": "2", "contacts": "1", "bodies": "2", "attitude": "0", "comment": "Tốt", "send": "1"}


def codes(dossier):
    return {"code": dossier.reference, "lookup": dossier.lookup}


def test_applicant_answers_on_the_page_of_the_dossier(client, delivered, enterprise_user):
    client.force_login(enterprise_user)
    response = client.post(f"/ho-so/{delivered.pk}/danh-gia/", POSTED)
    row = Survey.objects.get()
    assert (response.status_code, response.url) == (302, f"/ho-so/{delivered.pk}/")
    assert (row.answered_by, row.attitude, row.comment) == (enterprise_user, 0, "Tốt")


def test_stranger_finds_no_survey(client, delivered, stranger):
    client.force_login(stranger)
    assert client.post(f"/ho-so/{delivered.pk}/danh-gia/", POSTED).status_code == 404
    assert Survey.objects.count() == 0


def test_codes_open_the_questions_without_an_account(client, delivered):
    page = client.post("/danh-gia/", codes(delivered)).content.decode()
    assert page.count('type="radio"') == 12
    done = client.post("/danh-gia/", {**codes(delivered), **POSTED}).content.decode()
    assert "Đã ghi nhận đánh giá" in done
    assert Survey.objects.get().answered_by is None


def test_wrong_codes_tell_nothing_and_keep_nothing(client, delivered):
    told = client.post("/danh-gia/", {"code": delivered.reference, "lookup": "AAAAAAAA", **POSTED}).content.decode()
    other = client.post("/danh-gia/", {"code": "XN-0000", "lookup": "AAAAAAAA", **POSTED}).content.decode()
    assert ("Không tìm thấy hồ sơ" in told, "Không tìm thấy hồ sơ" in other) == (True, True)
    assert Survey.objects.count() == 0


def test_guessing_is_slowed(client, delivered):
    Rule.objects.update_or_create(
        code="lookup_attempts_per_hour", valid_from="2019-01-01", defaults={"value": "2", "name_vi": "x", "unit": "x"}
    )
    answers = [client.post("/danh-gia/", {"code": "XN-1", "lookup": "AAAAAAAA"}).status_code for _n in range(3)]
    assert answers == [200, 200, 429]


def test_a_question_left_out_keeps_what_was_typed(client, delivered):
    page = client.post("/danh-gia/", {**codes(delivered), **POSTED, "bodies": ""}).content.decode()
    assert ("Chọn một câu trả lời." in page, "Tốt</textarea>" in page) == (True, True)
    assert 'name="total_time" value="2"' in page and "checked" in page
    assert Survey.objects.count() == 0


@pytest.mark.parametrize(
    "bad", [{"attitude": "3"}, {"attitude": "\x00"}, {"comment": "a\x00b"}, {"comment": "a" * 2001}]
)
def test_bad_input_is_told(client, delivered, bad):
    response = client.post("/danh-gia/", {**codes(delivered), **POSTED, **bad})
    assert (response.status_code, Survey.objects.count()) == (200, 0)
    assert "Cần sửa 1 mục" in response.content.decode()


def test_it_is_too_early_before_delivery(client, make_dossier):
    dossier = factories.advance(make_dossier(), "result_ready")
    page = client.post("/danh-gia/", {**codes(dossier), **POSTED}).content.decode()
    assert ("Chưa đến lúc đánh giá" in page, Survey.objects.count()) == (True, 0)


def test_look_up_leads_to_the_survey_once(client, delivered):
    link = 'action="/danh-gia/"'
    assert link in client.post("/tra-cuu/", codes(delivered)).content.decode()
    survey.answer(delivered, by=None, at=NOW, said=SAID)
    assert link not in client.post("/tra-cuu/", codes(delivered)).content.decode()


def test_letter_of_delivery_names_the_survey(delivered):
    letters = Notice.objects.filter(kind="deliver")
    assert [f"/danh-gia/?code={delivered.reference}" in letter.body for letter in letters] == [True]
    assert not Notice.objects.exclude(kind="deliver").filter(body__contains="/danh-gia/").exists()


def test_look_up_shows_first_and_current_promise(client, make_dossier):
    people = factories.make_people()
    dossier = factories.advance(make_dossier(), "in_review", people=people)
    first = dossier.promises.get().promised_at
    dossier.promises.create(number=2, promised_at=first + timedelta(7), made_at=NOW, reason="x")
    Dossier.objects.filter(pk=dossier.pk).update(due_at=first + timedelta(7))
    page = client.post("/tra-cuu/", codes(dossier)).content.decode()
    shown = [f"{timezone.localtime(day):%d/%m/%Y}" in page for day in (first, first + timedelta(7))]
    assert ("Hẹn trả lần đầu" in page, "Hẹn trả hiện nay" in page, shown) == (True, True, [True, True])
    assert 'class="stages"' in page


# The board's list -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_answers_takes_the_same_queries(client, catalogue, rows, django_assert_num_queries):
    for n in range(rows):
        rated(lived(done="03-10"), comment=f"góp ý {n}")
    client.force_login(factories.make_staff("leader"))
    with django_assert_num_queries(10):
        page = client.get("/admin/onestop/survey/").content.decode()
    assert page.count("góp ý ") >= rows


def test_list_of_answers_is_narrowed_by_comment(client, catalogue):
    rated(lived(done="03-10"), comment="Rất tốt")
    rated(lived(done="03-10"))
    client.force_login(factories.make_staff("auditor"))
    found = client.get("/admin/onestop/survey/?comment=yes").context["cl"].result_count
    assert found == 1


def test_nobody_changes_an_answer(client, catalogue):
    row = rated(lived(done="03-10"))
    client.force_login(factories.make_user(is_staff=True, is_superuser=True))
    client.post(f"/admin/onestop/survey/{row.pk}/change/", {"attitude": "0"})
    assert client.post(f"/admin/onestop/survey/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Survey.objects.get().attitude == 2


def test_applicants_do_not_read_the_list(client, catalogue, enterprise_user):
    client.force_login(factories.make_staff("land"))
    assert client.get("/admin/onestop/survey/").status_code == 403
