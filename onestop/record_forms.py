"""What a reader may ask of the counter's record: period, procedure, field or division, and which dossiers."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.models import Division
from onestop.models import Field, Procedure
from onestop.periods import PeriodForm
from onestop.record import MARKS
from onestop.record_sheet import DIVISION, FIELD, NO_DIVISION

LONGEST_NAME = 90


class RecordForm(PeriodForm):
    """`procedures` are all procedures of the catalogue, in its order."""

    procedure = forms.ChoiceField(label=gettext_lazy("Thủ tục"))

    def __init__(self, data: Mapping[str, Any], **kwargs: Any):
        super().__init__(data, **kwargs)
        self.procedures = list(Procedure.objects.order_by("number"))
        names = [(row.code, Truncator(str(row)).chars(LONGEST_NAME)) for row in self.procedures]
        self.fields["procedure"].choices = [("", _("Mọi thủ tục")), *names]

    @property
    def chosen_procedure(self) -> Procedure | None:
        code = self.cleaned_data["procedure"]
        return next((row for row in self.procedures if row.code == code), None)


class RecordListForm(RecordForm):
    """`field` and `division` come from a figure of the progress table."""

    what = forms.ChoiceField(
        label=gettext_lazy("Hồ sơ"), initial="received", choices=[(key, mark.label) for key, mark in MARKS.items()]
    )
    field = forms.ChoiceField(label=gettext_lazy("Lĩnh vực"))
    division = forms.ChoiceField(label=gettext_lazy("Phòng giải quyết"))

    def __init__(self, data: Mapping[str, Any], **kwargs: Any):
        super().__init__(data, **kwargs)
        self.keys = {FIELD: {row.code: row for row in Field.objects.all()}}
        self.keys[DIVISION] = {row.code: row for row in Division.objects.all()}
        self.fields[FIELD].choices = [("", _("Mọi lĩnh vực")), *_named(self.keys[FIELD])]
        nobody = (NO_DIVISION, _("Chưa phân phòng"))
        self.fields[DIVISION].choices = [("", _("Mọi phòng")), *_named(self.keys[DIVISION]), nobody]

    def admits(self, life: Any) -> bool:
        """Is the dossier among those asked for?"""
        said = self.cleaned_data
        wanted = {name: said[name] for name in (FIELD, DIVISION) if said[name]}
        return self.chosen("what") in life.marks and all(
            getattr(life, name) == getattr(self.keys[name].get(code), "pk", None) for name, code in wanted.items()
        )


class ProgressForm(PeriodForm):
    by = forms.ChoiceField(
        label=gettext_lazy("Theo"), initial=FIELD,
        choices=[(FIELD, gettext_lazy("Lĩnh vực")), (DIVISION, gettext_lazy("Phòng giải quyết"))],
    )  # fmt: skip


def _named(rows: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(code, str(row)) for code, row in rows.items()]
