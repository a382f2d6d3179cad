"""Every place in which something of a person is kept: what, why, how long, and what becomes of it when they ask for
their data to be erased."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from izportal import correspondence, sessions
from izportal.models import Notice, PartialFile, StoredFile, User
from izportal.press import questions
from izportal.press.models import Comment, Question
from onestop import shapes
from onestop.desk import step_label
from onestop.models import Dossier, Event, Message, Supplement, Survey
from projects.models import Mandate, MandateRequest, Report, ReportDraft
from zones import watches
from zones.models import Enquiry

UNTIL_ERASED = _("Đến khi bạn đề nghị xóa.")
BY_ARCHIVE_LAW = _("Theo quy định về lưu trữ hồ sơ; thời hạn cụ thể chờ Ban xác nhận.")
GOES = _("Xóa khi bạn đề nghị.")
STAYS = _("Giữ lại: là chứng cứ pháp lý của việc giải quyết thủ tục.")


@dataclass(frozen=True)
class Place:
    """`find` answers the rows (a queryset or a list), `say` one row as {column: value}; the page shows the columns
    named in `brief`, or all but `body`; the rest is given out."""

    key: str
    title: Promise
    purpose: Promise
    term: Promise
    fate: Promise
    columns: Mapping[str, Promise]
    find: Callable[[User], Any]
    say: Callable[[Any], dict[str, Any]]
    brief: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    place: Place
    total: int
    rows: list[dict[str, Any]]

    @property
    def shown(self) -> dict[str, Promise]:
        brief = self.place.brief or [name for name in self.place.columns if name != "body"]
        return {name: self.place.columns[name] for name in brief}

    @property
    def lines(self) -> list[list[Any]]:
        return [[row[name] for name in self.shown] for row in self.rows]


def kept_of(person: User, *, most: int | None = None) -> list[Kept]:
    """What is kept in each place; the first `most` rows of each, or all."""
    return [_kept(place, person, most) for place in PLACES]


def _kept(place: Place, person: User, most: int | None) -> Kept:
    found = place.find(person)
    total = found.count() if isinstance(found, QuerySet) else len(found)
    rows: Iterable[Any] = found if most is None else found[:most]
    return Kept(place, total, [place.say(row) for row in rows])


def dossiers_of(person: User) -> QuerySet[Dossier]:
    """Those that the person made, or that name them as the contact."""
    return Dossier.objects.filter(Q(created_by=person) | Q(contact_email__iexact=person.email))


def drafts_of(person: User) -> list[Dossier]:
    """Unfiled dossiers that the person began, is the contact of, or last typed or saved a part of."""
    theirs = Q(created_by=person) | Q(contact_email__iexact=person.email)
    near = theirs | Q(enterprise__in=Mandate.objects.filter(user=person).values("enterprise"))
    if person.is_staff:
        near |= Q(channel__in=Dossier.BY_HAND)
    rows = Dossier.objects.filter(near, status=Dossier.Status.DRAFT).select_related("definition", "procedure")
    email = person.email.lower()
    return [
        row
        for row in rows
        if row.created_by_id == person.pk or row.contact_email.lower() == email or _parts_by(row, person)
    ]


def _parts_by(row: Dossier, person: User) -> list[str]:
    """The parts of a draft in which something was typed or saved last by the person."""
    typed = {key for key, part in row.typed.items() if part.get("by", row.created_by_id) == person.pk}
    return sorted(typed | {key for key, save in row.saves.items() if save["by"] == person.pk})


def typed_by(person: User) -> list[tuple[Dossier, str]]:
    return [(row, part) for row in drafts_of(person) for part in _parts_by(row, person)]


def replies_of(person: User) -> QuerySet[Supplement]:
    """Requests of the board for which the person was the last to type an answer that has not been sent."""
    return Supplement.objects.filter(typed__by=person.pk).select_related("dossier").order_by("pk")


def handed_in_by(person: User) -> QuerySet[Dossier]:
    """Brought to the counter or posted by somebody of this very name and address; a namesake is shown nothing."""
    named = {f"answers__{Dossier.HANDED_IN}__name": person.full_name}
    return Dossier.objects.filter(contact_email__iexact=person.email, channel__in=Dossier.BY_HAND, **named)


def set_aside_of(person: User) -> list[tuple[Dossier, dict[str, Any]]]:
    """Of the person's dossiers; what a clerk typed in for somebody else is not the clerk's."""
    rows = dossiers_of(person).exclude(set_aside=[])
    rows = rows.exclude(channel__in=Dossier.BY_HAND) if person.is_staff else rows
    return [(row, entry) for row in rows for entry in row.set_aside]


def letters_to(person: User) -> QuerySet[Notice]:
    return Notice.objects.filter(Q(user=person) | Q(email__iexact=person.email))


def log_about(person: User) -> QuerySet[LogEntry]:
    """Lines of the back office's log about the account, the mandates and the requests of a person."""
    found = Q()
    for model, keys in (
        (User, [person.pk]),
        (Mandate, Mandate.objects.filter(user=person).values_list("pk", flat=True)),
        (MandateRequest, MandateRequest.objects.filter(user=person).values_list("pk", flat=True)),
    ):
        of_model = Q(content_type__app_label=model._meta.app_label, content_type__model=model._meta.model_name)
        found |= of_model & Q(object_id__in=[str(key) for key in keys])
    return LogEntry.objects.filter(found)


