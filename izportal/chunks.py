"""Files that come in pieces: begun, gone on with after a break, put together and compared with what was promised.
What a whole file may be is told by `uploads`; whose answer it is, by the room that asked for it."""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.template.defaultfilters import filesizeformat

from izportal.models import PartialFile, User
from izportal.uploads import CHUNK, UploadRefused, clean_name, foresee

PIECE = 1024 * 1024
FOLDER = "pieces"
MOST_FILES = 40
# A file that is still coming in is left alone when its owner runs out of room.
AT_REST = timedelta(hours=1)
_DIGEST = re.compile(r"[0-9a-f]{64}")


class OutOfStep(Exception):
    """The piece does not follow on what is here; `offset` is where to go on."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


def begin(
    *, purpose: str, name: str, size: int, sha256: str, by: User, at: datetime, max_bytes: int
) -> PartialFile:  # fmt: skip
    """The same person's unfinished file of this purpose, name, size and hash, or a new one; `received` is how much of
    it is here. Raises `UploadRefused` for what could not be taken whole either."""
    foresee(name, size, max_bytes=max_bytes)
    known = sha256.lower() if _DIGEST.fullmatch(sha256.lower()) else ""
    identity = {"purpose": purpose, "name": clean_name(name), "size": size, "sha256": known, "user": by}
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two windows begin one file
        partial = PartialFile.objects.filter(**identity).first()
        if partial is None:
            _make_room(by, size, at)
            return PartialFile.objects.create(**identity, created_at=at, touched_at=at)
        partial.received, partial.touched_at = min(partial.received, _length(partial)), at
        partial.save(update_fields=["received", "touched_at"])
    return partial


def append(partial: PartialFile, *, offset: int, piece: bytes, at: datetime) -> PartialFile:
    """Write a piece behind the others and answer the row as it then stands; a piece sent again changes nothing.

    The row is locked, so two windows never write into one another. Raises `OutOfStep` and `UploadRefused`; a row
    that is gone, `PartialFile.DoesNotExist`.
    """
    with transaction.atomic():
        row = PartialFile.objects.select_for_update().get(pk=partial.pk)
        end = offset + len(piece)
        if end <= row.received:
            return row
        if offset != row.received:
            raise OutOfStep(row.received)
        if end > row.size:
            raise UploadRefused("altered")
        _write(row, offset, piece)
        row.received, row.touched_at = end, at
        row.save(update_fields=["received", "touched_at"])
    return row


@contextmanager
def whole(partial: PartialFile) -> Iterator[File]:
    """The file put together, under the name it was sent by.

    Raises `UploadRefused("altered")` where it is not what the sender has, `PartialFile.DoesNotExist` where it is gone.
    """
    try:
        content = _path(partial).open("rb")
    except FileNotFoundError as error:
        raise PartialFile.DoesNotExist from error
    with content:
        if partial.sha256 and _digest(content) != partial.sha256:
            raise UploadRefused("altered")
        content.seek(0)
        yield File(content, name=partial.name)


def drop(partial: PartialFile) -> None:
    """Forget a file that is kept whole, refused or given up; harmless when done twice."""
    PartialFile.objects.filter(pk=partial.pk).delete()
    _path(partial).unlink(missing_ok=True)


def sweep(*, before: datetime) -> int:
    """Drop what nobody has gone on with since `before`, and pieces whose row is gone; how many files went."""
    abandoned = list(PartialFile.objects.filter(touched_at__lt=before))
    for partial in abandoned:
        drop(partial)
    known = {pk.hex for pk in PartialFile.objects.values_list("pk", flat=True)}
    lost = [path for path in _folder().glob("*") if path.name not in known and _is_older(path, before)]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(abandoned) + len(lost)


def _make_room(by: User, size: int, at: datetime) -> None:
    """Bound what one person may have lying half sent; of their own, what rests longest goes first."""
    most = settings.UPLOAD_UNFINISHED_MB * 1024 * 1024
    held = list(PartialFile.objects.filter(user=by).order_by("touched_at"))
    while held and (sum(partial.size for partial in held) + size > most or len(held) >= MOST_FILES):
        if held[0].touched_at >= at - AT_REST:
            raise UploadRefused("quota", size=filesizeformat(sum(partial.size for partial in held)))
        drop(held.pop(0))


def _folder() -> Path:
    return Path(settings.PRIVATE_ROOT) / FOLDER


def _path(partial: PartialFile) -> Path:
    return _folder() / partial.pk.hex


def _length(partial: PartialFile) -> int:
    path = _path(partial)
    return path.stat().st_size if path.exists() else 0


def _write(partial: PartialFile, offset: int, piece: bytes) -> None:
    """The row says how long the file is; what a broken transaction left behind that is written over."""
    path = _path(partial)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(piece)
        file.truncate()


def _digest(content: Any) -> str:
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _is_older(path: Path, moment: datetime) -> bool:
    return path.exists() and path.stat().st_mtime < moment.timestamp()
