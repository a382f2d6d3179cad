"""One interface for other systems, under /api/v1/: mounts each router, describes itself, and says in one shape what
went wrong. The open data need no key; whoever sends dossiers has one."""

import json
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from ninja.parser import Parser

from izportal.documents import UploadRefused
from izportal.opendata.api import router as data_router
from izportal.opendata.asking import QuestionRefused
from izportal.opendata.serving import TooManyCalls
from onestop import intake
from onestop.intake.api import router as intake_router
from onestop.intake.api import spoken
from onestop.intake.files import FileMismatch

PROBLEM = "application/problem+json"
SENTENCES = {
    400: gettext_lazy("Nội dung gửi không đọc được: cần JSON hợp lệ, mã UTF-8."),
    401: gettext_lazy("Thiếu khóa truy cập hoặc khóa không còn dùng được."),
    404: gettext_lazy("Không có địa chỉ này, hoặc hệ thống của bạn không được biết."),
    409: gettext_lazy("Khóa chống gửi trùng này đã dùng cho một nội dung khác."),
    413: gettext_lazy("Nội dung gửi quá lớn."),
    422: gettext_lazy("Dữ liệu gửi chưa đúng; chưa có gì được lưu."),
    429: gettext_lazy("Gọi quá nhiều lần; hãy gọi lại sau."),
}
# What the reader of the data finds, in words; every other fault is “giá trị không hợp lệ”.
FAULTS = {
    "missing": gettext_lazy("Thiếu trường này."),
    "extra_forbidden": gettext_lazy("Không có trường mang tên này."),
    "string_too_long": gettext_lazy("Dài quá %(max_length)s ký tự."),
    "string_too_short": gettext_lazy("Trường này không được để trống."),
    "string_type": gettext_lazy("Cần một đoạn chữ."),
    "string_pattern_mismatch": gettext_lazy("Không đúng mẫu %(pattern)s."),
    "int_type": gettext_lazy("Cần một số nguyên."),
    "int_parsing": gettext_lazy("Cần một số nguyên."),
    "list_type": gettext_lazy("Cần một danh sách."),
    "dict_type": gettext_lazy("Cần một đối tượng JSON."),
    "model_attributes_type": gettext_lazy("Cần một đối tượng JSON."),
    "timezone_aware": gettext_lazy("Ghi thời điểm có múi giờ, ví dụ 2026-03-03T09:15:00+07:00."),
    "datetime_from_date_parsing": gettext_lazy("Ghi thời điểm có múi giờ, ví dụ 2026-03-03T09:15:00+07:00."),
}


class StrictParser(Parser):
    """JSON as both databases can keep it: UTF-8, no NUL, no half of a letter, no infinite number, no name twice."""

    def parse_body(self, request: HttpRequest) -> Any:
        text = request.body.decode("utf-8")
        read = json.loads(text, parse_constant=_no_number, parse_float=_finite, object_pairs_hook=_no_twice)
        whole = json.dumps(read, ensure_ascii=False).encode("utf-8")
        if b"\\u0000" in whole and _holds_nul(read):
            raise ValueError("NUL")
        return read


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(text)
    return number


def _no_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _holds_nul(value: Any) -> bool:
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    if isinstance(value, list):
        return any(map(_holds_nul, value))
    return isinstance(value, str) and "\x00" in value


class PortalAPI(NinjaAPI):
    def get_openapi_schema(self, **options: Any) -> Any:
        """What went wrong is told as RFC 9457 says."""
        schema = super().get_openapi_schema(**options)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {PROBLEM: response["content"]["application/json"]}
        return schema


api = PortalAPI(
    title=gettext_lazy("Giao diện lập trình của Ban Quản lý các khu công nghiệp Thái Nguyên"),  # type: ignore[arg-type]
    version="1",
    description=gettext_lazy(
        "Dữ liệu mở đọc được không cần khóa: hỏi theo ngày, lọc, lấy từng trang theo địa chỉ ở next; ETag và "
        "Last-Modified cho biết đã có gì mới chưa. Phần nhận hồ sơ dành cho hệ thống khác gửi hồ sơ đã nộp ở đó và "
        "hỏi tình trạng giải quyết theo mười mã trạng thái quốc gia: mỗi lời gọi mang khóa truy cập do Ban cấp "
        "(Authorization: Bearer …), mỗi việc ghi mang Idempotency-Key, nên gửi lại sau khi mất mạng không tạo hồ sơ "
        "thứ hai; lời gọi bị từ chối thì khóa còn dùng lại được. Câu trả lời theo Accept-Language: vi hoặc en."
    ),  # type: ignore[arg-type]
    docs_url=None,
    docs_decorator=spoken,
    parser=StrictParser(),
)
api.add_router("/intake", intake_router)
api.add_router("", data_router)


# What went wrong ----------------------------------------------------------------------------------
def problem(status: int, sentence: str = "", faults: Any = ()) -> HttpResponse:
    body = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence or str(SENTENCES[status]),
        "faults": list(faults),
    }
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=PROBLEM)


