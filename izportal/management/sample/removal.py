"""Takes every sample row away again, real rows and reference data untouched; refuses while a real row hangs on a
sample row. The database's guards on append-only tables let deletes of sample rows pass."""

from collections.abc import Iterator

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from izportal import correspondence
from izportal.management.sample import imports, jobs, people
from izportal.models import Sampled, StoredFile, User
from izportal.press.models import Edition
from onestop.models import Absence, IntakeCall, Pace, Series
from zones.models import EnquirySeries

# Series of sample dossiers, as `onestop/numbering.py` names them: "reference:MAU-XN26", "code:H55.MAU-260303".
SERIES = r"[:.]MAU-"


class SampleInUse(Exception):
    """Real rows hang on sample rows; the text names them."""


@transaction.atomic
def remove() -> dict[str, int]:
    """Delete every sample row; returns how many of each kind of row are gone. Raises `SampleInUse`."""
    # What was answered about a sample dossier is a trace of it, as a line of the log is.
    IntakeCall.objects.filter(Q(dossier__is_sample=True) | Q(system__is_sample=True)).delete()
    # Sample people are not away once they are gone.
    who = Q(person__is_sample=True) | Q(substitute__is_sample=True) | Q(made_by__is_sample=True)
    Absence.objects.filter(who).delete()
    # The words of sample content go with their past before whoever wrote them does.
    for editions in (Edition.history, Edition.objects):
        editions.filter(item__is_sample=True).delete()
    jobs.forget_sample()
    imports.remove()
    in_use = list(ties_of_real_rows())
    if in_use:
        raise SampleInUse("\n".join(in_use))
    files = [stored.file.name for stored in StoredFile.objects.filter(is_sample=True)]
    # Measured on sample dossiers while there are no others; the next night measures anew.
    Pace.objects.all().delete()
    _forget_log()
    _loosen()
    counts = {model._meta.verbose_name: _delete(model) for model in sampled()}
    Series.objects.filter(key__regex=SERIES).delete()
    EnquirySeries.objects.filter(key__startswith=correspondence.SAMPLE).delete()
    left = {model.__name__: model._base_manager.filter(is_sample=True).count() for model in sampled()}
    if any(left.values()):
        raise RuntimeError(f"sample rows are left: {left}")
    transaction.on_commit(lambda: _delete_files(files))
    return {str(name): count for name, count in counts.items() if count}


def sampled() -> list[type[models.Model]]:
    """Every table with sample rows, the history of such rows included."""
    return [model for model in apps.get_models() if any(field.name == "is_sample" for field in model._meta.fields)]


def _ties() -> Iterator[tuple[type[models.Model], models.ForeignKey]]:
    """Every reference to a table that may hold sample rows, from the tables that people fill."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.fields:
            target = field.remote_field.model if field.remote_field else None
            if isinstance(target, type) and issubclass(target, Sampled):
                yield model, field


def _hanging(model: type[models.Model], field: models.ForeignKey) -> models.QuerySet:
    """Real rows of a table that refer to a sample row."""
    rows = model._base_manager.filter(**{f"{field.name}__is_sample": True})
    return rows.filter(is_sample=False) if model in sampled() else rows


def ties_of_real_rows() -> Iterator[str]:
    """A sentence for each way in which real rows hang on sample rows."""
    for model, field in _ties():
        rows = _hanging(model, field)
        if field.remote_field.on_delete is models.PROTECT and rows.exists():
            facts = {"count": rows.count(), "model": model._meta.verbose_name, "example": rows.first()}
            facts["field"] = field.verbose_name
            yield (
                _("Bảng “%(model)s” có %(count)s dòng thật gắn với dữ liệu mẫu ở cột “%(field)s”: %(example)s…")
                % facts
            )


def _loosen() -> None:
    """What refers to sample rows without protecting them: a list of roles goes with its person, a mark is emptied."""
    for model, field in _ties():
        if field.remote_field.on_delete is models.CASCADE:
            _hanging(model, field).delete()
        elif field.remote_field.on_delete is models.SET_NULL:
            _hanging(model, field).update(**{field.name: None})


def _forget_log() -> None:
    """Lines of the back office's log about sample rows; those of sample people go with them."""
    for model in sampled():
        keys = {str(pk) for pk in model._base_manager.filter(is_sample=True).values_list("pk", flat=True)}
        lines = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
        doomed = [pk for pk, key in lines.values_list("pk", "object_id") if key in keys]
        LogEntry.objects.filter(pk__in=doomed).delete()


def _delete(model: type[models.Model]) -> int:
    """Straight from the table: rows of one table may refer to one another, and all of them go in this transaction."""
    rows = model._base_manager.filter(is_sample=True)
    return rows._raw_delete(rows.db)


def _delete_files(names: list[str]) -> None:
    storage = StoredFile.file.field.storage
    for name in names:
        storage.delete(name)
    if not User.objects.filter(is_sample=True).exists():
        people.accounts_file().unlink(missing_ok=True)
