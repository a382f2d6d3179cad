"""Who did what: every line that a write has left, of all histories, of both append-only logs, of the back office's own
log and of the sign-ins, as one line of time. Read by those who look after the records; nothing is written here."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, reduce
from operator import or_
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db.models import CharField, Model, Q, QuerySet, TextField
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalChanges

from izportal.models import User
from onestop.models import Event
from projects.models import Change

# Which columns say in words what a row is, the first that has something to say.
NAMES = (
    "code", "number", "title_vi", "title", "name_vi", "name", "label_vi", "indicator", "day", "key", "subject", "year",
    "summary_vi", "slug",
)  # fmt: skip
# Of what says nothing itself: what it belongs to.
BELONGS = (
    "item__slug", "enterprise__name_vi", "zone__name_vi", "phase__name_vi", "procedure__code",
    "version__procedure__code",
)  # fmt: skip
# Days and years name a row, too, but hold no words to search.
COUNTED = {"day", "year"}
SIGNED_IN = _("Đăng nhập")
DEEDS = {"+": _("Thêm"), "~": _("Sửa"), "-": _("Xóa"), "1": _("Thêm"), "2": _("Sửa"), "3": _("Xóa"), "in": SIGNED_IN}


@dataclass(frozen=True)
class Source:
    """A table of lines; `of` is the model that they tell of, the other texts are names of its columns ("" where it has
    none). Lines of a user who may not read `of` are left out."""

    code: str
    lines: type[Model]
    of: type[Model]
    at: str
    who: str
    deed: str
    why: str
    key: str
    names: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def label(self) -> str:
        return str(capfirst(self.of._meta.verbose_name))

    @property
    def right(self) -> str:
        return f"{self.of._meta.app_label}.view_{self.of._meta.model_name}"


@dataclass(frozen=True, order=True)
class Line:
    """One deed, at its place in the line of time."""

    at: datetime
    code: str
    pk: Any
    source: Source = field(compare=False)
    who: int | None = field(compare=False)
    deed: str = field(compare=False)
    why: str = field(compare=False)
    key: str = field(compare=False)
    name: str = field(compare=False)

    @property
    def place(self) -> tuple[datetime, str, Any]:
        return self.at, self.code, self.pk


@dataclass(frozen=True)
class Asked:
    """What of the line of time is wanted; empty values leave a question open."""

    since: datetime | None = None
    until: datetime | None = None
    people: tuple[int, ...] | None = None
    table: str = ""
    key: str = ""
    text: str = ""


def _two(*names: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Columns that name a row and are searched, too."""
    return names, names


@cache
def sources() -> dict[str, Source]:
    histories = (model for model in apps.get_models() if issubclass(model, HistoricalChanges))
    # The roles that an account had then are told with its line.
    found = [_of_history(model) for model in histories if hasattr(model, "history_type")]
    found += [
        Source(
            "event", Event, Event, "at", "by_id", "step", "note", "dossier_id",
            *_two("dossier__code", "dossier__reference"),
        ),
        Source(
            "change", Change, Change, "recorded_at", "recorded_by_id", "kind", "note", "project_id",
            ("project__code",), ("project__code", "decision_number"),
        ),
        Source(
            "log", LogEntry, LogEntry, "action_time", "user_id", "action_flag", "change_message", "object_id",
            *_two("object_repr"),
        ),
        Source("session", UserSession, User, "created_at", "user_id", "", "", "user_id", *_two("user__full_name")),
    ]  # fmt: skip
    return {source.code: source for source in sorted(found, key=lambda source: source.code)}


def _of_history(model: type[Any]) -> Source:
    of = model.instance_type
    columns = {column.name: column for column in model._meta.concrete_fields}
    # An edition's number counts; a document's is a text.
    words = [name for name in NAMES if isinstance(columns.get(name), CharField | TextField)]
    own = [name for name in NAMES if name in words or name in columns and name in COUNTED]
    if of._meta.label_lower == "izportal.rule":  # its code is for the program
        own.remove("code")
    beside = [] if own else [name for name in BELONGS if name.partition("__")[0] in columns]
    return Source(
        of._meta.label_lower, model, of, "history_date", "history_user_id", "history_type", "history_change_reason",
        of._meta.pk.attname, (*own, *beside), tuple(words),
    )  # fmt: skip


def readable(user: User) -> list[Source]:
    """The tables whose lines somebody may read."""
    return [source for source in sources().values() if user.has_perm(source.right)]


def look(asked: Asked, among: Iterable[Source], *, after: tuple[datetime, str, Any] | None, most: int) -> list[Line]:
    """The latest lines that come after a place in the line of time; one question to each table."""
    wanted = [source for source in among if asked.table in ("", source.code)]
    found = (_lines(source, asked, after)[:most] for source in wanted)
    lines = (_line(source, row) for source, rows in zip(wanted, found, strict=True) for row in rows)
    return heapq.nlargest(most, lines)


def every(asked: Asked, among: Iterable[Source], *, most: int, chunk: int = 500) -> Iterator[list[Line]]:
    """Up to `most` lines, some hundred at a time."""
    after, left, among = None, most, list(among)
    while left > 0 and (lines := look(asked, among, after=after, most=min(chunk, left))):
        yield lines
        after, left = lines[-1].place, left - len(lines)


def one(source: Source, pk: str) -> Line | None:
    """A single line; None where there is none of that key."""
    try:
        row = _columns_of(source, source.lines._default_manager.filter(pk=pk)).first()
    except (ValueError, OverflowError, ValidationError):
        return None
    return _line(source, row) if row else None


def _lines(source: Source, asked: Asked, after: tuple[datetime, str, Any] | None) -> QuerySet[Any, Any]:
    rows = source.lines._default_manager.order_by(f"-{source.at}", "-pk")
    if asked.since:
        rows = rows.filter(**{f"{source.at}__gte": asked.since})
    if asked.until:
        rows = rows.filter(**{f"{source.at}__lt": asked.until})
    if asked.people is not None:
        rows = rows.filter(**{f"{source.who}__in": asked.people})
    if asked.key:
        rows = rows.filter(**{source.key: asked.key})
    if asked.text:
        told = (Q(**{f"{name}__icontains": asked.text}) for name in dict.fromkeys((source.why, *source.words)) if name)
        rows = rows.filter(reduce(or_, told, Q(pk__in=())))
    if after:
        rows = rows.filter(_later(source, *after))
    return _columns_of(source, rows)


def _columns_of(source: Source, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    columns = [name for name in (source.at, source.who, source.deed, source.why, source.key, *source.names) if name]
    return rows.values("pk", *dict.fromkeys(columns))


def _later(source: Source, at: datetime, code: str, pk: Any) -> Q:
    """Behind a place in the order of moment, table and key."""
    if source.code < code:
        return Q(**{f"{source.at}__lte": at})
    before = Q(**{f"{source.at}__lt": at})
    return before | Q(**{source.at: at, "pk__lt": pk}) if source.code == code else before


def _line(source: Source, row: dict[str, Any]) -> Line:
    name = next((str(row[column]) for column in source.names if row[column] not in (None, "")), "")
    return Line(
        at=row[source.at], code=source.code, pk=row["pk"], source=source, who=row[source.who],
        deed=str(row[source.deed]) if source.deed else "in", why=str(row[source.why] or "") if source.why else "",
        key=str(row[source.key]), name=name,
    )  # fmt: skip
