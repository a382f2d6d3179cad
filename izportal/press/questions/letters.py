"""What is told about questions to the board: to the asker in the language of the question, to the staff in theirs."""

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal import languages, roles
from izportal.correspondence import letters
from izportal.correspondence.letters import TERM
from izportal.models import User
from izportal.press.models import Question
from izportal.wordings import Fact, Letter

GROUP = _("Hỏi đáp với Ban")
ASKER, OFFICER = _("Người gửi câu hỏi"), _("Cán bộ của Ban")
REPLY = Fact(_("Nội dung trả lời"), _("Thủ tục này do Ban tiếp nhận."), is_needed=True)
APOLOGY = Fact(_("Lời xin lỗi khi trả lời muộn; trống khi đúng hạn"), _("Ban xin lỗi vì trả lời muộn."))
REFERENCE = Fact(_("Mã câu hỏi"), "HD-2026-0001", is_needed=True)
_to_asker = letters.to_writer(group=GROUP, reader=ASKER, reference=REFERENCE, path="/hoi-dap/theo-doi/…/")
_to_officer = letters.to_staff(
    group=GROUP, reader=OFFICER,
    common={
        "ma": REFERENCE, "viec": Fact(_("Hỏi về việc gì"), _("Mở rộng nhà xưởng trong khu")), "han": TERM,
        "lien_ket": letters.link(_("Địa chỉ câu hỏi ở trang nội bộ"), "/admin/…"),
    },
    lines={"viec": _("Việc"), "han": _("Hạn trả lời"), "lien_ket": _("Mở câu hỏi")},
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
def received(question: Question) -> None:
    letters.tell_writer(RECEIVED, question, "received", han=letters.term_words(question.due_at))


def reminded(question: Question, *, at: datetime) -> None:
    """At most once an hour, however often somebody asks."""
    letters.tell_writer(REMINDED, question, f"reminded:{at:%Y%m%d%H}")


def answered(question: Question, *, is_late: bool) -> None:
    with translation.override(languages.spoken(question.language)):
        is_promise_broken = is_late or question.apologised_at is not None
        sorry = gettext("Ban xin lỗi vì trả lời muộn hơn hạn đã hẹn.") if is_promise_broken else ""
    letters.tell_writer(ANSWERED, question, "answered", noi_dung=question.answer, xin_loi=sorry)


def postponed(question: Question) -> None:
    key = f"postponed:{question.apologised_at:%Y%m%d%H%M%S}"
    letters.tell_writer(POSTPONED, question, key, ly_do=question.apology, han=letters.term_words(question.due_at))


def dropped(question: Question) -> None:
    letters.tell_writer(DROPPED, question, "dropped", ly_do=question.answer)


# To the staff -------------------------------------------------------------------------------------
def asked(question: Question) -> None:
    """To everyone who hands questions out."""
    givers = User.objects.filter(is_active=True, is_staff=True, groups__name__in=roles.DEEDS["assign_question"])
    for person in givers.distinct():
        _tell_officer(ASKED, question, person, f"asked:{person.pk}")


def assigned(question: Question) -> None:
    _tell_officer(ASSIGNED, question, question.owner, f"assigned:{question.owner_id}")


def sent_back(question: Question) -> None:
    key = f"sent-back:{question.drafted_at:%Y%m%d%H%M%S}"
    _tell_officer(SENT_BACK, question, question.drafted_by, key, ly_do=question.note)


def due(question: Question) -> bool:
    """Was it written now, and not before?"""
    return _tell_officer(DUE, question, question.owner, f"due:{question.due_at:%Y%m%d}")


def _tell_officer(letter: Letter, question: Question, reader: User | None, key: str, **facts: str) -> bool:
    return letters.tell_staff(letter, question, reader, f"officer:{key}", viec=question.title, **facts)
