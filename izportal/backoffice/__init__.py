"""The admin site and its base classes: scoped rows, search without diacritics, a save that never overwrites a
colleague's, deeds on pages of their own, history to read. What a single model shows stands in its app's `admin`."""

from izportal.backoffice.exchange import SheetAdmin
from izportal.backoffice.exporting import ExportSheets
from izportal.backoffice.forms import LinesField, NumberField, RowsField, SafeForm, stamp
from izportal.backoffice.history import HistoryAdmin
from izportal.backoffice.inlines import ReadOnlyInline, SafeFormSet, SafeInline
from izportal.backoffice.rows import Deed, DeedForm, PortalAdmin, ReadOnlyAdmin, RecordedAdmin, unticked
from izportal.backoffice.site import BackOffice

__all__ = [
    "BackOffice",
    "Deed",
    "DeedForm",
    "ExportSheets",
    "HistoryAdmin",
    "LinesField",
    "NumberField",
    "PortalAdmin",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "RecordedAdmin",
    "RowsField",
    "SafeForm",
    "SafeFormSet",
    "SafeInline",
    "SheetAdmin",
    "stamp",
    "unticked",
]
