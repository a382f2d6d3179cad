"""All resources of the open data, in the order of the page; those that refer to others stand after them."""

from django.http import Http404

from izportal.opendata import counter, figures, land, past, register
from izportal.opendata.resources import Resource

RESOURCES: dict[str, Resource] = {
    row.name: row
    for row in (
        *land.RESOURCES, *register.RESOURCES, *figures.RESOURCES, *counter.RESOURCES, *past.RESOURCES,
    )
}  # fmt: skip


def or_404(name: str) -> Resource:
    if name not in RESOURCES:
        raise Http404
    return RESOURCES[name]
