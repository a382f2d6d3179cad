"""Answers that another system sends, put through the same form that an applicant fills in.

They come in the form in which they are kept ("2027-12-31", "12500000.5", true, rows of a repeated group) or as one
would type them in Vietnamese ("31/12/2027", "1.234,5", "yes"); the language of the sentences changes nothing in them.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from onestop import entries, questions, shapes
from onestop.models import Dossier
from projects.models import Enterprise, Project
from zones.models import Plot

PLAIN_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,20})?")
# What stands outside `answers` in a call: the enterprise and the case, and how to reach somebody.
CONTACT = {"contact_name": "name", "contact_email": "email", "contact_phone": "phone"}
ELSEWHERE = {"enterprise", "case", *CONTACT}


@dataclass(frozen=True)
class Remark:
    """Something to mend or to look at again: in which section, at which question, in a sentence."""

    section: str
    question: str
    label: str
    sentence: str

    def told(self) -> dict[str, str]:
        return asdict(self)


class Unreadable(Exception):
    """The value is of a kind that the question does not take; the text is a sentence."""


def fill(
    dossier: Dossier, *, answers: Mapping[str, Any], contact: Mapping[str, str], on: date
) -> tuple[list[Remark], list[Remark]]:
    """Put sound answers on the unsaved dossier; what has to be mended, and what is only worth a second look."""
    shape = shapes.of_dossier(dossier)
    assert shape is not None
    asked = {question.key for section in shape.sections for question in section.questions} - ELSEWHERE
    unknown = _("Tờ khai không có câu hỏi mang khóa này.")
    faults = [Remark("", key, "", unknown) for key in answers if key not in asked]
    notes: list[Remark] = []
    whole = {**answers, **{key: contact.get(name, "") for key, name in CONTACT.items()}}
    for section in shape.sections:
        _fill_section(dossier, section, whole, on, faults, notes)
    return faults, notes


def _fill_section(
    dossier: Dossier, section: Any, answers: Mapping[str, Any], on: date, faults: list[Remark], notes: list[Remark]
) -> None:
    setting = {"dossier": dossier, "section": section, "on": on}
    own = Enterprise.objects.filter(pk=dossier.enterprise_id)
    data: dict[str, Any] = {}
    for key, entry in questions.SectionForm(enterprises=own, **setting).fields.items():
        try:
            data[key] = _typed(dossier, key, entry, answers.get(key))
        except Unreadable as error:
            faults.append(Remark(section.key, key, str(entry.label), str(error)))
    form = questions.SectionForm(data, enterprises=own, **setting)
    if form.is_valid():
        form.apply()
    told = {fault.question for fault in faults if fault.section == section.key}
    faults += [
        Remark(section.key, _named(form, key), _label(form, key), str(sentence))
        for key, sentences in form.errors.items() if key not in told for sentence in sentences
    ]  # fmt: skip
    notes += [Remark(section.key, d.key, _label(form, d.key), d.sentence) for d in form.doubts if not d.blocks]
    notes += _let_go(dossier, section, answers, form)


def _named(form: questions.SectionForm, key: str) -> str:
    return key if key in form.fields else ""


def _label(form: questions.SectionForm, key: str) -> str:
    return str(form.fields[key].label) if key in form.fields else shapes.say(form.section.title)


def _let_go(dossier: Dossier, section: Any, answers: Mapping[str, Any], form: questions.SectionForm) -> list[Remark]:
    """Answers to what this case does not ask: they are not kept, and the sender is told."""
    if not form.is_valid():
        return []
    sent = [q for q in section.questions if q.key not in questions.COLUMNS and answers.get(q.key) not in (None, "")]
    sentence = _("Câu hỏi này không đặt ra trong trường hợp đã khai nên câu trả lời không được giữ.")
    return [
        Remark(section.key, question.key, shapes.say(question.label), sentence)
        for question in sent if question.key not in dossier.answers
    ]  # fmt: skip


# Typing for the sender ----------------------------------------------------------------------------
def _typed(dossier: Dossier, key: str, entry: Any, value: Any) -> Any:
    if key in questions.COLUMNS:
        return _column(dossier, key, value)
    if value is None:
        return None
    return _rows(entry, value) if isinstance(entry, entries.TableEntry) else _cell(entry, value)


def _column(dossier: Dossier, key: str, value: Any) -> Any:
    """Plots and projects are named by their codes."""
    if key == "case":
        return dossier.case_id
    if value in (None, "") or key in CONTACT:
        return value
    if not isinstance(value, str):
        raise Unreadable(_("Cần một đoạn chữ."))
    rows = {"plot": Plot, "project": Project}[key].objects.filter(code=value)
    return rows.values_list("pk", flat=True).first() or 0


def _rows(entry: entries.TableEntry, value: Any) -> list[dict[str, Any]]:
    if not (isinstance(value, list) and all(isinstance(row, dict) for row in value)):
        raise Unreadable(_("Cần một danh sách các dòng."))
    if len(value) > entry.most:
        raise Unreadable(_("Nhiều nhất %(most)s dòng.") % {"most": entry.most})
    strange = sorted({key for row in value for key in row if key not in entry.columns})
    if strange:
        raise Unreadable(_("Không có cột %(names)s.") % {"names": ", ".join(strange)})
    return [{key: _cell(entry.columns[key], cell) for key, cell in row.items()} for row in value]


def _cell(entry: Any, value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        if isinstance(entry, entries.YesNoEntry):
            return entry.recall(value)
        raise Unreadable(_("Không nhận giá trị đúng, sai ở đây."))
    if isinstance(value, list | dict):
        raise Unreadable(_("Cần một giá trị đơn, không phải danh sách."))
    text = str(value)
    if isinstance(entry, entries.NumberEntry):
        return entry.recall(_plain(text))
    is_kept_apart = isinstance(entry, entries.DateEntry | entries.MonthEntry)
    return entry.recall(text) if is_kept_apart else text


def _plain(text: str) -> str:
    """A number as it is kept, whatever language the sentences are in."""
    if PLAIN_NUMBER.fullmatch(text) or not text.strip():
        return text
    try:
        with translation.override("vi"):
            number: Decimal = entries.read_number(text)
    except (ValueError, ArithmeticError):
        return text
    return f"{number:f}"
