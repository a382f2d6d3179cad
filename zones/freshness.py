"""How old the word on a listing is: fresh, ageing or stale, by the rules of the day; whom it then waits for."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from izportal.models import Rule
from zones.models import Plot

AGEING, STALE = "listing_ageing_days", "listing_stale_days"


class State(models.TextChoices):
    FRESH = "fresh", _("Mới xác nhận")
    AGEING = "ageing", _("Cần xác nhận lại")
    STALE = "stale", _("Quá hạn xác nhận")


@dataclass(frozen=True)
class Terms:
    """For how many days a word is fresh, and for how many it may still be offered; None where no rule says."""

    ageing_days: int | None
    stale_days: int | None


@dataclass(frozen=True)
class Freshness:
    """How a listing stands on a date; `stale_from` is the first day on which it is not offered any more."""

    state: State
    confirmed_on: date | None
    stale_from: date | None

    @property
    def is_stale(self) -> bool:
        return self.state == State.STALE


def terms(*, on: date) -> Terms:
    said = Rule.objects.texts([AGEING, STALE], on=on)
    return Terms(*(int(said[code]) if code in said else None for code in (AGEING, STALE)))


def of(plot: Plot, *, on: date, by: Terms) -> Freshness:
    """A word of exactly as many days as a rule says still stands; what nobody has ever confirmed is stale."""
    said = plot.confirmed_on
    last = said + timedelta(days=by.stale_days + 1) if said and by.stale_days is not None else None
    return Freshness(_state(said, on, by), said, last)


def _state(said: date | None, on: date, by: Terms) -> State:
    age = (on - said).days if said else None
    if by.stale_days is not None and (age is None or age > by.stale_days):
        return State.STALE
    if by.ageing_days is not None and (age is None or age > by.ageing_days):
        return State.AGEING
    return State.FRESH


def in_state(rows: models.QuerySet, state: str, *, on: date) -> models.QuerySet:
    """Of plots those in a state, as `of` tells a single one."""
    aged, stale = (~Plot.confirmed_for(on, rule=rule) for rule in (AGEING, STALE))
    if state == State.STALE:
        return rows.filter(stale)
    return rows.filter(~stale, aged) if state == State.AGEING else rows.filter(~aged)
