"""Finding land: the plots that answer a wish, how many each other choice would give, what each criterion costs and
what comes nearest to a wish that nothing answers."""

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from operator import add

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    FloatField,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Abs, Coalesce

from izportal.folding import rank
from zones import criteria, reach
from zones.criteria import ANY, FREE, OF_PLOTS, OF_ZONES, STATUS_OPTIONS, Criterion, Wish
from zones.models import Plot, Zone
from zones.reach import Reach

__all__ = ["ANY", "FREE", "Day", "Listing", "Tally", "Wish", "costs", "day", "judged", "nearest", "plots", "tally"]
ORDERS = {"zone": ("zone__position", "zone_id", "number"), "large": ("-area_m2",), "small": ("area_m2",)}
NEAREST = 5


@dataclass(frozen=True)
class Day:
    """What holds of all plots on a day, asked once for every question of a page: the words that still stand, and
    whether each last state `has_begun`, so that no earlier one need be looked up."""

    confirmed: Q
    has_begun: bool


@dataclass
class Tally:
    """`total` plots answer; `options` of each group are what a choice alone would give, the rest of the wish standing;
    `unstated` are the plots of each group that say nothing; `zones` is where the found ones lie, by id; `alone` are
    those that fail nothing but one group."""

    total: int = 0
    alone: Counter = field(default_factory=Counter)
    options: dict[str, Counter] = field(default_factory=dict)
    unstated: Counter = field(default_factory=Counter)
    zones: Counter = field(default_factory=Counter)

    def add(self, group: str, option: str, number: int) -> None:
        self.options.setdefault(group, Counter())[option] += number


@dataclass
class Listing:
    """The plots that answer a wish, by slices, in the order of `plots`. In the order of the zones, the count of each
    zone says where a slice lies: only what it touches is read."""

    rows: QuerySet[Plot]
    wish: Wish
    on: datetime.date
    sort: str
    reaches: list[Reach]
    counted: Tally
    day: Day

    def __getitem__(self, part: slice) -> list[Plot]:
        rows, start, stop = self.rows, part.start, part.stop
        order: tuple[str, ...] = ()
        if self.sort == "zone" and not self.wish.q:
            zones, skipped = self._zones(start, stop)
            rows, start, stop = rows.filter(zone__in=zones), start - skipped, stop - skipped
            order = ("number",) if len(zones) == 1 else ()
        found = plots(rows, self.wish, on=self.on, day=self.day, reaches=self.reaches, sort=self.sort, order=order)
        return list(named(found.defer("outline", "folded")[start:stop], self.reaches))

    def _zones(self, start: int, stop: int) -> tuple[list[int], int]:
        """The zones that a slice lies in, and how many plots come before the first of them."""
        touched, skipped, past = [], 0, 0
        for zone in sorted((place.zone for place in self.reaches), key=lambda zone: (zone.position, zone.pk)):
            first, past = past, past + self.counted.zones[zone.pk]
            if past <= start:
                skipped = past
            elif first < min(stop, past):
                touched.append(zone.pk)
        return touched, skipped


def named(plots: Iterable[Plot], reaches: list[Reach]) -> Iterator[Plot]:
    """The plots, each with its zone at hand, which the search has read already."""
    zones = {place.zone.pk: place.zone for place in reaches}
    for plot in plots:
        plot.zone = zones[plot.zone_id]
        yield plot


def day(on: datetime.date) -> Day:
    return Day(Plot.confirmed_for(on), not Plot.objects.filter(last_effective_on__gt=on).exists())


def plots(
    rows: QuerySet[Plot], wish: Wish, *, on: datetime.date, sort: str = "zone", reaches: list[Reach] | None = None,
    order: tuple[str, ...] = (), day: Day | None = None,
) -> QuerySet[Plot]:  # fmt: skip
    """The plots among `rows` that answer the wish on a date, each with its status; `order` is for one who knows that
    it comes to the same as `sort`."""
    found = _met(_prepared(rows, wish, on, day), _criteria(wish, on, reaches))
    by_likeness = [rank(wish.q)] if wish.q and sort == "zone" else []
    return found.order_by(*by_likeness, *(order or ORDERS[sort]), "pk")


