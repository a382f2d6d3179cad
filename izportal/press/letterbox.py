"""What reaches the board without an account: a number, a sealed form that counts once, a secret address, and how it
is forgotten again. Questions and comments on plans both come in here."""

import hashlib
import secrets
from datetime import date, datetime
from typing import IO, Any
from uuid import UUID

from django.core.files import File
from django.core.signing import Signer
from django.db import models, transaction
from django.utils import timezone

from izportal import documents
from izportal.models import CalendarDay, Job, Notice, Rule, StoredFile, User
from izportal.workdays import months_later
from onestop import numbering

Upload = IO[bytes] | File | None

SAMPLE = "MAU-"
SENDER = ("name", "organisation", "email", "phone", "text")


def draw(mark: str, *, at: datetime, is_sample: bool) -> str:
    """The next number of a year: HD-2026-0001; sample rows have a series of their own."""
    prefix = f"{SAMPLE if is_sample else ''}{mark}-{timezone.localdate(at).year}"
    return f"{prefix}-{numbering.draw(f'press:{prefix}'):04d}"


def kept(upload: Upload, *, by: User | None, at: datetime, is_sample: bool) -> StoredFile | None:
    """The file that came along; raises `UploadRefused`."""
    if upload is None:
        return None
    most = documents.limit_bytes(timezone.localdate(at))
    return documents.store(upload, by=by, at=at, max_bytes=most, is_sample=is_sample)


def token_of(row: Any) -> str:
    """The secret part of the address; nobody without the key of the portal can make it."""
    return _token(type(row), row.form_key)


def link_hash(model: type[models.Model], form_key: UUID) -> str:
    return _digest(_token(model, form_key))


def by_link(model: type[models.Model], token: str) -> Any:
    return model._default_manager.filter(link_hash=_digest(token), erased_at__isnull=True).first()


def of_address(model: type[models.Model], email: str) -> models.QuerySet:
    """What came from somebody with this address."""
    rows = model._default_manager
    return rows.filter(email__iexact=email) if email else rows.none()


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


# Forgetting ---------------------------------------------------------------------------------------
def forget(row: Any, *, at: datetime, columns: tuple[str, ...], letters: str) -> None:
    """Take out who wrote and every word, the file and the letters; the row stays as a number."""
    for name in columns:
        setattr(row, name, "")
    stored, row.stored = row.stored, None
    row.erased_at, row.link_hash = at, secrets.token_hex(32)
    row.save()
    if stored is not None:
        _drop(stored)
    written = Notice.objects.filter(key__startswith=letters)
    Job.objects.filter(key__in=[f"thu-{pk}" for pk in written.values_list("pk", flat=True)]).delete()
    written.delete()


def _drop(stored: StoredFile) -> None:
    name, storage = str(stored.file.name), stored.file.storage
    stored.delete()
    transaction.on_commit(lambda: storage.delete(name))


def outlived(rows: models.QuerySet, ended: str, rule: str, *, at: datetime) -> list[Any]:
    """Rows that ended (`ended` names the column) longer ago than a rule lets the names be kept."""
    today = timezone.localdate(at)
    try:
        months = Rule.number(rule, on=today)
    except Rule.DoesNotExist:
        return []
    kept = rows.filter(erased_at__isnull=True, **{f"{ended}__isnull": False})
    return [row for row in kept if months_later(timezone.localdate(_reach(row, ended)), months) < today]


def _reach(row: Any, path: str) -> datetime:
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def _token(model: type[models.Model], form_key: UUID) -> str:
    return Signer(salt=f"press.{model.__name__.lower()}").signature(str(form_key))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
