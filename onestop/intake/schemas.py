"""What goes over the wire to and from a sending system: names, kinds and bounds, each described in both languages."""

import uuid
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja import Field, Schema
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, ConfigDict

MOST_PAPERS = 200
# Beyond these no calendar reaches, and the databases do not all keep them.
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)


def _with_plus(value: Any) -> Any:
    """An unescaped plus sign arrives in an address as a space."""
    return value.replace(" ", "+") if isinstance(value, str) else value


Moment = Annotated[AwareDatetime, Field(ge=FIRST, le=LAST), BeforeValidator(_with_plus)]
# Told in the time of the office, to the second.
When = Annotated[datetime, AfterValidator(lambda moment: timezone.localtime(moment).replace(microsecond=0))]
Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")]
Slug = Annotated[str, Field(max_length=60)]


class Sent(Schema):
    """What comes in; a field that is not known here is told, never passed over."""

    model_config = ConfigDict(extra="forbid")


class EnterpriseIn(Sent):
    tax_code: str = Field(
        pattern=r"^[0-9]{10}(-[0-9]{3})?$", description=_("Mã số thuế; doanh nghiệp đã có thì giữ nguyên trong sổ.")
    )
    name: str = Field("", max_length=300, description=_("Tên; cần khi doanh nghiệp chưa có trong sổ."))
    address: str = Field("", max_length=400, description=_("Địa chỉ trụ sở."))
    representative: str = Field("", max_length=200, description=_("Người đại diện theo pháp luật."))
    email: str = Field("", max_length=254, description=_("Thư điện tử."))
    phone: str = Field("", max_length=30, description=_("Điện thoại."))


class ContactIn(Sent):
    name: str = Field(max_length=200, description=_("Người liên hệ."))
    email: str = Field("", max_length=254, description=_("Thư điện tử nhận thông báo từng bước."))
    phone: str = Field("", max_length=30, description=_("Điện thoại liên hệ."))


class PaperIn(Sent):
    component: Slug = Field(description=_("Khóa của thành phần hồ sơ."))
    file: uuid.UUID = Field(description=_("Mã tệp đã gửi trước."))


class DossierIn(Sent):
    procedure: str = Field(max_length=20, description=_("Mã thủ tục quốc gia, ví dụ 1.009664."))
    case: Slug = Field("", description=_("Khóa của trường hợp; bỏ qua được khi thủ tục chỉ có một."))
    foreign_code: Code = Field(description=_("Mã hồ sơ ở hệ thống gửi; mã theo mẫu quốc gia được giữ làm mã hồ sơ."))
    submitted_at: Moment | None = Field(None, description=_("Lúc nộp ở hệ thống gửi, có múi giờ."))
    language: Literal["vi", "en"] = Field("vi", description=_("Ngôn ngữ của thư và phiếu gửi người nộp."))
    enterprise: EnterpriseIn
    contact: ContactIn
    answers: dict[str, Any] = Field(
        description=_(
            "Nội dung tờ khai theo khóa của từng câu hỏi: ngày “2027-12-31”, số 12500000.5, có hoặc không là true, "
            "false, bảng là danh sách các dòng; lô đất và dự án ghi bằng mã."
        )
    )
    papers: list[PaperIn] = Field(default_factory=list, max_length=MOST_PAPERS, description=_("Giấy tờ kèm theo."))
    papers_not_due: list[Slug] = Field(
        default_factory=list, max_length=MOST_PAPERS,
        description=_("Khóa của các giấy tờ có điều kiện mà người nộp khai là không thuộc trường hợp phải nộp."),
    )  # fmt: skip


class ItemIn(Sent):
    item: int = Field(ge=1, le=MOST_PAPERS, description=_("Số của mục trong phiếu yêu cầu."))
    file: uuid.UUID = Field(description=_("Mã tệp đã gửi trước."))


class SupplementIn(Sent):
    answer: str = Field("", max_length=4000, description=_("Lời giải trình."))
    papers: list[ItemIn] = Field(default_factory=list, max_length=MOST_PAPERS, description=_("Giấy tờ bổ sung."))


class WithdrawalIn(Sent):
    reason: str = Field(min_length=1, max_length=2000, description=_("Lý do rút hồ sơ."))


# What is answered ---------------------------------------------------------------------------------
class Fault(Schema):
    section: str = Field(description=_("Phần của tờ khai, “enterprise” hoặc “papers”."))
    question: str = Field(description=_("Khóa của câu hỏi, của giấy tờ hoặc tên trường."))
    label: str = Field(description=_("Tên câu hỏi hoặc giấy tờ."))
    sentence: str = Field(description=_("Điều cần sửa."))


