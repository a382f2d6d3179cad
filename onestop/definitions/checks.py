"""Is the body of a form sound? Every fault in a sentence with its place, for the person who writes the form."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from types import CodeType, FunctionType
from typing import Any

from django.utils.translation import gettext as _

from onestop import effects, plausibility, shapes
from onestop.models import Dossier, Procedure, ProcedureCase
from onestop.questions import COLUMNS, NOT_DUE, PATHS, TYPES
from onestop.shapes import LANGUAGES, Question, Section, Shape, say

KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
VALUE = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
# Addresses of filing besides sections, names of its other inputs, and facts that no answer may hide.
RESERVED_SECTIONS = {"papers", "review", "edit", "discard", "entry"}
RESERVED_KEYS = {NOT_DUE, Dossier.HANDED_IN, Dossier.ON_PAPER}
RESERVED_KEYS |= {"version_no", "key", "go", "declare", "project_origin", "channel", "typed"}
# Without these no dossier can be kept.
ALWAYS_ASKED = ("enterprise", "case", "contact_name", "contact_email", "contact_phone")
OF_COLUMN = {"contact_name": "text", "contact_email": "email", "contact_phone": "phone"}
OF_COLUMN |= {name: name for name in ("enterprise", "case", "plot", "project")}
# A row of a repeated group holds plain answers only.
NOT_IN_ROWS = {"table", "enterprise", "case", "plot", "project"}
FACTS = {"project_origin": {"fdi", "ddi"}, "channel": {"here", "national", "counter", "post"}}
BOUNDED = {"integer", "decimal", "percent", "money_usd", "money_vnd", "area"}
MOST_PLACES = 6
# More rows than this are given as a paper.
MOST_ROWS = 200


@dataclass(frozen=True)
class Fault:
    """What has to be mended, and where: `place` are the keys on the way to it (section, question, column)."""

    place: tuple[str, ...]
    name: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.name}: {self.sentence}" if self.name else self.sentence


def check(body: Mapping[str, Any], *, procedure: Procedure | None = None, base: Shape | None = None) -> list[Fault]:
    """Every fault of a body in the reader's language; [] where it may be published.

    With the procedure, what its grant reads and its cases are compared as well; with the form in force (`base`), that
    no check has lost a question that it compares.
    """
    try:
        shape = shapes.read(body)
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        return [Fault((), "", _("Không đọc được nội dung biểu mẫu: %(error)s.") % {"error": error})]
    return [*_of_form(shape, procedure), *_of_sections(shape, procedure, base)]


# The form -----------------------------------------------------------------------------------------
def _of_form(shape: Shape, procedure: Procedure | None) -> Iterator[Fault]:
    if not shape.sections:
        yield Fault((), "", _("Biểu mẫu chưa có phần nào."))
        return
    asked = shape.questions()
    first = {question.key for question in shape.sections[0].questions}
    for key in ALWAYS_ASKED:
        if key not in first:
            yield Fault(
                (), "", _("Phần đầu phải có câu hỏi “%(key)s”; hồ sơ không lập được nếu thiếu.") % {"key": key}
            )
    if shape.note:
        yield from _lacking(shape.note, (), _("Ghi chú của biểu mẫu"))
    if procedure is not None:
        yield from _of_effect(asked, procedure)


def _cases(procedure: Procedure) -> set[str]:
    return set(ProcedureCase.objects.filter(version__procedure=procedure).values_list("key", flat=True))


def _of_effect(asked: dict[str, Question], procedure: Procedure) -> Iterator[Fault]:
    """A grant enters the answers in the register, so they are asked for, and in a shape that it can read."""
    for key, kind in effects.ASKED.get(procedure.effect, {}).items():
        question = asked.get(key)
        facts = {"key": key, "type": kind}
        if question is None:
            sentence = _("Thiếu câu hỏi “%(key)s”: khi cấp, câu trả lời được ghi vào sổ dự án.") % facts
            yield Fault((), "", sentence)
        elif question.type != kind:
            sentence = _("Câu này phải thuộc loại “%(type)s”: câu trả lời được ghi vào sổ dự án.") % facts
            yield Fault((key,), say(question.label), sentence)
        elif {choice.get("value") for choice in question.choices} - effects.WORDS.get(key, _values(question)):
            yield Fault((key,), say(question.label), _("Sổ dự án không có giá trị này trong các lựa chọn."))


# Sections -----------------------------------------------------------------------------------------
def _of_sections(shape: Shape, procedure: Procedure | None, base: Shape | None) -> Iterator[Fault]:
    known: dict[str, set[str] | None] = {**FACTS, "case": _cases(procedure) if procedure else None}
    sections: set[str] = set()
    asked: set[str] = set()
    for section in shape.sections:
        yield from _of_section(section, sections)
        sections.add(section.key)
        for question in section.questions:
            yield from _of_question(question, section, known, asked)
            asked.add(question.key)
            known.setdefault(question.key, _answers(question))
    for section in shape.sections:
        yield from _of_checks(section, shape, base)


def _of_section(section: Section, before: set[str]) -> Iterator[Fault]:
    place, name = (section.key,), _("Phần “%(title)s”") % {"title": say(section.title) or section.key}
    if not KEY.fullmatch(str(section.key)) or section.key in RESERVED_SECTIONS:
        yield Fault(place, name, _("Khóa “%(key)s” không dùng được.") % {"key": section.key})
    if section.key in before:
        yield Fault(place, name, _("Khóa “%(key)s” đã dùng cho phần khác.") % {"key": section.key})
    yield from _lacking(section.title, place, name, _("tên phần"))
    yield from _lacking(section.step, place, name, _("tên bước"))
    if section.hint:
        yield from _lacking(section.hint, place, name, _("hướng dẫn"))
    if not section.questions:
        yield Fault(place, name, _("Phần này chưa có câu hỏi nào."))


def _lacking(text: Any, place: tuple[str, ...], name: str, what: str = "") -> Iterator[Fault]:
    """Every text is there in both languages."""
    words = {"vi": _("tiếng Việt"), "en": _("tiếng Anh")}
    for language in LANGUAGES:
        if not (isinstance(text, Mapping) and str(text.get(language) or "").strip()):
            facts = {"what": what or _("nội dung"), "language": words[language]}
            yield Fault(place, name, _("Thiếu %(what)s bằng %(language)s.") % facts)


def _of_checks(section: Section, shape: Shape, base: Shape | None) -> Iterator[Fault]:
    place, name = (section.key,), _("Phần “%(title)s”") % {"title": say(section.title) or section.key}
    asked, before = keys_in(shape), keys_in(base) if base else set()
    for named in section.checks:
        if not is_known(named):
            yield Fault(place, name, _("Không có phép kiểm tra “%(name)s”.") % {"name": named})
            continue
        lost = (spelled(named) - asked) | ((reads(named) & before) - asked)
        if lost:
            facts = {"name": named, "keys": ", ".join(sorted(lost))}
            yield Fault(place, name, _("Phép kiểm tra “%(name)s” cần câu hỏi không còn trong mẫu: %(keys)s.") % facts)


# Questions ----------------------------------------------------------------------------------------
def _of_question(
    question: Question, section: Section, known: Mapping[str, set[str] | None], asked: set[str]
) -> Iterator[Fault]:
    place, name = (section.key, question.key), _("Câu “%(label)s”") % {"label": say(question.label) or question.key}
    yield from (Fault(place, name, sentence) for sentence in _of_key(question, asked))
    yield from _of_texts(question, place, name)
    for sentences in (_of_type(question), _of_bounds(question), _of_paths(question), _of_conditions(question, known)):
        yield from (Fault(place, name, sentence) for sentence in sentences)
    columns: set[str] = set()
    for column in question.columns:
        at = (*place, column.key)
        called = _("%(question)s, cột “%(label)s”") % {"question": name, "label": say(column.label) or column.key}
        yield from (Fault(at, called, sentence) for sentence in _of_column(column, columns))
        yield from _of_texts(column, at, called)
        columns.add(column.key)


def _of_key(question: Question, asked: set[str]) -> Iterator[str]:
    if not KEY.fullmatch(str(question.key)) or question.key in RESERVED_KEYS:
        yield _("Khóa “%(key)s” không dùng được.") % {"key": question.key}
    if question.key in asked:
        yield _("Khóa “%(key)s” đã dùng cho câu khác.") % {"key": question.key}
    wanted = OF_COLUMN.get(question.key)
    if wanted and question.type != wanted:
        yield _("Câu có khóa này phải thuộc loại “%(type)s”.") % {"type": wanted}
    if question.key not in COLUMNS and question.type in NOT_IN_ROWS - {"table"}:
        yield _("Loại “%(type)s” chỉ dùng với khóa cùng tên.") % {"type": question.type}


def _of_texts(question: Question, place: tuple[str, ...], name: str) -> Iterator[Fault]:
    yield from _lacking(question.label, place, name, _("câu hỏi"))
    if question.hint:
        yield from _lacking(question.hint, place, name, _("hướng dẫn"))
    if question.unit and not isinstance(question.unit, str):
        yield from _lacking(question.unit, place, name, _("đơn vị"))
    for choice in question.choices:
        yield from _lacking(choice.get("label"), place, name, _("lời của lựa chọn"))
    if question.type == "table":
        yield from _lacking(question.row_name, place, name, _("tên gọi một dòng"))


def _of_type(question: Question) -> Iterator[str]:
    if question.type not in TYPES:
        yield _("Không có loại câu hỏi “%(type)s”.") % {"type": question.type}
    values = [str(choice.get("value") or "") for choice in question.choices]
    if question.type == "choice" and len(values) < 2:
        yield _("Cần ít nhất hai lựa chọn.")
    if len(set(values)) < len(values) or not all(map(VALUE.fullmatch, values)):
        yield _("Giá trị của lựa chọn phải khác nhau và chỉ gồm chữ thường không dấu, chữ số, gạch nối, gạch dưới.")
    if values and question.type != "choice":
        yield _("Loại câu hỏi này không có lựa chọn.")
    if (question.type == "table") != bool(question.columns):
        yield _("Nhóm lặp lại phải có cột; loại câu hỏi khác thì không.")


def _of_column(column: Question, before: set[str]) -> Iterator[str]:
    if not KEY.fullmatch(str(column.key)):
        yield _("Khóa “%(key)s” không dùng được.") % {"key": column.key}
    if column.key in before:
        yield _("Khóa “%(key)s” đã dùng cho cột khác.") % {"key": column.key}
    if column.type in NOT_IN_ROWS:
        yield _("Loại “%(type)s” không đặt được trong nhóm lặp lại.") % {"type": column.type}
    if column.when or not isinstance(column.required, bool):
        yield _("Cột không có điều kiện riêng.")
    if column.prefill or column.now:
        yield _("Cột không điền sẵn được.")
    yield from _of_type(column)
    yield from _of_bounds(column)


def _of_bounds(question: Question) -> Iterator[str]:
    least, most = _number(question.least), _number(question.most)
    if (question.least is not None and least is None) or (question.most is not None and most is None):
        yield _("Giới hạn phải là số.")
    elif least is not None and most is not None and least > most:
        yield _("Giới hạn dưới lớn hơn giới hạn trên.")
    if question.type == "table" and not 0 <= (least or 0) <= (MOST_ROWS if most is None else most) <= MOST_ROWS:
        yield _("Số dòng của nhóm lặp lại từ 0 đến %(most)s.") % {"most": MOST_ROWS}
    if question.places is not None and not 0 <= question.places <= MOST_PLACES:
        yield _("Số chữ số thập phân từ 0 đến %(most)s.") % {"most": MOST_PLACES}


def _number(value: Any) -> Decimal | None:
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _of_paths(question: Question) -> Iterator[str]:
    for path in (question.prefill, question.now):
        if path and path not in PATHS:
            yield _("Không điền sẵn được từ “%(path)s”.") % {"path": path}


# Conditions ---------------------------------------------------------------------------------------
def _of_conditions(question: Question, known: Mapping[str, set[str] | None]) -> Iterator[str]:
    required = question.required if isinstance(question.required, Mapping) else {}
    for key, wanted in (*question.when.items(), *required.items()):
        if key not in known:
            yield _("Điều kiện nêu câu “%(key)s”, câu này không có hoặc đứng sau.") % {"key": key}
            continue
        possible = known[key]
        strange = sorted(set(map(str, wanted)) - possible) if possible is not None else []
        if not wanted or strange:
            facts = {"key": key, "values": ", ".join(strange) or "—"}
            yield _("Điều kiện theo câu “%(key)s” nêu giá trị không có trong lựa chọn: %(values)s.") % facts


def _answers(question: Question) -> set[str]:
    """The answers that a condition may name; none of what is typed freely."""
    return {"yes", "no"} if question.type == "yes_no" else _values(question)


def _values(question: Question) -> set[str]:
    return {str(choice.get("value")) for choice in question.choices}


# Checks -------------------------------------------------------------------------------------------
def keys_in(shape: Shape) -> set[str]:
    """Every key that a check may find in the answers: questions, and the columns of repeated groups."""
    asked = shape.questions()
    return {*asked, *(column.key for question in asked.values() for column in question.columns)}


def is_known(name: str) -> bool:
    try:
        return callable(plausibility.check(name)) and (":" not in name or bool(spelled(name)))
    except (KeyError, TypeError):
        return False


def spelled(name: str) -> set[str]:
    """The keys that stand in the name of a check."""
    _maker, _colon, keys = name.partition(":")
    return {key for part in keys.split(",") for key in part.split(".") if key}


@cache
def reads(name: str) -> set[str]:
    """Words that the code of a check holds, among them the keys that it compares; compare with the keys of a form."""
    words: set[str] = set()
    _gather(plausibility.check(name), words, set())
    keys = {word for word in words if KEY.fullmatch(word)}
    return keys | {f"{prefix}{key}" for prefix in keys if prefix.endswith("_") for key in keys}


def _gather(value: Any, words: set[str], seen: set[int]) -> None:
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, str):
        words.add(value)
    elif isinstance(value, tuple | list | set | frozenset):
        for part in value:
            _gather(part, words, seen)
    elif isinstance(value, FunctionType) and value.__module__.startswith(plausibility.__name__):
        called = [value.__globals__.get(name) for name in _names(value.__code__)]
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        _gather([*_constants(value.__code__), *called, *cells], words, seen)


def _names(code: CodeType) -> set[str]:
    return _through(code, lambda part: part.co_names)


def _constants(code: CodeType) -> list[Any]:
    return [*(c for c in code.co_consts if not isinstance(c, CodeType)), *_inner(code, _constants)]


def _through(code: CodeType, of: Callable[[CodeType], tuple[str, ...]]) -> set[str]:
    return {*of(code), *_inner(code, lambda part: list(_through(part, of)))}


def _inner(code: CodeType, of: Callable[[CodeType], list[Any]]) -> list[Any]:
    return [found for part in code.co_consts if isinstance(part, CodeType) for found in of(part)]