def judged(
    rows: QuerySet[Plot], wish: Wish, *, on: datetime.date, reaches: list[Reach] | None = None, day: Day | None = None
) -> QuerySet[Plot]:
    """All of `rows`, each with its status and `failed`: 0 where it answers the wish."""
    return _prepared(rows, wish, on, day).annotate(failed=_failed(_criteria(wish, on, reaches)))


# Counts -------------------------------------------------------------------------------------------
def tally(
    rows: QuerySet[Plot], wish: Wish, *, on: datetime.date, reaches: list[Reach] | None = None, day: Day | None = None
) -> Tally:
    """Every count of the page by one query: the plots that answer, and those that fail one group of choices only."""
    places = {place.zone.pk: place for place in _reaches(reaches)}
    asked, held = _criteria(wish, on, list(places.values())), _day(on, day)
    told = {"on": on, "confirmed": held.confirmed}
    if held.has_begun:
        counted = _counted(_with(rows, wish, has_begun=True, **told), asked)
    else:
        # Plain columns say all of a last state that has begun; for the few announced for later it is looked up.
        begun, other = Q(last_effective_on__lte=on), Q(last_effective_on__gt=on) | Q(last_effective_on__isnull=True)
        counted = _counted(_with(rows.filter(begun), wish, has_begun=True, **told), asked)
        counted = counted.union(_counted(_with(rows.filter(other), wish, **told), asked), all=True)
    result, groups = Tally(), [criterion for criterion in asked if criterion.has_options]
    silent = {pk: list(_silent(place)) for pk, place in places.items()}
    for alike in counted:
        failed = [group.code for group in groups if _fails(alike, group)]
        _count(result, alike, failed, _options(alike, places[alike["zone_id"]], wish), silent[alike["zone_id"]])
    return result


def _counted(rows: QuerySet[Plot], asked: list[Criterion]):
    """The plots that answer, and those that fail one group of choices only, alike ones together.

    PostgreSQL sorts all rows first where it cannot foresee how few groups there are: it can for columns and for what
    is true or false.
    """
    groups = [criterion for criterion in asked if criterion.has_options]
    own = {_column(group): ExpressionWrapper(group.met, BooleanField()) for group in groups if not group.of_alike}
    found = _met(rows.order_by(), [criterion for criterion in asked if not criterion.has_options])
    if len(groups) > 1:
        found = found.annotate(**own, missed=_missed(groups)).filter(missed__lte=1)
    elif own:
        found = found.annotate(**own)
    stated = {f"has_{measure.code}": Count(measure.field) for measure in OF_PLOTS}
    return found.values("zone_id", "kind", "status", "is_offered", *own).annotate(plots=Count("*"), **stated)


def _column(group: Criterion) -> str:
    return f"is_{group.code}_met"


def _fails(alike: dict, group: Criterion) -> bool:
    """What is unknown fails."""
    return not (group.of_alike(alike) if group.of_alike else alike[_column(group)])


def _count(
    result: Tally, alike: dict, failed: list[str], options: Iterable[tuple[str, str]], silent: list[str]
) -> None:
    """Add plots alike to the groups that they count in: all of them, or the only one that they fail."""
    number = alike["plots"]
    if failed:
        result.alone[failed[0]] += number
    else:
        result.total += number
        result.zones[alike["zone_id"]] += number
    for group, option in options:
        if failed in ([], [group]):
            result.add(group, option, number)
    for measure in OF_PLOTS:
        if failed in ([], [measure.code]):
            result.unstated[measure.code] += number - alike[f"has_{measure.code}"]
    for group in silent:
        if failed in ([], [group]):
            result.unstated[group] += number


def _options(alike: dict, place: Reach, wish: Wish) -> Iterator[tuple[str, str]]:
    yield "kind", alike["kind"]
    yield "zone", place.zone.slug
    yield from (("sector", key) for key in place.sectors)
    for option in STATUS_OPTIONS:
        if criteria.fits_status(alike["status"], is_offered=alike["is_offered"], option=option, wish=wish):
            yield "status", option


def _silent(place: Reach) -> Iterator[str]:
    """The groups of which the facts of a zone say nothing."""
    yield from (measure.code for measure in OF_ZONES if place.km(measure.code) is None)
    if not place.sectors:
        yield "sector"


