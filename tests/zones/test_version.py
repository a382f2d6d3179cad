"""What was worked out from the land is kept until the land changes: every write counts, whoever writes."""

from datetime import date

import pytest

from izportal.models import Rule
from zones import version
from zones.models import Availability, LandChange, Phase, Plot, Zone

pytestmark = pytest.mark.django_db
WRITES = {
    "a zone renamed": lambda plot: Zone.objects.update(short_name_vi="Khác"),
    "a phase made": lambda plot: Phase.objects.create(zone=plot.zone, slug="a", name_vi="A"),
    "a plot saved": lambda plot: plot.save(),
    "a plot changed past its model": lambda plot: Plot.objects.filter(pk=plot.pk).update(area_m2=9),
    "a plot made": lambda plot: Plot.objects.create(zone=plot.zone, number="2", code="2", area_m2=1),
    "a state told": lambda plot: Availability.objects.create(plot=plot, status="ready", effective_on=date(2026, 1, 1)),
    "a state taken back": lambda plot: plot.availabilities.all().delete(),
    "a rule changed": lambda plot: Rule.objects.create(code="x", value="1", valid_from=date(2020, 1, 1)),
}


@pytest.mark.parametrize("name", WRITES)
def test_every_write_to_the_land_makes_a_new_version(make_plot, name):
    plot = make_plot("CN-01")
    before = version.now()
    WRITES[name](plot)
    assert version.now() != before


def test_reading_leaves_the_version(make_plot, client):
    make_plot("CN-01")
    before = version.now()
    client.get("/quy-dat/")
    assert version.now() == before


def test_swept_versions_never_come_again(make_plot):
    make_plot("CN-01")
    before = version.now()
    version.sweep()
    assert (LandChange.objects.count(), version.now() != before) == (1, True)
