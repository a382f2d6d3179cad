"""Every step of a dossier as one table: from which status to which, by which role (the rules of the counter)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy

from onestop.models import Dossier

Status = Dossier.Status
# A sending system takes the applicant's steps, with the dossiers that it sent in and no others.
APPLICANT, SYSTEM = "applicant", "system"
# The nightly check takes a step where the law says what follows of itself; nobody's hand is in it.
CLOCK = "clock"


@dataclass(frozen=True)
class Step:
    """One row of the table. `moves` maps the status before to the status after; equal ones leave it as it is."""

    name: str
    label: Any
    moves: dict[str, str]
    roles: tuple[str, ...]
    needs: tuple[str, ...] = ()
    is_public: bool = True
    # Of the specialists only the one to whom the dossier is assigned.
    is_for_assignee: bool = False
    # Neither by who drafted nor by who handles the dossier: nobody approves or signs their own draft.
    is_of_another: bool = False
    # Offered only when the draft before the leader says so.
    proposal: str = ""
    # Only for dossiers that came in this way; () for all.
    channels: tuple[str, ...] = ()
    # May be taken by nobody, when its time has come.
    is_by_clock: bool = False


def _to(target: str, *sources: str) -> dict[str, str]:
    return {str(source): str(target) for source in sources}


def _stay(*sources: str) -> dict[str, str]:
    return {str(source): str(source) for source in sources}


NOT_YET_SIGNED = (
    Status.SUBMITTED,
    Status.INTAKE_SUPPLEMENT,
    Status.RECEIVED,
    Status.FEE_DUE,
    Status.ASSIGNED,
    Status.IN_REVIEW,
    Status.CONSULTING,
    Status.REVIEW_SUPPLEMENT,
    Status.HEAD_CHECK,
)

# Where an officer has a dossier in hand, or will have it back; it may be handed over to another.
WITH_OFFICER = (
    Status.ASSIGNED,
    Status.IN_REVIEW,
    Status.CONSULTING,
    Status.REVIEW_SUPPLEMENT,
    Status.HEAD_CHECK,
    Status.LEADER_SIGN,
)

ONLINE = (Dossier.Channel.HERE, Dossier.Channel.NATIONAL)

STEPS = {
    step.name: step
    for step in (
        Step("submit", gettext_lazy("Nộp hồ sơ"), _to(Status.SUBMITTED, Status.DRAFT), (APPLICANT,), channels=ONLINE),
        Step(
            "enter",
            gettext_lazy("Nhập hồ sơ nộp tại quầy, qua bưu chính"),
            _to(Status.SUBMITTED, Status.DRAFT),
            ("reception",),
            channels=Dossier.BY_HAND,
        ),
        Step(
            "correct",
            gettext_lazy("Sửa phần đã nhập từ bản giấy"),
            _stay(Status.SUBMITTED, Status.INTAKE_SUPPLEMENT),
            ("reception",),
            needs=("note",),
            is_public=False,
            channels=Dossier.BY_HAND,
        ),
        Step(
            "receive",
            gettext_lazy("Tiếp nhận, hẹn trả kết quả"),
            _to(Status.RECEIVED, Status.SUBMITTED),
            ("reception",),
        ),
        Step(
            "ask_intake_supplement",
            gettext_lazy("Yêu cầu bổ sung trước tiếp nhận"),
            _to(Status.INTAKE_SUPPLEMENT, Status.SUBMITTED),
            ("reception",),
            needs=("items", "reason"),
        ),
        Step(
            "answer_supplement",
            gettext_lazy("Nộp bổ sung"),
            {**_to(Status.SUBMITTED, Status.INTAKE_SUPPLEMENT), **_stay(Status.REVIEW_SUPPLEMENT)},
            (APPLICANT,),
        ),
        Step(
            "record_answer",
            gettext_lazy("Nhận bổ sung tại quầy, qua bưu chính"),
            {**_to(Status.SUBMITTED, Status.INTAKE_SUPPLEMENT), **_stay(Status.REVIEW_SUPPLEMENT)},
            ("reception",),
            needs=("answer",),
            channels=Dossier.BY_HAND,
        ),
        Step(
            "refuse_intake",
            gettext_lazy("Từ chối tiếp nhận"),
            _to(Status.INTAKE_REFUSED, Status.SUBMITTED),
            ("reception",),
            needs=("reason",),
        ),
        Step(
            "scan",
            gettext_lazy("Quét bổ sung giấy tờ"),
            _stay(*NOT_YET_SIGNED, Status.LEADER_SIGN, Status.NUMBERING, Status.RESULT_READY),
            ("reception",),
            is_public=False,
            channels=Dossier.BY_HAND,
        ),
        Step(
            "demand_fee",
            gettext_lazy("Yêu cầu nộp phí, lệ phí"),
            _to(Status.FEE_DUE, Status.RECEIVED),
            ("reception",),
            needs=("note",),
        ),
        Step("confirm_fee", gettext_lazy("Xác nhận đã nộp phí"), _to(Status.RECEIVED, Status.FEE_DUE), ("reception",)),
        Step(
            "assign",
            gettext_lazy("Phân công thụ lý"),
            {**_to(Status.ASSIGNED, Status.RECEIVED), **_stay(*WITH_OFFICER)},
            ("head",),
            needs=("to",),
            is_public=False,
        ),
        Step(
            "open_review",
            gettext_lazy("Bắt đầu thẩm định"),
            _to(Status.IN_REVIEW, Status.ASSIGNED),
            ("specialist",),
            is_for_assignee=True,
        ),
        Step(
            "ask_opinion",
            gettext_lazy("Lấy ý kiến phối hợp"),
            _to(Status.CONSULTING, Status.IN_REVIEW, Status.CONSULTING),
            ("specialist",),
            needs=("bodies", "note"),
            is_for_assignee=True,
        ),
        Step(
            "record_opinion",
            gettext_lazy("Ghi ý kiến bằng văn bản giấy"),
            _stay(Status.CONSULTING),
            ("specialist",),
            needs=("opinion", "position", "answered_by"),
            is_public=False,
            is_for_assignee=True,
        ),
        Step(
            "withdraw_opinion",
            gettext_lazy("Thôi lấy ý kiến một cơ quan"),
            _stay(Status.CONSULTING),
            ("specialist",),
            needs=("opinion", "reason"),
            is_public=False,
            is_for_assignee=True,
        ),
        Step(
            "close_opinion",
            gettext_lazy("Kết thúc lấy ý kiến"),
            _to(Status.IN_REVIEW, Status.CONSULTING),
            ("specialist",),
            is_for_assignee=True,
        ),
        Step(
            "ask_supplement",
            gettext_lazy("Yêu cầu bổ sung hồ sơ"),
            _to(Status.REVIEW_SUPPLEMENT, Status.IN_REVIEW),
            ("specialist",),
            needs=("items", "reason"),
            is_for_assignee=True,
        ),
        Step(
            "seek_permit",
            gettext_lazy("Xin phép yêu cầu bổ sung vượt số lần"),
            _stay(Status.IN_REVIEW),
            ("specialist",),
            needs=("reason",),
            is_public=False,
            is_for_assignee=True,
        ),
        Step(
            "permit_supplement",
            gettext_lazy("Cho phép yêu cầu bổ sung vượt số lần"),
            _stay(Status.IN_REVIEW),
            ("leader",),
            needs=("reason",),
            is_public=False,
        ),
        Step(
            "deny_permit",
            gettext_lazy("Không cho phép bổ sung vượt số lần"),
            _stay(Status.IN_REVIEW),
            ("leader",),
            needs=("reason",),
            is_public=False,
        ),
        Step(
            "accept_supplement",
            gettext_lazy("Xác nhận hồ sơ đã đủ"),
            _to(Status.IN_REVIEW, Status.REVIEW_SUPPLEMENT),
            ("reception", "specialist"),
        ),
        Step(
            "propose",
            gettext_lazy("Trình dự thảo kết quả"),
            _to(Status.HEAD_CHECK, Status.IN_REVIEW),
            ("specialist",),
            needs=("proposal", "note"),
            is_public=False,
            is_for_assignee=True,
        ),
        Step(
            "return_to_specialist",
            gettext_lazy("Trả lại chuyên viên"),
            _to(Status.IN_REVIEW, Status.HEAD_CHECK),
            ("head",),
            needs=("note",),
            is_public=False,
        ),
        Step(
            "forward",
            gettext_lazy("Trình lãnh đạo ký"),
            _to(Status.LEADER_SIGN, Status.HEAD_CHECK),
            ("head",),
            is_public=False,
            is_of_another=True,
        ),
        Step(
            "return_from_leader",
            gettext_lazy("Không đồng ý, trả lại"),
            _to(Status.IN_REVIEW, Status.LEADER_SIGN),
            ("leader",),
            needs=("note",),
            is_public=False,
        ),
        Step(
            "grant",
            gettext_lazy("Ký cấp"),
            _to(Status.NUMBERING, Status.LEADER_SIGN),
            ("leader",),
            is_of_another=True,
            proposal="granted",
        ),
        Step(
            "refuse",
            gettext_lazy("Ký từ chối"),
            _to(Status.NUMBERING, Status.LEADER_SIGN),
            ("leader",),
            needs=("reason",),
            is_of_another=True,
            proposal="refused",
        ),
        Step(
            "seal", gettext_lazy("Đóng dấu, lưu bản điện tử"), _to(Status.RESULT_READY, Status.NUMBERING), ("clerk",)
        ),
        Step(
            "deliver",
            gettext_lazy("Trả kết quả"),
            _to(Status.DELIVERED, Status.RESULT_READY),
            ("clerk", "reception"),
            needs=("channel",),
        ),
        Step(
            "archive",
            gettext_lazy("Lưu hồ sơ"),
            _to(Status.ARCHIVED, Status.DELIVERED, Status.WITHDRAWN, Status.STOPPED),
            ("clerk",),
            is_public=False,
        ),
        Step(
            "draft_amendment",
            gettext_lazy("Soạn đính chính, thu hồi kết quả"),
            _stay(*Dossier.SETTLED),
            ("register", "specialist"),
            needs=("kind", "ground", "reason"),
            is_public=False,
            is_for_assignee=True,
        ),
        Step(
            "sign_amendment",
            gettext_lazy("Ký đính chính, thu hồi kết quả"),
            _stay(*Dossier.SETTLED),
            ("leader",),
            is_of_another=True,
        ),
        Step(
            "drop_amendment",
            gettext_lazy("Bỏ dự thảo đính chính, thu hồi"),
            _stay(*Dossier.SETTLED),
            ("leader", "register", "specialist"),
            needs=("note",),
            is_public=False,
        ),
        Step(
            "extend",
            gettext_lazy("Xin lỗi và hẹn lại"),
            _stay(*Dossier.RUNNING),
            ("leader",),
            needs=("reason", "new_due_at"),
        ),
        Step("withdraw", gettext_lazy("Rút hồ sơ"), _to(Status.WITHDRAWN, *NOT_YET_SIGNED), (APPLICANT,)),
        Step(
            "record_withdrawal",
            gettext_lazy("Ghi nhận đơn rút hồ sơ"),
            _to(Status.WITHDRAWN, *NOT_YET_SIGNED),
            ("reception",),
            needs=("note",),
            channels=Dossier.BY_HAND,
        ),
        Step(
            "stop",
            gettext_lazy("Dừng giải quyết"),
            _to(Status.STOPPED, Status.INTAKE_SUPPLEMENT, Status.REVIEW_SUPPLEMENT),
            ("reception", "head"),
            needs=("reason",),
            is_by_clock=True,
        ),
    )
}


# What happens to a dossier without a step being taken, by the name of its event (`daysoff`, `languages`, `opinions`).
CALENDAR = gettext_lazy("Lịch làm việc thay đổi")
OCCURRENCES = dict.fromkeys(("calendar", "calendar_answer", "calendar_reply", "calendar_opinion"), CALENDAR) | {
    "languages": gettext_lazy("Chọn ngôn ngữ giấy tờ"),
    "opinion_answered": gettext_lazy("Cơ quan được lấy ý kiến đã trả lời"),
    "opinion_silent": gettext_lazy("Cơ quan được lấy ý kiến không trả lời trong thời hạn"),
}


def label(name: str) -> str:
    """An event's name in words."""
    step = STEPS.get(name)
    return str(step.label if step else OCCURRENCES.get(name, name))
