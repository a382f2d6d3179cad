"""Opinions of other bodies: asked, answered by link, by account or on paper, reminded of, silent, closed."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import translation

from izportal import outbox
from izportal.models import CalendarDay, Notice, Rule
from onestop import budgets, opinions, periods, record, workflow
from onestop.models import Dossier, Field, Opinion
from onestop.opinions import Ask, OpinionRefused
from tests import factories, uploads
from tests.factories import advance, at

NOW = at("2026-03-05 10:00")
DUE = at("2026-03-16 17:00")  # seven working days: the investment rule
pytestmark = pytest.mark.django_db
SAID = {"position": "agrees_if", "text": "Cần thỏa thuận đấu nối", "answered_by": "Trần Văn Sở, Phó Giám đốc"}


@pytest.fixture
def people(catalogue):
    """With the field under its own code, so that the rules of investment apply."""
    Field.objects.filter(procedures__code="1.009664").update(code="investment")
    Rule.objects.filter(code__startswith="investment_opinion").update(article="96/2026/NĐ-CP")
    Rule.objects.filter(code__startswith="permit_opinion").update(article="50/2014/QH13")
    return factories.make_people()


@pytest.fixture
def review(people):
    return lambda **fields: advance(factories.make_dossier(**fields), "in_review", people=people)


@pytest.fixture
def asked(people, review):
    """`asked(Ask(…), …)`: the opinions of a dossier, asked at 10:00 on Thursday 5 March 2026."""

    def build(*asks, **details):
        asks = asks or (Ask("Sở Xây dựng", "so@tinh.example"),)
        dossier = workflow.take(
            review(), "ask_opinion", by=people["specialist"], at=NOW, bodies=asks, note="Về quy hoạch", **details
        )
        return list(dossier.opinions.all())

    return build


@pytest.fixture
def account(db):
    return factories.make_user("so@tinh.example", full_name="Lê Thị Sở")


@pytest.fixture(autouse=True)
def fixed_moment():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def link(opinion, name="opinion", *more):
    return reverse(f"onestop:{name}", args=[opinions.link_of(opinion), *more])


def step(dossier, name):
    return reverse("admin:onestop_dossier_step", args=[dossier.pk, name])


def text(response):
    return response.content.decode()


def take(row, people, name, /, *, moment=NOW, **details):
    return workflow.take(row.dossier, name, by=people["specialist"], at=moment, **details)


def reload(opinion):
    return Opinion.objects.get(pk=opinion.pk)


# Asking -----------------------------------------------------------------------------------------------------------
def test_asking_writes_deadline_silence_and_ground_from_the_rules(asked):
    (row,) = asked()
    assert (row.reply_by, row.silence, row.is_proven) == (DUE, "consent", False)
    assert (row.silence_ground, row.ground) == ("96/2026/NĐ-CP", "96/2026/NĐ-CP")
    assert (row.dossier.status, row.state) == ("consulting", "waiting")


@pytest.mark.parametrize(
    ("code", "field", "expected"),
    [
        ("1.009664", "investment", (7, "consent")),
        ("1.013236", "planning_construction", (12, "consent")),
        ("1.014199", "labour", (12, "nothing")),
    ],
)
def test_terms_are_those_of_the_procedures_own_law(review, code, field, expected):
    dossier = review()
    dossier.procedure.code, dossier.procedure.field.code = code, field
    terms = opinions.terms_of(dossier, on=NOW.date())
    assert (terms.days, terms.silence, terms.is_proven) == (*expected, False)
    assert bool(terms.silence_ground) is (terms.silence == "consent")


def test_without_a_rule_nobody_is_asked(people, review):
    Rule.objects.filter(code__contains="opinion_days").delete()
    with pytest.raises(OpinionRefused, match="Chưa có quy tắc"):
        workflow.take(review(), "ask_opinion", by=people["specialist"], at=NOW, bodies=[Ask("Sở")], note="x")


def test_only_the_hash_of_a_link_is_kept(asked):
    (row,) = asked()
    token = opinions.link_of(row)
    assert (len(row.link_hash), row.link_until) == (64, DUE + timedelta(days=30))
    kept = [str(value) for value in Opinion.objects.values_list().get()]
    assert not any(token in value for value in kept)
    letter = Notice.objects.get(kind="opinion-link")
    assert (letter.email, token in letter.body, row.asked_by.email in letter.body) == ("so@tinh.example", True, True)
    outbox.drain()
    assert Notice.objects.get(pk=letter.pk).body == ""


def test_body_without_address_gets_no_letter_and_no_link(asked):
    (row,) = asked(Ask("Ủy ban nhân dân phường"))
    assert (row.link_hash, Notice.objects.filter(kind__startswith="opinion").count()) == (None, 0)


def test_more_bodies_are_asked_while_consulting(asked, people):
    (row,) = asked()
    take(row, people, "ask_opinion", bodies=[Ask("Sở Công Thương")], note="Về điện")
    assert [r.body for r in row.dossier.opinions.all()] == ["Sở Xây dựng", "Sở Công Thương"]
    with pytest.raises(OpinionRefused, match="SỞ XÂY DỰNG đang được lấy ý kiến"):
        take(row, people, "ask_opinion", bodies=[Ask("SỞ XÂY DỰNG")], note="Lại")


def posted(dossier, **typed):
    shown = {"version_no": dossier.version_no, "note": "Về quy hoạch", "days": "7", "silence": "nothing"}
    return {**shown, "shows_project": "on", "body-1": "Sở Xây dựng", **typed}


def test_step_page_asks_two_bodies_with_chosen_papers(client, people, review):
    dossier = review()
    client.force_login(people["specialist"])
    page = client.get(step(dossier, "ask_opinion"))
    assert (page.context["form"].initial["days"], "Chờ xác nhận" in text(page)) == (7, True)
    paper = dossier.papers.first()
    sent = posted(dossier, papers=[paper.pk], **{"email-1": "So@Tinh.example", "body-2": "Sở Y tế"})
    assert client.post(step(dossier, "ask_opinion"), sent).status_code == 302
    rows = dossier.opinions.order_by("pk")
    assert [(r.body, list(r.papers.all())) for r in rows] == [("Sở Xây dựng", [paper]), ("Sở Y tế", [paper])]
    assert [r.confidence for r in rows] == ["unverified", "unverified"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"body-1": ""}, "body-1"),
        ({"email-2": "x@y.example"}, "body-2"),
        ({"account-1": "on", "email-1": "nobody@y.example"}, "email-1"),
        ({"silence": "consent", "silence_ground": " "}, "silence_ground"),
        ({"days": "0"}, "days"),
        ({"papers": ["999999"]}, "papers"),
    ],
)
def test_step_page_says_what_to_mend_and_keeps_the_text(client, people, review, typed, field):
    dossier = review()
    client.force_login(people["specialist"])
    answer = client.post(step(dossier, "ask_opinion"), posted(dossier, **typed))
    assert (answer.status_code, field in answer.context["form"].errors) == (200, True)
    assert "Về quy hoạch" in text(answer)
    assert Dossier.objects.get(pk=dossier.pk).status == "in_review"


def test_account_of_the_applicant_is_not_asked(client, people, review):
    dossier = review()
    client.force_login(people["specialist"])
    typed = {"account-1": "on", "email-1": dossier.created_by.email}
    answer = client.post(step(dossier, "ask_opinion"), posted(dossier, **typed))
    assert answer.context["form"].errors["email-1"] == ["Tài khoản này thay mặt tổ chức nộp hồ sơ."]


# By link ----------------------------------------------------------------------------------------------------------
def test_link_shows_the_question_and_the_least_of_the_dossier(client, asked):
    (row,) = asked()
    page = client.get(link(row))
    assert (page.status_code, page["Referrer-Policy"]) == (200, "no-referrer")
    assert "noindex" in page["X-Robots-Tag"] and "no-store" in page["Cache-Control"]
    assert "Về quy hoạch" in text(page) and str(row.dossier.plot) in text(page)
    contact = row.dossier.created_by
    assert contact.email not in text(page) and row.dossier.lookup not in text(page)


def test_link_hides_project_and_plot_where_the_officer_chose_so(client, asked):
    shown, hidden = asked()[0], asked(shows_project=False)[0]
    project = shown.dossier.answers["project_name"]
    pages = [(text(client.get(link(row))), row.dossier.plot) for row in (shown, hidden)]
    assert [(str(plot) in page, project in page) for page, plot in pages] == [(True, True), (False, False)]


def test_papers_are_read_through_the_link_only_while_it_is_valid(client, asked, people):
    (row,) = asked()
    chosen, other = row.dossier.papers.all()[:2]
    row.papers.set([chosen])
    answers = [client.get(link(row, "opinion_paper", paper.pk)).status_code for paper in (chosen, other)]
    opinions.answer(row, at=NOW, **SAID)
    assert [*answers, client.get(link(row, "opinion_paper", chosen.pk)).status_code] == [200, 404, 404]


def test_answer_through_the_link_is_taken_with_its_signed_paper(client, asked, people):
    (row,) = asked()
    signed = uploads.sent("công văn.pdf", uploads.pdf())
    answer = client.post(link(row), {**SAID, "signed": signed, "go": "send"})
    kept = reload(row)
    assert (answer.status_code, answer.url) == (302, link(row, "opinion_receipt"))
    assert (kept.state, kept.position, kept.answer, kept.stored.name) == (
        "in_time", "agrees_if", SAID["text"], "công văn.pdf",
    )  # fmt: skip
    told = Notice.objects.get(kind="opinion-answered")
    assert (told.user, "Đồng ý có điều kiện" in told.body) == (people["specialist"], True)


def test_receipt_is_shown_after_the_answer(client, asked):
    (row,) = asked()
    assert client.get(link(row, "opinion_receipt")).status_code == 404
    client.post(link(row), SAID)
    page = client.get(link(row, "opinion_receipt"))
    assert (page.status_code, SAID["answered_by"] in text(page), page["Referrer-Policy"]) == (200, True, "no-referrer")


def test_used_expired_closed_and_unknown_links_get_the_same_page(client, asked, people, fixed_moment):
    used, closed, late = asked(*(Ask(f"Sở {n}", f"s{n}@tinh.example") for n in range(3)))
    opinions.answer(used, at=NOW, **SAID)
    take(closed, people, "withdraw_opinion", opinion=closed, reason="Không cần nữa")
    pages = [client.get(link(used)), client.get(link(closed)), client.get("/y-kien/khong-co/")]
    fixed_moment.move_to(DUE + timedelta(days=31))
    pages.append(client.get(link(late)))
    assert [page.status_code for page in pages] == [404] * 4
    bodies = {page.content.partition(b"<main")[2].partition(b"</main>")[0] for page in pages}
    assert len(bodies) == 1 and "Liên kết không còn hiệu lực" in bodies.pop().decode()


def test_same_answer_sent_twice_gets_the_same_receipt(client, asked):
    (row,) = asked()
    first, second = client.post(link(row), SAID), client.post(link(row), SAID)
    assert first.url == second.url == link(row, "opinion_receipt")
    assert Notice.objects.filter(kind="opinion-answered").count() == 1


def test_other_answer_to_a_used_link_is_not_taken_and_given_back(client, asked):
    (row,) = asked()
    client.post(link(row), SAID)
    answer = client.post(link(row), {**SAID, "text": "Chúng tôi không đồng ý nữa"})
    assert (answer.status_code, "Chúng tôi không đồng ý nữa" in text(answer)) == (404, True)
    assert reload(row).answer == SAID["text"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"position": ""}, "position"), ({"answered_by": ""}, "answered_by"), ({"text": ""}, "text"),
     ({"position": "\x00"}, "position"), ({"text": "x" * 5000}, "text")],
)  # fmt: skip
def test_incomplete_answer_comes_back_with_its_text(client, asked, typed, field):
    (row,) = asked()
    answer = client.post(link(row), {**SAID, **typed})
    assert (answer.status_code, field in answer.context["form"].errors) == (200, True)
    shown = SAID["text"] if "text" not in typed else SAID["answered_by"]
    assert shown in text(answer) and reload(row).answered_at is None


def test_what_is_no_pdf_is_refused_and_the_text_stays(client, asked):
    (row,) = asked()
    answer = client.post(link(row), {**SAID, "signed": uploads.sent("a.pdf", b"MZ not a pdf")})
    assert (answer.status_code, "signed" in answer.context["form"].errors) == (200, True)
    assert SAID["text"] in text(answer)


def test_file_above_the_limit_is_refused(client, asked):
    Rule.objects.filter(code="upload_max_mb").update(value="1")
    (row,) = asked()
    big = uploads.sent("a.pdf", b"%PDF-1.4" + b"0" * 2**20)
    answer = client.post(link(row), {**SAID, "signed": big})
    assert "Tệp vượt mức cho phép" in text(answer)


def test_draft_is_kept_and_comes_back_to_the_link_alone(client, asked, people):
    (row,) = asked()
    page = client.post(link(row), {"text": "Đang viết dở", "go": "keep"})
    assert "Đã giữ nội dung đang viết" in text(page) and "Đang viết dở" in text(client.get(link(row)))
    client.force_login(people["specialist"])
    shown = client.get(reverse("admin:onestop_dossier_change", args=[row.dossier_id]))
    assert "Đang viết dở" not in text(shown)
    assert reload(row).state == "waiting"


def test_guessing_links_is_slowed_and_a_true_link_goes_on(client, asked):
    Rule.objects.filter(code="lookup_attempts_per_hour").update(value="2")
    (row,) = asked()
    answers = [client.get(f"/y-kien/doan-{n}/") for n in range(3)]
    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert (answers[2]["Retry-After"], client.get(link(row)).status_code) == ("3600", 200)


def test_link_is_read_in_english_too(client, asked):
    (row,) = asked()
    with translation.override("en"):
        address = link(row)
    page = client.get(address)
    assert (address[:4], page.status_code, 'lang="en"' in text(page)) == ("/en/", 200, True)


# By account -------------------------------------------------------------------------------------------------------
def test_account_answers_from_its_list(client, asked, account):
    (row,) = asked(Ask("Sở Xây dựng", account.email, account))
    client.force_login(account)
    assert row.dossier.code in text(client.get(reverse("onestop:opinion_list")))
    mine = reverse("onestop:opinion_mine", args=[row.pk])
    assert client.post(mine, SAID).url == mine
    assert (reload(row).state, SAID["text"] in text(client.get(mine))) == ("in_time", True)
    again = client.post(mine, {**SAID, "text": "Ý khác"})
    assert (again.status_code, "đã trả lời lúc" in text(again), "Ý khác" in text(again)) == (409, True, True)


def test_account_is_written_to_without_a_link(asked, account):
    (row,) = asked(Ask("Sở Xây dựng", account.email, account))
    letter = Notice.objects.get(kind="opinion-asked")
    assert (row.link_hash, letter.user) == (None, account)
    assert reverse("onestop:opinion_mine", args=[row.pk]) in letter.body


def test_paper_of_the_question_is_read_by_its_account_alone(client, asked, account, stranger):
    (row,) = asked(Ask("Sở Xây dựng", account.email, account))
    row.papers.set([paper := row.dossier.papers.first()])
    address = reverse("onestop:opinion_mine_paper", args=[row.pk, paper.pk])
    answers = []
    for person in (account, stranger):
        client.force_login(person)
        answers.append(client.get(address).status_code)
    assert answers == [200, 404]


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_an_account_asks_as_often_for_many_rows(client, asked, account, django_assert_num_queries, rows):
    for _row in range(rows):
        asked(Ask("Sở Xây dựng", account.email, account))
    client.force_login(account)
    with django_assert_num_queries(6):
        client.get(reverse("onestop:opinion_list"))


# On paper, withdrawn ----------------------------------------------------------------------------------------------
def test_answer_on_paper_is_recorded_with_its_scan(client, asked, people, fixed_moment):
    (row,) = asked()
    fixed_moment.move_to(at("2026-03-18 09:00"))
    client.force_login(people["specialist"])
    typed = {"opinion": row.pk, "position": "agrees", "answered_by": "Giám đốc Sở, 12/SXD ngày 13/3/2026"}
    sent = {**typed, "version_no": row.dossier.version_no, "came_on": "2026-03-16"}
    scan = uploads.sent("cv.pdf", uploads.pdf())
    assert client.post(step(row.dossier, "record_opinion"), {**sent, "scan": scan}).status_code == 302
    kept = reload(row)
    assert (kept.state, kept.answered_at, kept.recorded_by) == ("in_time", DUE, people["specialist"])
    assert client.get(reverse("admin:onestop_dossier_opinion", args=[row.dossier_id, row.pk])).status_code == 200


@pytest.mark.parametrize("day", ["2026-03-04", "2026-03-06"])
def test_paper_came_neither_before_the_question_nor_in_future(client, asked, people, day):
    (row,) = asked()
    client.force_login(people["specialist"])
    typed = {"opinion": row.pk, "position": "agrees", "answered_by": "Giám đốc", "came_on": day}
    scan = uploads.sent("cv.pdf", uploads.pdf())
    sent = {**typed, "version_no": row.dossier.version_no, "scan": scan}
    answer = client.post(step(row.dossier, "record_opinion"), sent)
    assert answer.context["form"].errors["came_on"] == ["Ngày nhận phải từ ngày hỏi đến hôm nay."]


def test_withdrawn_opinion_tells_its_body_and_takes_no_answer(asked, people):
    (row,) = asked()
    take(row, people, "withdraw_opinion", opinion=row, reason="Đã có quy hoạch")
    assert (reload(row).state, reload(row).close_note) == ("withdrawn", "Đã có quy hoạch")
    assert Notice.objects.filter(kind="opinion-withdrawn").count() == 1
    with pytest.raises(OpinionRefused, match="đã kết thúc lấy ý kiến"):
        opinions.answer(row, at=NOW, **SAID)


def test_opinion_of_another_dossier_is_not_touched(asked, people):
    (mine,), (other,) = asked(), asked()
    with pytest.raises(workflow.StepRefused, match="thuộc hồ sơ khác"):
        take(mine, people, "withdraw_opinion", opinion=other, reason="x")
    assert reload(other).state == "waiting"


# Reminders and silence --------------------------------------------------------------------------------------------
def test_reminder_is_written_once_near_the_deadline(asked):
    (row,) = asked()
    moments = [at("2026-03-11 08:00"), at("2026-03-12 08:00"), at("2026-03-13 08:00"), at("2026-03-17 08:00")]
    assert [opinions.remind(at=moment) for moment in moments] == [0, 1, 0, 0]
    letter = Notice.objects.get(key=f"opinion:{row.pk}:reminder")
    assert opinions.link_of(row) in letter.body


def test_silence_is_recorded_once_and_never_over_an_answer(asked):
    silent, spoken = asked(Ask("Sở A"), Ask("Sở B"))
    opinions.answer(spoken, at=NOW, **SAID)
    after = DUE + timedelta(hours=1)
    assert [opinions.note_silence(at=moment) for moment in (DUE, after, after)] == [0, 1, 0]
    assert [reload(row).state for row in (silent, spoken)] == ["silent", "in_time"]


def test_tick_reminds_and_notes_silence(asked, fixed_moment):
    (row,) = asked()
    fixed_moment.move_to(at("2026-03-13 08:00"))
    call_command("tick", verbosity=0)
    fixed_moment.move_to(at("2026-03-17 08:00"))
    call_command("tick", verbosity=0)
    call_command("tick", verbosity=0)
    assert reload(row).reminded_at == at("2026-03-13 08:00")
    assert reload(row).silent_at == at("2026-03-17 08:00")


def test_opening_the_dossier_notes_silence(client, asked, people, fixed_moment):
    (row,) = asked()
    fixed_moment.move_to(at("2026-03-17 08:00"))
    client.force_login(people["leader"])
    page = text(client.get(reverse("admin:onestop_dossier_change", args=[row.dossier_id])))
    assert "Không trả lời trong thời hạn coi như đồng ý" in page and "Chờ xác nhận" in page
    assert reload(row).state == "silent"


def test_late_answer_is_taken_and_marked_until_the_phase_is_closed(client, asked, people, fixed_moment):
    (row,) = asked()
    fixed_moment.move_to(late := at("2026-03-17 08:00"))
    opinions.note_silence(at=late)
    assert "Đã quá hạn trả lời" in text(client.get(link(row)))
    assert client.post(link(row), SAID).status_code == 302
    assert reload(row).state == "late"
    take(row, people, "close_opinion", moment=late)
    assert client.get(link(row)).status_code == 404


# The file of the dossier -------------------------------------------------------------------------------------------
def told(dossier):
    rows = dossier.events.filter(step__in=("opinion_answered", "opinion_silent"))
    return [(workflow.label(row.step), row.note, row.by, row.is_public) for row in rows]


def test_answers_by_link_and_account_and_silence_stand_in_the_file(client, asked, account):
    linked, theirs, _silent = asked(Ask("Sở A"), Ask("Sở B", account=account), Ask("Sở C"))
    with translation.override("en"):
        opinions.answer(linked, at=NOW, **SAID)
    client.force_login(account)
    client.post(reverse("onestop:opinion_mine", args=[theirs.pk]), {**SAID, "position": "agrees"})
    opinions.note_silence(at=DUE + timedelta(hours=1))
    assert told(linked.dossier) == [
        ("Cơ quan được lấy ý kiến đã trả lời", f"Sở A: Đồng ý có điều kiện ({SAID['answered_by']})", None, False),
        ("Cơ quan được lấy ý kiến đã trả lời", f"Sở B: Đồng ý ({SAID['answered_by']})", account, False),
        (
            "Cơ quan được lấy ý kiến không trả lời trong thời hạn",
            "Sở C: Không trả lời trong thời hạn coi như đồng ý", None, False,
        ),
    ]  # fmt: skip


def test_answer_on_paper_stands_in_the_file_once_as_its_step(asked, people):
    (row,) = asked()
    take(row, people, "record_opinion", opinion=row, position="agrees", answered_by="Giám đốc")
    assert (told(row.dossier), row.dossier.events.last().step) == ([], "record_opinion")


@pytest.mark.parametrize("rows", [1, 3])
def test_silence_of_many_is_written_in_as_many_questions(asked, django_assert_num_queries, rows):
    dossiers = [asked(Ask(f"Sở {number}"), Ask("Sở X"))[0].dossier for number in range(rows)]
    late = DUE + timedelta(hours=1)
    with django_assert_num_queries(1):
        assert opinions.note_silence(at=DUE) == 0
    with django_assert_num_queries(8):
        assert opinions.note_silence(at=late) == 2 * rows
    assert [dossier.events.filter(step="opinion_silent", at=late).count() for dossier in dossiers] == [2] * rows


def test_answers_and_silence_move_no_clock_and_no_count(asked):
    first, _silent = asked(Ask("Sở A"), Ask("Sở B"))
    late, calendar = DUE + timedelta(hours=1), CalendarDay.calendar()

    def measured():
        found = record.of(periods.of("2026"), at=late, calendar=calendar)
        dossier = Dossier.objects.get(pk=first.dossier_id)
        return budgets.of(dossier, at=late, calendar=calendar), found.total.counts, dossier.version_no, dossier.due_at

    before = measured()
    opinions.answer(first, at=NOW, **SAID)
    opinions.note_silence(at=late)
    assert (measured(), len(told(first.dossier))) == (before, 2)


# Closing ----------------------------------------------------------------------------------------------------------
def test_phase_is_not_closed_over_a_body_that_may_still_answer(asked, people):
    first, _second = asked(Ask("Sở A"), Ask("Sở B"))
    opinions.answer(first, at=NOW, **SAID)
    with pytest.raises(OpinionRefused, match="Chưa trả lời và chưa hết hạn: Sở B"):
        take(first, people, "close_opinion")
    assert Dossier.objects.get(pk=first.dossier_id).status == "consulting"


def test_phase_is_closed_with_a_reason_and_counts_what_came(asked, people):
    first, second = asked(Ask("Sở A"), Ask("Sở B", "b@tinh.example"))
    opinions.answer(first, at=NOW, **SAID)
    after = take(first, people, "close_opinion", note="Sở B đã trả lời miệng")
    event = after.events.get(step="close_opinion")
    assert (after.status, reload(second).state, reload(second).close_note) == (
        "in_review", "withdrawn", "Sở B đã trả lời miệng",
    )  # fmt: skip
    assert event.data == {"asked": 2, "waiting": 0, "in_time": 1, "late": 0, "silent": 0, "withdrawn": 1}


def test_phase_closes_by_itself_over_silence(asked, people):
    (row,) = asked()
    take(row, people, "close_opinion", moment=DUE + timedelta(hours=1))
    assert (reload(row).state, reload(row).closed_at) == ("silent", DUE + timedelta(hours=1))


def test_withdrawal_of_the_dossier_ends_the_waiting(client, asked):
    (row,) = asked()
    workflow.take(row.dossier, "withdraw", by=row.dossier.created_by, at=NOW, note="Đổi kế hoạch")
    assert (reload(row).state, client.get(link(row)).status_code) == ("withdrawn", 404)


@pytest.mark.parametrize("name", ["record_opinion", "withdraw_opinion", "close_opinion"])
def test_step_pages_show_the_table_to_the_assignee(client, asked, people, name):
    (row,) = asked()
    client.force_login(people["specialist"])
    page = client.get(step(row.dossier, name))
    assert (page.status_code, page.context["opinions"]["rows"]) == (200, [row])
    client.force_login(factories.make_staff("specialist"))
    assert client.get(step(row.dossier, name)).status_code == 403


def test_leader_reads_the_opinions_before_signing(client, asked, people):
    (row,) = asked()
    opinions.answer(row, at=NOW, **SAID)
    take(row, people, "close_opinion")
    dossier = advance(Dossier.objects.get(pk=row.dossier_id), "leader_sign", people=people, start=NOW)
    client.force_login(people["leader"])
    page = text(client.get(step(dossier, "grant")))
    assert SAID["text"] in page and SAID["answered_by"] in page


# The applicant, the figures ---------------------------------------------------------------------------------------
def test_applicant_sees_how_many_and_until_when_but_no_content(client, asked):
    first, _second = asked(Ask("Sở Xây dựng"), Ask("Sở Công Thương"))
    client.force_login(first.dossier.created_by)
    page = client.get(first.dossier.get_absolute_url())
    assert page.context["opinions"] == {"count": 2, "until": DUE}
    assert "Sở Xây dựng" not in text(page) and "Về quy hoạch" not in text(page)


def test_no_outline_when_nobody_is_asked(review):
    assert opinions.outline(review()) is None


def test_figures_of_each_body(asked, people):
    in_time, late, silent = asked(Ask("Sở A"), Ask("Sở B"), Ask("Sở C"))
    (again,) = asked(Ask("Sở A"))
    opinions.answer(in_time, at=NOW, **SAID)
    opinions.note_silence(at=DUE + timedelta(hours=1))
    opinions.answer(late, at=DUE + timedelta(hours=2), **SAID)
    figures = {row.pop("body"): row for row in opinions.by_body(Opinion.objects.all())}
    zero = dict.fromkeys(("waiting", "in_time", "late", "silent", "withdrawn"), 0)
    assert figures == {
        "Sở A": {**zero, "asked": 2, "in_time": 1, "silent": 1},
        "Sở B": {**zero, "asked": 1, "late": 1},
        "Sở C": {**zero, "asked": 1, "silent": 1},
    }
    assert [row.state for row in map(reload, (silent, again))] == ["silent", "silent"]


@pytest.mark.parametrize("rows", [1, 3])
def test_admin_list_asks_as_often_for_many_rows(client, asked, django_assert_num_queries, rows):
    for number in range(rows):
        asked(Ask(f"Sở {number}"))
    client.force_login(factories.make_staff("auditor"))
    with django_assert_num_queries(6):
        page = client.get(reverse("admin:onestop_opinion_changelist"))
    assert len(page.context["bodies"]) == rows


@pytest.mark.parametrize(("state", "found"), [("waiting", 1), ("in_time", 1), ("late", 0), ("silent", 0), ("x", 2)])
def test_admin_list_is_filtered_by_state(client, asked, state, found):
    first, _second = asked(Ask("Sở A"), Ask("Sở B"))
    opinions.answer(first, at=NOW, **SAID)
    client.force_login(factories.make_staff("auditor"))
    page = client.get(reverse("admin:onestop_opinion_changelist"), {"state": state})
    assert page.context["cl"].result_count == found


def test_hash_of_a_link_is_shown_to_nobody(client, asked):
    (row,) = asked()
    client.force_login(factories.make_user("goc@ban.example", is_staff=True, is_superuser=True))
    page = client.get(reverse("admin:onestop_opinion_change", args=[row.pk]))
    assert (page.status_code, row.link_hash in text(page)) == (200, False)


# Two at once ------------------------------------------------------------------------------------------------------
def at_once(*deeds):
    """Each deed in a thread of its own, begun together; what each returned or raised."""
    gate, results = Barrier(len(deeds)), [None] * len(deeds)

    def run(number, deed):
        gate.wait()
        try:
            results[number] = deed()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=each) for each in enumerate(deeds)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return results


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_once_one_wins_and_the_other_is_told(asked):
    (row,) = asked()
    said = [{**SAID, "text": f"Trả lời {n}"} for n in range(2)]
    results = at_once(*(lambda s=s: opinions.answer(row, at=NOW, **s) for s in said))
    refused = [r for r in results if isinstance(r, OpinionRefused)]
    won = [r for r in results if isinstance(r, Opinion)]
    assert (len(refused), len(won), reload(row).answer) == (1, 1, won[0].answer)
    assert "đã trả lời lúc 10:00 05/03/2026" in str(refused[0])


@pytest.mark.django_db(transaction=True)
def test_answer_while_the_phase_is_closed_is_counted_or_refused(asked, people):
    (row,) = asked()
    close = {"by": people["specialist"], "at": NOW, "note": "Không chờ nữa"}
    answered, closed = at_once(
        lambda: opinions.answer(row, at=NOW, **SAID),
        lambda: workflow.take(row.dossier, "close_opinion", **close),
    )
    counted = closed.events.get(step="close_opinion").data
    if isinstance(answered, Opinion):
        assert (counted["in_time"], reload(row).state) == (1, "in_time")
    else:
        assert (counted["withdrawn"], reload(row).state) == (1, "withdrawn")
        assert str(answered) == "Ban đã kết thúc lấy ý kiến này."