class Problem(Schema):
    """RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    faults: list[Fault] = Field(default_factory=list)


class Status(Schema):
    code: int | None = Field(description=_("Mã trạng thái quốc gia, 1 đến 10."))
    label: str = Field(description=_("Tên trạng thái quốc gia."))
    detail: str = Field(description=_("Trạng thái chi tiết của Ban."))


class DossierLine(Schema):
    reference: str = Field(description=_("Số biên nhận của Ban."))
    code: str | None = Field(description=_("Mã hồ sơ, có khi được tiếp nhận."))
    foreign_code: str = Field(description=_("Mã hồ sơ ở hệ thống gửi."))
    status: Status
    submitted_at: When
    due_at: When | None = Field(description=_("Hạn giải quyết hiện hành."))


class ChangedLine(DossierLine):
    changed_at: When = Field(description=_("Lúc có bước gần nhất."))


class Changes(Schema):
    items: list[ChangedLine]
    cursor: str = Field(description=_("Gửi lại để đọc trang sau; để trống là trang cuối."))
    since: When = Field(description=_("Mốc để hỏi lần sau; một hồ sơ có thể được kể lại, không hồ sơ nào bị sót."))


class Named(Schema):
    code: str
    name: str


class PromiseOut(Schema):
    number: int
    promised_at: When
    reason: str
    ground: str


class ItemOut(Schema):
    number: int
    text: str


class RequestOut(Schema):
    stage: str = Field(description=_("“intake” là trước tiếp nhận, “review” là khi thẩm định."))
    items: list[ItemOut]
    reason: str
    asked_at: When
    reply_by: When | None
    answered_at: When | None
    is_open: bool = Field(description=_("Đang chờ người nộp bổ sung."))


class FileName(Schema):
    name: str
    size: int
    sha256: str


class ResultOut(Schema):
    standing: str = Field(
        description=_(
            "“stands” là còn giá trị, “corrected” là đã đính chính (tệp là giấy mới), “revoked” là đã thu hồi "
            "(không còn tệp)."
        )
    )
    amended_by: str | None = Field(description=_("Số quyết định đính chính, thu hồi gần nhất."))
    decision: str = Field(description=_("“granted” là đồng ý cấp, “refused” là từ chối."))
    number: str | None
    decided_on: date | None
    ready_at: When | None
    delivered_at: When | None
    file: FileName | None


class SlipOut(Schema):
    form: str
    name: str
    number: str
    issued_at: When


class EventOut(Schema):
    at: When
    step: str
    label: str
    status: int | None = Field(description=_("Mã trạng thái quốc gia sau bước này."))
    officer: str = Field(description=_("Cán bộ thực hiện; để trống khi là người nộp."))
    note: str


class DossierOut(DossierLine):
    lookup: str = Field(description=_("Mã tra cứu để người nộp tự xem ở trang tra cứu."))
    track_url: str
    procedure: Named
    case: Named
    enterprise: Named
    filed_at: When | None = Field(description=_("Lúc nộp ở hệ thống gửi."))
    answer_by: When | None = Field(description=_("Hạn trả lời việc tiếp nhận."))
    received_at: When | None
    officer: str = Field(description=_("Cán bộ đang thụ lý."))
    division: str
    promises: list[PromiseOut] = Field(description=_("Các lần hẹn trả; lần đầu không bao giờ đổi."))
    requests: list[RequestOut] = Field(description=_("Các yêu cầu bổ sung."))
    result: ResultOut | None
    slips: list[SlipOut] = Field(description=_("Các phiếu, giấy đã cấp."))
    events: list[EventOut] = Field(description=_("Các bước đã qua mà người nộp được biết."))


class DossierTaken(DossierOut):
    notes: list[Fault] = Field(default_factory=list, description=_("Điều nên xem lại; không cản việc nộp."))


class FileOut(Schema):
    id: uuid.UUID = Field(description=_("Mã tệp, để ghi vào papers."))
    name: str
    size: int
    pages: int | None
    sha256: str
    state: str = Field(description=_("“safe” dùng được; “pending” đang quét mã độc; “refused” bị từ chối."))


class AskedPaper(Named):
    required: str = Field(description=_("“always” bắt buộc, “conditional” khi thuộc trường hợp, “optional” nếu có."))
    condition: str
    cases: list[str] = Field(description=_("Khóa các trường hợp phải nộp; để trống là mọi trường hợp."))


class FormOut(Named):
    version: int = Field(description=_("Phiên bản của tờ khai."))
    valid_from: date
    cases: list[Named]
    papers: list[AskedPaper]
    sections: list[dict[str, Any]] = Field(
        description=_("Các phần của tờ khai; mỗi câu hỏi có khóa, kiểu, bắt buộc hay không và điều kiện được hỏi.")
    )
