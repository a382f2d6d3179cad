"""What the applicant is told at each step, in the language of the dossier; sent by the worker after the commit."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import languages, outbox, wordings
from izportal.wordings import Letter
from onestop import letters
from onestop.models import Dossier, Event, Slip, Supplement
from onestop.readers import readers_of
from zones import allocation

# One sentence per step; steps that are not here are told by their label alone.
SENTENCES = {
    "submit": gettext_lazy("Ban đã nhận được hồ sơ nộp trực tuyến. Cán bộ trả lời trước %(answer_by)s."),
    "enter": gettext_lazy("Bộ phận Một cửa đã nhận được hồ sơ nộp trực tiếp hoặc gửi qua bưu chính."),
    "receive": gettext_lazy("Hồ sơ đã được tiếp nhận, mã hồ sơ %(code)s, hẹn trả kết quả %(due_at)s."),
    "ask_intake_supplement": gettext_lazy(
        "Hồ sơ cần bổ sung trước khi tiếp nhận. Hãy nộp bổ sung trước %(reply_by)s."
    ),
    "answer_supplement": gettext_lazy("Ban đã nhận được hồ sơ bổ sung."),
    "record_answer": gettext_lazy("Ban đã nhận được hồ sơ bổ sung."),
    "refuse_intake": gettext_lazy("Hồ sơ không được tiếp nhận."),
    "demand_fee": gettext_lazy("Hồ sơ chờ nộp phí, lệ phí."),
    "confirm_fee": gettext_lazy("Đã ghi nhận phí, lệ phí."),
    "open_review": gettext_lazy("Hồ sơ đang được thẩm định."),
    "ask_opinion": gettext_lazy("Ban đang lấy ý kiến cơ quan phối hợp."),
    "close_opinion": gettext_lazy("Đã kết thúc lấy ý kiến, hồ sơ tiếp tục được thẩm định."),
    "ask_supplement": gettext_lazy(
        "Hồ sơ cần bổ sung; thời hạn tạm dừng cho đến khi bạn nộp. Hãy nộp trước %(reply_by)s."
    ),
    "accept_supplement": gettext_lazy("Hồ sơ bổ sung đã đủ; hẹn trả kết quả %(due_at)s."),
    "grant": gettext_lazy("Lãnh đạo Ban đã ký cấp theo quyết định số %(decision)s."),
    "refuse": gettext_lazy("Ban từ chối giải quyết hồ sơ theo văn bản số %(decision)s."),
    "seal": gettext_lazy("Kết quả đã có; bạn có thể tải bản điện tử hoặc nhận tại Một cửa."),
    "deliver": gettext_lazy("Kết quả đã được trả."),
    "extend": gettext_lazy("Ban xin lỗi vì chưa trả kết quả đúng hẹn; ngày hẹn mới %(due_at)s."),
    "withdraw": gettext_lazy("Hồ sơ đã được rút theo đề nghị của bạn."),
    "record_withdrawal": gettext_lazy("Hồ sơ đã được rút theo đề nghị của bạn."),
    "stop": gettext_lazy("Ban dừng giải quyết hồ sơ."),
    "correct_result": gettext_lazy("Ban đã đính chính kết quả theo quyết định số %(decision)s; hãy dùng giấy mới."),
    "revoke_result": gettext_lazy("Ban đã thu hồi kết quả theo quyết định số %(decision)s; giấy không còn giá trị."),
    "calendar": gettext_lazy("Lịch nghỉ của cơ quan thay đổi; ngày hẹn trả kết quả chuyển sang %(due_at)s."),
    "calendar_answer": gettext_lazy(
        "Lịch nghỉ của cơ quan thay đổi; cán bộ trả lời việc tiếp nhận trước %(answer_by)s."
    ),
    "calendar_reply": gettext_lazy("Lịch nghỉ của cơ quan thay đổi; bạn có đến %(reply_by)s để nộp bổ sung."),
}

# What a letter is about, where the status after the step would say it badly or in the words of the office.
SUBJECTS = {
    "answer_supplement": gettext_lazy("Đã nhận hồ sơ bổ sung"),
    "record_answer": gettext_lazy("Đã nhận hồ sơ bổ sung"),
    "grant": gettext_lazy("Đã ký cấp"),
    "refuse": gettext_lazy("Từ chối giải quyết"),
    "extend": gettext_lazy("Xin lỗi và hẹn lại ngày trả kết quả"),
    "correct_result": gettext_lazy("Đính chính kết quả"),
    "revoke_result": gettext_lazy("Thu hồi kết quả"),
    "calendar": gettext_lazy("Ngày hẹn trả kết quả lùi do lịch nghỉ thay đổi"),
    "calendar_answer": gettext_lazy("Hạn trả lời tiếp nhận lùi do lịch nghỉ thay đổi"),
    "calendar_reply": gettext_lazy("Hạn nộp bổ sung lùi do lịch nghỉ thay đổi"),
}

# Steps whose words are meant for the applicant; what is written at the others stays in the office.
SAID_TO_APPLICANT = {
    *("ask_intake_supplement", "ask_supplement", "refuse_intake", "refuse", "stop", "extend", "demand_fee"),
    *("withdraw", "answer_supplement", "record_withdrawal", "record_answer"),
    *("calendar", "calendar_answer", "calendar_reply", "correct_result", "revoke_result"),
}


# The letter of each step that has a sentence.
LETTERS = {
    step: letters.of_step(
        step, name=letters.NAMES.get(step) or SUBJECTS.get(step) or sentence, sentence=sentence,
        subject=SUBJECTS.get(step, ""), is_told=step in SAID_TO_APPLICANT,
    )
    for step, sentence in SENTENCES.items()
}  # fmt: skip


def told_as(event: Event) -> str:
    """The name under which a step is told; one signature may mean one of two things."""
    return event.data.get("told") or event.step


def tell_applicant(event: Event) -> None:
    """Write the letter of one event; nothing where the dossier has no address to write to, or where the reader stands
    at the counter and is handed a slip in the same minute."""
    dossier = event.dossier
    if event.step == "enter" and dossier.channel == Dossier.Channel.COUNTER:
        return
    letter = LETTERS.get(told_as(event), letters.OTHER)
    moments = _moments(event)
    with languages.speaking(dossier.language):
        facts = _facts(event, moments)
    tell(dossier, letter, key=f"event:{event.pk}", facts=facts, until=_until(event, moments))


def tell_of_new_form(dossier: Dossier) -> None:
    """Write to the people of a draft that it has been carried to the form and the rules now in force; once for each.
    What a clerk is still typing in is nobody's yet."""
    if dossier.is_by_hand:
        return
    with languages.speaking(dossier.language):
        address = settings.SITE_URL + reverse("onestop:dossier_review", args=[dossier.pk])
        facts = {"thay_doi": dossier.definition.note if dossier.definition else "", "lien_ket": address}
    key = f"carried:{dossier.pk}:{dossier.definition_id}:{dossier.version_id}"
    tell(dossier, letters.NEW_FORM, key=key, facts=facts)


