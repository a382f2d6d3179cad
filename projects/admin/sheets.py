"""Sheets into lists that nobody writes by hand: what comes in is done by deeds of the register."""

from izportal import changesets
from izportal.backoffice import SheetAdmin


class BookSheets(SheetAdmin):
    """Whoever reads the list and may do the deed sends sheets."""

    def has_import_permission(self, request):
        return self.has_view_permission(request) and changesets.may_send(self._resource.name, request.user)
