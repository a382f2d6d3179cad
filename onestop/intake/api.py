"""The calls of the intake interface: each reads what was sent, calls one verb, and answers."""

import tempfile
import time
import uuid
from functools import wraps
from typing import Annotated

from django.core.cache import cache
from django.core.files import File
from django.http import Http404, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import Header, Query, Router
from ninja.errors import HttpError, Throttled
from ninja.security import HttpBearer

from izportal import documents
from izportal.models import Rule
from onestop import intake
from onestop.intake import files as intake_files
from onestop.intake import report as intake_report
from onestop.intake.schemas import (
    Changes,
    DossierIn,
    DossierOut,
    DossierTaken,
    FileOut,
    FormOut,
    Moment,
    Problem,
    SupplementIn,
    WithdrawalIn,
)

# Calls of one system in a minute, where no rule says otherwise.
WINDOW, MOST = 60, 600
CHUNK = 64 * 1024
IN_MEMORY = 1024 * 1024

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,100}$",
        description=gettext_lazy(
            "Khóa do bạn đặt cho mỗi việc; gửi lại cùng khóa, cùng nội dung thì nhận đúng câu trả lời cũ."
        ),
    ),
]
REFUSED = dict.fromkeys((400, 401, 403, 409, 413, 422, 429), Problem)
UNREAD = dict.fromkeys((401, 403, 404, 422, 429), Problem)


class Token(HttpBearer):
    """The token of a sending system, and nothing else: no session opens these calls."""

    def __call__(self, request):
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        return self.authenticate(request, token.strip()) if scheme.lower() == self.openapi_scheme else None

    def authenticate(self, request, token):
        system = intake.authenticate(token)
        if system is None:
            return None
        if not system.is_active:
            raise HttpError(403, _("Hệ thống gửi này đang tạm ngừng; hãy liên hệ Ban."))
        _count(system)
        intake.note_call(system, at=timezone.now())
        return system


def _count(system):
    key = f"intake:{system.pk}:{int(time.time() // WINDOW)}"
    cache.add(key, 0, WINDOW * 2)
    try:
        count = cache.incr(key)
    except ValueError:  # thrown out of the cache in between
        return
    if count > _most():
        raise Throttled(wait=WINDOW)


def _most():
    try:
        return Rule.number("intake_calls_per_minute", on=timezone.localdate())
    except Rule.DoesNotExist:
        return MOST


def spoken(run):
    """Answer in the language that the caller asks for; nobody on the way keeps the answer."""

    @wraps(run)
    def answer(request, **address):
        with translation.override(translation.get_language_from_request(request)):
            response = run(request, **address)
            response.headers.setdefault("Content-Language", translation.get_language())
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer


router = Router(auth=Token(), tags=["intake"])
router.add_decorator(spoken, mode="view")


def _once(request, key, payload, do):
    """The answer of the verb, or the one that the same call got before."""
    content = {"call": request.path, "body": payload}
    done = intake.once(system=request.auth, key=key, content=content, at=timezone.now(), do=do)
    return JsonResponse(done.body, status=done.status)


def _find(request, code):
    dossier = intake_report.find(request.auth, code)
    if dossier is None:
        raise Http404
    return dossier


def _told(dossier, schema=DossierOut, **more):
    return schema(**intake_report.standing(dossier), **more).model_dump(mode="json")


# What may be sent ---------------------------------------------------------------------------------
@router.get(
    "/procedures/{code}",
    response={200: FormOut, **UNREAD},
    operation_id="readForm",
    summary=gettext_lazy("Xem tờ khai và giấy tờ của một thủ tục"),
)
def form_read(request, code: str):
    form = intake_report.form_of(code, on=timezone.localdate())
    if form is None:
        raise Http404
    return form


