"""Questions to the board: taken once, answered by two people, promised anew with an apology, forgotten."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from izportal import correspondence
from izportal.models import Notice, Rule, StoredFile
from izportal.press import questions
from izportal.press.models import Question
from izportal.press.questions import QuestionRefused, figures
from tests import factories, uploads
from tests.press import asking

pytestmark = pytest.mark.django_db
Status = Question.Status


@pytest.fixture(autouse=True)
def rules():
    factories.make_rules()


@pytest.fixture
def specialist(staff):
    return staff("specialist")


@pytest.fixture
def head(staff):
    return staff("head")


def letters(kind):
    return list(Notice.objects.filter(key__contains=kind).order_by("pk").values_list("email", "subject"))


def test_question_gets_a_number_a_term_and_letters(moment, head):
    question = asking.ask(at=moment)
    assert (question.reference, question.status, question.due_at) == ("HD-2026-0001", "asked", question.first_due_at)
    assert question.due_at == factories.at("2026-03-17 17:00")
    assert letters(":asker:") == [("thu@hoi.example", "Đã nhận câu hỏi HD-2026-0001")]
    assert letters(":officer:") == [(head.email, "Câu hỏi mới HD-2026-0001")]


def test_same_form_makes_one_question(moment):
    key = uuid.uuid4()
    first, again = asking.ask(at=moment, form_key=key), asking.ask(at=moment, form_key=key, title="Khác")
    assert (again.pk, asking.ask(at=moment).reference) == (first.pk, "HD-2026-0002")


def test_address_of_a_question_opens_it_and_no_other(moment):
    question = asking.ask(at=moment)
    assert correspondence.by_link(Question.objects.all(), correspondence.token_of(question)) == question
    assert correspondence.by_link(Question.objects.all(), "khac") is None


def test_answer_goes_out_by_a_second_person(moment, specialist, head):
    question = questions.draft(asking.ask(at=moment), text="Nộp hồ sơ.", by=specialist, at=moment)
    assert (question.status, question.owner) == (Status.DRAFTED, specialist)
    question = questions.approve(question, by=head, at=moment)
    assert (question.status, question.ended_at, question.approved_by) == (Status.ANSWERED, moment, head)
    letter = Notice.objects.get(key__endswith=":answered")
    assert ("Nộp hồ sơ." in letter.body, "xin lỗi" in letter.body, letter.kind) == (True, False, "question-link")


def test_nobody_approves_what_they_wrote(moment, head):
    question = questions.draft(asking.ask(at=moment), text="Tự duyệt", by=head, at=moment)
    with pytest.raises(QuestionRefused, match="một người khác phải duyệt"):
        questions.approve(question, by=head, at=moment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(approved_by=head)


def test_late_answer_apologises(moment, specialist, head):
    question = questions.draft(asking.ask(at=moment), text="Muộn", by=specialist, at=moment)
    question = questions.approve(question, by=head, at=moment + timedelta(days=30))
    assert question.is_late(at=moment + timedelta(days=60))
    assert "Ban xin lỗi vì trả lời muộn" in Notice.objects.get(key__endswith=":answered").body


def test_draft_goes_back_with_a_note(moment, specialist, head):
    question = questions.draft(asking.ask(at=moment), text="Thiếu", by=specialist, at=moment)
    question = questions.send_back(question, note="Nêu điều khoản", by=head)
    assert (question.status, question.note) == (Status.ASKED, "Nêu điều khoản")
    assert (specialist.email, "Câu trả lời HD-2026-0001 cần sửa") in letters(":officer:sent-back")
    assert questions.draft(question, text="Đủ", by=specialist, at=moment).note == ""


def test_another_day_is_promised_once_with_a_reason(moment, head):
    question = asking.ask(at=moment)
    later = questions.postpone(question, to=date(2026, 3, 30), reason="Chờ ý kiến", by=head, at=moment)
    assert (later.due_at, later.first_due_at) == (factories.at("2026-03-30 17:00"), question.due_at)
    assert "Chờ ý kiến" in Notice.objects.get(key__contains="postponed").body
    with pytest.raises(QuestionRefused, match="hẹn lại một lần"):
        questions.postpone(later, to=date(2026, 4, 30), reason="Nữa", by=head, at=moment)


@pytest.mark.parametrize("day", [date(2026, 3, 2), date(2026, 3, 17)])
def test_promise_is_never_moved_forward(moment, head, day):
    with pytest.raises(QuestionRefused, match="Ngày hẹn lại"):
        questions.postpone(asking.ask(at=moment), to=day, reason="x", by=head, at=moment)


def test_question_is_dropped_with_a_reason(moment, head):
    question = questions.drop(asking.ask(at=moment), reason="Trùng", by=head, at=moment)
    assert (question.status, question.ended_at) == (Status.DROPPED, moment)
    with pytest.raises(QuestionRefused, match="đã khép lại"):
        questions.draft(question, text="x", by=head, at=moment)


@pytest.mark.parametrize(
    ("deed", "role"), [("draft", "leader"), ("approve", "specialist"), ("drop", "editor"), ("assign", "clerk")]
)
def test_deeds_are_refused_to_other_roles(moment, staff, specialist, deed, role):
    question = questions.draft(asking.ask(at=moment), text="x", by=specialist, at=moment)
    by = staff(role)
    more = {"draft": {"text": "y", "at": moment}, "approve": {"at": moment}, "drop": {"reason": "r", "at": moment}}
    with pytest.raises(QuestionRefused, match="không làm việc này"):
        getattr(questions, deed)(question, by=by, **more.get(deed, {"to": specialist}))


def test_question_is_handed_to_somebody_who_answers(moment, staff, specialist, head):
    question = questions.assign(asking.ask(at=moment), to=specialist, by=head)
    assert (question.owner, letters(":officer:assigned")) == (
        specialist, [(specialist.email, "Câu hỏi HD-2026-0001 được giao cho bạn")],
    )  # fmt: skip
    with pytest.raises(QuestionRefused, match="không trả lời câu hỏi"):
        questions.assign(question, to=staff("clerk"), by=head)


def test_owner_is_reminded_once_for_each_term(moment, specialist, head):
    questions.assign(asking.ask(at=moment), to=specialist, by=head)
    late = moment + timedelta(days=20)
    assert [questions.remind(at=at) for at in (moment, late, late + timedelta(days=1))] == [0, 1, 0]


def test_address_is_sent_again_to_the_asker_alone(moment):
    question = asking.ask(at=moment)
    assert questions.remember(question.reference.lower(), "THU@hoi.example", at=moment)
    assert not questions.remember(question.reference, "khac@hoi.example", at=moment)
    assert letters("reminded") == [("thu@hoi.example", "Địa chỉ theo dõi câu hỏi HD-2026-0001")]


def test_erasing_takes_every_word_file_and_letter(moment):
    question = asking.ask(at=moment, upload=uploads.sent("a.pdf", uploads.pdf()))
    question = questions.erase(question, at=moment)
    assert (question.status, question.name, question.text, question.email) == (Status.DROPPED, "", "", "")
    assert (StoredFile.objects.count(), letters(":asker:")) == (0, [])
    assert correspondence.by_link(Question.objects.all(), correspondence.token_of(question)) is None
    assert questions.erase(question, at=moment) == question


def test_old_answers_are_forgotten_by_the_rule(moment):
    asking.answered(at=moment)
    times = (moment + timedelta(days=700), moment + timedelta(days=740))
    assert [questions.sweep(at=at) for at in times] == [0, 1]


def test_without_a_rule_no_term_is_promised(moment):
    Rule.objects.all().delete()
    assert (asking.ask(at=moment).due_at, questions.sweep(at=moment)) == (None, 0)


def test_applicants_see_their_own_and_their_enterprise(moment, enterprise, enterprise_user, stranger):
    mine = asking.ask(at=moment, by=enterprise_user)
    ours = asking.ask(at=moment, enterprise=enterprise)
    asking.ask(at=moment)
    assert set(Question.objects.visible_to(enterprise_user)) == {mine, ours}
    assert set(Question.objects.visible_to(stranger)) == set()


def test_pace_counts_what_was_answered_and_when_it_was_promised(moment, specialist, head):
    assert figures.pace(at=moment).days is None
    asking.answered(at=moment)
    late = questions.draft(asking.ask(at=moment), text="x", by=specialist, at=moment)
    questions.approve(late, by=head, at=factories.at("2026-04-01 09:00"))
    asking.answered(at=moment, is_sample=True)
    pace = figures.pace(at=factories.at("2026-04-02 09:00"))
    assert (pace.count, pace.in_time, pace.days, pace.is_sample) == (2, 1, Decimal("10.5"), False)
