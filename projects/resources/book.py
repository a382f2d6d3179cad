"""What the sheets of the book share: a row comes in by a deed of the ledger with its decision, nothing is saved by
itself, and what a row has entered is voided where it is undone."""

from decimal import Decimal

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import CharField, DateField, Value
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from izportal.cells import Cell, RecordCell
from izportal.sheets import WHOLE, SheetResource
from projects import ledger
from projects.models import Change, Project
from zones.allocation import PlotTaken

# What stands behind the reason of an undoing; before it is the reason of what is undone.
UNDONE = " ↶"
NOTHING = Value(None, CharField()), Value(None, DateField())


class NameCell(Cell):
    """The record behind a foreign key, by its Vietnamese name."""

    def path(self, attribute):
        return f"{attribute}__name_vi"

    def render(self, value, obj=None, **kwargs):
        return str(value) if value else ""


def project_cell():
    return RecordCell(Project.objects.select_related("zone", "sector", "enterprise").all, gettext_lazy("Mã số dự án"))


class LedgerResource(SheetResource):
    """What comes in by decision: the number and the day of the decision are columns of the sheet. Nothing is saved but
    by the deeds, so a record only carries in memory what the row says."""

    deed = "keep_ledger"
    refusals = (ledger.LedgerRefused, PlotTaken)
    # Columns that say nothing by themselves.
    BASIS = ("decision_number", "decision_on")

    def fill(self, record, row):
        """An empty cell says nothing of what a record must have."""
        for name, value in row.values.items():
            field = self.fields[name]
            if field.readonly or (not row.is_new and name in self.identity):
                continue
            stands = self._stands(record, name)
            if (value or None) == (stands or None) or (not value and name not in self.may_be_empty):
                continue
            if row.is_new or not self._reads(record, row, name, value):
                setattr(record, field.attribute, value)

    may_be_empty: tuple[str, ...] = ()

    def values_of(self, record, names):
        return {name: self._stands(record, name) for name in names}

    def _stands(self, record, name):
        """A new record has no project to be asked for yet; SQLite adds up with dust behind the last decimal."""
        field = self.fields[name]
        try:
            value = getattr(record, field.attribute, None)
        except ObjectDoesNotExist:
            return None
        return field.widget.written(value) if isinstance(value, Decimal) else value

    def fill_in(self, rows):
        super().fill_in(rows)
        for row in rows:
            if not row.is_new and set(row.edited) <= set(self.BASIS):
                row.edited = []

    def basis_of(self, row):
        return ledger.Basis(row.get("decision_number"), row.get("decision_on"))

    def demand_basis(self, row):
        self.demand(row, "decision_number", _("Thiếu số quyết định."))
        self.demand(row, "decision_on", _("Thiếu ngày quyết định."))

    def demand(self, row, name, sentence):
        if not row.get(name) and name not in row.faults:
            row.refuse(name, sentence)

    def check_zone(self, row, name, zone):
        if self.user and self.user.zones and zone.code not in self.user.zones:
            row.refuse(name, _("Dự án này ngoài phạm vi của bạn."))

    def write(self, rows, *, by, at, reason):
        for row in rows:
            with self.each(row):
                self.enter(row, by=by, at=at, reason=reason)
        done = {row.record.pk for row in rows if not row.faults}
        fresh = {record.pk: record for record in self.get_queryset().filter(pk__in=done)}
        for row in rows:
            row.record = row.record if row.faults else fresh[row.record.pk]

    def enter(self, row, *, by, at, reason):
        raise NotImplementedError

    def take_back(self, rows, *, by, at, reason):
        """What a row has entered is voided, the last entry first; what was decided on it since stands in the way."""
        for row in rows:
            project = self.project_of(row)
            entered = Change.objects.as_known().filter(project=project, note=reason.removesuffix(UNDONE))
            if entered.filter(kind=Change.Kind.ISSUED).exists():
                row.refuse(WHOLE, _("Dự án đã vào sổ; hãy thu hồi bằng quyết định trên trang của dự án."))
                continue
            with self.each(row):
                for change in entered.order_by("-pk"):
                    basis = ledger.Basis(change.decision_number, change.decision_on)
                    ledger.annul(change=change, basis=basis, by=by, at=at, note=reason)

    def project_of(self, row):
        return row.record if isinstance(row.record, Project) else row.record.project
