"""What is told about questions to the board: to the asker in the language of the question, to the staff in theirs."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal import languages, roles, wordings
from izportal.models import User
from izportal.press import letterbox
from izportal.press.models import Question
from izportal.wordings import Fact, Letter

GROUP = _("Hỏi đáp với Ban")
ASKER, OFFICER = _("Người gửi câu hỏi"), _("Cán bộ của Ban")
# A letter with the secret address: nobody keeps its text once it has been sent (`izportal/outbox.py`).
WITH_LINK = "question-link"
REFERENCE = Fact(_("Mã câu hỏi"), "HD-2026-0001", is_needed=True)
TERM = Fact(_("Hạn trả lời của Ban"), "17:00, 10/12/2026")
TO_ASKER = {
    "ma": REFERENCE,
    "lien_ket": Fact(
        _("Địa chỉ riêng của trang theo dõi"), f"{settings.SITE_URL}/hoi-dap/theo-doi/…/", is_needed=True
    ),
}
TO_OFFICER = {
    "ma": REFERENCE,
    "viec": Fact(_("Hỏi về việc gì"), _("Mở rộng nhà xưởng trong khu")),
    "han": TERM,
    "lien_ket": Fact(_("Địa chỉ câu hỏi ở trang nội bộ"), f"{settings.SITE_URL}/admin/…", is_needed=True),
}
WARNING = _("Địa chỉ trên mở được trang theo dõi mà không cần mật khẩu; đừng chuyển thư này cho người khác.")
REPLY = Fact(_("Nội dung trả lời"), _("Thủ tục này do Ban tiếp nhận."), is_needed=True)
APOLOGY = Fact(_("Lời xin lỗi khi trả lời muộn; trống khi đúng hạn"), _("Ban xin lỗi vì trả lời muộn."))


def _to_asker(kind: str, name: Promise, subject: Promise, sentence: Promise, **facts: Fact) -> Letter:
    def body() -> str:
        page = gettext("Xem tại")
        return "\n\n".join((gettext("Kính gửi Quý vị,"), str(sentence), f"{page}: {{lien_ket}}"))

    return wordings.register(
        Letter(
            kind=kind, group=GROUP, name=name, reader=ASKER, subject=subject, body=body, fixed=WARNING,
            facts={**TO_ASKER, **facts}, is_listed=False,
        )
    )  # fmt: skip


def _to_officer(kind: str, name: Promise, subject: Promise, sentence: Promise, **facts: Fact) -> Letter:
    def body() -> str:
        about, term, page = gettext("Việc"), gettext("Hạn trả lời"), gettext("Mở câu hỏi")
        return f"{sentence}\n\n{about}: {{viec}}\n{term}: {{han}}\n{page}: {{lien_ket}}"

    return wordings.register(
        Letter(
            kind=kind, group=GROUP, name=name, reader=OFFICER, subject=subject, body=body,
            facts={**TO_OFFICER, **facts}, is_to_staff=True, may_wait=True,
        )
    )  # fmt: skip


RECEIVED = _to_asker(
    "question-received", _("Đã nhận câu hỏi"), _("Đã nhận câu hỏi {ma}"),
    _("Ban đã nhận câu hỏi của Quý vị, mã {ma}. Ban trả lời chậm nhất {han}."), han=TERM,
)  # fmt: skip
REMINDED = _to_asker(
    "question-reminded", _("Gửi lại địa chỉ theo dõi câu hỏi"), _("Địa chỉ theo dõi câu hỏi {ma}"),
    _("Quý vị vừa tra cứu câu hỏi {ma}. Nếu không phải Quý vị, hãy bỏ qua thư này."),
)  # fmt: skip
ANSWERED = _to_asker(
    "question-answered", _("Ban trả lời câu hỏi"), _("Ban đã trả lời câu hỏi {ma}"),
    _("{xin_loi}\n\nVề câu hỏi {ma}, Ban trả lời:\n\n{noi_dung}"), noi_dung=REPLY, xin_loi=APOLOGY,
)  # fmt: skip
POSTPONED = _to_asker(
    "question-postponed", _("Xin lỗi, hẹn lại ngày trả lời"), _("Xin lỗi và hẹn lại ngày trả lời câu hỏi {ma}"),
    _("Ban xin lỗi vì chưa trả lời được câu hỏi {ma} đúng hạn đã hẹn. Lý do: {ly_do}\n\nBan hẹn trả lời chậm nhất "
      "{han}."),
    han=TERM, ly_do=Fact(_("Lý do hẹn lại"), _("Cần ý kiến của cơ quan thuế."), is_needed=True),
)  # fmt: skip
DROPPED = _to_asker(
    "question-dropped", _("Không trả lời câu hỏi"), _("Về câu hỏi {ma}"),
    _("Ban không trả lời riêng câu hỏi {ma}. Lý do: {ly_do}"),
    ly_do=Fact(_("Lý do, do cán bộ ghi"), _("Trùng với một câu hỏi trước."), is_needed=True),
)  # fmt: skip
ASKED = _to_officer(
    "question-asked", _("Câu hỏi mới gửi Ban"), _("Câu hỏi mới {ma}"),
    _("Có câu hỏi mới gửi Ban, chưa có người phụ trách: {ma}."),
)  # fmt: skip
ASSIGNED = _to_officer(
    "question-assigned", _("Giao câu hỏi gửi Ban"), _("Câu hỏi {ma} được giao cho bạn"),
    _("Câu hỏi {ma} vừa được giao cho bạn phụ trách."),
)  # fmt: skip
SENT_BACK = _to_officer(
    "question-sent-back", _("Trả lại câu trả lời để sửa"), _("Câu trả lời {ma} cần sửa"),
    _("Câu trả lời bạn soạn cho {ma} được trả lại: {ly_do}"),
    ly_do=Fact(_("Ý kiến khi trả lại"), _("Cần nêu rõ điều khoản."), is_needed=True),
)  # fmt: skip
DUE = _to_officer(
    "question-due", _("Nhắc hạn trả lời câu hỏi"), _("Đến hạn trả lời câu hỏi {ma}"),
    _("Câu hỏi {ma} đến hạn trả lời mà Ban chưa trả lời. Nếu chưa trả lời được, hãy xin lỗi và hẹn lại."),
)  # fmt: skip


# To the asker -------------------------------------------------------------------------------------
def to_asker(question: Question) -> str:
    """How the keys of all letters to the asker begin."""
    return f"question:{question.pk}:asker:"


def received(question: Question) -> None:
    _write_asker(RECEIVED, question, "received", han=_term(question))


def reminded(question: Question, *, at: datetime) -> None:
    """At most once an hour, however often somebody asks."""
    _write_asker(REMINDED, question, f"reminded:{at:%Y%m%d%H}")


def answered(question: Question, *, is_late: bool) -> None:
    with translation.override(languages.spoken(question.language)):
        is_promise_broken = is_late or question.apologised_at is not None
        sorry = gettext("Ban xin lỗi vì trả lời muộn hơn hạn đã hẹn.") if is_promise_broken else ""
    _write_asker(ANSWERED, question, "answered", noi_dung=question.answer, xin_loi=sorry)


def postponed(question: Question) -> None:
    key = f"postponed:{question.apologised_at:%Y%m%d%H%M%S}"
    _write_asker(POSTPONED, question, key, ly_do=question.apology, han=_term(question))


def dropped(question: Question) -> None:
    _write_asker(DROPPED, question, "dropped", ly_do=question.answer)


def _write_asker(letter: Letter, question: Question, key: str, **facts: str) -> None:
    with translation.override(languages.spoken(question.language)):
        page = settings.SITE_URL + reverse("press:question_detail", args=[letterbox.token_of(question)])
    wordings.write(
        letter, key=f"{to_asker(question)}{key}", email=question.email, language=question.language,
        facts={"ma": question.reference, "lien_ket": page, **facts}, is_sample=question.is_sample, kind=WITH_LINK,
    )  # fmt: skip


# To the staff -------------------------------------------------------------------------------------
def asked(question: Question) -> None:
    """To everyone who hands questions out."""
    givers = User.objects.filter(is_active=True, is_staff=True, groups__name__in=roles.DEEDS["assign_question"])
    for person in givers.distinct():
        _write_officer(ASKED, question, person, f"asked:{person.pk}")


def assigned(question: Question) -> None:
    _write_officer(ASSIGNED, question, question.owner, f"assigned:{question.owner_id}")


def sent_back(question: Question) -> None:
    key = f"sent-back:{question.drafted_at:%Y%m%d%H%M%S}"
    _write_officer(SENT_BACK, question, question.drafted_by, key, ly_do=question.note)


def due(question: Question) -> bool:
    """Was it written now, and not before?"""
    return _write_officer(DUE, question, question.owner, f"due:{question.due_at:%Y%m%d}")


def _write_officer(letter: Letter, question: Question, reader: User | None, key: str, **facts: str) -> bool:
    if reader is None or not reader.is_active:
        return False
    page = settings.SITE_URL + reverse("admin:press_question_change", args=[question.pk])
    told: dict[str, Any] = {"ma": question.reference, "viec": question.title, "han": _term(question), "lien_ket": page}
    written = wordings.write(
        letter, key=f"question:{question.pk}:officer:{key}", email=reader.email, user=reader,
        language=reader.language, facts={**told, **facts}, is_sample=question.is_sample, about=question.reference,
        address=page, until=question.due_at,
    )  # fmt: skip
    return written is not None


def _term(question: Question) -> str:
    return f"{timezone.localtime(question.due_at):%H:%M, %d/%m/%Y}" if question.due_at else ""
