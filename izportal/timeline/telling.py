"""A line of time in words: who, what, on which record, why, and what stood there before and after."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import display_for_field
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from izportal import reasons
from izportal.backoffice.history import changes_between, is_told
from izportal.models import User
from izportal.timeline import DEEDS, Line
from izportal.timeline.facts import Fact, of_event
from onestop import workflow
from projects.models import Change


def told(lines: list[Line]) -> list[dict[str, Any]]:
    """Each line with its person, its record and its deed in words; one question for all of them."""
    of_people = {line.pk: int(line.key) for line in lines if line.source.of is User}
    people = User.objects.in_bulk({line.who for line in lines if line.who} | set(of_people.values()))
    return [
        {
            "line": line, "who": people.get(line.who), "deed": deed(line), "why": why(line),
            "name": line.name or str(people.get(of_people.get(line.pk), "")),
        }
        for line in lines
    ]  # fmt: skip


def deed(line: Line) -> str:
    if line.code == "event":
        return workflow.label(line.deed)
    if line.code == "change":
        return str(dict(Change.Kind.choices).get(line.deed, line.deed))
    return str(DEEDS.get(line.deed, line.deed))


def why(line: Line) -> str:
    """The log of the back office writes its message as data."""
    return LogEntry(change_message=line.why).get_change_message() if line.code == "log" else reasons.told(line.why)


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
        return of_event(row)
    if line.deed == "~" and (older := row.prev_record) is not None:
        changes = changes_between(older, row, line.source.of)
        return [(change["field"], change["old"], change["new"]) for change in changes]
    if line.code in ("log", "session"):
        return [(_("Nội dung"), "", why(line))] if line.why else []
    said = _columns(row, line.source.of)
    return [(name, value, "") if line.deed == "-" else (name, "", value) for name, value in said]


def _columns(row: Any, of: Any) -> list[tuple[str, Any]]:
    """What a version holds; of a column in two languages each by itself."""
    told = []
    for column in row._meta.concrete_fields:
        is_of_line = column.name.startswith("history_") or column.primary_key
        if not is_of_line and is_told(of, column.name) and column.value_from_object(row) not in (None, ""):
            told.append((str(column.verbose_name), _value(row, column)))
    return told


def _value(row: Any, column: Any) -> Any:
    """What it points at may have been deleted since."""
    value = column.value_from_object(row)
    if column.is_relation:
        return str(column.remote_field.model._base_manager.filter(pk=value).first() or value)
    return display_for_field(value, column, "—")
