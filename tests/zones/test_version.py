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


def test_finished_page_is_shown_until_the_land_changes(make_plot, client, django_assert_num_queries):
    plot = make_plot("CN-01")
    first = client.get("/quy-dat/").content
    with django_assert_num_queries(2):
        assert client.get("/quy-dat/").content == first
    plot.price, plot.price_currency, plot.price_basis = 77, "USD", "m2_term"
    plot.price_on = date(2026, 1, 1)
    plot.save()
    assert "77" in client.get("/quy-dat/").content.decode()


def test_what_staff_see_is_kept_for_nobody(make_plot, client, staff):
    make_plot("CN-01", is_published=False)
    client.force_login(staff("land"))
    assert client.get("/quy-dat/").context["tally"].total == 1
    client.logout()
    assert client.get("/quy-dat/").context["tally"].total == 0


def test_kept_pages_are_apart_by_language(make_plot, client):
    make_plot("CN-01")
    client.get("/quy-dat/")
    assert "Đất công nghiệp" not in client.get("/en/land/").content.decode()
