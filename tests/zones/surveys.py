"""Ground for tests of outlines: squares in metres of VN-2000, and the same as a survey or a map writes them."""

import json

from zones.outlines import grid

EAST, NORTH = 432_000.0, 2_377_000.0


def square(side=100.0, *, east=0.0, north=0.0):
    """Corners [east, north] of a square, away from the ground's own corner by some metres."""
    x, y = EAST + east, NORTH + north
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side]]


def lines(number, ring):
    """As a survey writes it: X is the north, and the first corner comes again at the end."""
    corners = [*ring, ring[0]]
    numbered = [f"{place}\t{north:.2f}\t{east:.2f}" for place, (east, north) in enumerate(corners, start=1)]
    return "\n".join([f"Lô {number}:", *numbered])


def feature(number, ring, **properties):
    degrees = [list(grid.to_degrees(*point)) for point in [*ring, ring[0]]]
    geometry = {"type": "Polygon", "coordinates": [degrees]}
    return {"type": "Feature", "geometry": geometry, "properties": {"number": number, **properties}}


def geojson(*features, **more):
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more})
