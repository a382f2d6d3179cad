"""Each plot repeats the last of its states: after every verb, and whatever else writes states, the lists that read it
there say what the states themselves say, on any day."""

from datetime import date, timedelta

import pytest

from tests import factories
from zones import allocation
from zones.models import STANDING, Availability, Plot

pytestmark = pytest.mark.django_db
HELD, BASIS = "H55-260303-0001", "Quyết định số 1"


def last_of(plot):
    row = plot.availabilities.as_known().order_by("-effective_on", "-id").first()
    return [getattr(row, column) if row else None for column in STANDING]


def is_true(plot):
    plot.refresh_from_db()
    return [getattr(plot, f"last_{column}") for column in STANDING] == last_of(plot)


def announce(plot, status, day):
    return Availability.objects.create(plot=plot, status=status, effective_on=day)


VERBS = {
    "reserve": lambda plot, told: allocation.reserve(plot=plot, held_for=HELD, **told),
    "occupy": lambda plot, told: allocation.occupy(
        plot=plot, held_for="9800000001", ends_on=date(2027, 3, 31), **told
    ),
    "release": lambda plot, told: (
        allocation.reserve(plot=plot, held_for=HELD, **told), allocation.release(plot=plot, held_for=HELD, **told)
    ),
    "record": lambda plot, told: allocation.record(
        plot=plot, status="clearing", effective_on=date(2026, 3, 3), **told
    ),
    "record for later": lambda plot, told: (
        allocation.record(plot=plot, status="ready", effective_on=date(2027, 3, 3), **told),
        allocation.reserve(plot=plot, held_for=HELD, **told),
    ),
    "states made together": lambda plot, told: Availability.objects.bulk_create(
        [Availability(plot=plot, status="planned", effective_on=date(2026, 5, day)) for day in (2, 1)]
    ),
    "states changed": lambda plot, told: plot.availabilities.update(ends_on=date(2030, 1, 1)),
    "a state taken back": lambda plot, told: announce(plot, "ready", date(2026, 6, 1)).delete(),
    "states taken back": lambda plot, told: plot.availabilities.all().delete(),
}  # fmt: skip


@pytest.mark.parametrize("name", VERBS)
def test_plot_repeats_its_last_state_whoever_writes_it(make_plot, staff, moment, name):
    plot, other = make_plot("CN-01"), make_plot("CN-02")
    VERBS[name](plot, {"basis": BASIS, "by": staff("land"), "at": moment})
    assert (is_true(plot), is_true(other)) == (True, True)


def test_plot_saved_from_an_older_copy_keeps_its_last_state(make_plot, staff, moment):
    older = Plot.objects.get(pk=make_plot("CN-01").pk)
    allocation.reserve(plot=older, held_for=HELD, basis=BASIS, by=staff("land"), at=moment)
    older.area_m2 = 9
    older.save()
    assert (is_true(older), older.last_status, older.area_m2) == (True, "reserved", 9)


def test_status_of_any_day_is_what_the_states_say(moment):
    """Before, between and after the states of a plot, one of them superseded."""
    plot = factories.make_plot(on=date(2026, 1, 10))
    announced = announce(plot, "clearing", date(2026, 2, 10))
    Availability.objects.create(plot=plot, status="ready", effective_on=date(2026, 2, 10), supersedes=announced)
    announce(plot, "planned", date(2026, 3, 10))
    days = [date(2026, 1, 9) + timedelta(days=n) for n in range(0, 70, 3)]
    found = [Plot.objects.with_status(on=day).get().status for day in days]
    standing = [plot.standing(on=day) for day in days]
    assert found == [row and row.status for row in standing]
