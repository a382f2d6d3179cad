"""The balance of land: what counts as let, which plots stand in it, and what was true on another day."""

from datetime import date
from decimal import Decimal

import pytest

from tests import factories
from zones import balance
from zones.models import Availability, Plot

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 3)


def test_balance_parts_land_by_state(zone, make_plot):
    make_plot("CN-01", area_m2=60000, status=Availability.Status.LEASED, held_for="9800000001")
    make_plot("CN-02", area_m2=10000, status=Availability.Status.RESERVED, held_for="H55-1")
    make_plot("CN-03", area_m2=20000)
    make_plot("CN-04", area_m2=10000, status=Availability.Status.PLANNED)
    land = balance.by_zone(on=TODAY)[zone.pk]
    assert (land.leased_ha, land.reserved_ha, land.free_ha, land.coming_ha) == (6, 1, 2, 1)
    assert (land.occupancy, land.plots, land.free_plots) == (60, 4, 1)


def test_balance_leaves_out_buildings_and_unpublished_plots(zone, make_plot):
    make_plot("CN-01")
    make_plot("NX-01", kind="factory")
    make_plot("CN-02", is_published=False)
    assert balance.by_zone(on=TODAY)[zone.pk].plots == 1


def test_balance_never_mixes_real_and_sample_plots(zone, make_plot):
    make_plot("CN-01", area_m2=10000, is_sample=True)
    assert balance.by_zone(on=TODAY)[zone.pk].total_ha == 1
    make_plot("CN-02", area_m2=70000)
    assert balance.by_zone(on=TODAY)[zone.pk].total_ha == 7


def test_balance_of_another_day_and_as_known_then(zone, make_plot):
    plot = make_plot("CN-01", area_m2=10000)
    Availability.objects.create(
        plot=plot, status="leased", held_for="9800000001", effective_on=date(2025, 6, 1),
        recorded_at=factories.at("2025-07-15 09:00"),
    )  # fmt: skip
    assert balance.by_zone(on=date(2025, 5, 31))[zone.pk].occupancy == 0
    assert balance.by_zone(on=date(2025, 6, 30))[zone.pk].occupancy == 100
    known = factories.at("2025-07-01 00:00")
    assert balance.by_zone(on=date(2025, 6, 30), known=known) == {}
    Plot.history.update(history_date=factories.at("2025-01-02 09:00"))
    assert balance.by_zone(on=date(2025, 6, 30), known=known)[zone.pk].occupancy == 0


def test_balance_of_no_land_has_no_share():
    assert balance.total([]).occupancy is None
    assert balance.total([balance.Balance(leased_m2=Decimal(1))]).occupancy == 100
