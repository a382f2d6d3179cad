"""Carrying a draft to the form and the rules in force: answers move by their key, nothing that was given is lost.

What a newer form no longer asks, or cannot take, is set aside in words and shown until the dossier is filed. A filed
dossier is never carried: it keeps the form and the rules under which it came in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from onestop import notices, questions, shapes
from onestop.models import Component, Definition, Dossier, Procedure, ProcedureCase, ProcedureVersion
from onestop.questions import COLUMNS, Setting, build
from onestop.shapes import LANGUAGES, Question, Section, Shape, say

# Rows of the portal that a form may ask for; the other columns stand in every form.
ROWS = ("plot", "project")
OF_CASE = "case"


@dataclass(frozen=True)
class Notice:
    """What the pages of filing tell of a draft that was carried: since when, what changed, what was set aside."""

    form_from: date | None
    notes: list[str]
    rules_from: date | None
    aside: list[tuple[str, str]]
    is_case_gone: bool


# Whether ------------------------------------------------------------------------------------------
def is_behind(dossier: Dossier, *, on: date) -> bool:
    """Is the draft pinned to a form or to rules that are not in force any more?"""
    return _is_other(dossier, *_current(dossier.procedure_id, on))


def _is_other(dossier: Dossier, definition: int | None, version: int | None) -> bool:
    is_old_form = None not in (definition, dossier.definition_id) and definition != dossier.definition_id
    return is_old_form or (version is not None and version != dossier.version_id)


def _current(procedure_id: int, on: date) -> tuple[int | None, int | None]:
    """The keys of the form and of the version in force, in one question."""
    forms = Definition.objects.in_force(on).filter(procedure=OuterRef("pk")).order_by("-valid_from")
    rules = ProcedureVersion.objects.filter(procedure=OuterRef("pk"), valid_from__lte=on)
    rules = rules.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on)).order_by("-valid_from")
    found = Procedure.objects.filter(pk=procedure_id).values_list(
        Subquery(forms.values("pk")[:1]), Subquery(rules.values("pk")[:1])
    )
    return found.get()


def behind(*, on: date) -> Iterable[Dossier]:
    """Every draft that has to be carried; those of one procedure are compared at once."""
    drafts = Dossier.objects.filter(status=Dossier.Status.DRAFT)
    for row in drafts.order_by().values("procedure").annotate(count=Count("pk")):
        definition, version = _current(row["procedure"], on)
        of_procedure = drafts.filter(procedure=row["procedure"])
        old = Q() if definition is None else ~Q(definition=definition)
        old |= Q() if version is None else ~Q(version=version)
        yield from of_procedure.filter(old).select_related("procedure", "case", "version") if old else ()


# Carrying -----------------------------------------------------------------------------------------
def carry(dossier: Dossier, *, on: date, at: datetime) -> bool:
    """Carry a draft to what is in force on a day; False where there was nothing to do.

    The row is locked and read anew, and its version number grows: whoever saves a page opened before is told. When it
    was last saved by a person stays as it was.
    """
    if not (dossier.is_draft and is_behind(dossier, on=on)):
        return False
    with transaction.atomic():
        rows = Dossier.objects.select_related("procedure", "case", "version", "definition", "plot", "project")
        row = rows.select_for_update(of=("self",)).get(pk=dossier.pk)
        return row.is_draft and is_behind(row, on=on) and _carry(row, on, at)


def _carry(row: Dossier, on: date, at: datetime) -> bool:
    definition = shapes.in_force(row.procedure, on=on) or row.definition
    version = row.procedure.version_on(on) or row.version
    old = shapes.of_dossier(row)
    if definition is None or old is None:
        return False
    new = shapes.of(definition)
    case = _case(row, version, new)
    if case is None:
        return False
    move = _Move(row, old, new, on)
    if case.key != row.case.key:
        move.put_aside({"vi": "Trường hợp", "en": "Case"}, _both(row.case, "label"), kind=OF_CASE)
    if definition.pk != row.definition_id:
        row.carried_from = row.carried_from or row.definition
    row.definition, row.version, row.case = definition, version, case
    move.answers()
    move.typed()
    _save(row, new, at)
    _move_papers(row)
    notices.tell_of_new_form(row)
    return True


def _case(row: Dossier, version: ProcedureVersion, shape: Shape) -> ProcedureCase | None:
    """The same case by its key; where it is gone, the one that the form starts with."""
    same = version.cases.exclude(key__in=shape.closed_cases).filter(key=row.case.key).first()
    return same or shapes.first_case(version, shape)


def _save(row: Dossier, shape: Shape, at: datetime) -> None:
    """Every section counts as saved by nobody, so that a page opened before meets what moved into it."""
    names = ("answers", "typed", "set_aside", "definition", "carried_from", "version", "case", "saves", *ROWS)
    row.version_no += 1
    carried = {"no": row.version_no, "at": at.isoformat(), "by": None, "window": "", "turn": 0}
    row.saves = {section.key: carried for section in shape.sections}
    row.save(update_fields=[*names, "version_no"])


def _move_papers(row: Dossier) -> None:
    """Papers answer the component of the same key; one that is not asked for any more stays where it was."""
    now = {component.key: component for component in Component.objects.filter(version=row.version)}
    for paper in (
        row.papers.exclude(component=None).exclude(component__version=row.version).select_related("component")
    ):
        if paper.component and paper.component.key in now:
            paper.component = now[paper.component.key]
            paper.save(update_fields=["component"])


def _both(row: Any, name: str) -> dict[str, str]:
    said = {language: getattr(row, f"{name}_{language}") or "" for language in LANGUAGES}
    return {language: words or said["vi"] or row.key for language, words in said.items()}


class _Move:
    """The answers of one draft on their way from an old shape to a new one."""

    def __init__(self, row: Dossier, old: Shape, new: Shape, on: date) -> None:
        self.row, self.old, self.new, self.on = row, old, new, on
        self.setting = Setting(row, on, new.closed_cases)
        row.set_aside = list(row.set_aside)

    def put_aside(self, label: Mapping[str, str], value: Mapping[str, str], **more: str) -> None:
        entry = {"label": dict(label), "value": dict(value), **more}
        if any(value.values()) and entry not in self.row.set_aside:
            self.row.set_aside.append(entry)

    def answers(self) -> None:
        asked, answers = self.new.questions(), dict(self.row.answers)
        for key, question in self.old.questions().items():
            if key in COLUMNS:
                self._row(key, question, asked)
            elif answers.get(key) not in (None, ""):
                kept, is_whole = self._fit(question, asked.get(key), answers.pop(key))
                if not is_whole:
                    self._aside(question, self.row.answers[key])
                if kept not in (None, "", []):
                    answers[key] = kept
        self.row.answers = answers

    def _row(self, key: str, question: Question, asked: Mapping[str, Question]) -> None:
        found = getattr(self.row, key) if key in ROWS and key not in asked else None
        if found is not None:
            self.put_aside(question.label, {language: str(found) for language in LANGUAGES})
            setattr(self.row, key, None)

    def _aside(self, question: Question, kept: Any) -> None:
        self.put_aside(self._label(question), self._words(question, kept))

    def _label(self, question: Question) -> dict[str, str]:
        return {language: question.label.get(language) or question.label.get("vi", "") for language in LANGUAGES}

    def _words(self, question: Question, kept: Any) -> dict[str, str]:
        said = {}
        for language in LANGUAGES:
            with translation.override(language):
                said[language] = build(question, self.setting).words(kept)
        return said

    def _fit(self, old: Question, new: Question | None, kept: Any) -> tuple[Any, bool]:
        """What the new question takes of an answer, and whether that is all of it."""
        if new is None:
            return None, False
        if old.type != new.type or old.unit != new.unit:
            return self._translated(old, new, kept)
        if new.type == "choice":
            is_offered = kept in {choice["value"] for choice in new.choices}
            return (kept if is_offered else None), is_offered
        return self._fit_rows(old, new, kept) if new.type == "table" else (kept, True)

    def _fit_rows(self, old: Question, new: Question, kept: Any) -> tuple[Any, bool]:
        columns = {column.key: column for column in new.columns}
        before = {column.key: column for column in old.columns}
        rows, is_whole = [], True
        for row in kept if isinstance(kept, list) else []:
            cells = {key: self._fit(before[key], columns.get(key), cell) for key, cell in row.items() if key in before}
            is_whole &= all(fits for _cell, fits in cells.values())
            rows.append({key: cell for key, (cell, _fits) in cells.items() if cell not in (None, "")})
        return [row for row in rows if row], is_whole

    def _translated(self, old: Question, new: Question, kept: Any) -> tuple[Any, bool]:
        """An answer of another type is taken where it reads the same as before."""
        field, before = build(new, self.setting), build(old, self.setting)
        try:
            moved = field.keep(field.clean(before.recall(kept)))
        except (ValidationError, TypeError, ValueError, AttributeError):
            return None, False
        is_same = moved not in (None, "") and self._words(old, kept) == self._words(new, moved)
        return (moved if is_same else None), is_same

    # What was typed and is not sound yet

    def typed(self) -> None:
        """Text goes to the section that asks for it now; what is not asked any more is set aside as it stands."""
        asked, before = self.new.questions(), self.old.questions()
        home = {question.key: section for section in self.new.sections for question in section.questions}
        moved: dict[str, dict[str, Any]] = {}
        for key, entry in self.row.typed.items():
            for name, text in entry.get("data", {}).items():
                if name in asked:
                    self._lay(moved, home[name], name, text, entry, is_same=home[name].key == key)
                elif name in before:
                    self.put_aside(self._label(before[name]), self._raw_words(before[name], text))
        self.row.typed = moved

    def _lay(
        self, moved: dict, section: Section, name: str, text: Any, entry: Mapping[str, Any], *, is_same: bool
    ) -> None:
        if section.key not in moved:
            # What the section holds already, so that showing the text that moved in does not empty the rest.
            kept = {} if is_same else questions.typed(self.row, section)
            moved[section.key] = {**entry, "data": {key: value for key, value in kept.items() if value is not None}}
        moved[section.key]["data"][name] = text

    def _raw_words(self, question: Question, text: Any) -> dict[str, str]:
        entry = build(question, self.setting)
        try:
            return self._words(question, entry.keep(entry.clean(text)))
        except (ValidationError, TypeError, ValueError):
            return {language: raw_text(text) for language in LANGUAGES}


def raw_text(typed: Any) -> str:
    """What was typed, as it stands; a repeated group row by row."""
    if not isinstance(typed, list):
        return str(typed)
    rows = [row.values() if isinstance(row, Mapping) else [row] for row in typed]
    return "\n".join("; ".join(str(cell) for cell in row if cell) for row in rows)


# A page of the old form ---------------------------------------------------------------------------
def rescue(dossier: Dossier, data: Any) -> bool:
    """Set aside what a page opened before the draft was carried sends for questions that are gone; was there any?"""
    if dossier.carried_from is None or not dossier.is_draft:
        return False
    old, now = shapes.of(dossier.carried_from), shapes.of_dossier(dossier)
    asked = now.questions() if now else {}
    with transaction.atomic():
        row = Dossier.objects.select_for_update(of=("self",)).get(pk=dossier.pk)
        move = _Move(row, old, old, timezone.localdate())
        before = len(row.set_aside)
        for key, question in old.questions().items():
            if key in asked:
                continue
            typed = build(question, move.setting).widget.value_from_datadict(data, {}, key)
            if typed not in (None, "", []):
                move.put_aside(move._label(question), move._raw_words(question, typed))
        if len(row.set_aside) == before:
            return False
        row.save(update_fields=["set_aside"])
    dossier.set_aside = row.set_aside
    return True


def begun_from(dossier: Dossier, data: Any) -> bool:
    """A draft begun by a page of an earlier form (`form_no`) counts as carried from it; was any text set aside?"""
    number = str(data.get("form_no", ""))
    forms = Definition.objects.published().filter(procedure=dossier.procedure_id)
    old = forms.filter(number=int(number)).first() if number.isdecimal() and len(number) < 6 else None
    if old is None or dossier.definition is None or old.number >= dossier.definition.number:
        return False
    Dossier.objects.filter(pk=dossier.pk).update(carried_from=old)
    dossier.carried_from = old
    return rescue(dossier, data)


# What is told -------------------------------------------------------------------------------------
def notice(dossier: Dossier) -> Notice | None:
    """What a draft's pages tell of its having been carried, in the reader's language; None where it never was."""
    if not dossier.is_draft or dossier._state.adding:
        return None
    rules_from = dossier.version.valid_from if _outlived(dossier) else None
    if dossier.carried_from_id is None and rules_from is None and not dossier.set_aside:
        return None
    told = [(say(entry["label"]), say(entry["value"])) for entry in dossier.set_aside]
    forms = list(_forms_since(dossier)) if dossier.carried_from_id else []
    is_case_gone = any(entry.get("kind") == OF_CASE for entry in dossier.set_aside)
    notes = [form.note for form in forms if form.note]
    return Notice(forms[-1].valid_from if forms else None, notes, rules_from, told, is_case_gone)


def _outlived(dossier: Dossier) -> bool:
    """Were other rules in force when the draft was begun?"""
    return timezone.localdate(dossier.created_at) < dossier.version.valid_from


def _forms_since(dossier: Dossier) -> Iterable[Definition]:
    first, last = dossier.carried_from, dossier.definition
    if first is None or last is None:
        return []
    since = {"procedure": dossier.procedure_id, "number__gt": first.number, "number__lte": last.number}
    rows = Definition.objects.published().filter(**since)
    return rows.defer("body").order_by("number")


def why_not(dossier: Dossier, *, on: date) -> str:
    """The sentence that keeps a draft on an old form from being filed; nothing where it may be."""
    definition, version = _current(dossier.procedure_id, on)
    if version is None:
        return _("Thủ tục hiện không có quy định nào đang áp dụng nên chưa nộp được; hãy hỏi Ban.")
    if not _is_other(dossier, definition, version):
        return ""
    return _(
        "Biểu mẫu hoặc quy định của thủ tục vừa thay đổi. Hãy mở lại trang này: bản nháp được chuyển sang bản mới, "
        "không mất câu trả lời nào; kiểm tra rồi nộp."
    )