def _say_request(row: MandateRequest) -> dict[str, Any]:
    return {
        "tax_code": row.tax_code, "name": row.name, "position": row.position, "capacity": row.get_capacity_display(),
        "until": row.until, "note": row.note, "paper": row.paper.name if row.paper else "", "asked_at": row.asked_at,
        "answer": row.get_answer_display(),
    }  # fmt: skip


def _say_dossier(row: Dossier) -> dict[str, Any]:
    return {
        "dossier": str(row), "procedure": row.procedure.name, "enterprise": row.enterprise.name,
        "status": row.get_status_display(), "contact_name": row.contact_name, "contact_email": row.contact_email,
        "contact_phone": row.contact_phone, "created_at": row.created_at,
    }  # fmt: skip


def _say_typed(found: tuple[Dossier, str]) -> dict[str, Any]:
    row, key = found
    shape, typed = shapes.of_dossier(row), row.typed.get(key, {})
    section = shape.section(key) if shape else None
    text = "; ".join(f"{name}: {value}" for name, value in typed.get("data", {}).items())
    at = typed.get("at") or row.saves.get(key, {}).get("at") or row.saved_at.isoformat()
    return {
        "dossier": str(row), "part": shapes.say(section.title) if section else key,
        "at": datetime.fromisoformat(at), "body": text,
    }  # fmt: skip


def _say_reply(row: Supplement) -> dict[str, Any]:
    text = "; ".join(f"{name}: {value}" for name, value in row.typed["data"].items() if value)
    return {"dossier": str(row.dossier), "at": datetime.fromisoformat(row.typed["at"]), "body": text}


def _say_handed_in(row: Dossier) -> dict[str, Any]:
    said = row.handed_in
    return {
        "dossier": str(row), "name": said.get("name", ""), "identity": said.get("identity", ""),
        "authority": said.get("authority", ""), "at": row.submitted_at,
    }  # fmt: skip


def _say_set_aside(found: tuple[Dossier, dict[str, Any]]) -> dict[str, Any]:
    row, entry = found
    return {"dossier": str(row), "label": shapes.say(entry["label"]), "body": shapes.say(entry["value"])}


def _say_enquiry(row: Enquiry) -> dict[str, Any]:
    written = [row.note, *(reply.text for reply in row.replies.all())]
    return {
        "reference": row.reference, "name": row.name, "organisation": row.organisation, "country": row.country,
        "email": row.email, "phone": row.phone, "status": row.get_status_display(), "asked_at": row.asked_at,
        "body": "\n\n".join(filter(None, written)),
    }  # fmt: skip


def _say_question(row: Question) -> dict[str, Any]:
    return {
        "reference": row.reference, "name": row.name, "organisation": row.organisation, "email": row.email,
        "phone": row.phone, "status": row.get_status_display(), "asked_at": row.asked_at,
        "body": "\n\n".join(filter(None, (row.title, row.text))),
    }  # fmt: skip


def _say_comment(row: Comment) -> dict[str, Any]:
    return {
        "reference": row.reference, "name": row.name, "organisation": row.organisation, "email": row.email,
        "phone": row.phone, "status": row.get_status_display(), "asked_at": row.sent_at, "body": row.text,
    }  # fmt: skip


