"""Which projects the sample register holds: of which origin, where, on which plot, since when and with which capital,
so that the totals meet the board's statement. Nothing is written here. Amounts are whole units, 100,000 USD or 1
billion VND, so that a sum is exact."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from izportal.management.sample.land import Ground
from izportal.management.sample.setting import Setting, words
from projects.models import Change, Enterprise, Project
from zones.models import Plot

FDI, DDI = Project.Origin.FDI, Project.Origin.DDI
UNIT = {FDI: Decimal(100_000), DDI: Decimal(1_000_000_000)}
LEAST = {FDI: 4, DDI: 6}
LARGEST_WEIGHT = 7
# How a unit of each compares, for the size of a plot only; the two are never added.
WORTH = {FDI: 1.0, DDI: 0.42}
# How often the hand that typed a capital was wrong, so that a correction can be seen.
MISTAKES = 3


@dataclass(eq=False)
class Venture:
    """A project to be entered; `totals` are its registered capital in units from each date on."""

    number: int
    origin: str
    zone: str
    sector: dict[str, Any]
    registered_on: date = date.max
    totals: list[tuple[date, int]] = field(default_factory=list)
    kind: str = Project.Kind.PRODUCTION
    plot: Plot | None = None
    ended_on: date | None = None
    is_revoked: bool = False
    mistake: int = 0
    prints_both: bool = False
    is_lent: bool = False
    enterprise: Enterprise | None = None
    project: Project | None = None
    certificate: Change | None = None

    @property
    def units(self) -> int:
        return self.totals[-1][1]


def plan(setting: Setting, ground: Ground, *, left: dict[str, int], coming: Counter) -> list[Venture]:
    """The projects of today but those that dossiers bring: `left` are the units to reach by origin, `coming` counts
    by origin and zone the projects that will come. Raises ValueError where the words and the target do not agree."""
    said = words("register")
    ventures = _count(setting, said, coming)
    _share_capital(setting, said, ventures, left)
    for venture in ventures:
        venture.registered_on = _registered(setting, said, ground, venture)
    for zone in ground.free:
        tenants = [v for v in ventures if v.zone == zone and v.kind == Project.Kind.PRODUCTION]
        _settle_on_plots(setting, ground, zone, tenants)
    return ventures


def _count(setting: Setting, said: dict, coming: Counter) -> list[Venture]:
    places = [
        (of, zone) for of, zones in said["projects"].items() for zone, count in zones.items() for _n in range(count)
    ]
    ventures = [
        Venture(number, of, zone, sector(setting, said, of)) for number, (of, zone) in enumerate(places, start=1)
    ]
    for zone in said["infrastructure_billion_vnd"]:
        first = next(venture for venture in ventures if (venture.origin, venture.zone) == (DDI, zone))
        first.kind, first.sector = Project.Kind.INFRASTRUCTURE, said["infrastructure_sector"]
    found = Counter(of for of, _zone in [*places, *coming.elements()])
    wanted = {of: row["projects"] for of, row in said["target"].items()}
    if found != wanted:
        raise ValueError(f"{found} projects instead of {wanted}")
    return ventures


def sector(setting: Setting, said: dict, origin: str) -> dict:
    return setting.rng.choices(said["sectors"], [row[origin] for row in said["sectors"]])[0]


# Capital ------------------------------------------------------------------------------------------
def _share_capital(setting: Setting, said: dict, ventures: list[Venture], left: dict[str, int]) -> None:
    """Split what is left over the ventures: a few are very large, most are small, and the sum is exact."""
    fixed: dict[Venture, int] = {}
    for zone, amounts in said["giants_million_usd"].items():
        large = [venture for venture in ventures if (venture.origin, venture.zone) == (FDI, zone)]
        fixed |= {venture: amount * 10 for venture, amount in zip(large, amounts, strict=False)}
    for venture in (venture for venture in ventures if venture.kind == Project.Kind.INFRASTRUCTURE):
        fixed[venture] = said["infrastructure_billion_vnd"][venture.zone]
    for origin in (FDI, DDI):
        rest = [venture for venture in ventures if venture.origin == origin and venture not in fixed]
        total = left[origin] - sum(units for venture, units in fixed.items() if venture.origin == origin)
        weights = [min(setting.rng.lognormvariate(0, 1.1), LARGEST_WEIGHT) for _venture in rest]
        fixed |= dict(zip(rest, split(total, weights, LEAST[origin]), strict=True))
    for venture, units in fixed.items():
        venture.totals = [(date.max, units)]


def split(total: int, weights: list[float], least: int) -> list[int]:
    """Whole parts of `total` in proportion to the weights, none below `least`; the largest takes the remainder."""
    spare = total - least * len(weights)
    if spare < 0:
        raise ValueError(f"{total} is too little for {len(weights)} parts of {least}")
    parts = [least + int(spare * weight / sum(weights)) for weight in weights]
    parts[parts.index(max(parts))] += total - sum(parts)
    return parts


# Dates and plots ----------------------------------------------------------------------------------
def _registered(setting: Setting, said: dict, ground: Ground, venture: Venture) -> date:
    latest = setting.today - timedelta(days=75)
    earliest = ground.opened_on[venture.zone] + timedelta(days=40)
    years = {year: weight for year, weight in said["years"].items() if earliest.year <= int(year) <= latest.year}
    if venture.kind == Project.Kind.INFRASTRUCTURE:
        years = {str(earliest.year): 1}
    first = max(earliest, date(int(setting.pick(years)), 1, 6))
    span = max((min(latest, date(first.year, 12, 20)) - first).days, 1)
    return setting.weekday(first + timedelta(days=setting.rng.randrange(span)))


def _settle_on_plots(setting: Setting, ground: Ground, zone: str, tenants: list[Venture]) -> None:
    """The larger the capital, the larger the plot, not without exceptions."""
    chosen = _let(setting, ground.free[zone], words("land")["zones"][zone]["leased"])
    if len(tenants) != len(chosen):
        raise ValueError(f"{zone}: {len(tenants)} projects for {len(chosen)} plots")
    chosen.sort(key=lambda plot: plot.area_m2)
    size = {v: v.units * WORTH[v.origin] * setting.rng.lognormvariate(0, 0.5) for v in tenants}
    for venture, plot in zip(sorted(tenants, key=size.get), chosen, strict=True):
        venture.plot = plot
        ground.free[zone].remove(plot)


def _let(setting: Setting, plots: list[Plot], count: int) -> list[Plot]:
    """All plots but those that stay free: mostly land, and some of every other kind."""
    spare = len(plots) - count
    land = [plot for plot in plots if plot.kind == Plot.Kind.LAND]
    others = [plot for plot in plots if plot.kind != Plot.Kind.LAND]
    built = min(len(others), spare // 4)
    free = setting.rng.sample(land, spare - built) + setting.rng.sample(others, built)
    return [plot for plot in plots if plot not in free] if count else []


def plan_ended(setting: Setting, ground: Ground, ventures: list[Venture]) -> list[Venture]:
    """Projects that ended: some gave way to one of today's on the same plot, others handed back a plot, now free."""
    said = words("register")
    late = [v for v in ventures if v.plot and v.registered_on > ground.opened_on[v.zone] + timedelta(days=2900)]
    places = [(v.zone, v.plot, v.registered_on) for v in setting.rng.sample(late, said["ended"]["relet"])]
    for zone, count in said["ended"]["handed_back"].items():
        land = [plot for plot in ground.free[zone] if plot.kind == Plot.Kind.LAND]
        for plot in setting.rng.sample(land, count):
            ground.free[zone].remove(plot)
            places.append((zone, plot, setting.today))
    first = len(ventures) + 1
    return [_ended(setting, said, ground, number, *place) for number, place in enumerate(places, start=first)]


