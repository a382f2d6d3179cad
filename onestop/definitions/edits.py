"""Pieces of a form changed one at a time, and two forms compared. A piece is named by its place: the keys of section,
question and column on the way to it. Nothing here touches the database."""

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onestop.shapes import say

Place = tuple[str, ...]
Body = Mapping[str, Any]
# Where the parts of a form, of a section and of a repeated group lie.
PARTS = ("sections", "questions", "columns")


# Finding and changing -----------------------------------------------------------------------------
def find(body: Body, place: Place) -> dict[str, Any] | None:
    """The piece at a place as it stands in the body; None where there is none."""
    found: Any = body
    for depth, key in enumerate(place):
        parts = found.get(PARTS[depth], []) if depth < len(PARTS) else []
        found = next((part for part in parts if part.get("key") == key), None)
        if found is None:
            return None
    return found


def put(body: Body, place: Place, piece: Mapping[str, Any]) -> dict[str, Any]:
    """The body with another piece at a place."""
    changed, parts, at = _parts(body, place)
    parts[at] = dict(piece)
    return changed


def add(body: Body, within: Place, piece: Mapping[str, Any]) -> dict[str, Any]:
    """The body with one more piece, the last of its section or group."""
    changed = copy.deepcopy(dict(body))
    whole = find(changed, within) if within else changed
    if whole is None:
        raise LookupError(within)
    whole.setdefault(PARTS[len(within)], []).append(copy.deepcopy(dict(piece)))
    return changed


def remove(body: Body, place: Place) -> dict[str, Any]:
    changed, parts, at = _parts(body, place)
    del parts[at]
    return changed


def move(body: Body, place: Place, by: int) -> dict[str, Any]:
    """The body with a piece moved up (-1) or down (1); the same where it stands at the end already."""
    changed, parts, at = _parts(body, place)
    to = min(max(at + by, 0), len(parts) - 1)
    parts.insert(to, parts.pop(at))
    return changed


def _parts(body: Body, place: Place) -> tuple[dict[str, Any], list[dict[str, Any]], int]:
    changed = copy.deepcopy(dict(body))
    whole = find(changed, place[:-1])
    parts = whole.get(PARTS[len(place) - 1], []) if whole else []
    at = next((number for number, part in enumerate(parts) if part.get("key") == place[-1]), None)
    if at is None:
        raise LookupError(place)
    return changed, parts, at


# Comparing ----------------------------------------------------------------------------------------
class Kind(models.TextChoices):
    ADDED = "added", gettext_lazy("Thêm mới")
    REMOVED = "removed", gettext_lazy("Bỏ đi")
    CHANGED = "changed", gettext_lazy("Sửa đổi")
    MOVED = "moved", gettext_lazy("Chuyển chỗ")


@dataclass(frozen=True)
class Difference:
    """One piece that differs: its place in words, and of a changed one what was and what is, aspect by aspect."""

    kind: Kind
    name: str
    details: list[tuple[str, str, str]] = field(default_factory=list)


ASPECTS: dict[str, Promise] = {
    "title": gettext_lazy("Tên phần"), "step": gettext_lazy("Tên bước"), "label": gettext_lazy("Câu hỏi"),
    "hint": gettext_lazy("Hướng dẫn"), "checks": gettext_lazy("Phép kiểm tra"), "type": gettext_lazy("Loại"),
    "required": gettext_lazy("Bắt buộc"), "when": gettext_lazy("Chỉ hỏi khi"), "choices": gettext_lazy("Lựa chọn"),
    "unit": gettext_lazy("Đơn vị"), "least": gettext_lazy("Ít nhất"), "most": gettext_lazy("Nhiều nhất"),
    "places": gettext_lazy("Số chữ số thập phân"), "rows": gettext_lazy("Số dòng của ô"),
    "is_past": gettext_lazy("Ngày đã qua"), "width": gettext_lazy("Bề rộng"),
    "prefill": gettext_lazy("Điền sẵn từ"), "now": gettext_lazy("Cho xem giá trị hiện tại"),
    "row_name": gettext_lazy("Tên gọi một dòng"), "is_unconfirmed": gettext_lazy("Chờ xác nhận"),
    "note": gettext_lazy("Ghi chú của biểu mẫu"),
}  # fmt: skip


