"""The open data by calls: lists by pages, single rows by their code, figures by their word. Nothing here needs a key,
and nothing here writes."""

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from ninja import Field, Router, Schema

from izportal.opendata import asking, figures, package, serving
from izportal.opendata.catalogue import RESOURCES
from izportal.opendata.columns import BOOLEAN, DATE, DATETIME, INTEGER, NUMBER, STRING, YEAR, as_object
from izportal.opendata.resources import Resource
from onestop.intake.api import spoken
from onestop.intake.schemas import Problem

KINDS: dict[str, dict[str, str]] = {
    STRING: {"type": "string"}, NUMBER: {"type": "number"}, INTEGER: {"type": "integer"}, YEAR: {"type": "integer"},
    BOOLEAN: {"type": "boolean"}, DATE: {"type": "string", "format": "date"},
    DATETIME: {"type": "string", "format": "date-time"},
}  # fmt: skip
# How a parameter is written; every other is text.
FORMS: dict[str, dict[str, Any]] = {
    "as_of": KINDS[DATE], "since": KINDS[DATE], "updated_since": KINDS[DATE],
    "limit": {"type": "integer", "minimum": 1, "maximum": asking.MOST_ROWS, "default": asking.USUAL_ROWS},
    "offset": {"type": "integer", "minimum": 0, "default": 0},
}  # fmt: skip
PAGES = ("limit", "offset")
TOTAL_FOR = 24 * 3600
OF_A_ROW = ("as_of", "as_known", "data")
FIGURE = (*OF_A_ROW, "since", "zone", "origin")
READ = dict.fromkeys((400, 404, 429), Problem)


class Page(Schema):
    """A part of a list; `rows` are objects with the columns of the resource."""

    resource: str
    title: str
    as_of: str
    as_known: str | None = None
    data: str
    license: str
    source: str
    total: int
    limit: int
    offset: int
    next: str | None = Field(None, description=_("Địa chỉ của trang tiếp theo; trống ở trang cuối."))
    rows: list[dict[str, Any]]