@api.exception_handler(AuthenticationError)
def _unknown(request, error):
    response = problem(401)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(HttpError)
def _told(request, error):
    """The library's own words are English, and stand only where the body could not be read."""
    return problem(error.status_code, "" if error.status_code == 400 else str(error))


@api.exception_handler(Throttled)
def _too_often(request, error):
    response = problem(429)
    response["Retry-After"] = str(int(error.wait or 60))
    return response


@api.exception_handler(TooManyCalls)
def _too_many(request, error):
    response = problem(429)
    response["Retry-After"] = str(error.wait)
    return response


@api.exception_handler(QuestionRefused)
def _not_understood(request, error):
    return problem(400, str(error), error.faults)


@api.exception_handler(Http404)
def _not_there(request, error):
    return problem(404)


@api.exception_handler(UnreadablePostError)
def _broken_off(request, error):
    return problem(400)


@api.exception_handler(RequestDataTooBig)
def _too_big(request, error):
    return problem(413)


@api.exception_handler(UploadRefused)
def _file_refused(request, error):
    fault = {"section": "papers", "question": error.code, "label": "", "sentence": error.sentence}
    return problem(413 if error.code == "too_large" else 422, error.sentence, [fault])


@api.exception_handler(FileMismatch)
def _another_file(request, error):
    fault = {"section": "papers", "question": "sha256", "label": "", "sentence": str(error)}
    return problem(422, str(error), [fault])


@api.exception_handler(intake.KeyTaken)
def _key_taken(request, error):
    return problem(409)


@api.exception_handler(intake.IntakeRefused)
def _refused(request, error):
    return problem(error.status, str(error), [remark.told() for remark in error.remarks])


@api.exception_handler(ValidationError)
def _misread(request, error):
    is_in_head = any(fault["loc"][0] == "header" for fault in error.errors)
    sentence = _("Thiếu đầu mục Idempotency-Key, hoặc nội dung của nó không đúng.") if is_in_head else ""
    return problem(400 if is_in_head else 422, sentence, map(_fault, error.errors))


def _fault(error: dict[str, Any]) -> dict[str, str]:
    where, *steps = error["loc"]
    names = [str(step) for step in (steps[1:] if where == "body" else steps)]
    known = FAULTS.get(error["type"], gettext_lazy("Giá trị không hợp lệ."))
    sentence = str(known) % error.get("ctx", {})
    return {
        "section": names[0] if len(names) > 1 else "",
        "question": ".".join(names),
        "label": "",
        "sentence": sentence,
    }


# The same description for people ------------------------------------------------------------------
def api_docs(request):
    """Each call with what it takes and gives, from the description that machines read."""
    schema = api.get_openapi_schema()
    calls = [
        _call(method, path, said) for path, methods in schema["paths"].items() for method, said in methods.items()
    ]
    parts = [_part(name, said) for name, said in schema["components"]["schemas"].items()]
    context = {"info": schema["info"], "calls": calls, "parts": parts, "server": settings.SITE_URL}
    return render(request, "izportal/api_docs.html", context)


def _call(method: str, path: str, said: dict[str, Any]) -> dict[str, Any]:
    asked = [
        {**_field(row["name"], row["schema"]), "is_required": row["required"], "place": row["in"]}
        for row in said["parameters"]
    ]
    body = next(iter(said.get("requestBody", {}).get("content", {}).items()), None)
    answers = [(status, *_content(answer)) for status, answer in said["responses"].items()]
    return {
        "id": said["operationId"], "method": method.upper(), "path": path, "summary": said["summary"],
        "description": said.get("description", ""), "asked": asked, "answers": answers,
        "body": (body[0], *_kind(body[1]["schema"])) if body else None,
    }  # fmt: skip


def _content(answer: dict[str, Any]) -> tuple[str, str]:
    content: dict[str, Any] = next(iter(answer.get("content", {}).values()), {})
    return _kind(content.get("schema", {}))


def _part(name: str, said: dict[str, Any]) -> dict[str, Any]:
    required = said.get("required", ())
    fields = [{**_field(key, value), "is_required": key in required} for key, value in said["properties"].items()]
    return {"name": name, "fields": fields}


def _field(name: str, said: dict[str, Any]) -> dict[str, Any]:
    kind, target = _kind(said)
    return {"name": name, "kind": kind, "target": target, "description": said.get("description", "")}


def _kind(said: dict[str, Any]) -> tuple[str, str]:
    """What a value is, and the part of this page that says more."""
    if "$ref" in said:
        name = said["$ref"].rpartition("/")[2]
        return name, name
    if "anyOf" in said:
        some = [_kind(way) for way in said["anyOf"]]
        return " | ".join(kind for kind, _target in some), next((target for _kind, target in some if target), "")
    if said.get("type") == "array":
        kind, target = _kind(said.get("items", {}))
        return f"[{kind}]", target
    words = (said.get("type", ""), said.get("format", ""), " | ".join(map(str, said.get("enum", ()))))
    return " ".join(filter(None, words)), ""