def tell_of_paper(slip: Slip) -> None:
    """Write to the people of a dossier that a paper of theirs no longer stands: revoked, or replaced by a new one."""
    letter = letters.PAPER_REVOKED if slip.revoked_at else letters.PAPER_REPLACED
    with languages.speaking(slip.dossier.language):
        facts = {
            "giay": slip.get_form_display(), "so_giay": slip.number,
            "so_giay_moi": slip.replaced_by.number if slip.replaced_by else "",
            "ngay_thu_hoi": f"{timezone.localtime(slip.revoked_at):%d/%m/%Y}" if slip.revoked_at else "",
            "ly_do": slip.get_revocation_ground_display(),
        }  # fmt: skip
    tell(slip.dossier, letter, key=f"{letter.kind}:{slip.pk}", facts=facts)


def tell(
    dossier: Dossier, letter: Letter, *, key: str, facts: Mapping[str, Any], until: datetime | None = None
) -> None:
    """The same letter to every reader of a dossier, in its language: what every letter about it may say, and `facts`
    in that language besides. `until`: a term that the daily letter names."""
    readers = readers_of(dossier)
    if not readers:
        return
    with languages.speaking(dossier.language):
        whole, about = {**letters.facts_of(dossier), **facts}, letters.matter_of(dossier)
    said = wordings.worded(letter, whole, language=dossier.language, is_sample=dossier.is_sample)
    for number, reader in enumerate(readers):
        outbox.write(
            key=f"{key}:{number}" if number else key, email=reader.email, user=reader.user, about=about,
            address=whole["lien_ket"], until=until, **said,
        )  # fmt: skip