def told(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """In the language asked for, and open to every site; a refused call carries the same headers."""
    return serving.open_to_all(spoken(view))


router = Router(auth=None, tags=["data"])
router.add_decorator(told, mode="view")


def _listed(request: HttpRequest, resource: Resource) -> HttpResponseBase:
    serving.count(request, "calls")
    question = asking.read(request.GET, takes=(*resource.takes, *_pages(resource)), choices=resource.choices)

    def make() -> HttpResponse:
        stop = question.offset + question.limit
        found = resource.find(question).part(question.offset, stop + 1)
        rows = found[: question.limit]
        further = _next(request, resource, rows, stop) if len(found) > len(rows) else None
        body = {
            **package.head(resource, question), "total": _total(resource, question), "limit": question.limit,
            "offset": question.offset, "next": further,
        }  # fmt: skip
        return _written(resource, body, rows)

    response = serving.conditional(request, serving.version_of(resource, question, request.get_full_path()), make)
    return serving.with_headers(response, serving.answered(resource, question))


def _pages(resource: Resource) -> tuple[str, ...]:
    return (*PAGES, "after") if resource.is_keyed else PAGES


def _total(resource: Resource, question: asking.Question) -> int:
    """Of all pages; counted once until something is written."""
    whole = question.whole
    version = serving.version_of(resource, whole, "total")
    if version is None:
        return resource.find(whole).count
    key = f"open-data-total:{version[3:-1]}"
    return int(cache.get_or_set(key, lambda: resource.find(whole).count, TOTAL_FOR) or 0)


def _next(request: HttpRequest, resource: Resource, rows: list[Any], stop: int) -> str:
    """After the last row where rows can be told by their keys; else so many rows further on."""
    said = request.GET.copy()
    if resource.is_keyed:
        said.pop("offset", None)
        said["after"] = resource.key_of(rows[-1])
    else:
        said["offset"] = str(stop)
    return request.build_absolute_uri(f"{request.path}?{said.urlencode()}")


def _written(resource: Resource, body: dict[str, Any], rows: list[Any]) -> HttpResponse:
    form, width = as_object(resource.columns), len(resource.columns)
    told = ",\n".join(form(cells[:width]) for cells in rows)
    text = f'{json.dumps(body, ensure_ascii=False)[:-1]}, "rows": [{told}]}}'
    return HttpResponse(text, content_type="application/json")


def _single(request: HttpRequest, resource: Resource, code: str) -> HttpResponseBase:
    """A row as the list tells it, with its columns as they are."""
    serving.count(request, "calls")
    asked = [name for name in resource.takes if name in OF_A_ROW]
    question = asking.read(request.GET, takes=asked, choices=resource.choices)

    def make() -> HttpResponse:
        found = resource.one(code, question)
        if found is None:
            raise Http404
        body = as_object(resource.columns)(found[: len(resource.columns)])
        return HttpResponse(body, content_type="application/json")

    response = serving.conditional(request, serving.version_of(resource, question, code), make)
    return serving.with_headers(response, serving.answered(resource, question))


# Each resource by its word ------------------------------------------------------------------------
def _parameters(names: Iterable[str]) -> list[dict[str, Any]]:
    form = asking.QuestionForm.base_fields
    return [
        {"name": name, "in": "query", "required": False, "description": form[name].label,
         "schema": FORMS.get(name, KINDS[STRING])}
        for name in names
    ]  # fmt: skip


def _row_schema(resource: Resource) -> dict[str, Any]:
    described = {column.name: {**KINDS[column.kind], "description": column.title} for column in resource.columns}
    return {"description": "OK", "content": {"application/json": {"schema": {
        "title": f"{resource.name.capitalize()}Row", "type": "object", "properties": described,
    }}}}  # fmt: skip


def _mount(resource: Resource) -> None:
    name = resource.name

    def listed(request):
        return _listed(request, resource)

    def single(request, code: str):
        return _single(request, resource, code)

    _open(
        f"/{name}", listed, operation_id=f"list_{name}", summary=resource.title, description=resource.note,
        response={200: Page, **READ}, openapi_extra={"parameters": _parameters((*resource.takes, *_pages(resource)))},
    )  # fmt: skip
    if name in ONE:
        asked = [named for named in resource.takes if named in OF_A_ROW]
        extra = {"parameters": _parameters(asked), "responses": {200: _row_schema(resource)}}
        _open(
            f"/{name}/{{code}}", single, operation_id=f"read_{name}", summary=ONE[name], response={200: dict, **READ},
            openapi_extra=extra,
        )  # fmt: skip


def _open(path: str, view: Callable[..., Any], **told: Any) -> None:
    """Under GET in the description; HEAD and the question of a browser before a call are answered too."""
    router.get(path, url_name=told["operation_id"], **told)(view)
    router.api_operation(["HEAD", "OPTIONS"], path, include_in_schema=False, url_name=told["operation_id"])(view)


ONE = {
    "zones": _("Một khu công nghiệp, theo mã"), "phases": _("Một khu, giai đoạn, theo mã"),
    "plots": _("Một lô đất, nhà xưởng, theo mã"), "projects": _("Một dự án, theo mã số"),
    "changes": _("Một thay đổi của dự án, theo mã"), "procedures": _("Một thủ tục, theo mã quốc gia"),
}  # fmt: skip


def figure_read(request, code: str):
    """One figure for one question, narrowed to a zone or an origin where it takes them."""
    serving.count(request, "calls")
    resource = RESOURCES["statistics"]
    question = asking.read(request.GET, takes=FIGURE, choices=RESOURCES["projects"].choices)
    (cells,) = figures.one(code, question)
    response = HttpResponse(as_object(resource.columns)(cells), content_type="application/json")
    answer = serving.conditional(request, None, lambda: response)
    return serving.with_headers(answer, serving.answered(resource, question))


for _resource in RESOURCES.values():
    _mount(_resource)
_open(
    "/statistics/{code}", figure_read, operation_id="read_statistics", summary=_("Một chỉ tiêu, theo mã"),
    response={200: dict, **READ}, openapi_extra={"parameters": _parameters(FIGURE)},
)  # fmt: skip
