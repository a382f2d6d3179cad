"""What the land of a plot costs over its term, from the published price alone: no fee is added, none is guessed."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zones.models import Plot

Basis = Plot.PriceBasis
# How many times a price is paid in a year; once for all is paid whatever is left of the term.
TIMES_A_YEAR: dict[str, int] = {Basis.M2_YEAR: 1, Basis.M2_MONTH: 12}


@dataclass(frozen=True)
class Costs:
    """`total` is None where an input is missing; then `missing` names it: price, term."""

    plot: Plot
    until: int | None
    years: int | None
    times_a_year: int
    a_year: Decimal | None
    total: Decimal | None
    missing: tuple[str, ...]


def term_of(plot: Plot) -> int | None:
    """The year in which the land term ends: the plot's own, else that of its phase, else that of the zone."""
    return plot.term_until or (plot.phase.term_until if plot.phase else None) or plot.zone.term_until


def of(plot: Plot, *, on: date) -> Costs:
    """Whole years are counted, from this one to the last of the term, as only the year is known."""
    until = term_of(plot)
    years = until - on.year if until is not None and until > on.year else None
    times = TIMES_A_YEAR.get(plot.price_basis, 0)
    price = plot.price * plot.area_m2 if plot.price is not None else None
    missing = (("price",) if price is None else ()) + (("term",) if years is None and (times or price is None) else ())
    if missing or price is None:
        return Costs(plot, until, years, times, None, None, missing)
    if times:
        return Costs(plot, until, years, times, price * times, price * times * (years or 0), ())
    return Costs(plot, until, years, times, price / years if years else None, price, ())
