"""The areas of the zones as they stood on a date, and their sum: undated figures are told, never added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zones import factsheet
from zones.factsheet import ZoneRow
from zones.models import Zone, ZoneArea


@dataclass(frozen=True)
class Standing:
    """`area` stood on the date; where no dated one did, `undated` is what a list without a day says."""

    zone: Zone
    area: ZoneArea | None
    undated: ZoneArea | None


@dataclass(frozen=True)
class Position:
    on: date
    rows: list[Standing]

    @property
    def total_ha(self) -> Decimal:
        return sum((row.area.area_ha for row in self.rows if row.area), Decimal(0))

    @property
    def counted(self) -> int:
        return sum(1 for row in self.rows if row.area)


def position(rows: Iterable[ZoneRow], *, on: date) -> Position:
    """Rows of `factsheet.rows`, which bring the areas of their zones along."""
    return Position(on, [_standing(row.zone, on) for row in rows])


def _standing(zone: Zone, on: date) -> Standing:
    areas = zone.known_areas
    area = factsheet.latest_area(areas, on)
    undated = [row for row in areas if row.effective_on is None]
    listed = factsheet.stated_area(undated) or next(iter(undated), None)
    return Standing(zone, area, None if area else listed)