def _ended(setting: Setting, said: dict, ground: Ground, number: int, zone: str, plot: Plot, before: date) -> Venture:
    origin = setting.pick({FDI: 4, DDI: 6})
    start = ground.opened_on[zone] + timedelta(days=30)
    end = setting.weekday(before - timedelta(days=setting.rng.randrange(150, 700)))
    registered_on = setting.weekday(start + (end - start) * setting.rng.uniform(0.05, 0.5))
    return Venture(
        number, origin, zone, sector(setting, said, origin), registered_on, plot=plot, ended_on=end,
        totals=[(registered_on, setting.rng.randrange(15, 90))], is_revoked=number % 3 == 0,
    )  # fmt: skip


# The past -----------------------------------------------------------------------------------------
def grow(setting: Setting, ventures: list[Venture], *, plain: list[Venture]) -> None:
    """Give each venture a past: a first capital and the changes since, a mistake mended, VND printed beside USD.
    The `plain` ones stay as they were registered."""
    rng, ordinary = setting.rng, [v for v in ventures if v not in plain]
    for venture in ventures:
        venture.totals = [(venture.registered_on, venture.units)]
    for venture in ordinary:
        venture.prints_both = venture.origin == FDI and venture.registered_on.year > 2011 and rng.random() < 0.4
        years = (setting.today - venture.registered_on).days // 365
        if years >= 2 and venture.units >= 12 and rng.random() < 0.4:
            venture.totals = _history(setting, venture, rng.randint(1, min(3, years)))
    still = [v for v in ordinary if len(v.totals) == 1 and not v.prints_both and v.kind == Project.Kind.PRODUCTION]
    for venture in rng.sample(still, MISTAKES):
        venture.mistake = venture.units * 10


def _history(setting: Setting, venture: Venture, steps: int) -> list[tuple[date, int]]:
    """Capital mostly grows; one project in eight gives some back before the end. The last total stays what it was."""
    final, rng = venture.units, setting.rng
    shares = sorted(rng.uniform(0.3, 0.95) for _step in range(steps))
    amounts = [*dict.fromkeys(max(1, int(final * share)) for share in shares if int(final * share) < final), final]
    if rng.random() < 0.12 and len(amounts) > 1:
        amounts[-2] = final + max(1, final // 6)
    first = venture.registered_on
    apart = (setting.today - timedelta(days=60) - first).days // len(amounts)
    later = [first + timedelta(days=apart * place + rng.randrange(apart // 2)) for place in range(1, len(amounts))]
    return list(zip([first, *map(setting.weekday, later)], amounts, strict=True))
