"""The national grid VN-2000 as the province measures in it, and degrees of WGS 84 as the world's maps do.

Belt of 3° about 106°30′, scale 0.9999 (Circular 973/2001/TT-TCĐC, appendix 2, the line of Thái Nguyên; EPSG:9213).
The seven parameters are those of Decision 05/2007/QĐ-BTNMT, read as EPSG:6960 reads them (coordinate frame).
"""

import math

Point = tuple[float, float]

MERIDIAN, SCALE, FALSE_EAST = math.radians(106.5), 0.9999, 500_000.0
# What may be a place in the province: metres east and north in this belt.
EAST, NORTH = (350_000.0, 650_000.0), (2_340_000.0, 2_540_000.0)

A, F = 6_378_137.0, 1 / 298.257223563
E2 = F * (2 - F)
_SHIFT = (-191.90441429, -39.30318279, -111.45032835)
_SECOND = math.pi / 180 / 3600
_TURN = (-0.00928836 * _SECOND, 0.01975479 * _SECOND, -0.00427372 * _SECOND)
_STRETCH = 1.000000252906278

# Krüger's series to the fourth power of the third flattening: a tenth of a millimetre in this belt.
_N = F / (2 - F)
_RADIUS = A / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64)
_FORTH = (
    _N / 2 - 2 * _N**2 / 3 + 5 * _N**3 / 16 + 41 * _N**4 / 180,
    13 * _N**2 / 48 - 3 * _N**3 / 5 + 557 * _N**4 / 1440,
    61 * _N**3 / 240 - 103 * _N**4 / 140,
    49561 * _N**4 / 161280,
)
_BACK = (
    _N / 2 - 2 * _N**2 / 3 + 37 * _N**3 / 96 - _N**4 / 360,
    _N**2 / 48 + _N**3 / 15 - 437 * _N**4 / 1440,
    17 * _N**3 / 480 - 37 * _N**4 / 840,
    4397 * _N**4 / 161280,
)


def is_placed(points: list[Point]) -> bool:
    """Are these metres of the national grid? Sketches have metres of their own, from a corner of the zone."""
    return bool(points) and all(is_in_belt(east, north) for east, north in points)


def is_in_belt(east: float, north: float) -> bool:
    return EAST[0] <= east <= EAST[1] and NORTH[0] <= north <= NORTH[1]


def to_degrees(east: float, north: float) -> Point:
    """Longitude and latitude of WGS 84 for metres of VN-2000."""
    x, y, z = _to_space(*_from_plane(east, north))
    rx, ry, rz = _TURN
    dx, dy, dz = _SHIFT
    return _from_space(
        dx + _STRETCH * (x + rz * y - ry * z),
        dy + _STRETCH * (y - rz * x + rx * z),
        dz + _STRETCH * (z + ry * x - rx * y),
    )


def to_metres(longitude: float, latitude: float) -> Point:
    """Metres east and north of VN-2000 for degrees of WGS 84."""
    x, y, z = _to_space(math.radians(longitude), math.radians(latitude))
    rx, ry, rz = _TURN
    x, y, z = ((value - shift) / _STRETCH for value, shift in zip((x, y, z), _SHIFT, strict=True))
    longitude, latitude = _from_space(x - rz * y + ry * z, y + rz * x - rx * z, z - ry * x + rx * y)
    return _to_plane(math.radians(longitude), math.radians(latitude))


def _from_plane(east: float, north: float) -> Point:
    xi, eta = north / (SCALE * _RADIUS), (east - FALSE_EAST) / (SCALE * _RADIUS)
    turns = list(enumerate(_BACK, start=1))
    xi2 = xi - sum(c * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, c in turns)
    eta2 = eta - sum(c * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, c in turns)
    tangent = math.sin(xi2) / math.hypot(math.sinh(eta2), math.cos(xi2))
    return MERIDIAN + math.atan2(math.sinh(eta2), math.cos(xi2)), math.atan(_geodetic(tangent))


def _geodetic(conformal: float) -> float:
    """The tangent of the latitude for that of the conformal one, by Newton's steps."""
    e, found = math.sqrt(E2), conformal / (1 - E2)
    for _step in range(5):
        sigma = math.sinh(e * math.atanh(e * found / math.hypot(1, found)))
        reached = found * math.hypot(1, sigma) - sigma * math.hypot(1, found)
        slope = (1 + (1 - E2) * found**2) / ((1 - E2) * math.hypot(1, reached) * math.hypot(1, found))
        found += (conformal - reached) * slope
    return found


def _to_plane(longitude: float, latitude: float) -> Point:
    e, tangent = math.sqrt(E2), math.tan(latitude)
    sigma = math.sinh(e * math.atanh(e * tangent / math.hypot(1, tangent)))
    conformal = tangent * math.hypot(1, sigma) - sigma * math.hypot(1, tangent)
    away = longitude - MERIDIAN
    xi = math.atan2(conformal, math.cos(away))
    eta = math.asinh(math.sin(away) / math.hypot(conformal, math.cos(away)))
    turns = list(enumerate(_FORTH, start=1))
    north = xi + sum(c * math.sin(2 * j * xi) * math.cosh(2 * j * eta) for j, c in turns)
    east = eta + sum(c * math.cos(2 * j * xi) * math.sinh(2 * j * eta) for j, c in turns)
    return FALSE_EAST + SCALE * _RADIUS * east, SCALE * _RADIUS * north


def _to_space(longitude: float, latitude: float) -> tuple[float, float, float]:
    """On the ellipsoid: heights play no part in a plan."""
    across = A / math.sqrt(1 - E2 * math.sin(latitude) ** 2)
    flat = across * math.cos(latitude)
    return flat * math.cos(longitude), flat * math.sin(longitude), across * (1 - E2) * math.sin(latitude)


def _from_space(x: float, y: float, z: float) -> Point:
    flat = math.hypot(x, y)
    latitude = math.atan2(z, flat * (1 - E2))
    for _step in range(6):
        across = A / math.sqrt(1 - E2 * math.sin(latitude) ** 2)
        latitude = math.atan2(z + E2 * across * math.sin(latitude), flat)
    return math.degrees(math.atan2(y, x)), math.degrees(latitude)