def _on_device(person: User) -> list[tuple[str, str]]:
    return [
        ("sessionid", gettext("Giữ bạn đăng nhập; mất khi đăng xuất hoặc hết phiên.")),
        ("csrftoken", gettext("Chống gửi biểu mẫu giả mạo; một năm.")),
        ("django_language", gettext("Ngôn ngữ bạn chọn.")),
        (
            "known_browser",
            gettext("Nhận ra trình duyệt đã từng đăng nhập, để người lạ không khóa được bạn; 400 ngày."),
        ),
        (
            gettext("Nội dung đang khai"),
            gettext("Phần tờ khai chưa gửi được lên cổng, nằm trong trình duyệt của bạn."),
        ),
    ]


_SENT = {
    "reference": _("Mã"), "name": _("Họ và tên"), "organisation": _("Tổ chức, doanh nghiệp"),
    "email": _("Thư điện tử"), "phone": _("Điện thoại"), "status": _("Trạng thái"), "asked_at": _("Gửi lúc"),
    "body": _("Nội dung"),
}  # fmt: skip
PLACES = (
    Place(
        "account", _("Tài khoản"), _("Để biết bạn là ai và liên hệ với bạn."), UNTIL_ERASED, GOES,
        {
            "full_name": _("Họ và tên"), "email": _("Thư điện tử"), "phone": _("Điện thoại"),
            "language": _("Ngôn ngữ của thư"), "date_joined": _("Ngày tạo"), "last_login": _("Đăng nhập lần cuối"),
        },
        lambda person: [person],
        lambda row: {
            "full_name": row.full_name, "email": row.email, "phone": row.phone, "language": row.language,
            "date_joined": row.date_joined, "last_login": row.last_login,
        },
        ("full_name", "email", "phone", "last_login"),
    ),
    Place(
        "addresses", _("Địa chỉ đăng nhập"), _("Để gửi mã và thư xác nhận."), UNTIL_ERASED, GOES,
        {"email": _("Thư điện tử"), "verified": _("Đã xác nhận")},
        lambda person: EmailAddress.objects.filter(user=person).order_by("pk"),
        lambda row: {"email": row.email, "verified": row.verified},
    ),
    Place(
        "factors", _("Lớp bảo vệ thứ hai"),
        _("Để người khác không mở được tài khoản; khóa bí mật không được đưa ra ngoài."), UNTIL_ERASED, GOES,
        {"type": _("Loại"), "created_at": _("Đặt lúc"), "last_used_at": _("Dùng lần cuối")},
        lambda person: Authenticator.objects.filter(user=person).order_by("pk"),
        lambda row: {"type": row.type, "created_at": row.created_at, "last_used_at": row.last_used_at},
    ),
    Place(
        "identities", _("Danh tính nối kèm"), _("Để đăng nhập bằng tài khoản định danh khác."), UNTIL_ERASED, GOES,
        {
            "provider": _("Nơi cấp"), "uid": _("Mã ở nơi cấp"), "last_login": _("Đăng nhập lần cuối"),
            "body": _("Chi tiết"),
        },
        lambda person: SocialAccount.objects.filter(user=person).order_by("pk"),
        lambda row: {"provider": row.provider, "uid": row.uid, "last_login": row.last_login, "body": row.extra_data},
    ),
    Place(
        "sessions", _("Phiên đăng nhập"), _("Để bạn thấy và kết thúc nơi đang đăng nhập."),
        _("Đến khi phiên kết thúc."), GOES,
        {
            "device": _("Trình duyệt"), "ip": _("Địa chỉ mạng"), "created_at": _("Từ lúc"),
            "seen_at": _("Dùng lần cuối"),
        },
        lambda person: UserSession.objects.filter(user=person).order_by("pk"),
        lambda row: {
            "device": sessions.device(row.user_agent), "ip": row.ip, "created_at": row.created_at,
            "seen_at": row.last_seen_at,
        },
    ),
    Place(
        "mandates", _("Ủy quyền"), _("Để biết bạn được thay mặt tổ chức nào, trong phạm vi nào."), BY_ARCHIVE_LAW,
        _("Chấm dứt ngay; dòng ghi ai được làm gì từ lúc nào được giữ, tên bạn được thay bằng một số."),
        {
            "enterprise": _("Tổ chức kinh tế"), "capacity": _("Quyền"), "until": _("Đến hết ngày"),
            "approved_at": _("Duyệt lúc"), "ended_at": _("Chấm dứt lúc"),
        },
        lambda person: Mandate.objects.filter(user=person).select_related("enterprise").order_by("pk"),
        lambda row: {
            "enterprise": row.enterprise.name, "capacity": row.get_capacity_display(), "until": row.until,
            "approved_at": row.approved_at, "ended_at": row.ended_at,
        },
        ("enterprise", "capacity", "until", "ended_at"),
    ),
    Place(
        "requests", _("Các đề nghị ủy quyền"), _("Để Ban xét và trả lời."), BY_ARCHIVE_LAW,
        _("Chức vụ, lời nhắn và giấy của đề nghị không được duyệt bị xóa; giấy của đề nghị đã duyệt được giữ."),
        {
            "tax_code": _("Mã số thuế"), "name": _("Tổ chức kinh tế"), "position": _("Chức vụ"),
            "capacity": _("Quyền"), "until": _("Đến hết ngày"), "note": _("Lời nhắn"), "paper": _("Giấy ủy quyền"),
            "asked_at": _("Gửi lúc"), "answer": _("Trả lời"),
        },
        lambda person: MandateRequest.objects.filter(user=person).select_related("paper"),
        _say_request,
        ("name", "capacity", "asked_at", "answer"),
    ),
    Place(
        "dossiers", _("Hồ sơ bạn lập hoặc được ghi là người liên hệ"),
        _("Để giải quyết thủ tục của tổ chức; hồ sơ thuộc về tổ chức."), BY_ARCHIVE_LAW,
        _("Hồ sơ ở lại với tổ chức; tên, thư điện tử và điện thoại liên hệ của bạn được xóa khỏi đó."),
        {
            "dossier": _("Hồ sơ"), "procedure": _("Thủ tục"), "enterprise": _("Tổ chức kinh tế"),
            "status": _("Trạng thái"), "contact_name": _("Người liên hệ"), "contact_email": _("Thư điện tử"),
            "contact_phone": _("Điện thoại"), "created_at": _("Lập lúc"),
        },
        lambda person: dossiers_of(person).select_related("procedure", "enterprise"),
        _say_dossier,
        ("dossier", "enterprise", "status", "contact_email"),
    ),
    Place(
        "drafts", _("Phần tờ khai bạn gõ hoặc lưu lần cuối trong bản nháp"),
        _("Để không mất gì khi gõ dở, và để đồng nghiệp biết ai vừa sửa."),
        _("Đến khi hồ sơ được nộp hoặc bản nháp bị xóa."),
        _(
            "Nội dung ở lại với bản nháp của tổ chức; tên, thư điện tử và điện thoại của bạn trong đó bị xóa. Ai lưu "
            "lúc nào chỉ còn một số thứ tự."
        ),
        {"dossier": _("Hồ sơ"), "part": _("Phần"), "at": _("Lưu lúc"), "body": _("Nội dung gõ dở")},
        typed_by,
        _say_typed,
    ),
    Place(
        "replies", _("Phần trả lời yêu cầu bổ sung bạn gõ, chưa gửi"),
        _("Để không mất gì khi gõ dở, và để đồng nghiệp biết ai vừa sửa."), _("Đến khi gửi, hoặc yêu cầu kết thúc."),
        GOES, {"dossier": _("Hồ sơ"), "at": _("Lưu lúc"), "body": _("Nội dung gõ dở")}, replies_of, _say_reply,
    ),
    Place(
        "handed_in", _("Hồ sơ bạn mang đến quầy hoặc gửi qua bưu chính"),
        _("Để biết ai nộp hồ sơ; in trên các mẫu giao cho người nộp."), BY_ARCHIVE_LAW,
        _("Ở hồ sơ đang nhập thì xóa; ở hồ sơ đã nộp thì giữ lại cùng hồ sơ, là chứng cứ pháp lý ai đã nộp."),
        {
            "dossier": _("Hồ sơ"), "name": _("Họ và tên"), "identity": _("Số giấy tờ tùy thân"),
            "authority": _("Giấy ủy quyền"), "at": _("Nộp lúc"),
        },
        handed_in_by,
        _say_handed_in,
        ("dossier", "name", "at"),
    ),
    Place(
        "set_aside", _("Câu trả lời mà mẫu tờ khai mới không hỏi nữa"),
        _("Để bạn chép lại sang mẫu mới; không thuộc nội dung hồ sơ đã nộp."), BY_ARCHIVE_LAW,
        _("Ở lại với hồ sơ; tên, thư điện tử và điện thoại của bạn trong đó bị xóa."),
        {"dossier": _("Hồ sơ"), "label": _("Mục"), "body": _("Nội dung")},
        set_aside_of,
        _say_set_aside,
    ),
    Place(
        "events", _("Các bước bạn đã làm trong hồ sơ"), _("Để biết ai làm gì, lúc nào."), BY_ARCHIVE_LAW, STAYS,
        {"dossier": _("Hồ sơ"), "step": _("Bước"), "at": _("Lúc"), "body": _("Nội dung")},
        lambda person: Event.objects.filter(by=person).select_related("dossier").order_by("-at", "-pk"),
        lambda row: {"dossier": str(row.dossier), "step": step_label(row.step), "at": row.at, "body": row.note},
    ),
    Place(
        "messages", _("Tin nhắn bạn viết về hồ sơ"), _("Để hỏi và trả lời về hồ sơ."), BY_ARCHIVE_LAW, STAYS,
        {"dossier": _("Hồ sơ"), "at": _("Lúc"), "body": _("Nội dung")},
        # Notes of the board to itself belong to the work of the board, and are given out to nobody.
        lambda person: Message.objects.shared().filter(by=person).select_related("dossier").order_by("-at", "-pk"),
        lambda row: {"dossier": str(row.dossier), "at": row.at, "body": row.text},
    ),
    Place(
        "reports", _("Báo cáo định kỳ bạn đã nộp hoặc nhập"), _("Để biết ai báo cáo thay tổ chức nào, lúc nào."),
        BY_ARCHIVE_LAW, _("Báo cáo ở lại với tổ chức; tên bạn được thay bằng một số."),
        {"reference": _("Số biên nhận"), "enterprise": _("Tổ chức kinh tế"), "at": _("Nộp lúc")},
        lambda person: Report.objects.filter(recorded_by=person).select_related("project__enterprise"),
        lambda row: {"reference": row.reference, "enterprise": row.project.enterprise.name, "at": row.recorded_at},
    ),
    Place(
        "report_drafts", _("Bản nháp báo cáo bạn lưu lần cuối"), _("Để không mất gì khi gõ dở."),
        _("Đến khi báo cáo được nộp hoặc bản nháp bị bỏ."), _("Ở lại với tổ chức; tên bạn được thay bằng một số."),
        {"period": _("Kỳ"), "project": _("Dự án"), "at": _("Lưu lúc"), "body": _("Nội dung gõ dở")},
        lambda person: ReportDraft.objects.filter(changed_by=person).select_related("period", "project"),
        lambda row: {
            "period": row.period.code, "project": row.project.name, "at": row.changed_at,
            "body": "\n".join(row.typed.values()),
        },
    ),
    Place(
        "surveys", _("Đánh giá bạn đã gửi"), _("Để Ban phục vụ tốt hơn; chỉ công khai điểm trung bình."), UNTIL_ERASED,
        _("Tên bạn và góp ý bị xóa; số điểm ở lại trong điểm trung bình."),
        {"dossier": _("Hồ sơ"), "answered_at": _("Lúc"), "body": _("Góp ý")},
        lambda person: Survey.objects.filter(answered_by=person).select_related("dossier"),
        lambda row: {"dossier": str(row.dossier), "answered_at": row.answered_at, "body": row.comment},
    ),
    Place(
        "enquiries", _("Câu hỏi, nhu cầu về đất gửi từ địa chỉ của bạn"), _("Để Ban trả lời bạn."),
        _("Đến khi bạn đề nghị xóa, hoặc hết thời gian giữ tính từ khi đóng; thời gian đó chờ Ban xác nhận."),
        _("Tên, liên hệ, câu hỏi và trao đổi bị xóa; nhu cầu còn lại trong thống kê, không gắn với ai."),
        {
            "reference": _("Mã yêu cầu"), "name": _("Họ và tên"), "organisation": _("Tổ chức, doanh nghiệp"),
            "country": _("Nước, vùng lãnh thổ"), "email": _("Thư điện tử"), "phone": _("Điện thoại"),
            "status": _("Trạng thái"), "asked_at": _("Hỏi lúc"), "body": _("Nội dung"),
        },
        lambda person: correspondence.of_address(Enquiry, person.email).prefetch_related("replies"),
        _say_enquiry,
        ("reference", "status", "asked_at", "email"),
    ),
    Place(
        "questions", _("Câu hỏi bạn gửi Ban"), _("Để Ban trả lời bạn."),
        _("Đến khi bạn đề nghị xóa, hoặc hết thời gian giữ tính từ khi trả lời; thời gian đó chờ Ban xác nhận."),
        _("Tên, liên hệ, câu hỏi, trả lời và tệp bị xóa; bản đã công bố không nêu tên ai được giữ."),
        _SENT,
        questions.of_person,
        _say_question,
        ("reference", "status", "asked_at", "email"),
    ),
    Place(
        "comments", _("Góp ý quy hoạch gửi từ địa chỉ của bạn"), _("Để Ban tổng hợp và giải trình."),
        _("Đến khi bạn đề nghị xóa, hoặc hết thời gian giữ từ khi công bố giải trình; thời gian đó chờ Ban xác nhận."),
        _("Tên, liên hệ, nội dung và tệp bị xóa; phần tổng hợp không nêu tên ai được giữ."),
        _SENT,
        lambda person: correspondence.of_address(Comment, person.email).filter(erased_at__isnull=True),
        _say_comment,
        ("reference", "status", "asked_at", "email"),
    ),
    Place(
        "watches", _("Lần tìm đất bạn theo dõi qua thư"), _("Để gửi thư khi quỹ đất thay đổi."),
        _("Đến khi bạn ngừng nhận thư; chưa xác nhận thì 7 ngày."), GOES,
        {
            "query": _("Lần tìm"), "asked_at": _("Đăng ký lúc"), "confirmed_at": _("Xác nhận lúc"),
            "told_at": _("Thư cuối lúc"),
        },
        lambda person: watches.of_address(person.email),
        lambda row: {
            "query": row.query, "asked_at": row.asked_at, "confirmed_at": row.confirmed_at, "told_at": row.told_at,
        },
    ),
    Place(
        "files", _("Tệp bạn đã tải lên"), _("Làm giấy tờ của hồ sơ và đề nghị."), BY_ARCHIVE_LAW,
        _("Giấy tờ của hồ sơ được giữ cùng hồ sơ; giấy của đề nghị không được duyệt bị xóa."),
        {"name": _("Tên tệp"), "size": _("Cỡ, byte"), "uploaded_at": _("Tải lên lúc"), "sha256": _("SHA-256")},
        lambda person: StoredFile._base_manager.filter(uploaded_by=person).order_by("-uploaded_at", "pk"),
        lambda row: {"name": row.name, "size": row.size, "uploaded_at": row.uploaded_at, "sha256": row.sha256},
        ("name", "size", "uploaded_at"),
    ),
    Place(
        "pieces", _("Tệp đang tải dở"), _("Để tải tiếp sau khi mất mạng."),
        _("Vài ngày sau lần tải cuối."), GOES,
        {"name": _("Tên tệp"), "size": _("Cỡ, byte"), "touched_at": _("Nhận lần cuối lúc")},
        lambda person: PartialFile.objects.filter(user=person),
        lambda row: {"name": row.name, "size": row.size, "touched_at": row.touched_at},
    ),
    Place(
        "letters", _("Thư đã gửi cho bạn"), _("Để chứng minh đã báo cho bạn, và gửi lại khi cần."), UNTIL_ERASED,
        _("Địa chỉ và nội dung thư bị xóa; chỉ còn tiêu đề và lúc gửi."),
        {
            "subject": _("Tiêu đề"), "email": _("Gửi tới"), "created_at": _("Viết lúc"), "sent_at": _("Gửi lúc"),
            "body": _("Nội dung"),
        },
        letters_to,
        lambda row: {
            "subject": row.subject, "email": row.email, "created_at": row.created_at, "sent_at": row.sent_at,
            "body": row.body,
        },
        ("subject", "email", "sent_at"),
    ),
    Place(
        "log", _("Nhật ký của trang nội bộ về bạn"), _("Để biết cán bộ nào đã đổi gì."), BY_ARCHIVE_LAW,
        _("Được giữ; tên và địa chỉ của bạn trong đó được thay bằng một số."),
        {"at": _("Lúc"), "about": _("Về"), "body": _("Nội dung")},
        lambda person: log_about(person).order_by("-action_time"),
        lambda row: {"at": row.action_time, "about": row.object_repr, "body": row.get_change_message()},
    ),
    Place(
        "device", _("Trên thiết bị của bạn"), _("Cookie và bộ nhớ của trình duyệt; cổng không theo dõi bạn."),
        _("Như ghi ở từng mục."), _("Bạn xóa trong trình duyệt."),
        {"name": _("Tên"), "purpose": _("Dùng để")},
        _on_device,
        lambda row: {"name": row[0], "purpose": row[1]},
    ),
)  # fmt: skip
