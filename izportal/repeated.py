"""Columns that repeat on a row what stands in others, so that a list need not look it up for each row.

Nothing but the verb that repeats it writes them (`PlotQuerySet.restate`): a row saved from an older copy in memory
leaves them as the database has them.
"""

from typing import Any

from django.db import models
from django.db.models import F


class Kept(models.Field):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "null": True, "editable": False})

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return None if add else F(self.attname)


class KeptText(Kept, models.CharField):
    pass


class KeptDay(Kept, models.DateField):
    pass
