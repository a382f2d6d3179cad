"""The same values for many records at once, as a change set without a file: seen row by row before anything is
written, approved where money or status is at stake, undone as one."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from izportal.changesets import resource_of, sole_zone
from izportal.changesets.reading import CHUNK, keep_rows
from izportal.models import ChangeSet, User
from izportal.sheets import Row, SheetResource
from izportal.sheets.resource import KEY


def columns_of(resource: SheetResource) -> dict[str, Any]:
    """The columns that may be set for many rows: neither read only nor what tells rows apart."""
    known = {*resource.identity, *resource.told_by}
    return {name: field for name, field in resource.fields.items() if not field.readonly and name not in known}


def fault_of(resource: SheetResource, name: str, text: str) -> str:
    """What is wrong with a value by itself, before any row is looked at."""
    cell = resource.fields[name].widget
    try:
        cell.learn({text})
        cell.clean(text)
    except ValueError as error:
        return str(error)
    return ""


@transaction.atomic
def edit(
    *, kind: str, keys: Iterable[int], values: Mapping[str, str], by: User, at: datetime, reason: str
) -> ChangeSet:
    """Give the records of some keys the values, by the name of their column; what comes of each stands in the set."""
    change_set = ChangeSet.objects.create(
        kind=kind, zone=sole_zone(by), uploaded_by=by, uploaded_at=at, note=reason[:500], state=ChangeSet.State.READY,
        columns={"": sorted(values)},
    )  # fmt: skip
    resource, done = resource_of(change_set, by), 0
    rows = (Row("", number, {**values, KEY: str(key)}) for number, key in enumerate(keys, start=1))
    while chunk := list(islice(rows, CHUNK)):
        keep_rows(change_set, resource, chunk, {}, first=done)
        done += len(chunk)
    return change_set
