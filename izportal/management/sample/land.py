"""Sample plots: a plan drawn in rows between roads, facts of which some are missing, and how each plot came to stand
as it does. A plan keeps to the stated area of its zone and to no real boundary."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from simple_history.utils import bulk_create_with_history

from izportal.management.sample.setting import Setting, morning, words
from zones import allocation
from zones.models import Availability, Confirmation, Plot, UtilityCapacity, UtilityCommitment, Zone, ZoneArea

Status = Availability.Status
ROAD, MAIN_ROAD = 24, 46
WIDER_THAN_DEEP = 1.5
WITHOUT_OUTLINE, WITHOUT_FACT = 0.03, 0.22
NOTE = {
    "description_vi": "Lô minh họa, không phải lô có thật; ranh giới, số liệu và giá đều là giả định để trình bày.",
    "description_en": "A sample plot, not a real one; its outline, figures and price are invented to show the portal.",
}
# Price for show: currency, basis, least and most; the real prices of most zones have not been found.
PRICES = {
    Plot.Kind.LAND: ("USD", "m2_term", 55, 110),
    Plot.Kind.FACTORY: ("VND", "m2_month", 52000, 88000),
    Plot.Kind.WAREHOUSE: ("VND", "m2_month", 45000, 70000),
    Plot.Kind.SERVICE: ("VND", "m2_year", 14000, 32000),
}


@dataclass(frozen=True)
class Cell:
    """One rectangle of a plan, in metres."""

    size: str
    x: int
    y: int
    width: int
    depth: int

    def corners(self, tilt: float) -> list[list[float]]:
        turn, points = math.radians(tilt), ((0, 0), (1, 0), (1, 1), (0, 1))
        ends = [(self.x + i * self.width, self.y + j * self.depth) for i, j in points]
        return [
            [round(x * math.cos(turn) - y * math.sin(turn), 1), round(x * math.sin(turn) + y * math.cos(turn), 1)]
            for x, y in ends
        ]


@dataclass
class Ground:
    """The plots that may be let, by zone code; whoever lets one takes it out."""

    opened_on: dict[str, date]
    free: dict[str, list[Plot]] = field(default_factory=dict)

    def take(self, zone: str, *, about_m2: Decimal | None = None, kind: str = Plot.Kind.LAND) -> Plot:
        """The free plot of a zone whose area comes nearest to a wish."""
        fit = [plot for plot in self.free[zone] if plot.kind == kind]
        chosen = min(fit, key=lambda plot: abs(plot.area_m2 - (about_m2 or plot.area_m2)))
        self.free[zone].remove(chosen)
        return chosen


def make(setting: Setting) -> Ground:
    said = words("land")
    zones = {zone.code: zone for zone in Zone.objects.prefetch_related("phases")}
    ground = Ground({code: date.fromisoformat(row["from"]) for code, row in said["zones"].items()})
    for code, row in said["zones"].items():
        plots = list(_plots(setting.rng, zones[code], row, said))
        plots = bulk_create_with_history(plots, Plot, default_user=setting.people["land"])
        ground.free[code] = _stand(setting, plots, row)
        _supply(setting, zones[code], row.get("networks", ()))
    return ground


def _supply(setting: Setting, zone: Zone, networks: Iterable[dict[str, Any]]) -> None:
    """What the networks can give and have promised; of some nobody has told what is promised, as happens."""
    stated = setting.today.replace(day=1)
    same = {"zone": zone, "source": "Dữ liệu mẫu", "stated_on": stated, "is_sample": True}
    for row in networks:
        since = stated + timedelta(days=row.get("in_days", 0))
        UtilityCapacity.objects.create(kind=row["kind"], amount=row["amount"], effective_on=since, **same)
        if row.get("committed") is not None:
            UtilityCommitment.objects.create(
                kind=row["kind"], amount=row["committed"], effective_on=stated, is_total=True, **same
            )


# Drawing ------------------------------------------------------------------------------------------
def lay_out(rng: Random, counts: dict[str, int], sizes: dict[str, dict], width: float) -> Iterator[Cell]:
    """Plots side by side in rows, the deepest first, with roads between; both ends of the rows are uneven."""
    x, y, depth, end, row = 0, 0, 0, -1, 0
    for size in (size for size, count in counts.items() for _plot in range(count)):
        across = rng.randrange(*sizes[size]["width"], 5)
        if x + across > end:
            y += depth + (MAIN_ROAD if row % 4 == 3 else ROAD) if depth else 0
            x, end = rng.randrange(0, int(width * 0.05), 5), width - rng.randrange(0, int(width * 0.06), 5)
            depth, row = sizes[size]["depth"], row + 1
        yield Cell(size, x, y, across, sizes[size]["depth"])
        x += across + (ROAD if rng.random() < 0.16 else 4)


def _plots(rng: Random, zone: Zone, row: dict, said: dict) -> Iterator[Plot]:
    stated = ZoneArea.objects.as_known().filter(zone=zone, is_stated=True).first()
    width = math.sqrt(float(stated.area_ha if stated else 100) * 10_000 * WIDER_THAN_DEEP)
    phases = {phase.slug: phase for phase in zone.phases.all()}
    used = dict.fromkeys(said["numbers"], 0)
    cells = list(lay_out(rng, row["sizes"], said["sizes"], width))
    for place, cell in enumerate(cells):
        kind = said["sizes"][cell.size]["kind"]
        number = _number(kind, used, said, zone.code)
        slug = row["phases"][place * len(row["phases"]) // len(cells)]
        yield Plot(
            zone=zone, phase=phases.get(slug), number=number, code=f"{zone.code}-{number}", kind=kind,
            area_m2=Decimal(cell.width * cell.depth), term_until=row["term"], is_sample=True, **NOTE,
            outline=[] if rng.random() < WITHOUT_OUTLINE else cell.corners(row["tilt"]), **_facts(rng, kind, cell),
        )  # fmt: skip


def _number(kind: str, used: dict[str, int], said: dict, zone: str) -> str:
    """The next number of a kind, past those of plots that are known to be real."""
    while True:
        used[kind] += 1
        number = f"{said['numbers'][kind]}-{used[kind]:02d}"
        if number not in said["not_used"].get(zone, ()):
            return number


def _facts(rng: Random, kind: str, cell: Cell) -> dict[str, Any]:
    """Technical facts, each of which may be missing."""
    hectares, is_built = cell.width * cell.depth / 10_000, kind in (Plot.Kind.FACTORY, Plot.Kind.WAREHOUSE)
    facts = {
        "power_kva": Decimal(round(hectares * rng.uniform(250, 420) / 10 + 25) * 10),
        "water_m3_day": Decimal(round(hectares * rng.uniform(30, 55) + 5)),
        "floor_load_t_m2": Decimal(rng.choice(["1.5", "2", "2.5", "3"])) if is_built else None,
        "clear_height_m": Decimal(rng.choice(["7.5", "8", "9", "10.5"])) if is_built else None,
        "building_coverage": Decimal(rng.choice([55, 60, 65, 70])),
    }
    facts["wastewater_m3_day"] = (facts["water_m3_day"] * 8 / 10).quantize(Decimal(1))
    return {name: None if rng.random() < WITHOUT_FACT else value for name, value in facts.items()}


# How they stand -----------------------------------------------------------------------------------
def _stand(setting: Setting, plots: list[Plot], row: dict) -> list[Plot]:
    """Record every plot as planned, cleared, ready or open; returns the open ones."""
    opened, shuffled = date.fromisoformat(row["from"]), setting.rng.sample(plots, len(plots))
    land_first = sorted(shuffled, key=lambda plot: plot.kind != Plot.Kind.LAND)
    waiting = [
        status for status in (Status.PLANNED, Status.CLEARING, Status.READY) for _n in range(row.get(status, 0))
    ]
    held_up = dict(zip(land_first, waiting, strict=False))
    for plot in plots:
        _record(setting, plot, held_up.get(plot, Status.AVAILABLE), opened)
    return [plot for plot in plots if plot not in held_up]


def _record(setting: Setting, plot: Plot, status: str, opened: date) -> None:
    steps = {
        Status.PLANNED: [(Status.PLANNED, opened)],
        Status.CLEARING: [(Status.PLANNED, opened), (Status.CLEARING, setting.today - timedelta(days=420))],
        Status.READY: [
            (Status.CLEARING, setting.today - timedelta(days=700)),
            (Status.READY, setting.today - timedelta(days=90)),
        ],
        Status.AVAILABLE: [(Status.AVAILABLE, opened)],
    }
    for now, on in steps[status]:
        allocation.record(
            plot=plot, status=now, effective_on=on, basis="Dữ liệu mẫu", by=setting.people["land"], at=morning(on, 8)
        )


def price_free(setting: Setting, ground: Ground) -> None:
    """Prices for show on two of three free plots, each with its unit, basis and day, and who confirmed the facts: most
    lately, some so long ago that they are asked for again, a few too long ago to be offered."""
    rng, said = setting.rng, []
    for place, plot in enumerate(plot for plots in ground.free.values() for plot in plots):
        if rng.random() < 0.67:
            currency, basis, least, most = PRICES[plot.kind]
            step = 1 if currency == "USD" else 500
            plot.price, plot.price_currency, plot.price_basis = (
                Decimal(rng.randrange(least, most, step)),
                currency,
                basis,
            )
            plot.price_on = setting.today.replace(day=1)
        days = rng.randrange(5, 200) // 2 if rng.random() < 0.75 else 200 if place % 9 == 0 else 110
        said.append(_confirm(setting, plot, days))
    for place, plot in enumerate(Plot.objects.free(on=setting.today).filter(confirmed_on__isnull=True)):
        said.append(_confirm(setting, plot, 200 if place % 7 == 0 else 40))
    Confirmation.objects.bulk_create(said)


def _confirm(setting: Setting, plot: Plot, days: int) -> Confirmation:
    plot.confirmed_on, plot.confirmed_by = setting.today - timedelta(days=days), setting.people["land"]
    plot.save()
    return Confirmation(
        plot=plot, word=Confirmation.Word.RIGHT, said_on=plot.confirmed_on, said_at=morning(plot.confirmed_on, 9),
        by=plot.confirmed_by, is_sample=True,
    )  # fmt: skip
