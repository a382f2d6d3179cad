"""What questions and comments on plans have in common when they come in: a number of the year and a file."""

from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any
from uuid import UUID

from django.core.files import File
from django.utils import timezone

from izportal import correspondence, documents
from izportal.correspondence_models import Correspondence
from izportal.models import StoredFile, User
from onestop import numbering

Upload = IO[bytes] | File | None


def columns(
    model: type[Correspondence], mark: str, *, form_key: UUID, at: datetime, by: User | None, upload: Upload,
    is_sample: bool,
) -> Mapping[str, Any]:  # fmt: skip
    """Those of a new row that are not about what it says; raises `UploadRefused`."""
    return {
        "reference": _draw(mark, at=at, is_sample=is_sample), "form_key": form_key, "consented_at": at,
        "link_hash": correspondence.link_hash(model, form_key), "is_sample": is_sample,
        "stored": _kept(upload, by=by, at=at, is_sample=is_sample),
    }  # fmt: skip


def _draw(mark: str, *, at: datetime, is_sample: bool) -> str:
    """The next number of a year: HD-2026-0001; sample rows have a series of their own."""
    prefix = f"{correspondence.SAMPLE if is_sample else ''}{mark}-{timezone.localdate(at).year}"
    return f"{prefix}-{numbering.draw(f'press:{prefix}'):04d}"


def _kept(upload: Upload, *, by: User | None, at: datetime, is_sample: bool) -> StoredFile | None:
    if upload is None:
        return None
    most = documents.limit_bytes(timezone.localdate(at))
    return documents.store(upload, by=by, at=at, max_bytes=most, is_sample=is_sample)
