"""What was worked out from the land is kept until the land changes: every write counts, whoever writes."""

from datetime import date

import pytest
from django.db import connection

from izportal.models import Rule, User
from tests import factories
from zones import version
from zones.models import (
    Availability,
    Confirmation,
    LandChange,
    Phase,
    Plot,
    UtilityCapacity,
    UtilityCommitment,
    Zone,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)
SUPPLY = {"kind": "water", "amount": 5, "effective_on": DAY, "stated_on": DAY, "source": "x"}
WRITES = {
    "a zone renamed": lambda plot: Zone.objects.update(short_name_vi="Khác"),
    "a phase made": lambda plot: Phase.objects.create(zone=plot.zone, slug="a", name_vi="A"),
    "a plot saved": lambda plot: plot.save(),
    "a plot changed past its model": lambda plot: Plot.objects.filter(pk=plot.pk).update(area_m2=9),
    "a plot made": lambda plot: Plot.objects.create(zone=plot.zone, number="2", code="2", area_m2=1),
    "a state told": lambda plot: Availability.objects.create(plot=plot, status="ready", effective_on=DAY),
    "a state taken back": lambda plot: plot.availabilities.all().delete(),
    "a rule changed": lambda plot: Rule.objects.create(code="x", value="1", valid_from=date(2020, 1, 1)),
    "a word said": lambda plot: Confirmation.objects.create(
        plot=plot, word="right", said_on=DAY, said_at=factories.at("2026-01-01 09:00")
    ),
    "a capacity stated": lambda plot: UtilityCapacity.objects.create(zone=plot.zone, **SUPPLY),
    "a promise made": lambda plot: UtilityCommitment.objects.create(zone=plot.zone, is_total=True, **SUPPLY),
    "a zone changed past everything": lambda plot: _by_hand("UPDATE zones_zone SET position = 7"),
    "the first sample person": lambda plot: factories.make_user(is_sample=True),
    "the last sample person": lambda plot: User.objects.update(is_sample=False),
}


def _by_hand(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("name", WRITES)
def test_every_write_to_the_land_makes_a_new_version(make_plot, name):
    plot = make_plot("CN-01")
    if "last" in name:
        factories.make_user(is_sample=True)
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
    with django_assert_num_queries(1):
        assert client.get("/quy-dat/").content == first
    plot.price, plot.price_currency, plot.price_basis = 77, "USD", "m2_term"
    plot.price_on = date(2026, 1, 1)
    plot.save()
    assert "77" in client.get("/quy-dat/").content.decode()


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda plot: Zone.objects.update(short_name_vi="Khu Khác"), "Khu Khác"),
        (lambda plot: Plot.objects.update(area_m2=77_000), "7,7"),
        (lambda plot: Plot.objects.create(zone=plot.zone, number="CN-77", code="SC2-CN-77", area_m2=1), "1 lô"),
        (lambda plot: factories.make_plot("CN-77"), "2 lô"),
        (lambda plot: Plot.objects.update(is_published=False), "0 lô"),
        (lambda plot: Availability.objects.update(status="leased", held_for="x"), "0 lô"),
        (lambda plot: plot.availabilities.all().delete(), "0 lô"),
        (lambda plot: Phase.objects.create(zone=plot.zone, slug="a", name_vi="A"), "0 lô"),
        (lambda plot: factories.make_rules(), "0 lô"),
        (lambda plot: factories.make_user(is_sample=True), "samplebar"),
    ],
)
def test_a_kept_page_says_what_was_written_last(make_plot, client, change, word):
    plot = make_plot("CN-01", confirmed_on=date(2020, 1, 1))
    first = client.get("/quy-dat/")
    assert client.get("/quy-dat/").content == first.content
    change(plot)
    last = client.get("/quy-dat/")
    assert (word in last.content.decode(), last["ETag"] == first["ETag"]) == (True, word == "1 lô")


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
