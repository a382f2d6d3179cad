"""Long lists written to a file by the worker: asked for, followed, stopped, fetched for a day."""

import tempfile
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.utils.translation import override

from izportal import outbox, workbooks
from izportal.export_models import Export
from izportal.models import User

State, Form = Export.State, Export.Form
MIMES = {
    Form.EXCEL: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "text/csv; charset=utf-8",
}


class _Stopped(Exception):
    """Somebody has stopped the export meanwhile."""


@transaction.atomic
def ask(*, model: str, query: str, form: str, language: str, total: int, by: User, at: datetime) -> Export:
    """`model` is a label ("zones.Plot"), `query` the filters of its list as they stand in the address."""
    row = Export.objects.create(
        model=model, query=query, form=form, language=language, total=total, asked_by=by, asked_at=at
    )
    outbox.enqueue("izportal.exports.write", str(row.pk), key=_key(row))
    return row


def write(export_id: str) -> None:
    """A job. Written anew from the first row where it was broken off."""
    row = Export.objects.select_related("asked_by").filter(pk=export_id, state__in=Export.UNFINISHED).first()
    if row is None:
        return
    Export.objects.filter(pk=row.pk, state=State.WAITING).update(state=State.RUNNING)
    try:
        with tempfile.TemporaryFile() as target, override(row.language):
            done = produce(_table(row), row.form, target, told=partial(_tell, row.pk))
            target.seek(0)
            _keep(row, File(target), done)
    except PermissionDenied:  # the right was taken from them while the export waited
        Export.objects.filter(pk=row.pk).update(state=State.FAILED)
    except _Stopped:
        pass


def produce(table: workbooks.Table, form: str, target: Any, *, told: workbooks.Told = lambda done: None) -> int:
    """Write a table to an open file; how many rows."""
    if form == Form.CSV:
        return workbooks.write_csv(table, target, told=told)
    return workbooks.write_excel(table, target, told=told)


def _table(row: Export) -> workbooks.Table:
    request = HttpRequest()
    request.method, request.GET, request.user = "GET", QueryDict(row.query), row.asked_by
    found = {model._meta.label: of for model, of in admin.site._registry.items()}
    table: workbooks.Table = found[row.model].exported(request)[0]
    return table


def _tell(pk: Any, done: int) -> None:
    if not Export.objects.filter(pk=pk, state=State.RUNNING).update(done=done):
        raise _Stopped


def _keep(row: Export, content: File, done: int) -> None:
    _tell(row.pk, done)
    row.file.save(f"{row.pk}.{row.form}", content, save=False)
    ours = Export.objects.filter(pk=row.pk, state=State.RUNNING)
    if not ours.update(state=State.DONE, done=done, total=done, file=row.file.name):
        row.file.storage.delete(str(row.file.name))


def trouble(row: Export) -> Any:
    """The job that went wrong and waits to be tried again, or was given up."""
    return outbox.trouble(_key(row))


def _key(row: Export) -> str:
    return f"xuat-{row.pk}"


def stop(row: Export, *, by: User) -> bool:
    """Whether it was still being written; what is written already stays to be fetched."""
    if row.asked_by_id != by.pk:
        raise PermissionDenied
    return bool(Export.objects.filter(pk=row.pk, state__in=Export.UNFINISHED).update(state=State.CANCELLED))


def sweep(*, before: datetime) -> int:
    """Forget exports asked for before a moment, with their files."""
    old = Export.objects.filter(asked_at__lt=before)
    for row in old.exclude(file=""):
        row.file.storage.delete(str(row.file.name))
    return old.delete()[0]
