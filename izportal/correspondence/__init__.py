"""Correspondence: somebody writes to the board without an account, and the board answers by a day. What all kinds of
it share: a form that counts once, a secret address of which only the hash is kept, a term, and how it is forgotten.

What is told by letter stands in `letters`, what is asked in `forms`, what the staff see in `desk`.
"""

import hashlib
import secrets
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.core.signing import Signer
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from izportal.correspondence_models import Correspondence
from izportal.models import CalendarDay, Job, Notice, Rule, StoredFile
from izportal.workdays import months_later

Row = TypeVar("Row", bound=Correspondence)

SAMPLE = "MAU-"
WRITER = ("name", "organisation", "email", "phone")


# Coming in ----------------------------------------------------------------------------------------
def taken(model: type[Row], form_key: UUID) -> Row | None:
    """What this form has made already."""
    return model._default_manager.filter(form_key=form_key).first()


def once(model: type[Row], form_key: UUID, take: Callable[[], Row]) -> Row:
    """What this form has made already, else what `take` makes of it."""
    if (known := taken(model, form_key)) is not None:
        return known
    try:
        with transaction.atomic():
            return take()
    except IntegrityError:
        # Sent twice at once: the second has waited for the first, and gives its number back.
        if (known := taken(model, form_key)) is None:
            raise
        return known


def of_address(model: type[Row], email: str) -> models.QuerySet[Row]:
    """What came from somebody with this address."""
    rows = model._default_manager
    return rows.filter(email__iexact=email) if email else rows.none()


# The secret address -------------------------------------------------------------------------------
def token_of(row: Correspondence) -> str:
    """The secret part of the address; nobody without the key of the portal can make it."""
    return _token(type(row), row.form_key)


def link_hash(model: type[Correspondence], form_key: UUID) -> str:
    return _digest(_token(model, form_key))


def by_link(rows: models.QuerySet[Row], token: str) -> Row | None:
    return rows.filter(link_hash=_digest(token), erased_at__isnull=True).first()


def _token(model: type[Correspondence], form_key: UUID) -> str:
    return Signer(salt=model._meta.label_lower).signature(str(form_key))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


# The term -----------------------------------------------------------------------------------------
def due(rule: str, *, at: datetime) -> datetime | None:
    """The end of the last working day of a term; None where no rule sets one."""
    today = timezone.localdate(at)
    try:
        days = Rule.number(rule, on=today)
    except Rule.DoesNotExist:
        return None
    calendar = CalendarDay.calendar()
    return calendar.close_of(calendar.add_working_days(today, days))


def end_of_day(day: date) -> datetime:
    return CalendarDay.calendar().close_of(day)


def remind(rows: models.QuerySet[Row], write: Callable[[Row], bool], *, at: datetime) -> int:
    """Write to the owner of each of `rows` (awaited ones) whose term ends today or has passed; how many were new."""
    end = timezone.localtime(at).replace(hour=23, minute=59, second=59)
    return sum(write(row) for row in rows.filter(due_at__lte=end, owner__is_active=True).select_related("owner"))


# Forgetting ---------------------------------------------------------------------------------------
def letters_to(row: Correspondence) -> str:
    """How the keys of all letters to the writer begin."""
    return f"{row._meta.model_name}:{row.pk}:{row.WRITER}:"


def forget(row: Correspondence, *, at: datetime, columns: tuple[str, ...]) -> None:
    """Take out who wrote and every word, the file and the letters; the row stays as a number."""
    for name in (*WRITER, *columns):
        setattr(row, name, "")
    stored: StoredFile | None = getattr(row, "stored", None)
    if stored is not None:
        row.stored = None
    row.erased_at, row.link_hash = at, secrets.token_hex(32)
    row.save()
    if stored is not None:
        _drop(stored)
    written = Notice.objects.filter(key__startswith=letters_to(row))
    Job.objects.filter(key__in=[f"thu-{pk}" for pk in written.values_list("pk", flat=True)]).delete()
    written.delete()


def _drop(stored: StoredFile) -> None:
    name, storage = str(stored.file.name), stored.file.storage
    stored.delete()
    transaction.on_commit(lambda: storage.delete(name))


def sweep(rows: models.QuerySet[Row], erase: Callable[..., Any], *, ended: str, rule: str, at: datetime) -> int:
    """Erase the writers of rows that ended (`ended` names the column) longer ago than a rule lets the names be kept;
    how many."""
    today = timezone.localdate(at)
    try:
        months = Rule.number(rule, on=today)
    except Rule.DoesNotExist:
        return 0
    kept = rows.filter(erased_at__isnull=True, **{f"{ended}__isnull": False})
    old = [row for row in kept if months_later(timezone.localdate(_reach(row, ended)), months) < today]
    for row in old:
        erase(row, at=at)
    return len(old)


def _reach(row: Any, path: str) -> datetime:
    for name in path.split("__"):
        row = getattr(row, name)
    return row
