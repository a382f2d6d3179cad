"""How far the worker is, and whether it is asked to stop: beside the database, because nobody sees into a transaction
that is still open. A file that is lost costs nothing but the sight."""

import json
from contextlib import suppress
from pathlib import Path

from django.conf import settings


class Stopped(Exception):
    """Somebody has asked for an end; what was begun is undone."""


def _file(pk: int | str, name: str) -> Path:
    folder = Path(settings.PRIVATE_ROOT) / "progress"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{pk}.{name}"


def tell(pk: int | str, done: int, total: int | None) -> None:
    """Raises `Stopped` where an end was asked for."""
    if _file(pk, "stop").exists():
        raise Stopped
    place = _file(pk, "new")
    place.write_text(json.dumps([done, total]))
    place.replace(_file(pk, "done"))


def told(pk: int | str) -> tuple[int, int | None]:
    with suppress(OSError, ValueError):
        done, total = json.loads(_file(pk, "done").read_text())
        return done, total
    return 0, None


def ask_to_stop(pk: int | str) -> None:
    _file(pk, "stop").touch(mode=0o600)


def clear(pk: int | str) -> None:
    for name in ("stop", "done", "new"):
        _file(pk, name).unlink(missing_ok=True)
