"""Why something is written: said once by whoever does the deed, and kept with every line of a history that the deed
leaves. Who and when, before and after are kept by the history itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import simple_history
from django.db import migrations
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.models import HistoricalRecords

from izportal.seals import CHUNK

LONGEST = 100
# Why a row's history has a line: written by the loader, so that any other line tells of a person.
LOADED = "load_reference"
# Reasons that the portal itself wrote, by how they begin, and how the rest is read; a room names its own.
SPOKEN: dict[str, Callable[[str], str]] = {LOADED: lambda rest: _("Nạp dữ liệu nền của cổng")}
_said: ContextVar[str] = ContextVar("reason", default="")


@contextmanager
def because(reason: object) -> Iterator[None]:
    """Whatever is saved within is saved for this reason, unless the row itself names another."""
    before = _said.set(str(reason or "")[:LONGEST] or _said.get())
    try:
        yield
    finally:
        _said.reset(before)


def told(reason: str | None) -> str:
    """A reason as people read it."""
    text = reason or ""
    read = next(((begins, read) for begins, read in SPOKEN.items() if text.startswith(begins)), None)
    return read[1](text.removeprefix(read[0]).strip()) if read else text


class Records(HistoricalRecords):
    """A history whose lines say why, and which has no line where nothing that it keeps was written."""

    def get_change_reason_for_object(self, instance: Any, history_type: str, using: Any) -> str | None:
        return super().get_change_reason_for_object(instance, history_type, using) or _said.get() or None

    def post_save(self, instance: Any, created: bool, using: Any = None, **told: Any) -> None:
        """A sign-in writes its own moment into the account."""
        written = set(told.get("update_fields") or ())
        if not written or written - set(self.excluded_fields):
            super().post_save(instance, created, using=using, **told)


def keep_history(*models: Any, app: str, **config: Any) -> None:
    """Keep every version of the rows of some models; called after they are translated, so that the lines hold all
    languages."""
    for model in models:
        simple_history.register(model, app=app, records_class=Records, **config)


def begin(app: str, *names: str) -> migrations.RunPython:
    """A migration step that gives rows which stood before their history its first line, so that the next has a
    "before"."""

    def copy(apps, schema_editor):
        for name in names:
            past, now = apps.get_model(app, f"Historical{name}"), timezone.now()
            columns = [field.attname for field in past._meta.concrete_fields if not field.name.startswith("history_")]
            told = {"history_date": now, "history_type": "+", "history_change_reason": LOADED}
            rows = apps.get_model(app, name).objects.order_by("pk").values(*columns)
            past.objects.bulk_create((past(**row, **told) for row in rows.iterator(CHUNK)), batch_size=CHUNK)

    return migrations.RunPython(copy, migrations.RunPython.noop)
