"""A line of time in words: who, what, on which record, why, and what stood there before and after."""

import json
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import display_for_field
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from izportal.backoffice.history import ReadableChanges
from izportal.models import User
from izportal.timeline import DEEDS, Line
from onestop import workflow
from projects.models import Change

Fact = tuple[str, Any, Any]


def told(lines: list[Line]) -> list[dict[str, Any]]:
    """Each line with its person and its deed in words; one question for all of them."""
    people = User.objects.in_bulk({line.who for line in lines if line.who})
    return [{"line": line, "who": people.get(line.who), "deed": deed(line), "why": why(line)} for line in lines]


def deed(line: Line) -> str:
    if line.code == "event":
        return workflow.label(line.deed)
    if line.code == "change":
        return str(dict(Change.Kind.choices).get(line.deed, line.deed))
    return str(DEEDS.get(line.deed, line.deed))


def why(line: Line) -> str:
    """The log of the back office writes its message as data."""
    return LogEntry(change_message=line.why).get_change_message() if line.code == "log" else line.why


def page_of(line: Line) -> str:
    """Where the record itself is read, "" where it has no page."""
    model = {"event": "onestop_dossier", "change": "projects_project"}.get(line.code)
    meta = line.source.of._meta
    if line.code in ("log", "session") or line.deed == "-":
        return ""
    try:
        return reverse(f"admin:{model or f'{meta.app_label}_{meta.model_name}'}_change", args=[line.key])
    except NoReverseMatch:
        return ""


def facts(line: Line) -> list[Fact]:
    """(column, before, after) of what the deed changed; of a new or a deleted row all that it says."""
    row = line.source.lines._default_manager.get(pk=line.pk)
    if line.code == "event":
        return _of_event(row)
    if line.deed == "~" and (older := row.prev_record) is not None:
        changes = ReadableChanges(line.source.of, row).context_for_delta_changes(row.diff_against(older))
        return [(change["field"], change["old"], change["new"]) for change in changes]
    if line.code in ("log", "session"):
        return [(_("Nội dung"), "", why(line))] if line.why else []
    said = _columns(row)
    return [(name, value, "") if line.deed == "-" else (name, "", value) for name, value in said]


def _of_event(event: Any) -> list[Fact]:
    found: list[Fact] = [(_("Trạng thái"), event.get_from_status_display(), event.get_to_status_display())]
    if event.instead_of_id:
        found.append((_("Thay cho"), "", event.instead_of))
    return found + [(key, "", _written(value)) for key, value in event.data.items()]


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _columns(row: Any) -> list[tuple[str, Any]]:
    columns = [column for column in row._meta.concrete_fields if not column.name.startswith("history_")]
    pairs = [(column, column.value_from_object(row)) for column in columns if not column.primary_key]
    told = [(column, value) for column, value in pairs if value not in (None, "")]
    return [(str(column.verbose_name), display_for_field(value, column, "—")) for column, value in told]
