"""What the applicant says of the handling once the result is delivered: four questions, one answer for each dossier.

The indices 1, 3, 4 and 7 and their 0, 1 or 2 points are those of TT 01/2018/TT-VPCP, Article 13; the words of the
answers are the portal's own and wait for the board.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Avg, Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.models import Rule, User
from onestop.durations import FEW
from onestop.entries import TextEntry
from onestop.models import Dossier, Procedure, Survey
from onestop.periods import Period

LONGEST_COMMENT = 2000


class SurveyRefused(Exception):
    """The question is not put (yet); the text is a sentence for the reader."""


@dataclass(frozen=True)
class Question:
    """`index` is the number in the circular; `answers` are the words for 2, 1 and 0 points."""

    name: str
    index: int
    text: Any
    short: Any
    answers: tuple[Any, Any, Any]

    @property
    def choices(self) -> list[tuple[int, Any]]:
        return list(zip((2, 1, 0), self.answers, strict=True))


QUESTIONS = (
    Question(
        "total_time", 1, gettext_lazy("Bạn nhận được kết quả vào lúc nào so với ngày hẹn?"),
        gettext_lazy("Thời gian giải quyết"),
        (gettext_lazy("Sớm hơn ngày hẹn"), gettext_lazy("Đúng ngày hẹn"), gettext_lazy("Muộn hơn ngày hẹn")),
    ),
    Question(
        "contacts", 3, gettext_lazy("Sau khi nộp, bạn phải liên hệ với nơi tiếp nhận mấy lần để hoàn thiện hồ sơ?"),
        gettext_lazy("Số lần liên hệ để hoàn thiện hồ sơ"),
        (gettext_lazy("Không lần nào"), gettext_lazy("Một lần"), gettext_lazy("Từ hai lần trở lên")),
    ),
    Question(
        "bodies", 4,
        gettext_lazy("Ngoài nơi tiếp nhận, bạn phải tự liên hệ với bao nhiêu cơ quan để hoàn thiện hồ sơ?"),
        gettext_lazy("Số cơ quan phải liên hệ"),
        (gettext_lazy("Không cơ quan nào"), gettext_lazy("Một cơ quan"), gettext_lazy("Từ hai cơ quan trở lên")),
    ),
    Question(
        "attitude", 7, gettext_lazy("Thái độ của công chức khi hướng dẫn và giải quyết hồ sơ thế nào?"),
        gettext_lazy("Thái độ phục vụ"),
        (gettext_lazy("Tận tình, lịch sự"), gettext_lazy("Bình thường"), gettext_lazy("Chưa đúng mực")),
    ),
)  # fmt: skip


class SurveyForm(forms.Form):
    """Four choices and a comment that is read by the board alone."""

    comment = TextEntry(
        rows=4, required=False, max_length=LONGEST_COMMENT, label=gettext_lazy("Góp ý"),
        help_text=gettext_lazy("Chỉ Ban đọc, không công khai. Đừng ghi số giấy tờ tùy thân hoặc mật khẩu."),
    )  # fmt: skip

    use_required_attribute = False

    def __init__(self, data: Any = None, **options: Any):
        super().__init__(data, **options)
        asked = {
            question.name: forms.TypedChoiceField(
                label=question.text, choices=question.choices, coerce=int, widget=forms.RadioSelect,
                error_messages={
                    "required": gettext_lazy("Chọn một câu trả lời."),
                    "invalid_choice": gettext_lazy("Không có câu trả lời này; hãy chọn lại."),
                },
            )
            for question in QUESTIONS
        }  # fmt: skip
        self.fields = {**asked, **self.fields}


def is_open(dossier: Dossier) -> bool:
    """Delivered, and not answered yet."""
    return dossier.delivered_at is not None and not Survey.objects.filter(dossier=dossier).exists()


@transaction.atomic
def answer(dossier: Dossier, *, by: User | None, at: datetime, said: Mapping[str, Any]) -> tuple[Survey, bool]:
    """The survey of a dossier and whether this answer made it: a second one changes nothing, whoever sends it.

    `said` holds the points of each question and the comment. Raises `SurveyRefused` before delivery.
    """
    row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
    if row.delivered_at is None:
        raise SurveyRefused(_("Chỉ đánh giá được sau khi kết quả đã trả."))
    points = {question.name: said[question.name] for question in QUESTIONS}
    return Survey.objects.get_or_create(
        dossier=row,
        defaults={
            **points, "comment": said.get("comment", ""), "answered_at": at, "answered_by": by,
            "is_sample": row.is_sample,
        },
    )  # fmt: skip


@dataclass(frozen=True)
class Results:
    """`averages` are (question, points from 0 to 2), empty where the answers are too few to say."""

    count: int
    few: int
    averages: tuple[tuple[Question, Decimal], ...] = ()


def results(period: Period, *, at: datetime, procedure: Procedure | None = None) -> Results:
    """What was answered in a period, in sum; comments are no part of it."""
    rows = Survey.objects.filter(
        answered_at__gte=period.start, answered_at__lte=period.until(at), dossier__in=Dossier.objects.countable()
    )
    if procedure is not None:
        rows = rows.filter(dossier__procedure=procedure)
    names = [question.name for question in QUESTIONS]
    found = rows.aggregate(total=Count("pk"), **{f"of_{name}": Avg(name) for name in names})
    few = int(Rule.objects.texts(("few_dossiers",), on=period.until(at).date()).get("few_dossiers", FEW))
    if not found["total"] or found["total"] < few:
        return Results(found["total"], few)
    averages = tuple((q, round(Decimal(str(found[f"of_{q.name}"])), 2)) for q in QUESTIONS)
    return Results(found["total"], few, averages)