def differences(old: Body, new: Body) -> list[Difference]:
    """What a new form adds, leaves out, changes and moves, section by section in the order of the new one."""
    return [*_of_note(old, new), *_of_sections(old, new), *_of_questions(old, new)]


def _of_note(old: Body, new: Body) -> Iterator[Difference]:
    details = _details(old, new, ("note",))
    if details:
        yield Difference(Kind.CHANGED, _("Biểu mẫu"), details)


def _of_sections(old: Body, new: Body) -> Iterator[Difference]:
    before, after = _by_key(old["sections"]), _by_key(new["sections"])
    for key, section in after.items():
        if key not in before:
            yield Difference(Kind.ADDED, _section_name(section))
        elif details := _details(before[key], section, ("title", "step", "hint", "checks")):
            yield Difference(Kind.CHANGED, _section_name(section), details)
    yield from (Difference(Kind.REMOVED, _section_name(s)) for key, s in before.items() if key not in after)
    if _order(before, after) != _order(after, before):
        yield Difference(Kind.MOVED, _("Thứ tự các phần"))


def _of_questions(old: Body, new: Body) -> Iterator[Difference]:
    before, after = _asked(old), _asked(new)
    for key, (section, question) in after.items():
        name = f"{_section_name(section)}: {say(question['label'])}"
        if key not in before:
            yield Difference(Kind.ADDED, name)
            continue
        was_in, was = before[key]
        details = [*_details(was, question, ASPECTS), *_of_columns(was, question)]
        if was_in["key"] != section["key"]:
            details = [(_("Phần"), say(was_in["title"]), say(section["title"])), *details]
        if details:
            yield Difference(Kind.CHANGED, name, details)
    for key, (section, question) in before.items():
        if key not in after:
            yield Difference(Kind.REMOVED, f"{_section_name(section)}: {say(question['label'])}")
    for section in new["sections"]:
        mine, theirs = _by_key(section["questions"]), _by_key(_questions_of(old, section["key"]))
        if _order(theirs, mine) != _order(mine, theirs):
            yield Difference(Kind.MOVED, _("Thứ tự câu hỏi, %(section)s") % {"section": _section_name(section)})


def _of_columns(was: Mapping, now: Mapping) -> Iterator[tuple[str, str, str]]:
    before, after = _by_key(was.get("columns", [])), _by_key(now.get("columns", []))
    for key, column in after.items():
        called = _("Cột “%(label)s”") % {"label": say(column["label"])}
        if key not in before:
            yield called, "", _("thêm")
        else:
            yield from ((f"{called}: {what}", old, new) for what, old, new in _details(before[key], column, ASPECTS))
    for key, column in before.items():
        if key not in after:
            yield _("Cột “%(label)s”") % {"label": say(column["label"])}, "", _("bỏ")


def _details(old: Mapping, new: Mapping, aspects: Any) -> list[tuple[str, str, str]]:
    return [
        (str(ASPECTS[name]), words(old.get(name)), words(new.get(name)))
        for name in aspects
        if (old.get(name) or None) != (new.get(name) or None)
    ]


def words(value: Any) -> str:
    """A part of a definition as text: both languages, conditions as `key = values`, choices line by line."""
    if isinstance(value, bool):
        return _("Có") if value else _("Không")
    if isinstance(value, list):
        return "\n".join(words(part) for part in value)
    if not isinstance(value, Mapping):
        return "" if value is None else str(value)
    if "value" in value:
        return f"{value['value']}: {words(value.get('label'))}"
    if set(value) <= {"vi", "en"}:
        return " / ".join(text for text in (value.get("vi"), value.get("en")) if text)
    return "; ".join(f"{key} = {', '.join(map(str, wanted))}" for key, wanted in value.items())


def _questions_of(body: Body, key: str) -> list[dict]:
    section = find(body, (key,))
    return section["questions"] if section else []


def _section_name(section: Mapping) -> str:
    return _("Phần “%(title)s”") % {"title": say(section["title"])}


def _by_key(parts: list[dict]) -> dict[str, dict]:
    return {part["key"]: part for part in parts}


def _asked(body: Body) -> dict[str, tuple[dict, dict]]:
    return {question["key"]: (section, question) for section in body["sections"] for question in section["questions"]}


def _order(keys: Mapping, among: Mapping) -> list[str]:
    return [key for key in keys if key in among]
