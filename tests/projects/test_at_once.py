"""Two terminals at once: a plot goes to one project, a project's total is set against what stands, on both engines."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from projects import ledger
from projects.figures import posting, proving
from projects.models import Change, Classification, Project, Tally, Tenure
from tests import factories
from tests.factories import at
from zones.allocation import PlotTaken

pytestmark = pytest.mark.django_db(transaction=True)
REFUSALS = (ledger.LedgerRefused, PlotTaken)
BASIS = ledger.Basis("12/QĐ-BQL", date(2026, 3, 3))
DEED = {"basis": BASIS, "by": None, "at": at("2026-03-03 09:15")}


def at_once(*deeds):
    """What came of each deed, all begun at the same moment."""
    gate, outcomes = threading.Barrier(len(deeds)), []

    def press(deed):
        gate.wait()
        try:
            deed()
            outcomes.append("done")
        except REFUSALS:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[deed]) for deed in deeds]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return sorted(outcomes)


def test_plot_goes_to_one_of_two_projects():
    plot = factories.make_plot()
    rivals = [factories.make_project() for _n in range(2)]
    parcels = [ledger.Parcel(plot, Decimal(1000))]
    deeds = [lambda row=row: ledger.change_land(project=row, parcels=parcels, **DEED) for row in rivals]
    assert at_once(*deeds) == ["done", "refused"]
    holder = Tenure.objects.get().project
    assert (plot.standing(on=BASIS.on).held_for, Change.objects.get(kind="land").project) == (holder.code, holder)


def test_two_plots_of_a_phase_do_not_overrun_it():
    plots = [factories.make_plot(f"CN-{n}") for n in range(2)]
    phase = plots[0].zone.phases.create(slug="a", name_vi="Khu A", industrial_land_ha=Decimal("0.15"))
    plots[0].zone.plots.update(phase=phase)
    [plot.refresh_from_db() for plot in plots]
    rows = [(factories.make_project(), [ledger.Parcel(plot, Decimal(1000))]) for plot in plots]
    deeds = [lambda row=row, said=said: ledger.change_land(project=row, parcels=said, **DEED) for row, said in rows]
    assert at_once(*deeds) == ["done", "refused"]
    assert Tenure.objects.get().area_m2 == 1000


def test_same_new_total_is_entered_once():
    project, to = factories.make_project(usd="100"), ledger.Capital(usd=Decimal(150))
    deeds = [lambda: ledger.adjust_capital(project=Project.objects.get(), to=to, **DEED)] * 2
    assert at_once(*deeds) == ["done", "refused"]
    assert ledger.position(project).usd == 150


def test_two_words_on_the_class_make_one_line():
    project, sector = factories.make_project(term_until=date(2060, 1, 1)), factories.make_sector("26")
    deeds = (
        lambda: ledger.reclassify(project=Project.objects.get(), sector=sector, **DEED),
        lambda: ledger.extend(project=Project.objects.get(), until=date(2050, 1, 1), **DEED),
    )
    assert at_once(*deeds) == ["done", "done"]
    now = Classification.objects.standing(on=BASIS.on).get(project=project)
    assert (now.sector_id, now.term_until) == ("26", date(2050, 1, 1))


def test_two_who_post_and_tidy_leave_sums_as_one_would():
    rows = [factories.make_project() for _n in range(3)]
    for turn in range(2):
        at_once(posting.level, posting.level, posting.tidy, posting.tidy)
        [row.save() for row in rows[turn:]]
    at_once(posting.level, posting.tidy)
    posting.tidy()
    keys = Tally.objects.values_list(*posting.OF_TALLY)
    assert (list(proving.differences(on=BASIS.on)), len(keys)) == ([], len(set(keys)))
