"""All that is kept of a person, given out at once: for people to read, for machines to read, and the list of files."""

import csv
import io
import json
import zipfile
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from izportal.models import User
from izportal.privacy.kept import Kept, kept_of


def bundle(person: User, *, at: datetime) -> bytes:
    """A ZIP of `du-lieu.html`, `du-lieu.json` and `tep.csv`; the files themselves lie with their dossiers."""
    kept = kept_of(person)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("du-lieu.html", render_to_string("izportal/my_data_bundle.html", {"kept": kept, "at": at}))
        package.writestr("du-lieu.json", _json(kept, at))
        package.writestr("tep.csv", _csv(kept))
    return packed.getvalue()


def _json(kept: list[Kept], at: datetime) -> str:
    said: dict[str, Any] = {"at": at, **{found.place.key: found.rows for found in kept}}
    return json.dumps(said, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)


def _csv(kept: list[Kept]) -> bytes:
    """With the mark by which spreadsheets know UTF-8; a name that would be a formula is kept from being one."""
    files = next(found for found in kept if found.place.key == "files")
    sheet = io.StringIO()
    writer = csv.writer(sheet)
    writer.writerow([str(label) for label in files.place.columns.values()])
    writer.writerows([[_plain(row[name]) for name in files.place.columns] for row in files.rows])
    return sheet.getvalue().encode("utf-8-sig")


def _plain(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value
