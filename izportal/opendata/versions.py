"""A word for the state of what a resource rests on: another one after each write, so that a file may be asked for by
it. The database counts the writes to the land, the register and the counter; of the tables that it does not count,
the last row and the number of rows say as much, for they only grow."""

from django.db.models import Count, Max

from izportal.models import PublishedDeed, PublishedRow
from onestop import version as counter_version
from projects import version as register_version
from zones import version as land_version
from zones.models import ZoneArea


def _grown(model: type) -> str:
    found = model._default_manager.aggregate(last=Max("pk"), rows=Count("pk"))
    return f"{found['last'] or 0}.{found['rows']}"


def of_land() -> str:
    return f"{land_version.now()}-{_grown(ZoneArea)}"


def of_register() -> str:
    return register_version.now()


def of_plots() -> str:
    """Plots name the projects that hold them."""
    return f"{land_version.now()}-{register_version.now()}"


def of_counter() -> str:
    return counter_version.now()


def of_past() -> str:
    return f"{_grown(PublishedDeed)}-{PublishedRow.objects.count()}"


def of_all() -> str:
    return "-".join((of_land(), of_register(), of_counter(), of_past()))
