"""The form of a procedure as sheets of paper to be filled in by hand, for whoever files at the counter or by post.

Made from the same definition as the pages of filing: every question with room to answer, choices as boxes, repeated
groups as tables, conditions in words, and the papers to enclose. `documents` makes the PDF.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal import documents, languages
from onestop import shapes
from onestop.models import Component, Definition, Procedure, ProcedureCase, ProcedureVersion
from onestop.shapes import Question, Shape, say
from projects.models import Project

# What is written where the page of filing offers rows of a register.
WRITTEN = {
    "enterprise": gettext_lazy("Tên doanh nghiệp và mã số thuế"),
    "plot": gettext_lazy("Khu công nghiệp và số lô"),
    "project": gettext_lazy("Mã số và tên dự án"),
}
UNITS = {
    "percent": "%", "money_usd": "USD", "money_vnd": "VND", "area": "m²",
    "date": gettext_lazy("ngày/tháng/năm"), "month": gettext_lazy("tháng/năm"),
}  # fmt: skip
# Answers so short that two stand side by side.
SHORT = {*UNITS, "integer", "decimal", "tax_code", "phone", "passport", "personal_id"}
ROWS, MOST_ROWS, LINES = 4, 8, 3
HOUR = 3600


@dataclass(frozen=True)
class Blank:
    """One question on paper. `kind` says how it is answered: line, lines, boxes or table."""

    label: str
    kind: str
    hint: str = ""
    unit: str = ""
    condition: str = ""
    is_required: bool = False
    demanded: str = ""
    is_unconfirmed: bool = False
    is_short: bool = False
    boxes: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: range = range(0)


@dataclass(frozen=True)
class BlankSection:
    title: str
    hint: str
    blanks: tuple[Blank, ...]


@dataclass(frozen=True)
class BlankPaper:
    """A paper to enclose; `cases` are the labels of those that ask for it, none where all do."""

    component: Component
    cases: tuple[str, ...]


def context(
    procedure: Procedure, version: ProcedureVersion, definition: Definition, *, at: datetime
) -> dict[str, Any]:
    """What the sheet says, in the language that is active."""
    shape = shapes.of(definition)
    cases = [case for case in version.cases.all() if is_open(case, shape)]
    components = list(version.components.all())
    labels = {case.key: _short(case) for case in cases}
    papers = [
        BlankPaper(component, _of_cases(component, labels))
        for component in components
        if not component.cases or any(key in labels for key in component.cases)
    ]
    return {
        "procedure": procedure, "version": version, "definition": definition, "note": say(shape.note),
        "sections": [part for section in shape.sections if (part := _section(section, shape, cases)).blanks],
        "papers": papers, "forms": sorted({paper.component.form_code for paper in papers} - {""}),
        "printed_on": timezone.localdate(at), "language": languages.spoken(languages.here()),
    }  # fmt: skip


def is_open(case: ProcedureCase, shape: Shape) -> bool:
    """May an applicant choose this case when filing here?"""
    return case.chosen_by == ProcedureCase.ChosenBy.APPLICANT and case.key not in shape.closed_cases


def pdf(procedure: Procedure, version: ProcedureVersion, definition: Definition, *, at: datetime) -> bytes:
    """Made once an hour and language at most, whoever asks; raises `documents.PdfUnavailable`."""
    language = languages.spoken(languages.here())
    key = f"blank:{definition.pk}:{version.pk}:{language}:{timezone.localtime(at):%Y%m%d%H}"
    made = cache.get(key)
    if made is None:
        said = context(procedure, version, definition, at=at)
        made = documents.render_pdf("onestop/blank_pdf.html", said, language=language)
        cache.set(key, made, HOUR)
    return made


def _of_cases(component: Component, labels: Mapping[str, str]) -> tuple[str, ...]:
    named = tuple(labels[key] for key in component.cases if key in labels)
    return () if len(named) == len(labels) else named


def _section(section: shapes.Section, shape: Shape, cases: list[ProcedureCase]) -> BlankSection:
    known = shape.questions()
    keys = {case.key for case in cases}
    asked = [question for question in section.questions if keys.intersection(question.when.get("case", keys))]
    blanks = tuple(_blank(question, known, cases) for question in asked)
    return BlankSection(say(section.title), say(section.hint), blanks)


def _blank(question: Question, known: Mapping[str, Question], cases: list[ProcedureCase]) -> Blank:
    is_demanded = question.required if question.required != question.when else False
    return Blank(
        label=say(question.label),
        hint=_hint(question),
        unit=_unit(question),
        condition=_condition(question.when, known, cases),
        is_required=question.required is True,
        demanded=_condition(is_demanded, known, cases),
        is_unconfirmed=question.is_unconfirmed,
        is_short=question.type in SHORT,
        **_room(question, cases),
    )  # fmt: skip


def _hint(question: Question) -> str:
    """What helps a hand that writes; how to type a date, or why a case matters, helps nobody on paper."""
    if question.type in WRITTEN:
        return str(WRITTEN[question.type])
    said = "" if question.type == "case" else say(question.hint)
    return said.removesuffix("dd/mm/yyyy").removesuffix("mm/yyyy").strip()


def _unit(question: Question) -> str:
    own = question.unit if isinstance(question.unit, str) else say(question.unit)
    return own or str(UNITS.get(question.type, ""))


def _room(question: Question, cases: list[ProcedureCase]) -> dict[str, Any]:
    """How the answer is given, with what that needs."""
    if question.type == "table":
        names = tuple(
            " ".join(filter(None, (say(c.label), f"({_unit(c)})" if _unit(c) else ""))) for c in question.columns
        )
        rows = min(max(int(question.least or 0), ROWS), MOST_ROWS, int(question.most or MOST_ROWS))
        return {"kind": "table", "columns": names, "rows": range(1, rows + 1)}
    if question.type == "textarea":
        return {"kind": "lines", "rows": range(question.rows or LINES)}
    boxes = _boxes(question, cases)
    return {"kind": "boxes", "boxes": boxes} if boxes else {"kind": "line"}


def _boxes(question: Question, cases: list[ProcedureCase]) -> tuple[str, ...]:
    if question.type == "yes_no":
        return (_("Có"), _("Không"))
    if question.type == "case":
        return tuple(str(case) for case in cases)
    return tuple(say(choice["label"]) for choice in question.choices)


# Conditions in words ------------------------------------------------------------------------------
def _condition(
    wanted: Mapping[str, list] | bool, known: Mapping[str, Question], cases: Iterable[ProcedureCase]
) -> str:
    """“Nguồn vốn” là “Đầu tư công” hoặc “Khác”, và …; nothing where there is no condition."""
    if not isinstance(wanted, Mapping):
        return ""
    told = [_one(key, [str(value) for value in values], known, cases) for key, values in wanted.items()]
    return _(" và ").join(filter(None, told))


def _one(key: str, values: list[str], known: Mapping[str, Question], cases: Iterable[ProcedureCase]) -> str:
    if key == "case":
        subject, names = _("trường hợp"), {case.key: _short(case) for case in cases}
    elif key == "project_origin":
        subject, names = _("dự án điều chỉnh"), {value: str(label) for value, label in Project.Origin.choices}
    elif key in known:
        subject, names = f"“{say(known[key].label)}”", _names(known[key])
    else:
        return ""
    said = [f"“{names[value]}”" for value in values if value in names]
    return _("%(subject)s là %(answers)s") % {"subject": subject, "answers": _(" hoặc ").join(said)} if said else ""


def _short(case: ProcedureCase) -> str:
    """“Trường hợp 2” of “Trường hợp 2: Chuyển nhượng dự án”: the number stands beside the box."""
    number, colon, _rest = str(case).partition(":")
    return number if colon and number[-1:].isdecimal() and len(number) < 16 else str(case)


def _names(question: Question) -> dict[str, str]:
    if question.type == "yes_no":
        return {"yes": _("Có"), "no": _("Không")}
    return {str(choice["value"]): say(choice["label"]) for choice in question.choices}
