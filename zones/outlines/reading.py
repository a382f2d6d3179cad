"""What was handed in as text, read as outlines in metres of VN-2000: GeoJSON in degrees or in the grid, or a table of
coordinates as a survey gives it, X to the north and Y to the east."""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from izportal.folding import fold
from zones.outlines import grid
from zones.outlines.grid import Point

MOST_OUTLINES, MOST_CORNERS = 1000, 400
MOST_LETTERS = 1_000_000
# By what a feature may name its plot, in this order.
NAMES = ("code", "number", "ma_lo", "so_lo", "ten_lo", "lo", "plot", "name")
GRID_CRS = re.compile(r"EPSG:{1,2}9213\b")
DEGREES_CRS = re.compile(r"CRS84|EPSG:{1,2}4326\b")
FIELDS = re.compile(r"[;\t]|\s+|,\s+|\|")
HEADING = re.compile(r"\bx\b.*\by\b|\by\b.*\bx\b", re.IGNORECASE)
LOT = re.compile(r"^(lô đất|lô|lot|plot|thửa)\s+", re.IGNORECASE)
# Northings of the whole country lie between; eastings of a belt of 3° too.
NORTHS, EASTS = (800_000.0, 2_700_000.0), (100_000.0, 900_000.0)


class UnreadableOutlines(Exception):
    """The text as a whole is no GeoJSON and no table of coordinates; its text says why."""


@dataclass
class Draft:
    """An outline as it was handed in: under which name, and what is wrong with it already."""

    name: str
    ring: list[Point] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def read(text: str) -> list[Draft]:
    """Every outline of the text. Raises `UnreadableOutlines`."""
    if len(text) > MOST_LETTERS:
        raise UnreadableOutlines(_("Dữ liệu dài quá 1 MB; hãy chia thành nhiều lần nhập."))
    text = text.strip().removeprefix("\ufeff")
    drafts = list(_geojson(text) if text.startswith(("{", "[")) else _table(text))
    if not drafts:
        raise UnreadableOutlines(_("Không đọc được ranh giới nào trong dữ liệu."))
    if len(drafts) > MOST_OUTLINES:
        raise UnreadableOutlines(_("Mỗi lần nhập nhiều nhất %(most)s ranh giới.") % {"most": MOST_OUTLINES})
    for draft in drafts:
        draft.ring = _opened(draft.ring)
        if not draft.troubles:
            draft.troubles += _faults(draft.ring)
    return drafts


def _opened(ring: list[Point]) -> list[Point]:
    """Without a corner said twice in a row; a survey says the first one again at the end."""
    kept = [point for point, before in zip(ring, [None, *ring], strict=False) if point != before]
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def _faults(ring: list[Point]) -> Iterator[str]:
    if len(ring) < 3:
        yield _("Chỉ có %(corners)s đỉnh; một ranh giới cần ít nhất ba đỉnh khác nhau.") % {"corners": len(ring)}
    elif len(ring) > MOST_CORNERS:
        yield _("Có %(corners)s đỉnh; nhiều nhất là %(most)s.") % {"corners": len(ring), "most": MOST_CORNERS}
    elif not grid.is_placed(ring):
        yield _(
            "Có đỉnh nằm ngoài tỉnh Thái Nguyên. Hãy kiểm tra kinh tuyến trục (106°30′, múi 3°) và thứ tự hai cột: "
            "X về hướng bắc, Y về hướng đông."
        )


# GeoJSON ------------------------------------------------------------------------------------------
def _geojson(text: str) -> Iterator[Draft]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableOutlines(_("Tệp GeoJSON hỏng hoặc thiếu phần cuối, không đọc được.")) from error
    is_metres = _is_in_metres(said)
    for feature in _features(said):
        yield from _drafts(feature, is_metres)


def _is_in_metres(said: Any) -> bool:
    crs = said.get("crs") if isinstance(said, dict) else None
    named = json.dumps(crs) if crs else ""
    if named and not GRID_CRS.search(named) and not DEGREES_CRS.search(named):
        raise UnreadableOutlines(
            _("Tệp ghi hệ tọa độ khác. Nhận WGS 84 (kinh độ, vĩ độ) hoặc VN-2000 kinh tuyến trục 106°30′ (EPSG:9213).")
        )
    return bool(GRID_CRS.search(named))


def _features(said: Any) -> list[Any]:
    kind = said.get("type") if isinstance(said, dict) else None
    if kind == "FeatureCollection" and isinstance(said.get("features"), list):
        return said["features"]
    if kind in ("Feature", "Polygon", "MultiPolygon"):
        return [said if kind == "Feature" else {"geometry": said}]
    raise UnreadableOutlines(_("Tệp không phải GeoJSON có các vùng (Feature, FeatureCollection, Polygon)."))


def _drafts(feature: Any, is_metres: bool) -> Iterator[Draft]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    name = _name(properties if isinstance(properties, dict) else {})
    geometry = geometry if isinstance(geometry, dict) else {}
    shapes = geometry.get("coordinates")
    if geometry.get("type") == "Polygon":
        shapes = [shapes]
    if geometry.get("type") not in ("Polygon", "MultiPolygon") or not isinstance(shapes, list) or not shapes:
        yield Draft(name, troubles=[_("Hình không phải là một vùng (Polygon).")])
        return
    for rings in shapes:
        yield _draft(name, rings, is_metres)