# Where nothing answers ----------------------------------------------------------------------------
def costs(
    rows: QuerySet[Plot], wish: Wish, *, on: datetime.date, reaches: list[Reach] | None = None,
    day: Day | None = None, counted: Tally | None = None,
) -> list[tuple[str, int]]:  # fmt: skip
    """For a wish nothing answers: each criterion whose giving up alone would find something, and how many plots. What
    the tally has `counted` is not asked again."""
    asked = _criteria(wish, on, reaches)
    numbers = Counter(counted.alone if counted else ())
    rest = [criterion for criterion in asked if not (counted and criterion.has_options)]
    if rest:
        bits = _bits(rest)
        found = _met(_prepared(rows, wish, on, day), [criterion for criterion in asked if criterion not in rest])
        found = found.order_by().annotate(failed=_failed(rest)).filter(failed__in=list(bits))
        numbers |= {bits[failed]: number for failed, number in found.values_list("failed").annotate(Count("pk"))}
    return [(criterion.code, numbers[criterion.code]) for criterion in asked if numbers[criterion.code]]


def nearest(
    rows: QuerySet[Plot], wish: Wish, *, on: datetime.date, reaches: list[Reach] | None = None,
    day: Day | None = None, counted: Tally | None = None,
) -> list[tuple[Plot, list[str]]]:  # fmt: skip
    """The five plots that miss the fewest criteria, then by the least share, each with what it misses. Where the tally
    has `counted` five that miss one only, no others are looked at."""
    asked = _criteria(wish, on, reaches)
    if not asked:
        return []
    found = _prepared(rows, wish, on, day).annotate(
        failed=_failed(asked),
        misses=_missed(asked),
        gap=reduce(add, (_missing(criterion, _gap(criterion), FloatField()) for criterion in asked)),
    )
    has_enough = counted is not None and counted.alone.total() >= NEAREST
    near = found.filter(misses__lt=2 if has_enough else len(asked)) if len(asked) > 1 else found
    order, bits = ("misses", "gap", *ORDERS["zone"], "pk"), _bits(asked)
    # The database sorts keys, not whole rows.
    first = near.order_by(*order).values("pk")[:NEAREST]
    closest = named(found.filter(pk__in=first).order_by(*order).defer("outline", "folded"), _reaches(reaches))
    return [(plot, [code for bit, code in bits.items() if plot.failed & bit]) for plot in closest]


# Parts of a question ------------------------------------------------------------------------------
def _reaches(reaches: list[Reach] | None) -> list[Reach]:
    return reach.of_zones(Zone.objects.all()) if reaches is None else reaches


def _criteria(wish: Wish, on: datetime.date, reaches: list[Reach] | None) -> list[Criterion]:
    return criteria.of(wish, on=on, reaches=_reaches(reaches))


def _day(on: datetime.date, known: Day | None) -> Day:
    return known or day(on)


def _prepared(rows: QuerySet[Plot], wish: Wish, on: datetime.date, known: Day | None) -> QuerySet[Plot]:
    held = _day(on, known)
    return _with(rows, wish, on=on, confirmed=held.confirmed, has_begun=held.has_begun)


def _with(rows: QuerySet[Plot], wish: Wish, **told) -> QuerySet[Plot]:
    rows = rows.with_offer(**told)
    return rows.with_use(wish.by, **told) if wish.by else rows


def _met(rows: QuerySet[Plot], asked: Iterable[Criterion]) -> QuerySet[Plot]:
    return rows.filter(*(criterion.met for criterion in asked))


def _bits(asked: list[Criterion]) -> dict[int, str]:
    return {1 << place: criterion.code for place, criterion in enumerate(asked)}


def _failed(asked: list[Criterion]):
    """A number with a bit for each criterion that a row fails; what is unknown fails."""
    bits = (_missing(criterion, Value(1 << place), IntegerField()) for place, criterion in enumerate(asked))
    return reduce(add, bits, Value(0, output_field=IntegerField()))


def _missed(asked: list[Criterion]):
    """How many criteria a row fails."""
    return reduce(add, (_missing(criterion, Value(1), IntegerField()) for criterion in asked))


def _missing(criterion: Criterion, weight, output_field):
    return Case(
        When(criterion.met, then=Value(0, output_field=output_field)), default=weight, output_field=output_field
    )


def _gap(criterion: Criterion):
    """A whole where nothing can be said: another zone, another kind, a value that nobody has stated."""
    return Value(1.0) if criterion.gap is None else Coalesce(Abs(criterion.gap), Value(1.0))