def sentence(event: Event) -> str:
    """What happened, in one sentence; also used on the applicant's page."""
    moments = {name: _moment(moment) for name, moment in _moments(event).items()}
    facts = {"code": event.dossier.code, "decision": _decision(event), **moments}
    return str(SENTENCES.get(told_as(event), "")) % facts


def said(event: Event) -> str:
    """The officer's or the applicant's own words at this step, where the applicant may read them."""
    return event.note if told_as(event) in SAID_TO_APPLICANT else ""


def rivalry(event: Event) -> list[str]:
    """What a dossier is told whose plot is not free at reception."""
    plot, status = event.dossier.plot, event.data.get("rival")
    if plot is None or not status:
        return []
    after = _("Hồ sơ của bạn vẫn được giải quyết; chỉ được cấp nếu lô còn trống khi ký.")
    return [allocation.why_not(plot, status), after]


def _moments(event: Event) -> dict[str, datetime | None]:
    """The terms that a sentence may name."""
    dossier = event.dossier
    supplement = dossier.supplements.last() if "reply_by" in str(SENTENCES.get(event.step, "")) else None
    return {
        "reply_by": supplement.reply_by if supplement else None, "due_at": _promised(event),
        "answer_by": dossier.answer_by,
    }  # fmt: skip


def _decision(event: Event) -> str | None:
    """The number of an amendment, else that of the result."""
    return event.data.get("decision") or event.dossier.decision_number


def _until(event: Event, moments: Mapping[str, datetime | None]) -> datetime | None:
    """The term that the sentence names, if it names one."""
    said = str(SENTENCES.get(event.step, ""))
    return next((moment for name, moment in moments.items() if f"%({name})" in said), None)


def _promised(event: Event) -> datetime | None:
    """The date that this event promised: later events may have moved the dossier's own."""
    said = event.data.get("due_at")
    return datetime.fromisoformat(said) if said else event.dossier.due_at


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    here = timezone.localtime(moment)
    return _("%(time)s ngày %(day)s") % {"time": f"{here:%H:%M}", "day": f"{here:%d/%m/%Y}"}


def _facts(event: Event, moments: Mapping[str, datetime | None]) -> dict[str, Any]:
    """What the letter of a step may say besides what every letter about the dossier says."""
    dossier = event.dossier
    supplement = dossier.supplements.last() if event.step in letters.ASKING else None
    said_of = {letters.SENTENCE_FACTS[name][0]: _moment(moment) for name, moment in moments.items()}
    return {
        **said_of, **(_asked(supplement) if supplement else {}), "so_van_ban": _decision(event),
        "noi_dung": said(event),
        "tranh_chap": " ".join(rivalry(event)),
        "danh_gia": settings.SITE_URL + reverse("onestop:survey", query={"code": dossier.reference}),
    }  # fmt: skip


def _asked(supplement: Supplement) -> dict[str, str]:
    """What is asked for, line by line, and what follows where nobody answers."""
    ground = _("Căn cứ")
    lines = [
        f"{line.position}. {line}" + (f" ({ground}: {line.ground})" if line.ground else "")
        for line in supplement.lines.all()
    ]
    if permit := supplement.permit:
        told = {"who": permit.decided_by, "why": permit.reason}
        lines.append(_("Yêu cầu này vượt số lần bổ sung thủ tục cho phép, do %(who)s cho phép vì: %(why)s") % told)
    after = (
        _("Hết hạn mà chưa nộp bổ sung, hồ sơ tự dừng giải quyết.")
        if supplement.stops_by_itself
        else _("Hết hạn mà chưa nộp bổ sung, Ban xem xét dừng giải quyết hồ sơ.")
    )
    known = supplement.no_answer_ground
    after += f" {ground}: {known}" if known else " ({})".format(_("căn cứ chờ xác nhận"))
    return {"muc_bo_sung": "\n".join(lines), "khi_khong_nop": after}