def _name(properties: dict[str, Any]) -> str:
    said = {str(key).lower(): value for key, value in properties.items()}
    return next((str(said[key]).strip()[:60] for key in NAMES if said.get(key) not in (None, "")), "")


def _draft(name: str, rings: Any, is_metres: bool) -> Draft:
    if not isinstance(rings, list) or not rings or not isinstance(rings[0], list):
        return Draft(name, troubles=[_("Vùng không có đỉnh nào.")])
    if len(rings) > 1:
        return Draft(name, troubles=[_("Vùng có lỗ bên trong; cổng chỉ nhận một đường ranh giới liền.")])
    if not all(_is_corner(corner) for corner in rings[0]):
        return Draft(name, troubles=[_("Có đỉnh không phải là hai con số.")])
    corners = [(float(corner[0]), float(corner[1])) for corner in rings[0]]
    if is_metres:
        return Draft(name, _rounded(corners))
    if not all(abs(x) <= 180 and abs(y) <= 90 for x, y in corners):
        sentence = _("Đỉnh không phải là kinh độ, vĩ độ. Nếu là VN-2000, tệp phải ghi hệ tọa độ EPSG:9213.")
        return Draft(name, troubles=[sentence])
    if not all(100 < x < 112 and 8 < y < 24 for x, y in corners):
        return Draft(name, troubles=[_("Đỉnh nằm ngoài Việt Nam; GeoJSON ghi kinh độ trước, vĩ độ sau.")])
    return Draft(name, _rounded([grid.to_metres(x, y) for x, y in corners]))


def _is_corner(corner: Any) -> bool:
    pair = corner[:2] if isinstance(corner, list) and len(corner) in (2, 3) else []
    is_plain = all(isinstance(n, int | float) and not isinstance(n, bool) and abs(n) < 1e8 for n in pair)
    return len(pair) == 2 and is_plain and all(math.isfinite(n) for n in pair)


def _rounded(corners: list[Point]) -> list[Point]:
    """To the centimetre, as surveys write them."""
    return [(round(east, 2), round(north, 2)) for east, north in corners]


# A table of coordinates ---------------------------------------------------------------------------
def _table(text: str) -> Iterator[Draft]:
    """Lines of [plot] [corner] X Y [length]; a line without coordinates names the plot of those below."""
    current: Draft | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        cells = [cell for cell in FIELDS.split(line.strip()) if cell]
        if not cells or set(line) <= set("-=_| \t"):
            continue
        values = [_number(cell) for cell in cells]
        if (place := _place(values)) is None:
            name = _heading(line, values, number)
            if name is not None:
                current = Draft(name)
                yield current
            continue
        named = _plain(" ".join(_before(cells[:place])))
        if current is None or (named and fold(named) != fold(current.name)):
            current = Draft(named)
            yield current
        north, east = values[place], values[place + 1]
        current.ring.append((round(east or 0, 2), round(north or 0, 2)))


def _before(cells: list[str]) -> list[str]:
    """The name of a plot before the coordinates, without the number of the corner."""
    return cells[:-1] if len(cells) > 1 or (cells and cells[0].isdigit()) else cells


def _place(values: list[float | None]) -> int | None:
    """Where in a line X and Y stand."""
    pairs = enumerate(zip(values, values[1:], strict=False))
    return next((place for place, (x, y) in pairs if _within(x, NORTHS) and _within(y, EASTS)), None)


def _within(value: float | None, bounds: tuple[float, float]) -> bool:
    return value is not None and bounds[0] <= value <= bounds[1]


def _heading(line: str, values: list[float | None], number: int) -> str | None:
    """The name of a plot; None for the heads of the columns. Raises where the line means coordinates."""
    numbers = [value for value in values if value is not None]
    if any(_within(x, EASTS) and _within(y, NORTHS) for x, y in zip(numbers, numbers[1:], strict=False)):
        sentence = _("Dòng %(line)s: hai cột đổi chỗ. X về hướng bắc (7 chữ số) đứng trước, Y về hướng đông sau.")
        raise UnreadableOutlines(sentence % {"line": number})
    if len(numbers) > 1 or any(abs(value) >= EASTS[0] for value in numbers):
        sentence = _("Dòng %(line)s: không có cặp X, Y đúng: “%(text)s”.")
        raise UnreadableOutlines(sentence % {"line": number, "text": line.strip()[:60]})
    return None if HEADING.search(line) and not numbers else _plain(line)


def _plain(name: str) -> str:
    return LOT.sub("", name.strip().rstrip(":").strip())[:60]


def _number(cell: str) -> float | None:
    """2375123,45 and 2.375.123,45 and 2,375,123.45: the last sign is the decimal's, unless it comes more than once
    and alone."""
    if not re.fullmatch(r"[+-]?\d[\d.,]*", cell):
        return None
    signs = re.findall(r"[.,]", cell)
    whole, _sign, rest = cell.replace(",", ".").rpartition(".")
    if len(signs) > 1 and len(set(signs)) == 1:
        whole, rest = whole + rest, ""
    return float(f"{whole.replace('.', '')}.{rest}" if whole else rest)
