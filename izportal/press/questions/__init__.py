"""Questions to the board: ask, draft an answer, approve it by a second person, promise anew with an apology, forget.

Who asks needs no account: the address of the question's page is the key, and only its hash is kept. What is told by
letter stands in `letters`, what everyone may read of an answer in `publishing`.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from izportal import correspondence, roles
from izportal.models import Rule, User
from izportal.press import letterbox
from izportal.press.letterbox import Upload
from izportal.press.models import Question
from izportal.press.questions import letters

Status = Question.Status
RULE, KEPT = "question_answer_days", "question_kept_months"
WORDS = ("text", "title", "answer", "note", "apology")


class QuestionRefused(Exception):
    """It cannot be done now; the text is a sentence for the reader."""


# Asking -------------------------------------------------------------------------------------------
def ask(
    *, form_key: UUID, said: dict[str, Any], at: datetime, by: User | None = None, upload: Upload = None,
    is_sample: bool = False,
) -> Question:  # fmt: skip
    """Take a question. `said` holds columns of `Question`; the same form sent again gives the question that is there.
    Raises `UploadRefused` for a file that may not come in."""

    def take() -> Question:
        until = correspondence.due(RULE, at=at)
        new = letterbox.columns(Question, "HD", form_key=form_key, at=at, by=by, upload=upload, is_sample=is_sample)
        question = Question.objects.create(**said, **new, asked_by=by, asked_at=at, due_at=until, first_due_at=until)
        letters.received(question)
        letters.asked(question)
        return question

    return correspondence.once(Question, form_key, take)


def remember(reference: str, email: str, *, at: datetime) -> bool:
    """Send the secret address once more to whoever asked; nobody is told whether there was such a question."""
    rows = correspondence.of_address(Question, email).filter(reference__iexact=reference, erased_at__isnull=True)
    question = rows.first()
    if question is not None:
        letters.reminded(question, at=at)
    return question is not None


# Answering ----------------------------------------------------------------------------------------
@transaction.atomic
def assign(question: Question, *, to: User, by: User) -> Question:
    """Hand a question over; whoever takes it over is `to` and `by` at once."""
    question = _open(question)
    if to != by or not roles.may(by, "answer_question"):
        _check_may(by, "assign_question", question)
    if not (to.is_active and roles.may(to, "answer_question")):
        raise QuestionRefused(_("%(person)s không trả lời câu hỏi gửi Ban.") % {"person": to})
    if question.owner_id != to.pk:
        question.owner = to
        question.save(update_fields=["owner"])
        if to != by:
            letters.assigned(question)
    return question


@transaction.atomic
def draft(question: Question, *, text: str, by: User, at: datetime) -> Question:
    """Write the answer, or write it anew, for a second person to approve."""
    question = _open(question)
    _check_may(by, "answer_question", question)
    question.answer, question.drafted_by, question.drafted_at, question.note = text, by, at, ""
    question.status, question.owner = Status.DRAFTED, question.owner or by
    question.save(update_fields=["answer", "drafted_by", "drafted_at", "note", "status", "owner"])
    return question


@transaction.atomic
def send_back(question: Question, *, note: str, by: User) -> Question:
    """The draft goes back to whoever wrote it, with what is to be mended."""
    question = _open(question)
    _check_may(by, "approve_answer", question)
    _check_drafted(question)
    question.status, question.note = Status.ASKED, note
    question.save(update_fields=["status", "note"])
    letters.sent_back(question)
    return question


@transaction.atomic
def approve(question: Question, *, by: User, at: datetime) -> Question:
    """A second person lets the answer out; it goes to the asker at once, late with an apology."""
    question = _open(question)
    _check_may(by, "approve_answer", question)
    _check_drafted(question)
    if question.drafted_by_id == by.pk:
        raise QuestionRefused(_("Bạn đã soạn câu trả lời này; một người khác phải duyệt."))
    question.approved_by = by
    _end(question, Status.ANSWERED, at, "approved_by")
    letters.answered(question, is_late=question.is_late(at=at))
    return question


@transaction.atomic
def drop(question: Question, *, reason: str, by: User, at: datetime) -> Question:
    """End without an answer (a repetition, no question to the board) and say why."""
    question = _open(question)
    _check_may(by, "approve_answer", question)
    question.answer = reason
    _end(question, Status.DROPPED, at, "answer")
    letters.dropped(question)
    return question


@transaction.atomic
def postpone(question: Question, *, to: date, reason: str, by: User, at: datetime) -> Question:
    """Apologise and promise another day, as often as the rule allows; the first promise stays on record."""
    question = _open(question)
    _check_may(by, "approve_answer", question)
    if question.apologised_at is not None and _most_promises(at) <= 1:
        raise QuestionRefused(_("Câu hỏi này đã được xin lỗi, hẹn lại một lần."))
    until = correspondence.end_of_day(to)
    if until <= at or (question.due_at and until <= question.due_at):
        raise QuestionRefused(_("Ngày hẹn lại phải sau hạn đang có và sau hôm nay."))
    question.due_at, question.apology, question.apologised_at = until, reason, at
    question.save(update_fields=["due_at", "apology", "apologised_at"])
    letters.postponed(question)
    return question


def _most_promises(at: datetime) -> int:
    return int(Rule.objects.texts(("max_extensions",), on=timezone.localdate(at)).get("max_extensions", 1))


def _end(question: Question, status: str, at: datetime, *columns: str) -> None:
    question.status, question.ended_at = status, at
    question.save(update_fields=["status", "ended_at", *columns])


def _open(question: Question) -> Question:
    """Locked, and still to be answered."""
    question = Question.objects.select_for_update().get(pk=question.pk)
    if question.erased_at:
        raise QuestionRefused(_("Dữ liệu của câu hỏi này đã được xóa."))
    if not question.is_open:
        raise QuestionRefused(_("Câu hỏi %(reference)s đã khép lại.") % {"reference": question.reference})
    return question


def _check_drafted(question: Question) -> None:
    if question.status != Status.DRAFTED:
        raise QuestionRefused(_("Chưa có câu trả lời chờ duyệt."))


def _check_may(by: User, deed: str, question: Question) -> None:
    if not roles.may(by, deed):
        raise QuestionRefused(
            _("Bạn không làm việc này với câu hỏi %(reference)s.") % {"reference": question.reference}
        )


# Forgetting ---------------------------------------------------------------------------------------
def of_person(person: User) -> QuerySet[Question]:
    """What somebody asked, from their address or signed in."""
    return Question.objects.filter(Q(email__iexact=person.email) | Q(asked_by=person), erased_at__isnull=True)


@transaction.atomic
def erase(question: Question, *, at: datetime) -> Question:
    """Take out who asked and every word written. An open question ends with that; what was published names nobody."""
    question = Question.objects.select_for_update().get(pk=question.pk)
    if question.erased_at:
        return question
    if question.is_open:
        _end(question, Status.DROPPED, at)
    question.asked_by = question.enterprise = None
    correspondence.forget(question, at=at, columns=WORDS)
    return question


def sweep(*, at: datetime) -> int:
    """Erase the askers of questions that ended as long ago as the rule says; how many."""
    return correspondence.sweep(Question.objects.all(), erase, ended="ended_at", rule=KEPT, at=at)


def remind(*, at: datetime) -> int:
    """Write to the owner of every question whose term ends today or has passed, once for each term; how many."""
    return correspondence.remind(Question.objects.awaited(), letters.due, at=at)
