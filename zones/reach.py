"""What the published facts of a zone say to a search: how far a port, an airport and a junction are, which sectors are
taken in. Read from the facts themselves, so that there is no second copy to go stale."""

from dataclasses import dataclass, field
from decimal import Decimal

from zones import factsheet
from zones.factsheet import Line
from zones.models import Zone

TARGETS = ("port", "airport", "junction")


@dataclass(frozen=True)
class Reach:
    """`nearest` holds the line of the nearest place of each kind; `sectors` is key → name for the reader."""

    zone: Zone
    nearest: dict[str, Line] = field(default_factory=dict)
    sectors: dict[str, str] = field(default_factory=dict)

    def km(self, target: str) -> Decimal | None:
        """Where the sources differ, the longest way: what a search promises must hold by every one of them."""
        return _longest(self.nearest[target]) if target in self.nearest else None


def of_zones(zones) -> list[Reach]:
    return [Reach(zone, _nearest(zone), _sectors(zone)) for zone in zones]


def sectors(reaches: list[Reach]) -> dict[str, str]:
    """Every sector that some zone takes in, in the order of its name."""
    named = {key: name for reach in reaches for key, name in reach.sectors.items()}
    return dict(sorted(named.items(), key=lambda item: item[1].casefold()))


def _nearest(zone: Zone) -> dict[str, Line]:
    found: dict[str, Line] = {}
    for line in sorted(factsheet.distances(zone), key=_longest):
        # The facts name a place by what it is: noi_bai_airport, hai_phong_port.
        found.setdefault(line.to.rpartition("_")[2], line)
    return {target: found[target] for target in TARGETS if target in found}


def _longest(line: Line) -> Decimal:
    return max(stated for stated in (line.value, line.value_to) if stated is not None)


def _sectors(zone: Zone) -> dict[str, str]:
    """The key of a sector is its Vietnamese name, folded: the address means the same in every language."""
    named = {factsheet.key_of(item): factsheet.words(item) for item in factsheet.facts(zone, "sectors")}
    return {key: name for key, name in named.items() if key and name}