# Files --------------------------------------------------------------------------------------------
@router.post(
    "/files",
    response={201: FileOut, 415: Problem, **REFUSED},
    operation_id="sendFile",
    summary=gettext_lazy("Gửi một tệp"),
    description=gettext_lazy(
        "Thân lời gọi là nội dung tệp (PDF, PNG, JPEG, DOCX, XLSX). Tệp được kiểm tra ngay; tệp không được dùng cho "
        "hồ sơ nào thì bị xóa sau thời hạn giữ."
    ),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
def file_send(
    request,
    key: Key,
    name: Annotated[str, Query(max_length=255, description=gettext_lazy("Tên tệp, có đuôi."))],
    sha256: Annotated[
        str,
        Query(pattern=r"^([0-9a-fA-F]{64})?$", description=gettext_lazy("SHA-256 bạn tính; được đối chiếu.")),
    ] = "",
):
    if request.content_type.startswith("multipart/"):
        raise HttpError(415, _("Gửi nội dung tệp làm thân của lời gọi, không gửi dạng biểu mẫu."))
    now = timezone.now()
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as kept:
        _read(request, kept, documents.limit_bytes(timezone.localdate(now)))
        upload = File(kept, name)
        payload = {"name": name, "sha256": intake_files.digest_of(upload)}

        def do():
            stored = intake_files.keep(system=request.auth, upload=upload, sha256=sha256, at=now)
            return intake.Answer(201, FileOut.from_orm(stored).model_dump(mode="json"))

        return _once(request, key, payload, do)


def _read(request, kept, most):
    """The body, piece by piece; no more of it than a file may have."""
    size, claimed = 0, request.META.get("CONTENT_LENGTH") or "0"
    if claimed.isdecimal() and int(claimed[:18]) > most:
        _too_large(int(claimed[:18]), most)
    while piece := request.read(CHUNK):
        size += len(piece)
        if size > most:
            _too_large(size, most)
        kept.write(piece)


def _too_large(size, most):
    raise documents.UploadRefused("too_large", size=filesizeformat(size), limit=filesizeformat(most))


@router.get(
    "/files/{uuid:pk}",
    response={200: FileOut, **UNREAD},
    operation_id="readFile",
    summary=gettext_lazy("Xem tình trạng một tệp"),
)
def file_read(request, pk: uuid.UUID):
    stored = intake_files.sent_by(request.auth).filter(pk=pk).first()
    if stored is None:
        raise Http404
    return stored


# Dossiers -----------------------------------------------------------------------------------------
@router.post(
    "/dossiers",
    response={201: DossierTaken, **REFUSED},
    operation_id="sendDossier",
    summary=gettext_lazy("Gửi một hồ sơ"),
    description=gettext_lazy(
        "Tờ khai và giấy tờ được kiểm tra như khi nộp tại cổng. Hồ sơ được nộp trọn vẹn hoặc không có gì được lưu; "
        "khi đó faults kể đủ mọi điều cần sửa."
    ),
)
def dossier_send(request, payload: DossierIn, key: Key):
    sent = payload.model_dump(exclude={"submitted_at"})
    filing = intake.Filing(**sent, filed_at=payload.submitted_at)

    def do():
        dossier, notes = intake.take_in(system=request.auth, filing=filing, at=timezone.now())
        body = _told(dossier, DossierTaken, notes=[note.told() for note in notes])
        return intake.Answer(201, body, dossier)

    return _once(request, key, payload.model_dump(mode="json"), do)


@router.get(
    "/dossiers",
    response={200: Changes, **UNREAD},
    operation_id="listChanges",
    summary=gettext_lazy("Hỏi các hồ sơ có thay đổi từ một mốc"),
)
def dossier_changes(
    request,
    since: Annotated[Moment, Query(description=gettext_lazy("Mốc thời gian, có múi giờ."))],
    cursor: Annotated[str, Query(max_length=200, description=gettext_lazy("Lấy từ trang trước."))] = "",
    limit: Annotated[int, Query(ge=1, le=200, description=gettext_lazy("Số hồ sơ mỗi trang."))] = 50,
):
    try:
        items, onward, next_since = intake_report.changes(
            request.auth, since=since, cursor=cursor, most=limit, at=timezone.now()
        )
    except intake_report.WrongCursor as error:
        raise HttpError(422, _("Con trỏ trang không đúng; hãy hỏi lại từ mốc thời gian.")) from error
    return {"items": items, "cursor": onward, "since": next_since}


@router.get(
    "/dossiers/{code}",
    response={200: DossierOut, **UNREAD},
    operation_id="readDossier",
    summary=gettext_lazy("Xem một hồ sơ đang ở đâu"),
    description=gettext_lazy("Theo mã ở hệ thống gửi, mã hồ sơ hoặc số biên nhận; chỉ hồ sơ do chính hệ thống gửi."),
)
def dossier_read(request, code: str):
    return intake_report.standing(_find(request, code))


@router.post(
    "/dossiers/{code}/supplement",
    response={200: DossierOut, 404: Problem, **REFUSED},
    operation_id="answerRequest",
    summary=gettext_lazy("Nộp bổ sung theo yêu cầu"),
)
def dossier_supplement(request, code: str, payload: SupplementIn, key: Key):
    dossier, given = _find(request, code), [paper.model_dump() for paper in payload.papers]

    def do():
        after = intake.answer_supplement(
            system=request.auth, dossier=dossier, given=given, answer=payload.answer, at=timezone.now()
        )
        return intake.Answer(200, _told(after), after)

    return _once(request, key, payload.model_dump(mode="json"), do)


@router.post(
    "/dossiers/{code}/withdraw",
    response={200: DossierOut, 404: Problem, **REFUSED},
    operation_id="withdrawDossier",
    summary=gettext_lazy("Rút hồ sơ"),
)
def dossier_withdraw(request, code: str, payload: WithdrawalIn, key: Key):
    dossier = _find(request, code)

    def do():
        after = intake.withdraw(system=request.auth, dossier=dossier, reason=payload.reason, at=timezone.now())
        return intake.Answer(200, _told(after), after)

    return _once(request, key, payload.model_dump(mode="json"), do)


@router.get(
    "/dossiers/{code}/result",
    response=dict(UNREAD),
    operation_id="readResult",
    summary=gettext_lazy("Tải bản điện tử kết quả"),
    openapi_extra={
        "responses": {200: {"description": "OK", "content": {"application/pdf": {"schema": {"type": "string"}}}}}
    },
)
def dossier_result(request, code: str):
    stored = intake_report.result_file(_find(request, code))
    if stored is None:
        raise Http404
    return documents.serve(stored)
