"""The open data described for machines: a Data Package whose resources carry their table schema, and the same facts
for search engines (schema.org)."""

import json
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.indicators import written
from izportal.opendata.asking import Question
from izportal.opendata.catalogue import RESOURCES
from izportal.opendata.columns import BOOLEAN, Column
from izportal.opendata.resources import Resource
from projects import figures

NAME = "khu-cong-nghiep-thai-nguyen"
# Of the form of the data, not of the rows: a column that goes or changes its meaning makes another first number.
VERSION = "1.0.0"
# Proposed; the page says that the board has not confirmed it.
LICENCE = {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"}
LICENCE_TITLE = gettext_lazy("Creative Commons Ghi công 4.0 (đề xuất, chờ Ban xác nhận)")
PUBLISHER = gettext_lazy("Ban Quản lý các khu công nghiệp tỉnh Thái Nguyên")


def text(descriptor: dict[str, Any]) -> str:
    return json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n"


def here() -> str:
    return settings.SITE_URL + reverse("opendata")


def head(resource: Resource, question: Question) -> dict[str, Any]:
    """What a file says of itself: which question it answers, and in which words it may be used."""
    return {
        "resource": resource.name, "title": str(resource.title), "as_of": question.on.isoformat(),
        "as_known": written(question.known) or None, "data": data_of(question),
        "license": LICENCE["name"], "source": here(),
    }  # fmt: skip


def data_of(question: Question) -> str:
    return "sample" if question.is_sample(figures.counts_sample()) else "real"


def descriptor(questions: dict[str, Question], found: dict[str, dict[str, Any]] | None = None) -> dict[str, Any]:
    """The package beside its files: in an archive, with what was written of each (`found`), or on the site, where the
    path of a file repeats the question."""
    question = questions["projects"]
    return {
        "profile": "tabular-data-package", "name": NAME, "id": here(), "title": _("Dữ liệu mở về các khu công nghiệp"),
        "description": _("Khu công nghiệp, quỹ đất, dự án, số liệu và thủ tục như cổng thông tin của Ban công khai."),
        "version": VERSION, "created": timezone.now().isoformat(timespec="seconds"), "homepage": here(),
        "as_of": question.on.isoformat(), "as_known": written(question.known) or None, "data": data_of(question),
        "language": translation.get_language(),
        "licenses": [{**LICENCE, "title": str(LICENCE_TITLE)}],
        "sources": [{"title": str(PUBLISHER), "path": here()}],
        "contributors": [{"title": str(PUBLISHER), "role": "publisher"}],
        "keywords": ["Thái Nguyên", "khu công nghiệp", "industrial zones", "investment"],
        "resources": [
            _resource(row, path=f"{row.name}.csv" if found else f"{row.name}.csv{query(row, question)}")
            | (found or {}).get(row.name, {})
            for row in RESOURCES.values()
        ],
    }  # fmt: skip


def query(resource: Resource, question: Question) -> str:
    """What an address has to say so that this question is asked again; nothing for the usual one."""
    said = {
        "as_of": "" if question.is_of_today else question.on.isoformat(),
        "as_known": written(question.known), "data": question.data,
    }  # fmt: skip
    told = {name: value for name, value in said.items() if value and name in resource.takes}
    return reverse("opendata", query=told).removeprefix(reverse("opendata")) if told else ""


def _resource(resource: Resource, *, path: str) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource", "name": resource.name, "path": path, "title": str(resource.title),
        "description": " ".join(map(str, (resource.note, resource.about_time, resource.rhythm))),
        "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True,
                    "header": True},
        "schema": schema(resource),
    }  # fmt: skip


def schema(resource: Resource) -> dict[str, Any]:
    found: dict[str, Any] = {
        "fields": [_field(column) for column in resource.columns],
        "missingValues": [""],
        "primaryKey": list(resource.keys),
    }
    if resource.links:
        found["foreignKeys"] = [
            {"fields": link.column, "reference": {"resource": link.resource, "fields": link.target}}
            for link in resource.links
        ]
    return found


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.kind, "title": str(column.title)}
    words = ["; ".join(f"{value}: {label}" for value, label in column.choices)] if column.choices else []
    described = ". ".join(str(word).rstrip(".") for word in (column.note, *words) if word)
    if described:
        field["description"] = described + "."
    if column.unit:
        field["unit"] = str(column.unit)
    if column.kind == BOOLEAN:
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    if column.constraints:
        field["constraints"] = column.constraints
    return field


def linked_data() -> dict[str, Any]:
    """The page as a data set with its files, for search engines."""
    return {
        "@type": "Dataset", "name": _("Dữ liệu mở về các khu công nghiệp"), "url": here(), "version": VERSION,
        "description": _("Khu công nghiệp, quỹ đất, dự án, số liệu và thủ tục như cổng thông tin của Ban công khai."),
        "inLanguage": translation.get_language(), "isAccessibleForFree": True,
        "creator": {"@type": "GovernmentOrganization", "name": str(PUBLISHER), "url": settings.SITE_URL},
        "spatialCoverage": {"@type": "Place", "name": "Thái Nguyên, Việt Nam"},
        "distribution": [
            {"@type": "DataDownload", "name": str(row.title), "encodingFormat": "text/csv",
             "contentUrl": settings.SITE_URL + reverse("opendata_file", args=[row.name, "csv"])}
            for row in RESOURCES.values()
        ],
    }  # fmt: skip
