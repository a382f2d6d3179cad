"""The outlines of a zone as GeoJSON: degrees of WGS 84, each plot with its facts, and what they are not good for."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from zones import plan
from zones.models import Plot, Zone
from zones.outlines import grid, shapes

# Degrees to the sixth place: a tenth of a metre.
PLACES = 6


def collection(zone: Zone, plots: Iterable[Plot], *, on: datetime.date) -> dict[str, Any]:
    """A FeatureCollection (RFC 7946) of the zone's boundary, where it is known, and of its plots (with `status`).

    A plot without a place on the earth has no geometry; a sketch keeps its metres among the properties.
    """
    boundary = boundary_of(zone.outline)
    whole = _feature(zone.code, boundary, {"kind": "zone", "name": zone.name})
    return {
        "type": "FeatureCollection",
        "name": zone.name,
        "language": get_language(),
        "on": on.isoformat(),
        "disclaimer": disclaimer(),
        "features": [*([whole] if boundary else []), *(_of_plot(plot) for plot in plots)],
    }


def boundary_of(outline: object) -> dict[str, Any] | None:
    """The geometry of a zone by its kept rings, where they have a place on the earth."""
    rings = [ring for ring in shapes.rings_of(outline) if grid.is_placed(ring)]
    return {"type": "MultiPolygon", "coordinates": [[_degrees(ring)] for ring in rings]} if rings else None


def outline_of(outline: object) -> dict[str, Any] | None:
    """The geometry of a plot by its kept corners; a sketch in metres of its own has none."""
    points = shapes.points_of(outline)
    is_placed = len(points) >= 3 and grid.is_placed(points)
    return {"type": "Polygon", "coordinates": [_degrees(points)]} if is_placed else None


def disclaimer() -> str:
    return _(
        "Sơ đồ để tham khảo, không phải ranh giới pháp lý, không thay bản đồ địa chính. Tọa độ tính từ VN-2000, kinh "
        "tuyến trục 106°30′, múi 3°."
    )


def _of_plot(plot: Plot) -> dict[str, Any]:
    points = shapes.points_of(plot.outline)
    geometry = outline_of(plot.outline)
    properties = {
        "kind": plot.kind, "code": plot.code, "number": plot.number, "area_m2": float(plot.area_m2),
        "status": plan.look_of(plot), "status_text": plan.word_of(plot), "is_sample": plot.is_sample,
    }  # fmt: skip
    if len(points) >= 3 and geometry is None:
        properties["sketch_m"] = [list(point) for point in points]
    return _feature(plot.code, geometry, properties)


def _feature(code: str, geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "id": code, "geometry": geometry, "properties": properties}


def _degrees(ring: list[tuple[float, float]]) -> list[list[float]]:
    """Closed and counter-clockwise, as the standard asks."""
    placed = [[round(value, PLACES) for value in grid.to_degrees(*point)] for point in shapes.counter_clockwise(ring)]
    return [*placed, placed[0]]
