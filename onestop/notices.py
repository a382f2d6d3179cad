"""What the applicant is told at each step, in the language of the dossier; sent by the worker after the commit."""

from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import outbox
from onestop.models import Dossier, Event, Slip
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
    "calendar": gettext_lazy("Ngày hẹn trả kết quả lùi do lịch nghỉ thay đổi"),
    "calendar_answer": gettext_lazy("Hạn trả lời tiếp nhận lùi do lịch nghỉ thay đổi"),
    "calendar_reply": gettext_lazy("Hạn nộp bổ sung lùi do lịch nghỉ thay đổi"),
}

# Steps whose words are meant for the applicant; what is written at the others stays in the office.
SAID_TO_APPLICANT = {
    *("ask_intake_supplement", "ask_supplement", "refuse_intake", "refuse", "stop", "extend", "demand_fee"),
    *("withdraw", "answer_supplement", "record_withdrawal", "record_answer"),
    *("calendar", "calendar_answer", "calendar_reply"),
}


def tell_applicant(event: Event) -> None:
    """Write the letter of one event; nothing where the dossier has no address to write to, or where the reader stands
    at the counter and is handed a slip in the same minute."""
    dossier = event.dossier
    if event.step == "enter" and dossier.channel == Dossier.Channel.COUNTER:
        return
    with translation.override(dossier.language):
        name = dossier.code or dossier.reference
        about = SUBJECTS.get(event.step) or dossier.get_status_display()
        subject = _("[%(name)s] %(status)s") % {"name": name, "status": about}
        body = render_to_string("onestop/mail/step.txt", _context(event))
    _write(dossier, key=f"event:{event.pk}", kind=event.step.replace("_", "-"), subject=subject, body=body)


def tell_of_new_form(dossier: Dossier) -> None:
    """Write to the people of a draft that it has been carried to the form and the rules now in force; once for each.
    What a clerk is still typing in is nobody's yet."""
    if dossier.is_by_hand:
        return
    with translation.override(dossier.language):
        address = settings.SITE_URL + reverse("onestop:dossier_review", args=[dossier.pk])
        subject = _("Biểu mẫu mới: %(name)s") % {"name": dossier.procedure.name}
        body = render_to_string("onestop/mail/carried.txt", {"dossier": dossier, "address": address})
    key = f"carried:{dossier.pk}:{dossier.definition_id}:{dossier.version_id}"
    _write(dossier, key=key, kind="new-form", subject=subject, body=body)


def tell_of_paper(slip: Slip) -> None:
    """Write to the people of a dossier that a paper of theirs no longer stands: revoked, or replaced by a new one."""
    dossier = slip.dossier
    with translation.override(dossier.language):
        about = _("Giấy đã bị thu hồi") if slip.revoked_at else _("Giấy được cấp lại")
        subject = _("[%(name)s] %(status)s") % {"name": dossier.code or dossier.reference, "status": about}
        address = settings.SITE_URL + reverse("onestop:dossier_detail", args=[dossier.pk])
        body = render_to_string("onestop/mail/paper.txt", {"slip": slip, "dossier": dossier, "address": address})
    kind = "paper-revoked" if slip.revoked_at else "paper-replaced"
    _write(dossier, key=f"{kind}:{slip.pk}", kind=kind, subject=subject, body=body)


def _write(dossier: Dossier, *, key: str, **letter: str) -> None:
    """The same letter to every reader of the dossier."""
    for number, reader in enumerate(readers_of(dossier)):
        outbox.write(
            key=f"{key}:{number}" if number else key, email=reader.email, user=reader.user,
            language=dossier.language, is_sample=dossier.is_sample, **letter,
        )  # fmt: skip


def sentence(event: Event) -> str:
    """What happened, in one sentence; also used on the applicant's page."""
    dossier = event.dossier
    supplement = dossier.supplements.last() if "reply_by" in str(SENTENCES.get(event.step, "")) else None
    facts = {
        "code": dossier.code, "decision": dossier.decision_number, "answer_by": _moment(dossier.answer_by),
        "due_at": _moment(_promised(event)), "reply_by": _moment(supplement.reply_by if supplement else None),
    }  # fmt: skip
    return str(SENTENCES.get(event.step, "")) % facts


def said(event: Event) -> str:
    """The officer's or the applicant's own words at this step, where the applicant may read them."""
    return event.note if event.step in SAID_TO_APPLICANT else ""


def rivalry(event: Event) -> list[str]:
    """What a dossier is told whose plot is not free at reception."""
    plot, status = event.dossier.plot, event.data.get("rival")
    if plot is None or not status:
        return []
    after = _("Hồ sơ của bạn vẫn được giải quyết; chỉ được cấp nếu lô còn trống khi ký.")
    return [allocation.why_not(plot, status), after]


def _promised(event: Event) -> datetime | None:
    """The date that this event promised: later events may have moved the dossier's own."""
    said = event.data.get("due_at")
    return datetime.fromisoformat(said) if said else event.dossier.due_at


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    here = timezone.localtime(moment)
    return _("%(time)s ngày %(day)s") % {"time": f"{here:%H:%M}", "day": f"{here:%d/%m/%Y}"}


def _context(event: Event) -> dict:
    dossier: Dossier = event.dossier
    supplement = dossier.supplements.last() if event.step.startswith("ask_") else None
    return {
        "event": event,
        "dossier": dossier,
        "sentence": sentence(event),
        "said": said(event),
        "rivalry": rivalry(event),
        "items": supplement.items if supplement else [],
        "address": settings.SITE_URL + reverse("onestop:dossier_detail", args=[dossier.pk]),
        "track": settings.SITE_URL + reverse("onestop:track"),
        "survey": settings.SITE_URL + reverse("onestop:survey", query={"code": dossier.reference}),
    }
